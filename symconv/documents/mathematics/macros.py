"""The macros that a document defines for itself, as words; nothing of them is executed."""

from __future__ import annotations

import re
from itertools import islice

from symconv.documents.mathematics.tokens import Macro, Macros, Token, argument, tokenize

_DEFINITION = re.compile(
    r"\\(?:(?:(?:re)?newcommand|providecommand)\*?[ ]*\{?\\(?P<name>[A-Za-z]+)\}?"
    r"[ ]*(?:\[(?P<count>[0-9])\])?"
    r"(?:\[(?P<default>[^\]\n]{0,80})\])?"
    r"|def[ ]*\\(?P<short>[A-Za-z]+)(?P<parameters>(?:\#[1-9])*)"
    r"|(?:New|Renew|Provide)DocumentCommand[ ]*\{?\\(?P<document>[A-Za-z]+)\}?"
    r"[ ]*\{(?P<mandatory>[m ]*)\}"
    r"|DeclareMathOperator\*?[ ]*\{?\\(?P<operator>[A-Za-z]+)\}?)[ ]*(?=\{)"
)
_DERIVATIVES = re.compile(
    r"\\(?P<name>pdv|dv|odv|pdiff|derivative|pderivative|partialderivative|diffp|diff|pder|pd|od)"
    r"(?=[ ]*\{)"
)
"""Derivatives of the packages physics, derivative, diffcoeff and commath."""
_MOST = 500
_MOST_READ = 5_000
_LONGEST = 2_000


def macros(text: str) -> Macros:
    """Return the macros of a document; a body sees those that were defined before it."""
    known = Macros((name, _derivative(name)) for name in _derivatives(text))
    for found in islice(_DEFINITION.finditer(text), _MOST_READ):
        name = found["name"] or found["short"] or found["operator"] or found["document"]
        body, _ = argument(text, found.end(), len(text))
        if len(known) >= _MOST or len(body) > _LONGEST:
            continue
        if found["operator"]:
            known[name] = Macro(0, (Token("word", " ".join(body.split()), 0, len(body)),))
            continue
        mandatory = (found["mandatory"] or "").count("m")
        count = int(found["count"] or len(found["parameters"] or "") // 2) or mandatory
        words = tokenize(body, 0, len(body), known, 1)
        if len(words) <= _LONGEST:
            given = found["default"]
            default = None if given is None else tuple(tokenize(given, 0, len(given), known, 1))
            known[name] = Macro(count, tuple(words), default)
    return known


def _derivatives(text: str) -> set[str]:
    return {found["name"] for found in _DERIVATIVES.finditer(text)}


def _derivative(name: str) -> Macro:
    """Return what packages mean by \\pdv{L}{x}."""
    sign = r"\partial" if name.startswith("p") or name == "diffp" else "d"
    body = rf"\frac{{{sign} #1}}{{{sign} #2}}"
    return Macro(2, tuple(tokenize(body, 0, len(body), None, 1)))

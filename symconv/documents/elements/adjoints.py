r"""Names that say that they are gradients: ``dx``, ``\bar{x}``, ``\delta x``, ``grad_x``.

Where the forward pass y = sum x w is known, ``m(x) = sum m(y) w`` with one mark m on both sides is
the chain rule: m(v) stands for dL/dv.  Left alone it would be read as a convolution of its own,
under which a wrong gradient is right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from symconv.documents.elements.equations import GRADIENT, VALUE, ElementEquation, Factor, Term

_MARKS = (
    (re.compile(r"(?:d|D|grad[ _]?|dL[ _]d|\\delta |\\Delta )(?=.)(?P<name>[^ _].*)"), True),
    (re.compile(r"(?P<name>.+)[._ ]grad"), True),
    (re.compile(r"\\bar\{(?P<name>.+)\}"), False),
    (re.compile(r"\\dot\{(?P<name>.+)\}"), False),
    (re.compile(r"\\hat\{(?P<name>.+)\}"), False),
    (re.compile(r"\\tilde\{(?P<name>.+)\}"), False),
    (re.compile(r"(?P<name>.+)'"), False),
)
"""What a mark looks like, and whether it says by itself that a gradient is meant."""

Forward = Mapping[frozenset[str], str]
"""Input and filter -> output."""


def with_gradients(equations: Sequence[ElementEquation]) -> list[ElementEquation]:
    """Return equations with the names that stand for gradients replaced by gradients."""
    meant: dict[str, str] = {}
    targets = {e.target.name for e in equations if e.target.kind == VALUE}
    if any(pattern.fullmatch(name) for name in targets for pattern, _ in _MARKS):
        forward = _forward(equations)
        for equation in equations:
            for name, tensor in _meant(equation, forward):
                meant.setdefault(name, tensor)
    return [_replaced(e, meant) for e in equations] if meant else list(equations)


def pair(equation: ElementEquation) -> tuple[str, str] | None:
    """Return the names that most products of two values have, in alphabetical order."""
    votes = Counter(
        (a.name, b.name) if a.name < b.name else (b.name, a.name)
        for term in equation.terms
        if len(term.factors) == 2
        for a, b in (term.factors,)
        if a.kind == b.kind == VALUE and a.name != b.name
    )
    return votes.most_common(1)[0][0] if votes else None


def _forward(equations: Sequence[ElementEquation]) -> Forward:
    votes: dict[frozenset[str], Counter[str]] = {}
    for equation in equations:
        if equation.target.kind == VALUE and (names := pair(equation)):
            votes.setdefault(frozenset(names), Counter())[equation.target.name] += 1
    return {names: found.most_common(1)[0][0] for names, found in votes.items()}


def _meant(equation: ElementEquation, forward: Forward) -> Iterator[tuple[str, str]]:
    """Yield (name, the tensor whose gradient it is) where an equation shows it."""
    names, target = pair(equation), equation.target
    if target.kind != VALUE or names is None:
        return
    for pattern, sure in _MARKS:
        found = pattern.fullmatch(target.name)
        if found is None:
            continue
        for given, other in (names, names[::-1]):
            above = pattern.fullmatch(given)
            output = forward.get(frozenset((found["name"], other)))
            if output is not None and above and (sure or above["name"] == output):
                yield target.name, found["name"]
                yield given, output
            elif output is not None and sure and output != target.name:
                yield target.name, found["name"]
            elif output is None and above and sure and not pattern.fullmatch(other):
                yield target.name, found["name"]
                yield given, above["name"]


def _replaced(equation: ElementEquation, meant: Mapping[str, str]) -> ElementEquation:
    factors = [equation.target, *(f for t in equation.terms for f in t.factors)]
    if not any(f.kind == VALUE and f.name in meant for f in factors):
        return equation
    terms = tuple(
        Term(t.coefficient, tuple(_gradient(f, meant) for f in t.factors), t.place)
        for t in equation.terms
    )
    return replace(equation, target=_gradient(equation.target, meant), terms=terms)


def _gradient(factor: Factor, meant: Mapping[str, str]) -> Factor:
    if factor.kind != VALUE or factor.name not in meant:
        return factor
    return factor._replace(kind=GRADIENT, name=meant[factor.name])

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

from symconv.documents.elements.equations import (
    GRADIENT,
    LOCAL,
    VALUE,
    ElementEquation,
    WrittenFactor,
    WrittenTerm,
)

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
            for name, tensor in (*_meant(equation, forward), *_chained(equation)):
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
    """Return the convolutions that are known: from forward equations, then by other signs."""
    votes: dict[frozenset[str], Counter[str]] = {}
    for equation in equations:
        if equation.target.kind == VALUE and (names := pair(equation)):
            votes.setdefault(frozenset(names), Counter())[equation.target.name] += 1
    found = {names: outputs.most_common(1)[0][0] for names, outputs in votes.items()}
    for tensors, output in (*_differentiated(equations), *_mutual(equations)):
        found.setdefault(tensors, output)
    return found


def _differentiated(equations: Sequence[ElementEquation]) -> Iterator[tuple[frozenset[str], str]]:
    """Yield the convolutions that a local derivative dy/dx = w shows."""
    for equation in equations:
        if equation.target.kind == LOCAL:
            for term in equation.terms:
                if len(term.factors) == 1 and term.factors[0].kind == VALUE:
                    yield (
                        frozenset((equation.target.name, term.factors[0].name)),
                        equation.target.of,
                    )


def _mutual(equations: Sequence[ElementEquation]) -> Iterator[tuple[frozenset[str], str]]:
    """Yield the convolutions that two equations with one mark show: m(x) = m(y) w, m(w) = m(y) x.

    No convolution's output is another's filter with the same mark.
    """
    shown = {
        (pattern, above["name"], found["name"], other): None
        for equation in equations
        if equation.target.kind == VALUE and (names := pair(equation))
        for pattern, _ in _MARKS
        if (found := pattern.fullmatch(equation.target.name))
        for given, other in (names, names[::-1])
        if (above := pattern.fullmatch(given))
    }
    for pattern, output, tensor, other in shown:
        if tensor < other and (pattern, output, other, tensor) in shown:
            yield frozenset((tensor, other)), output


def _chained(equation: ElementEquation) -> Iterator[tuple[str, str]]:
    """Yield (name, the tensor whose gradient it is) of a chain rule: m(x) = m(y) dy/dx."""
    target = equation.target
    if target.kind != VALUE:
        return
    for term in equation.terms:
        above = [f for f in term.factors if f.kind == VALUE]
        below = [f for f in term.factors if f.kind == LOCAL]
        if len(above) == len(below) == 1 == len(term.factors) - 1:
            for pattern, _ in _MARKS:
                found, given = pattern.fullmatch(target.name), pattern.fullmatch(above[0].name)
                if found and given and (found["name"], given["name"]) == (
                    below[0].name, below[0].of,
                ):  # fmt: skip
                    yield target.name, found["name"]
                    yield above[0].name, given["name"]


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
        WrittenTerm(t.coefficient, tuple(_gradient(f, meant) for f in t.factors), t.place)
        for t in equation.terms
    )
    return replace(equation, target=_gradient(equation.target, meant), terms=terms)


def _gradient(factor: WrittenFactor, meant: Mapping[str, str]) -> WrittenFactor:
    if factor.kind != VALUE or factor.name not in meant:
        return factor
    return factor._replace(kind=GRADIENT, name=meant[factor.name])

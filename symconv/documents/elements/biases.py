"""The bias: the one letter without an index that every forward equation adds.

Most authors write b; where another letter stands alone once in every forward equation of an
output, it can be nothing else, and goes by the name `BIAS` from there on.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from symconv.documents.elements.equations import (
    GRADIENT,
    SCALAR,
    VALUE,
    ElementEquation,
    WrittenFactor,
    WrittenTerm,
)

BIAS = "bias"
_FEWEST = 2
"""So many forward equations have to add a letter to make it a bias."""


def with_biases(equations: Sequence[ElementEquation]) -> list[ElementEquation]:
    """Return equations with the letters that are biases called `BIAS`."""
    added: dict[str, list[str | None]] = {}
    for equation in equations:
        if equation.target.kind == VALUE and any(len(t.factors) == 2 for t in equation.terms):
            added.setdefault(equation.target.name, []).append(_added(equation))
    biases = {
        letters[0]
        for letters in added.values()
        if letters[0] is not None and len(letters) >= _FEWEST and len(set(letters)) == 1
    }
    return [_renamed(e, biases) for e in equations] if biases else list(equations)


def _added(equation: ElementEquation) -> str | None:
    """Return the one letter that stands alone and is added once."""
    letters = [
        (t.factors[0].name, t.coefficient)
        for t in equation.terms
        if len(t.factors) == 1 and t.factors[0].kind == SCALAR
    ]
    return letters[0][0] if len(letters) == 1 and letters[0][1] == 1 else None


def _renamed(equation: ElementEquation, biases: Container[str]) -> ElementEquation:
    def named(factor: WrittenFactor) -> WrittenFactor:
        is_bias = not factor.index and factor.kind in (SCALAR, GRADIENT) and factor.name in biases
        return factor._replace(name=BIAS) if is_bias else factor

    terms = tuple(WrittenTerm(t.coefficient, tuple(map(named, t.factors)), t.place)
                  for t in equation.terms)  # fmt: skip
    target = named(equation.target)
    return replace(equation, target=target, terms=terms)

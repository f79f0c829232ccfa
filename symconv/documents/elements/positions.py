"""Targets that stand nowhere: dL/dX = (a matrix of sums) names its elements by their places.

The matrix is X and its elements are x elsewhere: one tensor, as long as no element is written X.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from symconv.documents.elements.equations import ElementEquation


def with_element_names(equations: Sequence[ElementEquation]) -> list[ElementEquation]:
    """Return equations whose targets, where only a place names them, go by their elements' name."""
    placed = {e.target.name for e in equations if _is_placed(e)}
    if not placed:
        return list(equations)
    written: Counter[str] = Counter()
    for equation in equations:
        written.update(f.name for t in equation.terms for f in t.factors if f.index)
        if not _is_placed(equation):
            written[equation.target.name] += 1
    meant = {name: alias for name in placed - written.keys() if (alias := _alias(name, written))}
    return [
        replace(e, target=e.target._replace(name=meant[e.target.name]))
        if _is_placed(e) and e.target.name in meant
        else e
        for e in equations
    ]


def _is_placed(equation: ElementEquation) -> bool:
    """Say whether a cell's place is all that names the target."""
    target = equation.target
    return target.place == target.index_place and target.place == equation.place


def _alias(name: str, written: Counter[str]) -> str | None:
    """Return the one name of elements that differs by its case only."""
    found = [other for other in written if other.casefold() == name.casefold()]
    return found[0] if len(found) == 1 else None

"""Targets that stand nowhere: dL/dX = (a matrix of sums) names its elements by their places.

The matrix is X and its elements are x elsewhere: one tensor, as long as no element is written X.
Its first element is counted as it is where the document writes it: a matrix of a single sum may
hold no index that tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from symconv.documents.elements.equations import (
    GRADIENT,
    LOCAL,
    VALUE,
    ElementEquation,
    WrittenFactor,
    read_index,
)


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
    named = [
        replace(e, target=e.target._replace(name=meant[e.target.name]))
        if _is_placed(e) and e.target.name in meant
        else e
        for e in equations
    ]
    return _counted_as_written(named)


def _counted_as_written(equations: Sequence[ElementEquation]) -> list[ElementEquation]:
    """Return equations whose placed targets count from 0 where written elements of theirs do."""
    placed = [e.target for e in equations if _is_placed(e)]
    from_1 = {_tensor(t): len(t.index) for t in placed}
    for target in placed:
        if "0" in target.index:
            from_1.pop(_tensor(target), None)
    from_0 = {
        tensor
        for equation in equations
        if from_1 and not _is_placed(equation)
        for factor in equation.elements()
        for tensor, index in _written(factor)
        if tensor in from_1 and 0 in (read_index(index, from_1[tensor]) or ())
    }
    return [
        replace(e, target=_one_less(e.target))
        if _is_placed(e) and _tensor(e.target) in from_0
        else e
        for e in equations
    ]


def _tensor(factor: WrittenFactor) -> tuple[str, str]:
    return factor.kind, factor.name


def _written(factor: WrittenFactor) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Yield the tensors of which an element is written here, with its index.

    An element of the output is one whether it is differentiated or differentiated by.
    """
    yield _tensor(factor), factor.index
    if factor.kind == GRADIENT:
        yield (VALUE, factor.name), factor.index
    if factor.kind == LOCAL:
        yield (VALUE, factor.of), factor.of_index


def _one_less(target: WrittenFactor) -> WrittenFactor:
    return target._replace(index=tuple(str(int(i) - 1) for i in target.index))


def _is_placed(equation: ElementEquation) -> bool:
    """Whether a cell's place is all that names the target."""
    target = equation.target
    return target.place == target.index_place and target.place == equation.place


def _alias(name: str, written: Counter[str]) -> str | None:
    """Return the one name of elements that differs by its case only."""
    found = [other for other in written if other.casefold() == name.casefold()]
    return found[0] if len(found) == 1 else None

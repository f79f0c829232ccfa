"""Tables that state an equation in every row: an element in one cell, its sum in another."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symconv.documents.elements.equations import (
    LOCAL,
    VALUE,
    ElementEquation,
    NotElementsError,
    element_equation,
)
from symconv.documents.mathematics.reader import RELATIONS, read
from symconv.documents.mathematics.syntax import Expression, UnreadableError
from symconv.documents.mathematics.tokens import Macros, tokenize
from symconv.documents.source.place import Place
from symconv.documents.source.spans import Span


class Row(NamedTuple):
    """A row: its two sides, and the equation that they make."""

    left: Expression
    right: Expression
    equation: ElementEquation


def stated_rows(
    text: str, table: Sequence[Sequence[Place]], spans: Sequence[Span], macros: Macros
) -> list[Row]:
    """Return the rows of a table that states equations, none of one that says something else."""
    rows = []
    for cells in table:
        k = bisect_left(spans, cells[0].start, key=lambda span: span.start)
        inside = list(_within(spans, k, cells[-1].end))
        if len(inside) == 2 and (row := _row(text, inside, macros)):
            rows.append(row)
    return rows if _are_stated([row.equation for row in rows]) else []


def _are_stated(equations: Sequence[ElementEquation]) -> bool:
    """Whether rows are equations, and not the cells of a grid that is two columns wide.

    Most of them add something up, or all have an element of one tensor, or derivatives, on the left
    that stand nowhere on the right, and products there: no grid lays tensors out like this.
    """
    sums = sum(len(e.terms) > 1 for e in equations)
    if sums > 1 and 2 * sums > len(equations):
        return True
    left = {(e.target.kind, e.target.name) for e in equations}
    right = {(f.kind, f.name) for e in equations for t in e.terms for f in t.factors}
    said = sum(
        e.target.kind == LOCAL or any(len(t.factors) == 2 for t in e.terms) for e in equations
    )
    alike = len(left) == 1 or all(kind != VALUE for kind, _ in left)
    return said > 0 and alike and left.isdisjoint(right)


def _within(spans: Sequence[Span], k: int, end: int) -> Iterator[Span]:
    while k < len(spans) and spans[k].end <= end:
        yield spans[k]
        k += 1


def _row(text: str, spans: Sequence[Span], macros: Macros) -> Row | None:
    """Return a row's equation, None where a cell holds a relation or no elements."""
    sides = []
    for span in spans:
        words = tokenize(text, span.start, span.end, macros)
        if any(t.kind in RELATIONS for t in words):
            return None
        try:
            sides.append(read(words))
        except UnreadableError:
            return None
    left, right = sides
    try:
        equation = element_equation(left, right)
    except (NotElementsError, UnreadableError):
        return None
    return Row(left, right, equation) if equation.place == right.place else None

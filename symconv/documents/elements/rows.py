"""Tables that state an equation in every row: an element in one cell, its sum in another."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from symconv.documents.elements.equations import NotElementsError, element_equation
from symconv.documents.mathematics.reader import RELATIONS, read
from symconv.documents.mathematics.syntax import Expression, Sum, UnreadableError
from symconv.documents.mathematics.tokens import Macros, tokenize
from symconv.documents.source.place import Place
from symconv.documents.source.spans import Span

Row = tuple[Expression, Expression]


def stated_rows(
    text: str, table: Sequence[Sequence[Place]], spans: Sequence[Span], macros: Macros
) -> list[Row]:
    """Return (element, sum) for every row of a table, none where most rows say something else."""
    rows = []
    for cells in table:
        k = bisect_left(spans, cells[0].start, key=lambda span: span.start)
        inside = list(_within(spans, k, cells[-1].end))
        if len(inside) == 2 and (row := _row(text, inside, macros)):
            rows.append(row)
    sums = sum(isinstance(right, Sum) for _, right in rows)
    return rows if 2 * sums > len(rows) and sums > 1 else []


def _within(spans: Sequence[Span], k: int, end: int) -> Iterator[Span]:
    while k < len(spans) and spans[k].end <= end:
        yield spans[k]
        k += 1


def _row(text: str, spans: Sequence[Span], macros: Macros) -> Row | None:
    """Return the two sides, None where a cell holds a relation or no elements."""
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
    return (left, right) if equation.place == right.place else None

r"""Tensors given in numbers: x = \begin{bmatrix} 1 & 0 \\ 2 & 3 \end{bmatrix}, w = (1, 2, 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symconv.documents.elements.equations import GRADIENT, VALUE
from symconv.documents.elements.grids import Tensor
from symconv.documents.elements.matrices import laid_out
from symconv.documents.mathematics.syntax import (
    Derivative,
    Differential,
    Expression,
    Matrix,
    Symbol,
)
from symconv.documents.sizes.numbers import arithmetic
from symconv.documents.source.place import Place

_FEWEST = 2
"""Fewer numbers than these are no tensor's."""


@dataclass(frozen=True, slots=True)
class NumberCell:
    """A number with its place."""

    value: Fraction
    place: Place


@dataclass(frozen=True, slots=True)
class StatedNumbers:
    """A tensor that is said to be a matrix of numbers.

    Attributes:
        tensors: its names: \\delta and dL/dy where both are said to be it.
        rows: the numbers.
        place: the whole statement.
    """

    tensors: tuple[Tensor, ...]
    rows: tuple[tuple[NumberCell, ...], ...]
    place: Place

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return len(self.rows), len(self.rows[0])


def stated_numbers(sides: Sequence[Expression], place: Place) -> StatedNumbers | None:
    """Return the numbers that a statement gives a tensor, None where it is another statement."""
    found = [rows for side in sides if (rows := _rows(side)) is not None]
    named = [tensor for side in sides if (tensor := _tensor(side)) is not None]
    if len(found) != 1 or not named or len(found) + len(named) != len(sides):
        return None
    return StatedNumbers(tuple(named), found[0], place)


def _rows(side: Expression) -> tuple[tuple[NumberCell, ...], ...] | None:
    """Return the rows of a matrix or a list of numbers, all as long as the first."""
    matrix = laid_out(side)
    if not isinstance(matrix, Matrix) or not matrix.rows:
        return None
    rows = []
    for row in matrix.rows:
        cells = []
        for cell in row:
            value = arithmetic(cell) if cell is not None else None
            if cell is None or value is None:
                return None
            cells.append(NumberCell(value, cell.place))
        rows.append(tuple(cells))
    if len({len(row) for row in rows}) > 1 or len(rows) * len(rows[0]) < _FEWEST:
        return None
    return tuple(rows)


def _tensor(side: Expression) -> Tensor | None:
    match side:
        case Symbol(name, None):
            return VALUE, name
        case Derivative(Symbol(_, None), Symbol(name, None)):
            return GRADIENT, name
        case Differential(Symbol(name, None), "d"):
            return GRADIENT, name
    return None

"""A tensor as a table of terms: one row for each product that is added to one of its elements.

A row says to which element the product belongs (``target``) and which element of each leaf is a
factor of it (one column of ``ids`` for each factor); all are row-major numbers.  A product that
occurs twice has two rows, so two tensors are equal iff their shapes and their sorted rows are.

Sorted rows are kept packed, one int64 a row: comparing, counting and looking up are then plain
numpy, and 600,000 terms are a matter of milliseconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from symconv.equation import Element, Equation, Term, factor_order
from symconv.errors import TooLargeError
from symconv.limits.budget import ROWS, spend
from symconv.limits.memory import reserve
from symconv.tensors.columns import FIRST_BEYOND, Column
from symconv.tensors.places import Place, in_brief, place

Shape = tuple[int, ...]


class LeafFactor(NamedTuple):
    """A leaf that occurs in every product of a table, with its shape."""

    name: str
    shape: Shape


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """Terms of a tensor of ``shape``, in no particular order.

    Attributes:
        shape: the tensor's extents.
        target: the element each row belongs to, row-major, in 0..prod(shape)-1.
        factors: the leaves whose products the rows are.
        ids: for each factor, the element of the leaf, row-major.
    """

    shape: Shape
    target: Column
    factors: tuple[LeafFactor, ...]
    ids: tuple[Column, ...]

    def __len__(self) -> int:
        return len(self.target)

    @property
    def size(self) -> int:
        """Bytes of the columns."""
        return self.target.nbytes + sum(column.nbytes for column in self.ids)

    def sorted(self) -> SortedTable:
        """Return the rows packed and sorted by target, then by factor.

        Raises:
            TooLargeError: target and factors together do not fit 62 bits.
        """
        order = sorted(range(len(self.factors)), key=lambda k: factor_order(self.factors[k].name))
        factors = tuple(self.factors[k] for k in order)
        radices = [math.prod(factor.shape) for factor in factors]
        if math.prod(self.shape) * math.prod(radices) >= FIRST_BEYOND:
            raise TooLargeError(
                f"a tensor of shape {self.shape} with products of "
                f"{' and '.join(f'{f.name} {f.shape}' for f in factors)} is beyond the term "
                "tables; use a smaller input or filter"
            )
        spend(2 * len(self) // ROWS)
        reserve(3 * self.target.nbytes)
        rows = self.target.copy()
        for k, radix in zip(order, radices, strict=True):
            rows *= radix
            rows += self.ids[k]
        rows.sort()
        return SortedTable(self.shape, factors, rows)


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class SortedTable:
    """A table in normal form: two tensors are equal iff their normal forms are.

    Attributes:
        shape: the tensor's extents.
        factors: the leaves whose products the rows are, in the order of `factor_order`.
        rows: sorted int64, each ``target * radix + ids`` in mixed radix.
    """

    shape: Shape
    factors: tuple[LeafFactor, ...]
    rows: Column

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def radix(self) -> int:
        """The number of combinations of factors that one target can have."""
        return math.prod(math.prod(factor.shape) for factor in self.factors)

    def __repr__(self) -> str:
        return in_brief(self.shape, len(self))

    def __getitem__(self, index: Place) -> Any:
        """Return the sum of products at ``index`` as a sympy expression."""
        from symconv.tensors.expressions import expression

        return expression(self.terms(place(index, self.shape)))

    def count(self, index: Sequence[int]) -> int:
        """Return how many products add up to the element at ``index``."""
        return len(self._rows(index))

    def terms(self, index: Sequence[int], most: int | None = None) -> tuple[Term, ...]:
        """Return the products that add up to the element at ``index``, in order.

        Args:
            index: one number for each axis.
            most: how many to return at most; all where it is None.
        """
        return tuple(map(self._term, self._rows(index)[:most].tolist()))

    def equations(self, tensor: str) -> Iterator[Equation]:
        """Yield one equation for each element of the tensor, row-major, zeros included."""
        for index in np.ndindex(*self.shape):
            yield Equation(Element(tensor, index), self.terms(index))

    def columns(self) -> dict[str, Column]:
        """Return the row-major numbers in every row: the ``target``, and each factor by name."""
        rest, columns = self.rows, {}
        for factor in reversed(self.factors):
            rest, columns[factor.name] = np.divmod(rest, math.prod(factor.shape))
        return {"target": rest, **columns}

    def _rows(self, index: Sequence[int]) -> Column:
        target = _ravel(index, self.shape)
        first, last = np.searchsorted(self.rows, (target * self.radix, (target + 1) * self.radix))
        return self.rows[first:last]

    def _term(self, row: int) -> Term:
        term = []
        for factor in reversed(self.factors):
            row, element = divmod(row, math.prod(factor.shape))
            term.append(Element(factor.name, _unravel(element, factor.shape)))
        return tuple(reversed(term))


def first_difference(left: SortedTable, right: SortedTable) -> tuple[int, ...] | None:
    """Return the first index, row-major, at which two tensors of one shape differ, or None.

    Tables whose factors differ agree only where both are 0.
    """
    if left.shape != right.shape:
        raise ValueError(f"shapes {left.shape} and {right.shape} cannot be compared by element")
    if left.factors != right.factors:
        targets = [int(table.rows[0]) // table.radix for table in (left, right) if len(table)]
        return _unravel(min(targets), left.shape) if targets else None
    common = min(len(left), len(right))
    differing = np.flatnonzero(left.rows[:common] != right.rows[:common])
    if len(differing):
        row = min(left.rows[differing[0]], right.rows[differing[0]])
    elif len(left) != len(right):
        row = max(left, right, key=len).rows[common]
    else:
        return None
    return _unravel(int(row) // left.radix, left.shape)


def _ravel(index: Sequence[int], shape: Shape) -> int:
    flat = 0
    for i, extent in zip(index, shape, strict=True):
        if not 0 <= i < extent:
            raise IndexError(f"index {tuple(index)} lies outside shape {shape}")
        flat = flat * extent + i
    return flat


def _unravel(flat: int, shape: Shape) -> tuple[int, ...]:
    index = []
    for extent in reversed(shape):
        flat, i = divmod(flat, extent)
        index.append(i)
    return tuple(reversed(index))

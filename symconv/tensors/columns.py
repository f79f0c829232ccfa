"""Columns of integers that cannot wrap: each knows what its numbers lie between.

numpy's int64 goes on from 2**63 at -2**63 without a word.  Here every sum and product first asks,
in Python's own integers, how far its result can reach: within 62 bits numpy does the arithmetic,
beyond them Python does, number by number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symconv.limits.budget import spend
from symconv.limits.memory import reserve

Column = NDArray[np.int64]

FIRST_BEYOND = 2**62
"""What no number in an int64 column reaches: a sum of two of them still fits."""

BYTES = 48
"""What a Python integer and the reference to it take, beyond 62 bits or not."""


@dataclass(frozen=True, eq=False, slots=True)
class BoundedColumn:
    """Integers of any shape, and bounds that hold for each of them.

    Attributes:
        values: int64 where the bounds fit 62 bits, else Python integers (dtype object).
        least: no number is smaller.
        greatest: no number is greater.
    """

    values: NDArray[Any]
    least: int
    greatest: int

    @classmethod
    def number(cls, value: int) -> BoundedColumn:
        """Return one number, which may be any integer."""
        kind = np.int64 if fits(value, value) else object
        return cls(np.array(value, dtype=kind), value, value)

    @classmethod
    def below(cls, values: Column, extent: int) -> BoundedColumn:
        """Return numbers of 0 .. ``extent`` - 1."""
        return cls(values, 0, max(extent - 1, 0))

    def __add__(self, other: BoundedColumn | int) -> BoundedColumn:
        right = _column(other)
        return _made(np.add, self, right, self.least + right.least, self.greatest + right.greatest)

    def __sub__(self, other: BoundedColumn | int) -> BoundedColumn:
        right = _column(other)
        return _made(
            np.subtract, self, right, self.least - right.greatest, self.greatest - right.least
        )

    def __mul__(self, other: BoundedColumn | int) -> BoundedColumn:
        right = _column(other)
        corners = [a * b for a in (self.least, self.greatest) for b in right.bounds]
        return _made(np.multiply, self, right, min(corners), max(corners))

    def __floordiv__(self, other: BoundedColumn | int) -> BoundedColumn:
        """Return the quotient, rounded down; the divisor has to be at least 1."""
        right = _divisor(other)
        corners = [a // b for a in (self.least, self.greatest) for b in right.bounds]
        return _made(np.floor_divide, self, right, min(corners), max(corners))

    def __mod__(self, other: BoundedColumn | int) -> BoundedColumn:
        """Return the remainder, 0 .. divisor - 1; the divisor has to be at least 1."""
        right = _divisor(other)
        greatest = right.greatest - 1
        if self.least >= 0:
            greatest = min(greatest, self.greatest)
        return _made(np.mod, self, right, 0, greatest)

    def minimum(self, other: BoundedColumn | int) -> BoundedColumn:
        """Return the smaller of both, place by place."""
        right = _column(other)
        return _made(
            np.minimum,
            self,
            right,
            min(self.least, right.least),
            min(self.greatest, right.greatest),
        )

    def maximum(self, other: BoundedColumn | int) -> BoundedColumn:
        """Return the greater of both, place by place."""
        right = _column(other)
        return _made(
            np.maximum,
            self,
            right,
            max(self.least, right.least),
            max(self.greatest, right.greatest),
        )

    @property
    def bounds(self) -> tuple[int, int]:
        """(least, greatest)."""
        return self.least, self.greatest

    def at(self, places: Any) -> BoundedColumn:
        """Return the numbers at these places, or where a mask is true."""
        return BoundedColumn(self.values[places], self.least, self.greatest)

    def repeated(self, rows: int) -> BoundedColumn:
        """Return a column of ``rows`` numbers, where one number stands for all."""
        if self.values.shape == (rows,):
            return self
        return BoundedColumn(np.broadcast_to(self.values, rows), self.least, self.greatest)

    def inside(self, extent: int) -> NDArray[np.bool_]:
        """Return where the numbers are 0 .. ``extent`` - 1, which may be any integer."""
        within = np.ones(self.values.shape, dtype=bool)
        if self.least < 0:
            within &= np.asarray(self.values >= 0, dtype=bool)
        if self.greatest >= extent:
            # An extent beyond the bounds was passed over: what is compared fits the column.
            within &= np.asarray(self.values < max(extent, self.least), dtype=bool)
        return within

    def tightened(self) -> BoundedColumn:
        """Return the same numbers between the least and the greatest that there is."""
        if not self.values.size:
            return self
        return BoundedColumn(self.values, int(self.values.min()), int(self.values.max()))

    def indices(self, extent: int) -> Column:
        """Return the numbers as int64, all of which lie in 0 .. ``extent`` - 1."""
        if not fits(0, extent):
            raise OverflowError(f"indices below {extent} do not fit 62 bits")
        return self.values.astype(np.int64, copy=False)


def fits(least: int, greatest: int) -> bool:
    """Whether numbers between these bounds fit 62 bits."""
    return max(-least, greatest) < FIRST_BEYOND


def _column(value: BoundedColumn | int) -> BoundedColumn:
    return value if isinstance(value, BoundedColumn) else BoundedColumn.number(value)


def _divisor(value: BoundedColumn | int) -> BoundedColumn:
    divisor = _column(value)
    if divisor.least < 1:
        raise ValueError(f"a divisor of {divisor.least}; it must be at least 1")
    return divisor


def _made(
    operator: Callable[..., Any],
    left: BoundedColumn,
    right: BoundedColumn,
    least: int,
    greatest: int,
) -> BoundedColumn:
    if fits(least, greatest) and left.values.dtype != object and right.values.dtype != object:
        return BoundedColumn(operator(left.values, right.values), least, greatest)
    size = int(np.broadcast(left.values, right.values).size)
    spend(size)
    reserve(3 * BYTES * size)
    exact = operator(left.values.astype(object), right.values.astype(object))
    kind = np.int64 if fits(least, greatest) else object
    return BoundedColumn(np.asarray(exact, dtype=kind), least, greatest)

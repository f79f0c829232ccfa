"""Reads an index sum as a table of terms: every value of every index, then one join a read.

Sizes in ranges and indices may be any integers, and so may what they come to: they are computed
as `BoundedColumn`s, which do not wrap.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symconv.errors import FormulaError, TooLargeError
from symconv.formula.sizes import (
    Difference,
    Greatest,
    Least,
    Name,
    Product,
    Quotient,
    Remainder,
    Size,
    Sum,
)
from symconv.limits.budget import ROWS, spend
from symconv.limits.memory import hold, reserve, scope
from symconv.readings.joins import rows_at
from symconv.tensors.columns import BoundedColumn, Column
from symconv.tensors.table import Shape, Table

if TYPE_CHECKING:
    from symconv.formula.nodes import IndexSum, Range, Read

MOST = 20_000_000
"""The most combinations of indices that are looked at."""

CALLS = 20
"""Steps that numpy takes for one operation, whatever the number of rows."""

Columns = Mapping[str, BoundedColumn]
"""The value of every index in every row."""

TARGET = ""
"""Under what name the target goes along with the indices: no index has it."""


def sum_table(node: IndexSum, shape: Shape, tables: Sequence[Table]) -> Table:
    """Return the terms of ``node``, of this shape, given the table of each tensor that it reads.

    A read outside of a tensor is 0: its row is dropped.

    Raises:
        FormulaError: a divisor below 1 in an index or a range.
        TooLargeError: more than `MOST` combinations of indices, or more than the memory holds.
    """
    columns = _grid(node, shape)
    for run in node.ranges:
        columns = _extended(columns, run)
    ids: tuple[Column, ...] = ()
    for read, table in zip(node.reads, tables, strict=True):
        with scope():
            hold(8 * (len(columns) + len(ids)) * _rows(columns))
            places, rows = _read(read, table, columns)
        reserve(8 * (len(columns) + len(ids) + len(table.ids)) * len(places))
        columns = {name: column.at(places) for name, column in columns.items()}
        ids = tuple(column[places] for column in ids) + tuple(column[rows] for column in table.ids)
    factors = tuple(factor for table in tables for factor in table.factors)
    return Table(shape, columns[TARGET].values, factors, ids)


def _grid(node: IndexSum, shape: Shape) -> dict[str, BoundedColumn]:
    """Return every index of the result, and the target beside it."""
    elements = math.prod(shape)
    _check_rows(elements, len(shape) + 1)
    grid = np.indices(shape).reshape(len(shape), elements)
    columns = {
        name: BoundedColumn.below(column, n)
        for name, column, n in zip(node.indices, grid, shape, strict=True)
    }
    columns[TARGET] = BoundedColumn.below(np.arange(elements), elements)
    return columns


def _extended(columns: dict[str, BoundedColumn], run: Range) -> dict[str, BoundedColumn]:
    """Return the rows, each repeated for every value of one more index."""
    rows = _rows(columns)
    start = _column(run.start, columns).repeated(rows)
    counts = (_column(run.stop, columns).repeated(rows) - start).maximum(0)
    if counts.greatest > MOST:  # by the bounds, which may be wider than the numbers
        counts = counts.tightened()
        _check_rows(counts.greatest, 1)
    repeats = counts.indices(MOST + 1)
    total = int(repeats.sum())  # at most MOST in each of at most MOST rows
    _check_rows(total, len(columns) + 3)
    places = np.repeat(np.arange(rows), repeats)
    nth = np.arange(total) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    extended = {name: column.at(places) for name, column in columns.items()}
    return extended | {run.index: start.at(places) + BoundedColumn.below(nth, counts.greatest)}


def _read(read: Read, table: Table, columns: Columns) -> tuple[Column, Column]:
    """Return the rows of the grid and of the table that meet in this read."""
    rows = _rows(columns)
    if not read.index:  # a number: every row meets its terms
        return rows_at(table, np.zeros(rows, dtype=np.int64))
    index = [_column(entry, columns).repeated(rows) for entry in read.index]
    reserve(rows * (2 * len(index) + 8 * (len(index) + 2)))
    inside = np.logical_and.reduce([i.inside(n) for i, n in zip(index, table.shape, strict=True)])
    kept = np.flatnonzero(inside)
    chosen = [i.at(kept).indices(n) for i, n in zip(index, table.shape, strict=True)]
    places, found = rows_at(table, np.ravel_multi_index(chosen, table.shape))
    return kept[places], found


def _column(size: Size, columns: Columns) -> BoundedColumn:
    match size:
        case int():
            return BoundedColumn.number(size)
        case Name(name):
            return columns[name]
    left, right = _column(size.left, columns), _column(size.right, columns)
    rows = max(left.values.size, right.values.size)
    spend(CALLS + rows // (10 * ROWS))
    reserve(8 * rows)
    match size:
        case Sum():
            return left + right
        case Difference():
            return left - right
        case Product():
            return left * right
        case Least():
            return left.minimum(right)
        case Greatest():
            return left.maximum(right)
        case Quotient() | Remainder():
            if not _rows(columns):  # nothing is divided, whatever the divisor is
                return BoundedColumn.below(np.zeros(0, dtype=np.int64), 1)
            right = right.tightened()
            if right.least < 1:
                raise FormulaError(f"a divisor is {right.least}; it must be at least 1")
            return left // right if isinstance(size, Quotient) else left % right


def _rows(columns: Columns) -> int:
    return len(columns[TARGET].values)


def _check_rows(rows: int, columns: int) -> None:
    if rows > MOST:
        raise TooLargeError(f"a sum over {rows} combinations of indices; use smaller sizes")
    spend(columns * (CALLS + rows // (10 * ROWS)))
    reserve(2 * 8 * rows * columns)

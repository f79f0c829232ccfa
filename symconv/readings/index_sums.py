"""Reads an index sum as a table of terms: every value of every index, then one join a read."""

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
    integers,
)
from symconv.readings.joins import rows_at
from symconv.tensors.table import Column, Table

if TYPE_CHECKING:
    from symconv.formula.nodes import IndexSum, Range, Read

MOST = 20_000_000
"""The most combinations of indices that are looked at."""

Columns = Mapping[str, Column]
"""The value of every index in every row."""


def sum_table(node: IndexSum, tables: Sequence[Table]) -> Table:
    """Return the terms of ``node``, given the table of each tensor that it reads.

    A read outside of a tensor is 0: its row is dropped.

    Raises:
        FormulaError: a divisor below 1 in an index or a range.
        TooLargeError: more than `MOST` combinations of indices.
    """
    shape = integers(node.shape)
    _check_rows(math.prod(shape))
    grid = np.indices(shape).reshape(len(shape), math.prod(shape))
    columns = dict(zip(node.indices, grid, strict=True))
    columns[""] = np.arange(math.prod(shape))  # the target goes along, under no index's name
    for run in node.ranges:
        columns = _extended(columns, run)
    ids: tuple[Column, ...] = ()
    for read, table in zip(node.reads, tables, strict=True):
        places, rows = _read(read, table, columns)
        columns = {name: column[places] for name, column in columns.items()}
        ids = tuple(column[places] for column in ids) + tuple(column[rows] for column in table.ids)
    factors = tuple(factor for table in tables for factor in table.factors)
    return Table(shape, columns[""], factors, ids)


def _extended(columns: dict[str, Column], run: Range) -> dict[str, Column]:
    """Return the rows, each repeated for every value of one more index."""
    rows = len(columns[""])
    start = np.broadcast_to(_column(run.start, columns), rows)
    counts = np.maximum(np.broadcast_to(_column(run.stop, columns), rows) - start, 0)
    _check_rows(int(counts.sum()))
    repeated = np.repeat(np.arange(rows), counts)
    nth = np.arange(len(repeated)) - np.repeat(np.cumsum(counts) - counts, counts)
    extended = {name: column[repeated] for name, column in columns.items()}
    return extended | {run.index: start[repeated] + nth}


def _read(read: Read, table: Table, columns: Columns) -> tuple[Column, Column]:
    """Return the rows of the grid and of the table that meet in this read."""
    rows = len(columns[""])
    if not read.index:  # a number: every row meets its terms
        return rows_at(table, np.zeros(rows, dtype=np.int64))
    index = [np.broadcast_to(_column(entry, columns), rows) for entry in read.index]
    inside = np.logical_and.reduce(
        [(i >= 0) & (i < n) for i, n in zip(index, table.shape, strict=True)]
    )
    kept = np.flatnonzero(inside)
    flat = np.ravel_multi_index([i[kept] for i in index], table.shape)
    places, found = rows_at(table, flat)
    return kept[places], found


def _column(size: Size, columns: Columns) -> Column:
    match size:
        case int():
            return np.array(size)
        case Name(name):
            return columns[name]
    left, right = _column(size.left, columns), _column(size.right, columns)
    match size:
        case Sum():
            return left + right
        case Difference():
            return left - right
        case Product():
            return left * right
        case Least():
            return np.minimum(left, right)
        case Greatest():
            return np.maximum(left, right)
        case Quotient() | Remainder():
            if right.min(initial=1) < 1:
                raise FormulaError(f"a divisor is {right.min()}; it must be at least 1")
            return left // right if isinstance(size, Quotient) else left % right


def _check_rows(rows: int) -> None:
    if rows > MOST:
        raise TooLargeError(f"a sum over {rows} combinations of indices; use smaller sizes")

"""Joins of term tables: the rows of two tables that meet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from symconv.limits.budget import ROWS, spend
from symconv.limits.memory import reserve

if TYPE_CHECKING:
    from symconv.tensors.columns import Column
    from symconv.tensors.table import Table

SPARSE = 8
"""How many elements a row may have to itself before rows are searched for and not looked up."""


def rows_at(table: Table, at: Column) -> tuple[Column, Column]:
    """Return every row of ``table`` whose target is ``at[place]``, for every place.

    The two columns are the places, ascending, and the rows.
    """
    spend(2 * (len(table) + len(at)) // ROWS)
    reserve(8 * 2 * len(table) + 8 * 3 * len(at))
    order = np.argsort(table.target, kind="stable")
    first, found = _runs(table, order, at)
    if found.max(initial=0) <= 1:  # the usual case: no element is a sum yet
        places = np.flatnonzero(found)
        return places, order[first[places]]
    total = int(found.sum())  # at most rows times places, each of which is in memory
    spend(2 * total // ROWS)
    reserve(8 * 5 * total)
    places = np.repeat(np.arange(len(at)), found)
    nth = np.arange(len(places)) - np.repeat(np.cumsum(found) - found, found)
    return places, order[first[places] + nth]


def pair(of: Table, by: Table, at_of: Column, at_by: Column) -> tuple[Column, Column, Column]:
    """Return the row of ``of``, the row of ``by`` and the place of every product.

    At a place, every row with target ``at_of`` meets every row with target ``at_by``.
    """
    places, rows_of = rows_at(of, at_of)
    again, rows_by = rows_at(by, at_by[places])
    return rows_of[again], rows_by, places[again]


def _runs(table: Table, order: Column, at: Column) -> tuple[Column, Column]:
    """Return where in ``order`` the rows of each place begin, and how many there are."""
    elements = math.prod(table.shape)
    if elements > SPARSE * (len(table) + len(at)) + 1000:
        reserve(8 * len(table))
        sorted_targets = table.target[order]
        first = np.searchsorted(sorted_targets, at, side="left")
        return first, np.searchsorted(sorted_targets, at, side="right") - first
    reserve(8 * 3 * elements)
    counts = np.bincount(table.target, minlength=elements)
    first = np.cumsum(counts) - counts
    return first[at], counts[at]

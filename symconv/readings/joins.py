"""Joins of term tables: the rows of two tables that meet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from symconv.tensors.table import Column, Table


def rows_at(table: Table, at: Column) -> tuple[Column, Column]:
    """Return every row of ``table`` whose target is ``at[place]``, for every place.

    The two columns are the places, ascending, and the rows.
    """
    order = np.argsort(table.target, kind="stable")
    counts = np.bincount(table.target, minlength=math.prod(table.shape))
    first = np.cumsum(counts) - counts
    found = counts[at]
    if found.max(initial=0) <= 1:  # the usual case: no element is a sum yet
        places = np.flatnonzero(found)
        return places, order[first[at[places]]]
    places = np.repeat(np.arange(len(at)), found)
    nth = np.arange(len(places)) - np.repeat(np.cumsum(found) - found, found)
    return places, order[first[at[places]] + nth]


def pair(of: Table, by: Table, at_of: Column, at_by: Column) -> tuple[Column, Column, Column]:
    """Return the row of ``of``, the row of ``by`` and the place of every product.

    At a place, every row with target ``at_of`` meets every row with target ``at_by``.
    """
    places, rows_of = rows_at(of, at_of)
    again, rows_by = rows_at(by, at_by[places])
    return rows_of[again], rows_by, places[again]

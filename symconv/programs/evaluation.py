"""Evaluates what was read at one size: sums of terms as numbers, by going through all indices."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

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
    evaluate,
)
from symconv.programs.gradients import ReadArray
from symconv.programs.terms import ProductTerm

Numbers = NDArray[np.float64]
Columns = dict[str, NDArray[np.int64]]

LARGEST = 400_000
"""How many combinations of indices are gone through."""


class TooManyError(Exception):
    """There are more combinations of indices than are gone through."""


def evaluated(array: ReadArray, sizes: Mapping[str, int], given: Mapping[str, Numbers]) -> Numbers:
    """Return an array at one size.

    Args:
        array: what was read.
        sizes: every integer that it speaks of.
        given: the arrays that it reads.

    Raises:
        TooManyError: that would take too long.
    """
    shape = tuple(evaluate(extent, sizes) for extent in array.shape)
    total = np.zeros(shape)
    for term in array.terms:
        _add(total, term, array.names, sizes, given)
    return total


def _add(
    total: Numbers,
    term: ProductTerm,
    names: tuple[str, ...],
    sizes: Mapping[str, int],
    given: Mapping[str, Numbers],
) -> None:
    columns: Columns = {name: np.array([value]) for name, value in sizes.items()}
    rows = 1
    conditions = list(term.conditions)
    extents: list[tuple[str, Size]] = [*zip(names, total.shape, strict=True), *term.sums]
    held: Columns = {}
    for place, (name, extent) in enumerate(extents):
        every = {**columns, **held}
        counts = np.broadcast_to(_column(extent, every), (rows,)).clip(0)
        if int(counts.sum()) > LARGEST:
            raise TooManyError
        chosen = np.repeat(np.arange(rows), counts)
        starts = np.repeat(np.cumsum(counts) - counts, counts)
        held = {other: column[chosen] for other, column in held.items()}
        held[name] = np.arange(len(chosen)) - starts
        rows = len(chosen)
        left = {other for other, _ in extents[place + 1 :]}
        for condition in [c for c in conditions if not c.names & left]:
            conditions.remove(condition)
            every = {**columns, **held}
            inside = np.broadcast_to(_column(condition.place, every) >= 0, (rows,))
            if condition.extent is not None:
                below = _column(condition.place, every) < _column(condition.extent, every)
                inside = inside & below
            held = {other: column[inside] for other, column in held.items()}
            rows = int(inside.sum())
    every = {**columns, **held}
    by = math.prod(evaluate(size, sizes) for size in term.over)
    product = np.full(rows, float(term.factor))
    for leaf, index in term.reads:
        at = tuple(np.broadcast_to(_column(entry, every), (rows,)) for entry in index)
        product = product * given[leaf][at]
    product = product / by
    if names:
        np.add.at(total, tuple(held[name] for name in names), product)
    else:
        total += product.sum()


def _column(size: Size, columns: Columns) -> NDArray[np.int64]:
    match size:
        case int():
            return np.array([size])
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
        case Quotient():
            return left // right
        case Remainder():
            return left % right
        case Least():
            return np.minimum(left, right)
        case Greatest():
            return np.maximum(left, right)

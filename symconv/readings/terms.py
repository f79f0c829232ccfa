"""Reads a formula as a table of terms: exact, in plain numpy, for sizes a screen cannot hold.

A leaf is a table with one factor.  Pad, dilate, rotate and subsample move targets, and drop what
leaves the tensor; correlate joins two tables; a gradient swaps columns.  An extent below 1 or a
filter that does not fit is an error: a formula has a meaning only where every step of it has one
(`symconv.readings.shapes`).

Amounts and steps may be any integers: coordinates are moved as `BoundedColumn`s, which do not
wrap, and only those inside the tensor become numbers of its elements.  What is allocated is
reserved before (`symconv.limits.memory`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce, singledispatch

import numpy as np

from symconv.errors import FormulaError, TooLargeError
from symconv.formula.nodes import (
    Added,
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Rotate,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import integers
from symconv.limits.budget import ROWS, spend
from symconv.limits.memory import hold, reserve, scope
from symconv.readings import shapes as shape_reading
from symconv.readings.index_sums import sum_table
from symconv.readings.joins import pair
from symconv.tensors.columns import FIRST_BEYOND, BoundedColumn, Column
from symconv.tensors.table import LeafFactor, Shape, Table

CALLS = 100
"""Steps that numpy takes for one operator, whatever the number of rows."""

Shapes = Mapping[str, Shape]
"""The shape of each leaf."""


@singledispatch
def read(node: Node, shapes: Shapes) -> Table:
    """Return the terms of ``node`` for leaves of these shapes.

    Raises:
        FormulaError: an unknown leaf, an intermediate extent below 1, a filter that does not
            fit, or a product that would hold one leaf twice.
        TooLargeError: it would take more memory than there is, or more than 62 bits to number
            the elements.
    """
    raise TypeError(f"the term tables cannot read {type(node).__name__}")


@read.register
def _(node: Leaf, shapes: Shapes) -> Table:
    shape = shape_reading.read(node, shapes)
    every = _every(node, shape)
    return Table(shape, every, (LeafFactor(node.name, shape),), (every,))


@read.register
def _(node: Ones, shapes: Shapes) -> Table:
    shape = shape_reading.read(node, shapes)
    return Table(shape, _every(node, shape), (), ())


@read.register
def _(node: Pad, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    amounts = [integers(before_after) for before_after in node.amounts]
    moved = [i + lo for i, (lo, _) in zip(_coordinates(of), amounts, strict=True)]
    return _moved(node, of, shape_reading.padded(node, of.shape), moved)


@read.register
def _(node: Dilate, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    shape = shape_reading.dilated(node, of.shape)
    moved = [i * step for i, step in zip(_coordinates(of), integers(node.steps), strict=True)]
    return _moved(node, of, shape, moved)


@read.register
def _(node: Rotate, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    last = (BoundedColumn.number(n - 1) for n in of.shape)
    moved = [end - i for i, end in zip(_coordinates(of), last, strict=True)]
    return _moved(node, of, of.shape, moved)


@read.register
def _(node: Subsample, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    shape = shape_reading.subsampled(node, of.shape)
    at, steps = _coordinates(of), integers(node.steps)
    kept = np.logical_and.reduce([(i % step).inside(1) for i, step in zip(at, steps, strict=True)])
    moved = [i.at(kept) // step for i, step in zip(at, steps, strict=True)]
    return _moved(node, _chosen(of, kept), shape, moved)


@read.register
def _(node: Correlate, shapes: Shapes) -> Table:
    with scope():
        of = read(node.of, shapes)
        hold(of.size)
        by = read(node.by, shapes)
        hold(by.size)
        _check_once(of.factors, by.factors)
        shape, target, at_of, at_by = _windows(node, of, by)
        hold(3 * target.nbytes)
        rows_of, rows_by, product = pair(of, by, at_of, at_by)
        reserve((1 + len(of.ids) + len(by.ids)) * product.nbytes)
        ids = tuple(column[rows_of] for column in of.ids) + tuple(c[rows_by] for c in by.ids)
        return Table(shape, target[product], of.factors + by.factors, ids)


@read.register
def _(node: Vjp, shapes: Shapes) -> Table:
    with scope():
        of = read(node.of, shapes)
        hold(of.size)
        cotangent = read(node.cotangent, shapes)
        hold(cotangent.size)
        return _differentiated(node, of, cotangent)


@read.register
def _(node: Added, shapes: Shapes) -> Table:
    """Return the terms of all, which are products of the same tensors (see `claims.parts`)."""
    shape = shape_reading.read(node, shapes)
    with scope():
        tables = []
        for term in node.terms:
            tables.append(read(term, shapes))
            hold(tables[-1].size)
        factors = tables[0].factors
        if any(set(table.factors) != set(factors) for table in tables):
            raise TypeError("a table holds products of the same tensors")
        reserve(sum(table.size for table in tables))
        order = [[table.factors.index(factor) for factor in factors] for table in tables]
        columns = zip(
            *([table.ids[k] for k in ks] for table, ks in zip(tables, order, strict=True)),
            strict=True,
        )
        target = np.concatenate([table.target for table in tables])
        return Table(shape, target, factors, tuple(map(np.concatenate, columns)))


def _differentiated(node: Vjp, of: Table, cotangent: Table) -> Table:
    shape_reading.check_cotangent(of.shape, cotangent.shape)
    names = [factor.name for factor in of.factors]
    if node.wrt not in names:
        raise FormulaError(f"vjp: {node.wrt} does not occur in what is differentiated")
    k = names.index(node.wrt)
    _check_once(of.factors[:k] + of.factors[k + 1 :], cotangent.factors)
    # Every element of the tensor meets its cotangent; the leaf's column tells where that goes.
    every = _every(node, of.shape)
    rows_of, rows_by, _ = pair(of, cotangent, every, every)
    factors = of.factors + cotangent.factors
    reserve(len(factors) * rows_of.nbytes)
    ids = tuple(c[rows_of] for c in of.ids) + tuple(c[rows_by] for c in cotangent.ids)
    return Table(
        of.factors[k].shape, ids[k], factors[:k] + factors[k + 1 :], ids[:k] + ids[k + 1 :]
    )


@read.register
def _(node: IndexSum, shapes: Shapes) -> Table:
    with scope():
        tables: list[Table] = []
        for each in node.reads:
            tables.append(read(each.of, shapes))
            hold(tables[-1].size)
        for n, table in enumerate(tables):
            _check_once(*(other.factors for other in tables[:n]), table.factors)
        shape = shape_reading.read(node, shapes)
        _check_numbers(node, shape)
        return sum_table(node, shape, tables)


def _windows(node: Correlate, of: Table, by: Table) -> tuple[Shape, Column, Column, Column]:
    """Return where windows and elements meet: the shape, and row-major (target, of, by)."""
    shape = shape_reading.correlated(node, of.shape, by.shape)
    axes: list[tuple[Column, Column, Column]] = []
    at_of, at_by = _coordinates(of), _coordinates(by)
    for k, (step, spread) in enumerate(
        zip(integers(node.stride), integers(node.dilation), strict=True)
    ):
        # Only coordinates that carry a term on both sides: dilated tensors are mostly zeros.
        elements = np.unique(at_by[k].values)
        reserve(of.shape[k] + 48 * shape[k] * len(elements))
        spend((of.shape[k] // 10 + shape[k] * len(elements)) // ROWS)
        filled = np.zeros(of.shape[k], dtype=bool)
        filled[at_of[k].values] = True
        windows = BoundedColumn.below(np.arange(shape[k])[:, None], shape[k]) * step
        spreads = BoundedColumn.below(elements[None, :], by.shape[k]) * spread
        i = (windows + spreads).indices(of.shape[k])
        window, element = np.nonzero(filled[i])
        axes.append((window, i[window, element], elements[element]))
    met = math.prod(len(axis[0]) for axis in axes)
    reserve(48 * met)
    spend(CALLS + met // ROWS)
    target, of_flat, by_flat = (
        _product([axis[column] for axis in axes], extents)
        for column, extents in enumerate((shape, of.shape, by.shape))
    )
    return shape, target, of_flat, by_flat


def _product(coordinates: list[Column], shape: Shape) -> Column:
    """Return the row-major numbers of all combinations of one coordinate from each axis."""
    return reduce(
        lambda flat, axis: np.add.outer(flat * axis[1], axis[0]).ravel(),
        zip(coordinates, shape, strict=True),
        np.zeros(1, dtype=np.int64),
    )


def _every(node: Node, shape: Shape) -> Column:
    """Return the row-major numbers of all elements."""
    _check_numbers(node, shape)
    elements = math.prod(shape)
    reserve(8 * elements)
    spend(CALLS + elements // (10 * ROWS))
    return np.arange(elements)


def _coordinates(table: Table) -> list[BoundedColumn]:
    reserve(16 * len(table.shape) * len(table))
    columns = np.unravel_index(table.target, table.shape)
    return [BoundedColumn.below(i, n) for i, n in zip(columns, table.shape, strict=True)]


def _moved(node: Node, of: Table, shape: Shape, coordinates: list[BoundedColumn]) -> Table:
    """Return the rows of ``of`` whose new coordinates lie inside the new shape."""
    _check_numbers(node, shape)
    spend(CALLS + len(of) // ROWS)
    reserve(len(of) * (8 * (2 * len(shape) + 1 + len(of.ids)) + 2 * len(shape)))
    inside = np.logical_and.reduce([i.inside(n) for i, n in zip(coordinates, shape, strict=True)])
    kept = [i.at(inside).indices(n) for i, n in zip(coordinates, shape, strict=True)]
    target = np.ravel_multi_index(kept, shape)
    return Table(shape, target, of.factors, tuple(column[inside] for column in of.ids))


def _chosen(table: Table, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Table:
    """Return the table with these rows alone."""
    ids = tuple(column[rows] for column in table.ids)
    return Table(table.shape, table.target[rows], table.factors, ids)


def _check_numbers(node: Node, shape: Shape) -> None:
    """Refuse a tensor whose elements cannot be numbered in 62 bits."""
    if math.prod(shape) >= FIRST_BEYOND:
        raise TooLargeError(
            f"{type(node).__name__.lower()} makes a tensor of shape {shape}, more elements than "
            "62 bits can number; use smaller sizes"
        )


def _check_once(*products: tuple[LeafFactor, ...]) -> None:
    """Refuse a product in which one leaf would occur twice."""
    names = [factor.name for factors in products for factor in factors]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FormulaError(f"a product would hold {', '.join(twice)} twice")

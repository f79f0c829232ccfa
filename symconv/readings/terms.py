"""Reads a formula as a table of terms: exact, in plain numpy, for sizes a screen cannot hold.

A leaf is a table with one factor.  Pad, dilate, rotate and subsample move targets, and drop what
leaves the tensor; correlate joins two tables.  An extent below 1 or a filter that does not fit
is an error: a formula has a meaning only where every step of it has one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce, singledispatch

import numpy as np

from symconv.errors import FormulaError
from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Ones, Pad, Rotate, Subsample
from symconv.table import Column, Factor, Shape, Table

Shapes = Mapping[str, Shape]
"""The shape of each leaf."""


@singledispatch
def read(node: Node, shapes: Shapes) -> Table:
    """Return the terms of ``node`` for leaves of these shapes.

    Raises:
        FormulaError: an unknown leaf, an intermediate extent below 1, a filter that does not
            fit, or a product that would hold one leaf twice.
    """
    raise TypeError(f"the term tables cannot read {type(node).__name__}")


@read.register
def _(node: Leaf, shapes: Shapes) -> Table:
    if node.name not in shapes:
        raise FormulaError(f"unknown tensor {node.name}; known are {', '.join(shapes)}")
    every = np.arange(math.prod(shapes[node.name]))
    return Table(shapes[node.name], every, (Factor(node.name, shapes[node.name]),), (every,))


@read.register
def _(node: Ones, shapes: Shapes) -> Table:
    _check_extents(node, node.shape)
    return Table(node.shape, np.arange(math.prod(node.shape)), (), ())


@read.register
def _(node: Pad, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    shape = tuple(n + lo + hi for n, (lo, hi) in zip(of.shape, node.amounts, strict=True))
    moved = [i + lo for i, (lo, _) in zip(_coordinates(of), node.amounts, strict=True)]
    return _moved(node, of, shape, moved)


@read.register
def _(node: Dilate, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    _check_steps(node, node.steps)
    shape = tuple((n - 1) * step + 1 for n, step in zip(of.shape, node.steps, strict=True))
    moved = [i * step for i, step in zip(_coordinates(of), node.steps, strict=True)]
    return _moved(node, of, shape, moved)


@read.register
def _(node: Rotate, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    moved = [n - 1 - i for i, n in zip(_coordinates(of), of.shape, strict=True)]
    return _moved(node, of, of.shape, moved)


@read.register
def _(node: Subsample, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    _check_steps(node, node.steps)
    shape = tuple((n - 1) // step + 1 for n, step in zip(of.shape, node.steps, strict=True))
    # What no step lands on is sent to -1, outside the tensor.
    moved = [
        np.where(i % step == 0, i // step, -1)
        for i, step in zip(_coordinates(of), node.steps, strict=True)
    ]
    return _moved(node, of, shape, moved)


@read.register
def _(node: Correlate, shapes: Shapes) -> Table:
    of, by = read(node.of, shapes), read(node.by, shapes)
    _check_steps(node, node.stride + node.dilation)
    shared = {factor.name for factor in of.factors} & {factor.name for factor in by.factors}
    if shared:
        raise FormulaError(f"a product would hold {', '.join(sorted(shared))} twice")
    shape, target, at_of, at_by = _windows(node, of, by)
    rows_of, rows_by, product = _pair(of, by, at_of, at_by)
    ids = tuple(column[rows_of] for column in of.ids) + tuple(c[rows_by] for c in by.ids)
    return Table(shape, target[product], of.factors + by.factors, ids)


def _windows(node: Correlate, of: Table, by: Table) -> tuple[Shape, Column, Column, Column]:
    """Return where windows and elements meet: the shape, and row-major (target, of, by)."""
    shape: list[int] = []
    axes: list[tuple[Column, Column, Column]] = []
    at_of, at_by = _coordinates(of), _coordinates(by)
    for k, (step, spread) in enumerate(zip(node.stride, node.dilation, strict=True)):
        extent = spread * (by.shape[k] - 1) + 1
        if extent > of.shape[k]:
            raise FormulaError(
                f"correlate: on axis {k} the filter spans {extent}, the tensor only {of.shape[k]}"
            )
        shape.append((of.shape[k] - extent) // step + 1)
        # Only coordinates that carry a term on both sides: dilated tensors are mostly zeros.
        filled = np.zeros(of.shape[k], dtype=bool)
        filled[at_of[k]] = True
        elements = np.unique(at_by[k])
        i = np.arange(shape[k])[:, None] * step + elements[None, :] * spread
        window, element = np.nonzero(filled[i])
        axes.append((window, i[window, element], elements[element]))
    target, of_flat, by_flat = (
        _product([axis[column] for axis in axes], extents)
        for column, extents in enumerate((tuple(shape), of.shape, by.shape))
    )
    return tuple(shape), target, of_flat, by_flat


def _product(coordinates: list[Column], shape: Shape) -> Column:
    """Return the row-major numbers of all combinations of one coordinate from each axis."""
    return reduce(
        lambda flat, axis: np.add.outer(flat * axis[1], axis[0]).ravel(),
        zip(coordinates, shape, strict=True),
        np.zeros(1, dtype=np.int64),
    )


def _pair(of: Table, by: Table, at_of: Column, at_by: Column) -> tuple[Column, Column, Column]:
    """Return the row of ``of``, the row of ``by`` and the meeting place of every product."""
    order_of, first_of, count_of = _index(of)
    order_by, first_by, count_by = _index(by)
    products = count_of[at_of] * count_by[at_by]
    if products.max(initial=0) <= 1:  # the usual case: no element is a sum yet
        place = np.flatnonzero(products)
        return order_of[first_of[at_of[place]]], order_by[first_by[at_by[place]]], place
    place = np.repeat(np.arange(len(products)), products)
    # Number the products of one place 0, 1, ..: every row of one side with every row of the other.
    nth = np.arange(len(place)) - np.repeat(np.cumsum(products) - products, products)
    nth_of, nth_by = np.divmod(nth, count_by[at_by[place]])
    rows_of = order_of[first_of[at_of[place]] + nth_of]
    rows_by = order_by[first_by[at_by[place]] + nth_by]
    return rows_of, rows_by, place


def _index(table: Table) -> tuple[Column, Column, Column]:
    """Return the rows ordered by target and, for each target, its first row and their number."""
    order = np.argsort(table.target, kind="stable")
    count = np.bincount(table.target, minlength=math.prod(table.shape))
    return order, np.cumsum(count) - count, count


def _coordinates(table: Table) -> tuple[Column, ...]:
    return np.unravel_index(table.target, table.shape)  # type: ignore[return-value]


def _moved(node: Node, of: Table, shape: Shape, coordinates: list[Column]) -> Table:
    _check_extents(node, shape)
    inside = np.logical_and.reduce(
        [(i >= 0) & (i < n) for i, n in zip(coordinates, shape, strict=True)]
    )
    target = np.ravel_multi_index([i[inside] for i in coordinates], shape)
    return Table(shape, target, of.factors, tuple(column[inside] for column in of.ids))


def _check_extents(node: Node, shape: Shape) -> None:
    if min(shape) < 1:
        raise FormulaError(f"{type(node).__name__.lower()} leaves a tensor of shape {shape}")


def _check_steps(node: Node, steps: tuple[int, ...]) -> None:
    if min(steps) < 1:
        raise FormulaError(f"{type(node).__name__.lower()} by {steps}; a step is at least 1")

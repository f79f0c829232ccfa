"""Reads a formula as a table of terms: exact, in plain numpy, for sizes a screen cannot hold.

A leaf is a table with one factor.  Pad, dilate, rotate and subsample move targets, and drop what
leaves the tensor; correlate joins two tables; a gradient swaps columns.  An extent below 1 or a
filter that does not fit is an error: a formula has a meaning only where every step of it has one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce, singledispatch

import numpy as np

from symconv.errors import FormulaError, TooLargeError
from symconv.formula.nodes import (
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
from symconv.readings.index_sums import sum_table
from symconv.readings.joins import pair
from symconv.tensors.table import Column, LeafFactor, Shape, Table

LARGEST = 10**8
"""The most elements a tensor may have, zeros included."""

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
    return Table(shapes[node.name], every, (LeafFactor(node.name, shapes[node.name]),), (every,))


@read.register
def _(node: Ones, shapes: Shapes) -> Table:
    shape = integers(node.shape)
    _check_extents(node, shape)
    return Table(shape, np.arange(math.prod(shape)), (), ())


@read.register
def _(node: Pad, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    amounts = [integers(before_after) for before_after in node.amounts]
    shape = tuple(n + lo + hi for n, (lo, hi) in zip(of.shape, amounts, strict=True))
    moved = [i + lo for i, (lo, _) in zip(_coordinates(of), amounts, strict=True)]
    return _moved(node, of, shape, moved)


@read.register
def _(node: Dilate, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    steps = integers(node.steps)
    _check_steps(node, steps)
    shape = tuple((n - 1) * step + 1 for n, step in zip(of.shape, steps, strict=True))
    moved = [i * step for i, step in zip(_coordinates(of), steps, strict=True)]
    return _moved(node, of, shape, moved)


@read.register
def _(node: Rotate, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    moved = [n - 1 - i for i, n in zip(_coordinates(of), of.shape, strict=True)]
    return _moved(node, of, of.shape, moved)


@read.register
def _(node: Subsample, shapes: Shapes) -> Table:
    of = read(node.of, shapes)
    steps = integers(node.steps)
    _check_steps(node, steps)
    shape = tuple((n - 1) // step + 1 for n, step in zip(of.shape, steps, strict=True))
    # What no step lands on is sent to -1, outside the tensor.
    moved = [
        np.where(i % step == 0, i // step, -1)
        for i, step in zip(_coordinates(of), steps, strict=True)
    ]
    return _moved(node, of, shape, moved)


@read.register
def _(node: Correlate, shapes: Shapes) -> Table:
    of, by = read(node.of, shapes), read(node.by, shapes)
    _check_steps(node, integers(node.stride + node.dilation))
    _check_once(of.factors, by.factors)
    shape, target, at_of, at_by = _windows(node, of, by)
    rows_of, rows_by, product = pair(of, by, at_of, at_by)
    ids = tuple(column[rows_of] for column in of.ids) + tuple(c[rows_by] for c in by.ids)
    return Table(shape, target[product], of.factors + by.factors, ids)


@read.register
def _(node: Vjp, shapes: Shapes) -> Table:
    of, cotangent = read(node.of, shapes), read(node.cotangent, shapes)
    if of.shape != cotangent.shape:
        raise FormulaError(f"vjp: the tensor has shape {of.shape}, its cotangent {cotangent.shape}")
    names = [factor.name for factor in of.factors]
    if node.wrt not in names:
        raise FormulaError(f"vjp: {node.wrt} does not occur in what is differentiated")
    k = names.index(node.wrt)
    _check_once(of.factors[:k] + of.factors[k + 1 :], cotangent.factors)
    # Every element of the tensor meets its cotangent; the leaf's column tells where that goes.
    every = np.arange(math.prod(of.shape))
    rows_of, rows_by, _ = pair(of, cotangent, every, every)
    ids = tuple(c[rows_of] for c in of.ids) + tuple(c[rows_by] for c in cotangent.ids)
    factors = of.factors + cotangent.factors
    return Table(
        of.factors[k].shape, ids[k], factors[:k] + factors[k + 1 :], ids[:k] + ids[k + 1 :]
    )


@read.register
def _(node: IndexSum, shapes: Shapes) -> Table:
    tables = [read(each.of, shapes) for each in node.reads]
    for n, table in enumerate(tables):
        _check_once(*(other.factors for other in tables[:n]), table.factors)
    _check_extents(node, integers(node.shape))
    return sum_table(node, tables)


def _windows(node: Correlate, of: Table, by: Table) -> tuple[Shape, Column, Column, Column]:
    """Return where windows and elements meet: the shape, and row-major (target, of, by)."""
    shape: list[int] = []
    axes: list[tuple[Column, Column, Column]] = []
    at_of, at_by = _coordinates(of), _coordinates(by)
    for k, (step, spread) in enumerate(
        zip(integers(node.stride), integers(node.dilation), strict=True)
    ):
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


def _coordinates(table: Table) -> tuple[Column, ...]:
    return np.unravel_index(table.target, table.shape)


def _moved(node: Node, of: Table, shape: Shape, coordinates: list[Column]) -> Table:
    _check_extents(node, shape)
    inside = np.logical_and.reduce(
        [(i >= 0) & (i < n) for i, n in zip(coordinates, shape, strict=True)]
    )
    target = np.ravel_multi_index([i[inside] for i in coordinates], shape)
    return Table(shape, target, of.factors, tuple(column[inside] for column in of.ids))


def _check_extents(node: Node, shape: Shape) -> None:
    if min(shape, default=1) < 1:
        raise FormulaError(f"{type(node).__name__.lower()} leaves a tensor of shape {shape}")
    if math.prod(shape) > LARGEST:
        raise TooLargeError(
            f"{type(node).__name__.lower()} makes a tensor of shape {shape}, "
            f"more than {LARGEST} elements; use smaller sizes"
        )


def _check_once(*products: tuple[LeafFactor, ...]) -> None:
    """Refuse a product in which one leaf would occur twice."""
    names = [factor.name for factors in products for factor in factors]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FormulaError(f"a product would hold {', '.join(twice)} twice")


def _check_steps(node: Node, steps: tuple[int, ...]) -> None:
    if min(steps) < 1:
        raise FormulaError(f"{type(node).__name__.lower()} by {steps}; a step is at least 1")

"""The one relation J between the elements of input, filter and output of a convolution.

    J = {(m, r, p) : m*l = p*u + r*d - lo, 0 <= m < H, 0 <= r < R, 0 <= p < P}

The forward pass sums over J at fixed p, the gradient with respect to the input at fixed m, the
one with respect to the filter at fixed r; differentiating y = sum x f by an x or an f leaves the
other factor, and the chain rule multiplies it by dL/dy.  Axes are independent: J is the product of
what meets on each, and is kept as that product.  A transposed convolution has m*u + r*d - lo = p.
In a layer images meet themselves, and the channels of a group each other; these are blocks, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from symconv.geometry import Axis, Geometry, Layer
from symconv.tensors.columns import BoundedColumn, Column
from symconv.tensors.factored import FactoredTable
from symconv.tensors.table import LeafFactor, Shape, SortedTable, Table


@dataclass(frozen=True, eq=False, slots=True)
class Meetings:
    """What meets in one block of indices: row-major numbers, one row for each product.

    Attributes:
        x: the elements of the input, in a block of ``input`` elements.
        f: the elements of the filter.
        y: the elements of the output.
        input: the input's extents in this block; () where the input does not have these indices.
        filter: the filter's.
        output: the output's.
    """

    x: Column
    f: Column
    y: Column
    input: Shape
    filter: Shape
    output: Shape

    def __len__(self) -> int:
        return len(self.y)

    def table(self, target: str, *factors: str) -> SortedTable:
        """Return the products of two of ``X``, ``F`` and ``dY``, by the elements of the third.

        Args:
            target: ``X``, ``F`` or ``dY``; Y has the elements of dY.
            factors: the other two.
        """
        columns = {"X": self.x, "F": self.f, "dY": self.y}
        shapes = {"X": self.input, "F": self.filter, "dY": self.output}
        leaves = tuple(LeafFactor(name, shapes[name]) for name in factors)
        ids = tuple(columns[name] for name in factors)
        return Table(shapes[target], columns[target], leaves, ids).sorted()


@dataclass(frozen=True, eq=False, slots=True)
class Contributions:
    """J, as the product of what meets in each block."""

    blocks: tuple[Meetings, ...]

    def __len__(self) -> int:
        return math.prod(map(len, self.blocks))

    def forward(self) -> FactoredTable:
        """Return Y: y = sum x f, shape (P, Q)."""
        return FactoredTable(tuple(block.table("dY", "X", "F") for block in self.blocks))

    def input_gradient(self) -> FactoredTable:
        """Return dX: dL/dx = sum dL/dy f, shape (H, W)."""
        return FactoredTable(tuple(block.table("X", "dY", "F") for block in self.blocks))

    def filter_gradient(self) -> FactoredTable:
        """Return dF: dL/df = sum dL/dy x, shape (R, S)."""
        return FactoredTable(tuple(block.table("F", "dY", "X") for block in self.blocks))


def contributions(sizes: Geometry | Layer) -> Contributions:
    """Return the relation J: a block for each axis, before them a layer's images and channels."""
    if isinstance(sizes, Geometry):
        return Contributions(tuple(map(_meet, sizes.axes)))
    return Contributions((_images(sizes), _channels(sizes), *map(_meet, sizes.geometry.axes)))


def bias_gradient(layer: Layer) -> FactoredTable:
    """Return dB: dL/db = sum dL/dy over images and windows, shape (K,)."""
    extents = [((), (layer.batch,)), ((layer.filters,), (layer.filters,))]
    extents += [((), (n,)) for n in layer.geometry.output]
    blocks = []
    for target, output in extents:
        every = np.arange(output[0])
        leaf = (LeafFactor("dY", output),)
        blocks.append(Table(target, every if target else every * 0, leaf, (every,)).sorted())
    return FactoredTable(tuple(blocks))


def _images(layer: Layer) -> Meetings:
    """Return which images meet: each with itself; the filter is the same for all."""
    n = np.arange(layer.batch)
    return Meetings(n, n * 0, n, (layer.batch,), (), (layer.batch,))


def _channels(layer: Layer) -> Meetings:
    """Return which channels meet: every input channel of a group with every filter of it."""
    g, k, c = (
        indices.ravel()
        for indices in np.indices((layer.groups, layer.group_filters, layer.group_channels))
    )
    x, y = g * layer.group_channels + c, g * layer.group_filters + k
    filter = layer.filter[:2]
    f = x * filter[1] + k if layer.geometry.transposed else y * filter[1] + c
    return Meetings(x, f, y, (layer.channels,), filter, (layer.filters,))


def _meet(axis: Axis) -> Meetings:
    """Return J on one axis: input m, filter element r and window p of every product."""
    extents = (axis.input,), (axis.filter,), (axis.output,)
    if axis.transposed:
        m, r = np.divmod(np.arange(axis.input * axis.filter), axis.filter)
        scattered = BoundedColumn.below(m, axis.input) * axis.stride
        y = scattered + BoundedColumn.below(r, axis.filter) * axis.dilation - axis.padding[0]
        inside = y.inside(axis.output)
        return Meetings(m[inside], r[inside], y.at(inside).indices(axis.output), *extents)
    p, r = np.divmod(np.arange(axis.output * axis.filter), axis.filter)
    window = BoundedColumn.below(p, axis.output) * axis.stride
    tap = BoundedColumn.below(r, axis.filter) * axis.dilation
    place = window + tap - axis.padding[0]
    if axis.input_dilation > 1:
        there = place.inside(axis.spread)
        at = place.at(there).indices(axis.spread)
        m, between = np.divmod(at, axis.input_dilation)
        kept = between == 0
        return Meetings(m[kept], r[there][kept], p[there][kept], *extents)
    inside = place.inside(axis.input)
    return Meetings(place.at(inside).indices(axis.input), r[inside], p[inside], *extents)

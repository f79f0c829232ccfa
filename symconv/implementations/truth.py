"""The gradients that belong to a forward pass, at one size, as the products that are added up.

A forward pass that is linear in its input and in its filter is a list of products: output element y
adds ``weight * x * f``.  Its gradients are the same list, read by another column: dL/dx adds
``weight * dL/dy * f``.  The list of a convolution comes from the relation J of the engines, and
nothing of it from the code that is judged.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symconv.engines.contributions import Meetings, contributions
from symconv.errors import GeometryError
from symconv.geometry import Axis, Geometry, Layer
from symconv.implementations.sizes import TrialSizes
from symconv.tensors.columns import Column

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Products:
    """The products of a forward pass, one in each row, by row-major numbers of elements.

    Attributes:
        y: the output element that a product is added to.
        x: its input element.
        f: its filter element.
        weight: what it is multiplied by; 1 for a convolution.
        input: shape of X, (N, C, H, W).
        filter: shape of F, (K, C/G, R, S).
        output: shape of Y, (N, K, P, Q).
    """

    y: Indices
    x: Indices
    f: Indices
    weight: Numbers
    input: tuple[int, ...]
    filter: tuple[int, ...]
    output: tuple[int, ...]

    def forward(self, x: Numbers, f: Numbers) -> Numbers:
        """Return Y without a bias."""
        return self._sum(self.y, x.ravel()[self.x] * f.ravel()[self.f], self.output)

    def input_gradient(self, dy: Numbers, f: Numbers) -> Numbers:
        """Return dX."""
        return self._sum(self.x, dy.ravel()[self.y] * f.ravel()[self.f], self.input)

    def filter_gradient(self, dy: Numbers, x: Numbers) -> Numbers:
        """Return dF."""
        return self._sum(self.f, dy.ravel()[self.y] * x.ravel()[self.x], self.filter)

    def _sum(self, at: Indices, products: Numbers, shape: tuple[int, ...]) -> Numbers:
        size = math.prod(shape)
        added = np.bincount(at, products * self.weight, minlength=size)
        return added.astype(np.float64).reshape(shape)


def outer(blocks: tuple[Meetings, ...], layer: Layer) -> Products:
    """Return the products of a relation that is given block by block: all combinations."""
    y, x, f = (np.zeros(1, np.int64) for _ in range(3))
    for block in blocks:
        y = _combined(y, block.y, block.output)
        x = _combined(x, block.x, block.input)
        f = _combined(f, block.f, block.filter)
    return Products(y, x, f, np.ones(len(y)), layer.input, layer.filter, layer.output)


def _combined(before: Indices, column: Column, shape: tuple[int, ...]) -> Indices:
    """Return row-major numbers with one more block of indices: all combinations."""
    ids = np.asarray(column, np.int64)
    return (before[:, None] * math.prod(shape) + ids).ravel()


@functools.lru_cache(maxsize=512)
def convolution(layer: Layer, flipped: bool = False) -> Products:
    """Return the products of a layer; ``flipped``: of a true convolution, its filter rotated."""
    blocks = contributions(layer).blocks
    if flipped:
        spatial = (
            Meetings(b.x, b.filter[0] - 1 - np.asarray(b.f), b.y, b.input, b.filter, b.output)
            for b in blocks[2:]
        )
        blocks = (*blocks[:2], *spatial)
    return outer(blocks, layer)


@dataclass(frozen=True, slots=True)
class ForwardReading:
    """What somebody's forward pass turned out to be, at one size.

    Attributes:
        layer: the sizes, with the padding that it really has.
        flipped: whether it rotates the filter: a true convolution.
        bias: whether it adds the bias.
    """

    layer: Layer
    flipped: bool
    bias: bool

    @property
    def products(self) -> Products:
        """The products that its output adds up."""
        return convolution(self.layer, self.flipped)


@dataclass(frozen=True, eq=False, slots=True)
class Leaves:
    """The numbers that an implementation is run on: X, F, and b or None."""

    x: NDArray[Any]
    f: NDArray[Any]
    b: NDArray[Any] | None


def readings(sizes: TrialSizes, output: tuple[int, ...]) -> Iterator[tuple[Layer, bool]]:
    """Yield what a forward pass may be whose output has these extents: the likely ones first."""
    offsets = [_offsets(axis, n) for axis, n in zip(sizes.geometry.axes, output, strict=True)]
    for chosen in sorted(itertools.product(*map(enumerate, offsets)), key=_unlikely):
        try:
            axes = tuple(
                _with_output(axis, lo, n)
                for axis, (_, lo), n in zip(sizes.geometry.axes, chosen, output, strict=True)
            )
        except GeometryError:  # no padding gives as many windows
            return
        layer = sizes.layer
        own = Layer(Geometry(axes), layer.batch, layer.channels, layer.filters, layer.groups)
        for flipped in (False, True):
            yield own, flipped


def _unlikely(chosen: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """Return the order of offsets: what was said for all axes, then the same change on all."""
    ranks = [rank for rank, _ in chosen]
    return (max(ranks), len({*ranks}))


def _offsets(axis: Axis, output: int) -> list[int]:
    """Return what may stand before the input: what was said first, each once."""
    total = (output - 1) * axis.stride + axis.extent - axis.spread
    lo, hi = axis.padding
    likely = [lo, hi, total // 2, total - total // 2, (axis.extent - 1) // 2, axis.extent // 2]
    return [*dict.fromkeys([*likely, 0, axis.extent - 1, lo - 1, lo + 1])]


def _with_output(axis: Axis, lo: int, output: int) -> Axis:
    """Return the axis with ``lo`` before its input and as many windows as there are."""
    if (lo, output) == (axis.padding[0], axis.output):
        return axis
    if axis.transposed:
        scattered = (axis.input - 1) * axis.stride + axis.extent
        hi, more = scattered - lo - output, 0
        most = max(axis.stride, axis.dilation) - 1
        if hi < 0 and -hi <= most:
            hi, more = 0, -hi
        return Axis(axis.input, axis.filter, axis.stride, (lo, hi), axis.dilation, 1, True, more)
    hi = (output - 1) * axis.stride + axis.extent - axis.spread - lo
    return Axis(axis.input, axis.filter, axis.stride, (lo, hi), axis.dilation, axis.input_dilation)


def identify(sizes: TrialSizes, leaves: Leaves, y: Numbers) -> ForwardReading | None:
    """Return which convolution gave ``y``, or None where none did.

    Args:
        sizes: what the implementation was told.
        leaves: what it was run on.
        y: its output, shape (N, K, P, Q).
    """
    layer = sizes.layer
    if y.shape[:2] != (layer.batch, layer.filters) or y.ndim != 2 + sizes.rank:
        return None
    with_bias = None if leaves.b is None else leaves.b.reshape((1, -1) + (1,) * sizes.rank)
    seen = set()
    for own, flipped in readings(sizes, y.shape[2:]):
        if (own, flipped) in seen:
            continue
        seen.add((own, flipped))
        products = convolution(own, flipped)
        plain = products.forward(leaves.x, leaves.f)
        scale = products.forward(np.abs(leaves.x), np.abs(leaves.f))
        if with_bias is not None and agree(y, plain + with_bias, scale + np.abs(with_bias)):
            return ForwardReading(own, flipped, bias=True)
        if agree(y, plain, scale):
            return ForwardReading(own, flipped, bias=False)
    return None


def agree(found: NDArray[np.generic], belongs: Numbers, scale: Numbers) -> bool:
    """Whether numbers agree, up to what rounding does to sums of this size in their type.

    Args:
        found: what was computed.
        belongs: what belongs there, of the same shape.
        scale: the sum of the amounts of all terms, for each element.
    """
    if found.shape != belongs.shape or found.dtype.kind not in "fiub":
        return False
    close = np.abs(found.astype(np.float64) - belongs) <= _epsilon(found.dtype) * (scale + 1)
    return bool(close.all())


def _epsilon(dtype: np.dtype[Any]) -> float:
    return 16 * float(np.finfo(dtype).eps) if dtype.kind == "f" else 1e-12

"""The gradients that belong to a forward pass, at one size, as the products that are added up.

A forward pass that is linear in its input and in its filter is a list of products: output element y
adds ``weight * x * f``.  Its gradients are the same list, read by another column: dL/dx adds
``weight * dL/dy * f``.  The list of a convolution comes from the relation J of the engines, and
nothing of it from the code that is judged.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symconv.engines.contributions import Meetings, contributions
from symconv.geometry import Layer
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


@functools.lru_cache(maxsize=2048)
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


def agree(found: NDArray[np.generic], belongs: Numbers, scale: Numbers | float) -> bool:
    """Whether numbers agree, up to what rounding does to sums of this size in their type.

    Args:
        found: what was computed.
        belongs: what belongs there, of the same shape.
        scale: the sum of the amounts of all terms, for each element or the largest one.
    """
    if found.shape != belongs.shape or found.dtype.kind not in "fiub":
        return False
    close = np.abs(found.astype(np.float64) - belongs) <= _epsilon(found.dtype) * (scale + 1)
    return bool(close.all())


def _epsilon(dtype: np.dtype[Any]) -> float:
    return 16 * float(np.finfo(dtype).eps) if dtype.kind == "f" else 1e-12

"""What implementations are run on: whole numbers, the same for the same seed, or opaque scalars.

Sums of products of whole numbers below a thousand are exact in float64, those of numbers below 32
in float32, so that a right program agrees to the last digit.  The gradient dL/dY is never ones.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symconv.geometry import Layer
from symconv.implementations import opaque
from symconv.implementations.truth import Leaves


@dataclass(frozen=True, slots=True)
class Probe:
    """One choice of numbers.

    Attributes:
        seed: what they are drawn by.
        dtype: float64 or float32.
    """

    seed: int
    dtype: str = "float64"

    @property
    def limit(self) -> int:
        """The largest amount."""
        return 999 if self.dtype == "float64" else 31

    def draw(self, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
        """Return numbers of this shape, none of them 0."""
        return np.array(_drawn(self, name, shape))

    def leaves(self, layer: Layer, bias: bool) -> Leaves:
        """Return X, F and b."""
        b = self.draw("b", (layer.filters,)) if bias else None
        return Leaves(self.draw("x", layer.input), self.draw("f", layer.filter), b)

    def upstream(self, shape: tuple[int, ...]) -> NDArray[Any]:
        """Return dL/dY."""
        return self.draw("dy", shape)


TAPS = 8
"""So many elements are coded in one call: products of 64 and its powers stay exact."""


@dataclass(frozen=True, slots=True)
class CodedProbe(Probe):
    """Numbers by which terms are read off: see `symconv.implementations.coded`.

    Attributes:
        coded: the array whose elements are powers of 64: x, f or dy.
        window: the element of dL/dY that is 1, where that is not the coded one.
        first: the first of the elements that are powers of 64.
    """

    coded: str = "f"
    window: int = 0
    first: int = 0

    def draw(self, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
        """Return numbers of this shape; what is not coded is as in any other probe."""
        made = np.zeros(math.prod(shape))
        if name == self.coded:
            some = made[self.first : self.first + TAPS]
            some[:] = 64.0 ** np.arange(len(some))
        elif name == "dy":
            made[self.window] = 1
        else:
            return np.array(_drawn(Probe(self.seed, self.dtype), name, shape))
        return made.reshape(shape)


def packed(probe: Probe) -> list[Any]:
    """Return a probe as JSON data from which `unpacked` makes it again."""
    plain = [probe.seed, probe.dtype]
    if isinstance(probe, CodedProbe):
        return [*plain, probe.coded, probe.window, probe.first]
    return plain


def unpacked(data: list[Any]) -> Probe:
    """Return the probe that `packed` made data of."""
    return Probe(*data) if len(data) == 2 else CodedProbe(*data)


@functools.lru_cache(maxsize=4096)
def _drawn(probe: Probe, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    rng = np.random.default_rng([probe.seed, *name.encode()])
    amounts = rng.integers(1, probe.limit + 1, shape)
    drawn: NDArray[Any] = (amounts * rng.choice([-1, 1], shape)).astype(probe.dtype)
    return drawn


def first_leaf(layer: Layer, name: str) -> int:
    """Return the number of the first leaf of x, f, b or dy, which are numbered in this order."""
    shapes = {"x": layer.input, "f": layer.filter, "b": (layer.filters,)}
    first = 0
    for each, shape in shapes.items():
        if each == name:
            return first
        first += math.prod(shape)
    return first


def opaque_leaves(layer: Layer, bias: bool) -> Leaves:
    """Return opaque scalars for X, F and b."""
    shapes = {"x": layer.input, "f": layer.filter, "b": (layer.filters,)}
    x, f, b = (opaque.leaves(shape, first_leaf(layer, name)) for name, shape in shapes.items())
    return Leaves(x, f, b if bias else None)


def opaque_upstream(layer: Layer, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return opaque scalars for dL/dY."""
    return opaque.leaves(shape, first_leaf(layer, "dy"))

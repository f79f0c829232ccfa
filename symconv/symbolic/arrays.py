"""Tensors at one size, as integer arrays: numbers for the leaves, formulas by their definitions.

Only a correlation makes numbers larger; how large, is computed before (`greatest`), and beyond 62
bits the arrays hold Python's integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symconv.errors import FormulaError
from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Pad, Rotate
from symconv.formula.sizes import integers
from symconv.tensors.columns import FIRST_BEYOND

Array = np.ndarray[Any, np.dtype[Any]]
"""An array of int64, or of Python's integers where 62 bits could be left."""

LARGEST = 1 << 16
"""Leaves hold random numbers up to this: sums of other products do not agree by chance."""

LARGEST_IN_LAYERS = 1 << 12
"""The same for layers, whose sums are longer: their values are to stay within 62 bits."""


def drawn(shapes: Mapping[str, tuple[int, ...]], largest: int = LARGEST) -> dict[str, Array]:
    """Return leaves of these shapes, filled with large numbers, the same ones every time."""
    random = np.random.default_rng(0)
    return {name: random.integers(1, largest, shape) for name, shape in shapes.items()}


@dataclass(frozen=True, slots=True)
class Planes:
    """A tensor of a layer, each plane of it a formula of planes of others, summed.

    Attributes:
        node: the formula of one plane.
        kept: the leading indices of the tensor.
        summed: those over which the formula is summed.
        of: the leading indices of every leaf of the formula.
        extents: how many values each index has.
    """

    node: Node
    kept: tuple[str, ...]
    summed: tuple[str, ...]
    of: Mapping[str, tuple[str, ...]]
    extents: Mapping[str, int]

    def array(self, leaves: Mapping[str, Array], sizes: Mapping[str, int]) -> Array:
        """Return the tensor, its leading axes first.

        Raises:
            FormulaError: a plane is read whose index is neither kept nor summed, or as in `array`.
        """
        planes = [
            self._plane(leaves, dict(zip(self.kept, index, strict=True)), sizes)
            for index in np.ndindex(*(self.extents[name] for name in self.kept))
        ]
        shape = tuple(self.extents[name] for name in self.kept)
        return np.array(planes).reshape(*shape, *planes[0].shape)

    def _plane(
        self, leaves: Mapping[str, Array], at: dict[str, int], sizes: Mapping[str, int]
    ) -> Array:
        total: Array | int = 0
        for index in np.ndindex(*(self.extents[name] for name in self.summed)):
            every = at | dict(zip(self.summed, index, strict=True))
            for name in {name for letters in self.of.values() for name in letters}:
                if name not in every:
                    raise FormulaError(f"{name} has no value")
            read = {
                leaf: leaves[leaf][tuple(every[name] for name in letters)]
                for leaf, letters in self.of.items()
            }
            total = total + array(self.node, read, sizes)
        return np.asarray(total)


def array(node: Node, leaves: Mapping[str, Array], sizes: Mapping[str, int]) -> Array:
    """Return the tensor that ``node`` is at ``sizes``.

    Raises:
        FormulaError: an extent below 1, or a filter that does not fit.
    """
    match node:
        case Leaf(name):
            return leaves[name]
        case Rotate(of):
            return np.flip(array(of, leaves, sizes))
        case Dilate(of, steps):
            return _dilated(array(of, leaves, sizes), integers(steps, sizes))
        case Pad(of, amounts):
            return _shifted(
                array(of, leaves, sizes), tuple(integers(pair, sizes) for pair in amounts)
            )
        case Correlate(of, by, stride, dilation):
            operands = array(of, leaves, sizes), array(by, leaves, sizes)
            return _correlated(*operands, integers(stride, sizes), integers(dilation, sizes))
        case _:
            raise TypeError(f"{type(node).__name__} has no array")


def _dilated(of: Array, steps: tuple[int, ...]) -> Array:
    result = _zeros([(n - 1) * step + 1 for n, step in zip(of.shape, steps, strict=True)])
    result[tuple(slice(None, None, step) for step in steps)] = of
    return result


def _shifted(of: Array, amounts: tuple[tuple[int, ...], ...]) -> Array:
    """Return ``of`` shifted into zeros: element i becomes element i + lo, if there is one."""
    result = _zeros([n + lo + hi for n, (lo, hi) in zip(of.shape, amounts, strict=True)])
    kept, places = [], []
    for n, (lo, _), size in zip(of.shape, amounts, result.shape, strict=True):
        first, last = max(0, -lo), min(n, size - lo)
        kept.append(slice(first, max(first, last)))
        places.append(slice(first + lo, max(first, last) + lo))
    result[tuple(places)] = of[tuple(kept)]
    return result


def _correlated(of: Array, by: Array, stride: tuple[int, ...], dilation: tuple[int, ...]) -> Array:
    spans = [d * (n - 1) + 1 for n, d in zip(by.shape, dilation, strict=True)]
    room = [n - span for n, span in zip(of.shape, spans, strict=True)]
    if min(room) < 0:
        raise FormulaError(f"a filter that spans {spans} does not fit into {of.shape}")
    result = _zeros([free // step + 1 for free, step in zip(room, stride, strict=True)])
    if by.size * greatest(of) * greatest(by) >= FIRST_BEYOND:
        of, by, result = of.astype(object), by.astype(object), result.astype(object)
    for index in np.ndindex(*by.shape):
        window = tuple(
            slice(i * d, i * d + (n - 1) * step + 1, step)
            for i, d, n, step in zip(index, dilation, result.shape, stride, strict=True)
        )
        result += of[window] * by[index]
    return result


def greatest(of: Array) -> int:
    """Return the greatest absolute value in ``of``, as one of Python's integers."""
    return int(np.abs(of).max(initial=0))


def _zeros(shape: list[int]) -> Array:
    if min(shape) < 1:
        raise FormulaError(f"a tensor of shape {tuple(shape)}")
    return np.zeros(shape, dtype=np.int64)

"""The subject of a figure: a geometry, an element to look at, and the sums that belong to it."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from symconv.engines.engine import Defined, Tensor, TermEngine, leaf_shapes
from symconv.equation import Element, Equation
from symconv.errors import SymconvError
from symconv.figures import paddings
from symconv.geometry import Geometry, Layer
from symconv.proof.takeaways import stepping, times

LARGEST_GRID = 16
"""A grid with more rows or columns than this has no room for symbols."""

LARGEST_PLAIN = 64
"""A grid with more rows or columns than this is not drawn at all."""

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Subject:
    """A convolution to draw.

    Attributes:
        geometry: the sizes; one or two spatial axes.
        element: an element of X, F or Y to look at, or None for a good example.
        plain: whether cells are drawn without symbols, so that larger grids fit.
        layer: the layer of which one image, one channel and one filter are drawn, if any.

    Raises:
        SymconvError: the geometry is too large to draw, or has more than two axes.
    """

    geometry: Geometry
    element: Element | None = None
    plain: bool = False
    layer: Layer | None = None

    def __post_init__(self) -> None:
        largest = LARGEST_PLAIN if self.plain else LARGEST_GRID
        if len(self.geometry.axes) > 2:
            raise SymconvError(
                "figures and slides lie in a plane and show one or two axes, not three; "
                "symconv derive tells three, and --input HxW draws one slice"
            )
        if max(self.extents) > largest:
            size = "x".join(map(str, self.extents))
            way = (
                f"up to {LARGEST_PLAIN}x{LARGEST_PLAIN} are drawn without symbols, with --plain"
                if max(self.extents) <= LARGEST_PLAIN
                else "use a smaller --input"
            )
            raise SymconvError(
                f"the largest grid of this figure has {size} cells; {largest}x{largest} fit; {way}"
            )

    @property
    def part(self) -> str:
        """Which part of its layer is drawn, in words; nothing where it is all there is."""
        if self.layer is None:
            return ""
        drawn = (("image", self.layer.batch), ("channel", self.layer.channels),
                 ("filter", self.layer.filters))  # fmt: skip
        parts = [f"one {noun} of {count:,}" for noun, count in drawn if count > 1]
        return f"drawn: {', '.join(parts)}" if parts else ""

    @property
    def about(self) -> str:
        """What is drawn, in words: the sizes, and what they come to."""
        g = self.geometry
        parts = [
            f"input {times(g.input)}",
            f"filter {times(g.filter)}",
            f"stride {stepping(g.stride)}",
        ]
        if any(map(any, g.padding)):
            parts.append("padding " + " and ".join(f"{lo}, {hi}" for lo, hi in g.padding))
        if max(g.dilation) > 1:
            parts.append(f"dilation {stepping(g.dilation)}")
        if max(g.input_dilation) > 1:
            parts.append(f"input dilation {stepping(g.input_dilation)}")
        kind = "transposed convolution" if g.transposed else "convolution"
        rest = " and ".join(paddings.counted(g.remainder))
        left = f"{rest} left over" if rest else "nothing left over"
        return f"A {kind}: {', '.join(parts)}; output {times(g.output)}, {left}"

    @property
    def extents(self) -> Shape:
        """The extents of the largest grids: the padded input, the padded gradient."""
        return tuple(
            a.output + a.extent - 1
            if a.transposed
            else max(a.padded, a.spread + a.extent - 1, a.input, a.extent)
            for a in self.geometry.axes
        )

    @functools.cached_property
    def engine(self) -> TermEngine:
        """The engine for the sums: Y from its definition, the gradients by the chain rule."""
        return TermEngine(self.geometry)

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of X, F and dY."""
        return leaf_shapes(self.geometry)

    def tensor(self, name: Defined) -> Tensor:
        """Return Y, dX or dF."""
        tensor: Tensor = self.engine.tensor(name)
        return tensor

    def equation(self, target: Element) -> Equation:
        """Return the derived equation of an element of Y, dX or dF."""
        tensor = self.engine.tensor(target.tensor)  # type: ignore[arg-type]
        return Equation(target, tensor.terms(target.index))

    def looked_at(self, tensor: str) -> Element:
        """Return the element to look at in X, F or Y: the given one, else the busiest."""
        if self.element is not None and self.element.tensor == tensor:
            return self.element
        return self.busiest(tensor)

    def busiest(self, tensor: str) -> Element:
        """Return the first element with the most products in it, or in its gradient."""
        return Element(tensor, _busiest(self.geometry, tensor))


@functools.cache
def _busiest(geometry: Geometry, tensor: str) -> tuple[int, ...]:
    name: Defined = "Y" if tensor == "Y" else "dX" if tensor == "X" else "dF"
    found = TermEngine(geometry).tensor(name)
    return max(np.ndindex(*found.shape), key=lambda i: len(found.terms(i)))


def step_of(element: Element, shape: Shape) -> int:
    """Return the row-major number of an element, which is the step that computes it."""
    return int(np.ravel_multi_index(element.index, shape))


def element_at(tensor: str, step: int, shape: Shape) -> Element:
    """Return the element that is computed in a step, row-major."""
    return Element(tensor, tuple(int(i) for i in np.unravel_index(step, shape)))


def count(shape: Shape) -> int:
    """Return how many elements there are."""
    return math.prod(shape)

"""Sizes to test with: named cases that matter, and a hypothesis strategy for the rest."""

from __future__ import annotations

import functools

import pytest
from hypothesis import strategies as st

from symconv.derivation import derive
from symconv.geometry import Axis, Geometry, Layer

CASES = {
    # the lecture's two
    "H5R3u2": Geometry.of(5, 3, 2),
    "H3R2u1": Geometry.of(3, 2),
    # a remainder: the last row and column belong to no window
    "H6R3u2": Geometry.of(6, 3, 2),
    "H8R3u3": Geometry.of(8, 3, 3),
    # a step longer than the filter: pixels between windows are never read
    "H7R2u3": Geometry.of(7, 2, 3),
    "H4R1u3": Geometry.of(4, 1, 3),
    # 1x1 everything
    "H1R1u1": Geometry.of(1, 1),
    "H3R1u1": Geometry.of(3, 1),
    # even filters, axes that differ in everything
    "H6R4u2": Geometry.of(6, 4, 2),
    "H7x5R3x2u2x3": Geometry.of((7, 5), (3, 2), (2, 3)),
    # padding below, at and above R - 1; the last makes the gradient's padding a crop
    "H5R3u2p1": Geometry.of(5, 3, 2, 1),
    "H4R3u2p4": Geometry.of(4, 3, 2, 4),
    "H5x4same": Geometry.of((5, 4), (3, 2), (2, 3), "same"),
    "H4full": Geometry.of(4, 3, 2, "full"),
    # negative padding
    "H8R3u2crop": Geometry.of(8, 3, 2, ((-1, -2), (0, -1))),
    # padding on one side only
    "H5R3u2p0102": Geometry.of(5, 3, 2, ((0, 1), (2, 0))),
    # dilation, with a remainder smaller and not smaller than it
    "H7R2d3": Geometry.of(7, 2, 1, 0, 3),
    "H8R2u2d2": Geometry.of(8, 2, 2, 0, 2),
    "H9R3u3d2p1": Geometry.of((9, 8), (3, 2), (3, 2), ((1, 0), (1, 2)), (2, 3)),
    # crops larger than the tensor that is cropped
    "H1R1u3p20": Geometry.of(1, 1, 3, ((2, 0), (2, 0))),
    "H3R1u3p2-2": Geometry.of(3, 1, 3, ((2, -2), (2, -2))),
    "H2R1u4p03": Geometry.of(2, 1, 4, ((3, 0), (0, 3))),
}

SPREAD = {
    # input dilation: alone, with a remainder, beside stride and dilation, with a crop
    "H4R3l2": Geometry.of(4, 3, input_dilation=2),
    "H4R3u2l3": Geometry.of(4, 3, 2, input_dilation=3),
    "H5x4R2u3x2d2l2x3p1": Geometry.of((5, 4), 2, (3, 2), 1, 2, (2, 3)),
    "H4R2u2l3crop": Geometry.of(4, 2, 2, ((-1, -2), (-2, 0)), 1, 3),
    # one axis and three
    "H6R3u2rank1": Geometry.of((6,), (3,), (2,)),
    "H5R2u2l2rank1": Geometry.of((5,), (2,), (2,), ((1, 2),), (1,), (2,)),
    "H4x3x5rank3": Geometry.of((4, 3, 5), (2, 3, 2), (2, 1, 3), 1, 1, (1, 2, 1)),
}
"""Sizes with an input dilation, or on one or three axes."""

TRANSPOSED = {
    "H3R3u2t": Geometry.of(3, 3, 2, transposed=True),
    "H3R3u2p1op1t": Geometry.of(3, 3, 2, 1, transposed=True, output_padding=1),
    "H3x2R2x3d3op2t": Geometry.of((3, 2), (2, 3), 1, 0, 3, transposed=True, output_padding=2),
    "H2R1u3p10t": Geometry.of(2, 1, 3, ((1, 0), (0, 2)), transposed=True, output_padding=(2, 1)),
    "H4R2u2rank1t": Geometry.of((4,), (2,), (2,), 1, 1, transposed=True),
}
"""Transposed convolutions, with output paddings up to max(stride, dilation) - 1."""

LAYERS = {
    "plain": Layer(Geometry.of(4, 3), 2, 3, 2, bias=True),
    "remainder": Layer(Geometry.of(6, 3, 2, 1), 2, 2, 3),
    "groups": Layer(Geometry.of((5, 4), (3, 2), 2), 2, 4, 6, 2),
    "depthwise": Layer(Geometry.of(4, 3, 1, 1), 2, 3, 3, 3),
    "multiplier": Layer(Geometry.of(4, 2), 1, 2, 4, 2, bias=True),
    "one axis": Layer(Geometry.of((7,), (3,), (2,)), 3, 2, 2),
    "three axes": Layer(Geometry.of((3, 4, 3), (2, 2, 2), (1, 2, 1)), 1, 2, 2),
    "spread": Layer(Geometry.of(4, 3, 2, 1, 1, 2), 2, 2, 2, 2),
    "crop": Layer(Geometry.of(8, 3, 2, ((-1, -2), (0, -1))), 1, 2, 1),
    "transposed": Layer(TRANSPOSED["H3R3u2p1op1t"], 2, 4, 6, 2, bias=True),
    "transposed, dilated": Layer(TRANSPOSED["H3x2R2x3d3op2t"], 1, 2, 1),
    "transposed, one axis": Layer(TRANSPOSED["H4R2u2rank1t"], 2, 1, 3),
}
"""Layers that matter."""

derived = functools.cache(derive)
"""`derive`, computed once for each geometry, for tests that look at what is shown."""

cases = pytest.mark.parametrize("sizes", CASES.values(), ids=CASES.keys())
"""Run a test at every named case on two axes."""

every_case = pytest.mark.parametrize(
    "sizes", (CASES | SPREAD).values(), ids=(CASES | SPREAD).keys()
)
"""Run a test at every named case, input dilation and other ranks among them."""


@st.composite
def axes(draw, extra: int = 4, spreads: tuple[int, ...] = (1,)) -> Axis:
    """Draw an axis: remainders, long steps, 1-element and even filters, crops and wide padding."""
    R, u, d = draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    spread = draw(st.sampled_from(spreads))
    lo, hi = draw(st.integers(-3, d * R + 1)), draw(st.integers(-3, d * R + 1))
    least = max(1, 1 - (lo + hi - d * (R - 1) - 1) // spread)
    return Axis(least + draw(st.integers(0, extra)), R, u, (lo, hi), d, spread)


@st.composite
def geometries(draw, extra: int = 3) -> Geometry:
    """Draw two axes, independently of one another."""
    return Geometry((draw(axes(extra)), draw(axes(extra))))


@st.composite
def every_geometry(draw, extra: int = 3) -> Geometry:
    """Draw one to three axes, with input dilation."""
    rank = draw(st.sampled_from((1, 1, 2, 2, 3)))
    return Geometry(tuple(draw(axes(min(extra, 9 // rank**2), (1, 1, 2, 3))) for _ in range(rank)))


@st.composite
def transposed_axes(draw) -> Axis:
    """Draw an axis of a transposed convolution, output padding up to max(stride, dilation) - 1."""
    H, R, u, d = (draw(st.integers(1, most)) for most in (3, 3, 4, 3))
    more = draw(st.integers(0, max(u, d) - 1))
    extent = (H - 1) * u + d * (R - 1) + 1 + more
    lo = draw(st.integers(-2, extent - 1))
    hi = draw(st.integers(-2, extent - 1 - max(lo, 0)))
    return Axis(H, R, u, (lo, hi), d, 1, True, more)


@st.composite
def layers(draw) -> Layer:
    """Draw a small layer: any rank, groups, input dilation or transposed."""
    rank = draw(st.sampled_from((1, 2, 2, 3)))
    axis = draw(st.sampled_from((axes(3 // rank, (1, 1, 2)), transposed_axes())))
    small = st.integers(1, 2)
    G = draw(small)
    geometry = Geometry(tuple(draw(axis) for _ in range(rank)))
    return Layer(geometry, draw(small), G * draw(small), G * draw(small), G, draw(st.booleans()))

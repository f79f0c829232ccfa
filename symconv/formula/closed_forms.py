"""The forward pass and its two gradients as formulas of dilate, pad, rotate and correlate.

With D = d*(R - 1) + 1, Hl = l*(H - 1) + 1 and rem = (Hl + lo + hi - D) mod u on each axis
(`symconv.geometry`):

    Y  = correlate(pad(dilate(X, l), (lo, hi)), F, stride=u, dilation=d)
    dX = correlate(pad(dilate(dY, u), (D-1-lo, D-1-hi+rem)), rotate(F), stride=l, dilation=d)
    dF = correlate(pad(dilate(X, l), (lo, hi-rem)), dilate(dY, u), stride=d)

The triple of stride, dilation and input dilation is permuted: (u, d, l) in Y is (l, d, u) in dX,
with F rotated, and (d, u, l) in dF.  Of a transposed convolution with output padding op:

    Y  = correlate(pad(dilate(X, u), (D-1-lo, D-1-hi+op)), rotate(F), dilation=d)
    dX = correlate(pad(dY, (lo, hi-op)), F, stride=u, dilation=d)
    dF = correlate(pad(dY, (lo, hi-op)), dilate(X, u), stride=d)

The forms hold for every size.  The textbook forms are these with rem = 0, whatever the sizes.
Operators that change nothing at the sizes at hand (pad by 0, dilate by 1) are left out.
"""

from __future__ import annotations

from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Pad, Rotate
from symconv.geometry import Geometry

X, F, dY = Leaf("X"), Leaf("F"), Leaf("dY")

Amounts = tuple[tuple[int, int], ...]


def forward(geometry: Geometry) -> Correlate:
    """Return Y = correlate(pad(dilate(X, l), ..), F, ..), shape (P, Q)."""
    if geometry.transposed:
        amounts = tuple(
            (a.extent - 1 - a.padding[0], a.extent - 1 - a.padding[1] + a.output_padding)
            for a in geometry.axes
        )
        padded = pad(dilate(X, geometry.stride), amounts)
        return Correlate(padded, Rotate(F), ones(geometry), geometry.dilation)
    padded = pad(spread_input(geometry), geometry.padding)
    return Correlate(padded, F, geometry.stride, geometry.dilation)


def input_gradient(geometry: Geometry) -> Correlate:
    """Return dX = dL/dX, shape (H, W), as a formula of dY and F."""
    if geometry.transposed:
        return Correlate(_cropped_gradient(geometry), F, geometry.stride, geometry.dilation)
    return Correlate(
        pad(dilated_gradient(geometry), input_gradient_padding(geometry)),
        Rotate(F),
        geometry.input_dilation,
        geometry.dilation,
    )


def filter_gradient(geometry: Geometry) -> Correlate:
    """Return dF = dL/dF, shape (R, S), as a formula of X and dY."""
    if geometry.transposed:
        spread = dilate(X, geometry.stride)
        return Correlate(_cropped_gradient(geometry), spread, geometry.dilation, ones(geometry))
    return Correlate(
        pad(spread_input(geometry), filter_gradient_padding(geometry)),
        dilated_gradient(geometry),
        geometry.dilation,
        ones(geometry),
    )


def _cropped_gradient(geometry: Geometry) -> Node:
    """Return pad(dY, (lo, hi - op)), what both gradients of a transposed convolution read."""
    return pad(dY, tuple((a.padding[0], a.padding[1] - a.output_padding) for a in geometry.axes))


def spread_input(geometry: Geometry) -> Node:
    """Return dilate(X, l): l - 1 zeros between neighbours, shape (l*(H-1) + 1, ...)."""
    return dilate(X, geometry.input_dilation)


def dilated_gradient(geometry: Geometry) -> Node:
    """Return dilate(dY, u): u - 1 zeros between neighbours, shape ((P-1)*u + 1, ...)."""
    return dilate(dY, geometry.stride)


def input_gradient_padding(geometry: Geometry) -> Amounts:
    """Return (D - 1 - lo, D - 1 - hi + rem) for each axis; negative: crop."""
    return tuple(
        (a.extent - 1 - a.padding[0], a.extent - 1 - a.padding[1] + a.remainder)
        for a in geometry.axes
    )


def filter_gradient_padding(geometry: Geometry) -> Amounts:
    """Return (lo, hi - rem) for each axis: the rows that no window reached are cropped."""
    return tuple((a.padding[0], a.padding[1] - a.remainder) for a in geometry.axes)


def textbook_input_gradient(geometry: Geometry) -> Correlate:
    """Return dX as lectures print it, remainder forgotten: D - 1 less the padding on both sides."""
    amounts = tuple(
        (a.extent - 1 - a.padding[0], a.extent - 1 - a.padding[1]) for a in geometry.axes
    )
    padded = pad(dilated_gradient(geometry), amounts)
    return Correlate(padded, Rotate(F), geometry.input_dilation, geometry.dilation)


def textbook_filter_gradient(geometry: Geometry) -> Correlate:
    """Return dF as lectures print it, remainder forgotten: X is not cropped."""
    padded = pad(spread_input(geometry), geometry.padding)
    return Correlate(padded, dilated_gradient(geometry), geometry.dilation, ones(geometry))


def pad(of: Node, amounts: Amounts) -> Node:
    """Return ``of`` padded, or ``of`` itself where every amount is 0."""
    return Pad(of, amounts) if any(lo or hi for lo, hi in amounts) else of


def dilate(of: Node, steps: tuple[int, ...]) -> Node:
    """Return ``of`` dilated, or ``of`` itself where every step is 1."""
    return Dilate(of, steps) if any(step != 1 for step in steps) else of


def ones(geometry: Geometry) -> tuple[int, ...]:
    """Return a step of 1 for each axis."""
    return (1,) * len(geometry.axes)

"""What an exported module computes: one correlation for each of Y, dX and dF, in every target.

A correlation is said by the parameters that it takes, so that one description serves code with
numbers in it and code with letters: the gradients of a convolution have its stride, dilation and
input dilation in other places, and none has more than these.

    kind       sums                                       padding of its first operand
    GATHER     y[n,k]  = sum over c  of x[n,c]  f[k,c]    (lo, hi - more)
    SCATTER    dx[n,c] = sum over k  of dy[n,k] f[k,c]    (D - 1 - lo, D - 1 - hi + more), f rotated
    FILTER     df[k,c] = sum over n  of x[n,c]  dy[n,k]   (lo, hi - more)

``more`` is the remainder, or a transposed convolution's output padding: its forward pass scatters,
and its input gradient gathers.  A test compares `node` with `symconv.formula.closed_forms`, whose
formulas are proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate, Leaf, Rotate
from symconv.geometry import Geometry

Steps = tuple[int, ...]
Amounts = tuple[tuple[int, int], ...]


class SumKind(Enum):
    """Who is summed, and whether the filter is rotated."""

    GATHER = "each output collects its window"
    SCATTER = "each output is spread over its window: the transpose of GATHER"
    FILTER = "each filter element collects what it was multiplied with"


class StepName(Enum):
    """A parameter of the layer that is a step on each axis; the value is its name."""

    ONE = "1"
    STRIDE = "stride"
    DILATION = "dilation"
    INPUT_DILATION = "input_dilation"


class EndName(Enum):
    """What lies at the end of an axis and belongs to no window; the value is its name."""

    NOTHING = "0"
    REMAINDER = "remainder"
    OUTPUT_PADDING = "output_padding"


@dataclass(frozen=True, slots=True)
class Correlation:
    """One tensor of a layer as a correlation.

    Attributes:
        kind: who is summed.
        of: the first operand: x or dy.
        by: the second: f, dy or x.
        spread: the step between the elements of the first operand.
        stride: the step between windows.
        dilation: the step between the elements of the second operand.
        more: what is at the end of the axis.
    """

    kind: SumKind
    of: str
    by: str
    spread: StepName
    stride: StepName
    dilation: StepName
    more: EndName


@dataclass(frozen=True, slots=True)
class LayerProgram:
    """What an exported module computes, beside the bias and its gradient.

    Attributes:
        forward: Y.
        input_gradient: dX.
        filter_gradient: dF.
    """

    forward: Correlation
    input_gradient: Correlation
    filter_gradient: Correlation


_ONE, _STRIDE, _DILATION, _INPUT_DILATION = StepName

CONVOLUTION = LayerProgram(
    Correlation(SumKind.GATHER, "x", "f", _INPUT_DILATION, _STRIDE, _DILATION, EndName.NOTHING),
    Correlation(SumKind.SCATTER, "dy", "f", _STRIDE, _INPUT_DILATION, _DILATION, EndName.REMAINDER),
    Correlation(SumKind.FILTER, "x", "dy", _INPUT_DILATION, _DILATION, _STRIDE, EndName.REMAINDER),
)

TRANSPOSED = LayerProgram(
    Correlation(SumKind.SCATTER, "x", "f", _STRIDE, _ONE, _DILATION, EndName.OUTPUT_PADDING),
    Correlation(SumKind.GATHER, "dy", "f", _ONE, _STRIDE, _DILATION, EndName.OUTPUT_PADDING),
    Correlation(SumKind.FILTER, "dy", "x", _ONE, _DILATION, _STRIDE, EndName.OUTPUT_PADDING),
)


def program(transposed: bool) -> LayerProgram:
    """Return what a convolution computes, or a transposed one."""
    return TRANSPOSED if transposed else CONVOLUTION


def steps(step: StepName, geometry: Geometry) -> Steps:
    """Return a step on each axis."""
    match step:
        case StepName.ONE:
            return closed_forms.ones(geometry)
        case StepName.STRIDE:
            return geometry.stride
        case StepName.DILATION:
            return geometry.dilation
        case StepName.INPUT_DILATION:
            return geometry.input_dilation
        case _:
            assert_never(step)


def surplus(more: EndName, geometry: Geometry) -> Steps:
    """Return how many elements at the end of each axis belong to no window."""
    match more:
        case EndName.NOTHING:
            return (0,) * len(geometry.axes)
        case EndName.REMAINDER:
            return geometry.remainder
        case EndName.OUTPUT_PADDING:
            return geometry.output_padding
        case _:
            assert_never(more)


def amounts(correlation: Correlation, geometry: Geometry) -> Amounts:
    """Return by how much the first operand is padded on each axis; negative: cropped."""
    more = surplus(correlation.more, geometry)
    match correlation.kind:
        case SumKind.GATHER | SumKind.FILTER:
            return tuple(
                (a.padding[0], a.padding[1] - rest)
                for a, rest in zip(geometry.axes, more, strict=True)
            )
        case SumKind.SCATTER:
            return tuple(
                (a.extent - 1 - a.padding[0], a.extent - 1 - a.padding[1] + rest)
                for a, rest in zip(geometry.axes, more, strict=True)
            )
        case _:
            assert_never(correlation.kind)


_LEAVES: Mapping[str, Leaf] = {
    "x": closed_forms.X,
    "f": closed_forms.F,
    "dy": closed_forms.dY,
}


def node(correlation: Correlation, geometry: Geometry) -> Correlate:
    """Return a correlation in space as the formula that it is."""
    of = closed_forms.dilate(_LEAVES[correlation.of], steps(correlation.spread, geometry))
    padded = closed_forms.pad(of, amounts(correlation, geometry))
    stride, dilation = (steps(s, geometry) for s in (correlation.stride, correlation.dilation))
    by = _LEAVES[correlation.by]
    match correlation.kind:
        case SumKind.GATHER:
            return Correlate(padded, by, stride, dilation)
        case SumKind.SCATTER:
            return Correlate(padded, Rotate(by), stride, dilation)
        case SumKind.FILTER:  # a dilated filter, or a dilation of the correlation: the same
            spread = closed_forms.dilate(by, dilation)
            return Correlate(padded, spread, stride, closed_forms.ones(geometry))
        case _:
            assert_never(correlation.kind)

"""Which convolution a forward pass is: its padding, whether it flips the filter, and the bias."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from symconv.errors import GeometryError
from symconv.geometry import Axis, Geometry, Layer
from symconv.implementations.gradients import on_probe
from symconv.implementations.probes import Probe
from symconv.implementations.sizes import TrialSizes
from symconv.implementations.truth import ForwardReading, agree, convolution


def identify(
    sizes: TrialSizes, probe: Probe, bias: bool, y: NDArray[np.generic]
) -> ForwardReading | None:
    """Return which convolution gave ``y``, or None where none did.

    Args:
        sizes: what the implementation was told.
        probe: the numbers that it was run on.
        bias: whether it was given a bias.
        y: its output, shape (N, K, P, Q).
    """
    layer = sizes.layer
    if y.shape[:2] != (layer.batch, layer.filters) or y.ndim != 2 + sizes.rank:
        return None
    b = probe.draw("b", (layer.filters,)).astype(float) if bias else np.zeros(layer.filters)
    added = b.reshape((1, -1) + (1,) * sizes.rank)
    seen = set()
    likely = ((layer, flipped) for flipped in (False, True) if layer.output == y.shape)
    for own, flipped in itertools.chain(likely, readings(sizes, y.shape[2:])):
        if (own, flipped) in seen:
            continue
        seen.add((own, flipped))
        plain, scale = on_probe("Y", convolution(own, flipped), probe)
        if bias and agree(y, plain + added, scale + np.abs(added)):
            return ForwardReading(own, flipped, bias=True)
        if agree(y, plain, scale):
            return ForwardReading(own, flipped, bias=False)
    return None


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

"""What goes wrong on one axis: each slip is one change of the relation between m, r and p."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from symconv.geometry import Axis, Layer
from symconv.implementations.probes import Probe
from symconv.implementations.truth import ForwardReading, Numbers

Rows = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class AxisRelation:
    """The numbers of one axis: m = p*step + r*tap - offset.

    Of a transposed convolution p = m*step + r*tap - offset: m and p have changed places here.

    Attributes:
        step: what p is multiplied by.
        tap: what r is multiplied by.
        offset: what is subtracted.
        turned: whether R - 1 - r stands for r.
        windows: the p that are summed.
        taps: the r that are summed.
        inputs: the m that are.
    """

    step: int
    tap: int
    offset: int
    turned: bool
    windows: range
    taps: range
    inputs: range

    def rows(self, R: int) -> Rows:
        """Return (m, r, p) of every product."""
        p, r = (np.arange(each.start, each.stop) for each in (self.windows, self.taps))
        tap = (R - 1 - r if self.turned else r) * self.tap - self.offset
        place = p[:, None] * self.step + tap
        at = ((place >= self.inputs.start) & (place < self.inputs.stop)).nonzero()
        return place[at], r[at[1]], p[at[0]]


def right(axis: Axis, flipped: bool) -> AxisRelation:
    """Return the relation of a forward pass on one axis."""
    p, m = range(axis.output), range(axis.input)
    if axis.transposed:
        p, m = m, p
    sizes = axis.stride, axis.dilation, axis.padding[0]
    return AxisRelation(*sizes, flipped, p, range(axis.filter), m)


Change = Callable[[AxisRelation, Axis, Axis], AxisRelation]
"""Changes the relation of an axis; the other axis is the one whose sizes are mistaken for its."""


@dataclass(frozen=True, eq=False, slots=True)
class AxisSlip:
    """One change on an axis: its code, the condition that it computes, and what it does."""

    code: str
    computes: str
    change: Change


def _offset(amount: Callable[[Axis, Axis], int]) -> Change:
    return lambda relation, axis, other: replace(relation, offset=amount(axis, other))


def _shorter(one: range, other: range) -> range:
    return min(one, other, key=len)


SLIPS = (
    AxisSlip("V105", "{m} = {p} + {r}*d - pad", lambda k, a, o: replace(k, step=1)),
    AxisSlip("V106", "{m} = {p}*u + {r} - pad", lambda k, a, o: replace(k, tap=1)),
    AxisSlip(
        "V104",
        "{m} = {p}*d + {r}*u - pad",
        lambda k, a, o: replace(k, step=a.dilation, tap=a.stride),
    ),
    AxisSlip("V104", "{m} = {p}*d + {r}*d - pad", lambda k, a, o: replace(k, step=a.dilation)),
    AxisSlip("V104", "{m} = {p}*u + {r}*u - pad", lambda k, a, o: replace(k, tap=a.stride)),
    AxisSlip("V108", "{m} = {p}*(the other stride) + {r}*d - pad",
              lambda k, a, o: replace(k, step=o.stride)),
    AxisSlip("V108", "{m} = {p}*u + {r}*(the other dilation) - pad",
              lambda k, a, o: replace(k, tap=o.dilation)),
    AxisSlip("V108", "{m} = {p}*u + {r}*d - (the other pad)",
              _offset(lambda a, o: o.padding[0])),
    AxisSlip("V103", "{m} = {p}*u + ({R} - 1 - {r})*d - pad",
              lambda k, a, o: replace(k, turned=not k.turned)),
    AxisSlip("V107", "{m} = {p}*u + {r}*d", _offset(lambda a, o: 0)),
    AxisSlip("V107", "{m} = {p}*u + {r}*d - (padding at the end)",
              _offset(lambda a, o: a.padding[1])),
    AxisSlip("V107", "{m} = {p}*u + {r}*d - 2*pad", _offset(lambda a, o: 2 * a.padding[0])),
    AxisSlip("V107", "{m} = {p}*u + {r}*d + pad", _offset(lambda a, o: -a.padding[0])),
    AxisSlip("V107", "{m} = {p}*u + {r}*d - ({R} - 1)//2",
              _offset(lambda a, o: (a.filter - 1) // 2)),
    AxisSlip("V107", "{m} = {p}*u + {r}*d - {R}//2", _offset(lambda a, o: a.filter // 2)),
    AxisSlip("V107", "{m} = {p}*u + {r}*d - ({R} - 1 - pad)",
              _offset(lambda a, o: a.extent - 1 - a.padding[0])),
    AxisSlip("V107", "{m} = {p}*u + {r}*d - ({R} - 1)",
              _offset(lambda a, o: a.extent - 1)),
    AxisSlip("V109", "{m} = {p}*u + {r}*d - pad + 1", _offset(lambda a, o: a.padding[0] - 1)),
    AxisSlip("V109", "{m} = {p}*u + {r}*d - pad - 1", _offset(lambda a, o: a.padding[0] + 1)),
    AxisSlip("V102", "{m} = {p}*u + {r}*d - pad + remainder",
              _offset(lambda a, o: a.padding[0] - a.remainder)),
    AxisSlip("V102", "{m} = {p}*u + {r}*d - pad - remainder",
              _offset(lambda a, o: a.padding[0] + a.remainder)),
    AxisSlip("V110", "{p} < {P} - 1", lambda k, a, o: replace(k, windows=k.windows[:-1])),
    AxisSlip("V110", "{p} >= 1", lambda k, a, o: replace(k, windows=k.windows[1:])),
    AxisSlip("V110", "{r} < {R} - 1", lambda k, a, o: replace(k, taps=k.taps[:-1])),
    AxisSlip("V110", "{r} >= 1", lambda k, a, o: replace(k, taps=k.taps[1:])),
    AxisSlip("V110", "{m} < {M} - 1", lambda k, a, o: replace(k, inputs=k.inputs[:-1])),
    AxisSlip("V110", "{m} >= 1", lambda k, a, o: replace(k, inputs=k.inputs[1:])),
    AxisSlip("V108", "{p} < (the other {P})",
              lambda k, a, o: replace(k, windows=_shorter(k.windows, right(o, False).windows))),
    AxisSlip("V108", "{r} < (the other {R})",
              lambda k, a, o: replace(k, taps=range(min(a.filter, o.filter)))),
    AxisSlip("V108", "{m} < (the other {M})",
              lambda k, a, o: replace(k, inputs=_shorter(k.inputs, right(o, False).inputs))),
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class SlipSum:
    """A gradient summed over a relation that is changed on some axes.

    Attributes:
        gradient: dX or dF.
        slip: the change.
        axes: where it is made.
    """

    gradient: str
    slip: AxisSlip
    axes: tuple[int, ...]

    def numbers(self, reading: ForwardReading, probe: Probe) -> Numbers:
        """Return what it gives on the numbers of a probe."""
        layer = reading.layer
        space = layer.geometry.axes
        found = _pairs(self.gradient, layer, probe)
        for k, axis in enumerate(space):
            slip = self.slip if k in self.axes else None
            matrix = _matrix(self.gradient, slip, axis, self._other(space, k), reading.flipped)
            found = np.tensordot(found, matrix, ([1], [1]))
        return found.reshape(layer.input if self.gradient == "dX" else layer.filter)

    def _other(self, space: Sequence[Axis], k: int) -> Axis:
        """Return the axis whose sizes are mistaken for those of axis ``k``: itself, for most."""
        return space[k - 1] if self.slip.code == "V108" else space[k]

    def differs(self, reading: ForwardReading) -> bool:
        """Whether it has other terms than the gradient."""
        space = reading.layer.geometry.axes
        rightly, wrongly, same = True, True, True
        for k, axis in enumerate(space):
            slip = self.slip if k in self.axes else None
            here = _compared(slip, axis, self._other(space, k), reading.flipped)
            rightly, wrongly, same = rightly and here[0], wrongly and here[1], same and here[2]
        return not same and (rightly or wrongly)


def _relation(slip: AxisSlip | None, axis: Axis, other: Axis, flipped: bool) -> AxisRelation:
    relation = right(axis, flipped)
    return relation if slip is None else slip.change(relation, axis, other)


@functools.lru_cache(maxsize=8192)
def _compared(
    slip: AxisSlip | None, axis: Axis, other: Axis, flipped: bool
) -> tuple[bool, bool, bool]:
    """Return whether the right relation has products, whether the wrong one, whether they agree."""
    rightly, wrongly = (
        np.stack(_relation(each, axis, other, flipped).rows(axis.filter)) for each in (None, slip)
    )
    return bool(rightly.size), bool(wrongly.size), np.array_equal(rightly, wrongly)


@functools.lru_cache(maxsize=8192)
def _matrix(
    gradient: str, slip: AxisSlip | None, axis: Axis, other: Axis, flipped: bool
) -> Numbers:
    """Return which pairs of indices an element adds up: (m, p and r), or (r, p and m) for dF."""
    m, r, p = _relation(slip, axis, other, flipped).rows(axis.filter)
    if axis.transposed:
        m, p = p, m
    element, with_p = (m, r) if gradient == "dX" else (r, m)
    sizes = (axis.input, axis.filter) if gradient == "dX" else (axis.filter, axis.input)
    made = np.zeros((sizes[0], axis.output * sizes[1]))
    made[element, p * sizes[1] + with_p] = 1
    return made


@functools.lru_cache(maxsize=512)
def _pairs(gradient: str, layer: Layer, probe: Probe) -> Numbers:
    """Return all products of dY with F or X, summed over filters or images.

    Its shape is (N C, P R, Q S) for dX and (K C/G, P H, Q W) for dF, (C K/G, P H, Q W) of a
    transposed convolution.
    """
    G, K, C = layer.groups, layer.group_filters, layer.group_channels
    N, transposed = layer.batch, layer.geometry.transposed
    dy = probe.upstream(layer.output).astype(float).reshape(N, G, K, -1)
    if gradient == "dX":
        f = probe.draw("f", layer.filter).astype(float)
        f = f.reshape(G, C, K, -1) if transposed else f.reshape(G, K, C, -1).swapaxes(1, 2)
        made, others = np.einsum("ngka,gckb->ngcab", dy, f), layer.geometry.filter
    else:
        x = probe.draw("x", layer.input).astype(float).reshape(N, G, C, -1)
        made, others = np.einsum("ngka,ngcb->gkcab", dy, x), layer.geometry.input
        made = made.swapaxes(1, 2) if transposed else made
    return _by_axis(made, layer.geometry.output, others)


def _by_axis(products: Numbers, windows: Sequence[int], others: Sequence[int]) -> Numbers:
    """Return an array (.., P Q, R S) as (.., P R, Q S)."""
    rank, lead = len(windows), math.prod(products.shape[:-2])
    apart = products.reshape(lead, *windows, *others)
    order = [0, *(1 + k + rank * side for k in range(rank) for side in (0, 1))]
    joined = [a * b for a, b in zip(windows, others, strict=True)]
    return apart.transpose(order).reshape(lead, *joined)

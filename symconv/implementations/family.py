"""The wrong formulas that people write: each one change of the relation between m, r and p.

On an axis the right gradients add up the products with m = p*u + r*d - pad; of a transposed
convolution those with p = m*u + r*d - pad, m and p having changed places.  A wrong formula has
another factor, another offset, a filter that is turned, or loops that end too early; over images,
channels and windows it keeps one product where all belong.  A formula is never guessed: it is said
only where it gives exactly the numbers that came out, at every size that was tried.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from symconv.geometry import Axis
from symconv.implementations.sizes import SPATIAL, TAPS, WINDOWS
from symconv.implementations.truth import ForwardReading, Leaves, Products

Numbers = NDArray[np.float64]
Rows = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class AxisRelation:
    """The numbers of one axis: m = p*step + r*tap - offset.

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
        p, r = (each.ravel() for each in np.meshgrid(self.windows, self.taps, indexing="ij"))
        p, r = p.astype(np.int64), r.astype(np.int64)
        place = p * self.step + (R - 1 - r if self.turned else r) * self.tap - self.offset
        inside = (place >= self.inputs.start) & (place < self.inputs.stop)
        return place[inside], r[inside], p[inside]


def right(axis: Axis, flipped: bool) -> AxisRelation:
    """Return the relation of a forward pass on one axis."""
    ends = (axis.input, axis.output) if axis.transposed else (axis.output, axis.input)
    every = range(ends[0]), range(axis.filter), range(ends[1])
    return AxisRelation(axis.stride, axis.dilation, axis.padding[0], flipped, *every)


Change = Callable[[AxisRelation, Axis, Axis], AxisRelation]
"""Changes the relation of an axis; the other axis is the one whose sizes are mistaken for its."""


@dataclass(frozen=True, slots=True)
class _AxisSlip:
    """One change on an axis: its code, the condition that it computes, and what it does."""

    code: str
    computes: str
    change: Change


def _offset(amount: Callable[[Axis, Axis], int]) -> Change:
    return lambda relation, axis, other: replace(relation, offset=amount(axis, other))


def _shorter(one: range, other: range) -> range:
    return min(one, other, key=len)


_SLIPS = (
    _AxisSlip("V105", "{m} = {p} + {r}*d - pad", lambda k, a, o: replace(k, step=1)),
    _AxisSlip("V106", "{m} = {p}*u + {r} - pad", lambda k, a, o: replace(k, tap=1)),
    _AxisSlip(
        "V104",
        "{m} = {p}*d + {r}*u - pad",
        lambda k, a, o: replace(k, step=a.dilation, tap=a.stride),
    ),
    _AxisSlip("V104", "{m} = {p}*d + {r}*d - pad", lambda k, a, o: replace(k, step=a.dilation)),
    _AxisSlip("V104", "{m} = {p}*u + {r}*u - pad", lambda k, a, o: replace(k, tap=a.stride)),
    _AxisSlip("V108", "{m} = {p}*(the other stride) + {r}*d - pad",
              lambda k, a, o: replace(k, step=o.stride)),
    _AxisSlip("V108", "{m} = {p}*u + {r}*(the other dilation) - pad",
              lambda k, a, o: replace(k, tap=o.dilation)),
    _AxisSlip("V108", "{m} = {p}*u + {r}*d - (the other pad)",
              _offset(lambda a, o: o.padding[0])),
    _AxisSlip("V103", "{m} = {p}*u + ({R} - 1 - {r})*d - pad",
              lambda k, a, o: replace(k, turned=not k.turned)),
    _AxisSlip("V107", "{m} = {p}*u + {r}*d", _offset(lambda a, o: 0)),
    _AxisSlip("V107", "{m} = {p}*u + {r}*d - (padding at the end)",
              _offset(lambda a, o: a.padding[1])),
    _AxisSlip("V107", "{m} = {p}*u + {r}*d - 2*pad", _offset(lambda a, o: 2 * a.padding[0])),
    _AxisSlip("V107", "{m} = {p}*u + {r}*d + pad", _offset(lambda a, o: -a.padding[0])),
    _AxisSlip("V107", "{m} = {p}*u + {r}*d - ({R} - 1)//2",
              _offset(lambda a, o: (a.filter - 1) // 2)),
    _AxisSlip("V107", "{m} = {p}*u + {r}*d - {R}//2", _offset(lambda a, o: a.filter // 2)),
    _AxisSlip("V107", "{m} = {p}*u + {r}*d - ({R} - 1 - pad)",
              _offset(lambda a, o: a.extent - 1 - a.padding[0])),
    _AxisSlip("V107", "{m} = {p}*u + {r}*d - ({R} - 1)",
              _offset(lambda a, o: a.extent - 1)),
    _AxisSlip("V109", "{m} = {p}*u + {r}*d - pad + 1", _offset(lambda a, o: a.padding[0] - 1)),
    _AxisSlip("V109", "{m} = {p}*u + {r}*d - pad - 1", _offset(lambda a, o: a.padding[0] + 1)),
    _AxisSlip("V102", "{m} = {p}*u + {r}*d - pad + remainder",
              _offset(lambda a, o: a.padding[0] - _remainder(a))),
    _AxisSlip("V102", "{m} = {p}*u + {r}*d - pad - remainder",
              _offset(lambda a, o: a.padding[0] + _remainder(a))),
    _AxisSlip("V110", "{p} < {P} - 1", lambda k, a, o: replace(k, windows=k.windows[:-1])),
    _AxisSlip("V110", "{p} >= 1", lambda k, a, o: replace(k, windows=k.windows[1:])),
    _AxisSlip("V110", "{r} < {R} - 1", lambda k, a, o: replace(k, taps=k.taps[:-1])),
    _AxisSlip("V110", "{r} >= 1", lambda k, a, o: replace(k, taps=k.taps[1:])),
    _AxisSlip("V110", "{m} < {M} - 1", lambda k, a, o: replace(k, inputs=k.inputs[:-1])),
    _AxisSlip("V110", "{m} >= 1", lambda k, a, o: replace(k, inputs=k.inputs[1:])),
    _AxisSlip("V108", "{p} < (the other {P})",
              lambda k, a, o: replace(k, windows=_shorter(k.windows, right(o, False).windows))),
    _AxisSlip("V108", "{r} < (the other {R})",
              lambda k, a, o: replace(k, taps=range(min(a.filter, o.filter)))),
    _AxisSlip("V108", "{m} < (the other {M})",
              lambda k, a, o: replace(k, inputs=_shorter(k.inputs, right(o, False).inputs))),
)  # fmt: skip


def _remainder(axis: Axis) -> int:
    """Return what the windows leave over at the end, padding included."""
    return axis.remainder


@dataclass(frozen=True, eq=False)
class WrongFormula:
    """One wrong formula for a gradient.

    Attributes:
        gradient: dX, dF or db.
        code: which kind of fault it is.
        computes: what it computes, in letters.
        belongs: what belongs there.
        evaluate: its numbers, from the forward pass, X, F and dL/dY.
    """

    gradient: str
    code: str
    computes: str
    belongs: str
    evaluate: Callable[[ForwardReading, Leaves, Numbers], Numbers]


def _sum_text(gradient: str, rank: int, condition: str, transposed: bool) -> str:
    m, r, p = ("".join(names).lower() for names in (SPATIAL[rank], TAPS[rank], WINDOWS[rank]))
    x, f, y = (",".join(each) for each in (m, r, p))
    taps = f"c,k,{f}" if transposed else f"k,c,{f}"
    left = f"dX[n,c,{x}]" if gradient == "dX" else f"dF[{taps}]"
    factors = f"dY[n,k,{y}] F[{taps}]" if gradient == "dX" else f"dY[n,k,{y}] X[n,c,{x}]"
    return f"{left} = sum of {factors} with {condition}"


def _conditions(rank: int, slips: dict[int, str], transposed: bool) -> str:
    names = zip(SPATIAL[rank], TAPS[rank], WINDOWS[rank], strict=True)
    if transposed:
        names = zip(WINDOWS[rank], TAPS[rank], SPATIAL[rank], strict=True)
    said = []
    for k, (m, r, p) in enumerate(names):
        if not slips or k in slips:
            text = slips.get(k, "{m} = {p}*u + {r}*d - pad")
            said.append(text.format(m=m.lower(), r=r.lower(), p=p.lower(), M=m, R=r, P=p))
    return ", ".join(said)


def _changed(slip: _AxisSlip, axes: tuple[int, ...]) -> Callable[[ForwardReading], Products]:
    def products(reading: ForwardReading) -> Products:
        space = reading.layer.geometry.axes
        relations = []
        for k, axis in enumerate(space):
            relation = right(axis, reading.flipped)
            if k in axes:
                relation = slip.change(relation, axis, space[k - 1])
            relations.append(relation)
        return _products(reading, relations)

    return products


def _products(reading: ForwardReading, relations: list[AxisRelation]) -> Products:
    """Return all products of a layer whose axes have these relations."""
    layer = reading.layer
    g, k, c = (
        each.ravel()
        for each in np.indices((layer.groups, layer.group_filters, layer.group_channels))
    )
    x, y = g * layer.group_channels + c, g * layer.group_filters + k
    f = y * layer.group_channels + c
    if layer.geometry.transposed:
        f = x * layer.group_filters + k
    n = np.arange(layer.batch)
    xs = (n[:, None] * layer.channels + x).ravel()
    ys = (n[:, None] * layer.filters + y).ravel()
    fs = np.tile(f, layer.batch)
    for axis, relation in zip(layer.geometry.axes, relations, strict=True):
        m, r, p = relation.rows(axis.filter)
        if axis.transposed:
            m, p = p, m
        xs = (xs[:, None] * axis.input + m).ravel()
        fs = (fs[:, None] * axis.filter + r).ravel()
        ys = (ys[:, None] * axis.output + p).ravel()
    return Products(ys, xs, fs, np.ones(len(ys)), layer.input, layer.filter, layer.output)


def _gradient(
    name: str, products: Callable[[ForwardReading], Products]
) -> Callable[[ForwardReading, Leaves, Numbers], Numbers]:
    def evaluate(reading: ForwardReading, leaves: Leaves, dy: Numbers) -> Numbers:
        found = products(reading)
        if name == "dX":
            return found.input_gradient(dy, leaves.f)
        return found.filter_gradient(dy, leaves.x)

    return evaluate


def _kept(
    keep: Callable[[Products, str], NDArray[np.bool_]], name: str
) -> Callable[[ForwardReading], Products]:
    """Return the products of which only some are kept."""

    def products(reading: ForwardReading) -> Products:
        every = reading.products
        at = keep(every, name)
        return replace(every, y=every.y[at], x=every.x[at], f=every.f[at], weight=every.weight[at])

    return products


def _images(p: Products) -> NDArray[np.int64]:
    return p.y // math.prod(p.output[1:])


def _filters(p: Products) -> NDArray[np.int64]:
    return p.y // math.prod(p.output[2:]) % p.output[1]


def _channels(p: Products) -> NDArray[np.int64]:
    return p.x // math.prod(p.input[2:]) % p.input[1]


def _space(p: Products) -> NDArray[np.int64]:
    return p.y % math.prod(p.output[2:])


def _last(values: NDArray[np.int64], of: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a product has the largest value among those of its target."""
    most = np.full(int(of.max(initial=0)) + 1, -1)
    np.maximum.at(most, of, values)
    return np.asarray(values == most[of])


def _target(p: Products, name: str) -> NDArray[np.int64]:
    return p.x if name == "dX" else p.f


_KEPT: tuple[tuple[str, str, Callable[[Products, str], NDArray[np.bool_]]], ...] = (
    ("V201", "the last image alone", lambda p, n: _images(p) == p.output[0] - 1),
    ("V201", "the first image alone", lambda p, n: _images(p) == 0),
    ("V202", "the last filter alone", lambda p, n: _filters(p) == p.output[1] - 1),
    ("V202", "the first filter alone", lambda p, n: _filters(p) == 0),
    ("V202", "the last channel alone", lambda p, n: _channels(p) == p.input[1] - 1),
    ("V202", "the first channel alone", lambda p, n: _channels(p) == 0),
    ("V203", "the first group alone",
     lambda p, n: p.f // math.prod(p.filter[1:]) < p.filter[0] * p.filter[1] // p.input[1]),
    ("V112", "the last window alone that reaches an element",
     lambda p, n: _last(_space(p), _target(p, n))),
    ("V112", "the last window alone", lambda p, n: _space(p) == math.prod(p.output[2:]) - 1),
    ("V112", "the first window alone", lambda p, n: _space(p) == 0),
    ("V112", "the last window of the last image alone", lambda p, n: _last(p.y, _target(p, n))),
    ("V112", "the last window of each filter alone that reaches an element",
     lambda p, n: _last(_space(p), _target(p, n) * p.output[1] + _filters(p))),
    ("V202", "the last filter of its group alone", lambda p, n: _last(_filters(p), _target(p, n))),
    ("V112", "the last place of X alone",
     lambda p, n: p.x % math.prod(p.input[2:]) == math.prod(p.input[2:]) - 1),
    ("V112", "the last place of X alone that reaches an element",
     lambda p, n: _last(p.x % math.prod(p.input[2:]), _target(p, n))),
)  # fmt: skip

_FACTORS: tuple[tuple[str, Callable[[Products], float]], ...] = (
    ("2", lambda p: 2.0),
    ("-1", lambda p: -1.0),
    ("1/2", lambda p: 0.5),
    ("1/N", lambda p: 1 / p.output[0]),
    ("N", lambda p: float(p.output[0])),
    ("1/(P*Q)", lambda p: 1 / math.prod(p.output[2:])),
    ("1/(N*P*Q)", lambda p: 1 / p.output[0] / math.prod(p.output[2:])),
    ("1/K", lambda p: 1 / p.output[1]),
    ("1/C", lambda p: 1 / p.input[1]),
    ("1/(R*S)", lambda p: 1 / math.prod(p.filter[2:])),
    ("1/(N*K)", lambda p: 1 / p.output[0] / p.output[1]),
    ("1/(H*W)", lambda p: 1 / math.prod(p.input[2:])),
)

_BIASES: tuple[tuple[str, str, Callable[[Numbers], Numbers]], ...] = (
    ("V201", "the sum over the windows of the last image", lambda d: d[-1:].sum(_but_k(d))),
    ("V201", "the sum over the windows of the first image", lambda d: d[:1].sum(_but_k(d))),
    ("V204", "the sum over images of the first window",
     lambda d: d.reshape(*d.shape[:2], -1)[:, :, 0].sum(0)),
    ("V204", "the sum over images of the last window",
     lambda d: d.reshape(*d.shape[:2], -1)[:, :, -1].sum(0)),
    ("V204", "the last window of the last image alone",
     lambda d: d.reshape(*d.shape[:2], -1)[-1, :, -1]),
    ("V204", "the sum over the first row of windows", lambda d: d[:, :, :1].sum(_but_k(d))),
    ("V204", "the sum without the last row of windows", lambda d: d[:, :, :-1].sum(_but_k(d))),
    ("V204", "the sum without the last column of windows",
     lambda d: d[..., :-1].sum(_but_k(d))),
    ("V204", "the sum of all filters together",
     lambda d: np.full(d.shape[1], d.sum())),
)  # fmt: skip


def _but_k(dy: Numbers) -> tuple[int, ...]:
    return (0, *range(2, dy.ndim))


@functools.cache
def formulas(rank: int, transposed: bool = False) -> tuple[WrongFormula, ...]:
    """Return every wrong formula for layers with this many axes."""
    return tuple(_each(rank, transposed))


def _each(rank: int, transposed: bool) -> Iterator[WrongFormula]:
    every = tuple(range(rank))
    choices = [every] if rank == 1 else [every, *((k,) for k in every)]
    rightly = _conditions(rank, {}, transposed)
    for name, slip, axes in itertools.product(("dX", "dF"), _SLIPS, choices):
        if rank == 1 and slip.code == "V108":
            continue
        said = _conditions(rank, dict.fromkeys(axes, slip.computes), transposed)
        belongs = _conditions(rank, dict.fromkeys(axes, "{m} = {p}*u + {r}*d - pad"), transposed)
        yield WrongFormula(
            name,
            slip.code,
            _sum_text(name, rank, said, transposed),
            _sum_text(name, rank, belongs, transposed),
            _gradient(name, _changed(slip, axes)),
        )
    for name, (code, what, keep) in itertools.product(("dX", "dF"), _KEPT):
        yield WrongFormula(
            name,
            code,
            f"{name} = the sum over {what}",
            _sum_text(name, rank, rightly, transposed),
            _gradient(name, _kept(keep, name)),
        )
    for name, (said, factor) in itertools.product(("dX", "dF"), _FACTORS):
        yield WrongFormula(
            name, "V205", f"{said} * {name}", name, _gradient(name, _weighted(factor))
        )
    for code, what, compute in _BIASES:
        yield WrongFormula(
            "db", code, f"db[k] = {what}", "db[k] = the sum of dY[n,k] over images and windows",
            _of_bias(compute),
        )  # fmt: skip
    for said, factor in _FACTORS:
        yield WrongFormula("db", "V205", f"{said} * db", "db", _bias_times(factor))


def _weighted(factor: Callable[[Products], float]) -> Callable[[ForwardReading], Products]:
    def products(reading: ForwardReading) -> Products:
        found = reading.products
        return replace(found, weight=found.weight * factor(found))

    return products


def _of_bias(
    compute: Callable[[Numbers], Numbers],
) -> Callable[[ForwardReading, Leaves, Numbers], Numbers]:
    return lambda reading, leaves, dy: compute(dy)


def _bias_times(
    factor: Callable[[Products], float],
) -> Callable[[ForwardReading, Leaves, Numbers], Numbers]:
    return lambda reading, leaves, dy: dy.sum(_but_k(dy)) * factor(reading.products)

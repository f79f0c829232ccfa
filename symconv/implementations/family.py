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

from symconv.geometry import Layer
from symconv.implementations.gradients import on_probe
from symconv.implementations.probes import Probe
from symconv.implementations.sizes import SPATIAL, TAPS, WINDOWS
from symconv.implementations.slips import SLIPS, SlipSum
from symconv.implementations.truth import ForwardReading, Numbers, Products


@dataclass(frozen=True, eq=False)
class WrongFormula:
    """One wrong formula for a gradient.

    Attributes:
        gradient: dX, dF or db.
        code: which kind of fault it is.
        computes: what it computes, in letters.
        belongs: what belongs there.
        numbers: what it gives on the numbers of a probe.
        differs: whether it is another formula than the right one at some sizes.
    """

    gradient: str
    code: str
    computes: str
    belongs: str
    numbers: Callable[[ForwardReading, Probe], Numbers]
    differs: Callable[[ForwardReading], bool]


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


Keep = Callable[[Products, str], NDArray[np.bool_]]
"""Which products are kept of those of a gradient."""

_KEPT: tuple[tuple[str, str, Keep], ...] = (
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

_FACTORS: tuple[tuple[str, Callable[[Layer], float]], ...] = (
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
    for name, slip, axes in itertools.product(("dX", "dF"), SLIPS, choices):
        if rank == 1 and slip.code == "V108":
            continue
        said = _conditions(rank, dict.fromkeys(axes, slip.computes), transposed)
        belongs = _conditions(rank, dict.fromkeys(axes, "{m} = {p}*u + {r}*d - pad"), transposed)
        changed = SlipSum(name, slip, axes)
        yield WrongFormula(
            name,
            slip.code,
            _sum_text(name, rank, said, transposed),
            _sum_text(name, rank, belongs, transposed),
            changed.numbers,
            changed.differs,
        )
    for name, (code, what, keep) in itertools.product(("dX", "dF"), _KEPT):
        yield _kept(name, code, what, keep, _sum_text(name, rank, rightly, transposed))
    for name, (said, factor) in itertools.product(("dX", "dF"), _FACTORS):
        yield _times(name, said, factor)
    for code, what, compute in _BIASES:
        yield _of_bias(code, what, compute)
    for said, factor in _FACTORS:
        yield _times("db", said, factor)


def _kept(name: str, code: str, what: str, keep: Keep, belongs: str) -> WrongFormula:
    """Return the sum of some of the products."""

    def kept(reading: ForwardReading) -> NDArray[np.bool_]:
        return keep(reading.products, name)

    def numbers(reading: ForwardReading, probe: Probe) -> Numbers:
        every, at = reading.products, kept(reading)
        some = replace(every, y=every.y[at], x=every.x[at], f=every.f[at], weight=every.weight[at])
        dy, f, x = (
            probe.draw(each, shape).astype(float)
            for each, shape in (("dy", every.output), ("f", every.filter), ("x", every.input))
        )
        return some.input_gradient(dy, f) if name == "dX" else some.filter_gradient(dy, x)

    said = f"{name} = the sum over {what}"
    return WrongFormula(name, code, said, belongs, numbers, lambda each: not kept(each).all())


def _times(name: str, said: str, factor: Callable[[Layer], float]) -> WrongFormula:
    """Return a gradient times a number."""

    def numbers(reading: ForwardReading, probe: Probe) -> Numbers:
        return on_probe(name, reading.products, probe)[0] * factor(reading.layer)

    return WrongFormula(
        name, "V205", f"{said} * {name}", name, numbers,
        lambda reading: factor(reading.layer) != 1,
    )  # fmt: skip


def _of_bias(code: str, what: str, compute: Callable[[Numbers], Numbers]) -> WrongFormula:
    """Return a gradient of the bias that is another sum of dL/dY."""

    def numbers(reading: ForwardReading, probe: Probe) -> Numbers:
        return compute(probe.upstream(reading.layer.output).astype(float))

    def differs(reading: ForwardReading) -> bool:
        dy = _ANY.upstream(reading.layer.output)
        return not np.array_equal(numbers(reading, _ANY), dy.sum(_but_k(dy)))

    return WrongFormula(
        "db", code, f"db[k] = {what}", "db[k] = the sum of dY[n,k] over images and windows",
        numbers, differs,
    )  # fmt: skip


_ANY = Probe(1)

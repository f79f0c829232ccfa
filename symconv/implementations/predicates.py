"""What can be asked of sizes: comparisons of letters, to plan by and to say where a fault is."""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symconv.implementations.interface import Form, Interface
from symconv.implementations.sizes import (
    DILATIONS,
    PADDINGS,
    SPATIAL,
    STRIDES,
    TAPS,
    WINDOWS,
)

Letters = Mapping[str, Any]
"""Sizes by their letters: integers, or arrays of them for many sizes at once."""

Truth = Any
"""Whether something holds of sizes: a truth value, or an array of them."""

_SIGNS: dict[str, tuple[Callable[[Any, Any], Truth], str]] = {
    ">": (operator.gt, "<="),
    "<=": (operator.le, ">"),
    "<": (operator.lt, ">="),
    ">=": (operator.ge, "<"),
    "=": (operator.eq, "!="),
    "!=": (operator.ne, "="),
}
"""Each sign, what it means, and its opposite."""


@dataclass(frozen=True, eq=False, slots=True)
class Amount:
    """A number made of letters: ``H``, ``R - 1``, ``(H + 2*pad - R) % stride``.

    Attributes:
        text: as it is printed.
        of: its value.
        least: the least that it can be, or None.
    """

    text: str
    of: Callable[[Letters], Any]
    least: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Predicate:
    """A condition on sizes.

    Attributes:
        text: in letters, as it is printed.
        holds: whether it holds of sizes, by their letters; of many sizes at once an array.
        weight: how much one would rather not say it: 1 for a plain comparison.
        opposite: the text of the opposite.
    """

    text: str
    holds: Callable[[Letters], Truth]
    weight: int
    opposite: str

    def negated(self) -> Predicate:
        """Return the opposite."""
        return Predicate(self.opposite, lambda s: self.holds(s) ^ True, self.weight, self.text)


def compare(left: Amount, sign: str, right: Amount | int, weight: int = 1) -> Predicate:
    """Return that two amounts compare so."""
    means, opposite = _SIGNS[sign]
    if sign == ">" and right == left.least:
        opposite = "="
    other = Amount(str(right), lambda _: right) if isinstance(right, int) else right

    def holds(s: Letters) -> Truth:
        return means(left.of(s), other.of(s))

    texts = (f"{left.text} {each} {other.text}" for each in (sign, opposite))
    text, negation = texts
    return Predicate(text, holds, weight, negation)


def some(parts: Sequence[Predicate], weight: int = 1) -> Predicate:
    """Return that one of several conditions holds; ``weight`` is added to theirs."""
    text = " or ".join(within(part.text, "and") for part in parts)
    opposite = " and ".join(within(part.opposite, "or") for part in parts)

    def holds(s: Letters) -> Truth:
        return functools.reduce(operator.or_, (part.holds(s) for part in parts))

    return Predicate(text, holds, weight + max(part.weight for part in parts), opposite)


def within(text: str, word: str) -> str:
    """Return a condition as part of a longer one: in parentheses where it has a word itself."""
    return f"({text})" if f" {word} " in text else text


def letter(name: str, least: int = 1) -> Amount:
    """Return a size by its letter."""
    return Amount(name, lambda s: s[name], least)


@dataclass(frozen=True, slots=True)
class _Axis:
    """The sizes on one axis, as an interface has them; None: it cannot say them."""

    H: Amount
    R: Amount
    P: Amount
    u: Amount | None
    d: Amount | None
    lo: Amount | None
    hi: Amount | None
    remainder: Amount | None

    @property
    def sides(self) -> bool:
        """Whether the two paddings are said apart."""
        return self.lo is not None and self.hi is not None and self.lo.text != self.hi.text


def _axes(face: Interface) -> list[_Axis]:
    rank = face.rank
    found = []
    for k in range(rank):
        H, R, P = (letter(names[rank][k]) for names in (SPATIAL, TAPS, WINDOWS))
        u = _said(face.stride, "stride", STRIDES[rank][k])
        d = _said(face.dilation, "dilation", DILATIONS[rank][k])
        lo, hi = (letter(name, 0) for name in PADDINGS[rank][k])
        if face.padding is Form.ONE and not face.names:
            lo = hi = letter("pad", 0)
        elif face.padding is Form.EACH and not face.names:
            hi = lo
        padded = face.padding is not Form.FIXED or bool(face.names)
        remainder = _remainder(face, H, R, u, d, (lo, hi) if padded else None)
        found.append(
            _Axis(H, R, P, u, d, lo if padded else None, hi if padded else None, remainder)
        )
    return found


def _said(form: Form, word: str, name: str) -> Amount | None:
    if form is Form.FIXED:
        return None
    return letter(word if form is Form.ONE else name)


def _remainder(
    face: Interface,
    H: Amount,
    R: Amount,
    u: Amount | None,
    d: Amount | None,
    pads: tuple[Amount, Amount] | None,
) -> Amount | None:
    """Return the remainder in letters, without what an interface cannot say."""
    if face.transposed or (u is None and face.fixed_stride == 1):
        return None
    if face.fixed_name is not None or face.input_dilation is not Form.FIXED:
        return None
    text = H.text
    if pads is not None:
        lo, hi = pads
        text += f" + 2*{lo.text}" if lo.text == hi.text else f" + {lo.text} + {hi.text}"
    elif face.fixed_padding:
        text += f" + {2 * face.fixed_padding}"
    text += f" - {R.text}" if d is None else f" - {d.text}*({R.text} - 1) - 1"
    steps = str(face.fixed_stride) if u is None else u.text

    def value(s: Letters) -> Any:
        padding = 2 * face.fixed_padding if pads is None else pads[0].of(s) + pads[1].of(s)
        extent = (1 if d is None else d.of(s)) * (R.of(s) - 1) + 1
        return (H.of(s) + padding - extent) % (face.fixed_stride if u is None else u.of(s))

    return Amount(f"({text}) % {steps}", value, 0)


def _parity(amount: Amount) -> Amount:
    return Amount(f"{amount.text} % 2", lambda s: amount.of(s) % 2)


def _less_one(amount: Amount) -> Amount:
    return Amount(f"{amount.text} - 1", lambda s: amount.of(s) - 1)


def _half(amount: Amount) -> Amount:
    return Amount(f"({amount.text} - 1)//2", lambda s: (amount.of(s) - 1) // 2)


def _of_axis(axis: _Axis) -> Iterator[Predicate]:
    """Yield the conditions on one axis."""
    H, R, P = axis.H, axis.R, axis.P
    for amount, numbers in ((R, (1, 2, 3)), (P, (1, 2)), (H, (1,))):
        for n in numbers:
            yield compare(amount, ">", n, 1 if n == 1 else 2)
    yield compare(_parity(R), "=", 0)
    yield compare(_parity(H), "=", 0, 2)
    yield compare(H, "=", R, 2)
    yield compare(H, "<", R, 2)
    if axis.u is not None:
        for n in (1, 2, 3):
            yield compare(axis.u, ">", n, 1 if n == 1 else 2)
        for sign in ("=", ">", ">="):
            yield compare(axis.u, sign, R, 2)
    if axis.remainder is not None:
        for n in (0, 1, 2):
            yield compare(axis.remainder, ">", n, 1 if n < 2 else 2)
        yield compare(axis.remainder, "=", 1, 2)
    for side in _sides(axis):
        yield compare(side, "=", _half(R), 2)
        for n in (0, 1, 2):
            yield compare(side, ">", n, 1 if n == 0 else 2)
        for sign in (">", ">=", "="):
            yield compare(side, sign, _less_one(R), 2)
    if axis.sides and axis.lo is not None and axis.hi is not None:
        yield compare(axis.lo, "!=", axis.hi)
        yield compare(axis.lo, ">", axis.hi, 2)
    if axis.d is not None:
        yield compare(axis.d, ">", 1)
        yield compare(axis.d, ">", 2, 2)
        if axis.u is not None:
            yield compare(axis.d, "!=", axis.u)
            yield compare(axis.d, ">", axis.u, 2)


def _sides(axis: _Axis) -> list[Amount]:
    found = {side.text: side for side in (axis.lo, axis.hi) if side is not None}
    return list(found.values())


def _leading(face: Interface) -> Iterator[Predicate]:
    """Yield the conditions on images, channels, filters and groups."""
    there = (("N", face.batch), ("C", face.channels), ("K", face.filters), ("G", face.groups))
    present = {name: letter(name) for name, said in there if said}
    for amount in present.values():
        yield compare(amount, ">", 1)
        yield compare(amount, ">", 2, 2)
    for a, b in (("C", "K"), ("N", "C"), ("N", "K")):
        if a in present and b in present:
            yield compare(present[a], "!=", present[b], 2)
            yield compare(present[a], ">", present[b], 2)
    if face.groups:
        yield compare(letter("G"), "=", letter("C"), 2)
        yield compare(letter("K"), ">", letter("G"), 2)
        yield compare(letter("C"), ">", letter("G"), 2)
    if face.output_padding is not Form.FIXED:
        yield compare(letter("output_padding", 0), ">", 0)


def held(asked: Sequence[Predicate], several: Sequence[Letters]) -> NDArray[np.bool_]:
    """Return which conditions hold of which sizes: a row for each condition."""
    if len(several) == 1:
        return np.array([[each.holds(several[0])] for each in asked], bool)
    if not several:
        return np.zeros((len(asked), 0), bool)
    columns = {name: np.array([each[name] for each in several]) for name in several[0]}
    return np.array([each.holds(columns) for each in asked], bool).reshape(-1, len(several))


@functools.lru_cache(maxsize=16)
def single(face: Interface) -> tuple[Predicate, ...]:
    """Return the conditions on one letter or two, each once."""
    axes = _axes(face)
    found = list(_leading(face))
    for axis in axes:
        found += _of_axis(axis)
    for k, one in enumerate(axes):
        for other in axes[k + 1 :]:
            pairs = ((one.H, other.H), (one.R, other.R), (one.P, other.P), (one.u, other.u),
                     (one.d, other.d), (one.lo, other.lo))  # fmt: skip
            for a, b in pairs:
                if a is not None and b is not None and a.text != b.text:
                    found.append(compare(a, "!=", b))
                    found.append(compare(a, ">", b, 2))
                    found.append(compare(a, "<", b, 2))
    return tuple({each.text: each for each in reversed(found)}.values())[::-1]


@functools.lru_cache(maxsize=16)
def literals(face: Interface) -> tuple[Predicate, ...]:
    """Return all conditions of which a place is said: single ones, their opposites, joined ones."""
    plain = single(face)
    return (*plain, *(each.negated() for each in plain), *_exact(face), *joined(face))


@functools.lru_cache(maxsize=16)
def joined(face: Interface) -> tuple[Predicate, ...]:
    """Return conditions that hold on some axis: ``u > 1 or v > 1``."""
    rows = [list(_of_axis(axis)) for axis in _axes(face)]
    found = []
    if len(rows) > 1:
        for parts in zip(*rows, strict=True):
            for each in (list(parts), [part.negated() for part in parts]):
                if len({part.text for part in each}) > 1:
                    found.append(some(each))
        found += _pairs([_telling(axis) for axis in _axes(face)])
        found += _any_larger(face)
    return tuple(found)


def _exact(face: Interface) -> Iterator[Predicate]:
    """Yield that a size is 2, or 3, or a remainder 1, where no smaller number is said so."""
    seen = set()
    for axis in _axes(face):
        for amount in (axis.R, axis.P, axis.u, axis.d, axis.remainder, *_sides(axis)):
            if amount is not None and amount.text not in seen:
                seen.add(amount.text)
                for n in (1, 2, 3) if amount.least == 0 else (2, 3):
                    yield compare(amount, "=", n, 2)


def _telling(axis: _Axis) -> list[Predicate]:
    """Return the conditions on an axis that often come together."""
    found = [compare(axis.R, ">", 1), compare(axis.P, ">", 1), compare(axis.H, ">", 1)]
    if axis.u is not None:
        found += [compare(axis.u, ">", 1), compare(axis.u, "<", axis.R)]
    if axis.remainder is not None:
        found.append(compare(axis.remainder, ">", 0))
    if axis.lo is not None:
        found.append(compare(axis.lo, ">", 0))
    return found


def _pairs(rows: list[list[Predicate]]) -> Iterator[Predicate]:
    """Yield that two conditions hold on one axis: ``P > 1 and u < R or Q > 1 and v < S``."""
    for a, b in itertools.combinations(range(len(rows[0])), 2):
        parts = [_both(row[a], row[b]) for row in rows]
        yield some(parts, 5)


def _both(left: Predicate, right: Predicate) -> Predicate:
    def holds(s: Letters) -> Truth:
        return left.holds(s) & right.holds(s)

    opposite = f"{left.opposite} or {right.opposite}"
    return Predicate(f"{left.text} and {right.text}", holds, left.weight, opposite)


def _any_larger(face: Interface) -> Iterator[Predicate]:
    """Yield that some of several sizes is above 1."""
    axes = _axes(face)
    windows, taps = [axis.P for axis in axes], [axis.R for axis in axes]
    leading = [letter("N")] if face.batch else []
    filters = [letter("K")] if face.filters else []
    for group in ([*leading, *windows], [*windows, *taps], [*leading, *filters]):
        if len(group) > 1:
            yield some([compare(amount, ">", 1) for amount in group], 2)

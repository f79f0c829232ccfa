"""Candidates for a padding or crop: expressions in the sizes of one axis.

They are the ones that the gradients of a convolution are made of: D - 1, the padding, the
remainder (H + lo + hi - D) % u, halves of D - 1 for same padding; and what stands there, with
the remainder added or taken away, on the right axis, or one more or less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from symconv.formula.extents import dilated
from symconv.formula.sizes import (
    Difference,
    Name,
    Quotient,
    Remainder,
    Size,
    Sum,
    minus,
    names,
    plus,
    substitute,
    times,
)
from symconv.formula.words import PADDING, Role, axes, letters_on, moved_to

if TYPE_CHECKING:
    from symconv.claims.claim import Claim

Amounts = tuple[Size, Size]
"""The amounts before and after, on one axis."""

_MOVED_TO = [
    {letter: Name(other) for letter, other in moved_to(k, rank=3).items()} for k in range(3)
]
"""For each axis, what stands on it for the letters of the others."""


def candidates(claim: Claim, k: int, amount: Size) -> list[Size]:
    """Return what ``amount`` might have to be on axis ``k``, the smallest change first."""
    bases: list[Size] = [amount]
    if isinstance(amount, Sum | Difference):
        bases.append(amount.left)
    words = _Words.of(claim, k) if k in axes(3) else None  # declared tensors may have more axes
    if words is not None:
        bases.append(substitute(amount, _MOVED_TO[k]))
        bases += [minus(words.reach, lost) for lost in (*words.margin, 0)]
        bases += [words.filter, *words.margin, 0]
        bases += words.halves
    bases += [plus(amount, 1), minus(amount, 1)]
    found: dict[Size, None] = {}
    for base in bases:
        found |= dict.fromkeys([base, *(words.with_remainder(base) if words else ())])
    return [each for each in found if names(each) <= {*claim.integers, *claim.definitions}]


@dataclass(frozen=True, slots=True)
class _Words:
    """The expressions of which the amounts of one axis are made.

    Attributes:
        filter: R.
        margin: (lo, hi), the padding.
        reach: D - 1.
        halves: D - 1 in two parts, the smaller first.
        remainder: (H + lo + hi - D) % u.
    """

    filter: Size
    margin: Amounts
    reach: Size
    halves: Amounts
    remainder: Size

    @classmethod
    def of(cls, claim: Claim, k: int) -> _Words:
        """Return the words of axis ``k``, 0 and 1 for the padding and dilation it has not."""
        roles = (Role.INPUT, Role.FILTER, Role.STRIDE, Role.DILATION, *PADDING)
        H, R, u, d, lo, hi = map(Name, letters_on(k, *roles))
        (spread,) = letters_on(k, Role.INPUT_DILATION)
        margin: Amounts = (
            lo if lo.name in claim.integers else 0,
            hi if hi.name in claim.integers else 0,
        )
        extent = dilated(H, Name(spread)) if spread in claim.integers else H
        padded = plus(plus(extent, margin[0]), margin[1])
        if d.name not in claim.integers:
            halves: Amounts = Quotient(minus(R, 1), 2), Quotient(R, 2)
            return cls(R, margin, minus(R, 1), halves, Remainder(minus(padded, R), u))
        reach = times(d, minus(R, 1))
        halves = Quotient(reach, 2), minus(reach, Quotient(reach, 2))
        return cls(R, margin, reach, halves, Remainder(minus(minus(padded, reach), 1), u))

    def with_remainder(self, base: Size) -> tuple[Size, ...]:
        """Return ``base`` with the remainder added, and with it taken away."""
        match base:
            case Sum(left, right) | Difference(left, right) if right == self.remainder:
                return (left,)
        return plus(base, self.remainder), minus(base, self.remainder)

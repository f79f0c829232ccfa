"""What a claim takes for granted without saying so, and why: it is shown with every verdict.

the filter fits       H >= R, W >= S: where the output, a gradient, P or Q is spoken of, or X
                      and F together; the axes that are not spoken of need nothing
no tensor is empty    n - 1 >= 1: where a tensor of this extent is declared and occurs
sizes are positive    H, W, u, v >= 1: the sizes, strides and dilations that occur
nothing is cropped    pt, pb, pl, pr >= 0: paddings, unless the claim lets them crop
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from symconv.claims.claim import Claim, Condition
from symconv.claims.mathematics import condition_text
from symconv.formula.sizes import (
    Difference,
    Greatest,
    Least,
    Name,
    Product,
    Quotient,
    Remainder,
    Size,
    Sum,
)
from symconv.readings.text import size as size_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from symconv.formula.vocabulary import Vocabulary


class Reason(StrEnum):
    """Why something is taken for granted."""

    FITS = "the filter fits"
    ELEMENTS = "no tensor is empty"
    POSITIVE = "sizes are positive"
    UNCROPPED = "nothing is cropped"


@dataclass(frozen=True, slots=True)
class Assumption(Condition):
    """A condition that a claim does not state, but takes for granted.

    Attributes:
        reason: why.
    """

    reason: Reason


def taken_for_granted(
    words: Vocabulary, leaves: Mapping[str, tuple[Size, ...]], named: Collection[str]
) -> tuple[Assumption, ...]:
    """Return what a claim assumes of the tensors that it speaks of.

    Args:
        words: the names that it may use.
        leaves: the leaves that occur in it, with their shapes.
        named: the sizes that occur in it, in its hypotheses and in the leaves' shapes.
    """
    both = {"X", "F"} <= leaves.keys()
    fits = [
        Assumption(*_difference(room), Reason.FITS)
        for output, room in zip(words.definitions, words.fits, strict=True)
        if both or output in named
    ]
    known = dict(words.integers) | dict.fromkeys(words.definitions, 1)
    extents = [extent for shape in leaves.values() for extent in shape]
    elements = [
        Assumption(extent, ">=", 1, Reason.ELEMENTS)
        for extent in dict.fromkeys(extents)
        if _least(extent, known) < 1
    ]
    return (*fits, *elements)


def assumed(claim: Claim) -> tuple[Assumption, ...]:
    """Return all that ``claim`` takes for granted, the least values of its integers among them.

    Listed sizes say for themselves which values they have.
    """
    bounds = []
    for name, least in claim.integers.items() if claim.sizes is None else ():
        if least is not None and name not in claim.declared:
            reason = Reason.UNCROPPED if least == 0 else Reason.POSITIVE
            bounds.append(Assumption(Name(name), ">=", least, reason))
    return (*(each for each in claim.assumptions if isinstance(each, Assumption)), *bounds)


def unassuming(claim: Claim) -> Claim:
    """Return ``claim`` with what it states alone, nothing taken for granted."""
    stated = tuple(each for each in claim.assumptions if not isinstance(each, Assumption))
    least = {
        name: claim.integers[name] if name in claim.declared else None for name in claim.integers
    }
    return replace(claim, assumptions=stated, integers=least)


def assumed_texts(claim: Claim) -> Iterator[str]:
    """Yield what is assumed in words, one text a reason: ``the filter fits: H >= R, W >= S``."""
    found = sorted(assumed(claim), key=lambda each: list(Reason).index(each.reason))
    for reason, group in groupby(found, key=lambda each: each.reason):
        conditions = list(group)
        if reason in (Reason.POSITIVE, Reason.UNCROPPED):
            names = ", ".join(size_text(each.left) for each in conditions)
            yield f"{reason}: {names} >= {size_text(conditions[0].right)}"
        else:
            yield f"{reason}: {', '.join(map(condition_text, conditions))}"


def _difference(room: Size) -> tuple[Size, str, Size]:
    """Return ``room >= 0`` as people write it: H >= R rather than H - R >= 0."""
    return (room.left, ">=", room.right) if isinstance(room, Difference) else (room, ">=", 0)


def _least(size: Size, known: Mapping[str, int | None]) -> float:
    """Return a number that ``size`` is never below, minus infinity where none is seen."""
    match size:
        case int():
            return size
        case Name(name):
            least = known[name]
            return -math.inf if least is None else least
        case Remainder():
            return 0
        case Difference(left, int(right)):
            return _least(left, known) - right
    a, b = _least(size.left, known), _least(size.right, known)
    match size:
        case Sum():
            return a + b
        case Product() if min(a, b) >= 0:
            return a * b
        case Quotient() if a >= 0:
            return 0
        case Least():
            return min(a, b)
        case Greatest():
            return max(a, b)
    return -math.inf

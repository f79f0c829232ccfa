"""Larger sizes at which a claim may fail: those that its own numbers lead to, and doubled ones.

The smallest sizes are all looked at (`symconv.refutation.search`); what fails only beyond them is
hidden behind a number, as H // 1000 == 0 is, or behind a few names that have to be large together.
A lead pins some names, and the others stay as small as the hypotheses let them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import combinations

from symconv.claims.claim import Claim, Condition
from symconv.errors import FormulaError, TooLargeError
from symconv.formula.sizes import (
    Difference,
    Greatest,
    Least,
    Name,
    Product,
    Quotient,
    Remainder,
    Sum,
    evaluate,
)
from symconv.formula.walk import parts
from symconv.limits.budget import OutOfBudgetError, share
from symconv.refutation.axes import AxisPair, differ
from symconv.refutation.search import Refutation, refute, shown
from symconv.refutation.sizes import satisfies

Pins = Mapping[str, int]
"""What a lead says of some names."""

FEW = 30
"""How many choices of the other names are looked at beside what is pinned."""

DOUBLINGS = range(4, 64)
"""The powers of two that are tried; what is too large to be looked at ends them earlier."""

LEAD, SMALLER = 1 / 16, 1 / 4
"""The part of what is left of the budget that one lead may take, and the search for less."""


def follow(
    claim: Claim, axes: tuple[AxisPair, ...], led: Sequence[str], pins: Iterable[Pins] = ()
) -> Refutation | None:
    """Return where ``claim`` fails, if a lead finds it, at sizes as small as can be found.

    Args:
        claim: what small sizes did not refute.
        axes: `factors_of` the claim.
        led: names that seem to matter, the most promising first.
        pins: leads that somebody else has, to be followed instead of the claim's own.
    """
    beyond: dict[frozenset[str], int] = {}
    for pinned in pins or leads(claim, led):
        names, reach = frozenset(pinned), max(pinned.values(), default=0)
        if names in beyond and reach >= beyond[names]:
            continue
        found, exhausted = _at(claim, axes, pinned)
        if found is not None:
            return _smaller(claim, axes, found)
        if exhausted:  # what is larger takes even more
            beyond[names] = reach
    return None


def leads(claim: Claim, led: Sequence[str]) -> Iterator[Pins]:
    """Yield what to pin: names at the claim's own numbers, then names doubled, alone and together.

    Args:
        claim: whose numbers.
        led: the names that are doubled.
    """
    every = list(dict.fromkeys((*led, *claim.integers)))
    for value in numbers(claim):
        for name in every:
            yield {name: value}
    for exponent in DOUBLINGS:
        for name in led:
            yield {name: 2**exponent}
        if len(led) > 1:
            yield dict.fromkeys(led, 2**exponent)


def numbers(claim: Claim) -> list[int]:
    """Return the numbers in ``claim`` and their neighbours, the smallest first.

    What is made of numbers alone, such as 65536*65536, counts as one number.
    """
    hypotheses = ((each.left, each.right) for each in claim.where + claim.assumptions)
    sizes = (*claim.definitions.values(), *claim.leaves.values(), *hypotheses)
    known: dict[int, int] = {}  # what a part is, by its identity
    for each in reversed(list(parts((claim.left, claim.right, *sizes)))):
        match each:
            case int():
                known[id(each)] = each
            case Sum() | Difference() | Product() | Quotient() | Remainder() | Least() | Greatest():
                left, right = known.get(id(each.left)), known.get(id(each.right))
                if left is not None and right is not None:
                    with suppress(FormulaError, TooLargeError):
                        known[id(each)] = evaluate(type(each)(left, right), {})
    found = {abs(number) + step for number in known.values() for step in (-1, 0, 1)}
    return sorted(number for number in found if number > 1)


def _at(claim: Claim, axes: tuple[AxisPair, ...], pins: Pins) -> tuple[Refutation | None, bool]:
    """Return where the claim fails with these pins, and whether looking took too much."""
    conditions = tuple(Condition(Name(name), "==", value) for name, value in pins.items())
    pinned = replace(claim, where=claim.where + conditions)
    try:
        with share(LEAD):
            looked = refute(pinned, most=FEW, far=None, axes=axes)
    except TooLargeError:
        return None, True
    return looked.refutation, bool(looked.ended or looked.too_large)


def _smaller(claim: Claim, axes: tuple[AxisPair, ...], found: Refutation) -> Refutation:
    """Return the smallest sizes that fail, or, where those are too many, smaller ones."""
    try:
        with share(SMALLER):
            smallest = refute(claim, most=10**9, far=None, axes=axes).refutation
        if smallest is not None:
            return smallest
        sizes = {name: found.sizes[name] for name in claim.integers}
        with suppress(OutOfBudgetError), share(SMALLER):
            for smaller in _descent(claim, axes, sizes):
                sizes = smaller
        return shown(claim, sizes)
    except (OutOfBudgetError, TooLargeError):
        return found


def _descent(
    claim: Claim, axes: tuple[AxisPair, ...], sizes: dict[str, int]
) -> Iterator[dict[str, int]]:
    """Yield smaller and smaller sizes that fail, until none can be less, nor two together."""
    moves = [*combinations(sizes, 1), *combinations(sizes, 2)]
    step = 2 ** max(sizes.values(), default=0).bit_length()
    while step := step // 2:
        moved = True
        while moved:
            moved = False
            for move in moves:
                less = sizes | {name: sizes[name] - step for name in move}
                if _fails(claim, axes, less):
                    yield less
                    sizes, moved = less, True


def _fails(claim: Claim, axes: tuple[AxisPair, ...], sizes: Mapping[str, int]) -> bool:
    at_least = all(sizes[name] >= (least or 0) for name, least in claim.integers.items())
    return at_least and satisfies(claim, sizes) and differ([axis.at(sizes) for axis in axes])

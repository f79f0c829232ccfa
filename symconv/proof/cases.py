"""Splits a claim into cases, in each of which min, max and != are decided.

``min(a, b)`` is a where a <= b and b where a > b; ``a != b`` is a < b or a > b.  A claim is proved
when each of its cases is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from symconv.claims.claim import Claim, Condition
from symconv.errors import OutOfReachError, how_many
from symconv.formula.sizes import Greatest, Least, Size, names
from symconv.formula.walk import inside

MOST = 64
"""The largest number of cases that are tried."""

Pair = tuple[Size, Size]


@dataclass(frozen=True, slots=True)
class Choice:
    """One case: how ``min`` and ``max`` compare, and the hypotheses that hold in it.

    Attributes:
        order: whether left <= right, for each pair that is compared.
        splits: what distinguishes this case from the others.
        where: the claim's hypotheses, each != decided.
    """

    order: dict[Pair, bool]
    splits: tuple[Condition, ...]
    where: tuple[Condition, ...]


def choices(claim: Claim) -> tuple[Choice, ...]:
    """Return the cases of ``claim``; a single one where it has neither min, max nor !=.

    Raises:
        OutOfReachError: there are more than `MOST` of them.
    """
    pairs = _pairs(claim)
    unequal = [condition for condition in claim.where if condition.relation == "!="]
    decisions = len(pairs) + len(unequal)
    if 2**decisions > MOST:
        raise OutOfReachError(
            f"{how_many(decisions, 'use')} of min, max and != make too many cases"
        )
    return tuple(
        _choice(claim, pairs, unequal, decided)
        for decided in product((True, False), repeat=decisions)
    )


def _choice(
    claim: Claim, pairs: list[Pair], unequal: list[Condition], decided: tuple[bool, ...]
) -> Choice:
    order: dict[Pair, bool] = {}
    splits = []
    for (left, right), below in zip(pairs, decided, strict=False):
        order |= {(right, left): not below, (left, right): below}
        splits.append(Condition(left, "<=" if below else ">", right))
    relations = ["<" if below else ">" for below in decided[len(pairs) :]]
    decisions = iter(relations)
    where = tuple(
        replace(condition, relation=next(decisions)) if condition in unequal else condition
        for condition in claim.where
    )
    split = (condition for condition, old in zip(where, claim.where, strict=True) if old in unequal)
    return Choice(order, (*splits, *split), where)


def _pairs(claim: Claim) -> list[Pair]:
    """Return what min and max compare, each pair once; comparisons of indices are left out."""
    known = claim.integers.keys() | claim.definitions.keys()
    pairs: list[Pair] = []
    for size in _extremes(claim):
        pair = (size.left, size.right)
        if pair not in pairs and pair[::-1] not in pairs and names(size) <= known:
            pairs.append(pair)
    return pairs


def _extremes(part: object) -> Iterator[Least | Greatest]:
    """Yield every min and max in ``part``, the inner ones first."""
    for entry in inside(part):
        yield from _extremes(entry)
    if isinstance(part, Least | Greatest):
        yield part

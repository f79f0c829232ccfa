"""Tries a claim at random sizes: what is proved for every size has to hold at each of them.

A proof that fails here is an error of symconv itself, and is said loudly.
"""

from __future__ import annotations

import random
import time

from symconv.errors import TooLargeError
from symconv.proof.claim import Claim
from symconv.proof.factors import factors_of
from symconv.proof.refute import judge_at
from symconv.proof.sizes import Group, groups, holds, satisfies

FURTHEST = 7
"""How far a size is drawn beyond its least value."""

DRAWS = 60
"""How often sizes are drawn again where a hypothesis fails."""


class ContradictionError(RuntimeError):
    """A claim that was proved for every size fails at one: an error of symconv."""


def try_out(claim: Claim, *, times: int, deadline: float, seed: int = 0) -> int:
    """Return at how many random sizes inside its hypotheses ``claim`` was found to hold.

    Args:
        claim: what was proved.
        times: at how many sizes to try.
        deadline: when to stop, on the clock of `time.monotonic`.
        seed: of the random numbers.

    Raises:
        ContradictionError: the claim fails at one of them.
    """
    numbers = random.Random(seed)
    parts = groups(claim, [factor.names for factor in factors_of(claim)])
    done = 0
    for _ in range(times):
        if time.monotonic() > deadline:
            break
        values = _drawn(parts, numbers)
        if values is None or not satisfies(claim, values):
            continue
        try:
            wrong = judge_at(claim, values)
        except TooLargeError:
            continue
        if wrong is not None:
            raise ContradictionError(
                f"internal error: {claim.statement!r} was proved for every size and fails at "
                f"{', '.join(f'{name}={value}' for name, value in values.items())}; "
                "please report this"
            )
        done += 1
    return done


def _drawn(parts: tuple[Group, ...], numbers: random.Random) -> dict[str, int] | None:
    """Return random sizes that satisfy the conditions of every group, or None."""
    values: dict[str, int] = {}
    for part in parts:
        for _ in range(DRAWS):
            chosen = {
                name: numbers.choice(domain.at(numbers.randint(0, FURTHEST)) or (domain.first,))
                for name, domain in zip(part.names, part.domains, strict=True)
            }
            if all(holds(condition, chosen) for check in part.checks for condition in check):
                values |= chosen
                break
        else:
            return None
    return values

"""Tries a claim at random sizes: what is proved for every size has to hold at each of them.

A proof that fails here is an error of symconv itself, and is said loudly.
"""

from __future__ import annotations

import random
import time

from symconv.claims.claim import Claim
from symconv.errors import InternalError, TooLargeError
from symconv.refutation.axes import differ, factors_of
from symconv.refutation.search import judge_at
from symconv.refutation.sizes import SizeGroup, groups, holds, satisfies

FURTHEST = 7
"""How far a size is drawn beyond its least value."""

WHOLE = 10
"""Of how many trials one evaluates all axes at once; the others look at each axis by itself."""

DRAWS = 60
"""How often sizes are drawn again where a hypothesis fails."""


class ContradictionError(InternalError):
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
    axes = factors_of(claim)
    parts = groups(claim, [axis.names for axis in axes])
    done = 0
    for nth in range(times):
        if time.monotonic() > deadline:
            break
        values = _drawn(parts, numbers)
        if values is None or not satisfies(claim, values):
            continue
        try:
            pairs = [axis.at(values) for axis in axes]
            wrong = differ(pairs) or any(side.shape is None for pair in pairs for side in pair)
            if nth % WHOLE == 0:
                wrong = wrong or judge_at(claim, values) is not None
        except TooLargeError:
            continue
        if wrong:
            raise ContradictionError(
                f"internal error: {claim.statement!r} was proved for every size and fails at "
                f"{', '.join(f'{name}={value}' for name, value in values.items())}; "
                "please report this"
            )
        done += 1
    return done


def _drawn(parts: tuple[SizeGroup, ...], numbers: random.Random) -> dict[str, int] | None:
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

"""Tries a claim at random sizes: what is proved for every size has to hold at each of them.

A proof that fails here is an error of symconv itself, and is said loudly.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from symconv.claims.claim import Claim
from symconv.errors import InternalError, TooLargeError
from symconv.formula.words import LEADING
from symconv.limits.budget import OutOfBudgetError, spend
from symconv.refutation.axes import differ, factors_of
from symconv.refutation.search import judge_at
from symconv.refutation.sizes import SizeGroup, groups, holds, satisfies

FURTHEST = 7
"""How far a size is drawn beyond its least value."""

NEAR = {axis.size: 1 for axis in LEADING}
"""The same for the sizes that are tried nearer: one or two images, channels and groups."""

WHOLE = 10
"""Of how many trials one evaluates all axes at once; the others look at each axis by itself."""

DRAWS = 60
"""How often sizes are drawn again where a hypothesis fails."""


class ContradictionError(InternalError):
    """A claim that was proved for every size fails at one: an error of symconv."""


def try_out(claim: Claim, *, times: int, seed: int = 0) -> int:
    """Return at how many random sizes inside its hypotheses ``claim`` was found to hold.

    It ends where the current budget does, at the latest.

    Args:
        claim: what was proved.
        times: at how many sizes to try.
        seed: of the random numbers.

    Raises:
        ContradictionError: the claim fails at one of them.
    """
    numbers = random.Random(seed)
    axes = factors_of(claim)
    parts = groups(claim, [axis.names for axis in axes])
    done = 0
    for nth in range(times):
        try:
            values = _drawn(parts, numbers)
            if values is None or not satisfies(claim, values):
                continue
            pairs = [axis.at(values) for axis in axes]
            wrong = differ(pairs) or not all(pair.defined for pair in pairs)
            if nth % WHOLE == 0:
                wrong = wrong or judge_at(claim, values) is not None
        except TooLargeError:
            continue
        except OutOfBudgetError:
            break
        if wrong:
            raise ContradictionError(
                f"internal error: {claim.statement!r} was proved for every size and fails at "
                f"{', '.join(f'{name}={value}' for name, value in values.items())}; "
                "please report this"
            )
        done += 1
    return done


def draws(claim: Claim, times: int, seed: int = 0) -> Iterator[dict[str, int]]:
    """Yield random sizes inside the hypotheses of ``claim``, at most as many as ``times``."""
    numbers = random.Random(seed)
    parts = groups(claim, ())
    for _ in range(times):
        values = _drawn(parts, numbers)
        if values is not None and satisfies(claim, values):
            yield values


def _drawn(parts: tuple[SizeGroup, ...], numbers: random.Random) -> dict[str, int] | None:
    """Return random sizes that satisfy the conditions of every group, or None."""
    values: dict[str, int] = {}
    for part in parts:
        for _ in range(DRAWS):
            spend(sum(part.steps))
            chosen = {
                name: numbers.choice(domain.at(numbers.randint(0, furthest)) or (domain.first,))
                for name, domain in zip(part.names, part.domains, strict=True)
                for furthest in (NEAR.get(name, FURTHEST),)
            }
            if all(holds(condition, chosen) for check in part.checks for condition in check):
                values |= chosen
                break
        else:
            return None
    return values

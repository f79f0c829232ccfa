"""What a proof assumes is true at all sizes that a claim speaks of, and no more than that.

At every small choice of sizes that satisfies the hypotheses there have to be integers for the names
of quotients with which all that is assumed of its case holds, and every size that was solved for
has its own value.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from symconv.claims.statement import StatedClaim
from symconv.polynomial import Polynomial
from symconv.proof.obligations import Case, cases
from symconv.proof.system import remainder_bounds
from symconv.refutation.sizes import satisfies

HYPOTHESES = {
    "bounds": ("H >= 3", "R < 3", "H > R", "2 <= W"),
    "whole strides": ("(H - R) % u == 0",),
    "the same remainders": ("H % u == R % u", "u >= 2"),
    "a remainder that is known": ("H % u == 1",),
    "a quotient that is known": ("H // u == R",),
    "a quotient of a quotient": ("(H // u) // R == 1",),
    "a quotient of itself": ("H == 2 * (H // 2)",),
    "a quotient of what it determines": ("H == u * (R // u)",),
    "one over the other": ("H // u == W // u", "H >= W"),
    "a product": ("H * R == W",),
    "a factor that may be 0": ("(H - 2) * R == (H - 2) * W",),
    "a name that may be 0": ("k*H == k*W",),
    "a name that is not": ("k*H == k*W", "k >= 1"),
    "two equations": ("H == R + u", "W == H - 1"),
    "unequal": ("H != R", "W != 2"),
    "unequal remainders": ("H % u != R % u",),
    "the smaller one": ("min(H, R) == 2", "max(H, W) == 3"),
    "whole strides, unequal": ("(H - R) % u == 0", "H != R"),
    "halves": ("2 * (H // 2) + 1 == H", "H // 2 == R"),
    "numbers": ("H == 4", "R == 2", "(H - R) % u == 0"),
    "two strides": ("(H - R) % u == 0", "(W - R) % u == 0"),
    "a divisor that is a sum": ("H // (u + 1) == 1",),
    "a remainder of a product": ("(H * R) % u == 0",),
}

MOST = 4
"""The largest size that is tried."""

FREE = range(-3, 2 * MOST + 1)
"""The values that are tried for a name that is no size."""


def choices(claim_names: tuple[str, ...]) -> Iterator[dict[str, int]]:
    for values in product(range(-1, MOST + 1), repeat=len(claim_names)):
        yield dict(zip(claim_names, values, strict=True))


def holds(case: Case, sizes: dict[str, int]) -> bool:
    """Whether all that is assumed in ``case`` can be true at ``sizes``."""
    told = [*case.assumed.bounds, *case.assumed.equations]
    polynomials = [bound.polynomial for bound in told] + list(case.solved.values())
    quotients = {witness.name: witness for witness in case.witnesses}
    names = set().union(*(p.names for p in polynomials))
    for witness in quotients.values():
        names |= witness.numerator.names | witness.divisor.names
    free = sorted(names - sizes.keys() - quotients.keys())
    return any(
        _is_true(case, sizes | dict(zip(free, values, strict=True)))
        for values in product(FREE, repeat=len(free))
    )


def _is_true(case: Case, at: dict[str, int]) -> bool:
    for witness in case.witnesses:
        divisor = witness.divisor.evaluate(at)
        if divisor < 1:
            return False
        at[witness.name] = witness.numerator.evaluate(at) // divisor
    solved = ((name, value.evaluate(at)) for name, value in case.solved.items())
    remainders = (bound for witness in case.witnesses for bound in remainder_bounds(witness))
    return (
        all(bound.polynomial.evaluate(at) >= 0 for bound in remainders)
        and all(bound.polynomial.evaluate(at) >= 0 for bound in case.assumed.bounds)
        and all(bound.polynomial.evaluate(at) == 0 for bound in case.assumed.equations)
        and all(at.get(name, value) == value for name, value in solved)
    )


@pytest.mark.parametrize("name", HYPOTHESES)
def test_what_is_assumed_is_true_wherever_the_hypotheses_hold(name: str) -> None:
    integers = (("k", ">= -1"),)
    claim = StatedClaim("0 == 1", where=HYPOTHESES[name], integers=integers).claim()
    found = cases(claim)
    seen = 0
    for sizes in choices(tuple(claim.integers)):
        if satisfies(claim, sizes):
            seen += 1
            assert any(holds(case, sizes) for case in found), sizes
    assert seen > 0


def test_a_size_that_is_solved_for_is_what_the_hypothesis_says() -> None:
    (case,) = cases(StatedClaim("H == 0", where=("(H - R) % u == 0",)).claim())
    assert case.solved == {"H": Polynomial.read("q*u + R")}
    assert case.witnesses == ()

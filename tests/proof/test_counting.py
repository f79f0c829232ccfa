"""Choices of summation indices that are left correspond one to one, or nothing is said of them."""

from __future__ import annotations

import pytest
from relation_counts import count, places, relations

from symconv.claims.statement import StatedClaim
from symconv.errors import OutOfReachError
from symconv.proof.counting import paired
from symconv.proof.elimination import eliminate
from symconv.proof.prover import argue
from symconv.proof.search import CertificateSearch
from symconv.readings.relation import Relation
from symconv.refutation.search import refute

# The same element of A is counted for each choice; the second sum in the indices of the first.
PAIRS = {
    "the same": ("k in range(m)", "k in range(m)"),
    "shifted": ("k in range(m)", "k in range(1, m+1)"),
    "of another length": ("k in range(m)", "k in range(n)"),
    "exchanged": ("k in range(m) for l in range(n)", "k in range(n) for l in range(m)"),
    "exchanged and shifted": (
        "k in range(m) for l in range(n)", "k in range(1, n+1) for l in range(2, m+2)",
    ),
    "all the same": ("k in range(m) for l in range(m)", "k in range(m) for l in range(m)"),
    "shorter": ("k in range(m) for l in range(m)", "k in range(n) for l in range(n)"),
    "sheared": ("k in range(m) for l in range(k, k+m)", "k in range(m) for l in range(m)"),
    "sheared on the right": (
        "k in range(m) for l in range(n)", "k in range(m) for l in range(k, k+n)",
    ),
    "sheared both ways": (
        "k in range(m) for l in range(k, k+m)", "k in range(m) for l in range(1-k, m+1-k)",
    ),
    "tied to one another": (
        "l in range(n) for k in range(0-l, m-l)", "k in range(m) for l in range(m)",
    ),
    "triangles": ("k in range(m) for l in range(k)", "k in range(m) for l in range(m-k)"),
    "three": (
        "k in range(m) for l in range(k, n) for j in range(2)",
        "k in range(2) for l in range(m) for j in range(l, n)",
    ),
}  # fmt: skip


def left_over(left: str, right: str) -> tuple[Relation, Relation]:
    """Return both sums without the indices that equations determine."""
    (a, b), arithmetic = relations(*(f"sum(A[i] for {side})" for side in (left, right)))
    return eliminate(a, arithmetic), eliminate(b, arithmetic)


@pytest.mark.parametrize("name", PAIRS)
def test_the_choices_on_the_right_are_counted_in_the_indices_of_the_left(name: str) -> None:
    left, right = left_over(*PAIRS[name])
    renamed, how = paired(left, right)
    assert set(how) == set(right.sums)
    total = 0
    for at in places(left):
        expected = count(right, {}, right.sums, dict(at))
        assert count(renamed, {}, left.sums, dict(at)) == expected, (at, how)
        total += expected
    assert total > 0


@pytest.mark.parametrize(
    ("left", "right"),
    [("k in range(m)", "k in range(m) for l in range(2)"),
     ("k in range(m) for l in range(n)", "k in range(m)"),
     ("k in range(m)", "k in range(1)")],
)  # fmt: skip
def test_sums_over_different_numbers_of_indices_are_out_of_reach(left: str, right: str) -> None:
    with pytest.raises(OutOfReachError, match="how often a product occurs is not known"):
        paired(*left_over(left, right))


WINDOWS = {
    "two windows in either order": (
        "correlate(correlate(A, ones(n)), ones(k)) == correlate(correlate(A, ones(k)), ones(n))",
        "correlate(correlate(A, ones(n)), ones(k)) == correlate(rotate(A), ones(n+k-1))",
    ),
    "a window turned around": (
        "correlate(A, rotate(ones(n)), dilation=(k,)) == correlate(A, ones(n), dilation=(k,))",
        "correlate(A, ones(n), dilation=(k,)) == correlate(A, ones(k), dilation=(n,))",
    ),
    "one slides over the other": (
        "correlate(pad(ones(n), ((k-1, k-1),)), ones(k)) "
        "== correlate(pad(ones(k), ((n-1, n-1),)), ones(n))",
        "correlate(pad(ones(n), ((k-1, k-1),)), ones(k)) == ones(n+k-1)",
    ),
}


@pytest.mark.parametrize("name", WINDOWS)
def test_what_is_counted_as_often_is_equal_and_nothing_else(name: str) -> None:
    equal, wrong = (
        StatedClaim(
            statement,
            where=("m >= k*(n-1) + 1", "m >= n*(k-1) + 1", "m >= n + k - 1")
            if "A" in statement
            else (),
            tensors=(("A", "m"),),
            integers=(("n", ">= 1"), ("k", ">= 1")),
        ).claim()
        for statement in WINDOWS[name]
    )
    assert argue(equal, CertificateSearch())[0] is not None
    assert argue(wrong, CertificateSearch())[0] is None
    assert refute(wrong).refutation is not None

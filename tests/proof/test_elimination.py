"""Eliminating a summation index changes no count: every product occurs as often as before."""

from __future__ import annotations

import pytest
from relation_counts import count, places, relations

from symconv.errors import OutOfReachError
from symconv.proof.elimination import eliminate

FORMULAS = {
    "correlate": "correlate(pad(A, ((1, 1),)), B, stride=(u,), dilation=(d,))",
    "dX": "correlate(pad(dilate(A, (u,)), ((n-1, n-1),)), rotate(B))",
    "dilated ones": "dilate(ones(m), (u,))",
    "rotated dilated ones": "rotate(dilate(ones(m), (u,)))",
    "dilated ones as filter": "correlate(pad(A, ((m, m),)), dilate(ones(n), (u,)))",
    "subsampled": "subsample(dilate(ones(m), (u,)), (u,))",
    "vjp": "vjp(correlate(pad(A, ((n, n),)), B, stride=(u,)), A, C)",
}

SUMS = {
    "once": "A[i] for k in range(m) if 2*k == 2*i",
    "half": "A[i] for k in range(m) if 2*k == i",
    "half and one": "A[i] for k in range(m) if 2*k + 1 == i",
    "negative": "A[i] for k in range(m) if -2*k == -2*i",
    "strided": "A[k*u] for k in range(m)",
    "strided backwards": "A[m - 1 - k*u] for k in range(m)",
    "strided by a product": "A[i] for k in range(m) if k*u*d == i",
    "twice": "A[i] for k in range(m) for l in range(m) if k*u == i and l*u == i",
    "one of two": "A[i] for k in range(m) for l in range(m) if 2*k == i and k + 3*l == i",
    "a quotient of what is summed": "A[k//2] for k in range(2*m) if 2*(k//2) == k and k == 2*i",
    "a fixed index": "A[i] for k in range(i, i+1)",
    "a pinned index": "A[k] for k in range(2*i, 2*i+1)",
    "not determined": "A[i] for k in range(m)",
    "two that are tied": "A[i] for k in range(m) for l in range(m) if 2*k + 2*l == 2*i",
    "factors": "A[k]*B[i - k*u] for k in range(m)",
    "conditions": "A[(i-r)//u]*B[r] for r in range(n) if (i-r) % u == 0",
}


def held(side: str) -> int:
    """Hold a relation against what elimination leaves of it; return how many products occur."""
    (before,), arithmetic = relations(side)
    quotients = dict(arithmetic.witnesses)
    after = eliminate(before, arithmetic)
    total = 0
    for at in places(before):
        expected = count(before, quotients, before.sums, dict(at))
        assert count(after, arithmetic.witnesses, after.sums, dict(at)) == expected, at
        total += expected
    return total


@pytest.mark.parametrize("name", FORMULAS)
def test_every_product_of_a_formula_occurs_as_often_as_before(name: str) -> None:
    assert held(FORMULAS[name]) > 0


@pytest.mark.parametrize("name", SUMS)
def test_every_product_of_a_sum_occurs_as_often_as_before(name: str) -> None:
    assert held(f"sum({SUMS[name]})") > 0


def test_indices_that_equations_determine_are_gone() -> None:
    for name in ("once", "strided", "negative", "a fixed index", "conditions"):
        (before,), arithmetic = relations(f"sum({SUMS[name]})")
        assert eliminate(before, arithmetic).sums == (), name
    for name in ("not determined", "two that are tied"):
        (before,), arithmetic = relations(f"sum({SUMS[name]})")
        assert eliminate(before, arithmetic).sums, name


@pytest.mark.parametrize(
    "tied", ["k//2 == i", "k - k//2 == i", "k + k//2 == i", "k % 3 == i", "k//2 == k - i"]
)
def test_an_index_under_a_quotient_that_is_not_determined_is_out_of_reach(tied: str) -> None:
    (before,), arithmetic = relations(f"sum(A[i] for k in range(m) if {tied})")
    with pytest.raises(OutOfReachError, match="a quotient depends on the summation index k"):
        eliminate(before, arithmetic)

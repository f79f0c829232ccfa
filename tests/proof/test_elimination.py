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
    "rows of a matrix": "A[k//u]*U[k % u] for k in range(m*u)",
    "columns of a matrix": "A[k % m]*U[k//m] for k in range(m*u)",
    "phases": "C[t*u + a] for a in range(u) for t in range(m) if t*u + a == i",
    "phases backwards": "C[t*u + u - a] for a in range(1, u+1) for t in range(m)",
    "phases, some of them": "C[t*u + a] for a in range(1, u) for t in range(m)",
    "two ways to write an index": "C[t*u + a] for a in range(u+1) for t in range(m)",
    "digits of a digit": "C[(t*u + a)*d + b] for b in range(d) for a in range(u) for t in range(m)",
    "a remainder of a sum": "A[(k + i) % m]*B[k] for k in range(n)",
    "negative quotients": "A[k] for k in range(m) if (k - 3)//u == i - 3",
    "a quotient of a quotient": "A[(k//u)//u] for k in range(m*u)",
    "a digit of a number": "A[k//2] for k in range(3)",
    "a number that is carried": "A[((k+1)//u)//m] for k in range(m*u)",
    "from below 0": "A[k//u + 1] for k in range(-1, u)",
    "nothing in the range": "A[k//u] for k in range(u, m - m)",
}
"""Where a product may occur."""

TAKEN_APART = ["k//2 == i", "k - k//2 == i", "k + k//2 == i", "k % 3 == i", "k//2 == k - i"]


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
    assert (held(f"sum({SUMS[name]})") > 0) == (name != "nothing in the range")


@pytest.mark.parametrize("tied", TAKEN_APART)
def test_what_no_equation_determines_is_counted_in_its_digits(tied: str) -> None:
    assert held(f"sum(A[i] for k in range(m) if {tied})") > 0


def test_digits_are_determined_and_two_ways_to_write_an_index_are_not() -> None:
    for name in ("rows of a matrix", "phases", "phases backwards", "digits of a digit"):
        (before,), arithmetic = relations(f"sum({SUMS[name]})")
        after = eliminate(before, arithmetic)
        assert after.sums == (), name
        assert after.radix, name
    for name in ("phases, some of them", "two ways to write an index"):
        (before,), arithmetic = relations(f"sum({SUMS[name]})")
        assert eliminate(before, arithmetic).sums, name


def test_indices_that_equations_determine_are_gone() -> None:
    for name in ("once", "strided", "negative", "a fixed index", "conditions"):
        (before,), arithmetic = relations(f"sum({SUMS[name]})")
        assert eliminate(before, arithmetic).sums == (), name
    for name in ("not determined", "two that are tied"):
        (before,), arithmetic = relations(f"sum({SUMS[name]})")
        assert eliminate(before, arithmetic).sums, name


@pytest.mark.parametrize("tied", ["(2*k)//3 == i", "k*k//2 == i", "(k + k % 2)//3 == i"])
def test_an_index_under_a_quotient_that_is_not_determined_is_out_of_reach(tied: str) -> None:
    (before,), arithmetic = relations(f"sum(A[i] for k in range(m) if {tied})")
    with pytest.raises(OutOfReachError, match="a quotient depends on the summation index"):
        eliminate(before, arithmetic)

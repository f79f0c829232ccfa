"""What a comparison with min and max of indices comes to holds where the comparison does."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.errors import OutOfReachError
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
    evaluate,
)
from symconv.polynomial import Polynomial
from symconv.readings.extremes import not_negative
from symconv.readings.quotients import Arithmetic

AT = {"i": Polynomial.name("i"), "j": Polynomial.name("j")}
KNOWN = [AT["i"], AT["j"] - AT["i"]]
"""What is >= 0 in each test: 0 <= i <= j."""

i, j, a = Name("i"), Name("j"), Name("a")
atoms = st.one_of(st.integers(-2, 2), st.sampled_from([i, j, a]))


def _grown(inner: st.SearchStrategy[Size]) -> st.SearchStrategy[Size]:
    pairs = st.sampled_from([Sum, Difference, Least, Greatest, Least, Greatest])
    return st.one_of(
        st.builds(lambda kind, x, y: kind(x, y), pairs, inner, inner),
        st.builds(Product, st.integers(-2, 2), inner),
        st.builds(Quotient, inner, st.sampled_from([2, 3, a])),
    )


def _arithmetic() -> Arithmetic:
    arithmetic = Arithmetic("a", {})
    arithmetic.values["a"] = Polynomial.name("a")
    return arithmetic


def _value(polynomial: Polynomial, arithmetic: Arithmetic, at: dict[str, int]) -> int:
    every = dict(at)
    for name, witness in arithmetic.witnesses.items():
        every[name] = witness.numerator.evaluate(every) // witness.divisor.evaluate(every)
    return polynomial.evaluate(every)


@settings(max_examples=250, deadline=None)
@given(st.recursive(atoms, _grown, max_leaves=7))
def test_all_are_at_least_0_exactly_where_the_size_is(size: Size) -> None:
    arithmetic = _arithmetic()
    try:
        found = not_negative(size, arithmetic, AT, KNOWN)
    except OutOfReachError:
        return
    for x, y, z in itertools.product(range(4), range(4), range(1, 3)):
        at = {"i": x, "j": y, "a": z}
        if x <= y:
            all_hold = all(_value(each, arithmetic, at) >= 0 for each in found)
            assert all_hold == (evaluate(size, at) >= 0), (size, at)


@pytest.mark.parametrize(
    ("size", "count"),
    [
        (Difference(i, Greatest(j, a)), 2),
        (Difference(Least(i, Least(j, a)), 1), 3),
        (Difference(0, Greatest(Sum(Difference(j, i), 1), 0)), 1),
        (Greatest(Difference(i, j), 0), 0),
        (Difference(Difference(Greatest(0, j), i), 1), 1),
        (Difference(i, Quotient(Greatest(j, a), 2)), 2),
        (Difference(i, Product(-2, Least(j, a))), 2),
    ],
)
def test_as_many_as_it_takes(size: Size, count: int) -> None:
    assert len(not_negative(size, _arithmetic(), AT, KNOWN)) == count


@pytest.mark.parametrize(
    ("size", "named"),
    [
        (Difference(i, Least(j, a)), "min(j, a) asks for one of two"),
        (Sum(Greatest(i, a), -3), "max(i, a) asks for one of two"),
        (Remainder(Greatest(i, j), 2), "max(i, j) % 2: "),
        (Product(j, Greatest(i, a)), "j*max(i, a): "),
    ],
)
def test_what_is_out_of_reach_is_said_in_the_words_of_the_claim(size: Size, named: str) -> None:
    with pytest.raises(OutOfReachError) as refused:
        not_negative(size, _arithmetic(), AT, KNOWN)
    assert str(refused.value).startswith(named)


def test_too_many_at_once_are_refused() -> None:
    size: Size = 0
    for n in range(7):
        size = Sum(size, Greatest(Sum(i, n), Sum(j, n * n)))
    with pytest.raises(OutOfReachError, match="too many sizes at once"):
        not_negative(size, _arithmetic(), AT)

"""Columns do what Python's integers do, however large these are."""

from __future__ import annotations

import operator
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from symconv.tensors.columns import FIRST_BEYOND, BoundedColumn, fits

EDGES = [2**k + step for k in (31, 32, 61, 62, 63, 64, 128) for step in (-1, 0, 1)]
integers = st.one_of(
    st.integers(-5, 5),
    st.sampled_from([*EDGES, *(-n for n in EDGES)]),
    st.integers(-(2**70), 2**70),
)
numbers = st.lists(integers, min_size=1, max_size=4)


def column(values: list[int]) -> BoundedColumn:
    """Return a column of these numbers, as a sum of columns of one number each makes it."""
    least, greatest = min(values), max(values)
    kind = np.int64 if fits(least, greatest) else object
    return BoundedColumn(np.array(values, dtype=kind), least, greatest)


def check(found: BoundedColumn, expected: list[int]) -> None:
    assert found.values.tolist() == expected
    assert all(found.least <= n <= found.greatest for n in expected)
    assert (found.values.dtype == np.int64) == fits(found.least, found.greatest)


ANY = [
    (operator.add, operator.add),
    (operator.sub, operator.sub),
    (operator.mul, operator.mul),
    (BoundedColumn.minimum, min),
    (BoundedColumn.maximum, max),
]
DIVIDING = [(operator.floordiv, operator.floordiv), (operator.mod, operator.mod)]


@pytest.mark.parametrize(("ours", "pythons"), ANY, ids=["add", "sub", "mul", "min", "max"])
@given(numbers, integers)
@example([2**62 - 1], 2**62 - 1)
@example([-(2**62)], 2**63)
@example([2**31, 2**32], 2**31)
def test_arithmetic_is_pythons(
    ours: Callable[..., BoundedColumn],
    pythons: Callable[[int, int], int],
    left: list[int],
    right: int,
) -> None:
    check(ours(column(left), right), [pythons(n, right) for n in left])
    both = [*left, right]
    reverse = both[::-1]
    check(ours(column(both), column(reverse)), list(map(pythons, both, reverse)))


@pytest.mark.parametrize(("ours", "pythons"), DIVIDING, ids=["floordiv", "mod"])
@given(numbers, st.lists(integers.map(lambda n: abs(n) or 1), min_size=1, max_size=4))
def test_division_is_pythons(
    ours: Callable[..., BoundedColumn],
    pythons: Callable[[int, int], int],
    left: list[int],
    right: list[int],
) -> None:
    check(ours(column(left), right[0]), [pythons(n, right[0]) for n in left])
    pairs = [(n, m) for n in left for m in right]
    lefts, rights = ([pair[k] for pair in pairs] for k in (0, 1))
    check(ours(column(lefts), column(rights)), list(map(pythons, lefts, rights)))


@given(numbers, integers)
def test_inside_is_between_0_and_the_extent(values: list[int], extent: int) -> None:
    assert column(values).inside(extent).tolist() == [0 <= n < extent for n in values]


@pytest.mark.parametrize("divisor", [0, -1, -(2**70)])
def test_a_divisor_below_1_is_an_error(divisor: int) -> None:
    for operation in (operator.floordiv, operator.mod):
        with pytest.raises(ValueError, match="at least 1"):
            operation(column([7]), divisor)


def test_bounds_that_are_wider_than_the_numbers_can_be_tightened() -> None:
    wide = column([3, 2**70]) - column([1, 2**70])
    assert wide.bounds == (3 - 2**70, 2**70 - 1)
    assert wide.tightened().bounds == (0, 2)
    none = BoundedColumn(np.zeros(0, dtype=np.int64), 0, 5)
    assert none.tightened().bounds == (0, 5)


def test_small_numbers_stay_with_numpy() -> None:
    rows = BoundedColumn.below(np.arange(1000), 1000)
    assert (rows * 10**9 + 7 - rows).values.dtype == np.int64
    assert (rows * FIRST_BEYOND % 7).values.dtype == np.int64
    assert (rows * FIRST_BEYOND).values.dtype == object


def test_only_what_fits_becomes_an_index() -> None:
    large = column([2**64, 5, 2**64 + 1])
    kept = (large - 2**64).at(large.inside(2**65) & np.array([True, False, True]))
    assert kept.indices(2).dtype == np.int64
    with pytest.raises(OverflowError, match="62 bits"):
        kept.indices(2**62)


def test_one_number_stands_for_a_column() -> None:
    assert BoundedColumn.number(2**80).repeated(3).values.tolist() == [2**80] * 3

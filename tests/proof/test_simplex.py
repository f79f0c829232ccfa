from __future__ import annotations

import math
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symconv.proof.simplex import OutOfTimeError, Vector, combination

PLACES: list[tuple[str, ...]] = [(), ("a",), ("b",), ("c",)]

vectors = st.lists(
    st.dictionaries(
        st.sampled_from(PLACES), st.integers(-3, 3).filter(bool), min_size=1, max_size=3
    ),
    min_size=1,
    max_size=6,
)


def total(columns: list[Vector], multipliers: dict[int, Fraction]) -> dict[object, Fraction]:
    sums: dict[object, Fraction] = {}
    for n, times in multipliers.items():
        for place, factor in columns[n].items():
            sums[place] = sums.get(place, Fraction(0)) + times * factor
    return {place: factor for place, factor in sums.items() if factor}


@given(vectors)
def test_what_is_found_adds_up_to_minus_one(columns: list[Vector]) -> None:
    found = combination(columns, (), math.inf)
    if found is not None:
        assert all(times > 0 for times in found.values())
        assert total(columns, found) == {(): -1}


@given(vectors, st.lists(st.integers(0, 4), min_size=6, max_size=6))
def test_a_combination_that_exists_is_found(columns: list[Vector], times: list[int]) -> None:
    hidden = {n: Fraction(m) for n, m in zip(range(len(columns)), times, strict=False) if m}
    rest = total(columns, hidden)
    closing = {place: -factor for place, factor in rest.items()}
    closing[()] = closing.get((), Fraction(0)) - 1
    last: Vector = {place: int(factor) for place, factor in closing.items()}  # type: ignore[misc]
    assert combination([*columns, last], (), math.inf) is not None


@given(vectors, st.tuples(*[st.integers(0, 3)] * 3))
def test_none_is_found_where_a_point_satisfies_all(
    columns: list[Vector], point: tuple[int, ...]
) -> None:
    values = dict(zip(PLACES, (1, *point), strict=True))
    satisfied = [c for c in columns if sum(values[p] * f for p, f in c.items()) >= 0]
    assert combination(satisfied, (), math.inf) is None


def test_degenerate_cycling_example_ends() -> None:
    columns: list[Vector] = [
        {("a",): 1, ("b",): 1, (): 3},
        {("a",): -24, ("b",): -36, (): -80},
        {("a",): -1, ("b",): -1, (): 2},
        {("a",): 6, ("b",): 3, (): -24},
    ]
    found = combination(columns, (), time.monotonic() + 5)
    assert found is None or total(columns, found) == {(): -1}


def test_time_is_looked_at() -> None:
    columns: list[Vector] = [{(): -1, ("a",): 1}, {("a",): -1}]
    with pytest.raises(OutOfTimeError):
        combination(columns, (), time.monotonic() - 1)

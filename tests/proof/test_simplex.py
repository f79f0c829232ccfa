from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symconv.limits.budget import Budget, OutOfBudgetError, spending
from symconv.proof.simplex import Vector, combination

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
    found = combination(columns, ())
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
    assert combination([*columns, last], ()) is not None


@given(vectors, st.tuples(*[st.integers(0, 3)] * 3))
def test_none_is_found_where_a_point_satisfies_all(
    columns: list[Vector], point: tuple[int, ...]
) -> None:
    values = dict(zip(PLACES, (1, *point), strict=True))
    satisfied = [c for c in columns if sum(values[p] * f for p, f in c.items()) >= 0]
    assert combination(satisfied, ()) is None


def tableau(*columns: tuple[int, ...]) -> list[Vector]:
    """Return columns that are written as their entries in rows a, b, .. and at the target."""
    rows = [(letter,) for letter in "abc"[: len(columns[0]) - 1]]
    return [{p: n for p, n in zip([*rows, ()], each, strict=True) if n} for each in columns]


UNIT = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0))

# What comes back to where it was, for ever, if by another rule columns enter and leave.
CYCLES = {
    "Beale: the steepest column enters": tableau(
        (100, 0, 0), (0, 100, 0), (25, 50, -75), (-6000, -9000, 15000), (-4, -2, -2),
        (900, 300, 600),
    ),
    "Chvatal: the steepest column enters": tableau(
        (2, 0, 0), (0, 2, 0), (1, 1, -20), (-11, -3, 114), (-5, -1, 18), (18, 2, 48)
    ),
    "the last column enters": tableau(
        (-7, -2, 4, 2), (6, -2, -1, -6), (9, 1, -6, 9), (2, 8, 5, -5), (-4, -4, -4, 6), *UNIT
    ),
    "the last column leaves": tableau(
        *UNIT, (5, -2, 1, -1), (2, 5, -5, -2), (-2, 5, 5, -4), (0, -1, -1, -4)
    ),
    "the last row leaves": tableau(
        *UNIT, (-2, -3, -4, 3), (2, -1, -3, -1), (-3, -2, -2, 2), (2, 1, -1, -2)
    ),
    "the first row leaves": tableau(
        *UNIT, (-1, 3, -3, 2), (4, -4, 0, -2), (-2, -2, 2, 1), (1, 4, 1, -3)
    ),
}  # fmt: skip
IMPOSSIBLE = {"the first row leaves": (8, 7, 3, 6)}
"""Weights of the target and the rows that leave no column negative, and so no sum of them -1."""


@pytest.mark.parametrize("name", CYCLES)
def test_a_program_that_cycles_under_another_rule_ends(name: str) -> None:
    """The budget is for those who break the rule: what is right takes five pivots."""
    columns = CYCLES[name]
    with spending(Budget(1_000)):
        found = combination(columns, ())
    if name in IMPOSSIBLE:
        assert found is None
        weights = dict(zip(PLACES, IMPOSSIBLE[name], strict=True))
        assert all(sum(weights[p] * n for p, n in column.items()) >= 0 for column in columns)
    else:
        assert found is not None
        assert all(times > 0 for times in found.values())
        assert total(columns, found) == {(): -1}


def test_steps_are_counted() -> None:
    columns: list[Vector] = [{(): -1, ("a",): 1}, {("a",): -1}]
    with spending(Budget(1_000)) as budget:
        assert combination(columns, ()) is not None
    assert budget.spent > 0
    with spending(Budget(budget.spent - 1)), pytest.raises(OutOfBudgetError):
        combination(columns, ())

from __future__ import annotations

import time

import pytest

from symconv.limits.budget import LOOK, Budget, OutOfBudgetError, part, share, spend, spending


def test_without_a_budget_nothing_is_counted() -> None:
    spend(10**12)


def test_steps_are_taken_until_there_are_none() -> None:
    with spending(Budget(10)) as budget:
        spend(4)
        spend(6)
        assert budget.spent == 10
        assert budget.left == 0
        with pytest.raises(OutOfBudgetError, match="steps"):
            spend()
        with pytest.raises(OutOfBudgetError, match="steps"):
            spend(0)
        assert not budget.late


def test_the_clock_is_the_last_resort() -> None:
    with spending(Budget(10**9, deadline=time.monotonic() - 1)) as budget:
        with pytest.raises(OutOfBudgetError, match="time was up"):
            spend()
        assert budget.late
        with pytest.raises(OutOfBudgetError, match="time was up"):
            spend()


def test_the_clock_is_looked_at_again_and_again() -> None:
    with spending(Budget(10**9)) as budget:
        spend()
        budget.deadline = time.monotonic() - 1
        spend(LOOK // 2)
        with pytest.raises(OutOfBudgetError):
            spend(LOOK)


def test_steps_come_before_the_clock() -> None:
    """What ends with its steps is not late: it would end there on any machine."""
    with spending(Budget(5, deadline=time.monotonic() - 1)) as budget:
        with pytest.raises(OutOfBudgetError, match="steps"):
            spend(6)
        assert not budget.late


def test_a_part_is_taken_from_the_whole() -> None:
    with spending(Budget(100)) as whole:
        with part(30) as some:
            spend(20)
            assert (some.left, whole.left) == (10, 100)
        assert whole.left == 80
        with pytest.raises(OutOfBudgetError), part(30):
            spend(31)
        assert whole.left == 49
        with share(1 / 7) as some:
            assert some.steps == 7
        with part(1000) as all_that_is_left:
            assert all_that_is_left.steps == 49


def test_a_part_ends_with_the_clock_of_the_whole() -> None:
    with spending(Budget(100, deadline=time.monotonic() - 1)) as whole:
        with pytest.raises(OutOfBudgetError, match="time"), part(50):
            spend()
        assert whole.late


def test_a_part_of_nothing_counts_all_the_same() -> None:
    with part() as some:
        spend(7)
    assert some.spent == 7
    with pytest.raises(OutOfBudgetError), part(3):
        spend(7)


def test_a_second_stands_for_fewer_steps_than_a_machine_does() -> None:
    budget = Budget.of(2)
    assert budget.steps == 2 * Budget.of(1).steps
    assert 0 < budget.seconds <= 2

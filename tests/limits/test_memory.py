from __future__ import annotations

import pytest

from symconv.errors import TooLargeError
from symconv.limits import memory
from symconv.limits.memory import LARGEST, SMALL, gigabytes, hold, limited, reserve, scope

MB = 2**20


def test_what_fits_is_reserved_and_what_does_not_is_refused() -> None:
    with limited(100 * MB):
        reserve(100 * MB)
        with pytest.raises(TooLargeError, match="is what a claim may take; use smaller"):
            reserve(100 * MB + 1)


def test_what_is_held_counts_until_its_scope_ends() -> None:
    with limited(100 * MB):
        with scope():
            hold(60 * MB)
            reserve(40 * MB)
            with pytest.raises(TooLargeError):
                reserve(41 * MB)
            with scope():
                hold(40 * MB)
                with pytest.raises(TooLargeError):
                    reserve(1)
            reserve(40 * MB)
        reserve(100 * MB)


def test_a_scope_that_fails_lets_go_as_well() -> None:
    with limited(100 * MB):
        with pytest.raises(TooLargeError):
            _take_twice(60 * MB)
        reserve(100 * MB)


def _take_twice(size: int) -> None:
    with scope():
        hold(size)
        hold(size)


def test_without_a_limit_the_machine_is_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 300 * MB)
    reserve(300 * MB)
    with pytest.raises(TooLargeError, match="are available"):
        reserve(301 * MB)
    monkeypatch.setattr(memory, "available", lambda: 0)
    reserve(SMALL)


def test_a_claim_may_take_less_than_a_gigabyte() -> None:
    assert LARGEST < 0.7 * 2**30
    with limited(), pytest.raises(TooLargeError):
        reserve(LARGEST + 1)


def test_any_number_of_bytes_can_be_said() -> None:
    assert gigabytes(3 * 2**29) == "1.5 GiB"
    assert gigabytes(2**2000) == "2^1970 GiB"


def test_memory_that_is_available_is_a_number_of_bytes() -> None:
    assert memory.available() > 2**20

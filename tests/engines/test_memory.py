from __future__ import annotations

import pytest

from symconv.derivation import derive
from symconv.engines import memory
from symconv.errors import TooLargeError
from symconv.geometry import Geometry


def test_products_are_windows_times_filter_elements():
    assert memory.products(Geometry.of(5, 3, 2)) == 4 * 9


def test_small_sizes_are_never_refused(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 0)
    memory.check_memory(Geometry.of(64, 3))
    memory.check_memory(Geometry.of(4096, 11))  # a table for each axis: 90,000 rows in all


def test_what_does_not_fit_is_refused_with_the_estimate_and_the_way_out(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 2**30)
    with pytest.raises(TooLargeError) as raised:
        memory.check_memory(Geometry.of(10**6, 7))
    message = str(raised.value)
    assert "1000000" in message
    assert "GiB" in message
    assert "1.0 GiB are available" in message
    assert "use a smaller input or filter" in message
    assert "\n" not in message


def test_the_estimate_grows_with_the_products_on_an_axis(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 2**30)
    memory.check_memory(Geometry.of(10**6, 1))
    with pytest.raises(TooLargeError):
        memory.check_memory(Geometry.of(10**6, 33))


def test_a_wide_padding_counts_even_where_few_windows_are(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 2**30)
    with pytest.raises(TooLargeError):
        memory.check_memory(Geometry.of(5, 3, 10**8, 10**8))


def test_terms_are_not_multiplied_out_beyond_the_memory(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 2**30)
    memory.check_terms(10**6)
    with pytest.raises(TooLargeError, match="100,000,000 terms"):
        memory.check_terms(10**8)


@pytest.mark.parametrize("sizes", [{"input": 10**9}, {"input": (10**17, 1), "filter": 1}])
def test_absurd_sizes_are_refused_before_anything_is_made(sizes):
    with pytest.raises(TooLargeError):
        derive(**sizes)


def test_memory_that_is_available_is_a_number_of_bytes():
    assert memory.available() > 2**20

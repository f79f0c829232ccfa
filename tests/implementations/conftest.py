"""What the tests of `verify` share."""

import pytest

from symconv.implementations import plan


@pytest.fixture
def few_sizes(monkeypatch):
    """Plan a quarter of the sizes, drawn as ever, where a test is not about them."""
    monkeypatch.setattr(plan, "MOST", 6)
    monkeypatch.setattr(plan, "_POOL", 240)

"""Where an element stands in a tensor, as Python programs say it."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import SupportsIndex

Place = SupportsIndex | tuple[SupportsIndex, ...]
"""An index: a number for each axis, negative ones counted from the end; one number on one axis."""


def place(index: Place, shape: Sequence[int]) -> tuple[int, ...]:
    """Return an index with whole numbers from 0 on, one for each axis.

    Raises:
        IndexError: it lies outside, or has too few or too many numbers.

    >>> place((-1, 2), (5, 5)), place(3, (5,))
    ((4, 2), (3,))
    """
    given = tuple(map(operator.index, index if isinstance(index, tuple) else (index,)))
    found = tuple(i + n if i < 0 else i for i, n in zip(given, shape, strict=False))
    if len(given) != len(shape) or not all(0 <= i < n for i, n in zip(found, shape, strict=True)):
        size = "x".join(map(str, shape)) or "a number without an index"
        raise IndexError(f"there is no element [{', '.join(map(str, given))}]; it is {size}")
    return found

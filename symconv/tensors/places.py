"""Where an element stands in a tensor, as Python programs say it."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import SupportsIndex

from symconv.errors import how_many

Place = SupportsIndex | tuple[SupportsIndex, ...]
"""An index: a number for each axis, negative ones counted from the end; one number on one axis."""


def in_brief(shape: Sequence[int], products: int) -> str:
    """Return what a tensor is, in a line; its elements are asked for by their index.

    >>> in_brief((5, 5), 36)
    '<5x5 elements of 36 products: ask for one by its index>'
    """
    size = how_many(shape[0], "element") if len(shape) == 1 else f"{by(shape)} elements"
    return f"<{size} of {how_many(products, 'product')}: ask for one by its index>"


def by(shape: Sequence[int]) -> str:
    """Return extents as they are written: 5x5, or what stands for none."""
    return "x".join(map(str, shape)) or "a number without an index"


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
        raise IndexError(f"there is no element [{', '.join(map(str, given))}]; it is {by(shape)}")
    return found

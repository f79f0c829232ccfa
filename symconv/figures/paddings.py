"""What a padding does, in words: positive amounts add zeros, negative ones crop."""

from __future__ import annotations

from collections.abc import Sequence

from symconv.errors import how_many
from symconv.formula.closed_forms import Amounts
from symconv.formula.words import CROP, PAD, Operator


def done(amounts: Amounts) -> list[str]:
    """Return what was done with a tensor: padded, cropped, both or nothing."""
    return [word for word, sign in (("padded", 1), ("cropped", -1)) if _has(amounts, sign)]


def to_do(amounts: Amounts) -> tuple[Operator, ...]:
    """Return what is to be done with a tensor: pad, crop, both or nothing."""
    return tuple(operator for operator, sign in ((PAD, 1), (CROP, -1)) if _has(amounts, sign))


def cropped(amounts: Amounts) -> str:
    """Return how many rows and columns are cropped, and where; nothing if none are."""
    return " and ".join(
        f"{' and '.join(rows)} at the {place}"
        for place, side in (("beginning", 0), ("end", 1))
        if (rows := counted([max(-pair[side], 0) for pair in amounts]))
    )


def hatched(amounts: Amounts, remainder: Sequence[int]) -> tuple[int, ...]:
    """Return how many rows and columns of the padding at the end are there for the remainder."""
    return tuple(min(rem, max(hi, 0)) for rem, (_, hi) in zip(remainder, amounts, strict=True))


def counted(numbers: Sequence[int]) -> list[str]:
    """Return how many rows and how many columns, in words, those that are 0 left out."""
    names = ("row", "column")[-len(numbers) :]
    return [how_many(n, name) for n, name in zip(numbers, names, strict=True) if n]


def _has(amounts: Amounts, sign: int) -> bool:
    return any(number * sign > 0 for pair in amounts for number in pair)

"""Elements of tensors, and equations between them: a target and the products that add up to it.

These records are what every engine hands to whoever prints, compares or stores a result.  Names
and indices in them are canonical: ``X F Y dX dF dY``, indices counted from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

ORDER = {"dY": 0, "X": 1, "F": 2}
"""The order in which a lecturer writes factors: dL/dy f, dL/dy x, x f."""


class Element(NamedTuple):
    """One element of a tensor: its name and its index, one number for each axis."""

    tensor: str
    index: tuple[int, ...]  # type: ignore[assignment]  # tuple.index is not missed


Term = tuple[Element, ...]
"""A product of elements, in the order of `ORDER`."""


@dataclass(frozen=True, slots=True)
class Equation:
    """``target`` equals the sum of ``terms``; without terms it is 0.

    A term that occurs twice is listed twice.
    """

    target: Element
    terms: tuple[Term, ...]


def factor_order(name: str) -> tuple[int, str]:
    """Return the key that sorts the factors of a product as `ORDER` says, other names last."""
    return ORDER.get(name, len(ORDER)), name

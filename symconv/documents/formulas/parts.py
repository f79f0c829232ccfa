"""What an index formula is made of: summation indices, factors, and what holds of the indices."""

from __future__ import annotations

from dataclasses import dataclass

from symconv.documents.source.place import Place
from symconv.polynomial import Polynomial

MADE = {"Y": ("X", "F"), "dX": ("dY", "F"), "dF": ("X", "dY")}
"""What every product in a result holds."""


@dataclass(slots=True)
class StatedRange:
    """A summation index with its limits as stated; None where there are none.

    ``moved`` says that it runs about a middle, and is counted anew here from the first index;
    ``closed`` that both limits belong to it.
    """

    name: str
    place: Place
    low: Polynomial | None = None
    high: Polynomial | None = None
    moved: bool = False
    low_place: Place | None = None
    high_place: Place | None = None
    closed: bool = True


@dataclass(slots=True)
class TensorRead:
    """One factor: a tensor's name in the claim language, and its index."""

    tensor: str
    index: list[Polynomial]


@dataclass(slots=True)
class LocalFactor:
    """One factor dy_ij/dx_mn: the indices above and below, and X or F."""

    above: list[Polynomial]
    below: list[Polynomial]
    wrt: str
    place: Place


@dataclass(frozen=True, slots=True)
class Guard:
    """What is at least 0 wherever a sum has a term, and where a document says so.

    ``step`` is the least by which it can be drawn in: a quotient that is an index is whole.
    """

    least: Polynomial
    place: Place
    step: Polynomial

"""A formula as a document states it."""

from __future__ import annotations

from dataclasses import dataclass

from symconv.documents.mathematics.syntax import Expression, UnreadableError
from symconv.documents.source.place import Place


@dataclass(frozen=True, slots=True)
class Formula:
    """An equation that is not one between elements: an index formula, operators, sizes.

    Attributes:
        sides: what is said to be equal.
        place: all of it.
        refused: why it cannot be judged, where that is plain before any notation is known.
    """

    sides: tuple[Expression, ...]
    place: Place
    refused: UnreadableError | None = None

"""A formula as a document states it."""

from __future__ import annotations

from dataclasses import dataclass

from symconv.documents.mathematics.syntax import Expression
from symconv.documents.source.place import Place


@dataclass(frozen=True, slots=True)
class Formula:
    """An equation that is not one between elements: an index formula, operators, sizes."""

    sides: tuple[Expression, ...]
    place: Place

"""A range of a document."""

from typing import NamedTuple


class Place(NamedTuple):
    """A half-open range of the document."""

    start: int
    end: int

"""Which notation holds at a place: the regions before and after it, by where they begin."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from symconv.documents.notation.reading import NotationReading, Region


class Surroundings:
    """The regions of a document that have a notation, in order.

    Attributes:
        regions: those.
        names: the names of all their tensors.
        of_input: the first notation with an input of a name.
    """

    def __init__(self, regions: Iterable[Region]) -> None:
        self.regions = [region for region in regions if region.readings]
        self.names = frozenset(name for region in self.regions for name in region.system.names())
        self.of_input: dict[str, NotationReading] = {}
        for reading in (reading for region in self.regions for reading in region.readings):
            self.of_input.setdefault(reading.input, reading)
        self._known: dict[frozenset[str], tuple[list[Region], list[Region]]] = {}

    def last(self, offset: int, names: Iterable[str]) -> Region | None:
        """Return the last region begun that has one of these names, else the last one begun."""
        any_, _ = self._knowing(names)
        return next(iter(_beside(any_ or self.regions, offset)), None)

    def around(self, offset: int, names: Iterable[str]) -> Sequence[Region]:
        """Return the regions with most of these names before and after a place, the former first.

        None of them is returned that has no such name.
        """
        _, most = self._knowing(names)
        return _beside(most, offset)

    def _knowing(self, names: Iterable[str]) -> tuple[list[Region], list[Region]]:
        """Return the regions with any of these names, and those with most of them."""
        wanted = self.names.intersection(names)
        if wanted not in self._known:
            shared = [(len(wanted & region.system.names()), region) for region in self.regions]
            most = max((n for n, _ in shared), default=0)
            any_ = [region for n, region in shared if n]
            self._known[wanted] = any_, [region for n, region in shared if n and n == most]
        return self._known[wanted]


def _beside(regions: Sequence[Region], offset: int) -> Sequence[Region]:
    """Return the last region begun at a place, else the first, and the one after it."""
    k = bisect_right(regions, offset, key=lambda region: region.start)
    return regions[max(k - 1, 0) : k + 1]

"""Edges that are treated otherwise than by zeros, as the words of a document say.

Where values at the edge are repeated, mirrored or continued at the other end, the sums there hold
other products: what is not right with zeros is not judged then.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from symconv.documents.notation.reading import NotationReading
from symconv.documents.source.prose import without_comments
from symconv.documents.verdicts.verdict import WRONG, EquationVerdict, not_judged

_EDGE = r"(?:edges?|borders?|boundar(?:y|ies)|ends?|margins?|rim)"
_KIND = (
    r"(?:replicat\w*|reflect\w*|mirror\w*|circular|cyclic\w*|periodic\w*|toroidal|symmetric"
    r"|wrap(?:ped|s|ping)?(?:[- ]?around)?|repeat\w*|extend\w*|nearest|clamp\w*)"
)
_SAID = re.compile(
    rf"\b{_EDGE}\b(?:[\s-]+\w+){{0,4}}?[\s-]+{_KIND}\b"
    rf"|\b{_KIND}\b(?:[\s-]+\w+){{0,2}}?[\s-]+(?:{_EDGE}|padding|padded|convolution)\b"
    r"|\bpad\w*\b(?:[\s-]+\w+){0,4}?[\s-]+(?:replicat\w*|reflect\w*|circular|periodic\w*)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^(?:#{1,6} |\\(?:sub)*section|\\chapter)", re.MULTILINE)


class Edges:
    """What the words of a document say of the edges, section by section."""

    def __init__(self, text: str) -> None:
        prose = without_comments(text)
        self.said = [(found.start(), found[0]) for found in _SAID.finditer(prose)]
        self.headings = [found.start() for found in _HEADING.finditer(prose)] if self.said else []

    def before(self, offset: int) -> str:
        """Return what is said in a section before a place, "" where nothing is."""
        heading = bisect_right(self.headings, offset)
        begun = self.headings[heading - 1] if heading else 0
        last = bisect_right(self.said, offset, key=lambda said: said[0])
        if not last or self.said[last - 1][0] < begun:
            return ""
        return " ".join(self.said[last - 1][1].split())

    def held(self, judgement: EquationVerdict, reading: NotationReading | None) -> EquationVerdict:
        """Return a verdict, unless what is wrong with zeros may be right as the words say."""
        if judgement.verdict != WRONG or not self.said:
            return judgement
        words = self.before(judgement.place.start)
        if not words or (reading is not None and _is_inside(judgement, reading)):
            return judgement
        reason = f"'{words}': how these edges are treated is not judged"
        return not_judged(judgement.kind, judgement.place, reason)


def _is_inside(judgement: EquationVerdict, reading: NotationReading) -> bool:
    """Whether an output's window does not reach past the edge."""
    size = 1
    for extent in reading.geometry.filter:
        size *= extent
    return judgement.target.startswith("y[") and len(judgement.expected) == size

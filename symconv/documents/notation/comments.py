"""What a document's comments tell symconv: hints about its notation, and what to leave alone.

<!-- symconv: input=5x5 filter=3x3 stride=2 names=x,w,Y -->      from here on
% symconv: ignore                                               this line, or the next block
<!-- symconv: off -->  ..  <!-- symconv: on -->                   everything between
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from symconv.documents.notation.hints import hints
from symconv.documents.notation.reading import Hints
from symconv.documents.source.place import Place
from symconv.documents.source.spans import Layout
from symconv.documents.source.text import Document, DocumentError

_ADDRESSED = re.compile(r"\s*symconv:")
_BLANK = re.compile(r"\n[ \t\r]*\n")
_INK = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Directives:
    """What the comments of a document say.

    Attributes:
        stretches: hints with the offset from which they hold, none from 0, in order.
        silent: ranges that are left alone, apart from each other, in order.
    """

    stretches: tuple[tuple[int, Hints], ...]
    silent: tuple[Place, ...]

    def at(self, offset: int) -> tuple[int, Hints]:
        """Return the hints that hold at a place, and from where on."""
        return self.stretches[bisect_right(self.stretches, offset, key=itemgetter(0)) - 1]

    def ignored(self, place: Place) -> bool:
        """Whether a place is to be left alone."""
        k = bisect_right(self.silent, place.start, key=lambda silent: silent.start)
        return k > 0 and place.start < self.silent[k - 1].end


def directives(document: Document, layout: Layout) -> Directives:
    """Return what the comments of a document say.

    Raises:
        DocumentError: a comment addressed to symconv that cannot be understood.
    """
    given: list[tuple[int, Hints]] = []
    silent: list[Place] = []
    off: int | None = None
    blanks = [found.end() for found in _BLANK.finditer(document.text)]
    for place, text in layout.comments:
        found = _ADDRESSED.match(text)
        if not found:
            continue
        words = text[found.end() :].split()
        if words == ["ignore"]:
            silent.append(_ignored(document, place, blanks))
        elif words == ["off"]:
            off = place.start if off is None else off
        elif words == ["on"]:
            if off is not None:
                silent.append(Place(off, place.end))
            off = None
        else:
            given.append((place.end, _hints(document, place, words)))
    if off is not None:
        silent.append(Place(off, len(document.text) + 1))
    return Directives(((0, Hints()), *given), tuple(_apart(silent)))


def _apart(places: Iterable[Place]) -> Iterator[Place]:
    """Yield the ranges that some ranges cover together."""
    start = end = 0
    for place in sorted(places):
        if place.start > end:
            yield Place(start, end)
            start = place.start
        end = max(end, place.end)
    yield Place(start, end)


def _hints(document: Document, place: Place, words: list[str]) -> Hints:
    where = document.where(place.start)
    pairs = [word.split("=", 1) for word in words]
    if not words or any(len(pair) != 2 for pair in pairs):
        raise DocumentError(
            f"{where}: this comment is not understood; write symconv: ignore, off, on, or hints "
            "such as input=5x5 filter=3x3 stride=2"
        )
    try:
        return hints(dict(pairs))
    except DocumentError as error:
        raise DocumentError(f"{where}: {error}") from None


def _ignored(document: Document, place: Place, blanks: Sequence[int]) -> Place:
    """Return the line of a comment, or the block behind it where the comment has its own line.

    ``blanks`` is where the blank lines of the document end.
    """
    line = document.line(place.start)
    start = document.starts[line - 1]
    last = document.line(max(place.end - 1, place.start))
    end = document.starts[last] if last < len(document.starts) else len(document.text) + 1
    before = place.start
    while before > start and document.text[before - 1].isspace():
        before -= 1
    if before > start or _INK.search(document.text, place.end, end):
        return Place(start, end)
    position = end
    while position < len(document.text) and document.text[position] in " \t\r\n":
        position += 1
    blank = bisect_right(blanks, position)
    return Place(start, blanks[blank] if blank < len(blanks) else len(document.text) + 1)

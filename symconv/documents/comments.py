"""What a document's comments tell symconv: hints about its notation, and what to leave alone.

<!-- symconv: input=5x5 filter=3x3 stride=2 names=x,w,Y -->      from here on
% symconv: ignore                                               this line, or the next block
<!-- symconv: off -->  ..  <!-- symconv: on -->                   everything between
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symconv.documents.hints import hints
from symconv.documents.reading import Hints
from symconv.documents.spans import Layout
from symconv.documents.syntax import Place
from symconv.documents.text import Document, DocumentError

_ADDRESSED = re.compile(r"\s*symconv:\s*(.*?)\s*\Z", re.DOTALL)
_BLANK = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True, slots=True)
class Directives:
    """What the comments of a document say.

    Attributes:
        given: hints with the offset from which they hold, in order.
        silent: ranges that are left alone.
        end: the length of the document.
    """

    given: tuple[tuple[int, Hints], ...]
    silent: tuple[Place, ...]
    end: int

    def stretches(self) -> Iterator[tuple[int, int, Hints]]:
        """Yield (start, end, hints) for every stretch between two comments that give hints."""
        starts = [(0, Hints()), *self.given]
        ends = [start for start, _ in starts[1:]] + [self.end + 1]
        for (start, given), end in zip(starts, ends, strict=True):
            yield start, end, given

    def at(self, offset: int) -> tuple[int, Hints]:
        """Return the hints that hold at a place, and from where on."""
        found = [(start, given) for start, _, given in self.stretches() if start <= offset]
        return found[-1]

    def ignored(self, place: Place) -> bool:
        """Say whether a place is to be left alone."""
        return any(s.start <= place.start < s.end for s in self.silent)


def directives(document: Document, layout: Layout) -> Directives:
    """Return what the comments of a document say.

    Raises:
        DocumentError: a comment addressed to symconv that cannot be understood.
    """
    given: list[tuple[int, Hints]] = []
    silent: list[Place] = []
    off: int | None = None
    for place, text in layout.comments:
        found = _ADDRESSED.match(text)
        if not found:
            continue
        words = found[1].split()
        if words == ["ignore"]:
            silent.append(_ignored(document, place))
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
    return Directives(tuple(given), tuple(silent), len(document.text))


def _hints(document: Document, place: Place, words: list[str]) -> Hints:
    line, column = document.place(place.start)
    where = f"{document.path}:{line}:{column}"
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


def _ignored(document: Document, place: Place) -> Place:
    """Return the line of a comment, or the block behind it where the comment has its own line."""
    line = document.line(place.start)
    start = document.starts[line - 1]
    last = document.line(max(place.end - 1, place.start))
    end = document.starts[last] if last < len(document.starts) else len(document.text) + 1
    alone = not (document.text[start : place.start] + document.text[place.end : end]).strip()
    if not alone:
        return Place(start, end)
    position = end
    while position < len(document.text) and document.text[position] in " \t\r\n":
        position += 1
    blank = _BLANK.search(document.text, position)
    return Place(start, blank.end() if blank else len(document.text) + 1)

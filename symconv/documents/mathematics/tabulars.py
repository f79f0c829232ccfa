r"""Tables of LaTeX text: the rows of a tabular, cell by cell."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from symconv.documents.mathematics.tokens import argument
from symconv.documents.source.place import Place
from symconv.documents.source.spans import Span

_BEGIN = re.compile(r"\\(?P<what>begin|end)[ ]*\{(?P<name>tabular[x*y]?|longtable)\}")
_CUT = re.compile(
    r"(?P<row>\\\\(?:\*|[ ]*\[[^\]\n]{0,24}\])?|\\tabularnewline\b)|\\[\s\S]|(?P<cell>&)"
)
_PLACED = re.compile(r"\[[^\]\n]{0,24}\]")
_RULES = re.compile(
    r"(?:\s|%[^\n]*\n|\\(?:hline|toprule|midrule|bottomrule)\b"
    r"|\\(?:cline|cmidrule)(?:\([lr]*\))?\{[^}\n]{0,24}\}(?:\\\\)?)*"
)


def tabulars(text: str, spans: Sequence[Span]) -> Iterator[list[list[Place]]]:
    """Yield the tables of a LaTeX text; ``spans`` is its mathematics, which is not cut."""
    starts = [span.start for span in spans]
    opened: int | None = None
    for found in _BEGIN.finditer(text):
        if found["what"] == "begin":
            opened = _columns(text, found.end(), len(found["name"]) == len("tabularx"))
        elif opened is not None:
            if rows := list(_rows(text, opened, found.start(), spans, starts)):
                yield rows
            opened = None


def _columns(text: str, position: int, has_width: bool) -> int:
    """Return where the first row begins, behind the arguments that tell of columns."""
    for _ in range(1 + has_width):
        if placed := _PLACED.match(text, position):
            position = placed.end()
        if text.startswith("{", position):
            position = argument(text, position, len(text))[1]
    return position


def _rows(
    text: str, start: int, end: int, spans: Sequence[Span], starts: Sequence[int]
) -> Iterator[list[Place]]:
    row: list[Place] = []
    for found in _CUT.finditer(text, start, end):
        if found.lastgroup is None or _is_inside(found.start(), spans, starts):
            continue
        row.append(_cell(text, start, found.start()))
        start = found.end()
        if found["row"]:
            yield row
            row = []
    row.append(_cell(text, start, end))
    if len(row) > 1 or row[0].start < row[0].end:
        yield row


def _is_inside(offset: int, spans: Sequence[Span], starts: Sequence[int]) -> bool:
    k = bisect_right(starts, offset)
    return k > 0 and offset < spans[k - 1].end


def _cell(text: str, start: int, end: int) -> Place:
    """Return a cell without the rules before it and the space around it."""
    ruled = _RULES.match(text, start, end)
    first = ruled.end() if ruled else start
    while end > first and text[end - 1].isspace():
        end -= 1
    return Place(first, end)

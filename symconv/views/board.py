"""Sets a line of the derivation for symbolic sizes on a terminal: sums with their limits above
and below, broken between factors where the terminal ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symconv.mathematics.lines import BoardLine, SumSign

Stack = tuple[str, str, str]
"""What stands above, on and below the line, equally wide."""


def stacked(line: BoardLine, width: int) -> list[str]:
    """Return the rows of ``line`` in at most ``width`` columns, unless a single factor is wider."""
    head = f"{line.left} = "
    rows = list(_filled([_stack(part) for part in line.parts], width - len(head)))
    found: list[str] = []
    for n, row in enumerate(rows):
        for k, text in enumerate(row):
            start = head if n == 0 and k == 1 else " " * len(head)
            if text.strip():
                found.append(f"{start}{text}".rstrip())
    for n, words in enumerate(_listed(line.where, width - 8)):
        found.append(f"  {'where ' if n == 0 else '      '}{words}")
    return found


def _stack(part: str | SumSign) -> Stack:
    if isinstance(part, str):
        return " " * len(part), part, " " * len(part)
    rows = part.above, part.sign, part.below
    width = max(map(len, rows))
    above, sign, below = (row.center(width) for row in rows)
    return above, sign, below


def _filled(parts: Iterable[Stack], width: int) -> Iterator[Stack]:
    row: Stack | None = None
    for part in parts:
        if row and len(row[1]) + 1 + len(part[1]) > width:
            yield row
            row = None
        row = (
            part
            if row is None
            else (f"{row[0]} {part[0]}", f"{row[1]} {part[1]}", f"{row[2]} {part[2]}")
        )
    if row:
        yield row


def _listed(conditions: tuple[str, ...], width: int) -> Iterator[str]:
    row = ""
    for n, condition in enumerate(conditions):
        entry = condition + ("," if n < len(conditions) - 1 else "")
        if row and len(row) + 1 + len(entry) > width:
            yield row
            row = ""
        row = f"{row} {entry}".strip()
    if row:
        yield row

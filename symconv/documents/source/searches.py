"""Searches through a text that only move forward, so that hostile text stays linear."""

from __future__ import annotations

import re

PARAGRAPH_END = r"\n[ \t\r>]*\n|\n(?=[ \t>]*(?:`{3}|~{3}))"
"""A blank line, or a line that begins with the marks of a code block."""


class Searches:
    """Finds what comes next; every kind of search moves only forward through the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[str, tuple[int, int]] = {}
        self.patterns: dict[str, re.Pattern[str]] = {}

    def after(self, pattern: str, position: int) -> tuple[int, int]:
        """Return the range of the first match at or behind ``position``, (-1, -1) without one."""
        start, end = self.known.get(pattern, (-2, -2))
        if start == -1 or start >= position:
            return start, end
        compiled = self.patterns.get(pattern)
        if compiled is None:
            compiled = self.patterns[pattern] = re.compile(pattern, re.MULTILINE)
        found = compiled.search(self.text, position)
        self.known[pattern] = found.span() if found else (-1, -1)
        return self.known[pattern]

    def paragraph_end(self, position: int) -> int:
        """Return where the paragraph ends."""
        start, _ = self.after(PARAGRAPH_END, position)
        return len(self.text) if start < 0 else start

    def within_paragraph(self, pattern: str, position: int) -> tuple[int, int]:
        """Return the first match before the paragraph ends, (-1, -1) without one."""
        found = self.after(pattern, position)
        return found if found[0] <= self.paragraph_end(position) else (-1, -1)

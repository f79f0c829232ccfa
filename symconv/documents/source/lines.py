"""Displays that hold an equation on each of their lines, with nothing else between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from symconv.documents.source.spans import Span

_DISPLAYS = frozenset({"display", "math", "equation", "displaymath"})
_LAID_OUT = re.compile(r"\\\\|\\begin|\\cr|&")
_BRACES = re.compile(r"\{[^{}]*\}")
_LINE = re.compile(r"[^\n]*[^\s][^\n]*")
_EQUATION = re.compile(r"[\s>]*[^\s=+\-*/,>][^=]*=.*[^\s=+\-*/({,][\s]*", re.DOTALL)
_DEEPEST = 8


def line_by_line(spans: Iterable[Span], text: str) -> Iterator[Span]:
    """Yield spans, those of several equations on lines of their own cut at the lines."""
    for span in spans:
        inside = text[span.start : span.end]
        if span.environment not in _DISPLAYS or "\n" not in inside or _LAID_OUT.search(inside):
            yield span
            continue
        lines = list(_LINE.finditer(text, span.start, span.end))
        if len(lines) > 1 and all(_is_equation(line.group()) for line in lines):
            yield from (Span(*line.span(), span.environment) for line in lines)
        else:
            yield span


def _is_equation(line: str) -> bool:
    """Whether a line holds an equals sign, and goes on with no other line."""
    for _ in range(_DEEPEST):
        line, changed = _BRACES.subn("x", line)
        if not changed:
            break
    return bool(_EQUATION.fullmatch(line))

"""Lines with styles in a notebook: cut to a length, as preformatted HTML, or fenced in Markdown.

The styles are those of `symconv.views.hues`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

LONGEST = 880
"""The most characters of a result that is shown by itself, which ends after a whole line."""

Piece = tuple[str, str]
"""A text and its style."""


def pane(lines: Iterable[Iterable[Piece]]) -> str:
    """Return lines, each made of pieces, as one element of HTML."""
    text = "\n".join("".join(map(_span, line)) for line in lines)
    return f'<pre style="white-space: pre-wrap; line-height: 1.3">{text}</pre>'


def _span(piece: Piece) -> str:
    text, style = escape(piece[0], quote=False), css(piece[1])
    return f'<span style="{style}">{text}</span>' if style and text.strip() else text


def css(style: str) -> str:
    """Return a style in CSS: a colour, bold, or both."""
    return "; ".join(
        "font-weight: bold" if word == "bold" else f"color: {word}" for word in style.split()
    )


def shortened(lines: Iterable[tuple[str, str]], most: int = LONGEST) -> Sequence[tuple[str, str]]:
    """Return the first lines, with their roles, that have at most so many characters."""
    kept: list[tuple[str, str]] = []
    for role, line in lines:
        if sum(len(each) + 1 for _, each in kept) + len(line) > most:
            return [*kept, ("", "  ..")]
        kept.append((role, line))
    return kept


def fenced(lines: Iterable[str]) -> str:
    """Return lines as a block of Markdown that is shown as it is."""
    return "\n".join(("```text", *lines, "```", ""))


def judged_row(said: str) -> str:
    """Return a row of aligned equations that says a verdict on the row above it."""
    return rf"&\quad \text{{{said}}}"

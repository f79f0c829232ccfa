"""Lines with styles as a pane of a notebook: preformatted HTML, in colours for any background.

The styles are words that rich knows; each colour has a contrast of 4.5 or more on white and on
black.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

INKS = {
    "red": "#EE0000",
    "green": "#008A00",
    "yellow": "#A66800",
    "cyan": "#00828F",
    "dim": "#757575",
}
"""The colours that words of a style stand for."""

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
    """Return a style in CSS.

    Raises:
        KeyError: a word that is neither bold nor one of `INKS`.
    """
    return "; ".join(
        "font-weight: bold" if word == "bold" else f"color: {INKS[word]}" for word in style.split()
    )

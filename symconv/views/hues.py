"""The colours of words, on a terminal and in a notebook: one role, one hue, as in figures.

Whoever shows them does not know the background, so that each has a contrast of 4.5 or more, as
WCAG 2 defines it, on white and on black.  Where a terminal has 256 colours the nearest is taken.
"""

from __future__ import annotations

from symconv.claims.verdict import Verdict

BLUE, AMBER, GREEN, PINK, BROWN = "#5F5FFF", "#AF6100", "#00875F", "#D700AF", "#AF5F5F"
LEAF, RED, VIOLET, TEAL, GREY = "#008800", "#EC0000", "#875FD7", "#00809A", "#767676"

INPUT, FILTER, OUTPUT = BLUE, AMBER, GREEN
"""Elements of X, of F, and of Y or its gradient."""

PRODUCT = f"bold {PINK}"
"""A product in the window."""

REMAINDER = f"bold {BROWN}"
"""A zero where no window reached."""

FAINT = GREY
"""What steps back: zeros, lines between cells, what a verdict rests on."""

MARKED = "bold #000000 on #FFD75F"
"""What a story is about."""

VERDICTS = {
    Verdict.PROVED: f"bold {LEAF}",
    Verdict.REFUTED: f"bold {RED}",
    Verdict.NOT_JUDGED: f"bold {VIOLET}",
}

RIGHT, HELP, NOTE = LEAF, TEAL, VIOLET
"""What is right or corrected, a way out, and what is to be kept in mind."""

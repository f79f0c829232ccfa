"""How large text, formulas and figures are on a slide that a browser shows, 1920 by 1080 pixels.

What is written is reckoned before it is shown, so that a figure takes the room that the text
leaves, and what does not fit on one slide goes to the next.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from symconv.figures.labels import Label, Word
from symconv.figures.typeset import is_tall, typeset
from symconv.lecture.legible import Space
from symconv.lecture.slide import (
    Command,
    DisplayedSum,
    Drawing,
    JudgedStatement,
    Part,
    Prose,
    Slide,
    SlideTable,
)
from symconv.notation import Notation

WIDTH, HEIGHT = 1760.0, 850.0
"""What a slide has below its heading."""

TEXT, FORMULA, SMALL = 38.0, 44.0, 32.0
"""The sizes of sentences, of formulas where they have room, and of tables and remarks."""

LEAST = 0.4
"""The part of a slide that a figure needs at least."""

GAP = 26.0
"""The room between parts."""

LINE = 1.35
"""The height of a line of text, in sizes."""

FLAT_ROW, TALL_ROW = 1.55, 2.75
"""The height of a row of a formula without fractions, and with them, in sizes."""

WIDER = 1.14
"""How much wider a browser sets text and formulas than what labels are measured in."""


def pages(slide: Slide, notation: Notation) -> Iterator[Slide]:
    """Yield the slide, or several if its parts do not fit on one."""
    return split(slide, [height(part, notation) + GAP for part in slide.parts], HEIGHT + GAP)


def split(slide: Slide, heights: Sequence[float], room: float) -> Iterator[Slide]:
    """Yield a slide, or several alike full ones, so that the parts of each fit into the room."""
    broken = _broken(slide.parts, heights, room)
    while len(broken) > 1 and room > max(heights):
        room *= 0.95
        tighter = _broken(slide.parts, heights, room)
        if len(tighter) > len(broken):
            break
        broken = tighter
    for number, parts in enumerate(broken):
        yield replace(slide, title=_titled(slide.title, " (continued)" * bool(number)), parts=parts)


def _broken(parts: Sequence[Part], heights: Sequence[float], room: float) -> list[tuple[Part, ...]]:
    """Return parts in groups that fit, a sentence together with the formula that it announces."""
    groups: list[list[Part]] = [[]]
    left = room
    for part, needed in zip(parts, heights, strict=True):
        if groups[-1] and needed > left:
            carried = (
                [groups[-1].pop()] if len(groups[-1]) > 1 and _announces(groups[-1][-1]) else []
            )
            groups.append(carried)
            left = room - sum(h for p, h in zip(parts, heights, strict=True) if p in carried)
        groups[-1].append(part)
        left -= needed
    return [tuple(group) for group in groups]


def _announces(part: Part) -> bool:
    """Whether a part is a sentence that goes on in what follows."""
    if not isinstance(part, Prose):
        return False
    last = part.label[-1]
    return not isinstance(last, Word) or not last.text.endswith((".", "?"))


def _titled(title: Label, more: str) -> Label:
    return (*title, Word(more)) if more else title


def space(slide: Slide, notation: Notation) -> Space:
    """Return the room for each figure of a slide."""
    others = [part for part in slide.parts if not isinstance(part, Drawing)]
    drawings = len(slide.parts) - len(others)
    taken = sum(height(part, notation) for part in others) + GAP * (len(slide.parts) - 1)
    return Space(WIDTH, max(HEIGHT - taken, 1) / max(drawings, 1))


def formula_size(lines: Sequence[Label], notation: Notation) -> float:
    """Return the size in which a formula fits the width of the slide."""
    return min(FORMULA, WIDTH / (max(typeset(line, notation)[1] for line in lines) * WIDER + 1))


@functools.singledispatch
def height(part: Part, notation: Notation) -> float:
    """Return how high a part is, without the gap below it; of a figure the least that it needs."""
    raise TypeError(f"a slide cannot show {type(part).__name__}")


@height.register
def _(part: Drawing, notation: Notation) -> float:
    return LEAST * HEIGHT


@height.register
def _(part: Prose, notation: Notation) -> float:
    return text_height(part.label, TEXT, notation)


@height.register
def _(part: DisplayedSum, notation: Notation) -> float:
    rows = sum(TALL_ROW if is_tall(line) else FLAT_ROW for line in part.lines)
    return rows * formula_size(part.lines, notation)


@height.register
def _(part: SlideTable, notation: Notation) -> float:
    return 1.75 * SMALL * len(part.rows)


@height.register
def _(part: JudgedStatement, notation: Notation) -> float:
    said = [part.verdict + part.scope, *([part.consequence] if part.consequence else [])]
    below = sum(text_height((Word(line),), SMALL, notation) for line in said)
    return text_height(part.label, TEXT, notation) + below


@height.register
def _(part: Command, notation: Notation) -> float:
    lines = math.ceil(len(part.text) * 0.62 * SMALL / WIDTH)
    return LINE * SMALL * lines + 40


def text_height(label: Label, size: float, notation: Notation) -> float:
    """Return how high a sentence is."""
    lines = max(math.ceil(typeset(label, notation)[1] * WIDER * size / WIDTH), 1)
    return (LINE * lines + (1.2 if is_tall(label) else 0)) * size

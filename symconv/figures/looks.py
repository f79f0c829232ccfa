"""How a cell of each look is painted: its fill, its texture, and the ink of its text.

Where two looks may lie side by side, their fills differ for every eye, or their textures do.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from symconv.figures.frames import Look
from symconv.figures.palette import Ink
from symconv.figures.scene import Cell, Dot, Item, Rectangle, Stroke

FILLS = {
    Look.INPUT: Ink.INPUT, Look.FILTER: Ink.FILTER, Look.OUTPUT: Ink.OUTPUT, Look.ZERO: Ink.PAPER,
    Look.PADDING: Ink.PAPER, Look.REMAINDER: Ink.REMAINDER, Look.PRODUCT: Ink.PRODUCT,
    Look.DEAD: Ink.PAPER, Look.TARGET: Ink.TARGET, Look.PENDING: Ink.PAPER, Look.WRONG: Ink.WRONG,
    Look.MISSING: Ink.PAPER, Look.BLANK: Ink.PAPER,
}  # fmt: skip

INKS = {Look.TARGET: Ink.TARGET_TEXT, Look.ZERO: Ink.FAINT, Look.PADDING: Ink.FAINT,
        Look.MISSING: Ink.WRONG_TEXT}  # fmt: skip
"""The ink of a cell's text, where it is not plain text."""


class Texture(Enum):
    """What a cell is told by, beside its colour."""

    OUTLINED = "a thin line around it"
    DASHED = "dashes inside its edge"
    DOTTED = "dots inside its edge"
    GHOSTLY = "long dashes inside its edge"
    HATCHED = "slanted lines across its corners"
    DEAD = "a dot in the middle"
    FRAMED = "a thick line inside its edge"


TEXTURES = {
    Look.ZERO: Texture.DASHED, Look.PADDING: Texture.DOTTED, Look.REMAINDER: Texture.HATCHED,
    Look.DEAD: Texture.DEAD, Look.WRONG: Texture.FRAMED, Look.MISSING: Texture.GHOSTLY,
}  # fmt: skip
"""The texture of a look, where it is more than a thin line around it."""


def texture_of(look: Look) -> Texture:
    """Return the texture of a look."""
    return TEXTURES.get(look, Texture.OUTLINED)


BROKEN = {
    Texture.DASHED: (Ink.EMPTY, 0.022, (0.1, 0.09)),
    Texture.DOTTED: (Ink.EMPTY, 0.022, (0.025, 0.07)),
    Texture.GHOSTLY: (Ink.WRONG_TEXT, 0.04, (0.15, 0.08)),
}
"""Ink and width of a broken outline, dash and gap; lengths are in heights of a cell."""

INSET = 0.08
"""How far an outline that is broken or thick lies inside its cell, in heights."""


def paint(
    look: Look, x: float, y: float, width: float, height: float, cell: Cell | None = None
) -> Iterator[Item]:
    """Yield what shows a look: the cell, or an entry of a legend, and the texture on it."""
    texture, fill = texture_of(look), FILLS[look]
    if texture in BROKEN:
        ink, line, (dash, gap) = BROKEN[texture]
        yield Rectangle(x, y, width, height, fill, ink, max(line * height, 0.6), cell,
                        (dash * height, gap * height), INSET * height)  # fmt: skip
        return
    yield Rectangle(x, y, width, height, fill, Ink.GRID, 0.8, cell)
    match texture:
        case Texture.HATCHED:
            for part in (0.25, 0.5):
                w, h = width * part, height * part
                yield Stroke(x, y + h, x + w, y, Ink.HATCH, 1, cell=cell)
                right, bottom = x + width, y + height
                yield Stroke(right - w, bottom, right, bottom - h, Ink.HATCH, 1, cell=cell)
        case Texture.DEAD:
            yield Dot(x + width / 2, y + height / 2, 0.07 * height, Ink.EMPTY, cell)
        case Texture.FRAMED:
            inset = INSET / 2 * height
            yield Rectangle(x + inset, y + inset, width - 2 * inset, height - 2 * inset, None,
                            Ink.WRONG_TEXT, 0.05 * height, cell)  # fmt: skip

"""The layout of frames: panels in rows, captions below, one page size for all steps."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from symconv.figures import looks
from symconv.figures.frames import Arrow, Frame, Key, Mood, Panel
from symconv.figures.labels import PLUS, Label, Sign, Word
from symconv.figures.palette import Ink
from symconv.figures.placement import TITLE, PlacedPanel, line_height
from symconv.figures.scene import Item, Rectangle, Scene, Stroke, Text, layer
from symconv.figures.typeset import typeset
from symconv.notation import Notation

CELL, PLAIN_CELL = 46.0, 14.0
HEADING = 19.0
MARGIN, GAP, ARROW = 14.0, 14.0, 96.0
SIGN, SIGN_HEIGHT = 34.0, 26.0
DOWN = 40.0
"""The height of an arrow that points down."""

LEGEND, SWATCH = 30.0, 18.0
"""The height of a legend, and the side of a cell in it."""

NARROWEST = 560.0
"""The width of a page that captions can count on."""

SMALLEST_CAPTION = 12.0

STAMPS = {
    Mood.PROVED: (Ink.RIGHT_TEXT, "PROVED for this size"),
    Mood.WRONG: (Ink.WRONG_TEXT, "WRONG"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """The style of a layout.

    Attributes:
        notation: names and the first index.
        plain: whether cells are small and without symbols.
        heading: whether the heading is shown.
        caption: the size of the caption in points, 0 for none.
    """

    notation: Notation
    plain: bool = False
    heading: bool = True
    caption: float = 18.0


def lay_out(frames: Sequence[Frame], style: Style, *, apart: bool = False) -> list[Scene]:
    """Return a scene for each frame, all of one size, so that nothing jumps between steps.

    Args:
        frames: what is drawn.
        style: how.
        apart: whether each is as high as it is by itself: they stand under one another.
    """
    pages = [_Page(frame, style) for frame in frames]
    width = max([page.width for page in pages] + ([NARROWEST] if style.heading else []))
    height = max(page.height for page in pages)
    return [page.scene(width, page.height if apart else height) for page in pages]


Laid = PlacedPanel | Sign | Arrow


class _Page:
    """One frame on its way to a scene."""

    def __init__(self, frame: Frame, style: Style) -> None:
        self.frame = frame
        self.style = style
        self.cell = PLAIN_CELL if style.plain else CELL
        self.rows: list[list[Laid]] = [[self._laid(part) for part in row] for row in frame.rows]
        self.extents = [[self._extent(part) for part in row] for row in self.rows]
        self.captions = list(frame.caption) if style.caption else []

    def _laid(self, part: Panel | Sign | Arrow) -> Laid:
        if isinstance(part, Panel):
            return PlacedPanel(part, self.style.notation, self.cell, self.style.plain)
        return part

    @property
    def width(self) -> float:
        rows = max(sum(w for w, _ in row) + GAP * (len(row) - 1) for row in self.extents)
        captions = [
            width * SMALLEST_CAPTION for width, _ in (self._caption_box(c) for c in self.captions)
        ]
        heading = self._heading_width if self.style.heading else 0
        return max([rows, self._legend_width, *captions, heading]) + 2 * MARGIN

    @property
    def _heading_width(self) -> float:
        stamp = STAMPS.get(self.frame.mood)
        room = self._natural((Word(stamp[1]),)) * TITLE + 16 + 2 * GAP if stamp else 0
        return self._natural(self.frame.heading) * HEADING + room

    @property
    def _legend_width(self) -> float:
        return sum(map(self._key_width, self.frame.legend)) + GAP * (len(self.frame.legend) - 1)

    def _key_width(self, key: Key) -> float:
        return SWATCH + 8 + self._natural(key.label) * TITLE

    @property
    def height(self) -> float:
        rows = sum(max(h for _, h in row) for row in self.extents)
        gaps = GAP * (len(self.rows) - 1 + bool(self.captions)) + 2 * MARGIN
        captions = sum(h for _, h in map(self._caption_box, self.captions))
        legend = LEGEND if self.frame.legend else 0
        return self._top + rows + legend + captions + gaps

    @property
    def _top(self) -> float:
        if self.style.heading:
            return HEADING + 2 * GAP
        return 30 if self.frame.mood in STAMPS else 0

    def scene(self, width: float, height: float) -> Scene:
        items: list[Item] = [*self._heading(width)]
        y = MARGIN + self._top
        placed: list[PlacedPanel] = []
        for row, extents in zip(self.rows, self.extents, strict=True):
            x = (width - sum(w for w, _ in extents) - GAP * (len(row) - 1)) / 2
            tallest = max(h for _, h in extents)
            for part, (w, h) in zip(row, extents, strict=True):
                top = y + (tallest - h) / 2
                if isinstance(part, PlacedPanel):
                    panel = part.at(x, top)
                    items += panel.items(len(placed))
                    placed.append(panel)
                else:
                    items += self._between(part, x, top, w, h)
                x += w + GAP
            y += tallest + GAP
        items += self._joins(placed)
        items += self._rays(placed)
        if self.frame.legend:
            items += self._legend(width, y - GAP + LEGEND / 2 + 4)
            y += LEGEND
        items += self._caption(width, y)
        return Scene(width, height, tuple(sorted(items, key=layer)), self._told(), self.frame.rest)

    def _told(self) -> tuple[Label, ...]:
        """Return what is seen in words: of what, what it shows, and what stands below it."""
        frame = self.frame
        keys = ((Word(f"{looks.texture_of(key.look).value}: "), *key.label) for key in frame.legend)
        labels = ((Word(frame.about),), frame.heading, *frame.caption, *keys)
        return tuple(label for label in labels if label and label != (Word(""),))

    def _extent(self, part: Laid) -> tuple[float, float]:
        match part:
            case PlacedPanel():
                return part.extent
            case Arrow(label, down=True):
                return 2 * (self._natural(label) * TITLE + 8), DOWN
            case Arrow():
                return ARROW, CELL
            case Sign(text):
                return max(SIGN, self._natural((Word(text),)) * TITLE), SIGN_HEIGHT

    def _natural(self, label: Label) -> float:
        return typeset(label, self.style.notation)[1]

    def _text(
        self, x: float, y: float, label: Label, size: float, ink: Ink, **more: object
    ) -> Text:
        return Text(x, y, label, size, ink, self._natural(label) * size, **more)  # type: ignore[arg-type]

    def _heading(self, width: float) -> Iterator[Item]:
        y = MARGIN + HEADING / 2
        if self.style.heading:
            heading = self.frame.heading
            yield self._text(MARGIN, y, heading, HEADING, Ink.TEXT, start=True)
        if self.frame.mood in STAMPS:
            ink, word = STAMPS[self.frame.mood]
            label: Label = (Word(word),)
            wide = self._natural(label) * TITLE + 16
            left = width - MARGIN - wide
            yield Rectangle(left, y - 13, wide, 26, None, ink, 2)
            yield self._text(left + wide / 2, y, label, TITLE, ink)

    def _between(
        self, part: Sign | Arrow, x: float, y: float, w: float, h: float
    ) -> Iterator[Item]:
        """Yield what stands between panels; an empty sign only keeps its place."""
        middle = y + h / 2
        match part:
            case Sign(text) if text.isalpha():
                yield self._text(x + w / 2, middle, (Word(text),), TITLE, Ink.TEXT)
            case Sign(text) if text:
                yield self._text(x + w / 2, middle, (part,), 26, Ink.TEXT)
            case Arrow(label, down=True):
                yield Stroke(x + w / 2, y + 2, x + w / 2, y + h - 2, Ink.TEXT, 1.6, arrow=True)
                yield self._text(x + w / 2 + 8, middle, label, TITLE, Ink.TEXT, start=True)
            case Arrow(label):
                yield self._text(x + w / 2, middle - 14, label, TITLE, Ink.TEXT)
                yield Stroke(x + 8, middle, x + w - 8, middle, Ink.TEXT, 1.6, arrow=True)

    def _joins(self, placed: Sequence[PlacedPanel]) -> Iterator[Item]:
        for join in self.frame.joins:
            (a, m), (b, n) = join.start, join.end
            start, end = placed[a], placed[b]
            yield Stroke(
                start.left + start.width, start.top + (m + 0.5) * start.cell_height,
                end.left, end.top + (n + 0.5) * end.cell_height, Ink.FAINT, 1.8,
            )  # fmt: skip

    def _rays(self, placed: Sequence[PlacedPanel]) -> Iterator[Item]:
        """Yield rays that follow the lines between cells, so that they cross no text."""
        for ray in self.frame.rays:
            a, b = placed[ray.window[0]], placed[ray.target[0]]
            left, top, right, bottom = a.corners(ray.window[1])
            to_left, to_top, to_right, to_bottom = b.corners(ray.target[1])
            if a.top + a.height < b.top:  # the result lies below
                start, end = a.top + a.height + a.around[3], b.top - b.around[1]
                for x, to_x in ((left, to_left), (right, to_right)):
                    yield from _bent([(x, bottom), (x, start), (to_x, end), (to_x, to_top)])
            else:
                start, end = a.left + a.width + a.around[2], b.left - b.around[0]
                for y, to_y in ((top, to_top), (bottom, to_bottom)):
                    yield from _bent([(right, y), (start, y), (end, to_y), (to_left, to_y)])

    def _legend(self, width: float, y: float) -> Iterator[Item]:
        x = (width - self._legend_width) / 2
        for key in self.frame.legend:
            yield from looks.paint(key.look, x, y - SWATCH / 2, SWATCH, SWATCH)
            yield self._text(x + SWATCH + 8, y, key.label, TITLE, Ink.TEXT, start=True)
            x += self._key_width(key) + GAP

    def _caption_box(self, label: Label) -> tuple[float, float]:
        return self._natural(label), line_height(label, self.style.caption)

    def _caption(self, width: float, y: float) -> Iterator[Item]:
        """Yield the caption, continued lines of an equation under its right side."""
        indent, start = 0.0, 0.0
        for block in _blocks(self.captions):
            indent = self._natural(block[0][:1]) if len(block) > 1 else 0
            wide = max(self._natural(c) + (indent if k else 0) for k, c in enumerate(block))
            size = min(self.style.caption, (width - 2 * MARGIN) / wide)
            start = (width - wide * size) / 2
            lines = tuple(block)
            for k, label in enumerate(block):
                height = line_height(label, self.style.caption)
                x = start + (indent * size if k else 0)
                yield self._text(x, y + height / 2, label, size, Ink.TEXT, start=True, lines=lines)
                y += height


def _bent(points: Sequence[tuple[float, float]]) -> Iterator[Item]:
    """Yield a line through points."""
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        if (x1, y1) != (x2, y2):
            yield Stroke(x1, y1, x2, y2, Ink.OUTLINE, 1.2, ray=True)


def _blocks(captions: Iterable[Label]) -> list[list[Label]]:
    """Return captions with the lines of one equation together."""
    blocks: list[list[Label]] = []
    for label in captions:
        if label[0] == PLUS and blocks:
            blocks[-1].append(label)
        else:
            blocks.append([label])
    return blocks

"""The layout of frames: panels in rows, captions below, one page size for all steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from symconv.figures import looks
from symconv.figures.frames import Arrow, Frame, Mood, Panel, Tile
from symconv.figures.labels import PLUS, Label, Sign, Word
from symconv.figures.palette import Ink
from symconv.figures.scene import Item, Rectangle, Scene, Stroke, Text, layer
from symconv.figures.typeset import is_tall, typeset
from symconv.notation import Notation

CELL, PLAIN_CELL = 46.0, 14.0
SYMBOL, TITLE, HEADING = 17.0, 17.0, 19.0
MARGIN, GAP, SIGN, ARROW = 14.0, 14.0, 34.0, 96.0
NARROWEST = 560.0
"""The width of a page that captions can count on."""

SMALLEST_CAPTION = 12.0
ROOM = 0.86
"""The part of a cell that its text may fill: a browser's serif font may be wider than Times."""

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


def lay_out(frames: Sequence[Frame], style: Style) -> list[Scene]:
    """Return a scene for each frame, all of one size, so that nothing jumps between steps."""
    pages = [_Page(frame, style) for frame in frames]
    width = max([page.width for page in pages] + ([NARROWEST] if style.heading else []))
    height = max(page.height for page in pages)
    return [page.scene(width, height) for page in pages]


class _Page:
    """One frame on its way to a scene."""

    def __init__(self, frame: Frame, style: Style) -> None:
        self.frame = frame
        self.style = style
        self.cell = PLAIN_CELL if style.plain else CELL
        self.rows = [[self._extent(part) for part in row] for row in frame.rows]
        self.captions = list(frame.caption) if style.caption else []

    @property
    def width(self) -> float:
        rows = max(sum(w for w, _ in row) + GAP * (len(row) - 1) for row in self.rows)
        captions = [
            width * SMALLEST_CAPTION for width, _ in (self._caption_box(c) for c in self.captions)
        ]
        return max([rows, *captions, self._heading_width if self.style.heading else 0]) + 2 * MARGIN

    @property
    def _heading_width(self) -> float:
        stamp = STAMPS.get(self.frame.mood)
        room = self._natural((Word(stamp[1]),)) * TITLE + 16 + 2 * GAP if stamp else 0
        return self._natural(self.frame.heading) * HEADING + room

    @property
    def height(self) -> float:
        rows = sum(max(h for _, h in row) for row in self.rows)
        gaps = GAP * (len(self.rows) - 1 + bool(self.captions)) + 2 * MARGIN
        captions = sum(h for _, h in map(self._caption_box, self.captions))
        return self._top + rows + captions + gaps

    @property
    def _top(self) -> float:
        if self.style.heading:
            return HEADING + 2 * GAP
        return 30 if self.frame.mood in STAMPS else 0

    def scene(self, width: float, height: float) -> Scene:
        items: list[Item] = [*self._heading(width)]
        y = MARGIN + self._top
        places: list[tuple[Panel, float, float]] = []
        for row, extents in zip(self.frame.rows, self.rows, strict=True):
            x = (width - sum(w for w, _ in extents) - GAP * (len(row) - 1)) / 2
            tallest = max(h for _, h in extents)
            for part, (w, h) in zip(row, extents, strict=True):
                top = y + (tallest - h) / 2
                items += self._part(part, x, top, w, h, len(places))
                if isinstance(part, Panel):
                    places.append((part, x, top + self._title_height(part)))
                x += w + GAP
            y += tallest + GAP
        items += self._joins(places)
        items += self._caption(width, y)
        return Scene(width, height, tuple(sorted(items, key=layer)))

    def _extent(self, part: Panel | Sign | Arrow) -> tuple[float, float]:
        match part:
            case Panel():
                w, h = part.size
                width = len(part.tiles[0]) * w * self.cell
                return (
                    max(width, self._natural(part.title) * TITLE, self._natural(part.note) * TITLE),
                    len(part.tiles) * h * self.cell
                    + self._title_height(part)
                    + _height(part.note, TITLE),
                )
            case Arrow():
                return ARROW, CELL
            case Sign():
                return SIGN, CELL

    def _title_height(self, panel: Panel) -> float:
        return _height(panel.title, TITLE)

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

    def _part(
        self, part: Panel | Sign | Arrow, x: float, y: float, w: float, h: float, number: int
    ) -> Iterator[Item]:
        middle = y + h / 2
        match part:
            case Panel():
                yield from self._panel(part, x, y, w, number)
            case Sign() if part.text:  # an empty one only keeps its place
                yield self._text(x + w / 2, middle, (part,), 26, Ink.TEXT)
            case Arrow():
                yield self._text(x + w / 2, middle - 14, part.label, TITLE, Ink.TEXT)
                yield Stroke(x + 8, middle, x + w - 8, middle, Ink.TEXT, 1.6, arrow=True)

    def _panel(self, panel: Panel, x: float, y: float, w: float, number: int) -> Iterator[Item]:
        cell_w, cell_h = panel.size[0] * self.cell, panel.size[1] * self.cell
        left = x + (w - len(panel.tiles[0]) * cell_w) / 2
        top = y + self._title_height(panel)
        bottom = top + len(panel.tiles) * cell_h
        if panel.title:
            yield self._text(
                x + w / 2, y + self._title_height(panel) / 2 - 2, panel.title, TITLE, Ink.TEXT
            )
        if panel.note:
            yield self._text(
                x + w / 2, bottom + _height(panel.note, TITLE) / 2 + 1, panel.note, TITLE, Ink.TEXT
            )
        sizes = self._sizes(panel, cell_w, cell_h)
        for m, row in enumerate(panel.tiles):
            for n, tile in enumerate(row):
                box = (left + n * cell_w, top + m * cell_h, cell_w, cell_h)
                yield from self._tile(tile, box, sizes, (number, m, n))
        for area in panel.outlines:
            yield Rectangle(
                left + area.column * cell_w, top + area.row * cell_h,
                area.columns * cell_w, area.rows * cell_h, None, Ink.OUTLINE, 3,
            )  # fmt: skip

    def _tile(
        self,
        tile: Tile,
        box: tuple[float, float, float, float],
        sizes: dict[bool, float],
        cell: tuple[int, int, int],
    ) -> Iterator[Item]:
        x, y, w, h = box
        yield from looks.paint(tile.look, x, y, w, h, cell)
        if tile.label and not self.style.plain:
            ink = looks.INKS.get(tile.look, Ink.TEXT)
            size = sizes[_is_long(tile.label)]
            yield self._text(x + w / 2, y + h / 2, tile.label, size, ink, cell=cell)

    def _sizes(self, panel: Panel, w: float, h: float) -> dict[bool, float]:
        """Return one text size for the products of a panel, and one for its single symbols."""
        sizes = {True: SYMBOL, False: SYMBOL}
        for row in panel.tiles:
            for tile in row:
                if not tile.label:
                    continue
                long = _is_long(tile.label)
                fitting = min(w * ROOM / self._natural(tile.label), h * ROOM / _lines(tile.label))
                sizes[long] = min(sizes[long], fitting)
        return sizes

    def _joins(self, places: Sequence[tuple[Panel, float, float]]) -> Iterator[Item]:
        for join in self.frame.joins:
            (a, m), (b, n) = join.start, join.end
            start, x, y = places[a]
            end, to_x, to_y = places[b]
            wide = start.size[0] * self.cell * len(start.tiles[0])
            yield Stroke(
                x + wide, y + (m + 0.5) * start.size[1] * self.cell,
                to_x, to_y + (n + 0.5) * end.size[1] * self.cell, Ink.OUTLINE, 1.8,
            )  # fmt: skip

    def _caption_box(self, label: Label) -> tuple[float, float]:
        return self._natural(label), _height(label, self.style.caption)

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
                height = _height(label, self.style.caption)
                x = start + (indent * size if k else 0)
                yield self._text(x, y + height / 2, label, size, Ink.TEXT, start=True, lines=lines)
                y += height


def _blocks(captions: Iterable[Label]) -> list[list[Label]]:
    """Return captions with the lines of one equation together."""
    blocks: list[list[Label]] = []
    for label in captions:
        if label[0] == PLUS and blocks:
            blocks[-1].append(label)
        else:
            blocks.append([label])
    return blocks


def _is_long(label: Label) -> bool:
    return len(label) > 1


def _lines(label: Label) -> float:
    """Return the height of a label, in sizes."""
    return 2.05 if is_tall(label) else 1.0


def _height(label: Label, size: float) -> float:
    """Return the height of a line of text, 0 where there is none."""
    return size * (2.35 if is_tall(label) else 1.5) if label else 0.0

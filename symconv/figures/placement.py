"""A panel laid out: what its grid needs around it, and all that is drawn of it.

Above the grid stand its title and the dimension lines of its columns, on its left those of its
rows, below it a note.  The title of a strip stands on the left.
"""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from symconv.figures import looks
from symconv.figures.frames import Area, Dimension, Direction, Outline, Panel, Tile
from symconv.figures.labels import Label
from symconv.figures.palette import Ink
from symconv.figures.scene import Cell, Item, Rectangle, Stroke, Text
from symconv.figures.typeset import is_tall, typeset
from symconv.notation import Notation

SYMBOL, TITLE, MEASURE = 17.0, 17.0, 14.0

LEVEL = 22.0
"""The height of a row of dimension lines: the text and the line below it."""

TICK = 4.0
"""How far the ends of a dimension line stand out to both sides."""

BESIDE = 10.0
"""The room between a grid and what stands on its left."""

ROOM = 0.86
"""The part of a cell that its text may fill: a browser's serif font may be wider than Times."""

PLANE = 7.0
"""How far each plane of a stack lies above and to the right of the one before it."""

LINES = {Outline.WINDOW: (3.0, None), Outline.CROP: (2.0, (7.0, 5.0))}
"""The width and the dashes of an outline."""


@dataclass(frozen=True)
class PlacedPanel:
    """A panel with the size of its cells; the corner of its grid is (left, top).

    Attributes:
        panel: what is drawn.
        notation: names and the first index.
        cell: the side of a usual cell.
        plain: whether cells are without symbols, and nothing is measured.
        left: the left end of its grid.
        top: the upper end of its grid.
    """

    panel: Panel
    notation: Notation
    cell: float
    plain: bool = False
    left: float = 0
    top: float = 0

    @property
    def cell_width(self) -> float:
        """The width of a cell."""
        return self.panel.size[0] * self.cell

    @property
    def cell_height(self) -> float:
        """The height of a cell."""
        return self.panel.size[1] * self.cell

    @property
    def width(self) -> float:
        """The width of the grid."""
        return len(self.panel.tiles[0]) * self.cell_width

    @property
    def height(self) -> float:
        """The height of the grid."""
        return len(self.panel.tiles) * self.cell_height

    @functools.cached_property
    def around(self) -> tuple[float, float, float, float]:
        """The room on the left, above, on the right and below that is a part of the panel."""
        panel, stack = self.panel, PLANE * self.panel.behind
        columns = [self._reach(measured) for measured in self._measured(Direction.COLUMNS)]
        over = (self._natural(panel.note) * TITLE - self.width) / 2
        beside = self._beside
        above = LEVEL * self._levels(Direction.COLUMNS) + stack
        if panel.strip:
            beside += self._natural(panel.title) * TITLE + BESIDE if panel.title else 0
            above = max(above, line_height(panel.title, TITLE) / 2 - self.height / 2)
        else:
            over = max(over, (self._natural(panel.title) * TITLE - self.width) / 2)
            above += line_height(panel.title, TITLE)
        below = line_height(panel.note, TITLE)
        if panel.strip:
            below = max(below, line_height(panel.title, TITLE) / 2 - self.height / 2)
        left = max(over, beside, *(-start for start, _ in columns), 0)
        right = max(over, stack, *(end - self.width for _, end in columns), 0)
        return left, above, right, below

    @property
    def extent(self) -> tuple[float, float]:
        """The width and the height of the panel with all that is around its grid."""
        left, above, right, below = self.around
        return left + self.width + right, above + self.height + below

    def at(self, x: float, y: float) -> PlacedPanel:
        """Return the panel with the corner of its whole extent there."""
        left, above, *_ = self.around
        return replace(self, left=x + left, top=y + above)

    def corners(self, area: Area) -> tuple[float, float, float, float]:
        """Return the left, upper, right and lower end of an area of cells."""
        x = self.left + area.column * self.cell_width
        y = self.top + area.row * self.cell_height
        return x, y, x + area.columns * self.cell_width, y + area.rows * self.cell_height

    def items(self, number: int) -> Iterator[Item]:
        """Yield all that is drawn; ``number`` is that of the panel in its frame."""
        panel = self.panel
        yield from self._planes()
        yield from self._title()
        if panel.note:
            y = self.top + self.height + line_height(panel.note, TITLE) / 2 + 1
            yield self._text(self.left + self.width / 2, y, panel.note, TITLE, Ink.TEXT)
        sizes = self._sizes()
        for m, row in enumerate(panel.tiles):
            for n, tile in enumerate(row):
                yield from self._tile(tile, m, n, sizes, (number, m, n))
        for area in panel.outlines:
            left, top, right, bottom = self.corners(area)
            line, dash = LINES[area.outline]
            yield Rectangle(left, top, right - left, bottom - top, None, Ink.OUTLINE, line,
                            dash=dash, window=area.outline is Outline.WINDOW)  # fmt: skip
        yield from self._dimensions()

    def _planes(self) -> Iterator[Item]:
        """Yield the planes of a stack that lie behind the grid, the last one first."""
        for k in range(self.panel.behind, 0, -1):
            away = k * PLANE
            fill = looks.FILLS[self.panel.tiles[0][-1].look]
            yield Rectangle(self.left + away, self.top - away, self.width, self.height,
                            fill, Ink.GRID, 0.8)  # fmt: skip

    def _title(self) -> Iterator[Item]:
        title = self.panel.title
        if not title:
            return
        above = self.around[1]
        x, y = self.left + self.width / 2, self.top - above + line_height(title, TITLE) / 2 - 2
        if self.panel.strip:
            wide = self._natural(title) * TITLE
            x = self.left - self._beside - BESIDE - wide / 2
            y = self.top + self.height / 2
        yield self._text(x, y, title, TITLE, Ink.TEXT)

    def _tile(
        self, tile: Tile, m: int, n: int, sizes: dict[bool, float], cell: Cell
    ) -> Iterator[Item]:
        x, y, right, bottom = self.corners(Area(m, n, 1, 1))
        yield from looks.paint(tile.look, x, y, right - x, bottom - y, cell)
        if tile.label and not self.plain:
            ink = looks.INKS.get(tile.look, Ink.TEXT)
            size = sizes[_is_long(tile.label)]
            yield self._text((x + right) / 2, (y + bottom) / 2, tile.label, size, ink, cell)

    def _sizes(self) -> dict[bool, float]:
        """Return one text size for the products of a panel, and one for its single symbols."""
        sizes = {True: SYMBOL, False: SYMBOL}
        for row in self.panel.tiles:
            for tile in row:
                if not tile.label:
                    continue
                long = _is_long(tile.label)
                fitting = min(
                    self.cell_width * ROOM / self._natural(tile.label),
                    self.cell_height * ROOM / _lines(tile.label),
                )
                sizes[long] = min(sizes[long], fitting)
        return sizes

    def _measured(self, along: Direction) -> list[Dimension]:
        """Return the dimension lines along rows or columns; none in a plain panel."""
        return [] if self.plain else [d for d in self.panel.dimensions if d.along is along]

    @property
    def _beside(self) -> float:
        """The room on the left that the dimension lines of rows take."""
        rows = self._measured(Direction.ROWS)
        wide = max((self._natural(d.label) * MEASURE for d in rows), default=0)
        return (wide + BESIDE + TICK) * self._levels(Direction.ROWS) if rows else 0

    def _reach(self, dimension: Dimension) -> tuple[float, float]:
        """Return from where to where a dimension line and its text reach, from the grid's end."""
        cell = self.cell_width if dimension.along is Direction.COLUMNS else self.cell_height
        start, end = dimension.start * cell, (dimension.start + dimension.count) * cell
        wide = self._natural(dimension.label) if dimension.along is Direction.COLUMNS else 1.2
        half = wide * MEASURE / 2 + 3
        middle = (start + end) / 2
        return min(start, middle - half), max(end, middle + half)

    def _placed(self, along: Direction) -> list[tuple[int, Dimension]]:
        """Return the dimension lines with their levels, 0 next to the grid."""
        taken: dict[int, list[tuple[float, float]]] = defaultdict(list)
        placed = []
        for dimension in sorted(self._measured(along), key=lambda d: d.count):
            start, end = self._reach(dimension)
            level = next(
                k for k in itertools.count() if all(b <= start or end <= a for a, b in taken[k])
            )
            taken[level].append((start, end))
            placed.append((level, dimension))
        return placed

    def _levels(self, along: Direction) -> int:
        return max((level + 1 for level, _ in self._placed(along)), default=0)

    def _dimensions(self) -> Iterator[Item]:
        for level, d in self._placed(Direction.COLUMNS):
            left, _, right, _ = self.corners(Area(0, d.start, 1, d.count))
            y = self.top - level * LEVEL - TICK - 1 - PLANE * self.panel.behind
            yield from _line(left, y, right, y)
            middle, above = (left + right) / 2, y - TICK - MEASURE / 2 + 1
            yield self._text(middle, above, d.label, MEASURE, Ink.TEXT)
        rows = self._placed(Direction.ROWS)
        wide = self._beside / max(self._levels(Direction.ROWS), 1)
        for level, d in rows:
            _, top, _, bottom = self.corners(Area(d.start, 0, d.count, 1))
            x = self.left - level * wide - TICK - 1
            yield from _line(x, top, x, bottom)
            half = self._natural(d.label) * MEASURE / 2
            yield self._text(x - TICK - 1 - half, (top + bottom) / 2, d.label, MEASURE, Ink.TEXT)

    def _natural(self, label: Label) -> float:
        return typeset(label, self.notation)[1] if label else 0.0

    def _text(
        self, x: float, y: float, label: Label, size: float, ink: Ink, cell: Cell | None = None
    ) -> Text:
        return Text(x, y, label, size, ink, self._natural(label) * size, cell=cell)


def _line(x1: float, y1: float, x2: float, y2: float) -> Iterator[Item]:
    """Yield a line across or down that ends in ticks, a little short so that two can meet."""
    across = y1 == y2
    x1, x2 = (x1 + 1, x2 - 1) if across else (x1, x2)
    y1, y2 = (y1, y2) if across else (y1 + 1, y2 - 1)
    yield Stroke(x1, y1, x2, y2, Ink.FAINT, 1)
    dx, dy = (0.0, TICK) if across else (TICK, 0.0)
    for x, y in ((x1, y1), (x2, y2)):
        yield Stroke(x - dx, y - dy, x + dx, y + dy, Ink.FAINT, 1)


def line_height(label: Label, size: float) -> float:
    """Return the height of a line of text, 0 where there is none."""
    return size * (2.35 if is_tall(label) else 1.5) if label else 0.0


def _is_long(label: Label) -> bool:
    return len(label) > 1


def _lines(label: Label) -> float:
    """Return the height of a label, in sizes."""
    return 2.05 if is_tall(label) else 1.0

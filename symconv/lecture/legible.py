"""Frames made so that the last row can read every letter of them.

Where a frame has no room for its letters, grids lose them, the largest ones first: they keep their
colours, and what the window holds is shown once more beside them, large.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from symconv.figures.frames import (
    Area,
    Arrow,
    Frame,
    Join,
    Look,
    Outline,
    Panel,
    Parts,
    Ray,
    Tile,
    Tiles,
)
from symconv.figures.labels import EQUALS, PLUS, SPACE, Label, Sign, Word
from symconv.figures.layout import Style, lay_out
from symconv.figures.scene import Scene, Text
from symconv.figures.typeset import FRACTION_SIZE, INDEX_SIZE, Fraction, typeset
from symconv.notation import Notation

SMALLEST = 20.0
"""The smallest letters that the last row reads, in pixels on a slide of 1920 by 1080."""

EXTENTS = math.inf, 6.0, 4.5, 3.2, 2.2
"""How wide and high a grid without letters may be, in cells of a usual size."""

LONGEST_ROW = 7
"""A row of more panels and signs than this is broken into two, if need be."""

WIDER = 1, 2, 3, 4
"""How many signs fit on both sides of a frame that is too narrow for its caption."""

ROWS = 7, 5, 4
"""How many rows of joined columns stay, where they are too long."""

ZOOMED = 1.2, 0.92
"""The size of a cell in the window that is shown once more."""


@dataclass(frozen=True, slots=True)
class Space:
    """The room for a figure, in pixels on a slide of 1920 by 1080.

    Attributes:
        width: how wide it may be.
        height: how high.
        smallest: how large its smallest letters have to be.
    """

    width: float
    height: float
    smallest: float = SMALLEST


def legible(frames: Sequence[Frame], style: Style, space: Space) -> list[Scene]:
    """Return frames laid out so that all letters are large enough, as far as that can be."""
    scenes: list[Scene] = []
    for changed in _choices(frames):
        scenes = lay_out(changed, style)
        if smallest(scenes, style.notation) * scale(scenes[0], space) >= space.smallest:
            break
    return scenes


def scale(scene: Scene, space: Space) -> float:
    """Return how much larger a scene is drawn than it is laid out."""
    return min(space.width / scene.width, space.height / scene.height)


def smallest(scenes: Sequence[Scene], notation: Notation) -> float:
    """Return the size of the smallest letters, in points of the layout."""
    texts = {(i.label, i.size) for s in scenes for i in s.items if isinstance(i, Text)}
    return min((size * _least(label, notation) for label, size in texts), default=math.inf)


@functools.cache
def _least(label: Label, notation: Notation) -> float:
    """Return the size of the smallest letters of a label, in sizes of the label."""
    sizes = [1.0]
    for placed in typeset(label, notation)[0]:
        piece = placed.piece
        if isinstance(piece, Fraction):
            runs = (*piece.above, *piece.below)
            within = INDEX_SIZE if any(run.index for run in runs) else 1
            sizes.append(FRACTION_SIZE * within)
        elif any(run.index for run in piece.runs):
            sizes.append(INDEX_SIZE)
    return min(sizes)


def _choices(frames: Sequence[Frame]) -> Iterator[list[Frame]]:
    """Yield frames with ever fewer letters, and these with ever smaller grids of colours."""
    panels = [part for frame in frames for row in frame.rows for part in row
              if isinstance(part, Panel)]  # fmt: skip
    counts = sorted({_cells(panel) for panel in panels if _is_lettered(panel)}, reverse=True)
    for most, extent in itertools.product([math.inf, *(n - 1 for n in counts), 0], EXTENTS):
        yield [_changed(frame, most, extent) for frame in frames]
    for extent in EXTENTS if any(map(_is_long, frames)) else ():
        yield [_changed(_wrapped(frame), math.inf, extent) for frame in frames]
    for wide in WIDER:
        yield [_widened(_changed(frame, 0, EXTENTS[-1]), wide) for frame in frames]
    for rows in ROWS if any(frame.joins for frame in frames) else ():
        yield [_changed(_cut(frame, rows), 0, EXTENTS[-2]) for frame in frames]


def _is_long(frame: Frame) -> bool:
    return any(len(row) > LONGEST_ROW for row in frame.rows)


def _wrapped(frame: Frame) -> Frame:
    """Return a frame whose long rows are broken before the plus or equals sign in the middle."""
    rows: list[Parts] = []
    for row in frame.rows:
        breaks = [k for k, part in enumerate(row) if part in (PLUS, EQUALS)]
        if len(row) > LONGEST_ROW and breaks:
            middle = min(breaks, key=lambda k: abs(2 * k - len(row)))
            rows += [row[:middle], row[middle:]]
        else:
            rows.append(row)
    return replace(frame, rows=tuple(rows))


def _widened(frame: Frame, by: int) -> Frame:
    """Return a frame with room on both sides, so that its caption need not be small."""
    room = (SPACE,) * by
    return replace(frame, rows=tuple((*room, *row, *room) for row in frame.rows))


def _cut(frame: Frame, rows: int) -> Frame:
    """Return a frame whose joined columns end after some rows, the others counted."""
    joined = {number for join in frame.joins for number, _ in (join.start, join.end)}
    number = itertools.count()
    parts = [
        tuple(
            _column(part, rows) if isinstance(part, Panel) and next(number) in joined else part
            for part in row
        )
        for row in frame.rows
    ]
    joins = tuple(j for j in frame.joins if max(j.start[1], j.end[1]) < rows)
    return replace(frame, rows=tuple(parts), joins=joins)


def _column(panel: Panel, rows: int) -> Panel:
    left = panel.tiles[rows:]
    if not left:
        return panel
    known = all(row[0].look is not Look.BLANK for row in left)
    more = sum(row[0].look is Look.PRODUCT for row in left)
    said = f"{more} more" if known and more else "zeros" if known else "and more"
    return replace(panel, tiles=(*panel.tiles[:rows], (Tile((Word(said),), Look.BLANK),)))


def _changed(frame: Frame, most: float, extent: float) -> Frame:
    """Return a frame in which panels of more cells than ``most`` have no letters."""
    # Lines join rows of panels, so these keep their letters; the picture beside them does not.
    joined = {number for join in frame.joins for number, _ in (join.start, join.end)}
    rows: list[Parts] = []
    places: list[int] = []  # of each panel among the new ones
    zoomed: dict[int, Area] = {}  # by panel, what its window is shown as, in the next panel
    drawn = 0
    for row in frame.rows:
        parts: list[Panel | Sign | Arrow] = []
        for part in row:
            if not isinstance(part, Panel):
                parts.append(part)
                continue
            shown = [part]
            if len(places) not in joined:
                shown = _shown(part, most, extent)
            if len(shown) > 1:
                zoomed[len(places)] = shown[1].outlines[0]
            places.append(drawn)
            drawn += len(shown)
            parts += shown
        rows.append(tuple(parts))
    joins = tuple(
        Join((places[j.start[0]], j.start[1]), (places[j.end[0]], j.end[1])) for j in frame.joins
    )
    rays = tuple(new for ray in frame.rays for new in _rays(ray, places, zoomed))
    return replace(frame, rows=tuple(rows), joins=joins, rays=rays)


def _rays(ray: Ray, places: Sequence[int], zoomed: Mapping[int, Area]) -> Iterator[Ray]:
    """Yield a ray between the new panels; from where the window is shown large, if it is."""
    (number, window), (target, cells) = ray.window, ray.target
    start = places[number], window
    if number in zoomed:
        large = places[number] + 1, zoomed[number]
        yield Ray(start, large)
        start = large
    yield Ray(start, (places[target], cells))


def _shown(panel: Panel, most: float, extent: float) -> list[Panel]:
    """Return a panel as it is, or without letters, and then what its window holds beside it."""
    if not _is_lettered(panel):
        return [_shrunk(panel, extent)]
    if _cells(panel) <= most:
        return [panel]
    bare = tuple(tuple(Tile((), tile.look) for tile in row) for row in panel.tiles)
    shown = [_shrunk(replace(panel, tiles=bare, size=(1, 1)), extent)]
    for area in [area for area in panel.outlines if area.outline is Outline.WINDOW][:1]:
        held: Tiles = tuple(
            row[area.column : area.column + area.columns]
            for row in panel.tiles[area.row : area.row + area.rows]
        )
        few = area.rows * area.columns < min(most + 1, _cells(panel))
        if few and not any(tile.look is Look.PRODUCT and not tile.label
                           for row in held for tile in row):  # fmt: skip
            whole = Area(0, 0, area.rows, area.columns)
            shown.append(Panel((), held, (whole,), ZOOMED))
    return shown


def _shrunk(panel: Panel, extent: float) -> Panel:
    longest = max(len(panel.tiles), len(panel.tiles[0])) * max(panel.size)
    factor = min(1, extent / longest)
    small = panel.size[0] * factor, panel.size[1] * factor
    return replace(panel, size=small, dimensions=panel.dimensions if factor == 1 else ())


def _cells(panel: Panel) -> int:
    return len(panel.tiles) * len(panel.tiles[0])


def _is_lettered(panel: Panel) -> bool:
    return any(tile.label for row in panel.tiles for tile in row)

"""The contents of a frame, before anybody decides where they lie and how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from symconv.equation import Element
from symconv.figures.labels import Label, Sign
from symconv.readings.pictures import CellKind, Grid, PictureCell


class Look(Enum):
    """The role of a cell, which decides its colours."""

    INPUT = "an element of X or dX"
    FILTER = "an element of F or dF"
    OUTPUT = "an element of Y or dY"
    ZERO = "a zero between neighbours"
    PADDING = "a zero around a tensor"
    REMAINDER = "what no window reaches"
    PRODUCT = "a product in the window"
    DEAD = "a product with a zero in the window"
    TARGET = "the element that is being computed"
    PENDING = "an element not yet computed"
    WRONG = "where a mistake shows"
    MISSING = "an element that a mistake does not give"
    BLANK = "nothing"


@dataclass(frozen=True, slots=True)
class Tile:
    """One cell: what is written in it, and its role."""

    label: Label
    look: Look


Tiles = tuple[tuple[Tile, ...], ...]
"""Rows of tiles."""


class Outline(Enum):
    """Why cells are framed."""

    WINDOW = "the products in them are added up"
    CROP = "a crop leaves them"


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells: its first row and column, how many of each, and why it is framed."""

    row: int
    column: int
    rows: int
    columns: int
    outline: Outline = Outline.WINDOW


class Direction(Enum):
    """The axis along which cells are counted."""

    ROWS = "down"
    COLUMNS = "across"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension line: from which row or column on, over how many, and what is written at it."""

    along: Direction
    start: int
    count: int
    label: Label


@dataclass(frozen=True, slots=True)
class Panel:
    """A grid with its title.

    Attributes:
        title: written above it.
        tiles: its cells.
        outlines: rectangles of cells that are framed, such as the window.
        size: (width, height) of a cell, in units of a usual cell.
        note: written below it.
        dimensions: what is measured on it.
        strip: whether it is a row of cells with its title on the left.
        behind: how many more planes of a stack are seen behind it.
    """

    title: Label
    tiles: Tiles
    outlines: tuple[Area, ...] = ()
    size: tuple[float, float] = (1, 1)
    note: Label = ()
    dimensions: tuple[Dimension, ...] = ()
    strip: bool = False
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow between panels, with what happens on the way.

    Attributes:
        label: written beside it.
        down: whether it points down, to the panel below.
    """

    label: Label
    down: bool = False


Parts = tuple[Panel | Sign | Arrow, ...]
"""Panels and what stands between them."""


@dataclass(frozen=True, slots=True)
class Join:
    """A line from the right edge of one tile to the left edge of another.

    Each end is (panel, row): panels are counted through the frame, in the order of reading.
    """

    start: tuple[int, int]
    end: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ray:
    """Two lines from the window in one panel to the cell in a later one that it computes.

    Attributes:
        window: the number of the panel, counted as for a `Join`, and cells in it.
        target: likewise.
    """

    window: tuple[int, Area]
    target: tuple[int, Area]


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of a legend: a cell of this look, and what it stands for."""

    look: Look
    label: Label


class Mood(Enum):
    """Whether a frame shows how it is, what is proved, or what is wrong."""

    PLAIN = ""
    PROVED = "PROVED"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture.

    Attributes:
        heading: what is to be seen, in words.
        rows: panels and what stands between them, row by row.
        caption: the equation, one label a line, and what there is to say.
        joins: lines between tiles.
        rays: what ties a window to its result.
        legend: what looks stand for that do not explain themselves.
        mood: whether the frame shows a proof or a mistake.
        about: of which convolution it is, in words.
        rest: how many seconds it is to be seen as a step of an animation.
    """

    heading: Label
    rows: tuple[Parts, ...]
    caption: tuple[Label, ...]
    joins: tuple[Join, ...] = ()
    rays: tuple[Ray, ...] = ()
    legend: tuple[Key, ...] = ()
    mood: Mood = Mood.PLAIN
    about: str = ""
    rest: float = 1.0


LOOKS = {"X": Look.INPUT, "dX": Look.INPUT, "F": Look.FILTER, "dF": Look.FILTER,
         "Y": Look.OUTPUT, "dY": Look.OUTPUT}  # fmt: skip

ZEROS = {
    CellKind.DILATION: Look.ZERO,
    CellKind.PADDING: Look.PADDING,
    CellKind.REMAINDER: Look.REMAINDER,
}


def tiles(grid: Grid) -> Tiles:
    """Return the tiles of a grid of cells."""
    return tuple(tuple(tile(cell) for cell in row) for row in np.atleast_2d(grid))


def tile(cell: PictureCell) -> Tile:
    """Return a cell as it is drawn: a zero is empty, a product with one is dead."""
    if cell.covered:
        factors = product(cell)
        return Tile(factors, Look.PRODUCT if factors else Look.DEAD)
    if cell.element is None:
        return Tile((), ZEROS[cell.kind])
    return Tile((cell.element,), LOOKS[cell.element.tensor])


def product(cell: PictureCell) -> Label:
    """Return what a covered cell adds to the sum, dL/dy before what it multiplies; or nothing."""
    if cell.element is None or cell.over is None:
        return ()
    return tuple(sorted((cell.element, cell.over), key=lambda element: element.tensor != "dY"))


def in_a_row(parts: Parts, axes: int) -> tuple[Parts, ...]:
    """Return the rows of a frame: one, or, on one axis, strips under one another."""
    if axes > 1:
        return (parts,)
    rows: list[Parts] = []
    for part in parts:
        match part:
            case Panel():
                rows.append((replace(part, strip=True),))
            case Arrow(label):
                rows.append((Arrow(label, down=True),))
            case Sign():
                rows.append((part,))
    return tuple(rows)


def plain(element: Element) -> Tile:
    """Return the tile of an element that nothing special happens to."""
    return Tile((element,), LOOKS[element.tensor])

"""The contents of a frame, before anybody decides where they lie and how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells: its first row and column, and how many of each."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Panel:
    """A grid with its title.

    Attributes:
        title: written above it.
        tiles: its cells.
        outlines: rectangles of cells that are framed, such as the window.
        size: (width, height) of a cell, in units of a usual cell.
        note: written below it.
    """

    title: Label
    tiles: Tiles
    outlines: tuple[Area, ...] = ()
    size: tuple[float, float] = (1, 1)
    note: Label = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow between panels, with what happens on the way."""

    label: Label


@dataclass(frozen=True, slots=True)
class Join:
    """A line from the right edge of one tile to the left edge of another.

    Each end is (panel, row): panels are counted through the frame, in the order of reading.
    """

    start: tuple[int, int]
    end: tuple[int, int]


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
        mood: whether the frame shows a proof or a mistake.
    """

    heading: Label
    rows: tuple[tuple[Panel | Sign | Arrow, ...], ...]
    caption: tuple[Label, ...]
    joins: tuple[Join, ...] = ()
    mood: Mood = Mood.PLAIN


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


def plain(element: Element) -> Tile:
    """Return the tile of an element that nothing special happens to."""
    return Tile((element,), LOOKS[element.tensor])

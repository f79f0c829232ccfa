"""What may be amiss with a picture, a slide or a page, given where a browser put everything."""

from __future__ import annotations

import io
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from benchmarks.pages import Piece, Sight
from benchmarks.pictures import Box, Letter, Line, Moment, Writing
from symconv.figures.metrics import width
from symconv.figures.palette import Palette
from symconv.figures.scene import Item, Rectangle, Scene

SLACK = 0.75
"""How far something may stick out, in pixels: what is rounded, and the edge of a line."""

STRETCHED = 0.9, 1.1
"""How much wider than designed a letter may be drawn."""

CLOSEST = 2.5
"""How far rows have to be apart at least, in pixels."""

SQUARE = 64
"""The side of the squares in which what may touch is looked for, in pixels."""


class FaultKind(Enum):
    """What may be amiss."""

    STRETCHED = "letters wider or narrower than designed"
    LOST = "blanks left out"
    OUTSIDE_CELL = "text sticks out of its cell"
    OUTSIDE_PAGE = "text beyond the edge of the page"
    OVERLAPPING = "text on text"
    CROSSED = "a line through text"
    CROWDED = "one row almost on the next"
    COLOUR = "a cell in another colour than its own"
    CAPITALS = "letters in capitals, so that X_00 is x_00"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something amiss.

    Attributes:
        picture: where.
        kind: what.
        words: which text, and by how much.
    """

    picture: str
    kind: FaultKind
    words: str


def faults(moment: Moment) -> Iterator[Fault]:
    """Yield what is amiss in a picture at one moment."""
    name = moment.name
    cells = {area.cell: area.box for area in moment.areas if area.cell}
    for writing in moment.writings:
        if writing.lost:
            yield Fault(name, FaultKind.LOST, f"{writing.text!r}: {writing.lost}")
        for letter in writing.letters:
            if not STRETCHED[0] <= stretch(letter) <= STRETCHED[1]:
                words = f"{letter.character!r} in {writing.text!r}: {stretch(letter):.2f}"
                yield Fault(name, FaultKind.STRETCHED, words)
        if out := _out(writing.ink, moment.page):
            yield Fault(name, FaultKind.OUTSIDE_PAGE, f"{writing.text!r}: {out:.1f} px")
        elif writing.cell and (out := _out(writing.ink, cells[writing.cell])):
            yield Fault(name, FaultKind.OUTSIDE_CELL, f"{writing.text!r}: {out:.1f} px")
    for one, other, shared in _overlaps(moment.writings):
        words = f"{one.text!r} and {other.text!r}: {_size(shared)}"
        yield Fault(name, FaultKind.OVERLAPPING, words)
    for line, writing in _crossings(moment):
        yield Fault(name, FaultKind.CROSSED, f"{writing.text!r} by {line.start} to {line.end}")


def faults_of_page(sight: Sight) -> Iterator[Fault]:
    """Yield what is amiss on a slide, or on a web page."""
    where = f"{sight.title!r}: " if sight.title else ""
    for piece in sight.pieces:
        if out := _out(piece.ink, sight.page):
            yield Fault(sight.name, FaultKind.OUTSIDE_PAGE, f"{where}{piece.text!r}: {out:.1f} px")
        if piece.capitals:
            yield Fault(sight.name, FaultKind.CAPITALS, f"{where}{piece.text!r}")
    for one, other, shared in _overlaps(sight.pieces, CLOSEST):
        apart = -shared.height
        if apart < -SLACK:
            words = f"{where}{one.text!r} and {other.text!r}: {_size(shared)}"
            yield Fault(sight.name, FaultKind.OVERLAPPING, words)
        elif one.row != other.row and not (one.image or other.image):
            words = f"{where}{one.text!r} and {other.text!r}: {apart:.1f} px apart"
            yield Fault(sight.name, FaultKind.CROWDED, words)


def faults_of_gif(
    name: str, data: bytes, scenes: Sequence[Scene], palette: Palette
) -> Iterator[Fault]:
    """Yield the cells whose commonest colour, in a frame of a GIF, is not the one they are to have.

    Args:
        name: of the picture.
        data: the GIF, a pixel for each point of the scenes.
        scenes: what its frames show.
        palette: the colours.
    """
    from PIL import Image

    image = Image.open(io.BytesIO(data))
    for step, scene in enumerate(scenes):
        image.seek(step * image.n_frames // len(scenes))  # between steps the window glides
        seen = image.convert("RGB")
        cells = {item.cell: item for item in scene.items if _is_cell(item)}
        for cell, box in cells.items():
            sides = box.x + 1, box.y + 1, box.x + box.width - 1, box.y + box.height - 1
            inside = seen.crop(tuple(map(round, sides)))
            colour = "{:02X}{:02X}{:02X}".format(
                *max(inside.getcolors(inside.width * inside.height))[1]
            )
            if colour != palette[box.fill]:
                words = f"step {step + 1}, cell {cell}: {colour}, not {palette[box.fill]}"
                yield Fault(name, FaultKind.COLOUR, words)


def _is_cell(item: Item) -> bool:
    return isinstance(item, Rectangle) and item.cell is not None and item.fill is not None


def stretch(letter: Letter) -> float:
    """Return how wide a letter is drawn, 1 as it is designed."""
    return letter.advance / (width(letter.character, letter.italic) * letter.size)


def _out(inner: Box, outer: Box) -> float:
    """Return how far a box sticks out of another, 0 if it hardly does."""
    out = max(outer.left - inner.left, outer.top - inner.top,
              inner.right - outer.right, inner.bottom - outer.bottom)  # fmt: skip
    return out if out > SLACK else 0


Inked = TypeVar("Inked", Writing, Piece)


def _overlaps(pieces: Sequence[Inked], gap: float = -SLACK) -> Iterator[tuple[Inked, Inked, Box]]:
    """Yield pairs that share ink, with what they share; or that are less than a gap apart."""
    squares = _by_square(pieces)
    pairs = {pair for square in squares.values() for pair in itertools.combinations(square, 2)}
    for k, m in sorted(pairs):
        shared = pieces[k].ink.overlap(pieces[m].ink)
        if shared.width > SLACK and shared.height > -gap:
            yield pieces[k], pieces[m], shared


def _size(box: Box) -> str:
    return f"{box.width:.1f} by {box.height:.1f} px"


def _by_square(pieces: Sequence[Writing | Piece]) -> dict[tuple[int, int], list[int]]:
    """Return the numbers of the pieces that reach into each square of the page."""
    squares: dict[tuple[int, int], list[int]] = defaultdict(list)
    for k, piece in enumerate(pieces):
        for square in _squares(piece.ink):
            squares[square].append(k)
    return squares


def _squares(box: Box) -> Iterator[tuple[int, int]]:
    """Yield the squares that a box reaches into, or nearly so."""
    columns = range(int((box.left - 2) // SQUARE), int((box.right + 2) // SQUARE) + 1)
    rows = range(int((box.top - 2) // SQUARE), int((box.bottom + 2) // SQUARE) + 1)
    return itertools.product(columns, rows)


def _crossings(moment: Moment) -> Iterator[tuple[Line, Writing]]:
    """Yield lines that go through the middle of a text which they are no part of."""
    squares = _by_square(moment.writings)
    for line in itertools.chain(moment.lines, _edges(moment)):
        (x1, y1), (x2, y2) = line.start, line.end
        reach = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        for k in sorted({k for square in _squares(reach) for k in squares.get(square, ())}):
            writing = moment.writings[k]
            own = line.label == writing.label or (line.cell and line.cell == writing.cell)
            if not own and _crosses(line, writing.ink):
                yield line, writing


def _edges(moment: Moment) -> Iterator[Line]:
    """Yield the sides of frames, such as the window's."""
    for area in moment.areas:
        if area.fill == "none":
            b = area.box
            corners = [(b.left, b.top), (b.right, b.top), (b.right, b.bottom), (b.left, b.bottom)]
            for start, end in itertools.pairwise([*corners, corners[0]]):
                yield Line(start, end, area.line, "", -1)


def _crosses(line: Line, box: Box) -> bool:
    """Whether a line comes further into a box than its edge, by Liang and Barsky's clipping."""
    (x, y), (dx, dy) = line.start, (line.end[0] - line.start[0], line.end[1] - line.start[1])
    first, last = 0.0, 1.0
    for step, low, high in (
        (dx, box.left - x + SLACK, box.right - x - SLACK),
        (dy, box.top - y + SLACK, box.bottom - y - SLACK),
    ):
        if step == 0:
            if not low < 0 < high:
                return False
            continue
        near, far = sorted((low / step, high / step))
        first, last = max(first, near), min(last, far)
    return first < last

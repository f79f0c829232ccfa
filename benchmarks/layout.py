"""The layout lint: what readers see of figures, slides and pages, in browsers, and what is amiss.

Run: python -m benchmarks.layout           # every kind of figure at eight geometries
     python -m benchmarks.layout chromium  # in one browser only
"""

from __future__ import annotations

import itertools
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from benchmarks.browsers import BROWSERS
from benchmarks.pictures import Box, Letter, Line, Moment, Writing, moments
from symconv.figures.kinds import KINDS, SHEET, good_step
from symconv.figures.layout import Style
from symconv.figures.metrics import width
from symconv.figures.subject import Subject
from symconv.geometry import Geometry
from symconv.notation import Notation
from symconv.views import figure, svg

SLACK = 0.75
"""How far something may stick out, in pixels: what is rounded, and the edge of a line."""

STRETCHED = 0.9, 1.1
"""How much wider than designed a letter may be drawn."""

SMALLEST = 20.0
"""The smallest letters that the last row reads, in pixels on a slide of 1920 by 1080."""

SQUARE = 64
"""The side of the squares in which what may touch is looked for, in pixels."""

GEOMETRIES = {
    "5x5-3x3-u2": Geometry.of(5, 3, 2),
    "6x6-3x3-u2": Geometry.of(6, 3, 2),
    "7x5-3x2-d2-p1": Geometry.of((7, 5), (3, 2), 1, 1, 2),
    "3x3-2x2": Geometry.of(3, 2),
    "9x9-5x5": Geometry.of(9, 5),
    "5x5-3x3-p3": Geometry.of(5, 3, 1, 3),
    "12x4-3x1-u3x1": Geometry.of((12, 4), (3, 1), (3, 1)),
    "11-3-u2": Geometry.of((11,), (3,), (2,)),
}
"""Square and not, one axis and two, with a remainder, padding, a crop, dilation, wide indices."""


class FaultKind(Enum):
    """What may be amiss."""

    STRETCHED = "letters wider or narrower than designed"
    LOST = "blanks left out"
    OUTSIDE_CELL = "text sticks out of its cell"
    OUTSIDE_PAGE = "text beyond the edge of the page"
    OVERLAPPING = "text on text"
    CROSSED = "a line through text"


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
    name = moment.picture
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
    for one, other in _near(moment.writings):
        shared = one.ink.overlap(other.ink)
        if min(shared.width, shared.height) > SLACK:
            size = f"{shared.width:.1f} by {shared.height:.1f} px"
            yield Fault(name, FaultKind.OVERLAPPING, f"{one.text!r} and {other.text!r}: {size}")
    for line, writing in _crossings(moment):
        yield Fault(name, FaultKind.CROSSED, f"{writing.text!r} by {line.start} to {line.end}")


def stretch(letter: Letter) -> float:
    """Return how wide a letter is drawn, 1 as it is designed."""
    return letter.advance / (width(letter.character, letter.italic) * letter.size)


def _out(inner: Box, outer: Box) -> float:
    """Return how far a box sticks out of another, 0 if it hardly does."""
    out = max(outer.left - inner.left, outer.top - inner.top,
              inner.right - outer.right, inner.bottom - outer.bottom)  # fmt: skip
    return out if out > SLACK else 0


def _near(writings: Sequence[Writing]) -> Iterator[tuple[Writing, Writing]]:
    """Yield pairs of texts that may share ink, each pair once."""
    squares = _by_square(writings)
    pairs = {pair for square in squares.values() for pair in itertools.combinations(square, 2)}
    yield from ((writings[k], writings[m]) for k, m in sorted(pairs))


def _by_square(writings: Sequence[Writing]) -> dict[tuple[int, int], list[int]]:
    """Return the numbers of the texts that reach into each square of the page."""
    squares: dict[tuple[int, int], list[int]] = defaultdict(list)
    for k, writing in enumerate(writings):
        for square in _squares(writing.ink):
            squares[square].append(k)
    return squares


def _squares(box: Box) -> Iterator[tuple[int, int]]:
    columns = range(int(box.left // SQUARE), int(box.right // SQUARE) + 1)
    rows = range(int(box.top // SQUARE), int(box.bottom // SQUARE) + 1)
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


def smallest(moment: Moment) -> float:
    """Return how large the smallest letters are where the picture fills a slide."""
    scale = min(1920 / moment.page.width, 1080 / moment.page.height)
    return scale * min(letter.size for text in moment.writings for letter in text.letters)


def drawings(geometry: Geometry) -> tuple[dict[str, bytes], dict[str, list[int]]]:
    """Return every kind of figure as SVG, and the steps of each animation to look at."""
    subject, style = Subject(geometry), Style(Notation())
    drawn, steps = {}, {}
    for name, kind in {**KINDS, SHEET: KINDS["filter-gradient"]}.items():
        order = figure.Order(name, subject, style, of="filter-gradient")
        drawn[name] = figure.draw(order, "svg")
        last = kind.steps(subject) - 1
        if kind.result is not None and name != SHEET and last > 0:
            steps[name] = sorted({0, good_step(name, subject), last})
    return drawn, steps


def look_at(browser: str, geometries: Iterable[str]) -> list[Moment]:
    """Return what a browser shows of every kind of figure; names are ``geometry/kind``."""
    drawn, steps = {}, {}
    for case in geometries:
        pictures, moving = drawings(GEOMETRIES[case])
        drawn |= {f"{case}/{name}": data for name, data in pictures.items()}
        steps |= {f"{case}/{name}": shown for name, shown in moving.items()}
    return moments(browser, drawn, steps, svg.SECONDS_A_STEP)


def main() -> int:
    """Print what is amiss, a line for each picture and kind of fault; return 1 if anything is."""
    count = 0
    for browser in sys.argv[1:] or BROWSERS:
        start = time.perf_counter()
        seen = look_at(browser, GEOMETRIES)
        print(f"{browser}: {len(seen)} moments in {time.perf_counter() - start:.1f} s")
        found = [fault for moment in seen for fault in faults(moment)]
        count += len(found)
        groups = Counter((fault.picture, fault.kind) for fault in found)
        for (picture, kind), number in groups.items():
            example = next(f.words for f in found if (f.picture, f.kind) == (picture, kind))
            print(f"  {picture}: {kind.value}, {number} times; {example}")
        small = {m.picture: smallest(m) for m in seen if smallest(m) < SMALLEST}
        print("  below 20 px on a slide:", ", ".join(f"{k} {v:.0f}" for k, v in small.items()))
    return int(count > 0)


if __name__ == "__main__":
    raise SystemExit(main())

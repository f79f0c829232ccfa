"""The stories of single elements: in which windows they are, and what their gradient is thus.

Elements are chosen by the number of their windows: one, two, the most, and none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from symconv.derivation import Derivation
from symconv.equation import Element
from symconv.errors import how_many
from symconv.figures.contributions import not_drawn, windows_in_rows
from symconv.figures.frames import LOOKS, Arrow, Frame, Look, Panel, Tile
from symconv.figures.labels import (
    MathematicsLabel,
    Sign,
    Whole,
    Word,
    words,
)
from symconv.figures.subject import Subject
from symconv.geometry import Geometry
from symconv.lecture.slide import DisplayedSum, Drawing, Prose, Slide
from symconv.lecture.sliding import short
from symconv.notation import Notation
from symconv.readings.elements import Namer

DRAWN = 4
"""Up to this many windows of an element are drawn, the others counted."""

LONGEST_CHAIN = 4
"""Up to this many outputs the chain rule is written out in full."""


def examples(derivation: Derivation, tensor: str) -> list[Element]:
    """Return elements of X or F in one window, in two, in the most, and in none, if there are."""
    found = derivation.tensor(f"d{tensor}")
    counts = {index: found.count(index) for index in np.ndindex(*found.shape)}
    most = max(counts.values())
    if tensor == "F" and len(set(counts.values())) == 1:
        chosen = [next(iter(counts)), list(counts)[-1]]
    else:
        wanted = dict.fromkeys(n for n in (1, 2, most, 0) if n in counts.values())
        chosen = [next(index for index, n in counts.items() if n == want) for want in wanted]
    return [Element(tensor, tuple(map(int, index))) for index in dict.fromkeys(chosen)]


def story(derivation: Derivation, subject: Subject, element: Element, notation: Notation) -> Slide:
    """Return which windows an element is in, the local derivatives there, and its gradient."""
    gradient = derivation.equation(Element(f"d{element.tensor}", element.index))
    number = len(gradient.terms)
    every = [panel for row in windows_in_rows(subject, element) for panel in row]
    rows = (tuple(every[:DRAWN]),)
    name = "-".join(map(str, (element.tensor.lower(), *element.index)))
    drawing = Drawing(f"story-{name}", (Frame((), rows, ()),), caption=False)
    title = words("To which outputs does {} contribute?", element)
    if not number:
        said = words("No window reaches {}, so it changes nothing:", element)
        return Slide(
            title,
            (drawing, Prose(said), DisplayedSum(short(gradient))),
            ("An element that no window reaches has no part in any output, so its gradient is "
             "zero. The textbook form of the gradient is short of it.",),
        )  # fmt: skip
    left = not_drawn(number, rows)
    shown = f" ({number - left} drawn, {left} more)" if left else ""
    said = words(f"{{}} is in {how_many(number, 'window')}{shown}.  Thus:", element)
    lines = short(gradient, 2)
    if number <= LONGEST_CHAIN:
        lines = ((MathematicsLabel(Namer(notation).chained(gradient)),), *lines)
    return Slide(
        title,
        (drawing, Prose(said), DisplayedSum(lines)),
        ("In every window drawn here the dark cell is the element; below it stands what it is "
         "multiplied by, which is the local derivative of that output.",),
    )  # fmt: skip


def discovery(derivation: Derivation, subject: Subject) -> Iterator[Slide]:
    """Yield what one sees who lines the coefficients of an input element up: F, turned.

    They are put down as their outputs lie, with the stride's gaps between them.  If they were not
    the turned filter, nothing is yielded.
    """
    geometry = derivation.geometry
    element = subject.busiest("X")
    terms = derivation.equation(Element("dX", element.index)).terms
    if geometry.transposed or max(geometry.input_dilation) > 1 or len(terms) < 2:
        return
    met = {output.index: weight for output, weight in terms}
    gaps = max(geometry.stride) > 1
    compact, spread = (_lined_up(met, steps) for steps in ((1,) * len(geometry.axes),
                                                            geometry.stride))  # fmt: skip
    turned = _turned(geometry, set(met.values()))
    if not _is_part(spread, turned):
        return
    first = Panel(words("of the outputs' gradients"), compact)
    between = Arrow(words("the stride's gaps"))
    row: tuple[Panel | Sign | Arrow, ...] = (first, Sign(""), Panel((), turned))
    if gaps:
        row = (first, between, Panel((), spread), Sign(""), Panel((), turned))
    row = (*row[:-1], replace(_panel(row[-1]), title=(Whole("F"), Word(" turned"))))
    stride = ", with gaps of the stride" if gaps else ""
    spaced = " and spread by its dilation" if max(geometry.dilation) > 1 else ""
    yield Slide(
        words("Line the coefficients of {} up", element),
        (
            DisplayedSum(short(derivation.equation(Element("dX", element.index)), 2)),
            Drawing("discovery", (Frame((), (row,), ()),), caption=False),
            Prose(words(f"It is {{}} turned by 180 degrees{spaced}{stride}.", Whole("F"))),
        ),
        ("Ask what pattern they see before you go on: the last row and the last column come "
         "first.", "From here on the gradient is dilated instead of the filter being full of "
         "gaps, so that the whole filter can slide."),
    )  # fmt: skip


def _panel(part: Panel | Sign | Arrow) -> Panel:
    assert isinstance(part, Panel)
    return part


def _lined_up(
    met: dict[tuple[int, ...], Element], steps: Sequence[int]
) -> tuple[tuple[Tile, ...], ...]:
    """Return each coefficient where its output lies, ``steps`` apart."""
    least = [min(axis) for axis in zip(*met, strict=True)]
    places = {
        tuple((i - low) * step for i, low, step in zip(index, least, steps, strict=True)): weight
        for index, weight in met.items()
    }
    grid = np.empty([1 + max(axis) for axis in zip(*places, strict=True)], dtype=object)
    for place in np.ndindex(*grid.shape):
        weight = places.get(place)
        grid[place] = Tile((weight,), Look.PRODUCT) if weight else Tile((), Look.BLANK)
    return tuple(map(tuple, np.atleast_2d(grid)))


def _turned(geometry: Geometry, met: set[Element]) -> tuple[tuple[Tile, ...], ...]:
    """Return F turned, spread by its dilation, what was met marked."""
    extents = [axis.extent for axis in geometry.axes]
    grid = np.empty(extents, dtype=object)
    for place in np.ndindex(*extents):
        grid[place] = Tile((), Look.BLANK)
    for index in np.ndindex(*geometry.filter):
        weight = Element("F", tuple(map(int, index)))
        place = tuple((n - 1 - i) * d for n, i, d in
                      zip(geometry.filter, index, geometry.dilation, strict=True))  # fmt: skip
        grid[place] = Tile((weight,), Look.PRODUCT if weight in met else LOOKS["F"])
    return tuple(map(tuple, np.atleast_2d(grid)))


def _is_part(spread: tuple[tuple[Tile, ...], ...], turned: tuple[tuple[Tile, ...], ...]) -> bool:
    """Whether a grid lies on another somewhere, and there all that it says stands there, too."""
    rows, columns = len(spread), len(spread[0])
    return any(
        all(
            not tile.label or turned[m + i][n + j] == tile
            for i, row in enumerate(spread)
            for j, tile in enumerate(row)
        )
        for m in range(len(turned) - rows + 1)
        for n in range(len(turned[0]) - columns + 1)
    )

"""The steps of a sliding window on slides: all where they are few, else the telling ones."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from symconv.equation import Element, Equation
from symconv.figures.frames import Frame, Panel
from symconv.figures.kinds import KINDS, frame
from symconv.figures.labels import Label, Word, lines_of
from symconv.figures.subject import Shape, Subject, element_at, step_of
from symconv.geometry import Geometry
from symconv.lecture.slide import Drawing
from symconv.telling.blocks import sum_rows

MOST_STEPS = 9
"""Up to this many steps are all shown in the lecture; of more, the telling ones."""

MOST_PRODUCTS = 500
"""Up to this many products in all steps together; TeX keeps all of them in its memory."""

ROWS = 3
"""Up to this many lines of a sum fit below a figure."""

LONGEST_ROW = 6
"""Up to this many terms stand on a line, where the rows of the filter are too many lines."""


def telling(subject: Subject, name: str, most: int = MOST_STEPS) -> Drawing:
    """Return the steps of a sliding window: all if they are few, else the telling ones."""
    steps = KINDS[name].steps(subject)
    few = steps <= most and _products(subject, name) <= MOST_PRODUCTS
    return _drawing(subject, name, name, range(steps) if few else _telling(subject, name))


def whole(subject: Subject, name: str, most: int = MOST_STEPS) -> Drawing | None:
    """Return all steps of a window of which `telling` shows a few; None where they are too many."""
    steps = KINDS[name].steps(subject)
    if steps <= most or _products(subject, name) > MOST_PRODUCTS:
        return None
    return _drawing(subject, name, f"{name}-all", range(steps))


def short(equation: Equation, rows: int = ROWS) -> tuple[Label, ...]:
    """Return an equation as lines, at most that many; the rest of its terms is counted."""
    every = sum_rows(equation)
    if len(every) > rows:
        every = [equation.terms[k : k + LONGEST_ROW]
                 for k in range(0, len(equation.terms), LONGEST_ROW)]  # fmt: skip
    shown = every if len(every) <= rows else every[: max(rows - 1, 1)]
    return lines_of(equation, shown, len(equation.terms) - sum(map(len, shown)))


def _drawing(subject: Subject, kind: str, name: str, steps: Iterable[int]) -> Drawing:
    return Drawing(name, tuple(_numbered(subject, kind, step) for step in steps))


def _numbered(subject: Subject, name: str, step: int) -> Frame:
    """Return a step with its number below the result, and with its sum in a few lines."""
    drawn = frame(name, subject, step)
    *before, (*others, result) = drawn.rows
    assert isinstance(result, Panel)
    number: Label = (Word(f"{step + 1} of {KINDS[name].steps(subject)}"),)
    tensor = KINDS[name].result
    assert tensor is not None
    target = element_at(tensor, step, _shape(subject.geometry, tensor))
    return replace(
        drawn,
        rows=(*before, (*others, replace(result, note=number))),
        caption=short(subject.equation(target)),
    )


def _telling(subject: Subject, name: str) -> list[int]:
    """Return the first three steps, the busiest one and the next, and the last two."""
    tensor = KINDS[name].result or "Y"
    shape = _shape(subject.geometry, tensor)
    busiest = step_of(subject.busiest(tensor[-1]), shape)
    last = step_of(Element(tensor, tuple(n - 1 for n in shape)), shape)
    near = {0, 1, 2, busiest, busiest + 1, last - 1, last}
    return sorted(step for step in near if 0 <= step <= last)


def _products(subject: Subject, name: str) -> int:
    g = subject.geometry
    dilated = ((axis.output - 1) * axis.stride + 1 for axis in g.axes)
    cells = dilated if KINDS[name].result == "dF" else g.filter
    return KINDS[name].steps(subject) * math.prod(cells)


def _shape(geometry: Geometry, tensor: str) -> Shape:
    return {"X": geometry.input, "F": geometry.filter, "Y": geometry.output}[tensor[-1]]

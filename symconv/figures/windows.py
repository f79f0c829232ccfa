"""The three sliding windows: forward, and the two gradients as their closed forms compute them.

Each step puts one grid on another, adds up the products in the window, and fills in one element
of the result: what slides, what it slides over, and the result, tied to the window by rays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from symconv.equation import Element
from symconv.figures import paddings
from symconv.figures.captions import equation_lines
from symconv.figures.frames import (
    LOOKS,
    Area,
    Dimension,
    Direction,
    Frame,
    Key,
    Look,
    Outline,
    Panel,
    Ray,
    Tile,
    Tiles,
    in_a_row,
    tiles,
)
from symconv.figures.labels import OVER, SPACE, Label, Whole, Word, words
from symconv.figures.subject import Shape, Subject, count, element_at, step_of
from symconv.formula import closed_forms
from symconv.formula.closed_forms import Amounts
from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Pad, Rotate
from symconv.formula.sizes import integers
from symconv.formula.walk import parts
from symconv.geometry import Layer
from symconv.readings import pictures
from symconv.readings.pictures import Grid

T = TypeVar("T")

HEADINGS = {
    "Y": "Forward pass: the filter slides over the input",
    "dX": "Input gradient: the rotated filter slides over the gradient",
    "dF": "Filter gradient: the gradient slides over the input",
}

TRANSPOSED_HEADINGS = {
    "Y": "Forward pass: the rotated filter slides over the spread input",
    "dX": "Input gradient: the filter slides over the gradient",
    "dF": "Filter gradient: the spread input slides over the gradient",
}


SHORTEST, LONGEST, A_PRODUCT, HOLD = 0.6, 2.1, 0.15, 1.5
"""How many seconds a step rests: with no product, with many, for each; and more at the example."""

STEPS = {"Y": "stride", "dX": "input dilation", "dF": "dilation"}
"""What the window moves by."""

TRANSPOSED_STEPS = {**STEPS, "dX": "stride"}


def forward(subject: Subject, step: int) -> Frame:
    """Return the frame in which the filter lies on the input in the window of one output."""
    form = closed_forms.forward(subject.geometry)
    under = beyond_reach if not subject.geometry.transposed else None
    return _sliding(subject, element_at("Y", step, subject.geometry.output), form, under)


def input_gradient(subject: Subject, step: int) -> Frame:
    """Return the frame in which the rotated filter lies on the gradient for one input element."""
    form = closed_forms.input_gradient(subject.geometry)
    return _sliding(subject, element_at("dX", step, subject.geometry.input), form)


def filter_gradient(subject: Subject, step: int) -> Frame:
    """Return the frame in which the dilated gradient lies on the input for one filter element."""
    form = closed_forms.filter_gradient(subject.geometry)
    under = beyond_reach if not subject.geometry.transposed else None
    return _sliding(subject, element_at("dF", step, subject.geometry.filter), form, under)


def _sliding(
    subject: Subject,
    target: Element,
    form: Correlate,
    marked: Callable[[Tiles, Subject], Tiles] | None = None,
) -> Frame:
    """Return one grid on another as a closed form has them, and the element that it computes."""
    tensor = target.tensor
    over = pictures.read(form.by, subject.shapes)
    corner = [i * step for i, step in zip(target.index, integers(form.stride), strict=True)]
    spread = integers(form.dilation)
    laid = tiles(pictures.overlay(_under(subject, tensor), over, corner, spread))
    extents = [(n - 1) * d + 1 for n, d in zip(over.shape, spread, strict=True)]
    framed = window(corner, extents)
    transposed = subject.geometry.transposed
    headings, steps = (TRANSPOSED_HEADINGS, TRANSPOSED_STEPS) if transposed else (HEADINGS, STEPS)
    drawn = Panel(
        title(form.of),
        marked(laid, subject) if marked else laid,
        (*(kept(laid, subject, form) if marked else ()), framed),
        behind=behind(subject, form.of),
        dimensions=(
            *_steps(steps[tensor], integers(form.stride), corner, extents, laid),
            *_spread(corner, spread, over.shape),
        ),
    )
    upon = Panel(title(form.by), tiles(over), dimensions=gaps(form.by, over.shape),
                 behind=behind(subject, form.by))  # fmt: skip
    shape = {"Y": subject.geometry.output, **_gradient_shapes(subject)}[tensor]
    number = f"{step_of(target, shape) + 1} of {count(shape)}"
    filled = replace(result(subject, target, tensor), note=words(number))
    return Frame(
        words(headings[tensor]),
        in_a_row((upon, OVER, drawn, SPACE, filled), len(subject.geometry.axes)),
        equation_lines(subject.equation(target)),
        rest=rest(subject, target),
        rays=(Ray((1, framed), (2, window(target.index, (1,) * len(target.index)))),),
        legend=legend(drawn.tiles),
    )


def rest(subject: Subject, target: Element) -> float:
    """Return for how many seconds the sum of an element is to be seen.

    It takes longer the more products it has, and longest where the example is.
    """
    products = len(subject.equation(target).terms)
    held = target.index == subject.looked_at(target.tensor[-1]).index
    return min(SHORTEST + A_PRODUCT * products, LONGEST) + held * HOLD


def legend(drawn: Tiles) -> tuple[Key, ...]:
    """Return what the remainder stands for on a grid, where it has one."""
    remainder = [tile for row in drawn for tile in row if tile.look is Look.REMAINDER]
    if not remainder:
        return ()
    elements = any(tile.label for tile in remainder)
    said = "no window reaches these" if elements else "zeros for what no window reached"
    return (Key(Look.REMAINDER, words(said)),)


def kept(drawn: Tiles, subject: Subject, form: Correlate) -> tuple[Area, ...]:
    """Return what a crop leaves of the padded input, where a closed form crops it."""
    rest = subject.geometry.remainder
    if form != closed_forms.filter_gradient(subject.geometry) or not any(rest):
        return ()
    below, right = (0, *rest)[-2:]
    rows, columns = len(drawn) - below, len(drawn[0]) - right
    return (Area(0, 0, rows, columns, Outline.CROP),)


def along(of: Sequence[T]) -> list[tuple[Direction, T]]:
    """Return what is given for each axis with the directions that they lie in."""
    return list(zip((Direction.ROWS, Direction.COLUMNS)[-len(of) :], of, strict=True))


def _steps(
    name: str, step: Sequence[int], corner: Sequence[int], extents: Sequence[int], drawn: Tiles
) -> Iterator[Dimension]:
    """Yield how far it is to the next window, or from the one before the last."""
    sizes = (len(drawn), len(drawn[0]))[-len(corner) :]
    for (direction, far), start, extent, size in zip(
        along(step), corner, extents, sizes, strict=True
    ):
        label = words(f"{name} {far}")
        if far > 1 and start + far + extent <= size:
            yield Dimension(direction, start, far, label)
        elif far > 1 and start >= far:
            yield Dimension(direction, start - far, far, label)


def _spread(
    corner: Sequence[int], spread: Sequence[int], taps: Sequence[int]
) -> Iterator[Dimension]:
    """Yield how far the first two taps of a filter are apart, where it is dilated."""
    for (direction, far), start, n in zip(along(spread), corner, taps, strict=True):
        if far > 1 and n > 1:
            yield Dimension(direction, start, far, words(f"dilation {far}"))


def gaps(form: Node, shape: Sequence[int]) -> tuple[Dimension, ...]:
    """Return how many zeros are between the first two elements of a dilated tensor, as a sum."""
    if not isinstance(form, Dilate):
        return ()
    return tuple(
        Dimension(direction, 1, step - 1, words(f"{step} - 1 = {step - 1}"))
        for (direction, step), n in zip(along(integers(form.steps)), shape, strict=True)
        if step > 1 and n > 1
    )


def _under(subject: Subject, tensor: str) -> Grid:
    """Return what lies below; what no window reaches is marked on X, not cropped."""
    geometry = subject.geometry
    if geometry.transposed:
        forms = {"Y": closed_forms.forward, "dX": closed_forms.input_gradient,
                 "dF": closed_forms.filter_gradient}  # fmt: skip
        return pictures.read(forms[tensor](geometry).of, subject.shapes)
    return padded_gradient(subject) if tensor == "dX" else padded_input(subject)


def padded_input(subject: Subject) -> Grid:
    """Return X, spread and padded as in the forward pass."""
    return pictures.read(closed_forms.forward(subject.geometry).of, subject.shapes)


def padded_gradient(subject: Subject) -> Grid:
    """Return dY, dilated and padded as the closed form of dX has it, the remainder tinted."""
    geometry = subject.geometry
    amounts = closed_forms.input_gradient_padding(geometry)
    padded = closed_forms.pad(closed_forms.dilated_gradient(geometry), amounts)
    late = paddings.hatched(amounts, geometry.remainder)
    return pictures.tinted(pictures.read(padded, subject.shapes), late)


def beyond_reach(drawn: Tiles, subject: Subject) -> Tiles:
    """Return tiles of the padded input with the rows and columns marked that no window reaches."""
    rest = subject.geometry.remainder
    rows, columns = len(drawn), len(drawn[0])
    below, right = (0, *rest)[-2:]
    return tuple(
        tuple(
            Tile(cell.label, Look.REMAINDER) if m >= rows - below or n >= columns - right else cell
            for n, cell in enumerate(row)
        )
        for m, row in enumerate(drawn)
    )


def result(subject: Subject, target: Element, tensor: str) -> Panel:
    """Return the result so far: what is done, what is being computed, and what is to come."""
    shape = {"Y": subject.geometry.output, **_gradient_shapes(subject)}[tensor]
    grid = np.empty(shape, dtype=object)
    for index in np.ndindex(*shape):
        grid[index] = _progress(Element(tensor, index), target)
    rows = np.atleast_2d(grid)
    return Panel(
        (Whole(tensor),), tuple(map(tuple, rows)), behind=planes_behind(subject.layer, tensor)
    )


def _progress(element: Element, target: Element) -> Tile:
    if element.index > target.index:
        return Tile((), Look.PENDING)
    look = Look.TARGET if element == target else LOOKS[element.tensor]
    return Tile((element,), look)


def _gradient_shapes(subject: Subject) -> dict[str, Shape]:
    return {"dX": subject.geometry.input, "dF": subject.geometry.filter}


def filter_panel(subject: Subject) -> Panel:
    """Return F as it is given."""
    return Panel((Whole("F"),), tiles(pictures.read(closed_forms.F, subject.shapes)))


MOST_PLANES = 3
"""How many planes of a stack, or summands of a sum over channels, are drawn."""


def planes_behind(layer: Layer | None, tensor: str) -> int:
    """Return how many planes are drawn behind the one of a layer that is drawn; none without."""
    if layer is None:
        return 0
    planes = {"X": layer.channels, "F": layer.group_channels, "Y": layer.filters}
    return min(planes[tensor[-1]], MOST_PLANES) - 1


def behind(subject: Subject, node: Node) -> int:
    """Return how many planes are drawn behind an operand of a closed form."""
    (leaf,) = (part.name for part in parts(node) if isinstance(part, Leaf))
    return planes_behind(subject.layer, leaf)


def title(node: Node) -> Label:
    """Return an operand of a closed form in words: its leaf, and what was done with it."""
    done = ", ".join(_done(node))
    (leaf,) = (part.name for part in parts(node) if isinstance(part, Leaf))
    return (Whole(leaf), Word(f" {done}")) if done else (Whole(leaf),)


def numbers(padded: Pad) -> Amounts:
    """Return the amounts of a padding in numbers."""
    lows, highs = (integers(side) for side in zip(*padded.amounts, strict=True))
    return tuple(zip(lows, highs, strict=True))


def _done(node: Node) -> list[str]:
    match node:
        case Pad(of):
            return [*_done(of), *paddings.done(numbers(node))]
        case Dilate(of):
            return [*_done(of), "dilated"]
        case Rotate(of):
            return [*_done(of), "rotated"]
        case _:
            return []


def window(corner: Sequence[int], extents: Sequence[int]) -> Area:
    """Return the cells of a window from its first cell and its extents."""
    row, column = (0, *corner)[-2:]
    rows, columns = (1, *extents)[-2:]
    return Area(int(row), int(column), rows, columns)

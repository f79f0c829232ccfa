"""The three sliding windows: forward, and the two gradients as their closed forms compute them.

Each step puts one grid on another, adds up the products in the window, and fills in one element
of the result.  All three read as an equation: grid * filter = result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from symconv.equation import Element
from symconv.figures import paddings
from symconv.figures.captions import equation_lines
from symconv.figures.frames import LOOKS, Area, Frame, Look, Panel, Tile, Tiles, tiles
from symconv.figures.labels import CORRELATE, EQUALS, Label, Whole, Word, words
from symconv.figures.subject import Shape, Subject, element_at
from symconv.formula import closed_forms
from symconv.formula.closed_forms import Amounts
from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Pad, Rotate
from symconv.formula.sizes import integers
from symconv.formula.walk import parts
from symconv.readings import pictures
from symconv.readings.pictures import Grid

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
    drawn = Panel(
        title(form.of),
        marked(laid, subject) if marked else laid,
        (window(corner, extents),),
    )
    headings = TRANSPOSED_HEADINGS if subject.geometry.transposed else HEADINGS
    upon = Panel(title(form.by), tiles(over))
    return Frame(
        words(headings[tensor]),
        ((drawn, CORRELATE, upon, EQUALS, result(subject, target, tensor)),),
        equation_lines(subject.equation(target)),
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
    return Panel((Whole(tensor),), tuple(map(tuple, rows)))


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

"""The three sliding windows: forward, and the two gradients as their closed forms compute them.

Each step puts one grid on another, adds up the products in the window, and fills in one element
of the result.  All three read as an equation: grid * filter = result.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symconv.equation import Element
from symconv.figures import paddings
from symconv.figures.captions import equation_lines
from symconv.figures.frames import LOOKS, Area, Frame, Look, Panel, Tile, Tiles, tiles
from symconv.figures.labels import CORRELATE, EQUALS, Label, Whole, Word, words
from symconv.figures.subject import Shape, Subject, element_at
from symconv.formula import closed_forms
from symconv.formula.nodes import Rotate
from symconv.readings import pictures
from symconv.readings.pictures import Grid


def forward(subject: Subject, step: int) -> Frame:
    """Return the frame in which the filter lies on the input in the window of one output."""
    geometry = subject.geometry
    target = element_at("Y", step, geometry.output)
    corner = [p * u for p, u in zip(target.index, geometry.stride, strict=True)]
    taps = pictures.read(closed_forms.F, subject.shapes)
    grid = pictures.overlay(padded_input(subject), taps, corner, geometry.dilation)
    drawn = Panel(
        input_title(subject),
        beyond_reach(tiles(grid), subject),
        (window(corner, [axis.extent for axis in geometry.axes]),),
    )
    return Frame(
        words("Forward pass: the filter slides over the input"),
        ((drawn, CORRELATE, filter_panel(subject), EQUALS, result(subject, target, "Y")),),
        equation_lines(subject.equation(target)),
    )


def input_gradient(subject: Subject, step: int) -> Frame:
    """Return the frame in which the rotated filter lies on the gradient for one input element."""
    geometry = subject.geometry
    target = element_at("dX", step, geometry.input)
    over = pictures.read(Rotate(closed_forms.F), subject.shapes)
    grid = pictures.overlay(padded_gradient(subject), over, target.index, geometry.dilation)
    drawn = Panel(
        gradient_title(subject),
        tiles(grid),
        (window(target.index, [axis.extent for axis in geometry.axes]),),
    )
    rotated = Panel((Whole("F"), Word(" rotated")), tiles(over))
    return Frame(
        words("Input gradient: the rotated filter slides over the gradient"),
        ((drawn, CORRELATE, rotated, EQUALS, result(subject, target, "dX")),),
        equation_lines(subject.equation(target)),
    )


def filter_gradient(subject: Subject, step: int) -> Frame:
    """Return the frame in which the dilated gradient lies on the input for one filter element."""
    geometry = subject.geometry
    target = element_at("dF", step, geometry.filter)
    over = pictures.read(closed_forms.dilated_gradient(geometry), subject.shapes)
    corner = [r * d for r, d in zip(target.index, geometry.dilation, strict=True)]
    grid = pictures.overlay(padded_input(subject), over, corner, (1,) * over.ndim)
    drawn = Panel(
        trimmed_title(subject),
        beyond_reach(tiles(grid), subject),
        (window(corner, over.shape),),
    )
    dilated = Panel(dilated_title(subject), tiles(over))
    return Frame(
        words("Filter gradient: the gradient slides over the input"),
        ((drawn, CORRELATE, dilated, EQUALS, result(subject, target, "dF")),),
        equation_lines(subject.equation(target)),
    )


def padded_input(subject: Subject) -> Grid:
    """Return X, padded as in the forward pass."""
    padded = closed_forms.pad(closed_forms.X, subject.geometry.padding)
    return pictures.read(padded, subject.shapes)


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


def input_title(subject: Subject) -> Label:
    """Return what is done to X before the filter slides over it, in words."""
    return _title("X", paddings.done(subject.geometry.padding))


def trimmed_title(subject: Subject) -> Label:
    """Return what is done to X before the gradient slides over it, in words."""
    return _title("X", paddings.done(closed_forms.filter_gradient_padding(subject.geometry)))


def dilated_title(subject: Subject) -> Label:
    """Return what is done to dY before it slides over X, in words."""
    return _title("dY", _dilated(subject))


def gradient_title(subject: Subject) -> Label:
    """Return what is done to dY before the filter slides over it, in words."""
    amounts = closed_forms.input_gradient_padding(subject.geometry)
    return _title("dY", [*_dilated(subject), *paddings.done(amounts)])


def _dilated(subject: Subject) -> list[str]:
    return ["dilated"] if max(subject.geometry.stride) > 1 else []


def _title(tensor: str, done: Sequence[str]) -> Label:
    return (Whole(tensor), Word(f" {', '.join(done)}")) if done else (Whole(tensor),)


def window(corner: Sequence[int], extents: Sequence[int]) -> Area:
    """Return the cells of a window from its first cell and its extents."""
    row, column = (0, *corner)[-2:]
    rows, columns = (1, *extents)[-2:]
    return Area(int(row), int(column), rows, columns)

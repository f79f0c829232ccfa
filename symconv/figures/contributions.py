"""Every window that one element takes part in, and the derived sum.

The windows lie as the outputs do: one small input for each output, so that the eye sees which
rows and columns of the output the element reaches.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from symconv.equation import Element, Term
from symconv.errors import how_many
from symconv.figures.captions import equation_lines
from symconv.figures.frames import Area, Frame, Look, Panel, Ray, Tile, Tiles, in_a_row, tiles
from symconv.figures.labels import EQUALS, SPACE, Label, LocalDerivativeLabel, words
from symconv.figures.subject import Subject, count
from symconv.figures.windows import beyond_reach, legend, padded_input, title, window
from symconv.formula import closed_forms
from symconv.formula.sizes import integers
from symconv.readings import pictures
from symconv.readings.pictures import PictureCell

Panels = tuple[tuple[Panel, ...], ...]
"""Rows of panels."""

MOST_WINDOWS = 16
"""Of an element in more windows than this the first ones are drawn, the others counted."""

FEW_WINDOWS = 4
"""Up to this many windows have room for a symbol in every cell."""


def contributions(subject: Subject, step: int = 0) -> Frame:
    """Return the windows that an element of X, F or Y takes part in, and what they add up to."""
    element = subject.element or subject.busiest("X")
    if element.tensor == "Y":
        return _of_output(subject, element)
    gradient = subject.equation(Element(f"d{element.tensor}", element.index))
    number, drawn = len(gradient.terms), windows(subject, element)
    every = how_many(count(subject.geometry.output), "window")
    heading = f"{{}} takes part in {number} of {every}"
    if left := not_drawn(number, drawn):
        heading += f": {number - left} drawn, {left} more"
    panels = tuple(panel for row in drawn for panel in row)
    axes = len(subject.geometry.axes)
    return Frame(
        words(heading, element),
        drawn if axes > 1 else in_a_row(panels, axes),
        equation_lines(gradient),
        legend=legend(tuple(row for panel in panels for row in panel.tiles)),
    )


def not_drawn(number: int, drawn: Panels) -> int:
    """Return how many of some windows have no panel."""
    return max(number - sum(map(len, drawn)), 0)


def windows(subject: Subject, element: Element) -> Panels:
    """Return a panel for each window that holds an element of X or F, laid out as Y is.

    Where there are too many, whole rows are left out, or else the end of the only one.
    """
    terms = subject.equation(Element(f"d{element.tensor}", element.index)).terms
    if not terms:
        return ((_untouched(subject, element),),)
    rows: dict[tuple[int, ...], list[Term]] = {}
    for term in terms:
        rows.setdefault(term[0].index[:-1], []).append(term)
    columns = len(next(iter(rows.values())))  # axes are independent: each row has as many
    shown = list(rows.values())[: max(MOST_WINDOWS // columns, 1)]
    small = len(terms) > FEW_WINDOWS
    return tuple(
        tuple(_window(subject, element, term, small) for term in row[:MOST_WINDOWS])
        for row in shown
    )


def windows_in_rows(subject: Subject, element: Element) -> Panels:
    """Return the same panels, small, in few rows: the shape of a slide."""
    terms = subject.equation(Element(f"d{element.tensor}", element.index)).terms
    if not terms:
        return ((_untouched(subject, element),),)
    small = len(terms) > 2
    shown = [_window(subject, element, term, small) for term in terms[:MOST_WINDOWS]]
    rows = 1 if len(shown) <= FEW_WINDOWS else 2
    columns = -(-len(shown) // rows)
    return tuple(tuple(shown[k : k + columns]) for k in range(0, len(shown), columns))


def _window(subject: Subject, element: Element, term: Term, small: bool) -> Panel:
    """Return the input under the window of one output, the element's product marked."""
    output = Element("Y", term[0].index)
    panel = window_panel(subject, output)
    grid = np.atleast_2d(_laid(subject, output))
    drawn = tuple(
        tuple(_marked(cell, drawn, element, small) for cell, drawn in zip(cells, row, strict=True))
        for cells, row in zip(grid, panel.tiles, strict=True)
    )
    return replace(
        panel,
        title=(output,),
        tiles=drawn,
        size=(0.55, 0.55) if small else (1, 1),
        note=(LocalDerivativeLabel(output, element), EQUALS, term[1]),
    )


def _marked(cell: PictureCell, drawn: Tile, element: Element, small: bool) -> Tile:
    if cell.covered and element in (cell.element, cell.over):
        return Tile(drawn.label, Look.TARGET)
    return Tile((), drawn.look) if small else drawn


def window_panel(subject: Subject, output: Element) -> Panel:
    """Return the padded input with the filter lying in the window of one output."""
    corner = _corner(subject, output)
    extents = [axis.extent for axis in subject.geometry.axes]
    drawn = beyond_reach(tiles(_laid(subject, output)), subject)
    return Panel(_title(subject), drawn, (window(corner, extents),))


def _laid(subject: Subject, output: Element) -> pictures.Grid:
    taps = pictures.read(closed_forms.forward(subject.geometry).by, subject.shapes)
    corner = _corner(subject, output)
    return pictures.overlay(padded_input(subject), taps, corner, subject.geometry.dilation)


def _corner(subject: Subject, output: Element) -> list[int]:
    steps = integers(closed_forms.forward(subject.geometry).stride)
    return [p * u for p, u in zip(output.index, steps, strict=True)]


def _title(subject: Subject) -> Label:
    return title(closed_forms.forward(subject.geometry).of)


def _untouched(subject: Subject, element: Element) -> Panel:
    """Return the input in which no window reaches the element."""
    drawn = beyond_reach(tiles(padded_input(subject)), subject)
    return Panel(_title(subject), _found(drawn, element))


def _found(drawn: Tiles, element: Element) -> Tiles:
    return tuple(
        tuple(Tile(cell.label, Look.TARGET) if cell.label == (element,) else cell for cell in row)
        for row in drawn
    )


def _of_output(subject: Subject, output: Element) -> Frame:
    equation = subject.equation(output)
    result = Panel((), ((Tile((output,), Look.TARGET),),))
    laid = window_panel(subject, output)
    return Frame(
        words(f"{{}} is the sum of {how_many(len(equation.terms), 'product')}", output),
        in_a_row((laid, SPACE, result), len(subject.geometry.axes)),
        equation_lines(equation),
        rays=(Ray((0, laid.outlines[0]), (1, Area(0, 0, 1, 1))),),
        legend=legend(laid.tiles),
    )

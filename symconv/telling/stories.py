"""The story of one element, as a lecturer tells it at the board.

Of an input or a filter element: to which outputs does it contribute, what are the local
derivatives, and thus what is its gradient; then the picture that gives the same sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from symconv.derivation import Derivation
from symconv.engines.engine import leaf_shapes
from symconv.equation import Element, Equation
from symconv.errors import how_many
from symconv.formula import closed_forms
from symconv.formula.nodes import Rotate
from symconv.geometry import Geometry
from symconv.readings import pictures
from symconv.readings.pictures import Grid
from symconv.telling.blocks import (
    Block,
    Displayed,
    Heading,
    LocalDerivative,
    Picture,
    Pictures,
    Remark,
)

LARGEST_STORY = 16
"""Of more outputs than this only the first are written out; a larger grid is not drawn."""

FIRST_OUTPUTS = 4
LONGEST_SUM = 64
FIRST_TERMS = 6


def story(derivation: Derivation, element: Element) -> Iterator[Block]:
    """Yield the story of an element of X, F or Y."""
    yield Heading("Element {}", (element,))
    if element.tensor == "Y":
        yield from _output_story(derivation, element)
    else:
        yield from _leaf_story(derivation, element)


def window(geometry: Geometry, padded: Grid, at: tuple[int, ...]) -> Picture:
    """Return the padded input with the filter lying on it in the window of output ``at``."""
    taps = pictures.read(closed_forms.F, leaf_shapes(geometry))
    corner = [p * axis.stride for p, axis in zip(at, geometry.axes, strict=True)]
    return Picture(
        "{}", pictures.overlay(padded, taps, corner, geometry.dilation), (Element("Y", at),)
    )


def padded_input(geometry: Geometry) -> Grid | None:
    """Return the padded input, or None where it is too large to draw."""
    return _drawn_input(geometry, geometry.padding)


def filter_gradient_input(geometry: Geometry) -> Grid | None:
    """Return the input as dF's closed form pads it, or None where it is too large to draw."""
    return _drawn_input(geometry, closed_forms.filter_gradient_padding(geometry))


def _drawn_input(geometry: Geometry, amounts: closed_forms.Amounts) -> Grid | None:
    if (
        max(axis.input + sum(by) for axis, by in zip(geometry.axes, amounts, strict=True))
        > LARGEST_STORY
    ):
        return None
    return pictures.read(closed_forms.pad(closed_forms.X, amounts), leaf_shapes(geometry))


def _output_story(derivation: Derivation, element: Element) -> Iterator[Block]:
    equation = derivation.equation(element)
    inputs = tuple(x for x, _ in equation.terms)
    yield Remark(
        "{} is the sum of "
        f"{how_many(len(equation.terms), 'product')}, one for each pixel that its window covers "
        "inside the input:",
        (element,),
    )
    yield _displayed(equation)
    grid = padded_input(derivation.geometry)
    if grid is not None:
        yield Pictures((window(derivation.geometry, grid, element.index),))
    yield Remark("Its gradient {} flows back to these pixels, and to the filter:", (_d(element),))
    for x in inputs[:FIRST_OUTPUTS]:
        yield _displayed(derivation.equation(_d(x)), _d(element))


def _leaf_story(derivation: Derivation, element: Element) -> Iterator[Block]:
    gradient = derivation.equation(_d(element))
    # Each term of the gradient is dL/dy times the local derivative: the factor that is left.
    pairs = [(Element("Y", dy.index), other) for dy, other in gradient.terms]
    total = math.prod(derivation.geometry.output)
    if not pairs:
        yield Remark(
            f"{{}} contributes to none of the {how_many(total, 'output')}: no window reaches it.",
            (element,),
        )
        yield _displayed(gradient)
        return
    outputs = [output for output, _ in pairs]
    shown = outputs if len(outputs) <= LARGEST_STORY else outputs[:FIRST_OUTPUTS]
    places = ", ".join("{}" for _ in shown) + (", ..." if len(shown) < len(outputs) else "")
    yield Remark(
        f"{{}} contributes to {len(outputs):,} of {how_many(total, 'output')}: {places}.",
        (element, *shown),
    )
    for output in shown:
        yield _displayed(derivation.equation(output), element)
    yield Remark("The local derivatives are:")
    for output, value in pairs[: len(shown)]:
        yield LocalDerivative(output, element, value)
    yield Remark("Thus, by the chain rule:")
    yield _displayed(gradient)
    yield from _picture(derivation.geometry, element)


def _picture(geometry: Geometry, element: Element) -> Iterator[Block]:
    shapes = leaf_shapes(geometry)
    if element.tensor == "X":
        amounts = closed_forms.input_gradient_padding(geometry)
        extents = [a.input + a.extent - 1 for a in geometry.axes]
        if max(extents) > LARGEST_STORY:
            return
        dilated = closed_forms.dilated_gradient(geometry)
        under = pictures.read(closed_forms.pad(dilated, amounts), shapes)
        under = pictures.tinted(under, geometry.remainder)
        over = pictures.read(Rotate(closed_forms.F), shapes)
        grid = pictures.overlay(under, over, element.index, geometry.dilation)
        caption = "{} dilated and padded, {} rotated, as it lies for {}"
        names = ("dY", "F", element)
    else:
        drawn = filter_gradient_input(geometry)
        if drawn is None:
            return
        over = pictures.read(closed_forms.dilated_gradient(geometry), shapes)
        corner = [r * d for r, d in zip(element.index, geometry.dilation, strict=True)]
        grid = pictures.overlay(drawn, over, corner, (1,) * len(geometry.axes))
        caption = "{}, {} dilated, as it lies for {}"
        names = ("X", "dY", element)
    yield Remark("The same sum, from the closed form: the products in the window, added up.")
    yield Pictures((Picture(caption, grid, names),))


def _displayed(equation: Equation, marked: Element | None = None) -> Displayed:
    """Return the equation, cut where it is long, but never before the marked term."""
    if len(equation.terms) <= LONGEST_SUM:
        return Displayed(equation, marked=marked)
    needed = [k + 1 for k, term in enumerate(equation.terms) if marked in term]
    shown = equation.terms[: max([FIRST_TERMS, *needed[:1]])]
    more = len(equation.terms) - len(shown)
    return Displayed(Equation(equation.target, shown), more, marked)


def _d(element: Element) -> Element:
    return Element(f"d{element.tensor}", element.index)

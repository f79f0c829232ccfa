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
from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Pad, Rotate
from symconv.formula.sizes import integers
from symconv.formula.walk import parts
from symconv.geometry import Geometry
from symconv.readings import pictures, shapes
from symconv.readings.pictures import Grid
from symconv.telling.blocks import (
    Block,
    Chained,
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


def story(
    derivation: Derivation, element: Element, channels: int = 1, bias: bool = False
) -> Iterator[Block]:
    """Yield the story of an element of X, F or Y.

    Args:
        derivation: of one image, channel and filter.
        element: whose story.
        channels: over how many channels an element of Y sums.
        bias: whether a bias is added to an element of Y.
    """
    yield Heading("Element {}", (element,))
    if element.tensor == "Y":
        yield from _output_story(derivation, element, channels, bias)
    else:
        yield from _leaf_story(derivation, element)


def window(form: Correlate, geometry: Geometry, at: tuple[int, ...]) -> Grid:
    """Return what lies under the window at one element of a closed form, and the window on it."""
    return lain(drawn(form.of, geometry), form, geometry, at)


def lain(under: Grid, form: Correlate, geometry: Geometry, at: tuple[int, ...]) -> Grid:
    """Return a grid with the window that a correlation lays on it for one of its elements."""
    over = pictures.read(form.by, leaf_shapes(geometry))
    corner = [i * step for i, step in zip(at, integers(form.stride), strict=True)]
    return pictures.overlay(under, over, corner, integers(form.dilation))


def drawn(node: Node, geometry: Geometry) -> Grid:
    """Return the picture of a formula; what stands for the remainder is tinted."""
    grid = pictures.read(node, leaf_shapes(geometry))
    return pictures.tinted(grid, geometry.remainder) if "dY" in leaves(node) else grid


def fits(node: Node, geometry: Geometry) -> bool:
    """Whether a formula is small enough to be drawn, on one axis or two."""
    shape = shapes.read(node, leaf_shapes(geometry))
    return len(shape) <= 2 and max(shape) <= LARGEST_STORY


def _output_story(
    derivation: Derivation, element: Element, channels: int, bias: bool
) -> Iterator[Block]:
    equation = derivation.equation(element)
    inputs = tuple(x for x, _ in equation.terms)
    products = how_many(len(equation.terms) * channels, "product")
    where = f", in each of {how_many(channels, 'channel')}" if channels > 1 else ""
    added, names = (", and of {}", (element, Element("b", ()))) if bias else ("", (element,))
    yield Remark(
        f"{{}} is the sum of {products}, one for each pixel that its window covers inside the "
        f"input{where}{added}:",
        names,
    )
    yield _displayed(equation)
    geometry = derivation.geometry
    form = closed_forms.forward(geometry)
    if fits(form.of, geometry):
        grid = window(form, geometry, element.index)
        yield Pictures((Picture("{}", grid, (element,)),))
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
    result = _displayed(gradient)
    yield Chained(result.equation, result.more)
    yield result
    yield from _picture(derivation.geometry, element)


def _picture(geometry: Geometry, element: Element) -> Iterator[Block]:
    of_input = element.tensor == "X"
    form = (closed_forms.input_gradient if of_input else closed_forms.filter_gradient)(geometry)
    if not fits(form.of, geometry) or not fits(form.by, geometry):
        return
    caption = f"{said(form.of)}, {said(form.by)}, as it lies for {{}}"
    grid = window(form, geometry, element.index)
    yield Remark("The same sum, from the closed form: the products in the window, added up.")
    yield Pictures((Picture(caption, grid, (*leaves(form.of), *leaves(form.by), element)),))


def said(operand: Node) -> str:
    """Return an operand of a closed form in words, its leaf in braces."""
    match operand:
        case Pad(Dilate(), _):
            return "{} dilated and padded"
        case Dilate():
            return "{} dilated"
        case Pad():
            return "{} padded"
        case Rotate():
            return "{} rotated"
        case Leaf():
            return "{}"
    raise TypeError(f"{type(operand).__name__} is no operand of a closed form")


def leaves(node: Node) -> tuple[str, ...]:
    """Return the leaves of a formula, in their order."""
    return tuple(part.name for part in parts(node) if isinstance(part, Leaf))


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

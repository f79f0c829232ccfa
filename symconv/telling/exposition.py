"""The order of telling: a derivation as a sequence of blocks, whatever they are shown on.

A view (`symconv.views`) knows how to show each kind of block; what is said, and in which order,
is decided here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from symconv.derivation import Derivation
from symconv.engines.engine import leaf_shapes
from symconv.equation import Element
from symconv.errors import how_many
from symconv.formula import closed_forms
from symconv.formula.nodes import Node, Rotate
from symconv.geometry import Geometry
from symconv.readings import pictures
from symconv.readings.pictures import Grid
from symconv.telling import blocks, stories
from symconv.telling.blocks import Block

FULL_LISTING = 64
"""A listing of more equations than this shows only the first ones."""

FIRST_EQUATIONS = 8

FULL_SUM = 64
"""A sum of more terms than this shows only the first ones."""

FIRST_TERMS = 6

FULL_WINDOWS = 9
"""Up to this many windows are all drawn; of more, the first two."""

LARGEST_GRID = 16
"""Grids with more rows or columns than this are not drawn."""


def tell(
    derivation: Derivation,
    wrt: str = "all",
    elements: Sequence[Element] = (),
    everything: bool = False,
) -> Iterator[Block]:
    """Yield the blocks of a derivation.

    Args:
        derivation: what to tell of.
        wrt: ``input``, ``filter`` or ``all``: which gradients.
        elements: elements of X, F or Y; where there are any, only their stories are told.
        everything: whether long listings and sums are shown whole.
    """
    geometry = derivation.geometry
    gradients = {"input": ["dX"], "filter": ["dF"]}.get(wrt, ["dX", "dF"])
    yield blocks.Heading("Geometry")
    yield blocks.Sizes(geometry)
    yield from _engine(derivation)
    if elements:
        for element in elements:
            yield from stories.story(derivation, element)
    else:
        yield from _forward(derivation, everything)
        for gradient in gradients:
            yield from _gradient(derivation, gradient, everything)
        yield blocks.Heading("Closed forms")
        yield from _closed_forms(derivation, gradients)
        yield blocks.Heading("Takeaways")
        for takeaway in derivation.takeaways:
            if wrt in ("all", takeaway.wrt) or takeaway.wrt == "forward":
                yield blocks.JudgedSentence(takeaway.sentence, takeaway.proof, takeaway.consequence)
    yield blocks.Heading("Proof")
    for proof in derivation.proofs:
        gradient = {"input-gradient": "dX", "filter-gradient": "dF"}[proof.claim]
        if gradient in gradients:
            yield blocks.JudgedSentence("{} equals its closed form.", proof, names=(gradient,))


def _engine(derivation: Derivation) -> Iterator[Block]:
    if derivation.sample is None:
        return
    sample = derivation.sample
    agreed = "agree" if sample.agrees else "DO NOT AGREE"
    yield blocks.Remark(
        f"Equations and proofs come from tables of {how_many(len(derivation.forward), 'term')}; "
        f"sympy differentiated {len(sample.outputs)} of "
        f"{how_many(math.prod(derivation.geometry.output), 'output')} to check them: "
        f"all {how_many(sample.terms, 'term')} {agreed}."
    )


def _forward(derivation: Derivation, everything: bool) -> Iterator[Block]:
    geometry = derivation.geometry
    yield blocks.Heading("Forward pass")
    yield _listing(derivation, "Y", everything)
    windows = list(np.ndindex(*geometry.output)) if math.prod(geometry.output) <= 4096 else []
    grid = stories.padded_input(geometry)
    if grid is None or not windows:
        yield blocks.Remark(_too_large("The windows are", geometry.input))
        return
    shown = windows if len(windows) <= FULL_WINDOWS or everything else windows[:2]
    yield blocks.Pictures(tuple(stories.window(geometry, grid, window) for window in shown))
    if len(shown) < len(windows):
        yield blocks.Remark(
            f"{how_many(len(windows) - len(shown), 'more window')}; --all shows them."
        )


def _gradient(derivation: Derivation, gradient: str, everything: bool) -> Iterator[Block]:
    wrt = {"dX": "input", "dF": "filter"}[gradient]
    yield blocks.Heading(f"Gradient with respect to the {wrt}")
    yield blocks.ChainRule(gradient[1], len(derivation.geometry.axes))
    yield _listing(derivation, gradient, everything)


def _listing(derivation: Derivation, name: str, everything: bool) -> blocks.Listing:
    tensor = derivation.tensor(name)
    total = math.prod(tensor.shape)
    longest = max(tensor.count((0,) * len(tensor.shape)), len(tensor) // total)
    return blocks.Listing(
        name,
        tensor,
        equations=total if total <= FULL_LISTING or everything else FIRST_EQUATIONS,
        terms=None if longest <= FULL_SUM or everything else FIRST_TERMS,
    )


def _closed_forms(derivation: Derivation, gradients: Sequence[str]) -> Iterator[Block]:
    geometry = derivation.geometry
    operands = {"dX": _input_operands, "dF": _filter_operands}
    forms = {"dX": "input_gradient", "dF": "filter_gradient"}
    told: set[str] = set()
    for gradient in gradients:
        yield blocks.ClosedForm(gradient, derivation.closed_forms[forms[gradient]])
        every = list(operands[gradient](geometry))
        fitting = [p for p in every if p is not None and max(p.grid.shape) <= LARGEST_GRID]
        drawn = tuple(p for p in fitting if p.caption + str(p.names) not in told)
        told |= {picture.caption + str(picture.names) for picture in drawn}
        if drawn:
            yield blocks.Pictures(drawn)
        if len(fitting) < len(every):
            yield blocks.Remark(_too_large("Some operands are", geometry.input))


def _input_operands(geometry: Geometry) -> Iterator[blocks.Picture | None]:
    """Yield the operands of dX's closed form, None for what is too large to be drawn."""
    if max(geometry.output) > LARGEST_GRID:
        yield None
        return
    yield from _dilated(geometry)
    amounts = closed_forms.input_gradient_padding(geometry)
    padded = closed_forms.pad(closed_forms.dilated_gradient(geometry), amounts)
    grid = pictures.tinted(_draw(padded, geometry), geometry.remainder)
    if any(map(any, amounts)):
        steps = "dilated and padded" if any(step > 1 for step in geometry.stride) else "padded"
        yield blocks.Picture(f"{{}} {steps} by {amounts}", grid, ("dY",))
    yield blocks.Picture("{}", _draw(closed_forms.F, geometry), ("F",))
    yield blocks.Picture("{} rotated", _draw(Rotate(closed_forms.F), geometry), ("F",))


def _filter_operands(geometry: Geometry) -> Iterator[blocks.Picture | None]:
    """Yield the operands of dF's closed form, None for what is too large to be drawn."""
    grid = stories.filter_gradient_input(geometry)
    if grid is None:
        yield None
        return
    amounts = closed_forms.filter_gradient_padding(geometry)
    caption = f"{{}} padded by {amounts}" if any(map(any, amounts)) else "{}"
    if min(map(min, amounts)) < 0:
        caption += " (negative: cropped)"
    yield blocks.Picture(caption, grid, ("X",))
    yield from _dilated(geometry)


def _dilated(geometry: Geometry) -> Iterator[blocks.Picture]:
    yield blocks.Picture("{}", _draw(closed_forms.dY, geometry), ("dY",))
    if any(step > 1 for step in geometry.stride):
        grid = _draw(closed_forms.dilated_gradient(geometry), geometry)
        yield blocks.Picture(f"{{}} dilated by {geometry.stride}", grid, ("dY",))


def _draw(node: Node, geometry: Geometry) -> Grid:
    return pictures.read(node, leaf_shapes(geometry))


def _too_large(what: str, shape: Sequence[int]) -> str:
    return (
        f"{what} not drawn: at {'x'.join(map(str, shape))} a grid has more than {LARGEST_GRID} "
        "rows or columns."
    )

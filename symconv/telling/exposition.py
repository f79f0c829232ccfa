"""The order of telling: a derivation as a sequence of blocks, whatever they are shown on.

A view (`symconv.views`) knows how to show each kind of block; what is said, and in which order,
is decided here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from symconv.derivation import Derivation
from symconv.equation import Element
from symconv.errors import how_many
from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate, Dilate, Node, Pad, Rotate
from symconv.formula.sizes import integers
from symconv.geometry import Geometry, Layer
from symconv.telling import blocks, overview, stories
from symconv.telling.blocks import Block

FULL_LISTING = 64
"""A listing of more equations than this shows only the first ones."""

FIRST_EQUATIONS = 8

FULL_SUM = 64
"""A sum of more terms than this shows only the first ones."""

FIRST_TERMS = 6

FULL_WINDOWS = 9
"""Up to this many windows are all drawn; of more, the first two."""


def tell(
    derivation: Derivation,
    wrt: str = "all",
    elements: Sequence[Element] = (),
    everything: bool = False,
    chained: bool = False,
) -> Iterator[Block]:
    """Yield the blocks of a derivation.

    Args:
        derivation: what to tell of.
        wrt: ``input``, ``filter`` or ``all``: which gradients.
        elements: elements of X, F or Y (of a layer, with its leading indices first, or of b);
            where there are any, only their stories are told.
        everything: whether long listings and sums are shown whole.
        chained: whether the chain rule is written out for each element.
    """
    gradients = {"input": ["dX"], "filter": ["dF"]}.get(wrt, ["dX", "dF"])
    if derivation.whole is not None:
        yield from _layer(
            derivation, derivation.whole.layer, gradients, elements, everything, chained
        )
        return
    yield blocks.Heading("Geometry")
    yield blocks.Sizes(derivation.geometry)
    yield from _engine(derivation)
    if elements:
        for element in elements:
            yield from stories.story(derivation, element)
    else:
        yield from _sections(derivation, gradients, everything, chained)
        yield blocks.Heading("Closed forms")
        yield from _closed_forms(derivation, gradients)
        yield from _takeaways(derivation, gradients)
        if everything and "dX" in gradients:
            yield overview.typed(derivation)
    yield blocks.Heading("Proof")
    for proof in derivation.proofs:
        if overview.GRADIENT_OF[proof.claim] in gradients:
            name = overview.GRADIENT_OF[proof.claim]
            yield blocks.JudgedSentence("{} equals its closed form.", proof, names=(name,))


def _layer(
    derivation: Derivation,
    layer: Layer,
    gradients: Sequence[str],
    elements: Sequence[Element],
    everything: bool,
    chained: bool,
) -> Iterator[Block]:
    """Yield the blocks of a layer: who is summed, then one image, channel and filter, once."""
    from symconv.telling import layers  # most derivations are of no layer

    told = [*gradients, *layers.bias(layer, gradients)]
    yield from layers.opening(layer)
    if elements:
        for element in elements:
            yield from layers.story(derivation, layer, element)
    else:
        yield from layers.channels(layer, gradients)
        whole = everything or layers.fits_a_screen(derivation)
        if whole:
            yield from layers.chain_rules(layer, gradients)
        yield from layers.in_space(layer)
        if whole:
            yield from layers.once()
            yield from _engine(derivation)
            yield from _sections(derivation, gradients, everything, chained)
        else:
            yield from layers.examples(derivation, layer, gradients)
        yield blocks.Heading("Closed forms")
        yield from layers.closed_forms(layer, told)
        if whole:
            yield from _operands(derivation, gradients)
            yield from _takeaways(derivation, gradients)
        if everything and "dX" in gradients:
            yield overview.typed(derivation)
    yield blocks.Heading("Proof")
    proofs = ((overview.GRADIENT_OF[proof.claim], proof) for proof in derivation.proofs)
    yield blocks.Judgements(tuple((name, proof) for name, proof in proofs if name in told))


def _sections(
    derivation: Derivation, gradients: Sequence[str], everything: bool, chained: bool
) -> Iterator[Block]:
    """Yield the forward pass and the gradients, element by element."""
    yield from _forward(derivation, everything)
    for gradient in gradients:
        yield from _gradient(derivation, gradient, everything, chained)


def _takeaways(derivation: Derivation, gradients: Sequence[str]) -> Iterator[Block]:
    yield blocks.Heading("Takeaways")
    wanted = {"dX": "input", "dF": "filter"}
    told = {"forward", *(wanted[gradient] for gradient in gradients)}
    for takeaway in derivation.takeaways:
        if takeaway.wrt in told or len(gradients) > 1:
            yield blocks.JudgedSentence(takeaway.sentence, takeaway.proof, takeaway.consequence)


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
    form = closed_forms.forward(geometry)
    if not windows or not stories.fits(form.of, geometry):
        yield blocks.Remark(_not_drawn("The windows are", geometry))
        return
    shown = windows if len(windows) <= FULL_WINDOWS or everything else windows[:2]
    under = stories.drawn(form.of, geometry)
    yield blocks.Pictures(
        tuple(
            blocks.Picture("{}", stories.lain(under, form, geometry, at), (Element("Y", at),))
            for at in shown
        )
    )
    if len(shown) < len(windows):
        yield blocks.Remark(
            f"{how_many(len(windows) - len(shown), 'more window')}; --all shows them."
        )


def _gradient(
    derivation: Derivation, gradient: str, everything: bool, chained: bool
) -> Iterator[Block]:
    wrt = {"dX": "input", "dF": "filter"}[gradient]
    yield blocks.Heading(f"Gradient with respect to the {wrt}")
    yield blocks.ChainRule(gradient[1], len(derivation.geometry.axes))
    yield replace(_listing(derivation, gradient, everything), chained=chained)


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
    told: set[Node] = set()
    for gradient in gradients:
        yield blocks.ClosedForm(gradient, _form(derivation, gradient))
        yield from _drawn(derivation, gradient, told)


def _operands(derivation: Derivation, gradients: Sequence[str]) -> Iterator[Block]:
    """Yield the pictures of what the closed forms of these gradients are made of."""
    told: set[Node] = set()
    for gradient in gradients:
        yield from _drawn(derivation, gradient, told)


def _form(derivation: Derivation, gradient: str) -> Correlate:
    forms = {"dX": closed_forms.input_gradient, "dF": closed_forms.filter_gradient}
    return forms[gradient](derivation.geometry)


def _drawn(derivation: Derivation, gradient: str, told: set[Node]) -> Iterator[Block]:
    """Yield pictures of the operands that have not been told, and note them as told."""
    geometry, form = derivation.geometry, _form(derivation, gradient)
    steps = [node for operand in (form.of, form.by) for node in _steps(operand)]
    fitting = [node for node in steps if stories.fits(node, geometry)]
    drawn = tuple(_operand(node, geometry) for node in fitting if node not in told)
    told |= {*fitting}
    if drawn:
        yield blocks.Pictures(drawn)
    if len(fitting) < len(steps):
        yield blocks.Remark(_not_drawn("Some operands are", geometry))


def _steps(operand: Node) -> list[Node]:
    """Return an operand of a closed form as it is made: its leaf, dilated, padded or rotated.

    The input itself has been drawn, under the windows of the forward pass.
    """
    match operand:
        case Pad(closed_forms.X) | Dilate(closed_forms.X):
            return [operand]
        case Pad(of) | Dilate(of) | Rotate(of):
            return [*_steps(of), operand]
        case _:
            return [operand]


def _operand(node: Node, geometry: Geometry) -> blocks.Picture:
    match node:
        case Pad(amounts=amounts):
            caption = f"{stories.said(node)} by {amounts}"
            if min(min(integers(pair)) for pair in amounts) < 0:
                caption += " (negative: cropped)"
        case Dilate(steps=steps):
            caption = f"{{}} dilated by {steps}"
        case _:
            caption = stories.said(node)
    return blocks.Picture(caption, stories.drawn(node, geometry), stories.leaves(node))


def _not_drawn(what: str, geometry: Geometry) -> str:
    if len(geometry.axes) > 2:
        return f"{what} not drawn: a picture has one axis or two."
    return (
        f"{what} not drawn: at {'x'.join(map(str, geometry.input))} a grid has more than "
        f"{how_many(stories.LARGEST_STORY, 'row')} or columns."
    )

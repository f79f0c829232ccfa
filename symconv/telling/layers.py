"""What is told of a layer: its tensors, who is summed and who is kept, and stories of elements.

The spatial derivation is that of one image, one channel and one filter, and is told once.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from symconv.derivation import Derivation
from symconv.equation import Element, Equation
from symconv.errors import how_many
from symconv.geometry import Layer
from symconv.notation import Notation
from symconv.readings.layers import LayerReading, leading_axes
from symconv.telling import blocks, stories
from symconv.telling.blocks import Block, LayerFormula, LayerStatement
from symconv.telling.examples import busiest

ONE_SCREEN = 40
"""Of more equations than this in Y, dX and dF together only an example of each is told."""

LONGEST_EXAMPLE = 9
FIRST_TERMS = 4


def opening(layer: Layer) -> Iterator[Block]:
    """Yield the tensors of a layer, its sizes, and what its groups are."""
    yield blocks.Heading("Layer")
    yield blocks.LayerShapes(layer)
    yield blocks.Sizes(layer.geometry)
    yield from groups(layer)


def groups(layer: Layer) -> Iterator[Block]:
    """Yield what the groups of a layer are, where it has some."""
    if layer.groups > 1:
        yield blocks.Remark(_groups(layer), ("X", "F", "Y"))


def _groups(layer: Layer) -> str:
    """Return what the groups are, and the shapes in the flat channels of frameworks."""
    x, f, y = (" x ".join(map(str, shape)) for shape in (layer.input, layer.filter, layer.output))
    flat = f"in frameworks {{}} is {x}, {{}} {f}, {{}} {y}."
    if layer.depthwise:
        filters = how_many(layer.group_filters, "filter")
        own = "a filter of its own" if layer.group_filters == 1 else f"{filters} of its own"
        return f"Depthwise: each channel has {own}; {flat}"
    channels = how_many(layer.group_channels, "channel")
    filters = how_many(layer.group_filters, "filter")
    return f"{layer.groups} groups of {channels} and {filters}, each by itself; {flat}"


def channels(layer: Layer, gradients: Sequence[str]) -> Iterator[Block]:
    """Yield who is summed in Y, in these gradients and in that of the bias."""
    yield blocks.Heading("Channels: who is summed, and who is kept")
    tensors = ["Y", *gradients, *bias(layer, gradients)]
    yield blocks.LayerFormulas(
        tuple(
            LayerFormula(layer, LayerStatement.CHANNELS, tensor, note(layer, tensor))
            for tensor in tensors
        )
    )


def bias(layer: Layer, gradients: Sequence[str]) -> list[str]:
    """Return dB where the layer has a bias and all gradients are told."""
    return ["dB"] if layer.bias and len(gradients) > 1 else []


def note(layer: Layer, tensor: str) -> str:
    """Return how many are summed in Y, dX, dF or dB, or why there is no sum."""
    reading = LayerReading(layer, Notation())
    if tensor == "dB":
        return f"{how_many(reading.count('dB'), 'output')} each"
    summed = reading.summed(tensor)
    if summed:
        (axis,) = summed
        return f"{how_many(axis.size, axis.noun)} each"
    if tensor == "dF":
        return "no sum: one image"
    if not layer.depthwise:
        return {"Y": "no sum: one channel", "dX": "no sum: one filter"}[tensor]
    filters = "filter" if layer.group_filters == 1 else "filters"
    return {
        "Y": f"no sum over channels: each has its own {filters}",
        "dX": "no sum over filters: one reads each channel",
    }[tensor]


def in_space(layer: Layer) -> Iterator[Block]:
    """Yield the heading of the spatial derivation."""
    leading = leading_axes(layer)
    nouns = ["image"] if layer.batch > 1 else []
    nouns += ["channel", "filter"] if any(a.noun != "image" for a in leading["X"]) else []
    title = ", ".join(f"one {noun}" for noun in nouns) or "one image"
    yield blocks.Heading(f"{title[0].upper()}{title[1:]}")


def once() -> Iterator[Block]:
    """Yield that the spatial derivation is told once, whatever the channels."""
    yield blocks.Remark("The spatial derivation, once: each * above stands for it.")


def fits_a_screen(derivation: Derivation) -> bool:
    """Whether the spatial derivation has few enough equations to be told whole."""
    told = (derivation.forward, derivation.input_gradient, derivation.filter_gradient)
    return sum(math.prod(tensor.shape) for tensor in told) <= ONE_SCREEN


def examples(derivation: Derivation, layer: Layer, gradients: Sequence[str]) -> Iterator[Block]:
    """Yield one equation of Y and of each gradient, and how to see the others."""
    for name in ("Y", *gradients):
        example = busiest(derivation, name)
        whole = derivation.equation(Element(name, example))
        shown = whole.terms if len(whole.terms) <= LONGEST_EXAMPLE else whole.terms[:FIRST_TERMS]
        yield blocks.Displayed(Equation(whole.target, shown), len(whole.terms) - len(shown))
    yield blocks.Remark(
        "Each * above stands for this; --all shows every equation, --element tells one."
    )


def chain_rules(layer: Layer, gradients: Sequence[str]) -> Iterator[Block]:
    """Yield the chain rule for the elements of X or F, over channels and windows."""
    yield blocks.Remark("Element by element, by the chain rule:")
    yield blocks.LayerFormulas(
        tuple(LayerFormula(layer, LayerStatement.CHAIN_RULE, name) for name in gradients)
    )


def closed_forms(layer: Layer, gradients: Sequence[str]) -> Iterator[Block]:
    """Yield these gradients as formulas of whole images and filters."""
    yield blocks.LayerFormulas(
        tuple(LayerFormula(layer, LayerStatement.CLOSED_FORM, name) for name in gradients)
    )


def story(derivation: Derivation, layer: Layer, element: Element) -> Iterator[Block]:
    """Yield the story of an element of X, F, Y or b: over channels first, then in space.

    Args:
        derivation: the derivation of the layer.
        layer: the layer.
        element: with the leading indices before those in space.
    """
    axes = leading_axes(layer)[element.tensor]
    names = (axis.name for axis in axes)
    own = dict(zip(names, element.index[: len(axes)], strict=True))
    alone = Element(element.tensor, element.index[len(axes) :])
    first = first_of(layer) | own
    yield of_layer(blocks.Heading("Element {}", (alone,)), layer, first)
    total = "Y" if element.tensor == "Y" else "dB" if element.tensor == "b" else f"d{element[0]}"
    yield blocks.LayerFormulas(
        (LayerFormula(layer, LayerStatement.CHANNELS, total, note(layer, total), own),)
    )
    if element.tensor == "b":
        yield from _bias_story(layer, first)
        return
    reading = LayerReading(layer, Notation())
    summed = reading.summed(total)
    if summed:
        (axis,) = summed
        such = f"{axis.size:,} such, one for each {axis.noun}"
        yield blocks.Remark(f"{such}; the first written out:" if axis.size > 1 else f"{such}:")
    _heading, *told = stories.story(derivation, alone, reading.count(total), layer.bias)
    for block in told:
        yield of_layer(block, layer, first)


def first_of(layer: Layer) -> dict[str, int]:
    """Return the first image, group and channel, counted from 0."""
    return {axis.name: 0 for each in leading_axes(layer).values() for axis in each}


def of_layer(block: Block, layer: Layer, at: Mapping[str, int]) -> Block:
    """Return a block of the spatial story as one of the layer, where its sums have more terms."""
    if isinstance(block, blocks.Displayed | blocks.Chained):
        equation, tensor = block.equation, block.equation.target.tensor
        terms = len(equation.terms) + block.more
        more = block.more + (LayerReading(layer, Notation()).count(tensor) - 1) * terms
        if tensor == "Y" and layer.bias:
            added = (Element("b", ()),)
            equation = Equation(equation.target, (added, *equation.terms))
        block = replace(block, equation=equation, more=more)
    return blocks.OfLayer(block, layer, at)


def _bias_story(layer: Layer, at: Mapping[str, int]) -> Iterator[Block]:
    windows = layer.geometry.output
    total = layer.batch * math.prod(windows)
    own = "each output" if len(leading_axes(layer)["b"]) == 0 else "each output of its channel"
    yield of_layer(
        blocks.Remark(
            f"{{}} is added to {own}, {total:,} in all, with the local derivative 1. Thus:",
            (Element("b", ()),),
        ),
        layer,
        at,
    )
    found = itertools.product(*map(range, windows))
    shown = itertools.islice(found, total if total <= LONGEST_EXAMPLE else FIRST_TERMS)
    terms = tuple((Element("dY", index),) for index in shown)
    equation = Equation(Element("dB", ()), terms)
    yield blocks.OfLayer(blocks.Displayed(equation, total - len(terms)), layer, at)

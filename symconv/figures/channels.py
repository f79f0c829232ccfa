"""A layer as a picture: channels as stacks of planes, and the sum over them, plane by plane.

Each summand is one convolution in space, drawn small; the other figures draw one of them large.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from symconv.errors import how_many
from symconv.figures import windows
from symconv.figures.frames import LOOKS, Frame, Panel, Tile
from symconv.figures.labels import EQUALS, OVER, PLUS, SPACE, Sign, Whole, words
from symconv.figures.subject import Subject, step_of
from symconv.geometry import Layer

SMALL = (0.42, 0.42)

TENSORS = ("Y", "dX", "dF")
"""What each step computes."""


@dataclass(frozen=True, slots=True)
class ChannelSum:
    """What one tensor of a layer is summed over.

    Attributes:
        number: how many summands there are.
        noun: of what: channels, filters or images.
        upon: where the plane that slides is, for a summand, in words.
        under: likewise for the plane below.
        result: likewise for the result.
    """

    number: int
    noun: str
    upon: str
    under: str
    result: str


def channel_sum(layer: Layer, tensor: str) -> ChannelSum:
    """Return what Y, dX or dF is summed over; in braces the number of the summand."""
    match tensor:
        case "Y":
            return ChannelSum(layer.group_channels, "channel", "filter 1, channel {}",
                              "channel {}", "channel 1")  # fmt: skip
        case "dX":
            return ChannelSum(layer.group_filters, "filter", "filter {}, channel 1",
                              "channel {}", "channel 1")  # fmt: skip
    return ChannelSum(layer.batch, "image", "image {}, channel 1", "image {}, channel 1",
                      "filter 1, channel 1")  # fmt: skip


def channels(subject: Subject, step: int) -> Frame:
    """Return the stacks of a layer, and the sum that one plane of Y, dX or dF is."""
    layer = subject.layer or Layer(subject.geometry)
    tensor = TENSORS[step]
    summed = channel_sum(layer, tensor)
    upon, under, result = _convolution(subject, tensor)
    drawn = [
        k for k in range(summed.number) if k < windows.MOST_PLANES - 1 or k == summed.number - 1
    ]
    parts: list[Panel | Sign] = []
    for k in drawn:
        parts += [PLUS] if parts else []
        if k and k - 1 not in drawn:
            parts += [Sign("…"), PLUS]
        parts += [
            _small(upon, summed.upon.format(k + 1)), OVER, _small(under, summed.under.format(k + 1))
        ]  # fmt: skip
    parts += [EQUALS, _small(result, summed.result)]
    stacks = tuple(_stack(layer, name) for name in ("F", "X", "Y"))
    spaced = (stacks[0], SPACE, stacks[1], SPACE, stacks[2])
    return Frame(
        words(f"A layer: {{}} is summed over {how_many(summed.number, summed.noun)}", Whole(tensor))
        if summed.number > 1
        else words(f"A layer: {{}} is one convolution, of one {summed.noun}", Whole(tensor)),
        (spaced, tuple(parts)),
        tuple(map(words, _said(layer, tensor, summed, len(drawn)))),
        legend=windows.legend(under.tiles),
    )


def _convolution(subject: Subject, tensor: str) -> tuple[Panel, Panel, Panel]:
    """Return what slides, what it slides over, and the result, where most products are."""
    draw, shape = {
        "Y": (windows.forward, subject.geometry.output),
        "dX": (windows.input_gradient, subject.geometry.input),
        "dF": (windows.filter_gradient, subject.geometry.filter),
    }[tensor]
    frame = draw(subject, step_of(subject.looked_at(tensor[-1]), shape))
    upon, under, result = (p for row in frame.rows for p in row if isinstance(p, Panel))
    return upon, under, result


def _small(panel: Panel, note: str) -> Panel:
    """Return a panel without symbols, with what plane it is written below."""
    tiles = tuple(tuple(Tile((), tile.look) for tile in row) for row in panel.tiles)
    return replace(panel, tiles=tiles, size=SMALL, note=words(note), dimensions=(), strip=False,
                   behind=0)  # fmt: skip


def _stack(layer: Layer, tensor: str) -> Panel:
    """Return a tensor as a stack of planes, with how many of them there are."""
    images = f"{how_many(layer.batch, 'image')} of " if layer.batch > 1 else ""
    shapes = {"X": layer.geometry.input, "F": layer.geometry.filter, "Y": layer.geometry.output}
    said = {
        "X": f"{images}{how_many(layer.channels, 'channel')}",
        "F": f"{how_many(layer.filters, 'filter')} of {how_many(layer.group_channels, 'channel')}",
        "Y": f"{images}{how_many(layer.filters, 'channel')}",
    }[tensor]
    rows, columns = (1, *shapes[tensor])[-2:]
    tiles = ((Tile((), LOOKS[tensor]),) * columns,) * rows
    return Panel((Whole(tensor),), tiles, size=SMALL, note=words(said),
                 behind=windows.planes_behind(layer, tensor))  # fmt: skip


def _said(layer: Layer, tensor: str, summed: ChannelSum, drawn: int) -> list[str]:
    lines = []
    if left := summed.number - drawn:
        lines.append(f"{drawn} of {how_many(summed.number, summed.noun)} drawn, {left} more")
    if layer.groups > 1:
        lines.append(f"group 1 of {layer.groups}: each group is summed by itself")
    if tensor == "dF":
        lines.append("no sum over channels or filters: each filter has its own gradient")
    elif layer.batch > 1:
        lines.append(f"the same for each of {how_many(layer.batch, 'image')}")
    return lines

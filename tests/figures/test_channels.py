"""A layer as a picture shows each summand once, and as many as there are."""

from __future__ import annotations

import re

import pytest

from symconv.engines.layer import LayerEngine
from symconv.figures import channels, kinds
from symconv.figures.frames import Frame, Look, Panel
from symconv.figures.labels import Label, Sign, Word
from symconv.figures.subject import Subject
from symconv.geometry import Geometry, Layer

GEOMETRY = Geometry.of(5, 3, 2)

LAYERS = {
    "one of each": Layer(GEOMETRY),
    "channels": Layer(GEOMETRY, channels=3, filters=2),
    "many channels": Layer(GEOMETRY, channels=8, filters=5, batch=6),
    "groups": Layer(Geometry.of(6, 3, 2), batch=2, channels=6, filters=4, groups=2),
    "depthwise": Layer(GEOMETRY, channels=4, filters=4, groups=4),
    "transposed": Layer(Geometry.of(3, 3, 2, transposed=True), channels=2, filters=6, groups=2),
    "one axis": Layer(Geometry.of((6,), (3,), (2,)), channels=3, filters=2),
}

layers = pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS.keys())


def frames(layer: Layer) -> list[Frame]:
    return kinds.frames("channels", Subject(layer.geometry, layer=layer))


def text(label: Label) -> str:
    return "".join(atom.text for atom in label if isinstance(atom, Word))


@layers
@pytest.mark.parametrize("tensor", channels.TENSORS)
def test_as_many_summands_as_the_derived_sum_has(layer: Layer, tensor: str) -> None:
    whole = LayerEngine(layer).tensor(tensor)  # type: ignore[arg-type]
    plane = Subject(layer.geometry).tensor(tensor)  # type: ignore[arg-type]
    one = plane.terms(next(i for i in ((0,) * len(plane.shape),)))
    number = channels.channel_sum(layer, tensor).number
    assert len(whole.terms((0,) * len(whole.shape))) == number * len(one)


@layers
def test_a_summand_that_is_not_drawn_is_counted(layer: Layer) -> None:
    for tensor, frame in zip(channels.TENSORS, frames(layer), strict=True):
        number = channels.channel_sum(layer, tensor).number
        drawn = sum(part == Sign("over") for part in frame.rows[1])
        said = " ".join(map(text, frame.caption))
        more = re.search(r"(\d+) of .* drawn, (\d+) more", said)
        assert drawn + (int(more[2]) if more else 0) == number
        assert (Sign("…") in frame.rows[1]) == (drawn < number)
        if more:
            assert int(more[1]) == drawn


@layers
def test_a_summand_looks_as_in_the_picture_of_one_convolution(layer: Layer) -> None:
    subject = Subject(layer.geometry, layer=layer)
    for name, frame in zip(("forward", "input-gradient", "filter-gradient"), frames(layer),
                           strict=True):  # fmt: skip
        large = kinds.frame(name, subject, kinds.good_step(name, subject))
        panels = [part for row in large.rows for part in row if isinstance(part, Panel)]
        small = [part for part in frame.rows[1] if isinstance(part, Panel)]
        for one, other in zip([*panels[:2], panels[2]], [*small[:2], small[-1]], strict=True):
            assert looks(one) == looks(other)


def looks(panel: Panel) -> list[list[Look]]:
    return [[tile.look for tile in row] for row in panel.tiles]


def test_a_stack_has_a_plane_for_each_channel_up_to_three() -> None:
    for count, behind in ((1, 0), (2, 1), (3, 2), (64, 2)):
        subject = Subject(GEOMETRY, layer=Layer(GEOMETRY, channels=count, filters=count))
        for frame in (kinds.frame("channels", subject, 0), kinds.frame("forward", subject, 0)):
            panels = [part for part in frame.rows[0] if isinstance(part, Panel)]
            assert [panel.behind for panel in panels] == [behind] * 3
    plain = kinds.frame("forward", Subject(GEOMETRY), 0)
    assert all(part.behind == 0 for part in plain.rows[0] if isinstance(part, Panel))

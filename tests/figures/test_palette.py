from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator

import pytest
from colour_vision import Vision, ciede2000, difference
from figure_cases import GEOMETRIES

from symconv.figures.frames import Look, Panel
from symconv.figures.kinds import KINDS, frames
from symconv.figures.looks import FILLS, INKS, TEXTURES, Texture, texture_of
from symconv.figures.palette import DARK, LIGHT, Ink, Palette, contrast
from symconv.figures.subject import Subject

variants = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])

LEAST = 10
"""How different looks without a texture that tells them apart have to be, by CIEDE2000."""

TENSORS = (Look.INPUT, Look.FILTER, Look.OUTPUT)


@functools.cache
def neighbours() -> frozenset[frozenset[Look]]:
    """Return the looks that lie side by side in some figure."""
    found = set()
    for name in KINDS:
        for case in ("H5R3u2", "H6R3u2", "H6R3u2d2p2", "H5R3u2p1"):
            for frame in frames(name, Subject(GEOMETRIES[case])):
                panels = (part for row in frame.rows for part in row if isinstance(part, Panel))
                found |= {pair for panel in panels for pair in adjacent(panel)}
    return frozenset(found)


def adjacent(panel: Panel) -> Iterator[frozenset[Look]]:
    rows = panel.tiles
    for m, n in itertools.product(range(len(rows)), range(len(rows[0]))):
        for down, right in ((0, 1), (1, 0)):
            if m + down < len(rows) and n + right < len(rows[0]):
                pair = frozenset({rows[m][n].look, rows[m + down][n + right].look})
                if len(pair) == 2:
                    yield pair


def confused(palette: Palette) -> list[tuple[str, str, str, float]]:
    """Return the neighbours that somebody takes for one another."""
    found = []
    for one, other in map(tuple, neighbours()):
        for vision in Vision:
            apart = difference(palette[FILLS[one]], palette[FILLS[other]], vision)
            if apart < LEAST and texture_of(one) is texture_of(other):
                found.append((one.name, other.name, vision.name, apart))
    return found


@variants
def test_whatever_lies_side_by_side_is_told_apart_by_everybody(palette: Palette) -> None:
    assert len(neighbours()) > 20
    assert confused(palette) == []


@pytest.mark.parametrize(
    ("ink", "colour"), [(Ink.INPUT, "D6E8F6"), (Ink.PRODUCT, "F5E663"), (Ink.OUTPUT, "CDEBDD")]
)
def test_a_colour_that_some_cannot_tell_is_noticed(ink: Ink, colour: str) -> None:
    assert confused({**LIGHT, ink: colour})


def test_zeros_without_a_texture_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TEXTURES, Look.ZERO, Texture.OUTLINED)
    assert confused({**LIGHT, Ink.OUTPUT: "F0F4F2"})


@variants
def test_each_tensor_has_a_hue_that_everybody_knows_it_by(palette: Palette) -> None:
    for one, other in itertools.combinations(TENSORS, 2):
        for vision in set(Vision) - {Vision.GREY}:
            assert difference(palette[FILLS[one]], palette[FILLS[other]], vision) >= LEAST


@variants
@pytest.mark.parametrize("vision", Vision)
def test_lightness_has_three_classes(palette: Palette, vision: Vision) -> None:
    """What is empty, what is an element, and what counts are apart, on a grey print as well."""
    classes = [{Look.ZERO, Look.PADDING, Look.DEAD, Look.PENDING}, {*TENSORS},
               {Look.PRODUCT, Look.TARGET}]  # fmt: skip
    for one, other in itertools.combinations(classes, 2):
        for a, b in itertools.product(one, other):
            assert difference(palette[FILLS[a]], palette[FILLS[b]], vision) >= LEAST


@variants
def test_text_is_legible_on_every_cell(palette: Palette) -> None:
    for look, fill in FILLS.items():
        ink = INKS.get(look, Ink.TEXT)
        assert contrast(palette[ink], palette[fill]) >= 4.5, look


@variants
def test_the_element_that_is_computed_stands_out_in_grey(palette: Palette) -> None:
    for ink in (Ink.INPUT, Ink.FILTER, Ink.OUTPUT, Ink.PAPER, Ink.PRODUCT):
        assert contrast(palette[Ink.TARGET], palette[ink]) >= 3


@variants
def test_an_empty_cell_is_seen_and_steps_back(palette: Palette) -> None:
    assert 2 <= contrast(palette[Ink.EMPTY], palette[Ink.PAPER]) <= 4
    assert contrast(palette[Ink.EMPTY], palette[Ink.PAPER]) < contrast(
        palette[Ink.GRID], palette[Ink.PAPER]
    )


@variants
def test_every_ink_has_a_colour(palette: Palette) -> None:
    assert set(palette) == set(Ink)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("777777", "FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_the_difference_of_colours_is_that_of_ciede2000(
    one: tuple[float, float, float], other: tuple[float, float, float], apart: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(apart, abs=1e-4)
    assert ciede2000(other, one) == pytest.approx(apart, abs=1e-4)


def test_who_sees_no_colour_sees_no_difference_of_hue() -> None:
    assert difference("FF0000", "00FF00") > 80
    assert difference("D0D0D0", "D0D0D0", Vision.GREY) == 0
    for vision in Vision:
        assert difference("FFFFFF", "000000", vision) == pytest.approx(100, abs=0.1)

"""The colours of words are readable on white and on black, and hues of roles differ."""

from __future__ import annotations

import colorsys
import re

import pytest
from rich.color import Color, ColorSystem

from symconv.figures.palette import luminance
from symconv.views import hues

COLOURS = {
    name: value
    for name, value in vars(hues).items()
    if isinstance(value, str) and re.fullmatch(r"#[0-9A-F]{6}", value)
}


def contrasts(colour: str) -> tuple[float, float]:
    """Return the contrast on white and on black, as WCAG 2 defines it."""
    light = luminance(colour.removeprefix("#"))
    return 1.05 / (light + 0.05), (light + 0.05) / 0.05


@pytest.mark.parametrize("name", COLOURS)
def test_a_colour_is_readable_on_white_and_on_black(name):
    assert min(contrasts(COLOURS[name])) >= 4.5


@pytest.mark.parametrize("name", COLOURS)
def test_the_nearest_of_256_colours_is_readable_too(name):
    nearest = Color.parse(COLOURS[name]).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
    least = 3.9 if COLOURS[name] in (hues.RED, hues.TEAL) else 4.4
    assert min(contrasts(nearest.hex.upper())) >= least


def test_a_yellow_would_not_be_readable():
    assert min(contrasts("#CDCD00")) < 2


def test_tensors_have_hues_of_their_own():
    turns = []
    for colour in (hues.INPUT, hues.FILTER, hues.OUTPUT):
        parts = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        turns.append(colorsys.rgb_to_hls(*parts)[0])
    near = (abs(a - b) for k, a in enumerate(turns) for b in turns[k + 1 :])
    assert min(min(gap, 1 - gap) for gap in near) > 1 / 6

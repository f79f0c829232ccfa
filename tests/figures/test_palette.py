from __future__ import annotations

import itertools

import pytest

from symconv.figures.frames import Look
from symconv.figures.layout import FILLS, INKS
from symconv.figures.palette import DARK, LIGHT, Ink, Palette, contrast

variants = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


@variants
def test_text_is_legible_on_every_cell(palette: Palette) -> None:
    for look, fill in FILLS.items():
        if look is Look.PENDING:
            continue
        ink = INKS.get(look, Ink.TEXT)
        assert contrast(palette[ink], palette[fill]) >= 4.5, look


@variants
def test_the_element_that_is_computed_stands_out_in_grey(palette: Palette) -> None:
    for ink in (Ink.INPUT, Ink.FILTER, Ink.OUTPUT, Ink.PENDING, Ink.WINDOW):
        assert contrast(palette[Ink.TARGET], palette[ink]) >= 3


@variants
def test_every_ink_has_a_colour_and_no_two_fills_are_alike(palette: Palette) -> None:
    assert set(palette) == set(Ink)
    fills = {FILLS[look] for look in Look} - {Ink.PAPER, Ink.PENDING}
    for one, other in itertools.combinations(sorted(fills, key=lambda ink: ink.name), 2):
        assert palette[one] != palette[other]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("777777", "FFFFFF") == pytest.approx(4.48, abs=0.01)

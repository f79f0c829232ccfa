from __future__ import annotations

import io
from importlib import resources

import pytest

from symconv.figures.metrics import width
from symconv.notation import GREEK

ImageFont = pytest.importorskip("PIL.ImageFont", reason="Pillow is not installed")

SIGNS = "∂=+*·≠×…−—–’“”≤≥°±←→"
SHOWN = [*map(chr, range(0x20, 0x7F)), *GREEK.values(), *SIGNS]


@pytest.mark.parametrize("italic", [False, True], ids=["Regular", "Italic"])
def test_every_width_is_that_of_the_font_that_comes_with_symconv(italic: bool) -> None:
    name = f"SymconvSerif-{'Italic' if italic else 'Regular'}.ttf"
    data = resources.files("symconv.figures").joinpath("fonts", name).read_bytes()
    font = ImageFont.truetype(io.BytesIO(data), 1000, layout_engine=ImageFont.Layout.BASIC)
    for character in SHOWN:
        assert 1000 * width(character, italic) == pytest.approx(font.getlength(character), abs=1)

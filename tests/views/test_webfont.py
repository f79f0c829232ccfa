from __future__ import annotations

import base64
import io
import re
from typing import Any

import pytest

from symconv.views import webfont

ImageFont = pytest.importorskip("PIL.ImageFont", reason="Pillow is not installed")


def opened(data: bytes) -> Any:
    return ImageFont.truetype(io.BytesIO(data), 1000, layout_engine=ImageFont.Layout.BASIC)


def ink(font: Any, character: str) -> int:
    return sum(map(bool, bytes(font.getmask(character))))


def held(sheet: str) -> list[Any]:
    return [opened(base64.b64decode(data)) for data in re.findall(r"base64,([^)]*)", sheet)]


def test_the_font_holds_what_is_written_and_nothing_else() -> None:
    _, sheet = webfont.faces({False: "= 22 ∂", True: "xL"})
    upright, italic = held(sheet)
    whole = opened(webfont._file(False))
    for character in "=2∂":
        assert ink(upright, character) == pytest.approx(ink(whole, character), rel=0.03)
    assert all(ink(upright, character) == 0 for character in "xL+3Α")
    assert all(ink(italic, character) > 0 for character in "xL")
    assert ink(italic, "y") == 0


def test_a_letter_made_of_others_brings_them_along() -> None:
    (font,) = held(webfont.faces({False: "ώΪ"})[1])
    whole = opened(webfont._file(False))
    for character in "ώΪ":
        assert ink(font, character) == pytest.approx(ink(whole, character), rel=0.03)


def test_widths_stay() -> None:
    (font,) = held(webfont.faces({False: "="})[1])
    whole = opened(webfont._file(False))
    for character in "= x∂Α2·":
        assert font.getlength(character) == pytest.approx(whole.getlength(character), abs=1)


def test_the_name_of_the_family_belongs_to_the_characters() -> None:
    names = [webfont.faces({False: text})[0] for text in ("x = 1", "1x= ", "x = 2")]
    assert names[0] == names[1] != names[2]
    assert webfont.faces({True: "x"})[0] != webfont.faces({False: "x"})[0]


def test_a_character_that_the_font_lacks_is_passed_over() -> None:
    (font,) = held(webfont.faces({False: "漢="})[1])
    assert ink(font, "=") > 0

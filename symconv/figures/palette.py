"""The one palette of all figures, in a light and a dark variant.

Each tensor has one hue.  Lightness has three classes: what is empty is paper, elements are tinted,
what counts (products, the element that is computed) is strong.  So all that lies side by side is
told apart by people with every common colour blindness, and on a grey print.
"""

from __future__ import annotations

from enum import Enum


class Ink(Enum):
    """The use of a colour."""

    PAPER = "the page"
    TEXT = "text"
    FAINT = "text and lines that step back"
    GRID = "lines between cells"
    INPUT = "a cell of X or its gradient"
    FILTER = "a cell of F or its gradient"
    OUTPUT = "a cell of Y or its gradient"
    EMPTY = "the outline of a zero, and the dot of a product with one"
    REMAINDER = "what no window reaches"
    HATCH = "the hatching of the remainder"
    PRODUCT = "a product in the window"
    OUTLINE = "the outline of a window"
    TARGET = "the element that is being computed"
    TARGET_TEXT = "text on it"
    WRONG = "what a mistake gives"
    WRONG_TEXT = "text about a mistake"
    RIGHT_TEXT = "text about a proof"


Palette = dict[Ink, str]
"""Colours as RRGGBB, without a sign before them."""

LIGHT: Palette = {
    Ink.PAPER: "FFFFFF",
    Ink.TEXT: "1A1A1A",
    Ink.FAINT: "5C5C5C",
    Ink.GRID: "7A7A7A",
    Ink.INPUT: "94CCFA",
    Ink.FILTER: "EBC46C",
    Ink.OUTPUT: "AAD2A4",
    Ink.EMPTY: "A4A4A4",
    Ink.REMAINDER: "F2DCCF",
    Ink.HATCH: "C98B6B",
    Ink.PRODUCT: "D0769A",
    Ink.OUTLINE: "1A1A1A",
    Ink.TARGET: "1A1A1A",
    Ink.TARGET_TEXT: "FFFFFF",
    Ink.WRONG: "DF7D55",
    Ink.WRONG_TEXT: "8A2C00",
    Ink.RIGHT_TEXT: "00694B",
}

DARK: Palette = {
    Ink.PAPER: "15191E",
    Ink.TEXT: "F2F2F2",
    Ink.FAINT: "A6ADB5",
    Ink.GRID: "7D868F",
    Ink.INPUT: "034E79",
    Ink.FILTER: "674508",
    Ink.OUTPUT: "31432F",
    Ink.EMPTY: "666E77",
    Ink.REMAINDER: "3A2E28",
    Ink.HATCH: "8F6248",
    Ink.PRODUCT: "905C78",
    Ink.OUTLINE: "F2F2F2",
    Ink.TARGET: "F2F2F2",
    Ink.TARGET_TEXT: "0D1115",
    Ink.WRONG: "AC532B",
    Ink.WRONG_TEXT: "FFC39E",
    Ink.RIGHT_TEXT: "5FD3A8",
}


def luminance(colour: str) -> float:
    """Return the relative luminance of RRGGBB in 0..1, as WCAG 2 defines it."""
    channels = (int(colour[k : k + 2], 16) / 255 for k in (0, 2, 4))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 (none) to 21 (black on white), as WCAG 2 defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)

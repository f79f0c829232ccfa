"""The one palette of all figures, in a light and a dark variant.

Hues are Okabe and Ito's (2008), told apart by people with every common colour blindness; what
matters is told apart by lightness, outline or hatching, too, so that a grey print still reads.
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
    ZERO = "a zero between neighbours"
    PADDING = "a zero around a tensor"
    REMAINDER = "what no window reaches"
    HATCH = "the hatching of the remainder"
    WINDOW = "a product in the window"
    OUTLINE = "the outline of a window"
    TARGET = "the element that is being computed"
    TARGET_TEXT = "text on it"
    PENDING = "an element not yet computed"
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
    Ink.INPUT: "D6E8F6",
    Ink.FILTER: "FBE3B5",
    Ink.OUTPUT: "CDEBDD",
    Ink.ZERO: "E6E6E6",
    Ink.PADDING: "F6F6F6",
    Ink.REMAINDER: "F9DCCB",
    Ink.HATCH: "E3A484",
    Ink.WINDOW: "F5E663",
    Ink.OUTLINE: "C04A00",
    Ink.TARGET: "00568C",
    Ink.TARGET_TEXT: "FFFFFF",
    Ink.PENDING: "FFFFFF",
    Ink.WRONG: "F3B896",
    Ink.WRONG_TEXT: "8A2C00",
    Ink.RIGHT_TEXT: "00694B",
}

DARK: Palette = {
    Ink.PAPER: "15191E",
    Ink.TEXT: "F2F2F2",
    Ink.FAINT: "A6ADB5",
    Ink.GRID: "7D868F",
    Ink.INPUT: "17425F",
    Ink.FILTER: "5E4408",
    Ink.OUTPUT: "0B4F3A",
    Ink.ZERO: "343B43",
    Ink.PADDING: "1F252B",
    Ink.REMAINDER: "552B14",
    Ink.HATCH: "96512D",
    Ink.WINDOW: "6E6400",
    Ink.OUTLINE: "FF9550",
    Ink.TARGET: "8CCBF2",
    Ink.TARGET_TEXT: "0D1115",
    Ink.PENDING: "15191E",
    Ink.WRONG: "7A3310",
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

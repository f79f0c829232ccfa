"""The equations of the lecture, each with the title of the slide it stands on.

Two examples: X * F = O, 3x3 with 2x2 at stride 1, counted from 1; and x * f = y, 5x5 with 3x3 at
stride 2, counted from 0.  Written shortly: ``x21f20`` is a product, ``y00 f22`` in a gradient is
dL/dy00 f22.  What the slides misprint is listed apart, with what is right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SINGLE = {
    "title": "Convolution Backprop with single Stride",
    "arguments": ["--input", "3", "--filter", "2", "--names", "X,F,O", "--index-base", "1"],
}
STRIDED = {
    "title": "Horizontal and vertical stride = 2",
    "arguments": ["--input", "5", "--filter", "3", "--stride", "2"],
}


@dataclass(frozen=True)
class Printed:
    """An equation as a slide prints it."""

    slide: str
    equation: str


SINGLE_EQUATIONS = [
    Printed("Convolution Forward Pass", "O11 = X11F11 + X12F12 + X21F21 + X22F22"),
    Printed("Convolution Forward Pass", "O12 = X12F11 + X13F12 + X22F21 + X23F22"),
    Printed("Convolution Forward Pass", "O21 = X21F11 + X22F12 + X31F21 + X32F22"),
    Printed("Convolution Forward Pass", "O22 = X22F11 + X23F12 + X32F21 + X33F22"),
    Printed("Loss gradient w.r.t the filter", "dF11 = O11X11 + O12X12 + O21X21 + O22X22"),
    Printed("Loss gradient w.r.t the filter", "dF12 = O11X12 + O12X13 + O21X22 + O22X23"),
    Printed("Loss gradient w.r.t the filter", "dF21 = O11X21 + O12X22 + O21X31 + O22X32"),
    Printed("Loss gradient w.r.t the filter", "dF22 = O11X22 + O12X23 + O21X32 + O22X33"),
    Printed("Loss gradient w.r.t the input", "dX11 = O11F11"),
    Printed("Loss gradient w.r.t the input", "dX12 = O11F12 + O12F11"),
    Printed("Loss gradient w.r.t the input", "dX13 = O12F12"),
    Printed("Loss gradient w.r.t the input", "dX21 = O11F21 + O21F11"),
    Printed("Loss gradient w.r.t the input", "dX22 = O11F22 + O12F21 + O21F12 + O22F11"),
    Printed("Loss gradient w.r.t the input", "dX23 = O12F22 + O22F12"),
    Printed("Loss gradient w.r.t the input", "dX31 = O21F21"),
    Printed("Loss gradient w.r.t the input", "dX32 = O21F22 + O22F21"),
    Printed("Loss gradient w.r.t the input", "dX33 = O22F22"),
]

_Y00 = "x00f00 + x01f01 + x02f02 + x10f10 + x11f11 + x12f12 + x20f20 + x21f21 + x22f22"
_Y01 = "x02f00 + x03f01 + x04f02 + x12f10 + x13f11 + x14f12 + x22f20 + x23f21 + x24f22"
_Y10 = "x20f00 + x21f01 + x22f02 + x30f10 + x31f11 + x32f12 + x40f20 + x41f21 + x42f22"
_Y11 = "x22f00 + x23f01 + x24f02 + x32f10 + x33f11 + x34f12 + x42f20 + x43f21 + x44f22"

STRIDED_EQUATIONS = [
    Printed("Recap: Forward pass", f"y00 = {_Y00}"),
    Printed("Backward Pass example: x02", f"y01 = {_Y01}"),
    Printed("Backward Pass example: x22", f"y10 = {_Y10}"),
    Printed("Backward Pass example: x22", f"y11 = {_Y11}"),
    Printed("Backward Pass example: x00", "dx00 = y00f00"),
    Printed("Backward Pass example: x01", "dx01 = y00f01"),
    Printed("Backward Pass example: x02", "dx02 = y00f02 + y01f00"),
    Printed("Backward Pass example: f00", "df00 = y00x00 + y01x02 + y10x20 + y11x22"),
    Printed("Backward Pass example: f22", "df22 = y00x22 + y01x24 + y10x42 + y11x44"),
]


@dataclass(frozen=True)
class Misprint:
    """An equation that a slide gets wrong, and the right one."""

    slide: str
    wrong: str
    right: str


MISPRINTS = [
    Misprint(
        "Backward Pass example: x01",
        f"y00 = {_Y00.replace('x21f21', 'x21f20')}",
        f"y00 = {_Y00}",
    ),
    Misprint(
        "Backward Pass example: x22",
        "dx22 = y00f22 + y01f20 + y10f20 + y11f00",
        "dx22 = y00f22 + y01f20 + y10f02 + y11f00",
    ),
    Misprint(
        "Convolution Forward Pass",  # beside the window of O22
        "O22 = X11F11 + X12F12 + X21F21 + X22F22",
        "O22 = X22F11 + X23F12 + X32F21 + X33F22",
    ),
]

MISPRINTED_ROWS = [
    # window of, row, as printed, as it should be
    ("y01", 1, "x20 x21 x12f10 x13f11 x14f12", "x10 x11 x12f10 x13f11 x14f12"),
    ("y01", 2, "x30 x31 x22f20 x23f21 x24f22", "x20 x21 x22f20 x23f21 x24f22"),
    ("y10", 1, "x20 x21 x22 x13 x14", "x10 x11 x12 x13 x14"),
    ("y11", 2, "x30 x31 x22f00 x23f01 x24f02", "x20 x21 x22f00 x23f01 x24f02"),
]
"""Rows of the windows on the slides about f00 and f22."""


def parse(printed: str) -> tuple[str, list[list[str]]]:
    """Return target and products of a short equation, in the names of plain text."""
    left, right = printed.split(" = ")
    gradient = left.startswith("d")
    products = [re.findall(r"[A-Za-z]\d\d", product) for product in right.split(" + ")]
    return (
        f"dL/d{_element(left[1:])}" if gradient else _element(left),
        [[f"dL/d{_element(a)}" if gradient else _element(a), _element(b)] for a, b in products],
    )


def row(cells: str) -> list[str]:
    """Return the cells of a row of a window, in the names of plain text."""
    return [" ".join(map(_element, re.findall(r"[a-z]\d\d", cell))) for cell in cells.split()]


def _element(short: str) -> str:
    return f"{short[0]}[{short[1]},{short[2]}]"

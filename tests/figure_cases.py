"""The geometries that every figure is looked at, and how a drawn symbol is read back."""

from __future__ import annotations

import functools
import re
from collections import Counter
from xml.etree import ElementTree

from symconv.derivation import Derivation, derive
from symconv.equation import Element
from symconv.geometry import Geometry

GEOMETRIES = {
    "H3R2u1": Geometry.of(3, 2),
    "H5R3u2": Geometry.of(5, 3, 2),
    "H6R3u2": Geometry.of(6, 3, 2),
    "H7x5R3x2u2x1": Geometry.of((7, 5), (3, 2), (2, 1)),
    "H5R3u2p1": Geometry.of(5, 3, 2, 1),
    "H7R3d2": Geometry.of(7, 3, 1, 0, 2),
    "H5R1u3": Geometry.of(5, 1, 3),
    "H11x3R3x2u2": Geometry.of((11, 3), (3, 2), 2),
    "H6R3u2d2p2": Geometry.of(6, 3, 2, 2, 2),
    "H2x5R1x4u3x2": Geometry.of((2, 5), (1, 4), (3, 2), ((1, 0), (0, 2))),
}

SVG = "{http://www.w3.org/2000/svg}"

TENSORS = {"∂L/∂x": "dX", "∂L/∂f": "dF", "∂L/∂y": "dY", "x": "X", "f": "F", "y": "Y"}

_SYMBOL = re.compile(r"(∂L/∂[xfy]|[xfy])\[(\d+(?:,\d+)*)\]")


@functools.cache
def derived(geometry: Geometry) -> Derivation:
    """Return the derivation by sympy, once for all tests."""
    return derive(geometry, engine="sympy")


def elements(written: str) -> tuple[Element, ...]:
    """Return the elements in a text such as ``∂L/∂y[00]f[2,12]``."""
    return tuple(
        Element(TENSORS[name], tuple(map(int, index.split(",") if "," in index else index)))
        for name, index in _SYMBOL.findall(written)
    )


def written(node: ElementTree.Element) -> str:
    """Return what a text, or the texts of a label, say; indices in brackets, fractions as a/b."""
    if node.tag == f"{SVG}text":
        spans = [(span.text or "", "font-size" in span.attrib) for span in node]
        return "".join(f"[{text}]" if lowered else text for text, lowered in spans)
    return "".join(
        "/" if child.tag == f"{SVG}path" else written(child)
        for child in node
        if child.tag in (f"{SVG}text", f"{SVG}path")
    )


def shown(root: ElementTree.Element, step: int = 0) -> list[ElementTree.Element]:
    """Return the elements of an SVG that are visible in a step of its animation."""
    found: list[ElementTree.Element] = []
    for child in root:
        animate = child.find(f"{SVG}animate")
        if animate is None:
            found.append(child)
        elif _visible(animate, float(root.attrib["data-begins"].split()[step]) + 0.1):
            found += [item for item in child if item is not animate]
    return found


def _visible(animate: ElementTree.Element, seconds: float) -> bool:
    time = seconds / float(animate.attrib["dur"].rstrip("s"))
    times = [float(t) for t in animate.attrib["keyTimes"].split(";")]
    values = animate.attrib["values"].split(";")
    return [v for t, v in zip(times, values, strict=True) if t <= time][-1] == "visible"


def cells(root: ElementTree.Element, step: int = 0) -> dict[str, tuple[str, str]]:
    """Return, by panel,row,column, the fill of the uppermost rectangle of a cell and its text.

    A rectangle hides the text below it.
    """
    fills: dict[str, str] = {}
    texts: dict[str, str] = {}
    for item in shown(root, step):
        cell = item.attrib.get("data-cell")
        if cell is None:
            continue
        if item.tag == f"{SVG}rect" and item.attrib["fill"] != "none":
            fills[cell], texts[cell] = item.attrib["fill"], ""
        elif item.tag in (f"{SVG}text", f"{SVG}g"):
            texts[cell] = written(item)
    return {cell: (fill, texts[cell]) for cell, fill in fills.items()}


def window_sum(drawn: dict[str, tuple[str, str]], window: str) -> Counter[tuple[Element, ...]]:
    """Return the products in the cells filled with the window's colour."""
    terms = [elements(text) for fill, text in drawn.values() if fill == f"#{window}"]
    assert all(len(term) == 2 for term in terms), "a cell that is no product"
    return Counter(terms)

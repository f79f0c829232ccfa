"""Reads a formula as text, in the form in which formulas are typed, with a notation's names."""

from __future__ import annotations

from collections.abc import Callable

from symconv.formula.nodes import Leaf, Node
from symconv.formula.text import text

Names = Callable[[str], str]

_LEAVES = ("X", "F", "dY")


def read(node: Node, names: Names = str) -> str:
    """Return the text of ``node``; ``names`` says what X, F and dY are called.

    Strides and dilations of 1 are left out, and a padding that takes away is a crop.

    >>> from symconv.formula.closed_forms import filter_gradient
    >>> from symconv.geometry import Geometry
    >>> read(filter_gradient(Geometry.of(6, 3, 2)))
    'correlate(crop(X, ((0, 1), (0, 1))), dilate(dY, (2, 2)))'
    """
    return text(node, {Leaf(name): names(name) for name in _LEAVES})

"""Reads a formula, or a size, as text in the form in which it is typed.

>>> from symconv.formula.closed_forms import filter_gradient
>>> from symconv.geometry import Geometry
>>> read(filter_gradient(Geometry.of(6, 3, 2)))
'correlate(crop(X, ((0, 1), (0, 1))), dilate(dY, (2, 2)))'
"""

from __future__ import annotations

from symconv.formula.nodes import Node
from symconv.formula.sizes import Size
from symconv.mathematics.text import ASCII
from symconv.readings import mathematics


def read(node: Node) -> str:
    """Return the text of ``node``; a padding that takes away is a crop."""
    return ASCII.write(mathematics.read(node))


def size(of: Size) -> str:
    """Return the text of a size, with no bracket that is not needed."""
    return ASCII.write(mathematics.size(of))

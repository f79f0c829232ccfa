"""Reads a formula as the grid that a lecturer draws: a symbol in each cell, zeros told apart.

Only what can be drawn: leaves that are padded, dilated and rotated.  `overlay` lays one grid over
another, as the filter lies on the input in a window.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np

from symconv.equation import Element
from symconv.formula.nodes import Dilate, Leaf, Node, Pad, Rotate
from symconv.formula.sizes import integers

Grid = np.ndarray[Any, Any]
"""An object array of `PictureCell`, one entry for each element of the tensor."""


class CellKind(Enum):
    """The origin of a cell."""

    VALUE = "an element of the tensor"
    DILATION = "a zero between neighbours"
    PADDING = "a zero around the tensor"
    REMAINDER = "a zero where no window reached"


@dataclass(frozen=True, slots=True)
class PictureCell:
    """One cell of a grid.

    Attributes:
        element: what is in the cell; None for a zero.
        kind: where the cell comes from.
        covered: whether something lies over the cell.
        over: the element that lies over the cell; None for a zero, or where nothing does.
    """

    element: Element | None = None
    kind: CellKind = CellKind.VALUE
    covered: bool = False
    over: Element | None = None


@functools.singledispatch
def read(node: Node, shapes: Mapping[str, tuple[int, ...]]) -> Grid:
    """Return the cells of ``node`` for leaves of these shapes."""
    raise TypeError(f"{type(node).__name__} cannot be drawn as one grid")


@read.register
def _(node: Leaf, shapes: Mapping[str, tuple[int, ...]]) -> Grid:
    grid = np.empty(shapes[node.name], dtype=object)
    for index in np.ndindex(*grid.shape):
        grid[index] = PictureCell(Element(node.name, index))
    return grid


@read.register
def _(node: Pad, shapes: Mapping[str, tuple[int, ...]]) -> Grid:
    of = read(node.of, shapes)
    amounts = [integers(before_after) for before_after in node.amounts]
    grid = _filled([n + lo + hi for n, (lo, hi) in zip(of.shape, amounts, strict=True)])
    for index, cell in np.ndenumerate(of):
        moved = tuple(i + lo for i, (lo, _) in zip(index, amounts, strict=True))
        if all(0 <= i < n for i, n in zip(moved, grid.shape, strict=True)):
            grid[moved] = cell
    return grid


@read.register
def _(node: Dilate, shapes: Mapping[str, tuple[int, ...]]) -> Grid:
    of = read(node.of, shapes)
    steps = integers(node.steps)
    shape = [(n - 1) * step + 1 for n, step in zip(of.shape, steps, strict=True)]
    grid = _filled(shape, CellKind.DILATION)
    grid[tuple(slice(None, None, step) for step in steps)] = of
    return grid


@read.register
def _(node: Rotate, shapes: Mapping[str, tuple[int, ...]]) -> Grid:
    return np.flip(read(node.of, shapes))


def overlay(under: Grid, over: Grid, corner: Sequence[int], spread: Sequence[int]) -> Grid:
    """Return ``under`` with ``over`` lying on it.

    Args:
        under: the grid below.
        over: the grid above; its element k lies at corner + k*spread.
        corner: where the first element of ``over`` lies.
        spread: the distance between neighbours of ``over``, at least 1 on each axis.
    """
    result = under.copy()
    for index, cell in np.ndenumerate(over):
        at = tuple(c + k * d for c, k, d in zip(corner, index, spread, strict=True))
        result[at] = replace(under[at], covered=True, over=cell.element)
    return result


def tinted(grid: Grid, remainder: Sequence[int]) -> Grid:
    """Return ``grid`` with the zeros of its last rows and columns marked as the remainder's."""
    result = grid.copy()
    for index, cell in np.ndenumerate(grid):
        late = any(i >= n - rem for i, n, rem in zip(index, grid.shape, remainder, strict=True))
        if late and cell.element is None:
            result[index] = replace(cell, kind=CellKind.REMAINDER)
    return result


def _filled(shape: Sequence[int], kind: CellKind = CellKind.PADDING) -> Grid:
    grid = np.empty(tuple(shape), dtype=object)
    grid[...] = PictureCell(kind=kind)
    return grid

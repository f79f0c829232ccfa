"""Reads a formula as its shape: one size for each axis, in the names the formula is made of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch

from symconv.errors import FormulaError
from symconv.formula.nodes import (
    Added,
    Constant,
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Rotate,
    Scaled,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import Size, minus, over, plus, times

Extents = tuple[Size, ...]
Leaves = Mapping[str, Extents]
"""The shape of each leaf."""


@singledispatch
def extents(node: Node, leaves: Leaves) -> Extents:
    """Return the shape of ``node``, wherever it has one.

    Raises:
        FormulaError: an unknown leaf.
    """
    raise TypeError(f"the shape of {type(node).__name__} is not known")


@extents.register
def _(node: Leaf, leaves: Leaves) -> Extents:
    if node.name not in leaves:
        raise FormulaError(f"unknown tensor {node.name}; known are {', '.join(leaves)}")
    return leaves[node.name]


@extents.register(Ones)
@extents.register(Constant)
def _(node: Ones | Constant, leaves: Leaves) -> Extents:
    return node.shape


@extents.register
def _(node: Pad, leaves: Leaves) -> Extents:
    shape = extents(node.of, leaves)
    return tuple(plus(plus(n, lo), hi) for n, (lo, hi) in zip(shape, node.amounts, strict=True))


@extents.register
def _(node: Dilate, leaves: Leaves) -> Extents:
    return tuple(
        dilated(n, step) for n, step in zip(extents(node.of, leaves), node.steps, strict=True)
    )


@extents.register(Rotate)
@extents.register(Scaled)
def _(node: Rotate | Scaled, leaves: Leaves) -> Extents:
    return extents(node.of, leaves)


@extents.register
def _(node: Subsample, leaves: Leaves) -> Extents:
    shape = extents(node.of, leaves)
    return tuple(
        plus(over(minus(n, 1), step), 1) for n, step in zip(shape, node.steps, strict=True)
    )


@extents.register
def _(node: Correlate, leaves: Leaves) -> Extents:
    axes = zip(
        extents(node.of, leaves),
        extents(node.by, leaves),
        node.stride,
        node.dilation,
        strict=True,
    )
    return tuple(plus(over(minus(n, dilated(r, d)), u), 1) for n, r, u, d in axes)


@extents.register
def _(node: Vjp, leaves: Leaves) -> Extents:
    return extents(Leaf(node.wrt), leaves)


@extents.register
def _(node: IndexSum, leaves: Leaves) -> Extents:
    return node.shape


@extents.register
def _(node: Added, leaves: Leaves) -> Extents:
    return extents(node.terms[0], leaves)


def dilated(extent: Size, step: Size) -> Size:
    """Return D = step*(extent - 1) + 1, what ``extent`` elements span when spread by ``step``."""
    return extent if step == 1 else plus(times(step, minus(extent, 1)), 1)

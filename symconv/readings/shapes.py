"""Reads a formula as its shape at one size, and says at which step it has no meaning.

An extent below 1, a step below 1 or a filter that does not fit is an error: a formula has a
meaning only where every step of it has one.  Nothing is allocated, whatever the sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch

from symconv.errors import FormulaError
from symconv.formula.nodes import (
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Rotate,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import integers

Shape = tuple[int, ...]


@singledispatch
def read(node: Node, shapes: Mapping[str, Shape]) -> Shape:
    """Return the extents of ``node`` for leaves of these shapes.

    Raises:
        FormulaError: an unknown leaf, or a step that has no meaning at these sizes.
    """
    raise TypeError(f"the shape of {type(node).__name__} is not known")


@read.register
def _(node: Leaf, shapes: Mapping[str, Shape]) -> Shape:
    if node.name not in shapes:
        raise FormulaError(f"unknown tensor {node.name}; known are {', '.join(shapes)}")
    return shapes[node.name]


@read.register
def _(node: Ones, shapes: Mapping[str, Shape]) -> Shape:
    return _checked(node, integers(node.shape))


@read.register
def _(node: Pad, shapes: Mapping[str, Shape]) -> Shape:
    amounts = map(integers, node.amounts)
    of = read(node.of, shapes)
    return _checked(node, tuple(n + lo + hi for n, (lo, hi) in zip(of, amounts, strict=True)))


@read.register
def _(node: Dilate, shapes: Mapping[str, Shape]) -> Shape:
    of, steps = read(node.of, shapes), _steps(node, integers(node.steps))
    return tuple((n - 1) * step + 1 for n, step in zip(of, steps, strict=True))


@read.register
def _(node: Rotate, shapes: Mapping[str, Shape]) -> Shape:
    return read(node.of, shapes)


@read.register
def _(node: Subsample, shapes: Mapping[str, Shape]) -> Shape:
    of, steps = read(node.of, shapes), _steps(node, integers(node.steps))
    return tuple((n - 1) // step + 1 for n, step in zip(of, steps, strict=True))


@read.register
def _(node: Correlate, shapes: Mapping[str, Shape]) -> Shape:
    of, by = read(node.of, shapes), read(node.by, shapes)
    strides, dilations = (_steps(node, integers(s)) for s in (node.stride, node.dilation))
    shape = []
    for k, (n, r, u, d) in enumerate(zip(of, by, strides, dilations, strict=True)):
        extent = d * (r - 1) + 1
        if extent > n:
            raise FormulaError(
                f"correlate: on axis {k} the filter spans {extent}, the tensor only {n}"
            )
        shape.append((n - extent) // u + 1)
    return tuple(shape)


@read.register
def _(node: Vjp, shapes: Mapping[str, Shape]) -> Shape:
    of, cotangent = read(node.of, shapes), read(node.cotangent, shapes)
    if of != cotangent:
        raise FormulaError(f"vjp: the tensor has shape {of}, its cotangent {cotangent}")
    return read(Leaf(node.wrt), shapes)


@read.register
def _(node: IndexSum, shapes: Mapping[str, Shape]) -> Shape:
    for each in node.reads:
        read(each.of, shapes)
    return _checked(node, integers(node.shape))


def _checked(node: Node, shape: Shape) -> Shape:
    if min(shape, default=1) < 1:
        raise FormulaError(f"{type(node).__name__.lower()} leaves a tensor of shape {shape}")
    return shape


def _steps(node: Node, steps: Shape) -> Shape:
    if min(steps) < 1:
        raise FormulaError(f"{type(node).__name__.lower()} by {steps}; a step is at least 1")
    return steps

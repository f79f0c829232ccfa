"""Reads a formula as its shape at one size, if it has one there; nothing is allocated.

A formula has a meaning iff every step of it has one: extents and steps of at least 1, filters that
fit, cotangents of the right shape.  Only an index sum that divides may be without one beyond that
(`is_decided`): its divisors are met when it is evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch

from symconv.errors import FormulaError, how_many
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
from symconv.formula.sizes import Quotient, Remainder, integers
from symconv.formula.walk import parts
from symconv.tensors.table import Shape

Shapes = Mapping[str, Shape]
"""The shape of each leaf."""

Values = Mapping[str, int]
"""The value of every named integer, none where the sizes are numbers already."""

NUMBERS: Values = {}


@singledispatch
def read(node: Node, shapes: Shapes, at: Values = NUMBERS) -> Shape:
    """Return the shape of ``node`` for leaves of these shapes.

    Raises:
        FormulaError: an unknown leaf, an intermediate extent below 1, or a filter that does not
            fit.
    """
    raise TypeError(f"the shape of {type(node).__name__} is not known")


@read.register
def _(node: Leaf, shapes: Shapes, at: Values = NUMBERS) -> Shape:
    if node.name not in shapes:
        raise FormulaError(f"unknown tensor {node.name}; known are {', '.join(shapes)}")
    return _extents(node, shapes[node.name])


@read.register(Ones)
@read.register(IndexSum)
def _(node: Ones | IndexSum, shapes: Shapes, at: Values = NUMBERS) -> Shape:
    if isinstance(node, IndexSum):
        for each in node.reads:
            read(each.of, shapes, at)
    return _extents(node, integers(node.shape, at))


@read.register
def _(node: Pad, shapes: Shapes, at: Values = NUMBERS) -> Shape:
    return padded(node, read(node.of, shapes, at), at)


@read.register
def _(node: Dilate, shapes: Shapes, at: Values = NUMBERS) -> Shape:
    return dilated(node, read(node.of, shapes, at), at)


@read.register
def _(node: Constant, shapes: Shapes, at: Values = NUMBERS) -> Shape:
    return node.shape


@read.register(Rotate)
@read.register(Scaled)
def _(node: Rotate | Scaled, shapes: Shapes, at: Values = NUMBERS) -> Shape:
    return read(node.of, shapes, at)


@read.register
def _(node: Subsample, shapes: Shapes, at: Values = NUMBERS) -> Shape:
    return subsampled(node, read(node.of, shapes, at), at)


@read.register
def _(node: Correlate, shapes: Shapes, at: Values = NUMBERS) -> Shape:
    return correlated(node, read(node.of, shapes, at), read(node.by, shapes, at), at)


@read.register
def _(node: Vjp, shapes: Shapes, at: Values = NUMBERS) -> Shape:
    check_cotangent(read(node.of, shapes, at), read(node.cotangent, shapes, at))
    return read(Leaf(node.wrt), shapes, at)


def padded(node: Pad, of: Shape, at: Values = NUMBERS) -> Shape:
    """Return the shape of a tensor of shape ``of`` with the amounts of ``node`` around it."""
    amounts = (integers(before_after, at) for before_after in node.amounts)
    return _extents(node, tuple(n + lo + hi for n, (lo, hi) in zip(of, amounts, strict=True)))


def dilated(node: Dilate, of: Shape, at: Values = NUMBERS) -> Shape:
    """Return the shape of a tensor of shape ``of`` with zeros between its elements."""
    steps = _steps(node, integers(node.steps, at))
    return tuple((n - 1) * step + 1 for n, step in zip(of, steps, strict=True))


def subsampled(node: Subsample, of: Shape, at: Values = NUMBERS) -> Shape:
    """Return the shape of what the steps of ``node`` leave of a tensor of shape ``of``."""
    steps = _steps(node, integers(node.steps, at))
    return tuple((n - 1) // step + 1 for n, step in zip(of, steps, strict=True))


def correlated(node: Correlate, of: Shape, by: Shape, at: Values = NUMBERS) -> Shape:
    """Return how many windows of a filter of shape ``by`` there are in a tensor of shape ``of``."""
    steps = _steps(node, integers(node.stride + node.dilation, at))
    shape = []
    axes = zip(of, by, steps[: len(of)], steps[len(of) :], strict=True)
    for k, (n, r, stride, dilation) in enumerate(axes):
        extent = dilation * (r - 1) + 1
        if extent > n:
            place = f"on axis {k} " if len(of) > 1 else ""
            raise FormulaError(f"correlate: {place}the filter spans {extent}, the tensor only {n}")
        shape.append((n - extent) // stride + 1)
    return tuple(shape)


@read.register
def _(node: Added, shapes: Shapes, at: Values = NUMBERS) -> Shape:
    first, *others = (read(term, shapes, at) for term in node.terms)
    for other in others:
        if other != first:
            said = ("x".join(map(str, shape)) for shape in (first, other))
            raise FormulaError("a sum of tensors of sizes {} and {}".format(*said))
    return first


def check_cotangent(of: Shape, cotangent: Shape) -> None:
    """Refuse a cotangent that has not the shape of what is differentiated."""
    if of != cotangent:
        raise FormulaError(f"vjp: the tensor has shape {of}, its cotangent {cotangent}")


def is_decided(node: Node) -> bool:
    """Whether ``node`` has a meaning wherever it has a shape.

    It has where no index sum in it divides, or by a number alone that is at least 1.
    """
    sums = (part for part in parts(node) if isinstance(part, IndexSum))
    return not any(
        isinstance(part, Quotient | Remainder)
        and not (isinstance(part.right, int) and part.right >= 1)
        for each in sums
        for part in parts((each.ranges, tuple(read.index for read in each.reads)))
    )


def _extents(node: Node, shape: Shape) -> Shape:
    if min(shape, default=1) < 1:
        what = how_many(shape[0], "element") if len(shape) == 1 else f"a tensor of shape {shape}"
        raise FormulaError(f"{type(node).__name__.lower()} leaves {what}")
    return shape


def _steps(node: Node, steps: tuple[int, ...]) -> tuple[int, ...]:
    if min(steps) < 1:
        said = steps[0] if len(steps) == 1 else steps
        raise FormulaError(f"{type(node).__name__.lower()} by {said}; a step is at least 1")
    return steps

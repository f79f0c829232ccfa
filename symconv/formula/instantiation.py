"""A formula at one choice of sizes: every size an integer, so that the term tables can read it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch

from symconv.formula.nodes import (
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Range,
    Read,
    Rotate,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import Size, evaluate, integers, substitute

Values = Mapping[str, int]
"""The value of every named integer."""


@singledispatch
def instantiate(node: Node, at: Values) -> Node:
    """Return ``node`` with every size evaluated.

    Raises:
        FormulaError: a name without a value, or a divisor below 1.
    """
    raise TypeError(f"{type(node).__name__} cannot be instantiated")


@instantiate.register
def _(node: Leaf, at: Values) -> Node:
    return node


@instantiate.register
def _(node: Ones, at: Values) -> Node:
    return Ones(integers(node.shape, at))


@instantiate.register
def _(node: Pad, at: Values) -> Node:
    amounts = tuple((evaluate(lo, at), evaluate(hi, at)) for lo, hi in node.amounts)
    return Pad(instantiate(node.of, at), amounts)


@instantiate.register
def _(node: Dilate, at: Values) -> Node:
    return Dilate(instantiate(node.of, at), integers(node.steps, at))


@instantiate.register
def _(node: Rotate, at: Values) -> Node:
    return Rotate(instantiate(node.of, at))


@instantiate.register
def _(node: Subsample, at: Values) -> Node:
    return Subsample(instantiate(node.of, at), integers(node.steps, at))


@instantiate.register
def _(node: Correlate, at: Values) -> Node:
    of, by = instantiate(node.of, at), instantiate(node.by, at)
    return Correlate(of, by, integers(node.stride, at), integers(node.dilation, at))


@instantiate.register
def _(node: Vjp, at: Values) -> Node:
    return Vjp(instantiate(node.of, at), node.wrt, instantiate(node.cotangent, at))


@instantiate.register
def _(node: IndexSum, at: Values) -> Node:
    """Return the sum with integers for all names but its own indices."""
    bound = {*node.indices, *(run.index for run in node.ranges)}
    known: dict[str, Size] = {name: value for name, value in at.items() if name not in bound}
    return IndexSum(
        integers(node.shape, at),
        node.indices,
        tuple(
            Range(run.index, substitute(run.start, known), substitute(run.stop, known))
            for run in node.ranges
        ),
        tuple(
            Read(instantiate(read.of, at), tuple(substitute(i, known) for i in read.index))
            for read in node.reads
        ),
    )

"""A formula at one choice of sizes: every size an integer, so that the term tables can read it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch

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
    Range,
    Read,
    Rotate,
    Scaled,
    Subsample,
    Vjp,
    children,
    rebuild,
    with_sizes,
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


@instantiate.register(Leaf)
@instantiate.register(Ones)
@instantiate.register(Constant)
@instantiate.register(Pad)
@instantiate.register(Dilate)
@instantiate.register(Rotate)
@instantiate.register(Subsample)
@instantiate.register(Correlate)
@instantiate.register(Vjp)
@instantiate.register(Added)
@instantiate.register(Scaled)
def _(node: Node, at: Values) -> Node:
    inside = [instantiate(child, at) for child in children(node)]
    return with_sizes(rebuild(node, inside), lambda size: evaluate(size, at))


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

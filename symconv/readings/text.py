"""Reads a formula as text, in the form in which formulas are typed."""

from __future__ import annotations

import functools
from collections.abc import Callable

from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Ones, Pad, Rotate, Subsample

Names = Callable[[str], str]


@functools.singledispatch
def read(node: Node, names: Names = str) -> str:
    """Return the text of ``node``; ``names`` says what a leaf is called.

    Strides and dilations of 1 are left out.

    >>> from symconv.formula.closed_forms import filter_gradient
    >>> from symconv.geometry import Geometry
    >>> read(filter_gradient(Geometry.of(6, 3, 2)))
    'correlate(pad(X, ((0, -1), (0, -1))), dilate(dY, (2, 2)))'
    """
    raise TypeError(f"{type(node).__name__} has no text")


@read.register
def _(node: Leaf, names: Names = str) -> str:
    return names(node.name)


@read.register
def _(node: Ones, names: Names = str) -> str:
    return f"ones({', '.join(map(str, node.shape))})"


@read.register
def _(node: Pad, names: Names = str) -> str:
    return f"pad({read(node.of, names)}, {node.amounts})"


@read.register
def _(node: Dilate, names: Names = str) -> str:
    return f"dilate({read(node.of, names)}, {node.steps})"


@read.register
def _(node: Rotate, names: Names = str) -> str:
    return f"rotate({read(node.of, names)})"


@read.register
def _(node: Subsample, names: Names = str) -> str:
    return f"subsample({read(node.of, names)}, {node.steps})"


@read.register
def _(node: Correlate, names: Names = str) -> str:
    steps = {"stride": node.stride, "dilation": node.dilation}
    given = "".join(f", {k}={v}" for k, v in steps.items() if any(step != 1 for step in v))
    return f"correlate({read(node.of, names)}, {read(node.by, names)}{given})"

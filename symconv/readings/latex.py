r"""Reads a formula as LaTeX: ``\operatorname{correlate}(..)``, for amsmath and KaTeX."""

from __future__ import annotations

import functools
from collections.abc import Callable

from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Ones, Pad, Rotate, Subsample

Names = Callable[[str], str]


@functools.singledispatch
def read(node: Node, names: Names) -> str:
    """Return the LaTeX of ``node``; ``names`` gives that of a leaf."""
    raise TypeError(f"{type(node).__name__} has no LaTeX")


@read.register
def _(node: Leaf, names: Names) -> str:
    return names(node.name)


@read.register
def _(node: Ones, names: Names) -> str:
    sizes = r" \times ".join(map(str, node.shape))
    return rf"\mathbf{{1}}_{{{sizes}}}"


@read.register
def _(node: Pad, names: Names) -> str:
    return _call("pad", read(node.of, names), str(node.amounts))


@read.register
def _(node: Dilate, names: Names) -> str:
    return _call("dilate", read(node.of, names), str(node.steps))


@read.register
def _(node: Rotate, names: Names) -> str:
    return _call("rotate", read(node.of, names))


@read.register
def _(node: Subsample, names: Names) -> str:
    return _call("subsample", read(node.of, names), str(node.steps))


@read.register
def _(node: Correlate, names: Names) -> str:
    steps = {"stride": node.stride, "dilation": node.dilation}
    given = [rf"\text{{{k}}}={v}" for k, v in steps.items() if any(step != 1 for step in v)]
    return _call("correlate", read(node.of, names), read(node.by, names), *given)


def _call(operator: str, *arguments: str) -> str:
    inside = r",\ ".join(arguments)
    return rf"\operatorname{{{operator}}}\left({inside}\right)"

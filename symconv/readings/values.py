"""Reads a formula as the array of numbers that it gives for arrays of numbers.

Every operator is written from its definition (`symconv.formula.nodes`), element by element, in
exact numbers: arrays hold Python's int or Fraction.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Ones, Pad, Rotate, Subsample
from symconv.formula.sizes import integers

Number = int | Fraction
Array = NDArray[Any]
"""An array of dtype object that holds numbers."""


def read(node: Node, leaves: Mapping[str, Array]) -> Array:
    """Return the value of a formula of whole tensors.

    Args:
        node: with numbers for sizes.
        leaves: the arrays that its leaves stand for.

    Raises:
        TypeError: it is no operator of whole tensors.
        FormulaError: a size that is no number.
    """
    return _read(node, leaves)


@singledispatch
def _read(node: Node, leaves: Mapping[str, Array]) -> Array:
    raise TypeError(f"{type(node).__name__} has no value as an array")


@_read.register
def _(node: Leaf, leaves: Mapping[str, Array]) -> Array:
    return leaves[node.name]


@_read.register
def _(node: Ones, leaves: Mapping[str, Array]) -> Array:
    return np.ones(integers(node.shape), dtype=object)


@_read.register
def _(node: Pad, leaves: Mapping[str, Array]) -> Array:
    of = _read(node.of, leaves)
    amounts = [integers(pair) for pair in node.amounts]
    padded = zeros([n + lo + hi for n, (lo, hi) in zip(of.shape, amounts, strict=True)])
    kept, into = [], []
    for n, (lo, hi) in zip(of.shape, amounts, strict=True):
        first, last = max(0, -lo), max(min(n, n + hi), 0, -lo)
        kept.append(slice(first, last))
        into.append(slice(first + lo, last + lo))
    padded[tuple(into)] = of[tuple(kept)]
    return padded


@_read.register
def _(node: Dilate, leaves: Mapping[str, Array]) -> Array:
    of, steps = _read(node.of, leaves), integers(node.steps)
    spread = zeros([(n - 1) * step + 1 for n, step in zip(of.shape, steps, strict=True)])
    spread[tuple(slice(None, None, step) for step in steps)] = of
    return spread


@_read.register
def _(node: Rotate, leaves: Mapping[str, Array]) -> Array:
    return np.flip(_read(node.of, leaves))


@_read.register
def _(node: Subsample, leaves: Mapping[str, Array]) -> Array:
    return _read(node.of, leaves)[tuple(slice(None, None, n) for n in integers(node.steps))]


@_read.register
def _(node: Correlate, leaves: Mapping[str, Array]) -> Array:
    of, by = _read(node.of, leaves), _read(node.by, leaves)
    stride, dilation = integers(node.stride), integers(node.dilation)
    spans = [(r - 1) * d + 1 for r, d in zip(by.shape, dilation, strict=True)]
    shape = [(n - m) // u + 1 for n, m, u in zip(of.shape, spans, stride, strict=True)]
    result = zeros(shape)
    for at in itertools.product(*map(range, shape)):
        window = tuple(
            slice(p * u, p * u + m, d)
            for p, u, m, d in zip(at, stride, spans, dilation, strict=True)
        )
        result[at] = (of[window] * by).sum()
    return result


def zeros(shape: Sequence[int]) -> Array:
    """Return an array of the number 0."""
    made = np.empty(shape, dtype=object)
    made.fill(0)
    return made

"""Reads a formula as sympy expressions, element by element.

Each operator does to an array of expressions what its definition says; zeros stay zeros.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np
import sympy

from symconv.errors import FormulaError
from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Ones, Pad, Rotate, Subsample
from symconv.formula.sizes import Size, integers
from symconv.tensors.expressions import Array, leaf, total


@functools.singledispatch
def read(node: Node, shapes: Mapping[str, tuple[int, ...]]) -> Array:
    """Return the expressions of ``node`` for leaves of these shapes.

    Raises:
        FormulaError: an unknown leaf, an intermediate extent or a step below 1, or a filter that
            does not fit.
    """
    raise TypeError(f"the sympy engine cannot read {type(node).__name__}")


@read.register
def _(node: Leaf, shapes: Mapping[str, tuple[int, ...]]) -> Array:
    if node.name not in shapes:
        raise FormulaError(f"unknown tensor {node.name}; known are {', '.join(shapes)}")
    return leaf(node.name, shapes[node.name])


@read.register
def _(node: Ones, shapes: Mapping[str, tuple[int, ...]]) -> Array:
    array = _zeros(integers(node.shape))
    array[...] = sympy.S.One
    return array


@read.register
def _(node: Pad, shapes: Mapping[str, tuple[int, ...]]) -> Array:
    of = read(node.of, shapes)
    sides = list(zip(of.shape, map(integers, node.amounts), strict=True))
    padded = _zeros([n + lo + hi for n, (lo, hi) in sides])
    for index in np.ndindex(*padded.shape):
        source = tuple(i - lo for i, (_, (lo, _)) in zip(index, sides, strict=True))
        if all(0 <= i < n for i, n in zip(source, of.shape, strict=True)):
            padded[index] = of[source]
    return padded


@read.register
def _(node: Dilate, shapes: Mapping[str, tuple[int, ...]]) -> Array:
    of, steps = read(node.of, shapes), _steps(node.steps)
    dilated = _zeros([(n - 1) * step + 1 for n, step in zip(of.shape, steps, strict=True)])
    dilated[tuple(slice(None, None, step) for step in steps)] = of
    return dilated


@read.register
def _(node: Rotate, shapes: Mapping[str, tuple[int, ...]]) -> Array:
    return np.flip(read(node.of, shapes))


@read.register
def _(node: Subsample, shapes: Mapping[str, tuple[int, ...]]) -> Array:
    return read(node.of, shapes)[tuple(slice(None, None, step) for step in _steps(node.steps))]


@read.register
def _(node: Correlate, shapes: Mapping[str, tuple[int, ...]]) -> Array:
    of, by = read(node.of, shapes), read(node.by, shapes)
    strides, dilations = _steps(node.stride), _steps(node.dilation)
    extents = [d * (r - 1) + 1 for r, d in zip(by.shape, dilations, strict=True)]
    free = [n - extent for n, extent in zip(of.shape, extents, strict=True)]
    if min(free) < 0:
        raise FormulaError(f"correlate: a filter that spans {extents} does not fit {of.shape}")
    result = _zeros([room // step + 1 for room, step in zip(free, strides, strict=True)])
    for index in np.ndindex(*result.shape):
        corner = [p * step for p, step in zip(index, strides, strict=True)]
        window = of[
            tuple(
                slice(first, first + extent, d)
                for first, extent, d in zip(corner, extents, dilations, strict=True)
            )
        ]
        result[index] = total(map(_product, window.flat, by.flat))
    return result


def _product(a: sympy.Expr, b: sympy.Expr) -> sympy.Expr:
    """Return a*b; a sum as a factor is multiplied out."""
    if a is sympy.S.Zero or b is sympy.S.Zero:
        return sympy.S.Zero
    return sympy.expand(a * b) if a.is_Add or b.is_Add else a * b


def _steps(sizes: tuple[Size, ...]) -> tuple[int, ...]:
    steps = integers(sizes)
    if min(steps) < 1:
        raise FormulaError(f"a formula steps by {steps}; a step is at least 1")
    return steps


def _zeros(shape: list[int] | tuple[int, ...]) -> Array:
    if min(shape) < 1:
        raise FormulaError(f"a formula leaves a tensor of shape {tuple(shape)}")
    array = np.empty(tuple(shape), dtype=object)
    array[...] = sympy.S.Zero
    return array

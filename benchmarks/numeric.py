"""The value of a formula at one size, on integer arrays, written from the operators' definitions.

It shares nothing with symconv's engines: a claim holds at a size if both sides have one shape and
one value for random integers in the leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from symconv.errors import TooLargeError
from symconv.formula import nodes
from symconv.formula.sizes import Size, evaluate

LARGEST = 1_000_000
"""The most elements of an array, and the most terms of a sum."""

Array = np.ndarray[Any, Any]


class UndefinedError(Exception):
    """A formula has no meaning at a size."""


def value(node: nodes.Node, leaves: Mapping[str, Array], at: Mapping[str, int]) -> Array:
    """Return the value of ``node`` for these leaves; ``at`` says what the named integers are."""
    match node:
        case nodes.Leaf(name):
            return leaves[name]
        case nodes.Ones(shape):
            return _zeros(_shape(shape, at)) + 1
        case nodes.Pad(of, amounts):
            return _padded(value(of, leaves, at), [_numbers(pair, at) for pair in amounts])
        case nodes.Dilate(of, steps):
            return _dilated(value(of, leaves, at), _steps(steps, at))
        case nodes.Rotate(of):
            return np.flip(value(of, leaves, at))
        case nodes.Subsample(of, steps):
            return value(of, leaves, at)[tuple(slice(None, None, n) for n in _steps(steps, at))]
        case nodes.Correlate(of, by, stride, dilation):
            sides = value(of, leaves, at), value(by, leaves, at)
            return _correlated(*sides, _steps(stride, at), _steps(dilation, at))
        case nodes.Vjp(of, wrt, cotangent):
            return _gradient(of, wrt, value(cotangent, leaves, at), leaves, at)
        case nodes.IndexSum():
            return _summed(node, leaves, at)
        case nodes.Added(terms):
            return _added([value(term, leaves, at) for term in terms])
        case nodes.Scaled(of, factor):
            return value(of, leaves, at) * factor
        case nodes.Constant(_, shape, entries):
            return np.array(entries, dtype=object).reshape(shape)
    raise TypeError(type(node).__name__)


def _numbers(sizes: tuple[Size, ...], at: Mapping[str, int]) -> tuple[int, ...]:
    try:
        return tuple(evaluate(size, at) for size in sizes)
    except ValueError as error:
        raise UndefinedError(error) from None


def _shape(sizes: tuple[Size, ...], at: Mapping[str, int]) -> tuple[int, ...]:
    shape = _numbers(sizes, at)
    if min(shape) < 1:
        raise UndefinedError(f"shape {shape}")
    return shape


def _zeros(shape: Sequence[int]) -> Array:
    if prod(shape) > LARGEST:
        raise TooLargeError(f"an array of shape {shape}")
    return np.zeros(shape, dtype=object)


_steps = _shape


def _padded(of: Array, amounts: list[tuple[int, ...]]) -> Array:
    shape = tuple(n + lo + hi for n, (lo, hi) in zip(of.shape, amounts, strict=True))
    if min(shape) < 1:
        raise UndefinedError(f"pad to {shape}")
    result = _zeros(shape)
    for index in np.ndindex(*of.shape):
        moved = tuple(i + lo for i, (lo, _) in zip(index, amounts, strict=True))
        if all(0 <= i < n for i, n in zip(moved, shape, strict=True)):
            result[moved] = of[index]
    return result


def _dilated(of: Array, steps: tuple[int, ...]) -> Array:
    shape = [(n - 1) * step + 1 for n, step in zip(of.shape, steps, strict=True)]
    result = _zeros(shape)
    for index in np.ndindex(*of.shape):
        result[tuple(i * step for i, step in zip(index, steps, strict=True))] = of[index]
    return result


def _correlated(of: Array, by: Array, stride: tuple[int, ...], dilation: tuple[int, ...]) -> Array:
    room = [n - d * (r - 1) - 1 for n, r, d in zip(of.shape, by.shape, dilation, strict=True)]
    if min(room) < 0:
        raise UndefinedError(f"a filter of {by.shape} over {of.shape}")
    result = _zeros([n // step + 1 for n, step in zip(room, stride, strict=True)])
    for p in np.ndindex(*result.shape):
        for r in np.ndindex(*by.shape):
            i = tuple(a * u + b * d for a, u, b, d in zip(p, stride, r, dilation, strict=True))
            result[p] += of[i] * by[r]
    return result


def _gradient(
    of: nodes.Node, wrt: str, cotangent: Array, leaves: Mapping[str, Array], at: Mapping[str, int]
) -> Array:
    """Return the gradient by differences, exact since ``of`` is linear in the leaf."""
    base = value(of, leaves, at)
    if base.shape != cotangent.shape:
        raise UndefinedError(f"a cotangent of {cotangent.shape} for {base.shape}")
    result = np.zeros(leaves[wrt].shape, dtype=object)
    for index in np.ndindex(*result.shape):
        moved = leaves[wrt].copy()
        moved[index] += 1
        result[index] = ((value(of, {**leaves, wrt: moved}, at) - base) * cotangent).sum()
    return result


def _added(terms: list[Array]) -> Array:
    if len({term.shape for term in terms}) > 1:
        raise UndefinedError(f"a sum of shapes {[term.shape for term in terms]}")
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    return result


def _summed(node: nodes.IndexSum, leaves: Mapping[str, Array], at: Mapping[str, int]) -> Array:
    result = _zeros(_shape(node.shape, at))
    tensors = [value(read.of, leaves, at) for read in node.reads]
    for index in np.ndindex(*result.shape):
        here = {**at, **dict(zip(node.indices, index, strict=True))}
        for there in _inside(node, here):
            term = 1
            for tensor, read in zip(tensors, node.reads, strict=True):
                i = _numbers(read.index, there)
                inside = all(0 <= a < n for a, n in zip(i, tensor.shape, strict=True))
                term *= tensor[i] if inside else 0
            result[index] += term
    return result


def _inside(node: nodes.IndexSum, here: Mapping[str, int]) -> Any:
    """Yield the values of all summation indices; a range may use the indices before it."""
    if not node.ranges:
        yield here
        return
    (first, *others) = node.ranges
    run = range(*_numbers((first.start, first.stop), here))
    if run.stop - run.start > LARGEST:
        raise TooLargeError("a sum of too many terms")
    for k in run:
        yield from _inside(replace(node, ranges=tuple(others)), {**here, first.index: k})

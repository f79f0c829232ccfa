"""The value of what stands on the board, at one size: exact, in integer arrays.

Every index is an array along a dimension of its own, so that a sum is evaluated at all elements at
once.  Reading a tensor outside of its extents, or at a fraction, is an error, except where a
bracket is 0; X is 0 outside if it is padded.  A derivative with respect to an element is the
difference that one more of it makes: exact, for all sums here have it once in a product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import sympy

from symconv.errors import SymconvError
from symconv.symbolic.arrays import Array
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.expressions import (
    LOSS,
    Between,
    Divides,
    Expr,
    element,
    expression,
    is_element,
)

Mask = np.ndarray[Any, np.dtype[np.bool_]]


class EvaluationError(SymconvError):
    """An expression has no value at a size."""


def evaluate(
    of: Expr,
    convolution: Convolution,
    sizes: Mapping[str, int],
    tensors: Mapping[str, Array],
    free: Sequence[tuple[Expr, int]],
) -> Array:
    """Return ``of`` at every choice of its free indices.

    Args:
        of: a sum, an element or a derivative.
        convolution: what Y and X stand for.
        sizes: the value of every size.
        tensors: the value of every tensor but Y.
        free: each free index with its extent.

    Raises:
        EvaluationError: a tensor is read outside, or at a fraction.
    """
    shape = tuple(extent for _, extent in free)
    indices = np.indices(shape)
    at = _Place(
        convolution,
        {**sizes, **{index.name: k for (index, _), k in zip(free, indices, strict=True)}},
        tensors,
        len(shape),
    )
    return np.array(np.broadcast_to(_value(of, at), shape))


@dataclass(frozen=True)
class _Place:
    """Where an expression is evaluated.

    Attributes:
        convolution: what Y and X stand for.
        names: the values of sizes and indices.
        tensors: the values of tensors.
        dimensions: how many indices there are so far.
        nudged: the element to which 1 is added, if any.
        counted: where brackets are 1; elsewhere nothing is read.
    """

    convolution: Convolution
    names: Mapping[str, Any]
    tensors: Mapping[str, Array]
    dimensions: int
    nudged: Expr | None = None
    counted: Mask = field(default_factory=lambda: np.array(True))


def _value(of: Expr, at: _Place) -> Any:
    match of:
        case sympy.Integer():
            return int(of)
        case _ if of == LOSS:
            return _value(_loss(at.convolution), at)
        case sympy.Symbol():
            return at.names[of.name]
        case sympy.Indexed():
            return _read(of, at)
        case sympy.Sum():
            return _sum(of, at)
        case sympy.Derivative():
            nudged = replace(at, nudged=of.variables[0])
            return _value(of.expr, nudged) - _value(of.expr, at)
        case sympy.KroneckerDelta():
            first, second = (_value(side, at) for side in of.args)
            return np.equal(first, second).astype(np.int64)
        case Between():
            first, index, last = (_value(side, at) for side in of.args)
            return np.logical_and(first <= index, index <= last).astype(np.int64)
        case Divides():
            divisor, number = (_value(side, at) for side in of.args)
            return np.equal(np.mod(number, divisor), 0).astype(np.int64)
        case sympy.Mul():
            return _product(of.args, at)
        case sympy.Add():
            return sum(_value(term, at) for term in of.args)
        case _:
            raise TypeError(f"cannot evaluate {type(of).__name__}")


def _product(factors: Sequence[Expr], at: _Place) -> Any:
    """Return a product, the brackets first: what they exclude is not read."""
    brackets = [f for f in factors if isinstance(f, Between | Divides)]
    counted = at.counted
    for bracket in brackets:
        counted = counted & np.equal(_value(bracket, at), 1)
    product = counted.astype(np.int64)
    for factor in factors:
        if factor not in brackets:
            product = product * _value(factor, replace(at, counted=counted))
    return product


def _sum(of: Expr, at: _Place) -> Any:
    names, dimensions = dict(at.names), at.dimensions
    extents = []
    for index, first, last in of.limits:
        values = np.arange(_value(first, at), _value(last, at) + 1)
        names[index.name] = values.reshape(-1, *(1,) * dimensions)
        dimensions += 1
        extents.append(len(values))
    inside = replace(at, names=names, dimensions=dimensions)
    terms = np.asarray(_value(of.function, inside))
    terms = terms.reshape((1,) * (dimensions - terms.ndim) + terms.shape)
    full = (*reversed(extents), *terms.shape[len(extents) :])
    return np.broadcast_to(terms, full).sum(axis=tuple(range(len(extents))))


def _read(of: Expr, at: _Place) -> Any:
    if is_element(of, "Y"):
        windows = dict(zip(at.convolution.indices(1), of.indices, strict=True))
        return _value(at.convolution.forward.xreplace(windows), at)
    name = of.base.name
    tensor = at.tensors[name]
    index = [_whole(entry, of, at) for entry in of.indices]
    inside = np.array(True)
    for entry, extent in zip(index, tensor.shape, strict=True):
        inside = inside & (entry >= 0) & (entry < extent)
    if not (name == "X" and at.convolution.padded):
        _demand(inside, of, at, "lies outside")
    kept = inside & at.counted
    value = np.where(kept, tensor[tuple(np.where(kept, entry, 0) for entry in index)], 0)
    if at.nudged is not None and is_element(at.nudged, name):
        same = kept
        for entry, nudged in zip(index, at.nudged.indices, strict=True):
            same = same & np.equal(entry, _value(nudged, at))
        value = value + same
    return value


def _whole(index: Expr, of: Expr, at: _Place) -> Any:
    """Return the value of an index, which may be a quotient."""
    above, below = index.as_numer_denom()
    number, divisor = _value(above, at), _value(below, at)
    _demand(np.equal(np.mod(number, divisor), 0), of, at, "is read at a fraction")
    return np.asarray(number // divisor)


def _demand(holds: Any, of: Expr, at: _Place, what: str) -> None:
    if np.any(at.counted & ~np.asarray(holds)):
        raise EvaluationError(f"{of} {what}")


def _loss(convolution: Convolution) -> Expr:
    """Return a loss whose gradient with respect to Y is dY: the sum of dY*Y."""
    window = convolution.indices(1)
    limits = ((axis.index(1), 0, expression(axis.P - 1)) for axis in convolution.axes)
    return sympy.Sum(element("dY", window) * element("Y", window), *limits)

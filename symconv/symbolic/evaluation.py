"""The value of what stands on the board, at one size: exact, in integer arrays.

How far a value can reach is computed first, in Python's integers (`_reach`): within 62 bits the
arrays are int64, beyond them they hold Python's integers, so that nothing wraps.

Every index is an array along a dimension of its own, so that a sum is evaluated at all elements at
once.  Reading a tensor outside of its extents, or at a fraction, is an error, except where a
bracket is 0; X is 0 outside if it is padded.  A derivative with respect to an element is the
difference that one more of it makes: exact, for all sums here have it once in a product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np
import sympy

from symconv.errors import SymconvError
from symconv.polynomial import ONE, Polynomial
from symconv.symbolic.arrays import Array, greatest
from symconv.symbolic.convolution import SPREAD_INPUT, WINDOW, Convolution, through
from symconv.symbolic.expressions import (
    LOSS,
    Between,
    Divides,
    Expr,
    element,
    expression,
    is_element,
    polynomial,
    quotient,
)
from symconv.tensors.columns import FIRST_BEYOND

Numbers = Any
"""An integer, or an array of integers with one dimension for each index."""


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
        EvaluationError: a tensor is read outside, or at a fraction, or an index has no value.
    """
    try:
        return _evaluated(of, convolution, sizes, tensors, free)
    except KeyError as error:
        raise EvaluationError(f"{error.args[0]} has no value") from error


def _evaluated(
    of: Expr,
    convolution: Convolution,
    sizes: Mapping[str, int],
    tensors: Mapping[str, Array],
    free: Sequence[tuple[Expr, int]],
) -> Array:
    shape = tuple(extent for _, extent in free)
    names = {**sizes, **{index.name: extent for index, extent in free}}
    largest = {name: greatest(tensor) for name, tensor in tensors.items()}
    if _reach(of, convolution)(names, largest) >= FIRST_BEYOND:
        tensors = {name: tensor.astype(object) for name, tensor in tensors.items()}
    indices = zip((index.name for index, _ in free), np.indices(shape), strict=True)
    at = _Place({**sizes, **dict(indices)}, tensors, len(shape))
    return np.array(np.broadcast_to(_compiled(of, convolution)(at), shape))


@dataclass(frozen=True, slots=True)
class _Place:
    """The sizes, tensors and indices at which an expression is evaluated.

    Attributes:
        names: the values of sizes and indices.
        tensors: the values of tensors.
        dimensions: how many indices there are so far.
        nudged: a tensor and the index of its element to which 1 is added, if any.
        counted: where the brackets are 1; elsewhere nothing is read.
    """

    names: Mapping[str, Numbers]
    tensors: Mapping[str, Array]
    dimensions: int
    nudged: tuple[str, list[Numbers]] | None = None
    counted: Numbers = True


Reach = Callable[[Mapping[str, int], Mapping[str, int]], int]
"""What the absolute values of an expression, and of all that it is made of, do not exceed: given
what sizes are and indices do not exceed, and what the elements of each tensor do not exceed."""


@lru_cache(maxsize=256)
def _reach(of: Expr, convolution: Convolution) -> Reach:
    """Return how to tell how far ``of`` reaches: sympy's tree is walked once."""
    match of:
        case _ if of == LOSS:
            return _reach(_loss(convolution), convolution)
        case sympy.Indexed() if is_element(of, "Y"):
            return _reach(_written_out(of, convolution), convolution)
        case sympy.Indexed() if is_element(of, SPREAD_INPUT):
            return _reach(_unspread(of, convolution), convolution)
        case sympy.Indexed():
            name = of.base.name
            places = [part for entry in of.indices for part in quotient(entry)]
            # One more than is in the tensor, for a derivative.
            return lambda names, largest: max(_sizes_reach(places, names), largest[name] + 1)
        case sympy.Sum():
            return _sum_reach(of, _reach(of.function, convolution))
        case sympy.Derivative():
            once = _reach(of.expr, convolution)
            return lambda names, largest: 2 * once(names, largest)
        case sympy.Add():
            terms = [_reach(one, convolution) for one in of.args]
            return lambda names, largest: sum(reach(names, largest) for reach in terms)
        case sympy.Mul():
            factors = [_reach(factor, convolution) for factor in of.args]
            return lambda names, largest: prod(max(1, reach(names, largest)) for reach in factors)
        case sympy.KroneckerDelta() | Between() | Divides():
            sides = [polynomial(side) for side in of.args]
            return lambda names, largest: _sizes_reach(sides, names)
        case sympy.Integer():
            return lambda names, largest: abs(int(of))
        case _:
            raise TypeError(f"cannot evaluate {type(of).__name__}")


def _sum_reach(of: Expr, term: Reach) -> Reach:
    limits = [(index.name, polynomial(a), polynomial(b)) for index, a, b in of.limits]

    def reach(names: Mapping[str, int], largest: Mapping[str, int]) -> int:
        inside, terms = dict(names), 1
        for index, first, last in limits:
            ends = _sizes_reach([first], names), _sizes_reach([last], names)
            inside[index] = max(ends)
            terms *= sum(ends) + 1
        return terms * term(inside, largest)

    return reach


def _sizes_reach(sizes: Sequence[Polynomial], names: Mapping[str, int]) -> int:
    return max(
        sum(
            abs(factor) * prod(abs(names[name]) for name in monomial)
            for monomial, factor in size.terms.items()
        )
        for size in sizes
    )


Reading = Callable[[_Place], Numbers]
"""An expression that waits for its place."""


@lru_cache(maxsize=256)
def _compiled(of: Expr, convolution: Convolution) -> Reading:
    """Return how to evaluate ``of``: sympy's tree is walked once, not at every size."""
    match of:
        case _ if of == LOSS:
            return _compiled(_loss(convolution), convolution)
        case sympy.Indexed() if is_element(of, "Y"):
            return _compiled(_written_out(of, convolution), convolution)
        case sympy.Indexed() if is_element(of, SPREAD_INPUT):
            return _spread(of, convolution)
        case sympy.Indexed():
            return _read(of, outside=of.base.name == "X" and convolution.padded)
        case sympy.Sum():
            return _sum(of, _compiled(of.function, convolution))
        case sympy.Derivative():
            return _difference(of, _compiled(of.expr, convolution))
        case sympy.Add():
            terms = [_compiled(one, convolution) for one in of.args]
            return lambda at: sum(value(at) for value in terms)
        case sympy.Mul():
            return _product(of, convolution)
        case sympy.KroneckerDelta() | Between() | Divides():
            return _truth(of)
        case sympy.Integer():
            return lambda at: int(of)
        case _:
            raise TypeError(f"cannot evaluate {type(of).__name__}")


def _product(of: Expr, convolution: Convolution) -> Reading:
    """Return how to multiply, the brackets first: what they exclude is not read."""
    brackets = [_truth(f) for f in of.args if isinstance(f, Between | Divides)]
    others = [_compiled(f, convolution) for f in of.args if not isinstance(f, Between | Divides)]

    def product(at: _Place) -> Numbers:
        counted = at.counted
        for bracket in brackets:
            counted = np.logical_and(counted, bracket(at))
        inside = _Place(at.names, at.tensors, at.dimensions, at.nudged, counted)
        total: Numbers = np.asarray(counted, dtype=np.int64)
        for factor in others:
            total = total * factor(inside)
        return total

    return product


def _sum(of: Expr, term: Reading) -> Reading:
    limits = [(index.name, polynomial(a), polynomial(b)) for index, a, b in of.limits]

    def total(at: _Place) -> Numbers:
        names, dimensions = dict(at.names), at.dimensions
        for index, first, last in limits:
            values = np.arange(_number(first, at), _number(last, at) + 1)
            names[index] = values.reshape(-1, *(1,) * dimensions)
            dimensions += 1
        inside = _Place(names, at.tensors, dimensions, at.nudged, at.counted)
        terms = np.asarray(term(inside))
        shape = [len(names[index]) for index, _, _ in reversed(limits)]
        terms = terms.reshape((1,) * (dimensions - terms.ndim) + terms.shape)
        return np.broadcast_to(terms, (*shape, *terms.shape[len(shape) :])).sum(
            axis=tuple(range(len(shape)))
        )

    return total


def _difference(of: Expr, value: Reading) -> Reading:
    """Return how to take a derivative: by how much the value grows with one more of the element."""
    below = of.variables[0]
    wanted = [polynomial(entry) for entry in below.indices]

    def difference(at: _Place) -> Numbers:
        nudged = below.base.name, [_number(entry, at) for entry in wanted]
        more = _Place(at.names, at.tensors, at.dimensions, nudged, at.counted)
        return value(more) - value(at)

    return difference


def _truth(of: Expr) -> Reading:
    """Return how to tell whether a delta or a bracket is 1."""
    sides = [polynomial(side) for side in of.args]

    def truth(at: _Place) -> Numbers:
        numbers = [_number(side, at) for side in sides]
        match of:
            case Between():
                first, index, last = numbers
                return np.logical_and(np.less_equal(first, index), np.less_equal(index, last))
            case Divides():
                divisor, number = numbers
                return np.equal(np.mod(number, divisor), 0)
            case _:
                return np.equal(*numbers)

    return truth


def _read(of: Expr, outside: bool) -> Reading:
    """Return how to read an element; ``outside`` says whether there are zeros outside."""
    name = of.base.name
    index = [quotient(entry) for entry in of.indices]

    def read(at: _Place) -> Numbers:
        tensor, kept, places = at.tensors[name], at.counted, []
        for (above, below), extent in zip(index, tensor.shape, strict=True):
            place = _number(above, at)
            if below != ONE:
                divisor = _number(below, at)
                if np.any(np.logical_and(at.counted, np.mod(place, divisor) != 0)):
                    raise EvaluationError(f"{of} is read at a fraction")
                place = place // divisor
            places.append(place)
            within = np.logical_and(np.less_equal(0, place), np.less(place, extent))
            if not outside and np.any(np.logical_and(at.counted, ~within)):
                raise EvaluationError(f"{of} lies outside of it")
            kept = np.logical_and(kept, within)
        value = np.where(kept, tensor[tuple(np.where(kept, place, 0) for place in places)], 0)
        if at.nudged is None or at.nudged[0] != name:
            return value
        for place, nudged in zip(places, at.nudged[1], strict=True):
            kept = np.logical_and(kept, np.equal(place, nudged))
        return value + kept

    return read


def _spread(of: Expr, convolution: Convolution) -> Reading:
    """Return how to read the spread input: as it is defined, where X is what it was."""
    defined = _read(of, outside=convolution.padded)
    through_input = _compiled(_unspread(of, convolution), convolution)

    def spread(at: _Place) -> Numbers:
        nudged = at.nudged is not None and at.nudged[0] == "X"
        if nudged or SPREAD_INPUT not in at.tensors:
            return through_input(at)
        return defined(at)

    return spread


def _number(of: Polynomial, at: _Place) -> Numbers:
    return of.evaluate(at.names)


def _written_out(y: Expr, convolution: Convolution) -> Expr:
    """Return an element of Y as the sum that it is."""
    outputs = (*convolution.places("Y"), *convolution.indices(WINDOW))
    return convolution.forward.xreplace(dict(zip(outputs, y.indices, strict=True)))


def _unspread(of: Expr, convolution: Convolution) -> Expr:
    """Return an element of the spread input as one of X, or 0 between its elements."""
    count = len(convolution.leading("X"))
    steps = [expression(axis.l) for axis in convolution.axes]
    places = of.indices[count:]
    x = element(
        "X", (*of.indices[:count], *(a / step for a, step in zip(places, steps, strict=True)))
    )
    return sympy.Mul(x, *(Divides(step, a) for a, step in zip(places, steps, strict=True)))


def _loss(convolution: Convolution) -> Expr:
    """Return a loss whose gradient with respect to Y is dY: the sum of dY*Y."""
    window = (*convolution.places("Y"), *convolution.indices(WINDOW))
    limits = (
        *through(convolution.leading("Y")),
        *((axis.index(WINDOW), 0, expression(axis.P - 1)) for axis in convolution.axes),
    )
    return sympy.Sum(element("dY", window) * element("Y", window), *limits)

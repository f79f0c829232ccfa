"""What numpy does with arrays: broadcasting, sums, products over axes, padding, windows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from symconv.formula.sizes import Name, Size, minus, plus
from symconv.programs.arrays import Memory, View
from symconv.programs.terms import ProductTerm, Within
from symconv.readings.text import size as size_text


def element(memory: Memory, of: View, indices: Sequence[str]) -> list[ProductTerm]:
    """Return element ``indices`` of an array, as terms."""
    return memory.element(of, tuple(map(Name, indices)))


def copied(memory: Memory, of: View) -> View:
    """Return a new array of the same elements."""
    indices = memory.indices(of.ndim)
    return memory.made(of.shape, indices, element(memory, of, indices))


def broadcast_shape(memory: Memory, shapes: Sequence[tuple[Size, ...]]) -> tuple[Size, ...]:
    """Return the shape that arrays of these shapes have together.

    Raises:
        UnreadError: extents that are not seen to be equal, none of which is written as 1.
    """
    rank = max(map(len, shapes))
    found: list[Size] = []
    for axis in range(-rank, 0):
        extents = [shape[axis] for shape in shapes if len(shape) >= -axis]
        wide = [extent for extent in extents if extent != 1]
        for other in wide[1:]:
            _check_same(memory, wide[0], other)
        found.append(wide[0] if wide else 1)
    return tuple(found)


def _check_same(memory: Memory, left: Size, right: Size) -> None:
    if not memory.knowledge.same(left, right):
        raise memory.refuse(
            f"two arrays meet whose extents {size_text(left)} and {size_text(right)} are not seen "
            "to be equal"
        )


def aligned(of: View, indices: Sequence[str]) -> tuple[Size, ...]:
    """Return the index of an array that is broadcast, in those of the whole."""
    last = indices[len(indices) - of.ndim :]
    return tuple(
        0 if extent == 1 else Name(name) for extent, name in zip(of.shape, last, strict=True)
    )


def added(memory: Memory, left: View, right: View, sign: int = 1) -> View:
    """Return left + right, or left - right."""
    shape = broadcast_shape(memory, [left.shape, right.shape])
    indices = memory.indices(len(shape))
    terms = memory.element(left, aligned(left, indices))
    for term in memory.element(right, aligned(right, indices)):
        terms.append(replace(term, factor=sign * term.factor))
    return memory.made(shape, indices, terms)


def multiplied(memory: Memory, left: View, right: View) -> View:
    """Return left * right, element by element."""
    shape = broadcast_shape(memory, [left.shape, right.shape])
    indices = memory.indices(len(shape))
    first = memory.element(left, aligned(left, indices))
    second = memory.element(right, aligned(right, indices))
    return memory.made(shape, indices, [a * b for a, b in itertools.product(first, second)])


def scaled(memory: Memory, of: View, factor: Fraction) -> View:
    """Return an array multiplied by a number."""
    indices = memory.indices(of.ndim)
    terms = element(memory, of, indices)
    return memory.made(of.shape, indices, [replace(t, factor=t.factor * factor) for t in terms])


def times_number(term: ProductTerm, factor: Fraction | int) -> ProductTerm:
    """Return a term multiplied by a number."""
    return replace(term, factor=term.factor * factor)


def value_in(memory: Memory, target: View, value: View) -> list[ProductTerm]:
    """Return the elements of ``value`` as they are broadcast to a part of an array.

    Raises:
        UnreadError: the shape does not fit.
    """
    rest = value.shape[: max(value.ndim - target.ndim, 0)]
    if any(extent != 1 for extent in rest):
        raise memory.refuse("an array with more axes is put into one with fewer")
    shape = value.shape[len(rest) :]
    for extent, other in zip(reversed(shape), reversed(target.shape), strict=False):
        if extent != 1:
            _check_same(memory, extent, other)
    last = target.names[target.ndim - len(shape) :]
    index = tuple(0 if n == 1 else Name(name) for n, name in zip(shape, last, strict=True))
    return memory.element(value, (*[0] * len(rest), *index))


def contracted(
    memory: Memory, operands: Sequence[tuple[View, Sequence[str]]], output: Sequence[str]
) -> View:
    """Return the sum of products over labelled axes, as `np.einsum` does.

    Args:
        memory: where the arrays are.
        operands: arrays, with one label for each of their axes.
        output: the labels of the result, each once.

    Raises:
        UnreadError: axes of one label whose extents are not seen to be equal.
    """
    extents: dict[str, Size] = {}
    for of, labels in operands:
        for label, extent in zip(labels, of.shape, strict=True):
            known = extents.setdefault(label, extent)
            if known == 1:
                extents[label] = extent
            elif extent != 1:
                _check_same(memory, known, extent)
    places = {label: memory.knowledge.index("k") for label in extents}
    summed = [label for label in extents if label not in output]
    product = [ProductTerm(sums=tuple((places[label], extents[label]) for label in summed))]
    for of, labels in operands:
        index = [
            0 if extent == 1 else Name(places[label])
            for label, extent in zip(labels, of.shape, strict=True)
        ]
        terms = memory.element(of, index)
        product = [a * b for a, b in itertools.product(product, terms)]
    return memory.made(
        [extents[label] for label in output], [places[label] for label in output], product
    )


def summed(memory: Memory, of: View, axes: Sequence[int] | None, keepdims: bool = False) -> View:
    """Return the sum over some axes, or all."""
    gone = {axis % of.ndim for axis in axes} if axes is not None else {*range(of.ndim)}
    labels = [str(axis) for axis in range(of.ndim)]
    kept = [label for axis, label in enumerate(labels) if axis not in gone]
    found = contracted(memory, [(of, labels)], kept)
    if not keepdims:
        return found
    indices = memory.indices(of.ndim)
    shape = [1 if axis in gone else extent for axis, extent in enumerate(of.shape)]
    at = [Name(name) for axis, name in enumerate(indices) if axis not in gone]
    return memory.view(found, shape, indices, at)


def padded(memory: Memory, of: View, amounts: Sequence[tuple[Size, Size]]) -> View:
    """Return a new array with zeros around ``of``, which may not be cut.

    Raises:
        UnreadError: an amount that may be negative: numpy raises then.
    """
    for amount in itertools.chain(*amounts):
        if not memory.knowledge.at_least(amount):
            raise memory.refuse(f"np.pad is given {size_text(amount)}, which may be negative")
    shape = [plus(plus(n, lo), hi) for n, (lo, hi) in zip(of.shape, amounts, strict=True)]
    indices = memory.indices(of.ndim)
    inner = [minus(Name(name), lo) for name, (lo, _) in zip(indices, amounts, strict=True)]
    inside = ProductTerm(
        conditions=tuple(
            Within(place, extent)
            for place, extent, pair in zip(inner, of.shape, amounts, strict=True)
            if pair != (0, 0)
        )
    )
    return memory.made(shape, indices, [t * inside for t in memory.element(of, inner)])


def transposed(memory: Memory, of: View, axes: Sequence[int]) -> View:
    """Return the view with its axes in another order."""
    if sorted(axes) != [*range(of.ndim)]:
        raise memory.refuse("a transposition that does not name each axis once")
    indices = memory.indices(of.ndim)
    at: list[Size] = [0] * of.ndim
    for name, axis in zip(indices, axes, strict=True):
        at[axis] = Name(name)
    return memory.view(of, [of.shape[axis] for axis in axes], indices, at)


def flipped(memory: Memory, of: View, axes: Sequence[int]) -> View:
    """Return the view with some axes reversed."""
    indices = memory.indices(of.ndim)
    at: list[Size] = [
        minus(minus(extent, 1), Name(name)) if axis in axes else Name(name)
        for axis, (name, extent) in enumerate(zip(indices, of.shape, strict=True))
    ]
    return memory.view(of, of.shape, indices, at)


def windows(memory: Memory, of: View, extents: Sequence[Size], axes: Sequence[int]) -> View:
    """Return every window of an array, as `sliding_window_view` does; it cannot be written.

    Raises:
        UnreadError: a window that may not fit.
    """
    indices, inner = memory.indices(of.ndim), memory.indices(len(axes))
    shape, at = list(of.shape), list(map(Name, indices))
    places: list[Size] = [*at]
    for axis, extent, name in zip(axes, extents, inner, strict=True):
        if not memory.knowledge.at_least(shape[axis], extent):
            raise memory.refuse(
                f"a window of {size_text(extent)} is not seen to fit into {size_text(shape[axis])}"
            )
        if not memory.knowledge.at_least(extent):
            raise memory.refuse("a window may have a negative extent")
        shape[axis] = plus(minus(shape[axis], extent), 1)
        places[axis] = plus(places[axis], Name(name))
    found = memory.view(of, [*shape, *extents], [*indices, *inner], places)
    return replace(found, frozen="the windows of an array cannot be written")

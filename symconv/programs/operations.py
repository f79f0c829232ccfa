"""What numpy does with arrays: broadcasting, sums, products over axes, padding, windows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from symconv.formula.sizes import Name, Size, minus, plus, times
from symconv.programs.arrays import IndexRun, Memory, Radix, View
from symconv.programs.terms import ProductTerm, Within
from symconv.readings.text import size as size_text


def copied(memory: Memory, of: View) -> View:
    """Return a new array of the same elements."""
    return memory.mapped(of, lambda term: term)


def negated(term: ProductTerm) -> ProductTerm:
    """Return a term with the other sign."""
    return replace(term, factor=-term.factor)


def scaled(memory: Memory, of: View, factor: Fraction) -> View:
    """Return an array multiplied by a number."""
    return memory.mapped(of, lambda term: replace(term, factor=term.factor * factor))


def divided(memory: Memory, of: View, by: Size) -> View:
    """Return an array divided by a size.

    Raises:
        UnreadError: the size may be 0, or is not the same in all rounds of a loop.
    """
    if not memory.knowledge.at_least(by, 1) or memory.knowledge.depends_on_index(by):
        raise memory.refuse("an array is divided by what may be 0, or by an index")
    over = ProductTerm(over=(by,))
    return memory.mapped(of, lambda term: term * over)


def broadcast(memory: Memory, arrays: Sequence[View]) -> list[IndexRun]:
    """Return an index for each axis of the shape that arrays have together.

    Raises:
        UnreadError: extents that are not seen to be equal, none of which is written as 1.
    """
    rank = max(of.ndim for of in arrays)
    found: list[IndexRun] = []
    for axis in range(-rank, 0):
        inside = [of for of in arrays if of.ndim >= -axis]
        wide = [of for of in inside if of.shape[axis] != 1]
        for other in wide[1:]:
            check_same(memory, wide[0].shape[axis], other.shape[axis])
        radix = next((of.radix[axis] for of in wide if of.radix[axis]), None)
        found.append(memory.run(wide[0].shape[axis] if wide else 1, radix))
    return found


def check_same(memory: Memory, left: Size, right: Size) -> None:
    """Check that two extents are equal.

    Raises:
        UnreadError: that is not seen.
    """
    if not memory.knowledge.same(left, right):
        raise memory.refuse(
            f"two arrays meet whose extents {size_text(left)} and {size_text(right)} are not seen "
            "to be equal"
        )


def spread(memory: Memory, of: View, runs: Sequence[IndexRun]) -> list[ProductTerm]:
    """Return the element of an array that is broadcast to a shape with these indices."""
    last = runs[len(runs) - of.ndim :]
    at = [0 if n == 1 else run.place for n, run in zip(of.shape, last, strict=True)]
    return memory.element(of, at)


def added(memory: Memory, left: View, right: View, sign: int = 1) -> View:
    """Return left + right, or left - right."""
    runs = broadcast(memory, [left, right])
    more = spread(memory, right, runs)
    if sign < 0:
        more = list(map(negated, more))
    return memory.made(runs, [*spread(memory, left, runs), *more])


def multiplied(memory: Memory, left: View, right: View) -> View:
    """Return left * right, element by element."""
    runs = broadcast(memory, [left, right])
    pairs = itertools.product(spread(memory, left, runs), spread(memory, right, runs))
    return memory.made(runs, [a * b for a, b in pairs])


def fitted(memory: Memory, target: View, value: View) -> View:
    """Return ``value`` as it can be broadcast to a part of an array.

    Raises:
        UnreadError: the shape does not fit.
    """
    rest = value.shape[: max(value.ndim - target.ndim, 0)]
    if any(extent != 1 for extent in rest):
        raise memory.refuse("an array with more axes is put into one with fewer")
    for extent, other in zip(reversed(value.shape), reversed(target.shape), strict=False):
        if extent != 1:
            check_same(memory, extent, other)
    if not rest:
        return value
    shape = value.shape[len(rest) :]
    indices = memory.indices(shape)
    at: list[Size] = [*[0] * len(rest), *map(Name, indices)]
    return memory.view(value, shape, indices, at, value.radix[len(rest) :])


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
    radix: dict[str, Radix] = {}
    for of, labels in operands:
        for label, extent, parts in zip(labels, of.shape, of.radix, strict=True):
            known = extents.setdefault(label, extent)
            if known == 1:
                extents[label] = extent
            elif extent != 1:
                check_same(memory, known, extent)
            radix[label] = radix.get(label) or parts
    runs = {label: memory.run(n, radix[label], "k") for label, n in extents.items()}
    gone = [name for label, run in runs.items() if label not in output for name in run.names]
    product = [ProductTerm(sums=tuple(gone))]
    for of, labels in operands:
        pairs = zip(of.shape, labels, strict=True)
        terms = memory.element(of, [0 if n == 1 else runs[label].place for n, label in pairs])
        product = [a * b for a, b in itertools.product(product, terms)]
    return memory.made([runs[label] for label in output], product)


def summed(memory: Memory, of: View, axes: Sequence[int] | None, keepdims: bool = False) -> View:
    """Return the sum over some axes, or all."""
    gone = {axis % of.ndim for axis in axes} if axes is not None else {*range(of.ndim)}
    labels = [str(axis) for axis in range(of.ndim)]
    kept = [label for axis, label in enumerate(labels) if axis not in gone]
    found = contracted(memory, [(of, labels)], kept)
    if not keepdims:
        return found
    shape = [1 if axis in gone else extent for axis, extent in enumerate(of.shape)]
    indices = memory.indices(shape)
    at = [Name(name) for axis, name in enumerate(indices) if axis not in gone]
    radix = [None if axis in gone else parts for axis, parts in enumerate(of.radix)]
    return memory.view(found, shape, indices, at, radix)


def padded(memory: Memory, of: View, amounts: Sequence[tuple[Size, Size]]) -> View:
    """Return a new array with zeros around ``of``, which may not be cut.

    Raises:
        UnreadError: an amount that may be negative: numpy raises then.
    """
    for amount in itertools.chain(*amounts):
        if not memory.knowledge.at_least(amount):
            raise memory.refuse(f"np.pad is given {size_text(amount)}, which may be negative")
    runs = [
        memory.run(plus(plus(n, lo), hi)) for n, (lo, hi) in zip(of.shape, amounts, strict=True)
    ]
    inner = [minus(run.place, lo) for run, (lo, _) in zip(runs, amounts, strict=True)]
    inside = ProductTerm(
        conditions=tuple(
            Within(place, extent)
            for place, extent, pair in zip(inner, of.shape, amounts, strict=True)
            if pair != (0, 0)
        )
    )
    return memory.made(runs, [term * inside for term in memory.element(of, inner)])


def transposed(memory: Memory, of: View, axes: Sequence[int]) -> View:
    """Return the view with its axes in another order."""
    if sorted(axes) != [*range(of.ndim)]:
        raise memory.refuse("a transposition that does not name each axis once")
    shape = [of.shape[axis] for axis in axes]
    indices = memory.indices(shape)
    at: list[Size] = [0] * of.ndim
    for name, axis in zip(indices, axes, strict=True):
        at[axis] = Name(name)
    return memory.view(of, shape, indices, at, [of.radix[axis] for axis in axes])


def flipped(memory: Memory, of: View, axes: Sequence[int]) -> View:
    """Return the view with some axes reversed."""
    indices = memory.indices(of.shape)
    at: list[Size] = [
        minus(minus(extent, 1), Name(name)) if axis in axes else Name(name)
        for axis, (name, extent) in enumerate(zip(indices, of.shape, strict=True))
    ]
    radix = [None if axis in axes else parts for axis, parts in enumerate(of.radix)]
    return memory.view(of, of.shape, indices, at, radix)


def strided(
    memory: Memory, of: View, shape: Sequence[Size], along: Sequence[tuple[int, Size]]
) -> View:
    """Return the elements that lie at steps along the axes of an array; it cannot be written.

    Args:
        memory: where the array is.
        of: the array.
        shape: the extents of the view.
        along: for each of its axes the axis of ``of`` and the step along it.

    Raises:
        UnreadError: an element that may lie outside.
    """
    if len(along) != len(shape):
        raise memory.refuse("as_strided is given another number of strides than of extents")
    indices = memory.indices(shape)
    places: list[Size] = [0] * of.ndim
    last: list[Size] = [0] * of.ndim
    for name, extent, (axis, step) in zip(indices, shape, along, strict=True):
        if not (memory.knowledge.at_least(step) and memory.knowledge.at_least(extent, 1)):
            raise memory.refuse("as_strided is given a step or an extent that may be too small")
        places[axis] = plus(places[axis], times(step, Name(name)))
        last[axis] = plus(last[axis], times(step, minus(extent, 1)))
    for extent, place in zip(of.shape, last, strict=True):
        if not memory.knowledge.at_least(extent, plus(place, 1)):
            raise memory.refuse("as_strided may reach beyond the end of an axis")
    found = memory.view(of, shape, indices, places)
    return replace(found, frozen="the windows of an array cannot be written")


def windows(memory: Memory, of: View, extents: Sequence[Size], axes: Sequence[int]) -> View:
    """Return every window of an array, as `sliding_window_view` does; it cannot be written.

    Raises:
        UnreadError: a window that may not fit.
    """
    shape = list(of.shape)
    inner = memory.indices(extents)
    for axis, extent in zip(axes, extents, strict=True):
        shape[axis] = plus(minus(shape[axis], extent), 1)
    indices = memory.indices(shape)
    places: list[Size] = list(map(Name, indices))
    for axis, extent, name in zip(axes, extents, inner, strict=True):
        if not memory.knowledge.at_least(of.shape[axis], extent):
            raise memory.refuse(
                f"a window of {size_text(extent)} is not seen to fit into "
                f"{size_text(of.shape[axis])}"
            )
        if not memory.knowledge.at_least(extent):
            raise memory.refuse("a window may have a negative extent")
        places[axis] = plus(places[axis], Name(name))
    found = memory.view(of, [*shape, *extents], [*indices, *inner], places)
    return replace(found, frozen="the windows of an array cannot be written")

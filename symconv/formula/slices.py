"""Tensors whose first indices are fixed: ``dY[n,k]``, on whose other axes operators act.

While a formula is read, such a tensor is a leaf with a name of its own, so that operators see the
axes that are left and no others.  Then the formula is written as an element: operators on a fixed
tensor become operators on the whole one that leave its first axes alone, and a correlation becomes
a sum over its filter's elements:

    rotate(F[k,c])                  at i     F[k, c, R-1-i]
    pad(dilate(dY[n,k], u), 1)      at i     pad(dilate(dY, (1,1,u)), ((0,0),(0,0),(1,1)))[n, k, i]
    correlate(A[n], B[k])           at i     sum(A[n, i+r] * B[k, r] for r in range(R))
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from symconv.errors import ParseError
from symconv.formula.extents import Extents, extents
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
    scaled,
)
from symconv.formula.sizes import Name, Size, minus, plus, times
from symconv.formula.summands import summands
from symconv.formula.walk import parts

if TYPE_CHECKING:
    from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Slice:
    """A tensor whose first indices are fixed.

    Attributes:
        of: the whole tensor.
        index: its first indices; they may hold the names of indices that are bound elsewhere.
    """

    of: Node
    index: tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class SummedProduct:
    """A product of elements and a number, and the indices over which it is summed."""

    ranges: tuple[Range, ...] = ()
    reads: tuple[Read, ...] = ()
    factor: int | Fraction = 1

    def __mul__(self, other: SummedProduct) -> SummedProduct:
        ranges, reads = self.ranges + other.ranges, self.reads + other.reads
        return SummedProduct(ranges, reads, self.factor * other.factor)

    def tensor(self, shape: Extents, indices: tuple[str, ...]) -> Node:
        """Return the tensor that has this element at ``indices``."""
        return scaled(IndexSum(shape, indices, self.ranges, self.reads), self.factor)


def unused(stem: str, taken: Collection[str]) -> str:
    """Return ``stem``, or ``stem`` with the first number that makes a name nobody has."""
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}{number}", number + 1
    return name


@dataclass(slots=True)
class Slices:
    """The tensors with fixed first indices in one formula, each under the name of a leaf.

    Attributes:
        leaves: the shape of every other leaf.
        taken: names that no new index may have.
    """

    leaves: Mapping[str, Extents]
    taken: set[str]
    _known: dict[str, Slice] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._known)

    def add(self, of: Node, index: tuple[Size, ...]) -> Leaf:
        """Return a leaf that stands for ``of`` with its first indices fixed."""
        whole = self._lifted(of)
        made = Slice(whole.of, whole.index + index)
        name = next((name for name, each in self._known.items() if each == made), None)
        if name is None:
            name = f"[{len(self._known)}]"
            self._known[name] = made
        return Leaf(name)

    def extents(self, node: Node) -> Extents:
        """Return the shape of ``node`` on the axes that are left."""
        shapes = {
            name: extents(each.of, self.leaves)[len(each.index) :]
            for name, each in self._known.items()
        }
        return extents(node, {**self.leaves, **shapes})

    def occur_in(self, node: Node) -> bool:
        """Whether ``node`` is made of a tensor with fixed indices."""
        if isinstance(node, Leaf):
            return node.name in self._known
        return any(map(self.occur_in, children(node)))

    def terms(self, node: Node) -> tuple[Node, ...]:
        """Return formulas that add up to ``node``, one at a time where indices are fixed in it.

        Raises:
            ParseError: a sum in it has terms that are not of one shape as they are written, so
                that it may have no meaning, which nobody would ask of its terms.
        """
        if not self.occur_in(node):
            return (node,)
        for part in parts(node):
            if isinstance(part, Added) and len(set(map(self.extents, part.terms))) > 1:
                raise ParseError(
                    "a sum under an operator has terms of several shapes, as they are written; "
                    "where indices are fixed, declare them with the same sizes"
                )
        return tuple(scaled(term.node, term.factor) for term in summands(node))

    def element(self, node: Node, index: tuple[Size, ...]) -> SummedProduct:
        """Return the element of ``node`` at an index that may lie outside of it, where it is 0."""
        if isinstance(node, Scaled):
            return replace(self.element(node.of, index), factor=node.factor)
        whole = self._lifted(node)
        return SummedProduct(reads=(Read(whole.of, whole.index + index),))

    def inner(self, node: Node, index: tuple[Size, ...]) -> SummedProduct:
        """Return the element of ``node`` at an index that lies inside of it."""
        if not self.occur_in(node):
            return self.element(node, index)
        match node:
            case Scaled(of, factor):
                found = self.inner(of, index)
                return replace(found, factor=found.factor * factor)
            case Rotate(of):
                return self.inner(of, self._turned(of, index))
            case Correlate(of, by):
                taps = self.fresh("r", len(index))
                ranges = _ranges(taps, self.extents(by))
                window = _window(node, index, taps)
                product = self.inner(of, window) * self.inner(by, tuple(map(Name, taps)))
                return SummedProduct(ranges) * product
            case _:
                return self.element(node, index)

    def whole(self, node: Node) -> Node:
        """Return a formula of ``node`` without tensors whose indices are fixed.

        The fixed indices are free of names that are bound elsewhere.
        """
        if isinstance(node, Added):
            return Added(tuple(map(self.whole, node.terms)))
        if isinstance(node, Scaled):
            return scaled(self.whole(node.of), node.factor)
        if not self.occur_in(node):
            return node
        terms = self.terms(node)
        if len(terms) > 1:
            return Added(tuple(map(self.whole, terms)))
        shape = self.extents(node)
        indices = self.fresh("i", len(shape))
        return self.inner(node, tuple(map(Name, indices))).tensor(shape, indices)

    def fresh(self, stem: str, count: int) -> tuple[str, ...]:
        """Return new names for indices."""
        return tuple(self._fresh(stem, count))

    def _fresh(self, stem: str, count: int) -> Iterator[str]:
        for _ in range(count):
            name = unused(stem, self.taken)
            self.taken.add(name)
            yield name

    def _lifted(self, node: Node) -> Slice:
        """Return ``node`` as a whole tensor, and its first indices."""
        if isinstance(node, Leaf) and node.name in self._known:
            return self._known[node.name]
        if not self.occur_in(node):
            return Slice(node, ())
        of, *others = map(self._lifted, children(node))
        kept = len(of.index)
        match node:
            case Pad():
                return Slice(Pad(of.of, ((0, 0),) * kept + node.amounts), of.index)
            case Dilate():
                return Slice(Dilate(of.of, (1,) * kept + node.steps), of.index)
            case Subsample():
                return Slice(Subsample(of.of, (1,) * kept + node.steps), of.index)
            case Rotate():
                shape = extents(of.of, self.leaves)
                names = self.fresh("i", len(shape))
                index = tuple(map(Name, names))
                turned = self._turned(node.of, index[kept:])
                read = Read(of.of, (*index[:kept], *turned))
                return Slice(IndexSum(shape, names, (), (read,)), of.index)
            case Correlate():
                (by,) = others
                return self._correlated(node, of, by)
            case IndexSum(reads=(_,)):  # a formula that is added to itself
                shape = extents(of.of, self.leaves)
                names = self.fresh("i", len(shape))
                read = Read(of.of, tuple(map(Name, names)))
                return Slice(IndexSum(shape, names, node.ranges, (read,)), of.index)
            case Scaled(factor=factor):
                return Slice(scaled(of.of, factor), of.index)
            case Leaf() | Ones() | Constant() | Vjp() | IndexSum() | Added():
                raise ValueError(f"{type(node).__name__} holds no tensor with fixed indices")

    def _correlated(self, node: Correlate, of: Slice, by: Slice) -> Slice:
        """Return the correlation of all slices of one tensor with all slices of the other."""
        kept = len(of.index) + len(by.index)
        first = extents(of.of, self.leaves)[: len(of.index)]
        second = extents(by.of, self.leaves)[: len(by.index)]
        shape = (*first, *second, *self.extents(node))
        names = self.fresh("i", len(shape))
        index = tuple(map(Name, names))
        taps = self.fresh("r", len(shape) - kept)
        window = _window(node, index[kept:], taps)
        reads = (
            Read(of.of, (*index[: len(first)], *window)),
            Read(by.of, (*index[len(first) : kept], *map(Name, taps))),
        )
        ranges = _ranges(taps, self.extents(node.by))
        return Slice(IndexSum(shape, names, ranges, reads), of.index + by.index)

    def _turned(self, of: Node, index: tuple[Size, ...]) -> tuple[Size, ...]:
        return tuple(minus(minus(n, 1), i) for n, i in zip(self.extents(of), index, strict=True))


def _ranges(names: tuple[str, ...], stops: tuple[Size, ...]) -> tuple[Range, ...]:
    return tuple(Range(name, 0, stop) for name, stop in zip(names, stops, strict=True))


def _window(node: Correlate, index: tuple[Size, ...], taps: tuple[str, ...]) -> tuple[Size, ...]:
    """Return where a window's elements lie in what the filter slides over."""
    return tuple(
        plus(times(i, step), times(Name(tap), spread))
        for i, step, tap, spread in zip(index, node.stride, taps, node.dilation, strict=True)
    )

"""A formula block by block: axes that its indices tie together make a block, and go by themselves.

The terms of a formula are all combinations of the terms that it has on each block.  An operator
acts on each axis by itself, so that of a convolution height and width are two blocks, and of a
layer so are its images and its channels: ``F[k,c]`` ties the channels of input and output.  What
is read as ``X[n, m]`` or as ``X[m + n, ..]`` ties more, at worst everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

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
    Read,
    Rotate,
    Scaled,
    Subsample,
    Vjp,
    children,
)
from symconv.formula.sizes import Size, names

T = TypeVar("T")

Axes = tuple[int, ...]
"""One number for each axis: axes with numbers that are tied lie in one block."""


@dataclass(frozen=True, slots=True)
class PlacedFormula:
    """A formula with the numbers of its axes, and of the indices of a sum."""

    node: Node
    axes: Axes
    inside: tuple[PlacedFormula, ...] = ()
    indices: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlockPart:
    """A formula on one block.

    Attributes:
        node: the formula, with the axes that it has there.
        one_axis: whether it, and all of which it is made, has exactly one axis there.
    """

    node: Node
    one_axis: bool


OnBlock = Callable[[PlacedFormula], Node]
"""Returns a formula on the block at hand."""


@dataclass(slots=True)
class Blocks:
    """The blocks of formulas over one set of leaves.

    Attributes:
        leaves: how many axes each leaf has.
    """

    leaves: Mapping[str, int]
    _above: list[int] = field(default_factory=list)
    _leaves: dict[str, Axes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._leaves = {name: self.new(count) for name, count in self.leaves.items()}

    def new(self, count: int) -> Axes:
        """Return numbers for axes that are tied to nothing yet."""
        first = len(self._above)
        self._above += range(first, first + count)
        return tuple(range(first, first + count))

    def tie(self, left: Iterable[int], right: Iterable[int]) -> None:
        """Put two axes in one block, pair by pair."""
        for a, b in zip(left, right, strict=True):
            first, second = sorted((self.block(a), self.block(b)))
            self._above[second] = first

    def block(self, axis: int) -> int:
        """Return the number of the block in which an axis lies."""
        while self._above[axis] != axis:
            axis = self._above[axis]
        return axis

    def kept(self, entries: Sequence[T], axes: Axes, block: int) -> tuple[T, ...]:
        """Return the entries of those axes that lie in a block."""
        pairs = zip(entries, axes, strict=True)
        return tuple(entry for entry, axis in pairs if self.block(axis) == block)

    def of_leaf(self, name: str) -> Axes:
        """Return the axes of a leaf."""
        return self._leaves[name]

    def place(self, node: Node) -> PlacedFormula:
        """Return ``node`` with numbers for all axes in it, tied as the formula ties them."""
        inside = tuple(map(self.place, children(node)))
        match node:
            case Leaf():
                return PlacedFormula(node, self._leaves[node.name])
            case Ones():
                return PlacedFormula(node, self.new(len(node.shape)))
            case Pad() | Dilate() | Rotate() | Subsample():
                return PlacedFormula(node, inside[0].axes, inside)
            case Correlate():
                self.tie(inside[0].axes, inside[1].axes)
                return PlacedFormula(node, inside[0].axes, inside)
            case Vjp():
                self.tie(inside[0].axes, inside[1].axes)
                return PlacedFormula(node, self._leaves[node.wrt], inside)
            case IndexSum():
                return self._placed_sum(node, inside)
            case Added() | Scaled() | Constant():
                raise TypeError("a sum of tensors is looked at term by term")

    def _placed_sum(self, node: IndexSum, inside: tuple[PlacedFormula, ...]) -> PlacedFormula:
        axes = self.new(len(node.indices))
        indices = dict(zip(node.indices, axes, strict=True))
        for run in node.ranges:
            (indices[run.index],) = self.new(1)
            self._tie_all([indices[run.index]], (run.start, run.stop), indices)
        for read, of in zip(node.reads, inside, strict=True):
            for entry, axis in zip(read.index, of.axes, strict=True):
                self._tie_all([axis], (entry,), indices)
        return PlacedFormula(node, axes, inside, indices)

    def _tie_all(
        self, axes: list[int], sizes: tuple[Size, ...], indices: Mapping[str, int]
    ) -> None:
        found = [indices[name] for size in sizes for name in names(size) if name in indices]
        for axis in found:
            self.tie(axes, [axis])

    def part(self, placed: PlacedFormula, block: int) -> BlockPart:
        """Return a formula on one block."""
        flat = True

        def on_block(each: PlacedFormula) -> Node:
            nonlocal flat
            count = len(self.kept(each.axes, each.axes, block))
            flat = flat and count == 1
            return self._restricted(each, block, on_block)

        node = on_block(placed)
        return BlockPart(node, flat)

    def _restricted(
        self, placed: PlacedFormula, block: int, on_block: Callable[[PlacedFormula], Node]
    ) -> Node:
        node, axes = placed.node, placed.axes
        if isinstance(node, IndexSum):
            return self._restricted_sum(node, placed, block, on_block)
        inside = tuple(map(on_block, placed.inside))
        exists = bool(self.kept(axes, axes, block))
        match node:
            case Leaf():
                return node
            case Ones(shape):
                return Ones(self.kept(shape, axes, block))
            case Pad() if exists:
                return Pad(inside[0], self.kept(node.amounts, axes, block))
            case Dilate() if exists:
                return Dilate(inside[0], self.kept(node.steps, axes, block))
            case Rotate() if exists:
                return Rotate(inside[0])
            case Subsample() if exists:
                return Subsample(inside[0], self.kept(node.steps, axes, block))
            case Pad() | Dilate() | Rotate() | Subsample():
                return inside[0]
            case Correlate() if exists:
                stride = self.kept(node.stride, axes, block)
                dilation = self.kept(node.dilation, axes, block)
                return Correlate(inside[0], inside[1], stride, dilation)
            case Correlate():
                return IndexSum((), (), (), tuple(Read(of, ()) for of in inside))
            case Vjp():
                return Vjp(inside[0], node.wrt, inside[1])
            case Added() | Scaled() | Constant():
                raise TypeError("a sum of tensors is looked at term by term")

    def _restricted_sum(
        self,
        node: IndexSum,
        placed: PlacedFormula,
        block: int,
        on_block: OnBlock,
    ) -> IndexSum:
        reads = tuple(
            Read(on_block(of), self.kept(read.index, of.axes, block))
            for read, of in zip(node.reads, placed.inside, strict=True)
            if not isinstance(read.of, Ones) or self.kept(of.axes, of.axes, block)
        )
        return replace(
            node,
            shape=self.kept(node.shape, placed.axes, block),
            indices=self.kept(node.indices, placed.axes, block),
            ranges=tuple(
                run for run in node.ranges if self.block(placed.indices[run.index]) == block
            ),
            reads=reads,
        )

    def every(self) -> Iterator[int]:
        """Yield the numbers of all blocks, in the order in which their first axes were numbered."""
        yield from (axis for axis, above in enumerate(self._above) if above == axis)

"""A claim as a product of claims about one axis each, and what each says at one size.

The terms of a separable tensor are all combinations of the terms of its axes.  Let a side have
content c (the greatest common divisor of its multiplicities, 0 if there is no term) and a
primitive part on each axis.  Then two sides of one shape are equal iff the products of their
contents are, and either that product is 0 or their primitive parts are equal on every axis.
So a claim about 2-D tensors is looked at through tables of one axis, which are tiny.

Where a side is too large for that, the shapes come first: two that differ need no tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import gcd, prod
from typing import TYPE_CHECKING

import numpy as np

from symconv.claims.claim import Claim, ShapeOf, Side
from symconv.errors import FormulaError, TooLargeError
from symconv.formula.blocks import Blocks, PlacedFormula
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import Added
from symconv.formula.sizes import Name, Size, evaluate, integers
from symconv.formula.walk import parts
from symconv.limits.budget import ROWS, spend
from symconv.limits.memory import hold, reserve, scope
from symconv.readings import rows, shapes, terms
from symconv.tensors.table import Shape

if TYPE_CHECKING:
    from symconv.tensors.table import SortedTable

Values = Mapping[str, int]

LOOK = 20
"""Steps for one look at an axis, whatever is there."""


@dataclass(frozen=True, slots=True)
class SideAtSize:
    """One side of a claim at one size, on one axis or on all of them.

    Attributes:
        shape: the extents, or None where the side is undefined.
        content: the greatest common divisor of the multiplicities, 0 without a term.
        primitive: factors, rows and multiplicities divided by the content.
        undefined: why the side has no meaning, or None.
        size: bytes of the primitive part, roughly.
    """

    shape: Shape | None
    content: int = 1
    primitive: tuple[object, ...] = ()
    undefined: str | None = None
    size: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PairAtSize:
    """What is remembered of two sides at one size, on one axis or on all of them.

    Attributes:
        shapes: the extents of both, None for a side that is undefined.
        contents: the contents of both, where the shapes are the same.
        same: whether the primitive parts are the same, where the shapes are.
        undefined: why a side has no meaning, or None.
    """

    shapes: tuple[Shape | None, Shape | None]
    contents: tuple[int, int] = (1, 1)
    same: bool = True
    undefined: str | None = None

    @property
    def alike(self) -> bool:
        """Whether nothing tells the two sides apart."""
        left, right = self.contents
        return self.same and left == right and self.shapes[0] == self.shapes[1]

    @property
    def defined(self) -> bool:
        """Whether both sides have a meaning."""
        return None not in self.shapes


@dataclass(frozen=True, slots=True)
class AxisPair:
    """Two sides on one axis (or on all, where they do not separate).

    Attributes:
        left: the left side.
        right: the right side.
        leaves: the shapes of the leaves on that axis.
        definitions: the defined integers that are used, each after those it uses.
        names: the free integers that both sides depend on.
        one_axis: whether that is one axis, which may be read as plain rows.
        decided: whether both sides have a meaning wherever they have a shape.
        weight: of how many parts all that is made: steps for one look at it.
    """

    left: Side
    right: Side
    leaves: Mapping[str, tuple[Size, ...]]
    definitions: Mapping[str, Size]
    names: tuple[str, ...]
    one_axis: bool
    decided: bool
    weight: int
    _known: dict[tuple[int, ...], PairAtSize] = field(default_factory=dict)

    def at(self, values: Values) -> PairAtSize:
        """Return how both sides compare where the free integers have these values.

        Raises:
            TooLargeError: they have one shape, and are too large to be compared any further.
        """
        key = tuple(values[name] for name in self.names)
        if key not in self._known:
            spend(LOOK + self.weight)
            every = completed(self.definitions, values)
            leaves = {name: integers(shape, every) for name, shape in self.leaves.items()}
            self._known[key] = self._compared(leaves, every)
        return self._known[key]

    def _compared(self, leaves: Mapping[str, Shape], every: Values) -> PairAtSize:
        tensors = not any(isinstance(side, tuple | ShapeOf) for side in (self.left, self.right))
        if self.one_axis and tensors:
            with suppress(TooLargeError):  # for plain rows; shapes and tables tell more
                return self._evaluated(leaves, every, by_rows=True)
        found, undefined = both_shapes(self.left, self.right, leaves, every)
        if self.decided and (not tensors or undefined or found[0] != found[1]):
            return PairAtSize(found, undefined=undefined)
        return self._evaluated(leaves, every, by_rows=False)

    def _evaluated(self, leaves: Mapping[str, Shape], every: Values, by_rows: bool) -> PairAtSize:
        with scope():
            first = _read(self.left, leaves, every, by_rows)
            hold(first.size)
            second = _read(self.right, leaves, every, by_rows)
        return PairAtSize(
            (first.shape, second.shape),
            (first.content, second.content),
            first.primitive == second.primitive,
            first.undefined or second.undefined,
        )


def factors_of(claim: Claim) -> tuple[AxisPair, ...]:
    """Return the blocks of ``claim``: axes that go by themselves, one or several together."""
    if isinstance(claim.left, Added) or isinstance(claim.right, Added):
        return (_factor(claim, claim.left, claim.right, claim.leaves, one_axis=False),)
    blocks = Blocks({name: len(shape) for name, shape in claim.leaves.items()})
    sides = [_Axes.of(side, blocks) for side in (claim.left, claim.right)]
    if len(sides[0].axes) != len(sides[1].axes):
        return (_factor(claim, claim.left, claim.right, claim.leaves, one_axis=False),)
    blocks.tie(sides[0].axes, sides[1].axes)
    found = []
    for block in blocks.every():
        (left, one), (right, other) = (side.on_block(block, blocks) for side in sides)
        leaves = {
            name: blocks.kept(shape, blocks.of_leaf(name), block)
            for name, shape in claim.leaves.items()
        }
        one_axis = one and other and all(len(shape) == 1 for shape in leaves.values())
        found.append(_factor(claim, left, right, leaves, one_axis=one_axis))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Axes:
    """A side of a claim, and the numbers of its axes."""

    side: Side
    placed: PlacedFormula | None
    axes: tuple[int, ...]

    @classmethod
    def of(cls, side: Side, blocks: Blocks) -> _Axes:
        if isinstance(side, tuple):
            return cls(side, None, blocks.new(len(side)))
        placed = blocks.place(side.of if isinstance(side, ShapeOf) else side)
        return cls(side, placed, placed.axes)

    def on_block(self, block: int, blocks: Blocks) -> tuple[Side, bool]:
        """Return the side on one block, and whether it has one axis there, and all in it has."""
        if self.placed is None:
            assert isinstance(self.side, tuple)
            kept = blocks.kept(self.side, self.axes, block)
            return kept, len(kept) == 1
        part = blocks.part(self.placed, block)
        return (ShapeOf(part.node) if isinstance(self.side, ShapeOf) else part.node), part.one_axis


def differ(pairs: Sequence[PairAtSize]) -> bool:
    """Whether two sides differ, given both on every axis; undefined ones are equal."""
    undefined = [any(pair.shapes[side] is None for pair in pairs) for side in (0, 1)]
    if any(undefined):
        return not all(undefined)
    if any(pair.shapes[0] != pair.shapes[1] for pair in pairs):
        return True
    contents = [prod(pair.contents[side] for pair in pairs) for side in (0, 1)]
    if contents[0] != contents[1]:
        return True
    return contents[0] != 0 and not all(pair.same for pair in pairs)


def completed(definitions: Mapping[str, Size], values: Values) -> dict[str, int]:
    """Return ``values`` with the integers that they define."""
    every = dict(values)
    for name, size in definitions.items():
        every[name] = evaluate(size, every)
    return every


def both_shapes(
    left: Side, right: Side, leaves: Mapping[str, Shape], every: Values
) -> tuple[tuple[Shape | None, Shape | None], str | None]:
    """Return the shapes of both sides, None for one that has none, and why it has none."""
    found: list[Shape | None] = []
    undefined = None
    for side in (left, right):
        try:
            found.append(shape_at(side, leaves, every))
        except FormulaError as error:
            undefined = undefined or str(error)
            found.append(None)
    return (found[0], found[1]), undefined


def shape_at(side: Side, leaves: Mapping[str, Shape], every: Values) -> Shape:
    """Return the shape of ``side``.

    Raises:
        FormulaError: it has none.
    """
    if isinstance(side, tuple):
        return integers(side, every)
    return shapes.read(side.of if isinstance(side, ShapeOf) else side, leaves, every)


def is_decided(*sides: Side) -> bool:
    """Whether ``sides`` have a meaning wherever they have shapes."""
    return all(isinstance(side, tuple | ShapeOf) or shapes.is_decided(side) for side in sides)


def reading(side: Side, leaves: Mapping[str, Shape], every: Values) -> SideAtSize:
    """Return ``side``, on one axis, where leaves have these shapes and integers these values.

    Raises:
        TooLargeError: a tensor too large to be looked at.
    """
    return _read(side, leaves, every, by_rows=True)


def _factor(
    claim: Claim,
    left: Side,
    right: Side,
    leaves: Mapping[str, tuple[Size, ...]],
    *,
    one_axis: bool,
) -> AxisPair:
    found = list(parts((left, right, *leaves.values())))
    used = {part.name for part in found if isinstance(part, Name)}
    definitions = {name: size for name, size in claim.definitions.items() if name in used}
    found += parts(tuple(definitions.values()))
    used |= {part.name for part in found if isinstance(part, Name)}
    names = tuple(n for n in claim.integers if n in used)
    decided = is_decided(left, right)
    return AxisPair(left, right, leaves, definitions, names, one_axis, decided, len(found))


def _read(side: Side, leaves: Mapping[str, Shape], every: Values, by_rows: bool) -> SideAtSize:
    try:
        if isinstance(side, tuple):
            return SideAtSize(integers(side, every))
        if isinstance(side, ShapeOf):
            return SideAtSize(shapes.read(side.of, leaves, every))
        if by_rows:
            one_axis = {name: shape[0] for name, shape in leaves.items()}
            return _of_rows(rows.read(side, one_axis, every))
        return _of_table(terms.read(instantiate(side, every), leaves).sorted())
    except FormulaError as error:
        return SideAtSize(None, undefined=str(error))


def _of_rows(tensor: rows.Rows) -> SideAtSize:
    reserve(2 * tensor.size)
    order = sorted(range(len(tensor.factors)), key=tensor.factors.__getitem__)
    counts = Counter(
        (target, *(row[k] for k in order))
        for target, products in tensor.at.items()
        for row in products
    )
    spend(len(counts))
    content = gcd(*counts.values())
    counted = tuple((row, counts[row] // content) for row in sorted(counts))
    primitive = sorted(tensor.factors), counted
    return SideAtSize((tensor.extent,), content, primitive, size=tensor.size)


def _of_table(table: SortedTable) -> SideAtSize:
    reserve(4 * table.rows.nbytes)
    spend(terms.CALLS + 2 * len(table) // ROWS)
    found, counts = np.unique(table.rows, return_counts=True)
    content = gcd(*counts.tolist())
    scaled = counts // content if content else counts
    primitive = table.factors, found.tobytes(), scaled.tobytes()
    return SideAtSize(table.shape, content, primitive, size=2 * found.nbytes)

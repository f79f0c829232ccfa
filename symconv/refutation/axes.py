"""A claim as a product of claims about one axis each, and what each says at one size.

The terms of a separable tensor are all combinations of the terms of its axes.  Let a side have
content c (the greatest common divisor of its multiplicities, 0 if there is no term) and a
primitive part on each axis.  Then two sides of one shape are equal iff the products of their
contents are, and either that product is 0 or their primitive parts are equal on every axis.
So a claim about 2-D tensors is looked at through tables of one axis, which are tiny.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd, prod
from typing import TYPE_CHECKING

import numpy as np

from symconv.claims.claim import Claim, ShapeOf, Side
from symconv.errors import FormulaError
from symconv.formula.axes import on_axis
from symconv.formula.extents import extents
from symconv.formula.instantiation import instantiate
from symconv.formula.sizes import Name, Size, evaluate, integers
from symconv.formula.walk import parts
from symconv.readings import rows, terms

if TYPE_CHECKING:
    from symconv.formula.nodes import Node
    from symconv.tensors.table import SortedTable

Values = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SideAtSize:
    """One side of a claim at one size, on one axis or on all of them.

    Attributes:
        shape: the extents, or None where the side is undefined.
        content: the greatest common divisor of the multiplicities, 0 without a term.
        primitive: factors, rows and multiplicities divided by the content.
        undefined: why the side has no meaning, or None.
    """

    shape: tuple[int, ...] | None
    content: int = 1
    primitive: tuple[object, ...] = ()
    undefined: str | None = None


@dataclass(frozen=True, slots=True)
class AxisPair:
    """Two sides on one axis (or on all, where they do not separate).

    Attributes:
        left: the left side.
        right: the right side.
        leaves: the shapes of the leaves on that axis.
        definitions: the defined integers that are used, each after those it uses.
        names: the free integers that both sides depend on.
    """

    left: Side
    right: Side
    leaves: Mapping[str, tuple[Size, ...]]
    definitions: Mapping[str, Size]
    names: tuple[str, ...]
    _known: dict[tuple[int, ...], tuple[SideAtSize, SideAtSize]] = field(default_factory=dict)

    def at(self, values: Values) -> tuple[SideAtSize, SideAtSize]:
        """Return both sides where the free integers have these values."""
        key = tuple(values[name] for name in self.names)
        if key not in self._known:
            every = completed(self.definitions, values)
            leaves = {name: integers(shape, every) for name, shape in self.leaves.items()}
            self._known[key] = (
                reading(self.left, leaves, every),
                reading(self.right, leaves, every),
            )
        return self._known[key]


def factors_of(claim: Claim) -> tuple[AxisPair, ...]:
    """Return the axes of ``claim``, or the whole claim where it is no product of axes."""
    sides = (claim.left, claim.right)
    ranks = {_rank(side, claim) for side in sides}
    ranks |= {len(shape) for shape in claim.leaves.values()}
    (rank,) = ranks if len(ranks) == 1 else (1,)
    split = [tuple(_side_on_axis(side, k) for side in sides) for k in range(rank)]
    if rank == 1 or any(side is None for pair in split for side in pair):
        return (_factor(claim, claim.left, claim.right, claim.leaves),)
    return tuple(
        _factor(claim, left, right, {name: (shape[k],) for name, shape in claim.leaves.items()})
        for k, (left, right) in enumerate(split)
        if left is not None and right is not None
    )


def differ(pairs: Sequence[tuple[SideAtSize, SideAtSize]]) -> bool:
    """Whether two sides differ, given both on every axis; undefined ones are equal."""
    lefts, rights = zip(*pairs, strict=True)
    undefined = [any(side.shape is None for side in sides) for sides in (lefts, rights)]
    if any(undefined):
        return not all(undefined)
    if any(left.shape != right.shape for left, right in pairs):
        return True
    contents = [prod(side.content for side in sides) for sides in (lefts, rights)]
    if contents[0] != contents[1]:
        return True
    return contents[0] != 0 and any(left.primitive != right.primitive for left, right in pairs)


def completed(definitions: Mapping[str, Size], values: Values) -> dict[str, int]:
    """Return ``values`` with the integers that they define."""
    every = dict(values)
    for name, size in definitions.items():
        every[name] = evaluate(size, every)
    return every


def _factor(
    claim: Claim, left: Side, right: Side, leaves: Mapping[str, tuple[Size, ...]]
) -> AxisPair:
    used = {part.name for part in parts((left, right, *leaves.values())) if isinstance(part, Name)}
    definitions = {name: size for name, size in claim.definitions.items() if name in used}
    used |= {part.name for part in parts(tuple(definitions.values())) if isinstance(part, Name)}
    return AxisPair(left, right, leaves, definitions, tuple(n for n in claim.integers if n in used))


def _side_on_axis(side: Side, k: int) -> Side | None:
    if isinstance(side, tuple):
        return (side[k],) if k < len(side) else None
    if isinstance(side, ShapeOf):
        of = on_axis(side.of, k)
        return of and ShapeOf(of)
    return on_axis(side, k)


def _rank(side: Side, claim: Claim) -> int:
    if isinstance(side, tuple):
        return len(side)
    return len(extents(side.of if isinstance(side, ShapeOf) else side, claim.leaves))


def reading(side: Side, leaves: Mapping[str, tuple[int, ...]], every: Values) -> SideAtSize:
    """Return ``side`` where leaves have these shapes and integers, defined ones too, these values.

    Raises:
        TooLargeError: a tensor too large to be looked at.
    """
    try:
        if isinstance(side, tuple):
            return SideAtSize(integers(side, every))
        if isinstance(side, ShapeOf):
            return SideAtSize(_tensor(side.of, leaves, every).shape)
        return _tensor(side, leaves, every)
    except FormulaError as error:
        return SideAtSize(None, undefined=str(error))


def _tensor(node: Node, leaves: Mapping[str, tuple[int, ...]], every: Values) -> SideAtSize:
    if all(len(shape) == 1 for shape in leaves.values()):
        one_axis = {name: shape[0] for name, shape in leaves.items()}
        return _of_rows(rows.read(node, one_axis, every))
    return _of_table(terms.read(instantiate(node, every), leaves).sorted())


def _of_rows(tensor: rows.Rows) -> SideAtSize:
    order = sorted(range(len(tensor.factors)), key=tensor.factors.__getitem__)
    counts = Counter(
        (target, *(row[k] for k in order))
        for target, products in tensor.at.items()
        for row in products
    )
    content = gcd(*counts.values())
    counted = tuple((row, counts[row] // content) for row in sorted(counts))
    return SideAtSize((tensor.extent,), content, (sorted(tensor.factors), counted))


def _of_table(table: SortedTable) -> SideAtSize:
    found, counts = np.unique(table.rows, return_counts=True)
    content = gcd(*counts.tolist())
    scaled = counts // content if content else counts
    return SideAtSize(table.shape, content, (table.factors, found.tobytes(), scaled.tobytes()))

"""A tensor as a product of small tables: one for each block of indices that goes by itself.

The relation of a convolution is a product over its axes, and each operator acts on each axis by
itself; so the terms of a tensor are all combinations of one row from each of its blocks.  A block
is a `SortedTable` of its own: an axis, or indices that belong together.  224x224 with a 7x7 filter
has 605,284 terms, and two blocks of 784 rows.

Two factored tensors are equal if their blocks are, and not only if: a factor that all terms share
may stand in one block or in the other, and one empty block makes the whole tensor 0.  With the
content of a block (the greatest common divisor of its multiplicities) taken out they are compared
exactly: see `first_difference`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symconv.equation import Element, Equation, Term
from symconv.tensors.columns import Column
from symconv.tensors.places import Place, in_brief, place
from symconv.tensors.table import LeafFactor, Shape, SortedTable, Table


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class FactoredTable:
    """A tensor whose terms are all combinations of one row from each block.

    Attributes:
        blocks: tables with the same factors in the same order; the tensor's shape, and that of
            each factor, is that of its blocks one after the other.
    """

    blocks: tuple[SortedTable, ...]

    def __post_init__(self) -> None:
        names = {tuple(factor.name for factor in block.factors) for block in self.blocks}
        if len(names) != 1:
            raise ValueError(f"blocks with different factors: {sorted(names)}")

    def __len__(self) -> int:
        return math.prod(map(len, self.blocks))

    @property
    def shape(self) -> Shape:
        """The tensor's extents."""
        return tuple(extent for block in self.blocks for extent in block.shape)

    @property
    def factors(self) -> tuple[LeafFactor, ...]:
        """The leaves whose products the terms are, with their whole shapes."""
        return tuple(
            LeafFactor(parts[0].name, tuple(n for part in parts for n in part.shape))
            for parts in zip(*(block.factors for block in self.blocks), strict=True)
        )

    def __repr__(self) -> str:
        return in_brief(self.shape, len(self))

    def __getitem__(self, index: Place) -> Any:
        """Return the sum of products at ``index`` as a sympy expression."""
        from symconv.tensors.expressions import expression

        return expression(self.terms(place(index, self.shape)))

    def count(self, index: Sequence[int]) -> int:
        """Return how many products add up to the element at ``index``."""
        return math.prod(
            block.count(part) for block, part in zip(self.blocks, self._parts(index), strict=True)
        )

    def terms(self, index: Sequence[int], most: int | None = None) -> tuple[Term, ...]:
        """Return the first ``most`` products, or all, that add up to the element at ``index``."""
        rows = [
            block.terms(part) for block, part in zip(self.blocks, self._parts(index), strict=True)
        ]
        return tuple(itertools.islice(_combined(rows, 0), most))

    def equations(self, tensor: str) -> Iterator[Equation]:
        """Yield one equation for each element of the tensor, row-major, zeros included."""
        for index in np.ndindex(*self.shape):
            yield Equation(Element(tensor, index), self.terms(index))

    def multiplied_out(self) -> SortedTable:
        """Return all terms as one table.

        Raises:
            TooLargeError: target and factors together do not fit 63 bits.
        """
        columns = [block.columns() for block in self.blocks]
        target = _product([c["target"] for c in columns], [b.shape for b in self.blocks])
        ids = tuple(
            _product([c[factor.name] for c in columns], [b.factors[k].shape for b in self.blocks])
            for k, factor in enumerate(self.factors)
        )
        return Table(self.shape, target, self.factors, ids).sorted()

    def _parts(self, index: Sequence[int]) -> Iterator[tuple[int, ...]]:
        rest = tuple(index)
        if len(rest) != len(self.shape):
            raise IndexError(f"index {rest} for a tensor of shape {self.shape}")
        for block in self.blocks:
            part, rest = rest[: len(block.shape)], rest[len(block.shape) :]
            yield part


def _combined(rows: Sequence[Sequence[Term]], k: int) -> Iterator[Term]:
    """Yield every combination of one row from each block, factors from the k-th on, in order.

    The rows of a block are in order; combinations are in the order of the first factor's whole
    index, then of the second's, as those of one table are.
    """
    if not all(rows):
        return
    if k == len(rows[0][0]):
        for _ in range(math.prod(map(len, rows))):
            yield ()
        return
    grouped = [
        [list(group) for _, group in itertools.groupby(block, key=lambda term: term[k])]
        for block in rows
    ]
    for groups in itertools.product(*grouped):
        name = groups[0][0][k].tensor
        element = Element(name, tuple(i for group in groups for i in group[0][k].index))
        for rest in _combined(groups, k + 1):
            yield (element, *rest)


def _product(columns: Sequence[Column], shapes: Sequence[Shape]) -> Column:
    """Return the row-major numbers of all combinations of one row from each block."""
    flat = np.zeros(1, dtype=np.int64)
    for column, shape in zip(columns, shapes, strict=True):
        flat = np.add.outer(flat * math.prod(shape), column).ravel()
    return flat


class _Slices(NamedTuple):
    """What two blocks hold at each of their elements, in numbers that can be compared.

    Attributes:
        contents: (left, right), each with the content of the rows at each element; 0: no row.
        agree: whether the rows at an element are the same but for their contents.
    """

    contents: tuple[NDArray[Any], NDArray[Any]]
    agree: NDArray[np.bool_]


def first_difference(left: FactoredTable, right: FactoredTable) -> tuple[int, ...] | None:
    """Return the first index, row-major, at which two tensors differ, or None.

    An element's terms are the product of what its blocks hold at its parts.  Such products are
    equal iff the products of the contents are, and these are 0 or the rest agrees in each block.

    Raises:
        ValueError: the shapes, or the blocks, of the two are not the same.
    """
    if [b.shape for b in left.blocks] != [b.shape for b in right.blocks]:
        raise ValueError(f"shapes {left.shape} and {right.shape} cannot be compared by element")
    same_factors = left.factors == right.factors
    blocks = [_slices(a, b, same_factors) for a, b in zip(left.blocks, right.blocks, strict=True)]
    if all(s.agree.all() and (s.contents[0] == s.contents[1]).all() for s in blocks):
        return None
    # Elements of one block that hold the same, up to their contents, need not be looked at twice.
    candidates = [_distinct(s) for s in blocks]
    in_order = itertools.product(*candidates)
    flat = next((places for places in in_order if _differ(blocks, places)), None)
    if flat is None:
        return None
    return tuple(
        int(i)
        for block, place in zip(left.blocks, flat, strict=True)
        for i in np.unravel_index(place, block.shape)
    )


def _differ(blocks: Sequence[_Slices], places: Sequence[int]) -> bool:
    contents = [
        math.prod(int(s.contents[side][place]) for s, place in zip(blocks, places, strict=True))
        for side in (0, 1)
    ]
    agree = all(s.agree[place] for s, place in zip(blocks, places, strict=True))
    return contents[0] != contents[1] or (contents[0] != 0 and not agree)


def _distinct(slices: _Slices) -> list[int]:
    """Return the first place of every kind of element: its two contents, and whether it agrees."""
    kinds = np.stack([*slices.contents, slices.agree.astype(np.int64)])
    _, first = np.unique(kinds, axis=1, return_index=True)
    return sorted(first.tolist())


def _slices(left: SortedTable, right: SortedTable, same_factors: bool) -> _Slices:
    """Return what two blocks of one shape hold at each element."""
    elements = math.prod(left.shape)
    (rows_l, counts_l), (rows_r, counts_r) = (
        np.unique(table.rows, return_counts=True) for table in (left, right)
    )
    contents = tuple(
        _contents(rows // table.radix, counts, elements)
        for table, rows, counts in ((left, rows_l, counts_l), (right, rows_r, counts_r))
    )
    if not same_factors:
        empty = (contents[0] == 0) & (contents[1] == 0)
        return _Slices((contents[0], contents[1]), empty)
    # The same but for the content: the same rows, with counts in proportion.
    agree = np.ones(elements, dtype=bool)
    only = np.setxor1d(rows_l, rows_r, assume_unique=True)
    agree[only // left.radix] = False
    _, at_l, at_r = np.intersect1d(rows_l, rows_r, assume_unique=True, return_indices=True)
    target = rows_l[at_l] // left.radix
    scaled_l = counts_l[at_l] // contents[0][target]
    scaled_r = counts_r[at_r] // contents[1][target]
    agree[target[scaled_l != scaled_r]] = False
    return _Slices((contents[0], contents[1]), agree)


def _contents(target: Column, counts: Column, elements: int) -> Column:
    """Return the greatest common divisor of the counts at each element, 0 where there are none."""
    contents = np.zeros(elements, dtype=np.int64)
    np.gcd.at(contents, target, counts)
    return contents

"""Text to index sums: ``sum(dY[p,q] * F[m-p*u, n-q*v] for p in range(P) for q in range(Q))``.

A sum is a product of reads under ranges; sums inside sums and products of sums are written out.
A condition is a read as well: ``ones(1)[c]`` is 1 where c is 0 and 0 elsewhere, so that
``if (m-r) % u == 0`` becomes the factor ``ones(1)[(m-r) % u]``.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symconv.errors import how_many
from symconv.formula.nodes import IndexSum, Node, Ones, Range, Read
from symconv.formula.parse import FormulaReader, check_factors, check_parts
from symconv.formula.sizes import Greatest, Size, minus, plus
from symconv.formula.syntax import fail, shown

if TYPE_CHECKING:
    from symconv.formula.vocabulary import Vocabulary


def is_element(tree: ast.expr) -> bool:
    """Whether ``tree`` is an element of a tensor, or a sum or product of elements."""
    match tree:
        case ast.Subscript():
            return True
        case ast.Call(func=ast.Name(id="sum")):
            return True
        case ast.BinOp(left=left, right=right):
            return is_element(left) or is_element(right)
        case _:
            return False


@dataclass(slots=True)
class ElementReader:
    """Reads one element as a sum of products, collecting its ranges and reads.

    Attributes:
        vocabulary: the names that are known.
        indices: the output's indices, in order.
    """

    vocabulary: Vocabulary
    indices: tuple[str, ...]
    ranges: list[Range] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)

    def index_sum(self, tree: ast.expr, shape: tuple[Size, ...]) -> IndexSum:
        """Return the tensor of ``shape`` whose element at the indices is ``tree``.

        Raises:
            ParseError: something else than products of elements under sums.
        """
        self._add(tree)
        node = IndexSum(shape, self.indices, tuple(self.ranges), tuple(self.reads))
        check_parts(tree, node)
        check_factors(tree, node)
        return node

    def _add(self, tree: ast.expr) -> None:
        match tree:
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                self._add(left)
                self._add(right)
            case ast.Constant(value=1):
                pass
            case ast.Subscript():
                self.reads.append(self._read(tree))
            case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp() as loops], keywords=[]):
                self._loops(loops)
            case ast.Call(func=ast.Name(id="sum")):
                raise fail(tree, "write sums as sum(.. for p in range(P))")
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                raise fail(tree, "an element is a sum of products: two sums cannot be added")
            case _:
                raise fail(tree, "expected an element such as F[r, s], or a product or sum of them")

    def _loops(self, tree: ast.GeneratorExp) -> None:
        for loop in tree.generators:
            if loop.is_async or not isinstance(loop.target, ast.Name):
                raise fail(loop.target, "a sum runs over one index at a time: for p in range(P)")
            start, stop = self._bounds(loop.iter)
            index = new_index(self.vocabulary, loop.target, self._bound())
            self.ranges.append(Range(index, start, stop))
            for condition in loop.ifs:
                self._condition(condition)
        self._add(tree.elt)

    def _bounds(self, tree: ast.expr) -> tuple[Size, Size]:
        match tree:
            case ast.Call(func=ast.Name(id="range"), args=[stop], keywords=[]):
                return 0, self._reader().size(stop)
            case ast.Call(func=ast.Name(id="range"), args=[start, stop], keywords=[]):
                return self._reader().size(start), self._reader().size(stop)
            case _:
                raise fail(tree, "a sum runs over range(stop) or range(start, stop)")

    def _condition(self, tree: ast.expr) -> None:
        if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
            for part in tree.values:
                self._condition(part)
            return
        if not isinstance(tree, ast.Compare):
            raise fail(tree, "a condition compares sizes: if (m-r) % u == 0")
        sizes = [self._reader().size(side) for side in (tree.left, *tree.comparators)]
        for left, relation, right in zip(sizes, tree.ops, sizes[1:], strict=False):
            self.reads.append(Read(Ones((1,)), (self._zero_iff(tree, left, relation, right),)))

    def _zero_iff(self, tree: ast.expr, left: Size, relation: ast.cmpop, right: Size) -> Size:
        """Return a size that is 0 iff the comparison holds."""
        match relation:
            case ast.Eq():
                return minus(left, right)
            case ast.LtE():
                return Greatest(minus(left, right), 0)
            case ast.Lt():
                return Greatest(plus(minus(left, right), 1), 0)
            case ast.GtE():
                return Greatest(minus(right, left), 0)
            case ast.Gt():
                return Greatest(plus(minus(right, left), 1), 0)
            case _:
                raise fail(tree, "a condition in a sum is one of == <= < >= >")

    def _read(self, tree: ast.Subscript) -> Read:
        of = FormulaReader(self.vocabulary).tensor(tree.value)
        entries = subscripts(tree)
        rank = FormulaReader(self.vocabulary).rank(of)
        if len(entries) != rank:
            raise fail(
                tree,
                f"{how_many(len(entries), 'index')} where the tensor has {how_many(rank, 'axis')}",
            )
        return Read(of, tuple(self._reader().size(entry) for entry in entries))

    def _reader(self) -> FormulaReader:
        return FormulaReader(self.vocabulary, self._bound())

    def _bound(self) -> frozenset[str]:
        return frozenset(self.indices) | {run.index for run in self.ranges}


def subscripts(tree: ast.Subscript) -> list[ast.expr]:
    """Return what stands between the brackets of ``T[i, j]``."""
    entries = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
    for entry in entries:
        if isinstance(entry, ast.Slice | ast.Starred):
            raise fail(tree, "an element has one index for each axis, no slices")
    return list(entries)


def new_index(vocabulary: Vocabulary, tree: ast.Name, bound: frozenset[str]) -> str:
    """Return the name of an index that is bound here.

    Raises:
        ParseError: the name has a meaning already.
    """
    if tree.id in vocabulary.names() or tree.id in bound:
        raise fail(tree, f"{shown(tree.id)} has a meaning already; choose another index")
    return tree.id


def general_element(vocabulary: Vocabulary, tree: ast.expr) -> tuple[Node, tuple[str, ...]] | None:
    """Return (T, indices) where ``tree`` is ``T[m, n]`` for indices of its own, else None."""
    if not isinstance(tree, ast.Subscript):
        return None
    entries = subscripts(tree)
    fresh = [
        entry.id
        for entry in entries
        if isinstance(entry, ast.Name) and entry.id not in vocabulary.names()
    ]
    if len(fresh) != len(entries) or len(set(fresh)) != len(fresh):
        return None
    of = FormulaReader(vocabulary).tensor(tree.value)
    axes = FormulaReader(vocabulary).rank(of)
    if axes != len(fresh):
        raise fail(
            tree, f"the tensor has {how_many(axes, 'axis')}, the indices are {', '.join(fresh)}"
        )
    return of, tuple(fresh)

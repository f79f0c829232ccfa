"""Text to index sums: ``sum(dY[p,q] * F[m-p*u, n-q*v] for p in range(P) for q in range(Q))``.

A sum is a product of reads under ranges; sums inside sums and products of sums are written out, and
so are sums of two terms: ``sum(..) + b[k]``.
A condition is a read as well: ``ones(1)[c]`` is 1 where c is 0 and 0 elsewhere, so that
``if (m-r) % u == 0`` becomes the factor ``ones(1)[(m-r) % u]``.
"""

from __future__ import annotations

import ast
import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from symconv.errors import how_many
from symconv.formula.nodes import Added, IndexSum, Node, Ones, Range, Read
from symconv.formula.parse import COUNT, FormulaReader, check_factors, check_parts, subscripts
from symconv.formula.sizes import Greatest, Name, Size, minus, plus
from symconv.formula.slices import Slices, SummedProduct
from symconv.formula.syntax import fail, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from symconv.formula.extents import Extents
    from symconv.formula.vocabulary import Vocabulary


MOST_TERMS = 50
"""How many products an element may add once it is written out."""


def is_element(tree: ast.expr) -> bool:
    """Whether ``tree`` is an element of a tensor, or a sum or product of elements."""
    match tree:
        case ast.Subscript():
            return True
        case ast.Call(func=ast.Name(id="sum")):
            return True
        case ast.BinOp(left=left, right=right):
            return is_element(left) or is_element(right)
        case ast.UnaryOp(operand=operand):
            return is_element(operand)
        case _:
            return False


@dataclass(frozen=True, slots=True)
class _Summand:
    """A product of elements, summed, and the extents of the one tensor in it, if there is one."""

    product: SummedProduct
    extents: Extents | None = None

    def bound(self) -> frozenset[str]:
        """Return the indices over which it is summed."""
        return frozenset(run.index for run in self.product.ranges)


@dataclass(frozen=True, slots=True)
class ElementReader:
    """Reads one element as a sum of products, or, at fixed first indices, a tensor of them.

    Attributes:
        vocabulary: the names that are known.
        indices: the indices that the other side has, in order.
        axes: names of the axes that are left beside those indices; none for an element.
        slices: collects tensors whose first indices are fixed.
    """

    vocabulary: Vocabulary
    indices: tuple[str, ...]
    axes: tuple[str, ...]
    slices: Slices

    def index_sum(self, tree: ast.expr, shape: Extents) -> Node:
        """Return the tensor whose element at the indices, and on the other axes, is ``tree``.

        Args:
            tree: what is summed.
            shape: the extents of all axes where no axis is left, else of those before.

        Raises:
            ParseError: something else than sums of products of elements.
        """
        found = list(self._read(tree, frozenset(self.indices)))
        own = [each.extents for each in found if each.extents is not None]
        if self.axes and not own:
            raise fail(tree, f"this is a number; {how_many(len(self.axes), 'axis')} are left")
        terms = []
        for each in found:  # a number beside a tensor is added to all its elements
            left = (each.extents or own[0]) if self.axes else ()
            terms.append(each.product.tensor((*shape, *left), (*self.indices, *self.axes)))
        node = terms[0] if len(terms) == 1 else Added(tuple(terms))
        check_parts(tree, node)
        check_factors(tree, node)
        return node

    def _read(self, tree: ast.expr, bound: frozenset[str]) -> tuple[_Summand, ...]:
        match tree:
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                first = self._read(left, bound)
                inside = bound.union(*(each.bound() for each in first))
                return self._times(tree, first, self._read(right, inside))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._read(left, bound) + self._read(right, bound)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return self._read(left, bound) + tuple(map(_negated, self._read(right, bound)))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return tuple(map(_negated, self._read(operand, bound)))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._read(operand, bound)
            case ast.Constant(value=1):
                return (_Summand(SummedProduct()),)
            case ast.Constant(value=int()):
                return self._factor(tree)
            case ast.Name(id=name) if name in self.vocabulary.sizes():
                return self._factor(tree)
            case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp() as loops], keywords=[]):
                return self._loops(loops, bound)
            case ast.Call(func=ast.Name(id="sum")):
                raise fail(tree, "write sums as sum(.. for p in range(P))")
            case ast.Subscript():
                return self._subscript(tree, bound)
            case ast.Name() | ast.Call() if self.axes:
                return self._tensor(tree, self._reader(bound).tensor(tree))
            case _:
                raise fail(tree, "expected an element such as F[r, s], or a product or sum of them")

    def _times(
        self, tree: ast.expr, left: tuple[_Summand, ...], right: tuple[_Summand, ...]
    ) -> tuple[_Summand, ...]:
        found = []
        for one, other in itertools.product(left, right):
            if one.extents is not None and other.extents is not None:
                axes = how_many(len(self.indices) + len(self.axes), "axis")
                raise fail(
                    tree,
                    f"two tensors are multiplied: the tensor has {axes}; give every index, "
                    "or combine what is left by an operator such as correlate",
                )
            extents = other.extents if one.extents is None else one.extents
            found.append(_Summand(one.product * other.product, extents))
        if len(found) > MOST_TERMS:
            raise fail(tree, f"written out, this adds more than {MOST_TERMS} products")
        return tuple(found)

    def _factor(self, tree: ast.expr) -> tuple[_Summand, ...]:
        """Return a number as the count of equal terms."""
        sign, number = FormulaReader(self.vocabulary).factor(tree)
        (index,) = self.slices.fresh(COUNT, 1)
        return (_Summand(SummedProduct(ranges=(Range(index, 0, number),), factor=sign)),)

    def _loops(self, tree: ast.GeneratorExp, bound: frozenset[str]) -> tuple[_Summand, ...]:
        total = SummedProduct()
        for loop in tree.generators:
            if loop.is_async or not isinstance(loop.target, ast.Name):
                raise fail(loop.target, "a sum runs over one index at a time: for p in range(P)")
            start, stop = self._bounds(loop.iter, bound)
            index = new_index(self.vocabulary, loop.target, bound)
            bound |= {index}
            total *= SummedProduct(ranges=(Range(index, start, stop),))
            reads = (read for each in loop.ifs for read in self._condition(each, bound))
            total *= SummedProduct(reads=tuple(reads))
        return self._times(tree, (_Summand(total),), self._read(tree.elt, bound))

    def _bounds(self, tree: ast.expr, bound: frozenset[str]) -> tuple[Size, Size]:
        size = self._reader(bound).size
        match tree:
            case ast.Call(func=ast.Name(id="range"), args=[stop], keywords=[]):
                return 0, size(stop)
            case ast.Call(func=ast.Name(id="range"), args=[start, stop], keywords=[]):
                return size(start), size(stop)
            case _:
                raise fail(tree, "a sum runs over range(stop) or range(start, stop)")

    def _condition(self, tree: ast.expr, bound: frozenset[str]) -> Iterator[Read]:
        if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
            for part in tree.values:
                yield from self._condition(part, bound)
            return
        if not isinstance(tree, ast.Compare):
            raise fail(tree, "a condition compares sizes: if (m-r) % u == 0")
        sizes = [self._reader(bound).size(side) for side in (tree.left, *tree.comparators)]
        for left, relation, right in zip(sizes, tree.ops, sizes[1:], strict=False):
            yield Read(Ones((1,)), (self._zero_iff(tree, left, relation, right),))

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

    def _subscript(self, tree: ast.Subscript, bound: frozenset[str]) -> tuple[_Summand, ...]:
        reader = self._reader(bound)
        of, entries = reader.tensor(tree.value), reader.entries(tree)
        left = reader.rank(of) - len(entries)
        if left == 0:
            terms = self.slices.terms(of)
            return tuple(_Summand(self.slices.element(term, entries)) for term in terms)
        if left < 0 or left != len(self.axes):
            raise fail(
                tree,
                f"{how_many(len(entries), 'index')} where the tensor has "
                f"{how_many(reader.rank(of), 'axis')}",
            )
        terms = self.slices.terms(of)
        found = (self._tensor(tree, self.slices.add(term, entries)) for term in terms)
        return tuple(itertools.chain.from_iterable(found))

    def _tensor(self, tree: ast.expr, node: Node) -> tuple[_Summand, ...]:
        extents = self.slices.extents(node)
        if len(extents) != len(self.axes):
            raise fail(
                tree,
                f"a tensor of {how_many(len(extents), 'axis')} where "
                f"{len(self.axes)} are left on the other side",
            )
        index = tuple(map(Name, self.axes))
        terms = self.slices.terms(node)
        return tuple(_Summand(self.slices.inner(term, index), extents) for term in terms)

    def _reader(self, bound: frozenset[str]) -> FormulaReader:
        return FormulaReader(self.vocabulary, bound, self.slices)


def _negated(summand: _Summand) -> _Summand:
    product = summand.product
    return replace(summand, product=replace(product, factor=-product.factor))


def new_index(vocabulary: Vocabulary, tree: ast.Name, bound: frozenset[str]) -> str:
    """Return the name of an index that is bound here.

    Raises:
        ParseError: the name has a meaning already.
    """
    if tree.id in vocabulary.names() or tree.id in bound:
        raise fail(tree, f"{shown(tree.id)} has a meaning already; choose another index")
    return tree.id


@dataclass(frozen=True, slots=True)
class GeneralElement:
    """What ``T[m, 0]`` names: the elements of T at every m, where the other indices are these.

    Attributes:
        of: T.
        entries: all that stands between the brackets.
        indices: the names that are bound here.
        left: how many axes of T are left.
    """

    of: Node
    entries: tuple[Size, ...]
    indices: tuple[str, ...]
    left: int

    def tensor(self, shape: Extents, axes: tuple[str, ...]) -> Node:
        """Return the tensor of these elements, given the shape of T and names for what is left."""
        if self.entries == tuple(map(Name, self.indices)):
            return self.of
        extents = dict(zip(self.entries, shape, strict=False))
        kept = tuple(extents[Name(name)] for name in self.indices)
        read = Read(self.of, (*self.entries, *map(Name, axes)))
        return IndexSum((*kept, *shape[len(self.entries) :]), (*self.indices, *axes), (), (read,))


def own_indices(vocabulary: Vocabulary, tree: ast.expr) -> tuple[str, ...] | None:
    """Return the names that ``T[m, 0]`` binds, or None where ``tree`` is nothing of this kind."""
    if not isinstance(tree, ast.Subscript):
        return None
    _, entries = _unnested(tree)
    known = vocabulary.names()
    fresh = [e.id for e in entries if isinstance(e, ast.Name) and e.id not in known]
    others = (e for e in entries if not (isinstance(e, ast.Name) and e.id in fresh))
    used = (part for entry in others for part in ast.walk(entry))
    if len(set(fresh)) != len(fresh) or any(
        isinstance(part, ast.Name) and part.id not in known for part in used
    ):
        return None
    return tuple(fresh)


def general_element(
    vocabulary: Vocabulary, tree: ast.Subscript, indices: tuple[str, ...], slices: Slices
) -> GeneralElement:
    """Return what ``T[m, 0]`` names, given the indices of its own.

    Raises:
        ParseError: T is no tensor, or has fewer axes.
    """
    value, entries = _unnested(tree)
    of = slices.whole(FormulaReader(vocabulary, slices=slices).tensor(value))
    rank = FormulaReader(vocabulary).rank(of)
    if len(entries) > rank:
        names = ", ".join(map(ast.unparse, entries))
        raise fail(tree, f"the tensor has {how_many(rank, 'axis')}, the indices are {names}")
    index = tuple(map(FormulaReader(vocabulary, frozenset(indices)).size, entries))
    return GeneralElement(of, index, indices, rank - len(entries))


def _unnested(tree: ast.Subscript) -> tuple[ast.expr, list[ast.expr]]:
    """Return T, i and j of ``T[i, j]`` or ``T[i][j]``."""
    if not isinstance(tree.value, ast.Subscript):
        return tree.value, subscripts(tree)
    value, entries = _unnested(tree.value)
    return value, entries + subscripts(tree)

"""Text to formulas: sizes such as ``R-1 + (H-R) % u``, and tensors made by operators.

Python's expression syntax, read through its syntax tree against a closed list of what is known;
every error says the column, and the nearest name where one is unknown.
"""

from __future__ import annotations

import ast
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symconv.errors import FormulaError, OutOfReachError, how_many
from symconv.formula.extents import extents
from symconv.formula.factors import factors
from symconv.formula.nodes import Added, IndexSum, Leaf, Node, Range, Read, Scaled, Vjp, scaled
from symconv.formula.operators import OPERATORS, build
from symconv.formula.sizes import (
    Difference,
    Greatest,
    Least,
    Name,
    Product,
    Quotient,
    Remainder,
    Size,
    Sum,
    names,
    times,
)
from symconv.formula.slices import unused
from symconv.formula.syntax import fail, nearest, shown, syntax_tree
from symconv.formula.vocabulary import NEEDS
from symconv.formula.walk import parts
from symconv.formula.words import GREATEST, LEAST, MEANT, SUM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from symconv.formula.slices import Slices
    from symconv.formula.vocabulary import Vocabulary

LARGEST = 10**9
"""The largest integer that may be written in a formula."""

COUNT = "z"
"""The index of a sum that only says how often its term is added."""

MOST = 5_000
"""The most parts a formula may have once defined tensors and shapes are written out."""

_BINARY: Mapping[type[ast.operator], Callable[[Size, Size], Size]] = {
    ast.Add: Sum,
    ast.Sub: Difference,
    ast.Mult: Product,
    ast.FloorDiv: Quotient,
    ast.Mod: Remainder,
}
_EXTREMES: Mapping[str, Callable[[Size, Size], Size]] = {LEAST.name: Least, GREATEST.name: Greatest}


@dataclass(frozen=True, slots=True)
class FormulaReader:
    """Reads syntax trees in a vocabulary, where some indices may be bound.

    Attributes:
        vocabulary: the names that are known.
        indices: index variables that may stand in sizes.
        slices: collects tensors whose first indices are fixed; None where there may be none.
    """

    vocabulary: Vocabulary
    indices: frozenset[str] = field(default=frozenset())
    slices: Slices | None = None

    def size(self, tree: ast.expr) -> Size:
        """Return the integer expression that ``tree`` is.

        Raises:
            ParseError: anything else than names, integers and + - * // % min max.
        """
        match tree:
            case ast.Constant(value=int() as value) if not isinstance(value, bool):
                return self._integer(tree, value)
            case ast.Name(id=name):
                return self._name(tree, name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                negated = self.size(operand)
                return -negated if isinstance(negated, int) else Difference(0, negated)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.size(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return _BINARY[type(op)](self.size(left), self.size(right))
            case ast.BinOp(op=ast.Div()):
                raise fail(tree, "sizes are integers: write // for division (it rounds down)")
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _EXTREMES:
                return self._extreme(tree, name, args)
            case _:
                raise fail(tree, f"{_described(tree)} is no size; use names, integers, + - * // %")

    def tensor(self, tree: ast.expr) -> Node:
        """Return the formula of a tensor that ``tree`` is, defined tensors written out.

        Raises:
            ParseError: an unknown name or operator, or arguments that do not fit.
        """
        match tree:
            case ast.Name(id=name):
                return self._named_tensor(tree, name)
            case ast.Call(func=ast.Name(id=name)) if name in OPERATORS:
                return self._called(tree, name)
            case ast.Subscript() if self.slices is not None:
                return self._sliced(tree, self.slices)
            case ast.Call(func=ast.Name(id=SUM.name)):
                raise fail(tree, "operators are linear: sum what they return, not their arguments")
            case ast.Call(func=ast.Name(id=name)):
                hint = nearest(name, OPERATORS, MEANT)
                raise fail(tree, f"unknown operator {shown(name)}{hint}")
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._added(tree, self.tensor(left), self.tensor(right))
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return self._added(tree, self.tensor(left), scaled(self.tensor(right), -1))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return scaled(self.tensor(operand), -1)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.tensor(operand)
            case ast.BinOp(left=left, op=ast.Mult(), right=right) if self._is_multiple(tree):
                number, of = (left, right) if self.is_tensor(right) else (right, left)
                sign, often = self.factor(number)
                return scaled(self._often(often, self.tensor(of)), sign)
            case ast.BinOp():
                raise fail(
                    tree,
                    "tensors are added, taken away, multiplied by a number, or combined by "
                    "operators such as correlate",
                )
            case _:
                raise fail(tree, f"{_described(tree)} is not a tensor")

    def rank(self, node: Node) -> int:
        """Return the number of axes of ``node``."""
        return len(self.extents(node))

    def extents(self, node: Node) -> tuple[Size, ...]:
        """Return the shape of ``node``."""
        if self.slices is None:
            return extents(node, self.vocabulary.leaves)
        return self.slices.extents(node)

    def entries(self, tree: ast.Subscript) -> tuple[Size, ...]:
        """Return the indices between the brackets of ``T[i, j]``."""
        return tuple(map(self.size, subscripts(tree)))

    def is_tensor(self, tree: ast.expr) -> bool:
        """Whether ``tree`` is the name of a tensor or an operator that makes one."""
        match tree:
            case ast.Name(id=name):
                return name in self.vocabulary.leaves or name in self.vocabulary.tensors
            case ast.Call(func=ast.Name(id=name)):
                return name in OPERATORS
            case ast.BinOp(left=left, right=right):
                return self.is_tensor(left) or self.is_tensor(right)
            case ast.UnaryOp(operand=operand):
                return self.is_tensor(operand)
            case ast.Subscript(value=value):
                return self.is_tensor(value)
            case _:
                return False

    def _called(self, tree: ast.Call, name: str) -> Node:
        # Indices are bound in brackets only.
        inside = _OutsideBrackets(self.vocabulary, self.indices, self.slices)
        node = build(name, tree, inside)
        self._check(tree, node)
        return node

    def factor(self, tree: ast.expr) -> tuple[int, Size]:
        """Return what a tensor is multiplied by: a sign, and a number that is never below 0.

        Raises:
            ParseError: it is no integer, and no product of sizes that are never below 0.
        """
        match tree:
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                sign, size = self.factor(operand)
                return -sign, size
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                (sign, one), (other, two) = self.factor(left), self.factor(right)
                return sign * other, times(one, two)
        size = self.size(tree)
        least = [self.vocabulary.integers.get(name, 1) for name in names(size)]
        inside = list(parts(size))
        products = all(isinstance(part, Product | Name | int | str) for part in inside)
        numbers = all(part >= 0 for part in inside if isinstance(part, int))
        if not (products and numbers) or any(each is None or each < 0 for each in least):
            raise fail(tree, "a factor is an integer, or a product of sizes of at least 0")
        return 1, size

    def _is_multiple(self, tree: ast.BinOp) -> bool:
        return self.is_tensor(tree.left) != self.is_tensor(tree.right)

    def _often(self, number: Size, of: Node) -> Node:
        """Return ``of`` added to itself, ``number`` times in all."""
        if number == 1:
            return of
        if isinstance(of, Added):
            return Added(tuple(self._often(number, term) for term in of.terms))
        if isinstance(of, Scaled):
            return scaled(self._often(number, of.of), of.factor)
        shape, free = self.extents(of), names(number)
        indices = tuple(unused(f"i{k}", free) for k in range(len(shape)))
        read = Read(of, tuple(map(Name, indices)))
        return IndexSum(shape, indices, (Range(unused(COUNT, free), 0, number),), (read,))

    def _added(self, tree: ast.expr, left: Node, right: Node) -> Node:
        ranks = self.rank(left), self.rank(right)
        if ranks[0] != ranks[1]:
            raise fail(tree, f"{how_many(ranks[0], 'axis')} and {ranks[1]}: no sum of tensors")
        terms = (each.terms if isinstance(each, Added) else (each,) for each in (left, right))
        return Added(tuple(term for each in terms for term in each))

    def _sliced(self, tree: ast.Subscript, slices: Slices) -> Node:
        of = self.tensor(tree.value)
        if isinstance(of, Added) and slices.occur_in(of):
            raise fail(tree, "fix the indices of each term, not of a sum of such tensors")
        index = self.entries(tree)
        rank = self.rank(of)
        if len(index) >= rank:
            raise fail(
                tree,
                f"{how_many(len(index), 'index')} of {how_many(rank, 'axis')}: that leaves a "
                "number where a tensor is needed",
            )
        return slices.add(of, index)

    def _integer(self, tree: ast.expr, value: int) -> int:
        if abs(value) > LARGEST:
            raise fail(tree, f"the integer is beyond {LARGEST}; sizes are smaller")
        return value

    def _name(self, tree: ast.expr, name: str) -> Name:
        words = self.vocabulary
        if name in words.integers or name in words.definitions or name in self.indices:
            return Name(name)
        if name in words.leaves or name in words.tensors:
            raise fail(tree, f"{name} is a tensor where a size is needed")
        self._check_asked_for(tree, name)
        known = (*words.integers, *words.definitions, *sorted(self.indices))
        raise fail(
            tree,
            f"unknown size {shown(name)}{nearest(name, known)} (known are {', '.join(known)})",
        )

    def _named_tensor(self, tree: ast.expr, name: str) -> Node:
        words = self.vocabulary
        if name in words.leaves:
            return Leaf(name)
        if name in words.tensors:
            return words.tensors[name]
        if name in words.integers or name in words.definitions:
            raise fail(tree, f"{name} is a size where a tensor is needed")
        self._check_asked_for(tree, name)
        known = (*words.leaves, *words.tensors)
        hint = nearest(name, known, MEANT)
        raise fail(tree, f"unknown tensor {shown(name)}{hint} (known are {', '.join(known)})")

    def _check_asked_for(self, tree: ast.expr, name: str) -> None:
        if name in NEEDS:
            raise fail(
                tree, f"{name} is known for the convolution with general = {NEEDS[name]} only"
            )

    def _extreme(self, tree: ast.expr, name: str, args: list[ast.expr]) -> Size:
        if len(args) < 2:
            raise fail(tree, f"{name} compares at least two sizes")
        sizes = [self.size(arg) for arg in args]
        result = sizes[0]
        for size in sizes[1:]:
            result = _EXTREMES[name](result, size)
        return result

    def _check(self, tree: ast.expr, node: Node) -> None:
        check_parts(tree, node)
        if self.slices is not None and isinstance(node, Vjp) and self.slices.occur_in(node):
            raise fail(
                tree, "vjp takes whole tensors; fix the indices of its result: vjp(Y, X, dY)[n]"
            )
        check_factors(tree, node)


class _OutsideBrackets(FormulaReader):
    """Reads what stands in no brackets: indices are not known there, but inside of them."""

    def size(self, tree: ast.expr) -> Size:
        return FormulaReader(self.vocabulary).size(tree)

    def entries(self, tree: ast.Subscript) -> tuple[Size, ...]:
        inside = FormulaReader(self.vocabulary, self.indices)
        return tuple(map(inside.size, subscripts(tree)))


def subscripts(tree: ast.Subscript) -> list[ast.expr]:
    """Return what stands between the brackets of ``T[i, j]``."""
    entries = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
    for entry in entries:
        if isinstance(entry, ast.Slice | ast.Starred):
            raise fail(tree, "an element has one index for each axis, no slices")
    return list(entries)


def check_factors(tree: ast.expr, node: Node) -> None:
    """Refuse a gradient with respect to a leaf that does not occur.

    A product that holds a leaf twice has a meaning and is read; that it is not judged is for the
    judge to say.

    Raises:
        ParseError: there is one.
    """
    try:
        with suppress(OutOfReachError):
            factors(node)
    except FormulaError as error:
        raise fail(tree, str(error)) from None


def check_parts(tree: ast.expr, formula: object) -> None:
    """Refuse a formula that grows beyond `MOST` parts once everything is written out.

    Raises:
        ParseError: it does.
    """
    if any(count > MOST for count, _ in enumerate(parts(formula))):
        raise fail(tree, f"written out, the formula has more than {MOST} parts")


def parse_size(text: str, vocabulary: Vocabulary) -> Size:
    """Return the size that ``text`` is.

    Raises:
        ParseError: it is none.
    """
    return FormulaReader(vocabulary).size(syntax_tree(text))


def parse_tensor(text: str, vocabulary: Vocabulary) -> Node:
    """Return the formula of a tensor that ``text`` is.

    Raises:
        ParseError: it is none.
    """
    return FormulaReader(vocabulary).tensor(syntax_tree(text))


def _described(tree: ast.expr) -> str:
    match tree:
        case ast.Constant(value=value):
            return "a number" if type(value) is int else shown(repr(value))
        case ast.Call(func=ast.Name(id=name)):
            return f"{shown(name)}(..)"
        case ast.Tuple():
            return "a tuple"
        case ast.Subscript():
            return "an element"
        case ast.BinOp(op=ast.Pow()):
            return "a power"
        case _:
            return {
                "BoolOp": "and/or",
                "IfExp": "if .. else",
                "ListComp": "a list",
                "GeneratorExp": "a sum without sum(..)",
            }.get(type(tree).__name__, f"this ({type(tree).__name__})")

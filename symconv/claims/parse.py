"""Text to claims: ``dX == correlate(pad(dilate(dY, (u, v)), ..), rotate(F))``, and where it holds.

A claim equates two tensors, their elements, their shapes, or sizes, or says that sizes are in
order.  Hypotheses are comparisons of sizes, chained or joined by ``and``; a scope is a list such as
``H=4..12, R=1..4, u=3``.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from symconv.claims.assumptions import taken_for_granted
from symconv.claims.claim import Claim, Condition, ShapeOf, Side
from symconv.claims.constants import Rows, with_constants
from symconv.claims.declarations import declared
from symconv.claims.definitions import defined
from symconv.claims.verdict import Verdict
from symconv.errors import ParseError, how_many
from symconv.formula.elements import ElementReader, general_element, is_element, own_indices
from symconv.formula.nodes import Leaf, Vjp
from symconv.formula.parse import FormulaReader, check_parts
from symconv.formula.sizes import Greatest, Least, Name, Size, names, plus
from symconv.formula.slices import Slices
from symconv.formula.syntax import fail, nearest, shown, syntax_tree
from symconv.formula.vocabulary import Vocabulary, vocabulary
from symconv.formula.walk import parts
from symconv.formula.words import EXTREMES, axes, moved_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_RELATIONS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.LtE: "<=",
    ast.Lt: "<",
    ast.GtE: ">=",
    ast.Gt: ">",
}


def parse_claim(
    statement: str,
    *,
    where: Iterable[str] = (),
    general: Collection[str] = (),
    tensors: Mapping[str, str] | None = None,
    integers: Mapping[str, str | int] | None = None,
    define: Iterable[str] = (),
    constants: Mapping[str, Rows] | None = None,
    sizes: str | None = None,
    id: str = "inline",
    expected: Verdict = Verdict.PROVED,
    rank: int = 2,
) -> Claim:
    """Return the claim that ``statement`` makes.

    Args:
        statement: two sides with ``==`` between them.
        where: hypotheses, such as ``(H - R) % u == 0``.
        general: what Y has beyond the lecture's convolution: padding, dilation, crop,
            input-dilation, batch, channels, groups, bias.
        tensors: more leaves with their shapes, such as ``{"G": "R2 x S2"}``; a new name in
            one is an integer of at least 1, and known to those that follow.
        integers: more integers with a bound: ``">= 0"``, ``"1..4"``, or the least value.
        define: what declared tensors are, such as ``Z[i] == sum(M[i,j]*A[j] for j in range(n1))``.
        constants: tensors of numbers, such as ``{"AT": ((1, 1), (1, "-1/2"))}``.
        sizes: listed scope; None is every size.  A size that is not listed takes the values of
            its twin on the other axis.
        id: the claim's name.
        expected: the verdict that is asserted.
        rank: how many axes the convolution has, 1 to 3.

    Raises:
        ParseError: one of the texts cannot be read; the message says which and where.
    """
    words, bounds = declared(vocabulary(general, rank), tensors or {}, integers or {})
    words = all_words(words, tensors or {}, define, constants or {})
    order = parse_order(statement, words)
    left, right = _in_order(order) if order else parse_sides(statement, words)
    texts = tuple(where)
    hypotheses = tuple(condition for text in texts for condition in _where(text, words))
    leaves = _leaves_of((left, right), words)
    said = (left, right, hypotheses, tuple(leaves.values()))
    granted = taken_for_granted(words, leaves, _names_in(said))
    used = _names_of((*said, granted), words)
    return Claim(
        id=id,
        statement=" ".join(statement.split()),
        left=left,
        right=right,
        leaves=leaves,
        integers={name: least for name, least in words.integers.items() if name in used},
        definitions={name: size for name, size in words.definitions.items() if name in used},
        assumptions=granted + tuple(bound for bound in bounds if names(bound.left) <= used),
        where=hypotheses,
        sizes=None if sizes is None else parse_scope(sizes, words, used),
        expected=expected,
        hypotheses=texts,
        declared=used.intersection(integers or {}),
        order=order,
    )


def all_words(
    words: Vocabulary,
    tensors: Iterable[str],
    define: Iterable[str],
    constants: Mapping[str, Rows],
) -> Vocabulary:
    """Return the vocabulary with the constants of a claim and with what it defines.

    Raises:
        ParseError: one of them cannot be read.
    """
    return defined(with_constants(words, constants), tensors, define)


def parse_order(statement: str, words: Vocabulary) -> tuple[Condition, ...]:
    """Return the comparisons of ``P*u <= H + pt < W``, none where two sides are equated.

    Raises:
        ParseError: no claim, or something else than sizes is in order.
    """
    tree = _comparison(statement)
    if all(isinstance(relation, ast.Eq) for relation in tree.ops) and len(tree.ops) == 1:
        return ()
    for side in (tree.left, *tree.comparators):
        if is_element(side) or FormulaReader(words).is_tensor(side):
            raise fail(side, "only sizes are in order: split this, and write == between tensors")
    for relation, right in zip(tree.ops, tree.comparators, strict=True):
        if isinstance(relation, ast.NotEq):
            raise fail(
                right, "a claim says == < <= > or >=; what differs somewhere is refuted by =="
            )
    return tuple(_conditions(tree, words))


def _in_order(order: Iterable[Condition]) -> tuple[Side, Side]:
    """Return sides that are equal iff all of ``order`` holds."""
    left, right = zip(*map(_equated, order), strict=True)
    return left, right


def _equated(condition: Condition) -> tuple[Size, Size]:
    """Return sizes that are equal iff ``condition`` holds."""
    left, right = condition.left, condition.right
    match condition.relation:
        case "==":
            return left, right
        case "<=":
            return Greatest(left, right), right
        case "<":
            return Greatest(plus(left, 1), right), right
        case ">=":
            return Least(left, right), right
        case ">":
            return Least(left, plus(right, 1)), plus(right, 1)
    raise ValueError(f"{condition.relation} is no order")


def parse_sides(statement: str, words: Vocabulary) -> tuple[Side, Side]:
    """Return the two sides of ``left == right``.

    Raises:
        ParseError: no claim, or sides that cannot be equal because they are of different kinds.
    """
    tree = _equality(statement)
    left, right = tree.left, tree.comparators[0]
    if is_element(left) or is_element(right):
        return _elements(left, right, words)
    sides = _side(left, words), _side(right, words)
    kinds = tuple(map(_kind, sides))
    if kinds[0] != kinds[1] and not _is_extent(sides, words):
        raise fail(tree, f"the left side is {kinds[0]}, the right side is {kinds[1]}")
    ranks = [_rank(side, words) for side in sides]
    if ranks[0] != ranks[1]:
        raise fail(
            tree, f"the left side has {how_many(ranks[0], 'axis')}, the right side {ranks[1]}"
        )
    return sides


def parse_scope(text: str, words: Vocabulary, used: Collection[str]) -> Mapping[str, range]:
    """Return the values of every size in ``used`` that is free, from ``H=4..12, R=3``.

    Raises:
        ParseError: an entry that is no size with values, or a size without values.
    """
    scope: dict[str, range] = {}
    entries = list(filter(None, map(str.strip, text.split(","))))
    if not entries:
        raise ParseError("sizes: none are listed; write H=4..12, or leave them out")
    for entry in entries:
        match = re.fullmatch(r"(\w{1,40})\s*=\s*(-?\d{1,9})(?:\s*\.\.\s*(-?\d{1,9}))?", entry)
        if not match:
            raise ParseError(f"sizes: {shown(entry)!r} is not of the form H=4..12 or H=5")
        name, first, last = match[1], int(match[2]), int(match[3] or match[2])
        _check_listed(name, first, last, words, scope)
        scope[name] = range(first, last + 1)
    for axis in axes(words.rank):
        for twin, name in moved_to(axis, rank=words.rank).items():
            if name not in scope and twin in scope and name in words.integers:
                scope[name] = scope[twin]
    missing = [name for name in words.integers if name in used and name not in scope]
    if missing:
        raise ParseError(f"sizes: no values for {', '.join(missing)}; list them as well")
    return {name: scope[name] for name in words.integers if name in used}


def _check_listed(
    name: str, first: int, last: int, words: Vocabulary, scope: Mapping[str, range]
) -> None:
    if name in words.definitions:
        raise ParseError(f"sizes: {name} follows from the other sizes and cannot be listed")
    if name not in words.integers:
        raise ParseError(f"sizes: unknown size {name}{nearest(name, words.integers)}")
    if name in scope:
        raise ParseError(f"sizes: {name} is listed twice")
    least = words.integers[name]
    if first > last:
        raise ParseError(f"sizes: {name}={first}..{last} holds no value")
    if least is not None and first < least:
        raise ParseError(f"sizes: {name} is at least {least}, and {first} is listed")


def _comparison(statement: str) -> ast.Compare:
    if single := re.match(r"[^(=!<>]*=(?!=)", statement):
        raise ParseError("a claim has two equals signs: left == right", single.end())
    tree = syntax_tree(statement)
    if not isinstance(tree, ast.Compare):
        raise ParseError("this is no claim; write left == right")
    for relation, right in zip(tree.ops, tree.comparators, strict=True):
        if type(relation) not in _RELATIONS:
            raise fail(right, "a claim compares: write == between its sides")
    return tree


def _equality(statement: str) -> ast.Compare:
    tree = _comparison(statement)
    if len(tree.ops) != 1:
        raise fail(tree.comparators[1], "a claim has one ==; split it into several claims")
    if not isinstance(tree.ops[0], ast.Eq):
        raise fail(tree.comparators[0], "two sides are equated: write ==")
    return tree


def _side(tree: ast.expr, words: Vocabulary) -> Side:
    slices = _slices(words, tree)
    reader = FormulaReader(words, slices=slices)
    match tree:
        case ast.Call(func=ast.Name(id="shape"), args=[of], keywords=[]):
            return ShapeOf(slices.whole(reader.tensor(of)))
        case ast.Call(func=ast.Name(id="shape")):
            raise fail(tree, "shape takes one tensor: shape(Y)")
        case ast.Tuple(elts=entries):
            if not entries:
                raise fail(tree, "a shape has at least one extent")
            sizes = tuple(map(reader.size, entries))
            check_parts(tree, sizes)
            return sizes
        case ast.Name(id=name) if name in words.integers or name in words.definitions:
            return (reader.size(tree),)
        case ast.Call(func=ast.Name(id=name)) if name in EXTREMES:
            return (reader.size(tree),)
        case ast.Name() | ast.Call(func=ast.Name()):
            return slices.whole(reader.tensor(tree))
        case ast.BinOp() | ast.UnaryOp() if reader.is_tensor(tree):
            return slices.whole(reader.tensor(tree))
        case _:
            return (reader.size(tree),)


def _elements(left: ast.expr, right: ast.expr, words: Vocabulary) -> tuple[Side, Side]:
    """Return ``T[m, n] == sum(..)`` as an equation of T and the tensor of the sums."""
    slices = _slices(words, left, right)
    found = [(each, own) for side in (left, right) for each, own in _own(side, words)]
    if not found and not any(_indexed(side) for side in (left, right)):
        numbers = ElementReader(words, (), (), slices)
        return numbers.index_sum(left, ()), numbers.index_sum(right, ())
    if not found:
        raise fail(left, "one side has to be an element with its own indices, such as dX[m, n]")
    stated, indices = max(found, key=lambda each: (each[0] in (left, right), len(each[1])))
    element = general_element(words, stated, indices, slices)
    axes = slices.fresh("i", element.left)
    shape = FormulaReader(words).extents(element.of)
    of = element.tensor(shape, axes)
    known = FormulaReader(words).extents(of)
    reader = ElementReader(words, element.indices, axes, slices)
    kept = known[: len(element.indices)] if axes else known
    first, second = (of if s is stated else reader.index_sum(s, kept) for s in (left, right))
    return first, second


def _indexed(tree: ast.expr) -> bool:
    """Whether a side adds an element that is not summed: then it is no number."""
    match tree:
        case ast.Subscript():
            return True
        case ast.BinOp(left=left, right=right):
            return _indexed(left) or _indexed(right)
        case ast.UnaryOp(operand=operand):
            return _indexed(operand)
        case _:
            return False


def _own(tree: ast.expr, words: Vocabulary) -> Iterator[tuple[ast.Subscript, tuple[str, ...]]]:
    """Yield the elements that a side adds, with the indices of their own."""
    match tree:
        case ast.Subscript():
            indices = own_indices(words, tree)
            if indices is not None:
                yield tree, indices
        case ast.BinOp(left=left, right=right):
            yield from _own(left, words)
            yield from _own(right, words)
        case ast.UnaryOp(operand=operand):
            yield from _own(operand, words)


def _slices(words: Vocabulary, *trees: ast.expr) -> Slices:
    """Return what collects the tensors with fixed first indices in a claim."""
    parts = (part for tree in trees for part in ast.walk(tree))
    return Slices(words.leaves, {*words.names(), *(p.id for p in parts if isinstance(p, ast.Name))})


def _where(text: str, words: Vocabulary) -> list[Condition]:
    try:
        return _conditions(syntax_tree(text), words)
    except ParseError as error:
        raise ParseError(f"where {shown(text)!r}: {error}") from None


def _conditions(tree: ast.expr, words: Vocabulary) -> list[Condition]:
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        return [condition for part in tree.values for condition in _conditions(part, words)]
    if not isinstance(tree, ast.Compare):
        raise fail(tree, "a hypothesis compares sizes, as in (H - R) % u == 0")
    conditions = []
    sides = [tree.left, *tree.comparators]
    for left, relation, right in zip(sides, tree.ops, sides[1:], strict=False):
        if type(relation) not in _RELATIONS:
            raise fail(right, "a hypothesis uses one of == != <= < >= >")
        sizes = FormulaReader(words).size(left), FormulaReader(words).size(right)
        conditions.append(Condition(sizes[0], _RELATIONS[type(relation)], sizes[1]))
    return conditions


def _kind(side: Side) -> str:
    if isinstance(side, ShapeOf) or (isinstance(side, tuple) and len(side) > 1):
        return "a shape"
    return "a size" if isinstance(side, tuple) else "a tensor"


def _is_extent(sides: tuple[Side, Side], words: Vocabulary) -> bool:
    """Whether a size is compared with the shape of a tensor of one axis."""
    shapes = all(isinstance(side, tuple | ShapeOf) for side in sides)
    return shapes and all(_rank(side, words) == 1 for side in sides)


def _rank(side: Side, words: Vocabulary) -> int:
    if isinstance(side, tuple):
        return len(side)
    return FormulaReader(words).rank(side.of if isinstance(side, ShapeOf) else side)


def _leaves_of(sides: tuple[Side, Side], words: Vocabulary) -> dict[str, tuple[Size, ...]]:
    found = {part.name for part in parts(sides) if isinstance(part, Leaf)}
    found |= {part.wrt for part in parts(sides) if isinstance(part, Vjp)}
    return {name: shape for name, shape in words.leaves.items() if name in found}


def _names_in(formula: object) -> frozenset[str]:
    return frozenset(part.name for part in parts(formula) if isinstance(part, Name))


def _names_of(formula: object, words: Vocabulary) -> frozenset[str]:
    """Return the free and defined integers in ``formula``, and those that define them."""
    found = _names_in(formula)
    defined = (words.definitions[name] for name in found if name in words.definitions)
    return found.union(*map(names, defined))

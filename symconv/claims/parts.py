"""A claim about sums of tensors, as claims about the products in it.

Tensors are independent, so that two sums are equal iff the products of the same tensors are:
``X*F + b == X*F + b`` says so of the products of X and F, and of b.  What is missing on one side is
0 there, what is taken away on one side is added on the other, and fractions are multiplied by what
makes them whole.  A sum has a meaning where its terms have one shape, which is a part of the claim
as well, wherever in a formula the sum stands: ``subsample(X + G, 2)`` may have a shape where X + G
has none; and where a term has no meaning the sum has none, though it is added and taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import lcm, prod

from symconv.claims.claim import Claim, ShapeOf, Side
from symconv.formula.extents import Extents, extents
from symconv.formula.factors import factors
from symconv.formula.nodes import Added, Constant, IndexSum, Leaf, Node, Range, Read, Scaled, Vjp
from symconv.formula.parse import COUNT
from symconv.formula.sizes import Name, names
from symconv.formula.summands import Summand, summands
from symconv.formula.walk import parts as parts_inside


def parts(claim: Claim) -> tuple[Claim, ...]:
    """Return claims that say together what ``claim`` says, each about products of the same tensors.

    Raises:
        OutOfReachError: more products than are looked at.
    """
    if not claim.whole:
        return (claim,)
    if not any(map(_adds, parts_inside((claim.left, claim.right)))):
        return (claim,)
    pairs = dict.fromkeys(_pairs(claim))
    return tuple(part_of(claim, left, right) for left, right in pairs)


def _adds(part: object) -> bool:
    """Whether a part of a formula is a sum of tensors, or a multiple of one."""
    if isinstance(part, IndexSum):
        return any(_is_count(run, part) for run in part.ranges)
    return isinstance(part, Added | Scaled | Constant)


def part_of(claim: Claim, left: Side, right: Side) -> Claim:
    """Return the part of ``claim`` that two sides of it are equal."""
    inside = list(parts_inside((left, right)))
    read = {part.name for part in inside if isinstance(part, Leaf)}
    read |= {part.wrt for part in inside if isinstance(part, Vjp)}
    leaves = {name: shape for name, shape in claim.leaves.items() if name in read}
    return replace(claim, left=left, right=right, leaves=leaves, whole=False)


def terms_of(side: Node, claim: Claim) -> Mapping[Node, int]:
    """Return the terms of one side of a part of ``claim``, and how often each is added."""
    counts: dict[Node, int] = {}
    for term in side.terms if isinstance(side, Added) else (side,):
        node, count = _counted(term, claim)
        counts[node] = counts.get(node, 0) + count
    return counts


def _pairs(claim: Claim) -> Iterator[tuple[Side, Side]]:
    left, right = claim.left, claim.right
    yield from _meanings(claim)
    if isinstance(left, tuple | ShapeOf) or isinstance(right, tuple | ShapeOf):
        yield _shape(left), _shape(right)
        return
    sides = summands(left), summands(right)
    like = sides[0][0].node, sides[1][0].node
    if extents(like[0], claim.leaves) != extents(like[1], claim.leaves):
        yield ShapeOf(like[0]), ShapeOf(like[1])
    for tensors in dict.fromkeys(factors(term.node) for side in sides for term in side):
        mine, others = ([t for t in side if factors(t.node) == tensors] for side in sides)
        yield from _balanced(mine, others, tensors, like, claim)


def _meanings(claim: Claim) -> Iterator[tuple[Side, Side]]:
    """Yield what every sum in a claim needs: terms of one shape, those without the leaf as well."""
    for part in dict.fromkeys(parts_inside((claim.left, claim.right))):
        match part:
            case Added(terms):
                first, *others = (term.node for each in terms for term in summands(each))
                for other in dict.fromkeys(others):
                    if extents(other, claim.leaves) != extents(first, claim.leaves):
                        yield ShapeOf(first), ShapeOf(other)
            case Vjp(of, wrt):
                for term in summands(of):
                    if wrt not in factors(term.node):  # it is 0 in the gradient
                        yield term.node, term.node


def _shape(side: Side) -> Side:
    return ShapeOf(summands(side.of)[0].node) if isinstance(side, ShapeOf) else side


def _balanced(
    left: list[Summand],
    right: list[Summand],
    tensors: frozenset[str],
    like: tuple[Node, Node],
    claim: Claim,
) -> Iterator[tuple[Node, Node]]:
    """Yield what has to be equal: terms that stand on both sides by themselves, then the rest."""
    terms = [*left, *(replace(term, factor=-term.factor) for term in right)]
    whole = lcm(*(term.factor.denominator for term in terms))
    counts: dict[Node, int] = {}
    for term in terms:
        node, count = _counted(term.node, claim)
        counts[node] = counts.get(node, 0) + int(term.factor * whole) * count
    for node in [node for node, count in counts.items() if not count]:
        yield node, node  # it has a meaning all the same
        del counts[node]
    if counts:
        sides = (
            tuple(_often(sign * n, node, claim) for node, n in counts.items() if sign * n > 0)
            for sign in (1, -1)
        )
        first, second = (
            (Added(side) if len(side) > 1 else side[0]) if side else _zero(tensors, each, claim)
            for side, each in zip(sides, like, strict=True)
        )
        yield first, second


def _counted(node: Node, claim: Claim) -> tuple[Node, int]:
    """Return what is added to itself in a formula, and how often; any other formula once."""
    if not isinstance(node, IndexSum):
        return node, 1
    often = [run for run in node.ranges if _is_count(run, node)]
    ranges = tuple(run for run in node.ranges if run not in often)
    count = prod(run.stop for run in often if isinstance(run.stop, int))
    match replace(node, ranges=ranges):
        case IndexSum(shape, indices, (), (Read(of, index),)) if index == tuple(map(Name, indices)):
            if extents(of, claim.leaves) == shape:
                return of, count
    return replace(node, ranges=ranges), count


def _is_count(run: Range, node: IndexSum) -> bool:
    """Whether an index stands nowhere else, and takes as many values as are written."""
    used = [entry for read in node.reads for entry in read.index]
    used += [bound for each in node.ranges for bound in (each.start, each.stop)]
    written = run.start == 0 and isinstance(run.stop, int) and run.stop >= 0
    return written and not any(run.index in names(size) for size in used)


def _often(count: int, node: Node, claim: Claim) -> Node:
    """Return a formula that is added to itself."""
    if count == 1:
        return node
    shape = extents(node, claim.leaves)
    read = Read(node, tuple(map(Name, _indices(shape))))
    return IndexSum(shape, _indices(shape), (Range(COUNT, 0, count),), (read,))


def _zero(tensors: frozenset[str], like: Node, claim: Claim) -> Node:
    """Return a sum of no products of these tensors, in the shape of another formula."""
    shape = extents(like, claim.leaves)
    reads = tuple(Read(Leaf(name), (0,) * len(claim.leaves[name])) for name in sorted(tensors))
    return IndexSum(shape, _indices(shape), (Range(COUNT, 0, 0),), reads)


def _indices(shape: Extents) -> tuple[str, ...]:
    return tuple(f"i{k}" for k in range(len(shape)))

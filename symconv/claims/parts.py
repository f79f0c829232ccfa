"""A claim about sums of tensors, as claims about the products in it.

Tensors are independent, so that two sums are equal iff the products of the same tensors are:
``X*F + b == X*F + b`` says so of the products of X and F, and of b.  What is missing on one side is
0 there.  A sum has a meaning where its terms have one shape, which is a part of the claim as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from symconv.claims.claim import Claim, ShapeOf, Side
from symconv.errors import OutOfReachError
from symconv.formula.extents import extents
from symconv.formula.factors import factors
from symconv.formula.nodes import Added, IndexSum, Leaf, Node, Range, Read, Vjp
from symconv.formula.summands import summands
from symconv.formula.walk import parts as parts_inside

_Sums = Mapping[frozenset[str], Node]


def parts(claim: Claim) -> tuple[Claim, ...]:
    """Return claims without sums of tensors that say together what ``claim`` says.

    Raises:
        OutOfReachError: one side adds two products of the same tensors.
    """
    if not any(isinstance(part, Added) for part in parts_inside((claim.left, claim.right))):
        return (claim,)
    return tuple(_part(claim, left, right) for left, right in _pairs(claim))


def _part(claim: Claim, left: Side, right: Side) -> Claim:
    inside = list(parts_inside((left, right)))
    names = {part.name for part in inside if isinstance(part, Leaf)}
    names |= {part.wrt for part in inside if isinstance(part, Vjp)}
    leaves = {name: shape for name, shape in claim.leaves.items() if name in names}
    return replace(claim, left=left, right=right, leaves=leaves)


def _pairs(claim: Claim) -> Iterator[tuple[Side, Side]]:
    left, right = claim.left, claim.right
    if isinstance(left, tuple | ShapeOf) or isinstance(right, tuple | ShapeOf):
        first, second = map(_shapes, (left, right))
        yield first[0], second[0]
        for terms in (first, second):
            yield from ((terms[0], other) for other in terms[1:])
        return
    sides = [summands(side) for side in (left, right)]
    for terms in sides:
        for other in terms[1:]:
            if extents(other, claim.leaves) != extents(terms[0], claim.leaves):
                yield ShapeOf(terms[0]), ShapeOf(other)
    sums = [_sums(terms, name) for terms, name in zip(sides, ("left", "right"), strict=True)]
    for tensors in dict.fromkeys((*sums[0], *sums[1])):
        found = (
            each[tensors] if tensors in each else _zero(tensors, terms[0], claim)
            for each, terms in zip(sums, sides, strict=True)
        )
        first_node, second_node = found
        yield first_node, second_node


def _shapes(side: Side) -> tuple[Side, ...]:
    return tuple(map(ShapeOf, summands(side.of))) if isinstance(side, ShapeOf) else (side,)


def _sums(terms: Sequence[Node], side: str) -> _Sums:
    found: dict[frozenset[str], Node] = {}
    for term in terms:
        tensors = factors(term)
        if tensors in found:
            names = ", ".join(sorted(tensors)) or "no tensor"
            raise OutOfReachError(
                f"the {side} side adds two products of {names}; such sums are not judged"
            )
        found[tensors] = term
    return found


def _zero(tensors: frozenset[str], like: Node, claim: Claim) -> Node:
    """Return a sum of no products of these tensors, in the shape of another formula."""
    shape = extents(like, claim.leaves)
    reads = tuple(Read(Leaf(name), (0,) * len(claim.leaves[name])) for name in sorted(tensors))
    return IndexSum(shape, tuple(f"i{k}" for k in range(len(shape))), (Range("z", 0, 0),), reads)

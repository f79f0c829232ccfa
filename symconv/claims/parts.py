"""A claim about sums of tensors, as claims about the products in it.

Tensors are independent, so that two sums are equal iff the products of the same tensors are:
``X*F + b == X*F + b`` says so of the products of X and F, and of b.  What is missing on one side is
0 there.  A sum has a meaning where its terms have one shape, which is a part of the claim as well,
wherever in a formula the sum stands: ``subsample(X + G, 2)`` may have a shape where X + G has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symconv.claims.claim import Claim, ShapeOf, Side
from symconv.errors import OutOfReachError
from symconv.formula.extents import Extents, extents
from symconv.formula.factors import factors
from symconv.formula.nodes import Added, IndexSum, Leaf, Node, Range, Read, Vjp
from symconv.formula.parse import COUNT
from symconv.formula.sizes import Name
from symconv.formula.summands import summands
from symconv.formula.walk import parts as parts_inside


def parts(claim: Claim) -> tuple[Claim, ...]:
    """Return claims without sums of tensors that say together what ``claim`` says.

    Raises:
        OutOfReachError: one side adds different products of the same tensors.
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
    yield from _meanings(claim)
    if isinstance(left, tuple | ShapeOf) or isinstance(right, tuple | ShapeOf):
        first, second = map(_shapes, (left, right))
        yield first[0], second[0]
        return
    sides = summands(left), summands(right)
    like = sides[0][0], sides[1][0]
    sums = _products(sides[0]), _products(sides[1])
    for tensors in dict.fromkeys((*sums[0], *sums[1])):
        found, others = (list(each.get(tensors, ())) for each in sums)
        yield from _matched(found, others, tensors, like, claim)


def _meanings(claim: Claim) -> Iterator[tuple[Side, Side]]:
    """Yield what every sum in a claim needs: terms of one shape, those without the leaf as well."""
    for part in dict.fromkeys(parts_inside((claim.left, claim.right))):
        match part:
            case Added(terms):
                first, *others = (term for each in terms for term in summands(each))
                for other in dict.fromkeys(others):
                    if extents(other, claim.leaves) != extents(first, claim.leaves):
                        yield ShapeOf(first), ShapeOf(other)
            case Vjp(of, wrt):
                for term in summands(of):
                    if wrt not in factors(term):  # it is 0 in the gradient
                        yield ShapeOf(term), ShapeOf(term)


def _shapes(side: Side) -> tuple[Side, ...]:
    if isinstance(side, ShapeOf):
        return tuple(map(ShapeOf, summands(side.of)))
    return (side,)


def _products(terms: tuple[Node, ...]) -> dict[frozenset[str], list[Node]]:
    """Return the terms of a side by the tensors that each holds."""
    found: dict[frozenset[str], list[Node]] = {}
    for term in terms:
        found.setdefault(factors(term), []).append(term)
    return found


def _matched(
    left: list[Node],
    right: list[Node],
    tensors: frozenset[str],
    like: tuple[Node, Node],
    claim: Claim,
) -> Iterator[tuple[Node, Node]]:
    """Yield what has to be equal: the same terms by themselves, and then what is left."""
    for node in list(left):
        if node in right and (len(left) > 1 or len(right) > 1):
            left.remove(node)
            right.remove(node)
            yield node, node
    for node in filter(_is_zero, (*left, *right)):  # it has a meaning all the same
        yield node, node
    left, right = ([node for node in nodes if not _is_zero(node)] for nodes in (left, right))
    if not left and not right:
        return
    rest = _one(left, "left", tensors, claim), _one(right, "right", tensors, claim)
    zeros = (_zero(tensors, node, claim) for node in like)
    first, second = (node or zero for node, zero in zip(rest, zeros, strict=True))
    yield first, second


def _is_zero(node: Node) -> bool:
    return isinstance(node, IndexSum) and any(run.start == run.stop == 0 for run in node.ranges)


def _one(nodes: list[Node], side: str, tensors: frozenset[str], claim: Claim) -> Node | None:
    """Return equal terms as one, that is added as often as there are of them."""
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    if any(node != nodes[0] for node in nodes):
        names = ", ".join(sorted(tensors)) or "no tensor"
        raise OutOfReachError(
            f"the {side} side adds several products of {names}; such sums are not judged"
        )
    return _often(len(nodes), nodes[0], claim)


def _zero(tensors: frozenset[str], like: Node, claim: Claim) -> Node:
    """Return a sum of no products of these tensors, in the shape of another formula."""
    shape = extents(like, claim.leaves)
    reads = tuple(Read(Leaf(name), (0,) * len(claim.leaves[name])) for name in sorted(tensors))
    return IndexSum(shape, _indices(shape), (Range(COUNT, 0, 0),), reads)


def _often(count: int, node: Node, claim: Claim) -> Node:
    """Return a formula that is added to itself."""
    shape = extents(node, claim.leaves)
    read = Read(node, tuple(map(Name, _indices(shape))))
    return IndexSum(shape, _indices(shape), (Range(COUNT, 0, count),), (read,))


def _indices(shape: Extents) -> tuple[str, ...]:
    return tuple(f"i{k}" for k in range(len(shape)))

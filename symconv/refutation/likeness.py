"""Which terms of two sums are equal, as far as a few sizes tell: each of one with one of the other.

Two sums are equal if their terms are, one by one.  Which belongs to which is guessed here, by their
values at random sizes; that each pair is equal for every size is for the proof to show, so that a
wrong guess proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symconv.claims.claim import Claim
from symconv.claims.parts import part_of
from symconv.errors import FormulaError, OutOfReachError, TooLargeError
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import Node
from symconv.formula.sizes import integers
from symconv.readings.terms import read
from symconv.refutation.axes import completed
from symconv.refutation.trial import draws

LOOKS = 8
"""At how many sizes terms are compared."""

MOST = 400
"""The most terms that are matched, each as often as it is added."""

Likeness = tuple[object, ...]
"""What a term is at each of the sizes."""


def matched(claim: Claim, left: Mapping[Node, int], right: Mapping[Node, int]) -> Iterator[Claim]:
    """Yield the claims that terms of both sides are equal, one by one, each pair once.

    Args:
        claim: a part that two sums are equal (see `claims.parts`).
        left: the terms of its left side, and how often each is added.
        right: those of its right side.

    Raises:
        OutOfReachError: terms of one side are equal to none of the other.
    """
    sizes = [completed(claim.definitions, each) for each in draws(claim, LOOKS)]
    waiting: dict[Likeness, list[list[Node]]] = {}
    for k, terms in enumerate((left, right)):
        if sum(terms.values()) > MOST:
            raise OutOfReachError(f"a side adds more than {MOST} products of the same tensors")
        for node, count in terms.items():
            like = tuple(_value(node, claim, each) for each in sizes)
            waiting.setdefault(like, [[], []])[k] += [node] * count
    if any(len(mine) != len(others) for mine, others in waiting.values()):
        raise OutOfReachError(
            "the two sides add different products of the same tensors, which are not equal one by "
            "one; claims that say so of each would be judged"
        )
    pairs = (pair for each in waiting.values() for pair in zip(*each, strict=True))
    for mine, other in dict.fromkeys(pairs):
        yield part_of(claim, mine, other)


def _value(node: Node, claim: Claim, sizes: Mapping[str, int]) -> object:
    leaves = {name: integers(shape, sizes) for name, shape in claim.leaves.items()}
    try:
        table = read(instantiate(node, sizes), leaves).sorted()
    except (FormulaError, TooLargeError):
        return None
    return table.shape, table.rows.tobytes()

"""Claims: two sides that are said to be equal, and where.

That sizes are in order is said as an equation, too: a <= b iff max(a, b) == b.

The parser (`symconv.claims.parse`) and the claim files (`symconv.claims.catalogue`) make claims;
`symconv.refutation.search` looks for a size at which one fails, `symconv.proof.obligations` says
what has to be proved of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symconv.claims.verdict import Verdict
from symconv.formula.factors import factors
from symconv.formula.nodes import Node
from symconv.formula.sizes import Size
from symconv.formula.summands import summands

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ShapeOf:
    """shape(T): the extents of a tensor."""

    of: Node


Side = Node | ShapeOf | tuple[Size, ...]
"""One side of a claim: a tensor, its shape, or a tuple of sizes (a single size is a 1-tuple)."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A hypothesis or a bound: ``left relation right``, relation one of == != <= < >= >."""

    left: Size
    relation: str
    right: Size


@dataclass(frozen=True, slots=True)
class Claim:
    """``left == right`` wherever ``where`` holds.

    Attributes:
        id: its name in a claim file, or ``inline``.
        statement: the text it was read from.
        left: the left side, every defined tensor (Y, dX, dF) written out.
        right: the right side, likewise.
        leaves: the shape of every leaf that occurs, as sizes: X (H, W), F (R, S), dY (P, Q),
            and what the claim declares.
        integers: every named integer that is free and occurs, in the order in which a person
            would list them, with its least value (1 for sizes, strides and dilations; 0 for
            paddings), or None where it has none (paddings that may crop).
        definitions: integers that are defined by others, such as P = (H - R)//u + 1, in an order
            in which each uses only earlier ones; they are not free.
        assumptions: what always holds: what is taken for granted (see `claims.assumptions`), and
            the upper bounds of declared integers.
        where: the claim's own hypotheses.
        sizes: listed scope: the values each free integer takes, or None for every size.
        expected: the verdict that the claim file asserts.
        declared: the integers whose values the claim itself states.
        order: for a claim that sizes are in order, its comparisons as they are written.
        whole: whether this is all that is claimed; a part (see `claims.parts`) may add terms, all
            of one shape and products of the same tensors.
    """

    id: str
    statement: str
    left: Side
    right: Side
    leaves: Mapping[str, tuple[Size, ...]]
    integers: Mapping[str, int | None]
    definitions: Mapping[str, Size]
    assumptions: tuple[Condition, ...] = ()
    where: tuple[Condition, ...] = ()
    sizes: Mapping[str, range] | None = None
    expected: Verdict = Verdict.PROVED
    hypotheses: tuple[str, ...] = field(default=())
    """The texts that ``where`` was read from."""
    declared: frozenset[str] = frozenset()
    order: tuple[Condition, ...] = ()
    whole: bool = True


def check_products(claim: Claim) -> None:
    """Refuse a claim about products that hold one tensor twice: they are not linear in it.

    What a tensor holds does not matter where only its shape is asked for.

    Raises:
        OutOfReachError: there is such a product.
    """
    for side in (claim.left, claim.right):
        if not isinstance(side, tuple | ShapeOf):
            for term in summands(side):
                factors(term.node)

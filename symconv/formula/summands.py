"""A formula as a sum of products: every operator is linear in all that it is made of.

rotate(A - B)            rotate(A) - rotate(B)
correlate(A + B, C)      correlate(A, C) + correlate(B, C)
vjp(A + B, X, dY)        vjp(A, X, dY), where B holds no X
sum(M[i,j]*A[j] ..)      its products with the numbers of M put in (`symconv.formula.constants`)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from symconv.errors import OutOfReachError
from symconv.formula.constants import contracted, written_out
from symconv.formula.factors import factors
from symconv.formula.nodes import Added, Constant, IndexSum, Node, Scaled, Vjp, children, rebuild

if TYPE_CHECKING:
    from fractions import Fraction

MOST = 2_000
"""The most products that one formula may add."""


@dataclass(frozen=True, slots=True)
class Summand:
    """A formula without sums of tensors, and how often it is added: less than 0 is taken away."""

    node: Node
    factor: int | Fraction = 1


def summands(node: Node) -> tuple[Summand, ...]:
    """Return what adds up to ``node``, its numbers put in.

    Raises:
        OutOfReachError: a product that holds one leaf twice, or more products than are looked at.
        FormulaError: a gradient with respect to a leaf that does not occur.
    """
    match node:
        case Constant():
            return summands(written_out(node))
        case IndexSum(reads=reads) if any(isinstance(read.of, Constant) for read in reads):
            return tuple(
                Summand(each.node, each.factor * factor)
                for one, factor in contracted(node)
                for each in summands(one)
            )
    inside = tuple(map(summands, children(node)))
    match node:
        case Added():
            return tuple(term for terms in inside for term in terms)
        case Scaled(factor=factor):
            return tuple(Summand(term.node, term.factor * factor) for term in inside[0])
        case Vjp(wrt=wrt) if len(inside[0]) > 1:
            found = tuple(term for term in inside[0] if wrt in factors(term.node))
            inside = (found, inside[1])
    if prod(map(len, inside)) > MOST:
        raise OutOfReachError(f"written out, this adds more than {MOST} products")
    return tuple(
        Summand(rebuild(node, [term.node for term in chosen]), prod(term.factor for term in chosen))
        for chosen in product(*inside)
    )

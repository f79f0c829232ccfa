"""A formula as a sum of products: every operator is linear in all that it is made of.

rotate(A + B)            rotate(A) + rotate(B)
correlate(A + B, C)      correlate(A, C) + correlate(B, C)
vjp(A + B, X, dY)        vjp(A, X, dY), where B holds no X
"""

from __future__ import annotations

from itertools import product

from symconv.formula.factors import factors
from symconv.formula.nodes import Added, Node, Vjp, children, rebuild


def summands(node: Node) -> tuple[Node, ...]:
    """Return formulas without sums of tensors that add up to ``node``.

    Raises:
        OutOfReachError: a product that holds one leaf twice.
        FormulaError: a gradient with respect to a leaf that does not occur.
    """
    inside = tuple(map(summands, children(node)))
    if isinstance(node, Added):
        return tuple(term for terms in inside for term in terms)
    if isinstance(node, Vjp) and len(inside[0]) > 1:
        found = tuple(term for term in inside[0] if node.wrt in factors(term))
        inside = (found, inside[1])
    return tuple(rebuild(node, chosen) for chosen in product(*inside))

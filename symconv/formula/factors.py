"""Reads a formula as the leaves that every product in it holds, each of them once."""

from __future__ import annotations

from functools import singledispatch

from symconv.errors import FormulaError, OutOfReachError
from symconv.formula.nodes import (
    Added,
    Constant,
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Rotate,
    Scaled,
    Subsample,
    Vjp,
    children,
)


@singledispatch
def factors(node: Node) -> frozenset[str]:
    """Return the names of the leaves that are multiplied in every product of ``node``.

    Raises:
        OutOfReachError: a product that holds one leaf twice.
        FormulaError: a gradient with respect to a leaf that does not occur.
    """
    raise TypeError(f"the factors of {type(node).__name__} are not known")


@factors.register
def _(node: Leaf) -> frozenset[str]:
    return frozenset({node.name})


@factors.register(Ones)
@factors.register(Constant)
@factors.register(Pad)
@factors.register(Dilate)
@factors.register(Rotate)
@factors.register(Subsample)
@factors.register(Correlate)
@factors.register(IndexSum)
@factors.register(Scaled)
def _(node: Node) -> frozenset[str]:
    return multiplied(*map(factors, children(node)))


@factors.register
def _(node: Vjp) -> frozenset[str]:
    of = factors(node.of)
    if node.wrt not in of:
        raise FormulaError(f"vjp: {node.wrt} does not occur in what is differentiated")
    return multiplied(of - {node.wrt}, factors(node.cotangent))


@factors.register
def _(node: Added) -> frozenset[str]:
    """Return the leaves of all products: which of them holds which is for `summands` to say."""
    return frozenset[str]().union(*map(factors, node.terms))


def multiplied(*operands: frozenset[str]) -> frozenset[str]:
    """Return the leaves of a product of ``operands``.

    Raises:
        OutOfReachError: a leaf that occurs in two of them.
    """
    product: frozenset[str] = frozenset()
    for names in operands:
        if product & names:
            twice = ", ".join(sorted(product & names))
            raise OutOfReachError(
                f"a product holds {twice} twice; only products of different tensors are judged"
            )
        product |= names
    return product

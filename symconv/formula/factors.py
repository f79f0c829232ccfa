"""Reads a formula as the leaves that every product in it holds, each of them once."""

from __future__ import annotations

from functools import singledispatch

from symconv.errors import FormulaError, OutOfReachError
from symconv.formula.nodes import (
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Rotate,
    Subsample,
    Vjp,
)


@singledispatch
def factors(node: Node) -> frozenset[str]:
    """Return the names of the leaves that are multiplied in every product of ``node``.

    Raises:
        FormulaError: a gradient with respect to a leaf that does not occur.
        OutOfReachError: a product that holds one leaf twice.
    """
    raise TypeError(f"the factors of {type(node).__name__} are not known")


@factors.register
def _(node: Leaf) -> frozenset[str]:
    return frozenset({node.name})


@factors.register
def _(node: Ones) -> frozenset[str]:
    return frozenset()


@factors.register(Pad)
@factors.register(Dilate)
@factors.register(Rotate)
@factors.register(Subsample)
def _(node: Pad | Dilate | Rotate | Subsample) -> frozenset[str]:
    return factors(node.of)


@factors.register
def _(node: Correlate) -> frozenset[str]:
    return multiplied(factors(node.of), factors(node.by))


@factors.register
def _(node: Vjp) -> frozenset[str]:
    of = factors(node.of)
    if node.wrt not in of:
        raise FormulaError(f"vjp: {node.wrt} does not occur in what is differentiated")
    return multiplied(of - {node.wrt}, factors(node.cotangent))


@factors.register
def _(node: IndexSum) -> frozenset[str]:
    return multiplied(*(factors(read.of) for read in node.reads))


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

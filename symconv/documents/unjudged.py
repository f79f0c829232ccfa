"""Why an equation that speaks of elements is none that can be judged: a reason for every one."""

from __future__ import annotations

from collections.abc import Iterator

from symconv.documents.elements.equations import NotElementsError, numeric_index
from symconv.documents.elements.matrices import multiplied
from symconv.documents.formulas.definitions import named_gradient
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.mathematics.syntax import (
    Derivative,
    Expression,
    Matrix,
    Number,
    Power,
    Symbol,
    UnreadableError,
    WrittenProduct,
)
from symconv.documents.mathematics.walk import walk
from symconv.documents.verdicts.verdict import EquationVerdict, not_judged

_FEWEST = 2
"""Fewer products of elements than these are no convolution's."""


def passed_over(formula: StatedFormula, known: frozenset[str]) -> EquationVerdict | None:
    """Return the verdict on an equation that no other reading took, None where it says nothing.

    Args:
        formula: the equation.
        known: the names of tensors; empty where there are none.
    """
    if named_gradient(*formula.sides[:2]) is not None:
        return None
    names = [name for side in formula.sides for name in _products(multiplied(side))]
    left = formula.sides[0]
    if len(names) < _FEWEST or (known and known.isdisjoint(frozenset().union(*names))):
        return _about_an_element(formula, known)
    match left:
        case (
            Symbol(_, None) | Power(Symbol(_, None)) | Derivative(Symbol(_, None), Symbol(_, None))
        ):
            reason = "an element of what stands left has to be named: give it an index"
        case WrittenProduct(factors) if any(isinstance(f, Matrix) for f in factors):
            reason = "which tensor this product is is not said; write it left, as in Y = .."
        case _:
            reason = "no side is one element, or one matrix of elements"
    return not_judged("element", formula.place, reason, left.place)


def _about_an_element(formula: StatedFormula, known: frozenset[str]) -> EquationVerdict | None:
    """Return the verdict on what is said of one element of a known tensor, if something is."""
    left, right = formula.sides[0], formula.sides[-1]
    element = left.wrt if isinstance(left, Derivative) else left
    named = isinstance(element, Symbol) and element.index is not None and element.name in known
    if not named or isinstance(right, Number):
        return None
    reason = "what stands right is no sum of products of elements"
    return not_judged("element", formula.place, reason, right.place)


def _products(tree: Expression) -> Iterator[frozenset[str]]:
    """Yield the names in every product of two or more things that holds an element."""
    for node in walk(tree):
        if isinstance(node, WrittenProduct):
            names = frozenset(name for factor in node.factors for name in _elements(factor))
            if names:
                yield names


def _elements(tree: Expression) -> Iterator[str]:
    match tree:
        case Symbol(name, tuple()) | Derivative(_, Symbol(name, tuple())):
            symbol = tree.wrt if isinstance(tree, Derivative) else tree
            try:
                numeric_index(symbol)
            except (NotElementsError, UnreadableError):
                return
            yield name
        case Power(Symbol(name), (first, *_)) if first.kind == "number":
            yield name
        case _:
            return

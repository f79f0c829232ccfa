"""Tensors that a document defines for itself: D = dilate(dL/dY, (u, v)), F' = rotate(F).

A definition is neither right nor wrong; what is said of its elements is judged with what it
stands for put in.  The last one before a formula counts.  Nor is the name judged that a document
gives the gradient of its output.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from symconv.documents.formulas.convention import Notation
from symconv.documents.formulas.stated import Formula
from symconv.documents.mathematics.syntax import Call, Derivative, Expression, Product, Symbol
from symconv.documents.mathematics.tokens import Token

_MAKERS = ("pad", "dilat", "rot", "flip", "crop", "upsamp", "zero")
_DEEPEST = 8


@dataclass(slots=True)
class Definitions:
    """What formulas say of names.

    Attributes:
        tensors: the tensors that are defined so far, what earlier ones stand for put in.
        meant: letters for sizes whose guessed meaning makes a formula of the document right, so
            that it is no guess in the others.
    """

    tensors: dict[str, Expression] = field(default_factory=dict)
    meant: set[str] = field(default_factory=set)

    def take(self, left: Expression, right: Expression) -> bool:
        """Take a definition; say whether it is one."""
        if not isinstance(left, Symbol) or not is_definition(left, right):
            return False
        if _depth(right) <= _DEEPEST:
            self.tensors[left.name] = self.put(right)
        return True

    def find(self, name: str) -> Expression | None:
        """Return what a name stands for; elements are written in small letters, too."""
        return self.tensors.get(name) or self.tensors.get(name.upper())

    def put(self, expression: Expression) -> Expression:
        """Return an expression with what its names stand for."""
        match expression:
            case Symbol(name, None):
                return self.tensors.get(name, expression)
            case Call(name, (first, *rest), place) if _slides(name):
                return Call(name, (self.put(first), *map(self.put, rest)), place)
            case Call(name, (first, *rest), place):
                return Call(name, (self.put(first), *rest), place)
            case Product(factors, signs, place) if len(factors) == 2:
                return Product(tuple(map(self.put, factors)), signs, place)
            case _:
                return expression


def is_definition(left: Expression, right: Expression) -> bool:
    """Say whether an equation defines a tensor of the document's own."""
    return isinstance(left, Symbol) and left.index is None and _makes(right)


def names_gradient(formula: Formula, notation: Notation) -> bool:
    r"""Say whether the output's gradient is given its own name: \delta_{ij} = dL/dy_{ij}."""
    left, right, *others = formula.sides
    if others:
        return False
    if isinstance(left, Derivative):
        left, right = right, left
    match left, right:
        case Symbol(own, given), Derivative(_, Symbol(name, index)):
            same = _said(given) == _said(index)
            return same and own in notation.gradients and notation.role(name) == "Y"
    return False


def _said(index: Sequence[Sequence[Token]] | None) -> list[list[str]]:
    return [[token.text for token in part] for part in index or ()]


def _makes(expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.name.strip().lower().startswith(_MAKERS)


def _slides(name: str) -> bool:
    return any(word in name.lower() for word in ("conv", "corr"))


def _depth(expression: Expression) -> int:
    return 1 + _depth(expression.arguments[0]) if isinstance(expression, Call) else 0

"""Tensors that a document defines for itself: D = dilate(dL/dY, (u, v)), F' = rotate(F).

A definition is neither right nor wrong; what is said of its elements is judged with what it
stands for put in.  The last one before a formula counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from symconv.documents.formulas.index_words import written
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.formulas.turned import turned
from symconv.documents.mathematics.syntax import (
    Call,
    Derivative,
    Differential,
    Expression,
    Symbol,
)
from symconv.documents.mathematics.walk import mapped
from symconv.formula.words import CROP, DILATE, PAD, ROTATE

_MAKERS = ("zero", *(stem for maker in (PAD, CROP, DILATE, ROTATE) for stem in maker.stems))
_DEEPEST = 8


@dataclass(slots=True)
class Definitions:
    """What formulas say of names.

    Attributes:
        tensors: the tensors that are defined so far, what earlier ones stand for put in.
        remainders: the remainders that have names: rem_H = (H - R) \\bmod u.
        meant: letters for sizes whose guessed meaning makes a formula of the document right, so
            that it is no guess in the others.
    """

    tensors: dict[str, Expression] = field(default_factory=dict)
    remainders: dict[str, Expression] = field(default_factory=dict)
    meant: set[str] = field(default_factory=set)

    def take(self, left: Expression, right: Expression) -> bool:
        """Take a definition; whether it is one."""
        if (gradient := named_gradient(left, right)) is not None:
            if isinstance(left, Symbol):
                self.tensors[left.name] = gradient
            return True
        if isinstance(left, Symbol) and _is_remainder(right):
            self.remainders[written(left)] = right
            return True
        made = defined(left, right)
        if made is None or not isinstance(left, Symbol):
            return False
        if _depth(made) <= _DEEPEST:
            self.tensors[left.name] = self.put(made)
        return True

    def find(self, name: str) -> Expression | None:
        """Return what a name stands for; elements are written in small letters, too."""
        return self.tensors.get(name) or self.tensors.get(name.upper())

    def put(self, expression: Expression) -> Expression:
        """Return an expression with what its names stand for."""
        match expression:
            case Symbol(name, None):
                return self.tensors.get(name, expression)
            case Call(name, (first, *rest), place) if not _slides(name):
                return Call(name, (self.put(first), *map(self._counted, rest)), place)
            case Derivative() | Differential():
                return expression
            case _:
                return mapped(expression, self.put)

    def _counted(self, expression: Expression) -> Expression:
        """Return an amount with the remainders that its names stand for."""
        if isinstance(expression, Symbol):
            return self.remainders.get(written(expression), expression)
        return mapped(expression, self._counted)


def _is_remainder(expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.name == "\\bmod"


def defined(left: Expression, right: Expression) -> Expression | None:
    """Return what an equation defines a tensor of the document's own to be, if it does so."""
    if isinstance(left, Symbol) and left.index is None and makes(right):
        return right
    return turned(left, right)


def named_gradient(left: Expression, right: Expression) -> Derivative | None:
    """Return the gradient that an equation only names: G_ij = dL/dY_ij, dy = (dL/dy_ij)."""
    match left, right:
        case Symbol() as own, Derivative(Symbol(_, None), wrt) if own.name != wrt.name:
            names = _words(own) == _words(wrt)
        case Differential(Symbol() as own), Derivative(Symbol(_, None), wrt):
            names = own.name == wrt.name and _words(own) in ([], _words(wrt))
        case _:
            return None
    return replace(right, wrt=replace(right.wrt, index=None)) if names else None


def _words(symbol: Symbol) -> list[list[str]]:
    return [[token.text for token in part] for part in symbol.index or ()]


def past_names(formula: StatedFormula) -> StatedFormula:
    """Return G_ij = dL/dY_ij = .. without the name at its beginning, dL/dY_ij = G_ij turned."""
    formula = replace(formula, sides=tuple(map(_with_gradients, formula.sides)))
    left, right, *others = formula.sides
    if others and named_gradient(left, right) is not None:
        return replace(formula, sides=formula.sides[1:])
    if not others and named_gradient(right, left) is not None:
        return replace(formula, sides=(right, left))
    return formula


def _with_gradients(tree: Expression) -> Expression:
    r"""Return whole tensors' gradients for their names, dY for \delta_Y."""
    match tree:
        case Symbol("\\delta", ((letter,),), place) if letter.text.isupper():
            return Differential(Symbol(letter.text, None, place), "d", place)
        case Derivative() | Differential():
            return tree
    return mapped(tree, _with_gradients)


def makes(expression: Expression) -> bool:
    """Whether an expression makes a tensor of another: pads, dilates, turns or crops it."""
    return isinstance(expression, Call) and expression.name.strip().lower().startswith(_MAKERS)


def _slides(name: str) -> bool:
    return any(word in name.lower() for word in ("conv", "corr"))


def _depth(expression: Expression) -> int:
    return 1 + _depth(expression.arguments[0]) if isinstance(expression, Call) else 0

"""The expressions on the board: sympy sums of products of elements, deltas and brackets.

Index expressions are polynomials over named integers, or one divided by another where a bracket
says that the division is exact.  A bracket is 1 where what it says is true and 0 elsewhere; what
it multiplies is read only where it is 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy

from symconv.errors import SymconvError, how_many
from symconv.polynomial import ONE, Polynomial

Expr = Any
"""A sympy expression: sympy has no types."""

Limit = tuple[Any, Any, Any]
"""A summation index, its first and its last value."""


class RuleError(SymconvError):
    """A rule does not match what stands on the board."""


class Divides(sympy.Function):  # type: ignore[misc]
    """The bracket [a divides b]."""

    nargs = 2


class Between(sympy.Function):  # type: ignore[misc]
    """The bracket [first <= a <= last]."""

    nargs = 3


LOSS = sympy.Symbol("L")


def symbol(name: str) -> Expr:
    """Return the integer that is called ``name``."""
    return sympy.Symbol(name, integer=True)


def element(tensor: str, index: Iterable[Expr]) -> Expr:
    """Return an element of the tensor that is called ``tensor``."""
    return sympy.IndexedBase(tensor)[tuple(index)]


def partial(above: Expr, below: Expr) -> Expr:
    """Return the derivative of ``above`` with respect to an element, not worked out."""
    return sympy.Derivative(above, below, evaluate=False)


@dataclass(frozen=True, slots=True)
class Summed:
    """A sum taken apart: its factors, and its indices with their limits."""

    factors: tuple[Expr, ...]
    limits: tuple[Limit, ...]

    @classmethod
    def of(cls, expression: Expr) -> Summed:
        """Return the parts of ``expression``.

        Raises:
            RuleError: it is no sum.
        """
        if not isinstance(expression, sympy.Sum):
            raise RuleError(f"there is no sum in {expression}")
        return cls(sympy.Mul.make_args(expression.function), tuple(map(tuple, expression.limits)))

    @property
    def expression(self) -> Expr:
        """The sum, put together again."""
        body = sympy.Mul(*self.factors)
        return sympy.Sum(body, *self.limits) if self.limits else body

    def reads(self, tensor: str) -> Expr:
        """Return the only factor that is an element of ``tensor``.

        Raises:
            RuleError: there is none, or there are several.
        """
        found = [f for f in self.factors if is_element(f, tensor)]
        if len(found) != 1:
            raise RuleError(
                f"{how_many(len(found), 'element')} of {tensor} in a product; there must be one"
            )
        return found[0]

    def limit(self, index: Expr) -> Limit:
        """Return the limits of a summation index.

        Raises:
            RuleError: it is no summation index.
        """
        for limit in self.limits:
            if limit[0] == index:
                return limit
        raise RuleError(f"{index} is not summed over")

    def exchange(self, old: Iterable[Expr], new: Iterable[Expr]) -> Summed:
        """Return the sum with the factors ``old`` replaced by ``new``."""
        gone = set(old)
        return Summed(tuple(f for f in self.factors if f not in gone) + tuple(new), self.limits)


def is_element(expression: Expr, tensor: str) -> bool:
    """Whether ``expression`` is an element of ``tensor``."""
    return isinstance(expression, sympy.Indexed) and expression.base.name == tensor


def polynomial(expression: Expr) -> Polynomial:
    """Return an index expression as a polynomial.

    Raises:
        RuleError: it is none.
    """
    match expression:
        case sympy.Integer():
            return Polynomial.constant(int(expression))
        case sympy.Symbol():
            return Polynomial.name(expression.name)
        case sympy.Add():
            return sum(map(polynomial, expression.args), Polynomial({}))
        case sympy.Mul():
            product = ONE
            for factor in expression.args:
                product = product * polynomial(factor)
            return product
        case _:
            raise RuleError(f"{expression} is no polynomial in the sizes and indices")


def quotient(expression: Expr) -> tuple[Polynomial, Polynomial]:
    """Return (a, b) where an index expression is a / b; b is 1 where nothing is divided."""
    above, below = ONE, ONE
    for factor in sympy.Mul.make_args(expression):
        if isinstance(factor, sympy.Pow) and factor.exp == -1:
            below = below * polynomial(factor.base)
        elif isinstance(factor, sympy.Rational):
            above, below = above * int(factor.p), below * int(factor.q)
        else:
            above = above * polynomial(factor)
    return above, below


def expression(polynomial: Polynomial) -> Expr:
    """Return a polynomial as a sympy expression."""
    return sympy.Add(
        *(sympy.Mul(factor, *map(symbol, names)) for names, factor in polynomial.terms.items())
    )

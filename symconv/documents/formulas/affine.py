"""Integer polynomials as documents write them in indices and limits: m - ui, R - 1, 2i + r."""

from __future__ import annotations

from collections.abc import Callable

from symconv.documents.mathematics.syntax import (
    Call,
    Differential,
    Expression,
    Floor,
    Number,
    Power,
    Symbol,
    UnreadableError,
    WrittenProduct,
    WrittenQuotient,
    WrittenSum,
)
from symconv.polynomial import ONE, ZERO, Polynomial

Rounded = Callable[[Floor | WrittenQuotient], Polynomial]
"""What a quotient is; raises UnreadableError for one that is not known."""

Name = Callable[[Symbol], str]
"""What a symbol is called in a claim; raises UnreadableError for an unknown one."""

_MOST = 200


def polynomial(expression: Expression, name: Name, rounded: Rounded | None = None) -> Polynomial:
    """Return an expression as a polynomial with integer coefficients.

    Args:
        expression: sums and products of names and numbers.
        name: what names are called.
        rounded: what quotients are, where they are read.

    Raises:
        UnreadableError: a quotient, a power, a sum sign, or a name that is not known.
    """
    match expression:
        case Number(value, place):
            if value.denominator != 1:
                raise UnreadableError("an index that is no whole number", *place)
            return Polynomial.constant(value.numerator)
        case Symbol():
            return Polynomial.name(name(expression))
        case Differential(Symbol() as of, "d", place):
            d = Symbol("d", None, place._replace(end=place.start + 1))
            return Polynomial.name(name(d)) * polynomial(of, name, rounded)
        case WrittenSum(terms):
            total = ZERO
            for sign, term in terms:
                total = total + polynomial(term, name, rounded) * sign
            return total
        case Call("\\bmod", (a, b)):
            rest = f"(({text(polynomial(a, name))}) % ({text(polynomial(b, name))}))"
            return Polynomial.name(rest)
        case WrittenProduct(factors):
            result = ONE
            for factor in factors:
                result = result * polynomial(factor, name, rounded)
                if len(result.terms) > _MOST:
                    raise UnreadableError("this index is too long", *expression.place)
            return result
        case Floor() | WrittenQuotient() if rounded is not None:
            return rounded(expression)
        case Power():
            raise UnreadableError("a power in an index", *expression.place)
        case _:
            raise UnreadableError("this is not understood in an index", *expression.place)


def text(a: Polynomial) -> str:
    """Return a polynomial as Python writes it: m - i*u, R - 1."""
    parts: list[str] = []
    for monomial, n in sorted(a.terms.items(), key=_order):
        factors = [*monomial] if abs(n) == 1 and monomial else [str(abs(n)), *monomial]
        word = "*".join(factors)
        if parts:
            parts.append(f" {'-' if n < 0 else '+'} {word}")
        else:
            parts.append(f"-{word}" if n < 0 else word)
    return "".join(parts) or "0"


def _order(item: tuple[tuple[str, ...], int]) -> tuple[int, bool, bool, tuple[str, ...]]:
    """Long products with a plus first, what is subtracted after them, constants last."""
    monomial, n = item
    return -len(monomial) if n > 0 else 0, n < 0, not monomial, monomial

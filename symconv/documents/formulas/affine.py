"""Integer polynomials as documents write them in indices and limits: m - ui, R - 1, 2i + r."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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

Polynomial = dict[tuple[str, ...], int]
"""Monomials (sorted names) with their coefficients; the empty monomial is the constant.

A remainder is a name of its own, ``((H - R) % (u))``.
"""

Rounded = Callable[[Floor | WrittenQuotient], "Polynomial"]
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
            return constant(value.numerator)
        case Symbol():
            return {(name(expression),): 1}
        case Differential(Symbol() as of, "d", place):
            d = Symbol("d", None, place._replace(end=place.start + 1))
            return times({(name(d),): 1}, polynomial(of, name, rounded))
        case WrittenSum(terms):
            total: Polynomial = {}
            for sign, term in terms:
                total = plus(total, polynomial(term, name, rounded), sign)
            return total
        case Call("\\bmod", (a, b)):
            rest = f"(({text(polynomial(a, name))}) % ({text(polynomial(b, name))}))"
            return {(rest,): 1}
        case WrittenProduct(factors):
            result = constant(1)
            for factor in factors:
                result = times(result, polynomial(factor, name, rounded))
                if len(result) > _MOST:
                    raise UnreadableError("this index is too long", *expression.place)
            return result
        case Floor() | WrittenQuotient() if rounded is not None:
            return rounded(expression)
        case Power():
            raise UnreadableError("a power in an index", *expression.place)
        case _:
            raise UnreadableError("this is not understood in an index", *expression.place)


def constant(value: int) -> Polynomial:
    """Return a constant polynomial."""
    return {(): value} if value else {}


def plus(a: Polynomial, b: Polynomial, sign: int = 1) -> Polynomial:
    """Return a + sign*b."""
    result = dict(a)
    for monomial, n in b.items():
        result[monomial] = result.get(monomial, 0) + sign * n
    return {monomial: n for monomial, n in result.items() if n}


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    """Return a * b."""
    result: Polynomial = {}
    for x, n in a.items():
        for y, k in b.items():
            monomial = tuple(sorted((*x, *y)))
            result[monomial] = result.get(monomial, 0) + n * k
    return {monomial: n for monomial, n in result.items() if n}


def replaced(a: Polynomial, values: Mapping[str, Polynomial]) -> Polynomial:
    """Return a polynomial with names replaced."""
    result: Polynomial = {}
    for monomial, n in a.items():
        product = constant(n)
        for name in monomial:
            product = times(product, values.get(name, {(name,): 1}))
        result = plus(result, product)
    return result


def text(a: Polynomial) -> str:
    """Return a polynomial as Python writes it: m - i*u, R - 1."""
    parts: list[str] = []
    for monomial, n in sorted(a.items(), key=_order):
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

"""Polynomials in sizes as people write them: ``d*(R - 1) - pb``, not ``R*d - d - pb``.

A size Z of filter or output that occurs with -1 is written Z - 1: the last index is what counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symconv.errors import FormulaError
from symconv.formula.sizes import (
    Difference,
    Name,
    Product,
    Size,
    minus,
    plus,
    times,
)
from symconv.formula.sizes import Sum as SizeSum
from symconv.formula.words import AXES, PADDING, Role, letters, letters_on
from symconv.polynomial import Monomial, Polynomial

GROUPED = letters(Role.OUTPUT, Role.FILTER)

ORDER = (
    *letters(Role.SPREAD, Role.WINDOW, Role.ELEMENT, Role.WEIGHT, Role.TURNED),
    *letters(Role.INPUT, Role.FILTER, Role.OUTPUT, Role.STRIDE, Role.DILATION),
    *letters(Role.INPUT_DILATION, Role.REMAINDER),
    *(amount for axis in AXES for amount in letters_on(axis, *PADDING)),
)
"""The order in which a lecturer writes terms and factors."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A product: ``factor`` times names, times (``last`` - 1) where there is a ``last``."""

    factor: int
    names: tuple[str, ...]
    last: str = ""


def pieces(of: Polynomial, grouped: Iterable[str] = GROUPED) -> tuple[Piece, ...]:
    """Return the products that ``of`` is the sum of, what is added first, a remainder last."""
    left = dict(of.terms)
    found: list[Piece] = []
    for size in grouped:
        for monomial in [m for m in left if m.count(size) == 1]:
            rest = tuple(name for name in monomial if name != size)
            if left.get(rest) == -left[monomial]:
                found.append(Piece(left.pop(monomial), _sorted(rest), size))
                del left[rest]
    for size in letters(Role.INPUT):  # lh*(H - 1), and H - 1 as it is
        for monomial in [m for m in left if m.count(size) == 1 and len(m) > 1]:
            rest = tuple(name for name in monomial if name != size)
            if left.get(rest) == -left[monomial]:
                found.append(Piece(left.pop(monomial), _sorted(rest), size))
                del left[rest]
    found += [Piece(factor, _sorted(monomial)) for monomial, factor in left.items()]
    return tuple(sorted(found, key=_place))


def _sorted(names: Monomial) -> tuple[str, ...]:
    return tuple(sorted(names, key=_rank))


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _place(piece: Piece) -> tuple[bool, bool, int]:
    names = [*piece.names, *([piece.last] if piece.last else [])]
    remainder = any(name.startswith("rem") for name in names)
    return remainder, piece.factor < 0, min(map(_rank, names), default=len(ORDER))


def size(of: Polynomial, grouped: Iterable[str] = GROUPED) -> Size:
    """Return ``of`` as the claim language writes it.

    Args:
        of: a polynomial.
        grouped: the names that are written as Z - 1 where they occur with -1.
    """
    total: Size = 0
    for piece in pieces(of, grouped):
        product: Size = abs(piece.factor)
        for name in piece.names:
            product = times(product, Name(name))
        if piece.last:
            product = times(product, minus(Name(piece.last), 1))
        total = plus(total, product) if piece.factor > 0 else minus(total, product)
    return total


def polynomial(of: Size) -> Polynomial:
    """Return the polynomial that ``of`` is.

    Raises:
        FormulaError: it is none: it has a quotient, a remainder, min or max.
    """
    match of:
        case int():
            return Polynomial.constant(of)
        case Name(name):
            return Polynomial.name(name)
        case SizeSum(left, right):
            return polynomial(left) + polynomial(right)
        case Difference(left, right):
            return polynomial(left) - polynomial(right)
        case Product(left, right):
            return polynomial(left) * polynomial(right)
        case _:
            raise FormulaError(f"{type(of).__name__} is no polynomial")

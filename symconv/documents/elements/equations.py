"""Element equations: a target element, and the products of elements said to add up to it.

Names are the document's own here, indices still words: which letter is the filter, and whether
``x_{12}`` has one index or two, is told by `symconv.documents.notation.inference`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.syntax import (
    Derivative,
    Differential,
    Expression,
    Number,
    Symbol,
    UnreadableError,
    WrittenProduct,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.source.place import Place

VALUE, GRADIENT, LOCAL, SCALAR = "value", "gradient", "local", "scalar"
MOST_TERMS = 20_000
LOSSES = frozenset({"L", "E", "J", "C", "\\ell", "Loss", "loss", "Cost", "cost"})
_NAMING = frozenset({"letter", "word", "text", "command", "{"})
"""What a name begins with."""
_MOST_DIGITS = 6


class WrittenFactor(NamedTuple):
    """One element as the document writes it.

    Attributes:
        kind: ``value`` x_{00}, ``gradient`` dL/dx_{00}, ``local`` dy_{00}/dx_{01}, or ``scalar``
            for a name without an index.
        name: the tensor; of a gradient or a local derivative what is differentiated *by*.
        index: its index between the commas, as digits.
        place: all of it.
        index_place: the digits.
        of: of a local derivative the tensor above, of a gradient the loss.
        of_index: of a local derivative its index.
        of_place: where that index stands, if that is known.
    """

    kind: str
    name: str
    index: tuple[str, ...]  # type: ignore[assignment]  # tuple.index is not missed
    place: Place
    index_place: Place
    of: str = ""
    of_index: tuple[str, ...] = ()
    of_place: Place | None = None


class WrittenTerm(NamedTuple):
    """A product of elements with its coefficient; ``place`` leaves out the sign before it."""

    coefficient: int | Fraction
    factors: tuple[WrittenFactor, ...]
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class ElementEquation:
    """``target`` is said to equal the sum of ``terms``; ``place`` is that side, all of it.

    Two equations are one only if they are the same piece of the document.
    """

    target: WrittenFactor
    terms: tuple[WrittenTerm, ...]
    place: Place

    def elements(self) -> list[WrittenFactor]:
        """Return every element that occurs, the target first."""
        return [self.target, *(factor for term in self.terms for factor in term.factors)]

    @property
    def is_forward(self) -> bool:
        """Whether this tells of the forward pass: an output, or a derivative of one."""
        return self.target.kind != GRADIENT

    @property
    def adds_locals(self) -> bool:
        """Whether local derivatives stand on the right, as in the chain rule."""
        return any(f.kind == LOCAL for term in self.terms for f in term.factors)


class NotElementsError(Exception):
    """An expression holds something else than elements with numbers for indices."""


def numeric_index(symbol: Symbol) -> tuple[str, ...]:
    """Return the index as digits.

    Raises:
        NotElementsError: there is none, or letters stand in it.
        UnreadableError: a number is absurdly long.
    """
    if symbol.index is None:
        raise NotElementsError
    digits = []
    for part in symbol.index:
        sign = "-" if len(part) == 2 and part[0].kind == "-" else ""
        number = part[-1]
        if len(part) != 1 + len(sign) or number.kind != "number" or "." in number.text:
            raise NotElementsError
        if len(number.text) > _MOST_DIGITS:
            raise UnreadableError("an index beyond any tensor", number.start, number.end)
        digits.append(sign + number.text)
    return tuple(digits)


def factor(expression: Expression) -> WrittenFactor:
    """Return the single element an expression is.

    Raises:
        NotElementsError: it is something else.
    """
    match expression:
        case Symbol(name, None, place):
            return WrittenFactor(SCALAR, name, (), place, place)
        case Symbol(name, ((first, _, *_) as words,), place) if (
            name in LOSSES and first.kind in _NAMING
        ):
            return _subscripted(name, words, place)
        case Symbol(name, _, place, index_place):
            return WrittenFactor(
                VALUE, name, numeric_index(expression), place, index_place or place
            )
        case Derivative(of, wrt, place) if of.index is None:
            index = numeric_index(wrt)
            return WrittenFactor(
                GRADIENT, wrt.name, index, place, wrt.index_place or place, of.name
            )
        case Derivative(Symbol(loss, ((first, *_), *_)), wrt, place) if (
            loss in LOSSES and first.kind != "number"  # L_{total}
        ):
            index = numeric_index(wrt)
            return WrittenFactor(GRADIENT, wrt.name, index, place, wrt.index_place or place, loss)
        case Derivative(of, wrt, place):
            return WrittenFactor(
                LOCAL, wrt.name, numeric_index(wrt), place, wrt.index_place or place,
                of.name, numeric_index(of), of.index_place,
            )  # fmt: skip
        case Differential(Symbol() as of, "d", place):
            return WrittenFactor(
                GRADIENT, of.name, numeric_index(of), place, of.index_place or place
            )
        case _:
            raise NotElementsError


def _subscripted(loss: str, words: Sequence[Token], place: Place) -> WrittenFactor:
    """Return L_{x_{00}}, the derivative of the loss with respect to what stands below."""
    try:
        wrt = read(words)
    except UnreadableError:
        raise NotElementsError from None
    if not isinstance(wrt, Symbol) or wrt.name == loss:
        raise NotElementsError
    return WrittenFactor(
        GRADIENT, wrt.name, numeric_index(wrt), place, wrt.index_place or place, loss
    )


def terms(expression: Expression) -> tuple[WrittenTerm, ...]:
    """Return the products an expression adds up, brackets multiplied out.

    Raises:
        NotElementsError: it holds a sum sign, an operator, a matrix, an index with letters.
        UnreadableError: it has far too many terms.
    """
    found = tuple(_terms(expression))
    if len(found) > MOST_TERMS:
        raise UnreadableError("far too many terms", *expression.place)
    return found


def _terms(expression: Expression) -> Iterator[WrittenTerm]:
    match expression:
        case Number(value, place):
            yield WrittenTerm(value, (), place)
        case WrittenSum(parts):
            for sign, part in parts:
                for coefficient, factors, place in _terms(part):
                    yield WrittenTerm(sign * coefficient, factors, place)
        case WrittenProduct(factors, _, place):
            yield from _product(factors, place)
        case WrittenQuotient(above, Number(value), place) if value != 0:
            for coefficient, elements, _ in _terms(above):
                yield WrittenTerm(coefficient / value, elements, place)
        case _:
            one = factor(expression)
            yield WrittenTerm(1, (one,), one.place)


def _product(factors: tuple[Expression, ...], place: Place) -> Iterator[WrittenTerm]:
    coefficient: int | Fraction = 1
    elements: list[WrittenFactor] = []
    sums: list[list[WrittenTerm]] = []
    for part in factors:
        if isinstance(part, Number):
            coefficient *= part.value
        elif isinstance(part, (WrittenSum, WrittenProduct, WrittenQuotient)):
            sums.append(list(_terms(part)))
        else:
            elements.append(factor(part))
    if not sums:
        yield WrittenTerm(coefficient, tuple(elements), place)
        return
    products = [WrittenTerm(coefficient, tuple(elements), place)]
    for terms_ in sums:
        if len(products) * len(terms_) > MOST_TERMS:
            raise UnreadableError("far too many terms", *place)
        inside = place if len(terms_) == 1 else None
        products = [
            WrittenTerm(a.coefficient * b.coefficient, a.factors + b.factors, inside or b.place)
            for a in products
            for b in terms_
        ]
    yield from products


def element_equation(left: Expression, right: Expression) -> ElementEquation:
    """Return the equation two sides make; the side that is one element is the target.

    Raises:
        NotElementsError: no side is one element, or something else than elements stands in it.
    """
    try:
        target = factor(left)
        if target.kind == SCALAR:
            raise NotElementsError
        return ElementEquation(target, terms(right), right.place)
    except NotElementsError:
        if (bias := _bias(left)) is not None and isinstance(right, WrittenSum):
            return ElementEquation(bias, terms(right), right.place)
        target = factor(right)
        if target.kind == SCALAR or (isinstance(left, Number) and left.value):
            raise
        return ElementEquation(target, terms(left), left.place)


def _bias(expression: Expression) -> WrittenFactor | None:
    """Return dL/db, the derivative by a name without an index."""
    match expression:
        case Derivative(of, Symbol(name, None), place) if of.index is None:
            return WrittenFactor(GRADIENT, name, (), place, place, of.name)
        case Differential(Symbol(name, None), "d", place):
            return WrittenFactor(GRADIENT, name, (), place, place)
    return None


def read_index(parts: tuple[str, ...], rank: int) -> tuple[int, ...] | None:
    """Return an index as numbers where tensors have ``rank`` axes, None where it does not fit.

    >>> read_index(("12",), 2), read_index(("12",), 1), read_index(("1", "12"), 2)
    ((1, 2), (12,), (1, 12))
    >>> read_index(("-1",), 1), read_index(("-1",), 2)
    ((-1,), None)
    >>> read_index(("112",), 2) is None
    True
    """
    if len(parts) == rank:
        return tuple(int(part) for part in parts)
    if len(parts) == 1 and len(parts[0]) == rank and parts[0].isdigit():
        return tuple(int(digit) for digit in parts[0])
    return None

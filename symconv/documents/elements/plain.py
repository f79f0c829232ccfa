"""Sums of products of elements in their plainest spelling, read from the words at once.

    x_{00}f_{00} + x_{01} \\cdot f_{01} - \\frac{\\partial L}{\\partial y_{00}} f_{22}

Most of a document is written so.  Words like these have one reading only, the one that
`symconv.documents.mathematics.reader` and `symconv.documents.elements.equations` give them by way
of a tree; here it takes no tree.  Anything else, be it a bracket or a number, is left to those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from symconv.documents.elements.equations import (
    GRADIENT,
    LOCAL,
    MOST_TERMS,
    VALUE,
    ElementEquation,
    WrittenFactor,
    WrittenTerm,
)
from symconv.documents.mathematics.reader import TIMES
from symconv.documents.mathematics.scripts import index_parts
from symconv.documents.mathematics.tokens import GRADIENT as DERIVATIVE
from symconv.documents.mathematics.tokens import Token
from symconv.documents.source.place import Place

_TIMES = TIMES.keys() - {"bmod"}


class WrittenSide(NamedTuple):
    """One side of an equation: what it adds up, and where it stands."""

    terms: tuple[WrittenTerm, ...]
    place: Place

    def element(self) -> WrittenFactor | None:
        """Return the one element that stands here, None where there is more than that."""
        if len(self.terms) > 1 or self.terms[0].coefficient != 1:
            return None
        factors = self.terms[0].factors
        return factors[0] if len(factors) == 1 else None


def plain_equations(sides: Sequence[Sequence[Token]]) -> list[ElementEquation]:
    """Return a = b and a = c for a chain a = b = c, nothing unless all of it is plain.

    The side that is one element is the target, as in `symconv.documents.elements.equations`.
    """
    if len(sides) < 2:
        return []
    sums = [plain_sum(side) for side in sides]
    left, equations = sums[0], []
    for right in sums[1:]:
        if left is None or right is None:
            return []
        target, stated = left.element(), right
        if target is None:
            target, stated = right.element(), left
        if target is None:
            return []
        equations.append(ElementEquation(target, *stated))
    return equations


def plain_sum(words: Iterable[Token]) -> WrittenSide | None:
    """Return the sum that plain words make, None where anything else stands among them."""
    terms: list[WrittenTerm] = []
    factors: list[WrittenFactor] = []
    sign, open_ = 1, True  # open: something has to follow
    words = iter(words)
    first = None
    for word in words:
        kind = word.kind
        first = first or word
        if kind == "letter":
            index = next(words, None)
            if index is None or index.kind != "index":
                return None
            factors.append(_value(word, index))
            open_ = False
        elif kind == "gradient":
            factors.append(_derivative(word))
            open_ = False
        elif open_ and factors:  # after a sign of multiplication
            return None
        elif kind in ("+", "-"):
            if factors:
                terms.append(_term(sign, factors))
                factors, sign, open_ = [], 1, True
            sign = -sign if kind == "-" else sign
        elif factors and (kind == "*" or (kind == "command" and word.text in _TIMES)):
            open_ = True
        else:
            return None
    if open_ or first is None or len(terms) >= MOST_TERMS:
        return None
    terms.append(_term(sign, factors))
    if len(terms) == 1 and sign == 1:
        return WrittenSide(tuple(terms), terms[0].place)
    return WrittenSide(tuple(terms), Place(first.start, terms[-1].place.end))


def _term(sign: int, factors: Sequence[WrittenFactor]) -> WrittenTerm:
    return WrittenTerm(sign, tuple(factors), Place(factors[0].place.start, factors[-1].place.end))


def _value(name: Token, index: Token) -> WrittenFactor:
    end = index.end
    place = Place(index.start + 2, end - 1)
    return WrittenFactor(VALUE, name.text, index_parts(index.text), Place(name.start, end), place)


def _derivative(word: Token) -> WrittenFactor:
    kind, name, index, inner, of, of_index, above = _derivative_parts(word.text)
    place, of_place = _moved(inner, word.start), above and _moved(above, word.start)
    return WrittenFactor(
        kind, name, index, Place(word.start, word.end), place, of, of_index, of_place
    )


def _moved(place: Place, start: int) -> Place:
    return Place(start + place.start, start + place.end)


class _Parts(NamedTuple):
    """A derivative; ``inner`` and ``above`` are the places of its indices within it."""

    kind: str
    name: str
    index: tuple[str, ...]  # type: ignore[assignment]
    inner: Place
    of: str
    of_index: tuple[str, ...]
    above: Place | None


def _derivative_parts(text: str) -> _Parts:
    found = DERIVATIVE.fullmatch(text)
    assert found is not None
    above = found["of_index"]
    return _Parts(
        LOCAL if above else GRADIENT, found["wrt"], index_parts(found["wrt_index"]),
        _digits(found.span("wrt_index")), found["of"], index_parts(above) if above else (),
        _digits(found.span("of_index")) if above else None,
    )  # fmt: skip


def _digits(span: tuple[int, int]) -> Place:
    """Return where the digits of an index stand: within _{ and }."""
    return Place(span[0] + 2, span[1] - 1)

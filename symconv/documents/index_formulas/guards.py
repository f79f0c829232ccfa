r"""Where a sum has terms, said by inequalities: \max(0, \lceil (m-R+1)/u \rceil) \le p, m - pu < R.

i >= a/u, and i >= \lceil a/u \rceil, is u*i - a >= 0; floors, strict signs, maxima below and
minima above come down to such polynomials likewise.  Steps are at least 1, so that multiplying by
one keeps the sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.letters import DILATIONS, STRIDES
from symconv.documents.formulas.parts import Guard
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.relations import relation
from symconv.documents.mathematics.syntax import (
    Call,
    Expression,
    Floor,
    UnreadableError,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.source.place import Place
from symconv.polynomial import ONE, ZERO, Polynomial

_OPEN, _SHUT = frozenset("([{"), frozenset(")]}")
LEAST, GREATEST = "\\max", "\\min"
"""What a lower bound is the greatest of, and an upper bound the least."""


class GuardSide(NamedTuple):
    """One side of an inequality: above/below, rounded down or up or not at all."""

    above: Polynomial
    below: Polynomial
    rounded: str = ""


def hold(words: Sequence[Token], formula: GatheredFormula) -> None:
    r"""Read what holds of the indices, 0 \le m - pu < R, n = qv + s, into ``formula``.

    Raises:
        UnreadableError: it is not understood.
    """
    for part in split(words, ",", "row"):
        _hold(part, formula)


def split(words: Sequence[Token], *kinds: str) -> Iterator[Sequence[Token]]:
    """Part words at commas, or at other words, outside of brackets."""
    part: list[Token] = []
    depth = 0
    for token in words:
        depth += (token.kind in _OPEN) - (token.kind in _SHUT)
        if depth == 0 and token.kind in kinds:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _hold(words: Sequence[Token], formula: GatheredFormula) -> None:
    signs = [k for k, token in enumerate(words) if relation(token)]
    ends = [-1, *signs, len(words)]
    parts = [words[a + 1 : b] for a, b in pairwise(ends)]
    if len(parts) < 2 or not all(parts):
        place = Place(words[0].start, words[-1].end) if words else Place(0, 0)
        raise UnreadableError("this condition is not understood", *place)
    trees = [read(part) for part in parts]
    formula.beside(words)
    for k, left, right in zip(signs, trees, trees[1:], strict=False):
        place = Place(left.place.start, right.place.end)
        match relation(words[k]):
            case "=":
                formula.conditions.append(
                    _equal(_side(left, formula), _side(right, formula), place)
                )
            case ("<" | "<=") as sign:
                at_most(left, right, sign == "<", place, formula)
            case (">" | ">=") as sign:
                at_most(right, left, sign == ">", place, formula)
            case _:
                raise UnreadableError("this condition is not understood", *place)
    formula.axis = None


def at_most(
    low: Expression, high: Expression, strict: bool, place: Place, f: GatheredFormula
) -> None:
    """Note that one expression is at most another, or less.

    Raises:
        UnreadableError: both are rounded, or divided by what may not be positive.
    """
    for a in sides(low, LEAST, f):
        for b in sides(high, GREATEST, f):
            f.guards.append(between(a, b, strict, place))


def sides(expression: Expression, extreme: str, formula: GatheredFormula) -> Iterator[GuardSide]:
    """Yield what an expression is the greatest, or the least, of."""
    if isinstance(expression, Call) and expression.name == extreme:
        for argument in expression.arguments:
            yield from sides(argument, extreme, formula)
    else:
        yield _side(expression, formula)


def between(low: GuardSide, high: GuardSide, strict: bool, place: Place) -> Guard:
    """Return what is at least 0 where one side is at most the other, or less.

    Raises:
        UnreadableError: both sides are divided.
    """
    if low.below != ONE and high.below != ONE:
        raise UnreadableError("two quotients in one condition", *place)
    step = low.below if high.below == ONE else high.below
    gap = high.above * low.below - low.above * high.below
    step_but_one = step - 1
    if low.rounded == "down" or high.rounded == "up":
        gap = gap + step_but_one
    if strict:  # whole numbers on both sides, unless a quotient is not rounded
        gap = gap - (step if low.rounded or high.rounded else ONE)
    return Guard(gap, place, ONE if low.rounded or high.rounded else step)


def _side(expression: Expression, formula: GatheredFormula) -> GuardSide:
    """Return a polynomial, or a quotient with what is added to it inside."""
    try:
        return GuardSide(formula.polynomial(expression), ONE)
    except UnreadableError as unreadable:
        terms = expression.terms if isinstance(expression, WrittenSum) else ((1, expression),)
        divided = [t for sign, t in terms if sign == 1 and isinstance(t, (Floor, WrittenQuotient))]
        if len(divided) != 1:
            raise unreadable from None
        rest = ZERO
        for sign, term in terms:
            if term is not divided[0]:
                rest = rest + formula.polynomial(term) * sign
        return _quotient(divided[0], rest, formula)


def _quotient(divided: Expression, rest: Polynomial, formula: GatheredFormula) -> GuardSide:
    inside = divided.of if isinstance(divided, Floor) else divided
    if not isinstance(inside, WrittenQuotient):
        raise UnreadableError("this is not understood in a condition", *divided.place)
    above, below = formula.polynomial(inside.above), formula.polynomial(inside.below)
    if not _is_step(below):
        reason = "a condition is divided by a stride, a dilation or a number only"
        raise UnreadableError(reason, *inside.below.place)
    rounded = ("up" if divided.up else "down") if isinstance(divided, Floor) else ""
    return GuardSide(above + rest * below, below, rounded)


def _is_step(below: Polynomial) -> bool:
    """Whether a divisor is at least 1."""
    if len(below.terms) != 1:
        return False
    ((monomial, n),) = below.terms.items()
    return n > 0 and len(monomial) < 2 and {*STRIDES, *DILATIONS}.issuperset(monomial)


def _equal(left: GuardSide, right: GuardSide, place: Place) -> Polynomial:
    if left.rounded or right.rounded:
        raise UnreadableError("this condition is not understood", *place)
    above, below = left.above * right.below, right.above * left.below
    return above - below

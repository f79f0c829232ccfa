"""Sizes worked out with numbers: (5 - 3)/2 + 1 = 2, and (5-3+1) x (5-3+1) = 3 x 3."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction

from symconv.documents.mathematics.syntax import (
    Expression,
    Floor,
    Number,
    WrittenProduct,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.sizes.examples import held
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import AGREE, WRONG, EquationVerdict, Finding
from symconv.geometry import Axis, Geometry

SIZE = "size"
_ROUNDED = re.compile(
    r"\bfloor|\bround|truncat|integer (?:part|division)|whole number|lfloor|⌊", re.IGNORECASE
)
"""What says that numbers are rounded down."""
_LONG = 9


def judge_numbers(
    sides: Sequence[Expression], place: Place, example: Geometry | None = None, words: str = ""
) -> EquationVerdict | None:
    """Return the verdict on a size worked out with numbers, None where it is none.

    What is printed without a floor is not rounded down silently, unless the words beside it do.
    """
    if len(sides) < 2:
        return None
    first = _extents(sides[0])
    if len(first) > 1 and not all(map(_is_sum_with_one, first)):
        return None
    if len(first) == 1 and not _is_window_count(first[0]):
        return None
    for side in sides:
        numbers = [arithmetic(part) for part in _extents(side)]
        wanted = [arithmetic(part) for part in first]
        if len(numbers) != len(wanted) or None in numbers or None in wanted:
            return None
    scope = ""
    for side in sides[1:]:
        for stated, true in zip(_extents(side), first, strict=True):
            value, number = arithmetic(true), arithmetic(stated)
            if value is None or number == value:
                continue
            whole = number == Fraction(math.floor(value))
            if whole and _ROUNDED.search(words):
                scope = "rounded down"
                continue
            finding = Finding("SC240", stated.place, _off(value, whole))
            return EquationVerdict(WRONG, SIZE, place, findings=(finding,))
    agreement = EquationVerdict(AGREE, SIZE, place, scope=scope)
    if example is None:
        return agreement
    for part in first:
        axes = [axis for axis in example.axes if _window_count(part) == _numbers_of(axis)]
        agreement = held(agreement, ("u",), axes)
    return agreement


def _off(value: Fraction, whole: bool) -> str:
    """Return what the left side is, where another number is stated."""
    if value.denominator == 1:
        return f"the left side is {value}"
    exact = float(value) == value and len(f"{float(value):g}") < _LONG
    shown = f"{float(value):g}" if exact else str(value)
    return f"the left side is {shown}{', and no floor is written' if whole else ''}"


def _numbers_of(axis: Axis) -> tuple[Fraction, Fraction, Fraction]:
    return Fraction(axis.input), Fraction(axis.filter), Fraction(axis.stride)


def _window_count(expression: Expression) -> tuple[Fraction, Fraction, Fraction] | None:
    """Return a, b and c of (a - b)/c + 1, None for another form."""
    terms = list(expression.terms) if isinstance(expression, WrittenSum) else []
    ones = [term for term in terms if term[0] == 1 and arithmetic(term[1]) == 1]
    if not ones:
        return None
    terms.remove(ones[-1])
    step: Fraction | None = Fraction(1)
    if len(terms) == 1 and terms[0][0] == 1:
        whole = terms[0][1]
        inside: Expression = whole.of if isinstance(whole, Floor) else whole
        if isinstance(inside, WrittenQuotient):
            step = arithmetic(inside.below)
            inside = inside.above
        terms = list(inside.terms) if isinstance(inside, WrittenSum) else []
    numbers = [(sign, arithmetic(term)) for sign, term in terms]
    if len(numbers) != 2 or [sign for sign, _ in numbers] != [1, -1] or step is None:
        return None
    (_, extent), (_, filter_) = numbers
    return (extent, filter_, step) if extent is not None and filter_ is not None else None


def _extents(expression: Expression) -> tuple[Expression, ...]:
    """Return height and width of a product 3 x 3, else the expression."""
    match expression:
        case WrittenProduct(factors, signs) if set(signs) == {"\\times"} and len(factors) == 2:
            return factors
    return (expression,)


def _is_window_count(expression: Expression) -> bool:
    """Whether an expression has the form (a - b)/c + 1."""
    parts = expression.terms if isinstance(expression, WrittenSum) else ()
    return any(isinstance(p, (WrittenQuotient, Floor)) for _, p in parts)


def _is_sum_with_one(expression: Expression) -> bool:
    """Whether an expression has the form a - b + 1, or (a - b)/c + 1."""
    match expression:
        case WrittenSum(terms):
            return any(sign == 1 and isinstance(t, Number) and t.value == 1 for sign, t in terms)
    return False


def arithmetic(expression: Expression) -> Fraction | None:
    """Return the value of an expression in numbers, None where names stand in it."""
    match expression:
        case Number(value):
            return value
        case WrittenSum(terms):
            values = [(sign, arithmetic(t)) for sign, t in terms]
            if any(v is None for _, v in values):
                return None
            return sum((sign * v for sign, v in values if v is not None), Fraction(0))
        case WrittenProduct(factors):
            result = Fraction(1)
            for factor in factors:
                part = arithmetic(factor)
                if part is None:
                    return None
                result *= part
            return result
        case WrittenQuotient(above, below):
            a, b = arithmetic(above), arithmetic(below)
            return a / b if a is not None and b else None
        case Floor(of, _, up):
            inside = arithmetic(of)
            if inside is None:
                return None
            return Fraction(math.ceil(inside) if up else math.floor(inside))
    return None

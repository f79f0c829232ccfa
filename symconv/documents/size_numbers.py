"""Sizes worked out with numbers: (5 - 3)/2 + 1 = 2, and (5-3+1) x (5-3+1) = 3 x 3."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from symconv.documents.syntax import Expression, Floor, Number, Place, Product, Quotient, Sum
from symconv.documents.verdict import AGREE, WRONG, Finding, Judgement

SIZE = "size"


def judge_numbers(sides: Sequence[Expression], place: Place) -> Judgement | None:
    """Return the verdict on a size worked out with numbers, None where it is none."""
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
    for side in sides[1:]:
        for stated, true in zip(_extents(side), first, strict=True):
            value, number = arithmetic(true), arithmetic(stated)
            if value is None or number in (value, Fraction(math.floor(value))):
                continue
            finding = Finding("SC240", stated.place, f"the left side is {math.floor(value)}")
            return Judgement(WRONG, SIZE, place, findings=(finding,))
    return Judgement(AGREE, SIZE, place)


def _extents(expression: Expression) -> tuple[Expression, ...]:
    """Return height and width of a product 3 x 3, else the expression."""
    match expression:
        case Product(factors, signs) if set(signs) == {"\\times"} and len(factors) == 2:
            return factors
    return (expression,)


def _is_window_count(expression: Expression) -> bool:
    """Say whether an expression has the form (a - b)/c + 1."""
    parts = expression.terms if isinstance(expression, Sum) else ()
    return any(isinstance(p, (Quotient, Floor)) for _, p in parts)


def _is_sum_with_one(expression: Expression) -> bool:
    """Say whether an expression has the form a - b + 1, or (a - b)/c + 1."""
    match expression:
        case Sum(terms):
            return any(sign == 1 and isinstance(t, Number) and t.value == 1 for sign, t in terms)
    return False


def arithmetic(expression: Expression) -> Fraction | None:
    """Return the value of an expression in numbers, None where names stand in it."""
    match expression:
        case Number(value):
            return value
        case Sum(terms):
            values = [(sign, arithmetic(t)) for sign, t in terms]
            if any(v is None for _, v in values):
                return None
            return sum((sign * v for sign, v in values if v is not None), Fraction(0))
        case Product(factors):
            result = Fraction(1)
            for factor in factors:
                part = arithmetic(factor)
                if part is None:
                    return None
                result *= part
            return result
        case Quotient(above, below):
            a, b = arithmetic(above), arithmetic(below)
            return a / b if a is not None and b else None
        case Floor(of, _, up):
            inside = arithmetic(of)
            if inside is None:
                return None
            return Fraction(math.ceil(inside) if up else math.floor(inside))
    return None

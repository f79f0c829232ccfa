"""Size statements: ``P = \\lfloor (H - R)/u \\rfloor + 1``, and the same with numbers.

A statement is brought to the form floor(N/u) + c; it is right iff N + c*u is the polynomial
H + lo + hi - D + u, with D = d*(R - 1) + 1.  Nothing is tried at sizes: two polynomials are equal
or they are not, and where they are not, small sizes show it.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

from symconv.documents import affine
from symconv.documents.affine import Polynomial
from symconv.documents.letters import written
from symconv.documents.syntax import (
    Expression,
    Floor,
    Number,
    Place,
    Product,
    Quotient,
    Sum,
    Symbol,
    UnreadableError,
)
from symconv.documents.verdict import AGREE, WRONG, Finding, Judgement, not_judged

SIZE = "size"
_OUTPUTS = {"P": 0, "Q": 1, "H_out": 0, "W_out": 1, "out": 2, "n_out": 2, "o": 2, "O": 2}
_AXES = (
    {"H": "H", "R": "R", "u": "u", "stride": "u", "stride_R": "u", "s": "u", "p": "p", "pad": "p",
     "padding": "p", "d": "d", "D": "D", "H_in": "H", "K": "R", "k": "R", "s_h": "u"},
    {"W": "H", "S": "R", "v": "u", "u": "u", "stride": "u", "stride_S": "u", "s": "u", "p": "p",
     "pad": "p", "padding": "p", "d": "d", "e": "d", "W_in": "H", "K": "R", "k": "R", "s_w": "u"},
    {"n": "H", "i": "H", "N": "H", "I": "H", "n_in": "H", "k": "R", "K": "R", "f": "R", "F": "R",
     "s": "u", "S": "u", "u": "u", "stride": "u", "p": "p", "P": "p", "pad": "p", "padding": "p",
     "d": "d"},
)  # fmt: skip
_SMALL = {"H": range(4, 9), "R": range(1, 4), "u": range(1, 4), "p": range(2), "d": range(1, 3)}


def judge_size(sides: tuple[Expression, ...], place: Place) -> Judgement | None:
    """Return the verdict on a size statement, None where it is none."""
    left, right = sides[0], sides[-1]
    if not isinstance(left, Symbol):
        return _judge_numbers(sides, place)
    if written(left) not in _OUTPUTS or (isinstance(right, (Number, Symbol)) and len(sides) == 2):
        return None
    right = sides[1]
    if isinstance(right, (Number, Symbol)):
        return None
    if _arithmetic(right) is not None:
        return _judge_numbers(sides[1:], place) if len(sides) > 2 else None
    try:
        above, below = _quotient(right, _AXES[_OUTPUTS[written(left)]])
    except UnreadableError as unreadable:
        return not_judged(SIZE, place, unreadable.reason, unreadable.place)
    wanted = _windows(above, below)
    if affine.plus(above, wanted, -1) == {}:
        return Judgement(AGREE, SIZE, place, written(left).lower())
    return _wrong(above, below, wanted, place, right.place, written(left))


def _quotient(expression: Expression, names: dict[str, str]) -> tuple[Polynomial, Polynomial]:
    """Return N + c*u and u, for floor(N/u) + c with or without the floor."""
    terms = expression.terms if isinstance(expression, Sum) else ((1, expression),)
    above: Polynomial = {}
    below: Polynomial = affine.constant(1)
    quotients = 0
    rest: Polynomial = {}

    def name(symbol: Symbol) -> str:
        known = names.get(written(symbol))
        if known is None:
            raise UnreadableError(f"'{written(symbol)}' is no size that is known", *symbol.place)
        return known

    for sign, term in terms:
        inside: Expression = term
        if isinstance(inside, Floor):
            inside = inside.of
        if isinstance(inside, Quotient) and sign == 1:
            quotients += 1
            above = affine.polynomial(inside.above, name)
            below = affine.polynomial(inside.below, name)
        elif inside is not term:
            more, below = _quotient(inside, names)
            above, quotients = more, quotients + 1
        else:
            rest = affine.plus(rest, affine.polynomial(term, name), sign)
    if quotients > 1:
        raise UnreadableError("two quotients in one size", *expression.place)
    return affine.plus(above, affine.times(rest, below)), below


def _windows(above: Polynomial, below: Polynomial) -> Polynomial:
    """Return H + 2p - d*(R - 1) - 1 + u with the names that a statement uses."""
    used = {name for monomial in (*above, *below) for name in monomial}
    filter_ = affine.plus({("R",): 1}, affine.constant(1), -1)
    spread = affine.times(filter_, {("d",): 1}) if "d" in used else filter_
    if "D" in used:
        spread = affine.plus({("D",): 1}, affine.constant(1), -1)
    total = affine.plus({("H",): 1}, affine.plus(spread, affine.constant(1)), -1)
    if "p" in used:
        total = affine.plus(total, {("p",): 2})
    return affine.plus(total, below)


def _wrong(
    above: Polynomial,
    below: Polynomial,
    wanted: Polynomial,
    place: Place,
    wrong: Place,
    target: str,
) -> Judgement:
    """Return the verdict wrong with the smallest sizes that show it, if any do."""
    if below not in ({("u",): 1}, affine.constant(1)):
        return not_judged(SIZE, place, "this divisor is not understood", wrong)
    used = sorted({n for m in (*above, *below, *wanted) for n in m})
    if not set(used) <= set(_SMALL):
        return not_judged(SIZE, place, "these sizes are not all known", wrong)
    for values in product(*(_SMALL[name] for name in used)):
        sizes = dict(zip(used, values, strict=True))
        if _value(wanted, sizes) - _value(below, sizes) < 0:
            continue
        stated = _value(above, sizes) // _value(below, sizes)
        true = _value(wanted, sizes) // _value(below, sizes)
        if stated != true:
            shown = ", ".join(f"{n}={v}" for n, v in sizes.items())
            finding = Finding("SC240", wrong, f"at {shown} there are {true} windows, not {stated}")
            return Judgement(WRONG, SIZE, place, target.lower(), findings=(finding,))
    return not_judged(SIZE, place, "no small size decides this", wrong)


def _value(polynomial: Polynomial, sizes: dict[str, int]) -> int:
    return sum(n * math.prod(sizes[name] for name in m) for m, n in polynomial.items())


def _judge_numbers(sides: tuple[Expression, ...], place: Place) -> Judgement | None:
    """Judge (5 - 3)/2 + 1 = 2: a size worked out with numbers."""
    values = [_arithmetic(side) for side in sides]
    first, last = values[0], values[-1]
    if len(sides) < 2 or first is None or last is None or not _is_window_count(sides[0]):
        return None
    if any(value is None for value in values):
        return None
    if all(value in (first, Fraction(math.floor(first))) for value in values):
        return Judgement(AGREE, SIZE, place)
    finding = Finding("SC240", sides[-1].place, f"the left side is {math.floor(first)}")
    return Judgement(WRONG, SIZE, place, findings=(finding,))


def _is_window_count(expression: Expression) -> bool:
    """Say whether an expression has the form (a - b)/c + 1."""
    parts = expression.terms if isinstance(expression, Sum) else ()
    return any(isinstance(p, (Quotient, Floor)) for _, p in parts)


def _arithmetic(expression: Expression) -> Fraction | None:
    """Return the value of an expression in numbers, None where names stand in it."""
    match expression:
        case Number(value):
            return value
        case Sum(terms):
            values = [(sign, _arithmetic(t)) for sign, t in terms]
            if any(v is None for _, v in values):
                return None
            return sum((sign * v for sign, v in values if v is not None), Fraction(0))
        case Product(factors):
            result = Fraction(1)
            for factor in factors:
                part = _arithmetic(factor)
                if part is None:
                    return None
                result *= part
            return result
        case Quotient(above, below):
            a, b = _arithmetic(above), _arithmetic(below)
            return a / b if a is not None and b else None
        case Floor(of):
            inside = _arithmetic(of)
            return None if inside is None else Fraction(math.floor(inside))
    return None

"""Mixed radix: a number is t*u + a with 0 <= a < u for exactly one t and one a.

That holds for u >= 1, which is an obligation wherever something is divided.  So

    t*u + a = b, where 0 <= a < u is guarded    says the same as    t = floor(b/u), a = b mod u
    a sum over k                                is              a sum over t and a, k = t*u + a

and floor(k/u) is t, k mod u is a.  The first is how a row r*S + s of a matrix, or a phase of a
polyphase sum, is read; the second is how k//S and k%S are.  Of a guard g >= 0 on k is left what
floor(g/u) >= 0 says of t, where that needs no quotient: of 0 <= k < R*S, 0 <= t < R.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from symconv.polynomial import Polynomial
from symconv.proof.replacement import depends, hidden, replaced, summed
from symconv.readings.quotients import Arithmetic, split
from symconv.readings.relation import Bound, MixedRadix, Relation


@dataclass(frozen=True, slots=True)
class Digit:
    """An equation that says number = quotient*base + digit, where 0 <= digit < base is guarded.

    Attributes:
        name: the summation index in the digit.
        parts: what the equation says; its number knows no summation index.
    """

    name: str
    parts: MixedRadix


def digits(equation: Polynomial, relation: Relation, arithmetic: Arithmetic) -> Iterator[Digit]:
    """Yield the summation indices of which ``equation`` says that they are a digit."""
    bounds = list(dict.fromkeys(guard.polynomial for guard in relation.guards))
    for name in summed(equation, relation, arithmetic):
        sign = equation.coefficient_of(name)
        if sign is None or sign.value not in (1, -1) or hidden(equation, name, arithmetic):
            continue
        belows = (each for each in bounds if _step(each, name) == 1)
        aboves = [each for each in bounds if _step(each, name) == -1]
        for below, above in product(belows, aboves):
            base = below + above + 1
            if base.names & arithmetic.indices:
                continue
            rest = equation * sign - below
            moving = depends(rest, relation, arithmetic)
            quotient, remainder = split(moving, base)
            if quotient and not remainder and not hidden(quotient + rest, name, arithmetic):
                yield Digit(name, MixedRadix(moving - rest, base, quotient, below))


def _step(bound: Polynomial, name: str) -> int | None:
    """Return the factor of ``name`` in a bound, where it is a number."""
    step = bound.coefficient_of(name) if name in bound.names else None
    return None if step is None else step.value


def spread(relation: Relation, arithmetic: Arithmetic) -> Relation | None:
    """Sum over t and a instead of k, where floor((k + c)/u) occurs: k + c = t*u + a."""
    reached = set().union(*map(arithmetic.names_below, relation.names))
    for witness in list(arithmetic.witnesses.values()):
        if witness.name not in reached:
            continue
        for name in relation.sums:
            sign = witness.numerator.coefficient_of(name)
            if sign is None or sign.value not in (1, -1):
                continue
            if not hidden(witness.numerator, name, arithmetic):
                rest = witness.numerator - sign * Polynomial.name(name)
                return _spread(relation, name, sign, rest, witness.divisor, arithmetic)
    return None


def _spread(
    relation: Relation,
    name: str,
    sign: Polynomial,
    rest: Polynomial,
    base: Polynomial,
    arithmetic: Arithmetic,
) -> Relation:
    """Sum over t and a instead of ``name``, where sign*name + rest = t*base + a."""
    about = [_is_about(guard, name, arithmetic) for guard in relation.guards]
    names = arithmetic.index("t"), arithmetic.index("a")
    quotient, digit = map(Polynomial.name, names)
    arithmetic.digits[names[1]] = base
    whole = quotient * base + digit
    found = replaced(relation, {name: sign * (whole - rest)}, arithmetic)
    guards = tuple(
        replace(guard, polynomial=arithmetic.lowered(guard.polynomial, names[1:]))
        if changed
        else guard
        for guard, changed in zip(found.guards, about, strict=True)
    )
    words = f"{digit} is a digit below {base}"
    number = sign * Polynomial.name(name) + rest
    return replace(
        found,
        guards=(*guards, Bound(words, digit), Bound(words, base - digit - 1)),
        sums=(*found.sums, *names),
        radix=(*found.radix, MixedRadix(number, base, quotient, digit)),
    )


def _is_about(guard: Bound, name: str, arithmetic: Arithmetic) -> bool:
    return any(name in arithmetic.names_below(other) for other in guard.polynomial.names)

"""Removes summation indices from a relation: what its equations determine need not be summed.

The index at which a leaf is read gets a name; that gives one equation more for each axis of each
leaf.  Then indices are removed, in steps that keep one product for each product:

    k = b          k is b
    a*k = b        k is the exact quotient of b by a, the remainder being 0
    u*t + a = b    with 0 <= a < u: a is b mod u, and t = floor(b/u) (`symconv.proof.radix`)
    floor(k/u)     k is u*t + a for one t and one a with 0 <= a < u: both are summed over instead

What is left over occurs in no product's indices, and is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symconv.errors import OutOfReachError
from symconv.polynomial import Polynomial
from symconv.proof.radix import digits, spread
from symconv.proof.replacement import hidden, replaced, summed
from symconv.readings.quotients import Arithmetic
from symconv.readings.relation import Index, Relation


def named(relation: Relation, names: Mapping[str, Index]) -> Relation:
    """Return ``relation`` with the equations that say where ``names`` each leaf is read."""
    equations = tuple(
        read - name
        for factor in relation.factors
        for read, name in zip(factor.index, names[factor.leaf], strict=True)
    )
    factors = tuple(replace(factor, index=names[factor.leaf]) for factor in relation.factors)
    return replace(relation, factors=factors, equations=relation.equations + equations)


def eliminate(relation: Relation, arithmetic: Arithmetic) -> Relation:
    """Return ``relation`` without the summation indices that its equations determine.

    Raises:
        OutOfReachError: a quotient depends on an index that cannot be eliminated.
    """
    found: Relation | None = relation
    while found is not None:
        relation = _pinned(found)
        steps = (step(relation, arithmetic) for step in _STEPS)
        found = next((each for each in steps if each is not None), None)
    left = set(relation.sums)
    for name in relation.names & arithmetic.witnesses.keys():
        if below := arithmetic.names_below(name) & left:
            raise OutOfReachError(_undetermined(min(below), relation, arithmetic))
    return relation


def _undetermined(name: str, relation: Relation, arithmetic: Arithmetic) -> str:
    """Say that a quotient depends on a summation index, as it is called in the claim."""
    for step in reversed(relation.radix):
        if name in step.quotient.names | step.digit.names:
            name = next(iter(sorted(step.number.names & arithmetic.stems.keys())), name)
    index = arithmetic.stems.get(name, name)
    return (
        f"a quotient depends on the summation index {index}, which nothing else determines; what "
        f"is read are quotients and remainders of {index} itself, such as {index}//S and "
        f"{index} % S"
    )


def _digit_step(relation: Relation, arithmetic: Arithmetic) -> Relation | None:
    """Replace one summation index a by b mod u, where u*t + a = b; then t = floor(b/u)."""
    for equation in relation.equations:
        for digit in digits(equation, relation, arithmetic):
            if _is_known(digit.name, relation, arithmetic):
                continue
            parts = digit.parts
            quotient = arithmetic.quotient(parts.number, parts.base)
            remainder = parts.number - quotient * parts.base
            value = solution(parts.digit - remainder, digit.name)
            assert value is not None
            others = (each for each in relation.equations if each != equation)
            changed = replace(
                relation,
                equations=(*others, parts.quotient - quotient),
                radix=(*relation.radix, parts),
            )
            return replaced(changed, {digit.name: value}, arithmetic)
    return None


def _is_known(name: str, relation: Relation, arithmetic: Arithmetic) -> bool:
    """Whether an equation says what ``name`` is, without any other summation index."""
    return any(
        summed(equation, relation, arithmetic) == (name,)
        and solved(equation, name, arithmetic) is not None
        for equation in relation.equations
    )


def _unit_step(relation: Relation, arithmetic: Arithmetic) -> Relation | None:
    """Replace one summation index by what an equation k = b says it is."""
    for equation in relation.equations:
        for name in relation.sums:
            value = solved(equation, name, arithmetic)
            if value is not None:
                return replaced(relation, {name: value}, arithmetic)
    return None


def _quotient_step(relation: Relation, arithmetic: Arithmetic) -> Relation | None:
    """Replace one summation index by an exact quotient, from an equation a*k = b."""
    for equation in relation.equations:
        found = [name for name in relation.sums if name in equation.names]
        if len(found) != 1 or hidden(equation, found[0], arithmetic):
            continue
        step = equation.coefficient_of(found[0])
        if step is None or step.names & arithmetic.indices:
            continue
        rest = step * Polynomial.name(found[0]) - equation
        if all(factor < 0 for factor in step.terms.values()):
            step, rest = -step, -rest
        value = arithmetic.quotient(rest, step)
        return replaced(relation, {found[0]: value}, arithmetic)
    return None


_STEPS = (_digit_step, _unit_step, spread, _quotient_step)


def solved(equation: Polynomial, name: str, arithmetic: Arithmetic) -> Polynomial | None:
    """Return b where ``equation`` = 0 says name = b, b being free of the name; or None."""
    return None if hidden(equation, name, arithmetic) else solution(equation, name)


def solution(equation: Polynomial, name: str) -> Polynomial | None:
    """Return b where ``equation`` = 0 says name = b, whatever the quotients in b depend on."""
    step = equation.coefficient_of(name)
    if step is None or step.value not in (1, -1):
        return None
    return Polynomial.name(name) - equation * step


def _pinned(relation: Relation) -> Relation:
    """Return ``relation`` with an equation in place of two guards that say <= 0 and >= 0."""
    guards = dict.fromkeys(bound.polynomial for bound in relation.guards)
    zero = [guard for guard in guards if guard and -guard in guards]
    return replace(
        relation,
        guards=tuple(bound for bound in relation.guards if bound.polynomial not in zero),
        equations=tuple(dict.fromkeys((*relation.equations, *zero))),
    )

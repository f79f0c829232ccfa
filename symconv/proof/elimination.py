"""Removes summation indices from a relation: what its equations determine need not be summed.

The index at which a leaf is read gets a name; that gives one equation more for each axis of each
leaf.  Then k is replaced wherever an equation has the form k = b, and where one has the form
a*k = b it is replaced by the exact quotient of b by a, the remainder being 0.  What is left over
occurs in no product's indices, and is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from symconv.errors import OutOfReachError
from symconv.polynomial import Polynomial
from symconv.readings.quotients import Arithmetic
from symconv.readings.relation import Bound, Index, Relation

Values = dict[str, Polynomial]


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
    relation = _pinned(relation)
    for step in (_unit_step, _quotient_step, _unit_step):
        while (found := step(relation, arithmetic)) is not None:
            relation = found
    left = set(relation.sums)
    for name in relation.names:
        below = arithmetic.names_below(name) & left
        if name in arithmetic.witnesses and below:
            raise OutOfReachError(f"a quotient depends on the summation index {min(below)}")
    return relation


def _unit_step(relation: Relation, arithmetic: Arithmetic) -> Relation | None:
    """Replace one summation index by what an equation k = b says it is."""
    for equation in relation.equations:
        for name in relation.sums:
            value = solved(equation, name, arithmetic)
            if value is not None:
                return _replaced(relation, {name: value}, arithmetic)
    return None


def _quotient_step(relation: Relation, arithmetic: Arithmetic) -> Relation | None:
    """Replace one summation index by an exact quotient, from an equation a*k = b."""
    for equation in relation.equations:
        found = [name for name in relation.sums if name in equation.names]
        if len(found) != 1 or _hidden(equation, found[0], arithmetic):
            continue
        step = equation.coefficient_of(found[0])
        if step is None or step.names & arithmetic.indices:
            continue
        rest = step * Polynomial.name(found[0]) - equation
        if all(factor < 0 for factor in step.terms.values()):
            step, rest = -step, -rest
        value = arithmetic.quotient(rest, step)
        return _replaced(relation, {found[0]: value}, arithmetic)
    return None


def solved(equation: Polynomial, name: str, arithmetic: Arithmetic) -> Polynomial | None:
    """Return b where ``equation`` = 0 says name = b, b being free of the name; or None."""
    return None if _hidden(equation, name, arithmetic) else solution(equation, name)


def solution(equation: Polynomial, name: str) -> Polynomial | None:
    """Return b where ``equation`` = 0 says name = b, whatever the quotients in b depend on."""
    step = equation.coefficient_of(name)
    if step is None or step.value not in (1, -1):
        return None
    return Polynomial.name(name) - equation * step


def _hidden(equation: Polynomial, name: str, arithmetic: Arithmetic) -> bool:
    """Whether a quotient in ``equation`` depends on ``name``."""
    return any(name in arithmetic.names_below(other) for other in equation.names if other != name)


def _pinned(relation: Relation) -> Relation:
    """Return ``relation`` with an equation in place of two guards that say <= 0 and >= 0."""
    guards = dict.fromkeys(bound.polynomial for bound in relation.guards)
    zero = [guard for guard in guards if guard and -guard in guards]
    return replace(
        relation,
        guards=tuple(bound for bound in relation.guards if bound.polynomial not in zero),
        equations=tuple(dict.fromkeys((*relation.equations, *zero))),
    )


def _replaced(relation: Relation, values: Values, arithmetic: Arithmetic) -> Relation:
    """Return ``relation`` with ``values`` in place, and without the names they replace."""
    replaced, more = arithmetic.renewed(values)

    def change(old: Polynomial) -> Polynomial:
        return old.substitute(replaced)

    equations = (*map(change, relation.equations), *more)
    return Relation(
        factors=relation.factors,
        guards=_changed(relation.guards, change),
        facts=_changed(relation.facts, change),
        equations=tuple(dict.fromkeys(equation for equation in equations if equation)),
        sums=tuple(name for name in relation.sums if name not in values),
    )


def _changed(
    bounds: tuple[Bound, ...], change: Callable[[Polynomial], Polynomial]
) -> tuple[Bound, ...]:
    return tuple(Bound(bound.words, change(bound.polynomial)) for bound in bounds)

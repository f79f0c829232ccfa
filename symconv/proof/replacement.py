"""Puts values in place of summation indices, in a relation and in the quotients in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from symconv.polynomial import Polynomial
from symconv.readings.quotients import Arithmetic
from symconv.readings.relation import Bound, Relation


def replaced(
    relation: Relation, values: Mapping[str, Polynomial], arithmetic: Arithmetic
) -> Relation:
    """Return ``relation`` with ``values`` in place, and without the names they replace."""
    every, more = arithmetic.renewed(values)

    def change(old: Polynomial) -> Polynomial:
        return old.substitute(every)

    equations = (*map(change, relation.equations), *more)
    return replace(
        relation,
        guards=_changed(relation.guards, change),
        facts=_changed(relation.facts, change),
        equations=tuple(dict.fromkeys(equation for equation in equations if equation)),
        sums=tuple(name for name in relation.sums if name not in values),
    )


def _changed(
    bounds: tuple[Bound, ...], change: Callable[[Polynomial], Polynomial]
) -> tuple[Bound, ...]:
    return tuple(Bound(bound.words, change(bound.polynomial)) for bound in bounds)


def hidden(polynomial: Polynomial, name: str, arithmetic: Arithmetic) -> bool:
    """Whether a quotient in ``polynomial`` depends on ``name``."""
    return any(name in arithmetic.names_below(other) for other in polynomial.names if other != name)


def summed(polynomial: Polynomial, relation: Relation, arithmetic: Arithmetic) -> tuple[str, ...]:
    """Return the summation indices on which ``polynomial`` depends, by itself or by a quotient."""
    below = set[str]().union(*map(arithmetic.names_below, polynomial.names))
    return tuple(name for name in relation.sums if name in below)


def depends(polynomial: Polynomial, relation: Relation, arithmetic: Arithmetic) -> Polynomial:
    """Return the terms of ``polynomial`` that depend on a summation index."""
    terms = {
        monomial: factor
        for monomial, factor in polynomial.terms.items()
        if summed(Polynomial({monomial: 1}), relation, arithmetic)
    }
    return Polynomial(terms)

"""Counts the products that are equal, where summation indices are left.

Where every summation index is determined by the indices of the leaves, each product occurs at
most once, and two sides are equal if each occurs on one wherever it occurs on the other.  Where
indices are left over, a product occurs as often as there are choices for them.  Two counts are
the same if the choices correspond one to one: each index k' of the right side is k + c or c - k
for one index k of the left side.  The guards of both sides then have to follow from each other
for every k, which the obligations say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symconv.errors import OutOfReachError
from symconv.polynomial import Polynomial
from symconv.readings.relation import Bound, Relation


def paired(left: Relation, right: Relation) -> tuple[Relation, dict[str, Polynomial]]:
    """Return ``right`` with its summation indices written in those of ``left``, and how.

    Raises:
        OutOfReachError: one side sums over more indices than the other.
    """
    if len(left.sums) != len(right.sums):
        raise OutOfReachError(_uneven(left, right))
    free = list(left.sums)
    how: dict[str, Polynomial] = {}
    for name in right.sums:
        value = _best(left, right, name, free)
        free.remove(next(k for k in free if k in value.names))
        how = {other: old.substitute({name: value}) for other, old in how.items()} | {name: value}
        right = _written(right, name, value)
    return right, how


def _uneven(left: Relation, right: Relation) -> str:
    more, side = (left, "left") if len(left.sums) > len(right.sums) else (right, "right")
    return (
        f"the {side} side sums over {', '.join(more.sums)}, which the leaves' indices do not "
        "determine: how often a product occurs is not known"
    )


def _best(left: Relation, right: Relation, name: str, free: list[str]) -> Polynomial:
    """Return the correspondence under which most of the right side is found on the left."""
    known = {bound.polynomial for bound in left.guards} | set(left.equations)

    def score(value: Polynomial) -> int:
        changed = _written(right, name, value)
        found = [bound.polynomial for bound in changed.guards]
        found += [sign for equation in changed.equations for sign in (equation, -equation)]
        return sum(polynomial in known for polynomial in found)

    return max(_candidates(left, right, name, free), key=score)


def _candidates(
    left: Relation, right: Relation, name: str, free: list[str]
) -> Iterator[Polynomial]:
    """Yield what ``name`` may stand for: it is found by making two guards the same."""
    for k in free:
        yield Polynomial.name(k)
        for ours in left.guards:
            for theirs in right.guards:
                value = _equated(ours.polynomial, k, theirs.polynomial, name)
                # Free of the other indices of the left side: so the correspondence is one to one.
                if value is not None and not value.names & set(left.sums) - {k}:
                    yield value


def _equated(ours: Polynomial, k: str, theirs: Polynomial, name: str) -> Polynomial | None:
    """Return the value of ``name`` that makes both equal, where it is k + c or c - k."""
    steps = ours.coefficient_of(k), theirs.coefficient_of(name)
    if any(step is None or step.value not in (1, -1) for step in steps):
        return None
    assert steps[1] is not None
    return Polynomial.name(name) + (ours - theirs) * steps[1]


def _written(relation: Relation, name: str, value: Polynomial) -> Relation:
    values = {name: value}

    def bounds(old: tuple[Bound, ...]) -> tuple[Bound, ...]:
        return tuple(Bound(bound.words, bound.polynomial.substitute(values)) for bound in old)

    return replace(
        relation,
        guards=bounds(relation.guards),
        facts=bounds(relation.facts),
        equations=tuple(equation.substitute(values) for equation in relation.equations),
        sums=tuple(other for other in relation.sums if other != name),
    )

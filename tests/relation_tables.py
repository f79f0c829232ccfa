"""The relation of a formula, read at numbers, held against the table of its terms.

Formulas have one axis: X of a elements, F of b, G of c, and sizes s and t.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping

from symconv.errors import FormulaError, OutOfReachError
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import Node
from symconv.formula.sizes import Name
from symconv.polynomial import Polynomial
from symconv.proof.elimination import eliminate, named
from symconv.readings import terms
from symconv.readings.quotients import Arithmetic
from symconv.readings.relation import Relation, RelationReader

NAMES = ("a", "b", "c", "s", "t")
LEAVES = {"X": (Name("a"),), "F": (Name("b"),), "G": (Name("c"),)}
FURTHEST = (0, 16, 9)
"""How far from 0 summation indices that are left over are tried, if there are none, one, two."""


def witnesses(arithmetic: Arithmetic, at: Mapping[str, int]) -> dict[str, int]:
    values = dict(at)
    for witness in arithmetic.witnesses.values():
        try:
            above, below = witness.numerator.evaluate(values), witness.divisor.evaluate(values)
        except KeyError:  # of an index that was eliminated
            continue
        if below >= 1:
            values[witness.name] = above // below
    return values


def holds(relation: Relation, at: Mapping[str, int]) -> bool:
    return all(bound.polynomial.evaluate(at) >= 0 for bound in relation.guards) and not any(
        equation.evaluate(at) for equation in relation.equations
    )


def counted(
    reduced: Relation, arithmetic: Arithmetic, at: Mapping[str, int], ranges: dict[str, int]
) -> Counter[tuple[int, ...]]:
    """Count the choices of the summation indices for every index of the result and the leaves."""
    found: Counter[tuple[int, ...]] = Counter()
    furthest = FURTHEST[len(reduced.sums)]
    tried = range(-furthest, furthest + 1)
    for chosen in itertools.product(*map(range, ranges.values())):
        for sums in itertools.product(tried, repeat=len(reduced.sums)):
            indices = dict(zip(ranges, chosen, strict=True)) | dict(
                zip(reduced.sums, sums, strict=True)
            )
            values = witnesses(arithmetic, {**at, **indices})
            if holds(reduced, values):
                found[chosen] += 1
                assert all(bound.polynomial.evaluate(values) >= 0 for bound in reduced.facts)
    return found


def check(node: Node, at: dict[str, int], most: int = 1) -> int:
    """Hold the relation of ``node`` against its table; return how many products that compares.

    Raises:
        AssertionError: they differ.
        OutOfReachError: there is no relation, or more than ``most`` indices are left to count.
    """
    arithmetic = Arithmetic(NAMES, {})
    arithmetic.values = {name: Polynomial.name(name) for name in NAMES}
    leaves = {
        leaf: tuple(arithmetic.polynomial(extent) for extent in shape)
        for leaf, shape in LEAVES.items()
    }
    reader = RelationReader(arithmetic, leaves)
    shape = reader.shape(node)
    out = arithmetic.index("i")
    arithmetic.digits[out] = shape[0]
    relation = reader.at(node, (Polynomial.name(out),))
    order = [factor.leaf for factor in relation.factors]
    names = {leaf: arithmetic.index(f"i_{leaf}") for leaf in order}
    indices = {leaf: (Polynomial.name(name),) for leaf, name in names.items()}
    arithmetic.digits |= {names[leaf]: leaves[leaf][0] for leaf in order}
    reduced = eliminate(named(relation, indices), arithmetic)
    values = witnesses(arithmetic, at)
    defined = all(
        divisor.evaluate(values) >= 1 for divisor in arithmetic.divisors if _known(divisor, values)
    ) and all(_known(divisor, values) for divisor in arithmetic.divisors)
    defined = defined and all(
        bound.polynomial.evaluate(values) >= 0 for bound in reader.requirements
    )
    defined = defined and not any(bound.polynomial.evaluate(values) for bound in reader.equal)
    given_shapes = {leaf: (at[extent.name],) for leaf, (extent,) in LEAVES.items()}
    try:
        table = terms.read(instantiate(node, at), given_shapes)
    except FormulaError:
        assert not defined
        return 0
    if not defined:  # stricter than need be: a*b >= 1 does not say a >= 1
        assert any(divisor.evaluate(values) < 1 for divisor in arithmetic.divisors)
        return 0
    assert tuple(extent.evaluate(values) for extent in shape) == table.shape
    columns = {factor.name: ids for factor, ids in zip(table.factors, table.ids, strict=True)}
    rows = zip(table.target, *(columns[leaf] for leaf in order), strict=True)
    expected = Counter(tuple(map(int, row)) for row in rows)
    ranges = {out: table.shape[0]} | {names[leaf]: given_shapes[leaf][0] for leaf in order}
    if len(reduced.sums) > most:
        raise OutOfReachError("so many indices are not counted")
    assert counted(reduced, arithmetic, at, ranges) == expected
    return len(expected)


def _known(polynomial: Polynomial, values: Mapping[str, int]) -> bool:
    return polynomial.names <= values.keys()

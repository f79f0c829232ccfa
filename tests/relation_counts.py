"""Relations counted by brute force: how often each product occurs, from the relation alone.

A product occurs once for each choice of the summation indices for which all guards are >= 0 and all
equations 0.  Formulas have one axis: A of m elements, B of n, C of c, and sizes u and d.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from symconv.claims.claim import ShapeOf
from symconv.claims.statement import StatedClaim
from symconv.polynomial import Polynomial
from symconv.proof.elimination import named
from symconv.readings.quotients import Arithmetic, Witness
from symconv.readings.relation import Relation, RelationReader

BOX = range(-5, 7)
"""Where summation indices are looked for; none that counts lies outside at these sizes."""

SIZES: list[dict[str, int]] = [
    {"m": 2, "n": 1, "u": 1, "d": 1, "c": 3},
    {"m": 2, "n": 2, "u": 2, "d": 1, "c": 3},
    {"m": 3, "n": 1, "u": 2, "d": 2, "c": 3},
]

TENSORS = (("A", "m"), ("B", "n"), ("C", "c"), ("U", "u"), ("D", "d"))

Quotients = Mapping[str, Witness]


def relations(*sides: str) -> tuple[tuple[Relation, ...], Arithmetic]:
    """Return the relations of formulas in common indices, and where their quotients are."""
    elements = ("A[i] == " if side.startswith("sum(") else f"{side} == " for side in sides)
    stated = (
        StatedClaim(e + side, tensors=TENSORS) for e, side in zip(elements, sides, strict=True)
    )
    claims = [each.claim() for each in stated]
    integers = {name: None for claim in claims for name in claim.integers}
    arithmetic = Arithmetic(integers, {})
    for name in integers:
        arithmetic.values[name] = Polynomial.name(name)
    leaves = {
        leaf: tuple(arithmetic.polynomial(extent) for extent in shape)
        for claim in claims
        for leaf, shape in claim.leaves.items()
    }
    reader = RelationReader(arithmetic, leaves)
    index = (Polynomial.name(arithmetic.index("i")),)
    indices = {leaf: (Polynomial.name(arithmetic.index(f"i_{leaf}")),) for leaf in leaves}
    found = []
    for claim in claims:
        assert not isinstance(claim.right, tuple | ShapeOf)
        found.append(named(reader.at(claim.right, index), indices))
    return tuple(found), arithmetic


def places(of: Relation) -> list[dict[str, int]]:
    """Return sizes, an element and indices of the leaves: all that a product may be counted at."""
    leaves = sorted(name for factor in of.factors for name in factor.index[0].names)
    return [
        {**sizes, **dict(zip(["i", *leaves], choice, strict=True))}
        for sizes in SIZES
        for choice in product(range(-1, 4), repeat=1 + len(leaves))
    ]


def count(of: Relation, quotients: Quotients, sums: tuple[str, ...], at: dict[str, int]) -> int:
    """Return for how many choices of the indices ``sums`` a product occurs at ``at``."""
    choices = product(BOX, repeat=len(sums))
    return sum(occurs(of, quotients, at | dict(zip(sums, each, strict=True))) for each in choices)


def occurs(of: Relation, quotients: Quotients, at: dict[str, int]) -> bool:
    """Whether a product occurs where all indices are as ``at`` says."""
    for name, witness in quotients.items():
        at[name] = witness.numerator.evaluate(at) // witness.divisor.evaluate(at)
    return all(each.evaluate(at) == 0 for each in of.equations) and all(
        bound.polynomial.evaluate(at) >= 0 for bound in of.guards
    )

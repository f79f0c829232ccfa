"""Sizes that satisfy all that a claim assumes: they keep its proof from being about nothing.

From hypotheses that contradict each other everything follows, by certificates that hold.  So a
certificate names sizes, and whoever checks it evaluates every hypothesis there, and whether both
sides have a meaning and the same shape.  None of the sizes can be less while the others stay: like
the rest of a certificate, a witness is not to be chosen at will.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from symconv.claims.claim import Claim, Condition, ShapeOf, Side
from symconv.claims.mathematics import condition_text
from symconv.claims.parts import parts
from symconv.errors import FormulaError
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import Added
from symconv.formula.sizes import Name, evaluate, integers
from symconv.limits.budget import OutOfBudgetError
from symconv.polynomial import Polynomial
from symconv.proof.certificate import CertificateError
from symconv.readings.quotients import Arithmetic
from symconv.readings.relation import Index, RelationReader
from symconv.refutation.sizes import SizeGroup, groups, holds

Sizes = Mapping[str, int]


def check_witness(claim: Claim, witness: Sizes) -> None:
    """Check that ``claim`` says something at ``witness``, which names its free integers.

    Raises:
        CertificateError: other integers are named, the claim says nothing of them, or one of them
            could be smaller, so that another witness would do as well.
    """
    if witness.keys() != claim.integers.keys():
        raise CertificateError(
            f"the witness is of {_listed(witness)}; the claim's sizes are {_listed(claim.integers)}"
        )
    broken = _broken(claim, witness)
    if broken is not None:
        raise CertificateError(f"the witness does not satisfy {condition_text(broken)}")
    for name, value in witness.items():
        less = _less(value, claim.integers[name])
        if less != value and _broken(claim, {**witness, name: less}) is None:
            raise CertificateError(f"the witness is not the smallest: {name} may be {less}")
    for part in parts(claim):
        _check_meaning(part, _completed(part, witness))


def smallest_sizes(claim: Claim) -> dict[str, int] | None:
    """Return the smallest sizes that satisfy all that ``claim`` assumes.

    None where there are none, or none were found within the current budget.
    """
    found: dict[str, int] = {}
    for group in groups(claim, ()):
        try:
            choice = next(_choices(group), None)
        except OutOfBudgetError:
            return None
        if choice is None:
            return None
        found |= choice
    ordered = {name: found[name] for name in claim.integers}
    try:
        check_witness(claim, ordered)
    except CertificateError:
        return None
    return ordered


def _choices(group: SizeGroup) -> Iterator[dict[str, int]]:
    """Yield the choices of one group, the smallest first."""
    heaviest = group.heaviest()
    for weight in count() if heaviest is None else range(heaviest + 1):
        for choice in group.at_weight(weight):
            if choice is not None:
                yield choice


def _broken(claim: Claim, sizes: Sizes) -> Condition | None:
    """Return a condition of ``claim`` that does not hold at ``sizes``, or None."""
    leasts = (
        Condition(Name(name), ">=", least)
        for name, least in claim.integers.items()
        if least is not None
    )
    conditions = (*leasts, *claim.assumptions, *claim.where)
    try:
        every = _completed(claim, sizes)
    except FormulaError:
        every = dict(sizes)  # what is defined has no value, and nothing holds of it
    return next((each for each in conditions if not holds(each, every)), None)


def _less(value: int, least: int | None) -> int:
    """Return the next smaller value; of an integer without a least one, the next nearer to 0."""
    if least is None:
        return value - (value > 0) + (value < 0)
    return value - 1


def _completed(claim: Claim, sizes: Sizes) -> dict[str, int]:
    """Return ``sizes`` with the integers that they define.

    Raises:
        FormulaError: a divisor below 1.
    """
    every = dict(sizes)
    for name, size in claim.definitions.items():
        every[name] = evaluate(size, every)
    return every


def _check_meaning(claim: Claim, every: Sizes) -> None:
    """Check that both sides have a meaning where all integers are as ``every`` says, and one shape.

    Raises:
        CertificateError: they have not.
    """
    arithmetic = Arithmetic((), {})
    try:
        leaves = {
            name: tuple(map(Polynomial.constant, integers(shape, every)))
            for name, shape in claim.leaves.items()
        }
        reader = RelationReader(arithmetic, leaves)
        shapes = [_shape(side, every, reader) for side in (claim.left, claim.right)]
    except FormulaError as error:
        raise CertificateError(f"at the witness, {error}") from None
    if arithmetic.divisors:
        raise CertificateError(f"at the witness, a divisor is {arithmetic.divisors[0]}")
    for bound in reader.requirements:
        if bound.polynomial.evaluate({}) < 0:
            raise CertificateError(f"at the witness it is not so that {bound.words}")
    if any(bound.polynomial for bound in reader.equal) or shapes[0] != shapes[1]:
        raise CertificateError("at the witness, the two sides differ in shape")


def _shape(side: Side, every: Sizes, reader: RelationReader) -> Index:
    match side:
        case tuple():
            return tuple(map(Polynomial.constant, integers(side, every)))
        case ShapeOf(of):
            return reader.shape(instantiate(of, every))
        case Added(terms):  # of one shape, which is asked of the claim by itself
            first, *_ = [_shape(term, every, reader) for term in terms]
            return first
        case _:
            node = instantiate(side, every)
            _, index = reader.index("i", node)
            reader.at(node, index)  # the divisors in its indices have to be positive, too
            return reader.shape(node)


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names) or "none"

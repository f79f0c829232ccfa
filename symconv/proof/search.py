"""Searches for certificates: multipliers that prove an obligation (`symconv.proof.certificate`).

First the hypotheses alone are combined, then their products in pairs.  Where that fails, lemmas
are tried: what a multiple says of integers (2*a >= 1, so a >= 1), that a quotient is not negative,
and that a part of a product of three is not.  Matching the coefficients of every monomial is a
small linear program, solved exactly (`symconv.proof.simplex`).  Nothing here has to be trusted:
what is found is checked by expanding it.

Obligations that differ in names only (those of the two axes) are solved once; what is remembered
costs the steps that it took, so that no verdict depends on what was proved before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations, combinations_with_replacement

from symconv.limits.budget import part, spend
from symconv.limits.memory import hold, scope
from symconv.polynomial import Monomial, Polynomial
from symconv.proof.certificate import (
    DENIAL,
    Certificate,
    Combination,
    EquationTerm,
    Lemma,
    Multiple,
)
from symconv.proof.obligations import Obligation
from symconv.proof.simplex import combination

Key = tuple[object, ...]

ENTRY = 250
"""Bytes that one entry of a linear program takes: in its column, and in its row."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for an obligation in these names, and how many steps that took."""

    certificate: Certificate | None
    names: tuple[str, ...]
    steps: int


@dataclass(slots=True)
class CertificateSearch:
    """A search for certificates that remembers what it has found."""

    _found: dict[Key, _Found] = field(default_factory=dict)

    def certificate(self, obligation: Obligation) -> Certificate | None:
        """Return a certificate for ``obligation``, or None where none is found.

        Raises:
            OutOfBudgetError: the current budget is used up; nothing is remembered then.
        """
        if obligation.exact:
            return None if obligation.goal else Certificate()
        names = _names(obligation)
        key = _key(obligation, names)
        found = self._found.get(key)
        if found is None:
            with part() as taken:
                certificate = _search(obligation)
            self._found[key] = _Found(certificate, names, taken.spent)
            return certificate
        spend(found.steps)
        if found.certificate is None:
            return None
        return _renamed(found.certificate, dict(zip(found.names, names, strict=True)))


def _search(obligation: Obligation) -> Certificate | None:
    given = [bound.polynomial for bound in obligation.hypotheses]
    zero = [bound.polynomial for bound in obligation.equations]
    for degree in (1, 2):
        proof = _combine(given, zero, obligation.goal, degree)
        if proof is not None:
            return Certificate(proof=proof)
    lemmas: list[Lemma] = []
    for candidate in _candidates(obligation):
        found = _combine(given, zero, candidate, 2)
        if found is not None:
            lemmas.append(Lemma(candidate, found))
            given.append(candidate)
    if not lemmas:
        return None
    proof = _combine(given, zero, obligation.goal, 2)
    return None if proof is None else Certificate(tuple(lemmas), proof)


def _candidates(obligation: Obligation) -> Iterator[Polynomial]:
    """Yield what may follow, and help: `_rounded`, names, and `_factors` of products of three."""
    known = {bound.polynomial for bound in obligation.hypotheses}
    zero = [bound.polynomial for bound in obligation.equations]
    signed = [*known, *zero, *(-equation for equation in zero)]
    names = tuple(map(Polynomial.name, _names(obligation)))
    candidates = (
        *filter(None, map(_rounded, signed)),
        *(name for name in names if name - 1 not in known),
        *(factor for part in (*signed, obligation.goal) for factor in _factors(part, known)),
    )
    yield from (each for each in dict.fromkeys(candidates) if each not in known)


def _rounded(bound: Polynomial) -> Polynomial | None:
    """Return what ``bound`` >= 0 says of integers, a + floor(c/g) of g*a + c, if that is more."""
    moving = Polynomial({monomial: factor for monomial, factor in bound.terms.items() if monomial})
    content, constant = moving.content, (bound - moving).value or 0
    if content < 2 or not constant % content:
        return None
    terms = {monomial: factor // content for monomial, factor in moving.terms.items()}
    return Polynomial(terms) + constant // content


def _factors(of: Polynomial, known: Set[Polynomial]) -> Iterator[Polynomial]:
    """Yield parts of the products of three in ``of``: of a*b*c - a*b, a*b - 1 and b*c - b."""
    for monomial in of.terms:
        if len(monomial) < 3:
            continue
        for left, right in combinations(dict.fromkeys(monomial), 2):
            product = Polynomial.name(left) * Polynomial.name(right)
            if {Polynomial.name(left) - 1, Polynomial.name(right) - 1} <= known:
                yield product - 1
            first = of.coefficient_of(left)
            second = first.coefficient_of(right) if first is not None else None
            if second is not None and second.value is None:
                yield from (Polynomial.name(right) * second, Polynomial.name(right) * -second)
                yield from (Polynomial.name(left) * second, Polynomial.name(left) * -second)


def _combine(
    given: Sequence[Polynomial],
    zero: Sequence[Polynomial],
    goal: Polynomial,
    degree: int,
) -> Combination | None:
    """Return multipliers for products of at most ``degree`` hypotheses, or None."""
    with scope():
        return _combined(given, zero, goal, degree)


def _combined(
    given: Sequence[Polynomial], zero: Sequence[Polynomial], goal: Polynomial, degree: int
) -> Combination | None:
    hypotheses = {DENIAL: -goal - 1, **dict(enumerate(given))}
    places: list[tuple[int, ...]] = [(n,) for n in hypotheses]
    columns = [hypotheses[n].terms for n in hypotheses]
    if degree == 2:
        for left, right in combinations_with_replacement(hypotheses, 2):
            places.append((left, right))
            columns.append((hypotheses[left] * hypotheses[right]).terms)
            hold(ENTRY * len(columns[-1]))
    multiples = list(_multiples(zero, hypotheses.values(), degree))
    for equation, monomial, sign in multiples:
        columns.append((zero[equation] * Polynomial({monomial: sign})).terms)
        hold(ENTRY * len(columns[-1]))
    found = combination(columns, ())
    if found is None:
        return None
    terms = [Multiple(found[n], places[n]) for n in sorted(found) if n < len(places)]
    equations = [
        EquationTerm(found[n] * sign, equation, monomial)
        for n, (equation, monomial, sign) in enumerate(multiples, start=len(places))
        if n in found
    ]
    return Combination(tuple(terms), tuple(equations))


def _multiples(
    zero: Sequence[Polynomial], hypotheses: Iterable[Polynomial], degree: int
) -> Iterator[tuple[int, Monomial, int]]:
    """Yield (equation, monomial, sign): what the equations may be multiplied by."""
    names = sorted(set().union(*(h.names for h in (*hypotheses, *zero)))) if zero else []
    monomials: list[Monomial] = [()] + ([(name,) for name in names] if degree == 2 else [])
    for equation in range(len(zero)):
        for monomial in monomials:
            yield equation, monomial, 1
            yield equation, monomial, -1


def _names(obligation: Obligation) -> tuple[str, ...]:
    """Return the names in ``obligation``, in the order in which they occur."""
    bounds = (*obligation.hypotheses, *obligation.equations)
    polynomials = [*(bound.polynomial for bound in bounds), obligation.goal]
    return tuple(
        dict.fromkeys(name for p in polynomials for monomial in p.terms for name in monomial)
    )


def _key(obligation: Obligation, names: tuple[str, ...]) -> Key:
    """Return what is left of ``obligation`` when names are only told apart."""
    number = {name: str(n) for n, name in enumerate(names)}
    return (
        tuple(_numbered(bound.polynomial, number) for bound in obligation.hypotheses),
        tuple(_numbered(bound.polynomial, number) for bound in obligation.equations),
        _numbered(obligation.goal, number),
    )


def _numbered(polynomial: Polynomial, number: dict[str, str]) -> frozenset[tuple[Monomial, int]]:
    return frozenset(
        (tuple(sorted(number[name] for name in monomial)), factor)
        for monomial, factor in polynomial.terms.items()
    )


def _renamed(certificate: Certificate, names: dict[str, str]) -> Certificate:
    values = {old: Polynomial.name(new) for old, new in names.items()}
    lemmas = (
        Lemma(lemma.goal.substitute(values), _renamed_combination(lemma.proof, names))
        for lemma in certificate.lemmas
    )
    proof = certificate.proof and _renamed_combination(certificate.proof, names)
    return Certificate(tuple(lemmas), proof)


def _renamed_combination(old: Combination, names: dict[str, str]) -> Combination:
    equations = (
        EquationTerm(t.multiplier, t.equation, tuple(sorted(names[n] for n in t.monomial)))
        for t in old.equations
    )
    return Combination(old.terms, tuple(equations))

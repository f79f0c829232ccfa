"""Checks certificates without any search: small enough to be read and believed.

What has to be trusted: the reading of the claim (`symconv.claims.parse`), its relations
(`symconv.readings`), their elimination (`symconv.proof.elimination`, with `symconv.proof.radix`)
and the obligations that follow (`symconv.proof.obligations`).  Every obligation is rebuilt from the
claim itself; only multipliers and lemmas are taken from the certificate, and expanding the products
decides.  The witness is evaluated (`symconv.proof.witness`): the claim is not about nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from symconv.errors import SymconvError, how_many
from symconv.limits.budget import Budget, spend, spending
from symconv.limits.memory import limited
from symconv.polynomial import Monomial, Polynomial
from symconv.proof.certificate import DENIAL, Certificate, CertificateError, Combination
from symconv.proof.certificate_claims import (
    CertifiedCase,
    CertifiedClaim,
    certified_frame,
    certified_obligation,
    said,
    trimmed,
)
from symconv.proof.obligations import Case, Obligation, cases
from symconv.proof.witness import check_witness
from symconv.readings.relation import Bound

Expanded = dict[Monomial, Fraction]

STEPS = 1_000_000
"""The steps after which a claim is rejected: a hundred times what any shipped certificate takes."""

WORDS = 64
"""How many bits a step adds."""


def recheck(claim: CertifiedClaim) -> tuple[Case, ...]:
    """Return the cases of ``claim`` if what the certificate says proves it for every size.

    Raises:
        CertificateError: the claim cannot be read, its witness is none, or an obligation is
            missing, is not what the claim demands, or does not follow by its multipliers; the
            message names the claim, and what takes more than `STEPS` is rejected.
    """
    try:
        with spending(Budget(STEPS)), limited():
            return _rechecked(claim)
    except SymconvError as error:
        raise CertificateError(f"{claim.stated.id}: {error}") from None


def _rechecked(claim: CertifiedClaim) -> tuple[Case, ...]:
    rebuilt = claim.stated.claim()
    if rebuilt.statement != claim.stated.statement:
        raise CertificateError("the statement is not in its usual form")
    check_witness(rebuilt, dict(claim.witness))
    found = cases(rebuilt)
    if len(found) != len(claim.cases):
        raise CertificateError(
            f"the claim has {how_many(len(found), 'case')}, the certificate {len(claim.cases)}"
        )
    for case, told in zip(found, claim.cases, strict=True):
        _recheck_case(case, told)
    return found


def _recheck_case(case: Case, told: CertifiedCase) -> None:
    if replace(told, obligations=()) != certified_frame(case):
        raise CertificateError("the certificate speaks of other sizes than the claim")
    names = tuple(obligation.name for obligation in told.obligations)
    if names != tuple(obligation.name for obligation in case.obligations):
        raise CertificateError("obligations are missing or too many")
    for obligation, given in zip(case.obligations, told.obligations, strict=True):
        chosen = replace(
            obligation,
            hypotheses=_chosen(obligation.hypotheses, given.hypotheses, obligation.name),
            equations=_chosen(obligation.equations, given.equations, obligation.name),
        )
        if certified_obligation(chosen, given.certificate) != given:
            raise CertificateError(f"{obligation.name} is not what the claim demands")
        check(chosen, given.certificate)
        if trimmed(chosen, given.certificate) != (chosen, given.certificate):
            raise CertificateError(f"{obligation.name} holds more than its proof uses")


def _chosen(
    known: tuple[Bound, ...], told: tuple[tuple[str, str], ...], name: str
) -> tuple[Bound, ...]:
    """Return the hypotheses that a certificate names, from those that the claim has."""
    words = {words for words, _ in told}
    by_text = {said(bound): bound for bound in known if bound.words in words}
    if not all(text in by_text for text in told):
        raise CertificateError(f"{name}: the claim has no such hypothesis")
    return tuple(by_text[text] for text in told)


def check(obligation: Obligation, certificate: Certificate) -> None:
    """Check that ``certificate`` proves ``obligation``.

    Raises:
        CertificateError: it does not.
    """
    if obligation.exact:
        if obligation.goal or certificate != Certificate():
            raise CertificateError(f"{obligation.name}: the two sides of an equation differ")
        return
    if certificate.proof is None:
        raise CertificateError(f"{obligation.name}: there are no multipliers")
    known = [bound.polynomial for bound in obligation.hypotheses]
    zero = [bound.polynomial for bound in obligation.equations]
    for lemma in certificate.lemmas:
        if not is_proof(known, zero, lemma.goal, lemma.proof):
            raise CertificateError(f"{obligation.name}: the lemma {lemma.goal} >= 0 fails")
        known.append(lemma.goal)
    if not is_proof(known, zero, obligation.goal, certificate.proof):
        raise CertificateError(f"{obligation.name}: the multipliers do not give -1")


def is_proof(
    known: Sequence[Polynomial],
    zero: Sequence[Polynomial],
    goal: Polynomial,
    proof: Combination,
) -> bool:
    """Whether ``proof`` shows ``goal`` >= 0 where ``known`` are >= 0 and ``zero`` are 0.

    It does if -1 is the sum of its terms, for then -goal - 1 >= 0 is impossible.
    """
    total: Expanded = {}
    denial = {monomial: Fraction(-factor) for monomial, factor in goal.terms.items()}
    denial[()] = denial.get((), Fraction(0)) - 1
    for term in proof.terms:
        if term.multiplier <= 0 or not 1 <= len(term.hypotheses) <= 2:
            return False
        product: Expanded = {(): term.multiplier}
        for place in term.hypotheses:
            if not DENIAL <= place < len(known):
                return False
            product = expand(product, denial if place == DENIAL else known[place].terms)
        _add(total, product)
    for multiple in proof.equations:
        if not 0 <= multiple.equation < len(zero):
            return False
        factor = {multiple.monomial: multiple.multiplier}
        _add(total, expand(factor, zero[multiple.equation].terms))
    return {monomial: factor for monomial, factor in total.items() if factor} == {(): -1}


def expand(left: Mapping[Monomial, Fraction], right: Mapping[Monomial, Fraction | int]) -> Expanded:
    """Return the product of two polynomials, monomial by monomial."""
    product: Expanded = {}
    for a, x in left.items():
        spend(len(right) * (1 + len(a) + _words(x)))
        for b, y in right.items():
            monomial = tuple(sorted((*a, *b)))
            product[monomial] = product.get(monomial, Fraction(0)) + x * y
    return product


def _add(total: Expanded, more: Expanded) -> None:
    for monomial, factor in more.items():
        known = total.get(monomial, Fraction(0))
        spend(1 + _words(known))
        total[monomial] = known + factor


def _words(number: Fraction | int) -> int:
    """Return how much longer than usual arithmetic with ``number`` takes, in steps."""
    words: int = (number.numerator.bit_length() + number.denominator.bit_length()) // WORDS
    return words + words * words // 500

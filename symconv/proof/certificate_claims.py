"""What a certificate file says of claims: texts held against the claim, and multipliers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from symconv.claims.statement import StatedClaim
from symconv.proof.certificate import DENIAL, Certificate, Combination, Lemma
from symconv.proof.obligations import Case, Obligation
from symconv.readings.relation import Bound


@dataclass(frozen=True, slots=True)
class CertifiedObligation:
    """What a file says of one obligation: its texts, and why it holds.

    The hypotheses and equations are those that the certificate uses.
    """

    name: str
    says: str
    relation: str
    goal: str
    hypotheses: tuple[tuple[str, str], ...]
    equations: tuple[tuple[str, str], ...]
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class CertifiedCase:
    """What a file says of one case.

    Attributes:
        when: the comparisons by which it is distinguished.
        hypotheses: what is stated of the sizes, >= 0.
        equations: what is stated of them, = 0.
        quotients: what its quotients stand for.
        counting: why products occur equally often.
        obligations: what was proved in it.
    """

    when: tuple[str, ...]
    hypotheses: tuple[tuple[str, str], ...]
    equations: tuple[tuple[str, str], ...]
    quotients: tuple[tuple[str, str], ...]
    counting: str
    obligations: tuple[CertifiedObligation, ...]


@dataclass(frozen=True, slots=True)
class CertifiedClaim:
    """What a file says of one claim.

    Attributes:
        stated: the claim.
        witness: sizes that satisfy all that it assumes, so that it is not about nothing.
        cases: what proves it.
    """

    stated: StatedClaim
    witness: tuple[tuple[str, int], ...]
    cases: tuple[CertifiedCase, ...]


def certified_case(case: Case, certificates: Sequence[Certificate]) -> CertifiedCase:
    """Return ``case`` with a certificate for each of its obligations, in their order.

    Of the hypotheses, those are kept that a certificate uses.
    """
    pairs = zip(case.obligations, certificates, strict=True)
    obligations = tuple(certified_obligation(*trimmed(*pair)) for pair in pairs)
    return replace(certified_frame(case), obligations=obligations)


def certified_frame(case: Case) -> CertifiedCase:
    """Return what is said of ``case`` apart from its obligations."""
    return CertifiedCase(
        when=case.splits,
        hypotheses=tuple(map(said, case.assumed.bounds)),
        equations=tuple(map(said, case.assumed.equations)),
        quotients=tuple((witness.name, witness.text) for witness in case.witnesses),
        counting=case.counting,
        obligations=(),
    )


def certified_obligation(obligation: Obligation, certificate: Certificate) -> CertifiedObligation:
    """Return ``obligation`` as texts, with its certificate."""
    return CertifiedObligation(
        name=obligation.name,
        says=obligation.words,
        relation="= 0" if obligation.exact else ">= 0",
        goal=str(obligation.goal),
        hypotheses=tuple(map(said, obligation.hypotheses)),
        equations=tuple(map(said, obligation.equations)),
        certificate=certificate,
    )


def said(bound: Bound) -> tuple[str, str]:
    """Return a hypothesis as texts: what it says, and its polynomial."""
    return bound.words, str(bound.polynomial)


def trimmed(obligation: Obligation, certificate: Certificate) -> tuple[Obligation, Certificate]:
    """Return both without the hypotheses, equations and lemmas that are not used."""
    given = len(obligation.hypotheses)
    proofs = [] if certificate.proof is None else [certificate.proof]
    used = _places(proofs)
    lemmas: list[int] = []
    for n in reversed(range(len(certificate.lemmas))):  # a lemma may rest on those before it
        if given + n in used:
            lemmas.insert(0, n)
            proofs.append(certificate.lemmas[n].proof)
            used = _places(proofs)
    kept = [n for n in sorted(used) if 0 <= n < given]
    zero = sorted({term.equation for proof in proofs for term in proof.equations})
    # Lemmas are numbered after the hypotheses.
    known = [*kept, *(given + n for n in lemmas)]
    place = {old: new for new, old in enumerate(known)} | {DENIAL: DENIAL}

    def moved(proof: Combination) -> Combination:
        terms = (replace(t, hypotheses=tuple(place[n] for n in t.hypotheses)) for t in proof.terms)
        equations = (replace(t, equation=zero.index(t.equation)) for t in proof.equations)
        return Combination(tuple(terms), tuple(equations))

    smaller = replace(
        obligation,
        hypotheses=tuple(obligation.hypotheses[n] for n in kept),
        equations=tuple(obligation.equations[n] for n in zero),
    )
    chosen = [certificate.lemmas[n] for n in lemmas]
    moved_lemmas = tuple(Lemma(lemma.goal, moved(lemma.proof)) for lemma in chosen)
    proof = None if certificate.proof is None else moved(certificate.proof)
    return smaller, Certificate(moved_lemmas, proof)


def _places(proofs: Sequence[Combination]) -> set[int]:
    return {n for proof in proofs for term in proof.terms for n in term.hypotheses}

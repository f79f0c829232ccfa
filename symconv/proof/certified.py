"""What a certificate file says of claims: texts held against the claim, and multipliers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symconv.proof.certificate import Certificate
from symconv.proof.obligations import Case, Obligation
from symconv.proof.stated import Stated
from symconv.readings.relation import Bound


@dataclass(frozen=True, slots=True)
class CertifiedObligation:
    """What a file says of one obligation: its texts, and why it holds."""

    name: str
    says: str
    relation: str
    goal: str
    hypotheses: tuple[tuple[str, str], ...]
    equations: tuple[tuple[str, str], ...]
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class CertifiedCase:
    """What a file says of one case."""

    when: tuple[str, ...]
    quotients: tuple[tuple[str, str], ...]
    counting: str
    obligations: tuple[CertifiedObligation, ...]


@dataclass(frozen=True, slots=True)
class CertifiedClaim:
    """What a file says of one claim."""

    stated: Stated
    cases: tuple[CertifiedCase, ...]


def certified_case(case: Case, certificates: Sequence[Certificate]) -> CertifiedCase:
    """Return ``case`` with a certificate for each of its obligations, in their order."""
    pairs = zip(case.obligations, certificates, strict=True)
    return CertifiedCase(
        when=case.splits,
        quotients=tuple((witness.name, witness.text) for witness in case.witnesses),
        counting=case.counting,
        obligations=tuple(_certified(obligation, proof) for obligation, proof in pairs),
    )


def _certified(obligation: Obligation, certificate: Certificate) -> CertifiedObligation:
    def texts(bounds: tuple[Bound, ...]) -> tuple[tuple[str, str], ...]:
        return tuple((bound.words, str(bound.polynomial)) for bound in bounds)

    return CertifiedObligation(
        name=obligation.name,
        says=obligation.words,
        relation="= 0" if obligation.exact else ">= 0",
        goal=str(obligation.goal),
        hypotheses=texts(obligation.hypotheses),
        equations=texts(obligation.equations),
        certificate=certificate,
    )

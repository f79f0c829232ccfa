"""What a solver is asked about a judged claim: its obligations, and the answers that are known.

An obligation is asked for integers at which its hypotheses hold and its goal does not.  Where it
has a certificate there are none.  What holds at listed sizes is asked about those alone: that it
does was seen by evaluating it there, so that an obligation without a certificate stays open, as do
those of a claim that is not judged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from symconv.claims.claim import Claim, Condition
from symconv.errors import TooLargeError
from symconv.formula.sizes import Name
from symconv.limits.budget import Budget, OutOfBudgetError, spending
from symconv.proof.certificate import CertificateError
from symconv.proof.obligations import Obligation, cases
from symconv.proof.prover import Judgement
from symconv.proof.recheck import check
from symconv.proof.search import CertificateSearch


class KnownAnswer(StrEnum):
    """What is known of a question, in SMT-LIB's words: no integers answer it, or nothing is."""

    NONE = "unsat"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Question:
    """An obligation, put as a question for integers at which it fails.

    Attributes:
        case: what distinguishes its case from others.
        obligation: what is asked about.
        answer: what is known.
    """

    case: tuple[str, ...]
    obligation: Obligation
    answer: KnownAnswer


def questions(judgement: Judgement, timeout: float) -> tuple[Question, ...]:
    """Return what is asked about a claim that is not refuted.

    Args:
        judgement: the claim, judged.
        timeout: seconds for the claim; certificates are looked for in what judging it has left.

    Raises:
        OutOfReachError: the claim is not of the kind that has obligations.
        OutOfBudgetError: that takes too long to say.
    """
    if judgement.argument is not None:  # each has a certificate, or z3 has answered
        return tuple(
            Question(case.splits, obligation, KnownAnswer.NONE)
            for case in judgement.argument.cases
            for obligation in case.obligations
        )
    budget, search = Budget.of(timeout), CertificateSearch()
    with spending(budget):
        found = cases(limited(judgement.claim))
        budget.deadline -= judgement.seconds
        return tuple(
            Question(case.splits, obligation, _answer(obligation, search))
            for case in found
            for obligation in case.obligations
        )


def limited(claim: Claim) -> Claim:
    """Return ``claim`` with its listed scope, if it has one, among its hypotheses."""
    scope = tuple(
        condition
        for name, run in (claim.sizes or {}).items()
        for condition in _within(Name(name), run.start, run.stop - 1)
    )
    return replace(claim, where=claim.where + scope, sizes=None)


def _within(name: Name, least: int, most: int) -> tuple[Condition, ...]:
    if least == most:
        return (Condition(name, "==", least),)
    return Condition(name, ">=", least), Condition(name, "<=", most)


def _answer(obligation: Obligation, search: CertificateSearch) -> KnownAnswer:
    try:
        certificate = search.certificate(obligation)
        if certificate is None:
            return KnownAnswer.UNKNOWN
        check(obligation, certificate)
    except (CertificateError, OutOfBudgetError, TooLargeError):
        return KnownAnswer.UNKNOWN
    return KnownAnswer.NONE

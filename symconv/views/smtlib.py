"""Writes judged claims as one SMT-LIB 2 script: a question for each obligation, with its status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symconv.claims.verdict import Verdict
from symconv.errors import OutOfReachError
from symconv.limits.budget import OutOfBudgetError
from symconv.proof.prover import Judgement
from symconv.proof.questions import Question, questions
from symconv.proof.run import JudgedClaim
from symconv.proof.smtlib import comment, obligation_lines
from symconv.telling.words import VERDICTS
from symconv.views.judgements import assumed, claimed, sizes

HEAD = """\
; What claims come to, as questions for a solver of integer arithmetic.  Each asks for integers at
; which the hypotheses of an obligation hold and its goal does not.  Its status says what is known:
; unsat, that there are none; unknown, nothing.  If all its questions are unsat, a claim holds in
; its scope.
(set-info :smt-lib-version 2.6)
(set-logic QF_NIA)
"""


def text(judged: Sequence[JudgedClaim], timeout: float) -> str:
    """Return the questions about all claims that are not refuted.

    Args:
        judged: the claims with their verdicts.
        timeout: seconds that each claim was given.
    """
    told = (line for each in judged for line in _claim(each.judgement, timeout))
    return HEAD + "\n".join((*told, "(exit)", ""))


def _claim(judgement: Judgement, timeout: float) -> Iterator[str]:
    yield ""
    yield f"; claim {comment(judgement.stated.id)}: {_verdict(judgement)}"
    for _, line in (*claimed(judgement.stated, judgement.claim), *assumed(judgement.claim)):
        yield f"; {comment(line)}"
    if judgement.verdict is Verdict.REFUTED:
        yield "; no questions: it is false"
        return
    try:
        asked = questions(judgement, timeout)
    except (OutOfReachError, OutOfBudgetError) as error:
        yield f"; no questions: {comment(str(error))}"
        return
    for question in asked:
        yield from _question(question, judgement)


def _verdict(judgement: Judgement) -> str:
    verdict = VERDICTS[judgement.verdict]
    if judgement.refutation is not None:
        return f"{verdict} at {sizes(judgement.refutation.sizes)}"
    if judgement.reason is not None:
        return f"{verdict}: {comment(judgement.reason)}"
    return f"{verdict} for {judgement.scope}"


def _question(question: Question, judgement: Judgement) -> Iterator[str]:
    yield "(push 1)"
    if question.case:
        yield f"; where {comment(' and '.join(question.case))}"
    yield from obligation_lines(question.obligation, judgement.claim.sizes)
    yield f"(set-info :status {question.answer})"
    yield "(check-sat)"
    yield "(pop 1)"

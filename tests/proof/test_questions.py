"""What a solver is asked about a claim has the answer that it is said to have."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from symconv.claims.statement import StatedClaim
from symconv.errors import OutOfReachError
from symconv.proof.certificate import DENIAL, Certificate, Combination, Multiple
from symconv.proof.crosscheck import Opinion, opinion
from symconv.proof.prover import judge
from symconv.proof.questions import KnownAnswer, limited, questions
from symconv.proof.search import CertificateSearch
from symconv.refutation.sizes import satisfies

LECTURE = "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))"

LISTED = {
    "one size": StatedClaim(LECTURE, sizes="H=5, R=3, u=2"),
    "ranges": StatedClaim("dF == correlate(X, dilate(dY, (u, v)))", sizes="H=6..7, R=2..3, u=1"),
    "a quotient": StatedClaim("H // 9 == 0", sizes="H=1..8"),
    "a hypothesis": StatedClaim(LECTURE, where=("(H-R) % u == 0",), sizes="H=5..6,R=3,u=1..2,W=5"),
    "a declared integer": StatedClaim(
        "k*k*k == k*k*k + k - k", integers=(("k", "any"),), sizes="k=-2..2"
    ),
}


@pytest.mark.parametrize("name", LISTED)
def test_listed_sizes_are_not_lost(name: str) -> None:
    """Each of these is false for every size, or at least not what its questions come to."""
    judged = judge(LISTED[name])
    assert judged.proved
    asked = questions(judged, 30)
    assert asked
    for question in asked:
        said = opinion(question.obligation)
        assert said is not Opinion.FAILS, question
        assert question.answer is KnownAnswer.UNKNOWN or said is Opinion.HOLDS


def test_without_its_listed_sizes_a_question_has_another_answer() -> None:
    every = judge(StatedClaim(LECTURE))
    assert Opinion.FAILS in {opinion(each.obligation) for each in questions(every, 30)}
    listed = judge(LISTED["one size"])
    assert {each.answer for each in questions(listed, 30)} == {KnownAnswer.NONE}


@pytest.mark.parametrize("name", LISTED)
def test_the_scope_becomes_hypotheses_and_nothing_else(name: str) -> None:
    claim = LISTED[name].claim()
    assert claim.sizes is not None
    wide = limited(claim)
    assert wide.sizes is None
    for value in range(-3, 12):
        sizes = dict.fromkeys(claim.integers, value) | {"R": 3, "S": 3}
        sizes = {name: sizes[name] for name in claim.integers}
        assert satisfies(claim, sizes) == satisfies(wide, sizes)


def test_what_is_not_judged_leaves_open_what_has_no_certificate() -> None:
    """Beyond all memory, rotated tensors differ all the same."""
    judged = judge(StatedClaim("X == rotate(X)", where=("H >= 1000000000",)))
    assert judged.reason is not None
    answers = {question.answer for question in questions(judged, 5)}
    assert answers == {KnownAnswer.NONE, KnownAnswer.UNKNOWN}


def test_without_time_nothing_is_known() -> None:
    judged = judge(LISTED["ranges"])
    late = replace(judged, seconds=1e9)
    answers = [question.answer for question in questions(late, 30)]
    assert KnownAnswer.UNKNOWN in answers
    assert len(answers) == len(questions(judged, 30))


def test_a_claim_without_obligations_has_no_questions() -> None:
    with pytest.raises(OutOfReachError, match="X twice"):
        questions(judge(StatedClaim("Y == correlate(X, X)")), 5)


def test_a_certificate_that_does_not_hold_makes_no_answer_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged = judge(LISTED["ranges"])
    denied = Certificate(proof=Combination((Multiple(Fraction(1), (DENIAL,)),)))
    monkeypatch.setattr(CertificateSearch, "certificate", lambda *_: denied)
    assert {question.answer for question in questions(judged, 30)} == {KnownAnswer.UNKNOWN}

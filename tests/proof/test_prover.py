from __future__ import annotations

import time

import pytest

from symconv.claims.statement import StatedClaim
from symconv.claims.verdict import Scope, Verdict
from symconv.errors import ParseError
from symconv.proof.obligations import Case, cases
from symconv.proof.prover import Judgement, judge, prove
from symconv.proof.search import CertificateSearch
from symconv.refutation.search import CounterexampleSearch as Looked
from symconv.refutation.trial import ContradictionError, try_out

DX = "dX == correlate(pad(dilate(dY, (u, v)), (({}, {}), (S-1, S-1+(W-S)%v))), rotate(F))"


def test_theorem_is_proved_compared_and_tried_out() -> None:
    judged = prove(DX.format("R-1", "R-1+(H-R)%u"))
    assert judged.verdict is Verdict.PROVED
    assert judged.scope is Scope.EVERY_SIZE
    assert judged.compared > 1000
    assert judged.tried > 100
    judged.assert_proved()


def test_mutant_is_refuted_at_its_smallest_sizes() -> None:
    judged = prove(DX.format("R-1", "R-1"))
    assert judged.verdict is Verdict.REFUTED
    assert judged.refutation is not None
    sizes = judged.refutation.sizes
    assert {name: sizes[name] for name in "HWRSuv"} == {
        "H": 2,
        "W": 1,
        "R": 1,
        "S": 1,
        "u": 2,
        "v": 1,
    }
    assert judged.example is not None
    assert judged.example.sizes["R"] >= 2
    with pytest.raises(AssertionError, match="refuted at H=2"):
        judged.assert_proved()


def test_what_is_assumed_can_be_asked_for() -> None:
    assert prove("max(H, R) == max(R, H)").assumed == ("H >= 1", "R >= 1")
    assert prove("P == P").assumed == ("H >= R", "H >= 1", "R >= 1", "u >= 1")


def test_contradictory_hypotheses_prove_nothing() -> None:
    judged = prove("H == H + 1", where=["H < R", "R < H"])
    assert judged.verdict is Verdict.NOT_JUDGED
    assert "contradict" in str(judged.reason)


def test_hypotheses_that_hold_nowhere_near_prove_nothing() -> None:
    judged = prove("H == H", where=["H >= 1000000"], timeout=3)
    assert judged.verdict is not Verdict.REFUTED


def test_sides_without_a_meaning_prove_nothing() -> None:
    judged = prove("H // (u-1) == H // (u-1)")
    assert judged.verdict is Verdict.NOT_JUDGED
    assert "u=1" in str(judged.reason)


def test_box_filters_are_refuted() -> None:
    judged = prove(
        "correlate(correlate(X, ones(R, S)), ones(R, S)) == correlate(X, ones(2*R-1, 2*S-1))",
        where=["H >= 2*R-1", "W >= 2*S-1"],
    )
    assert judged.verdict is Verdict.REFUTED


def test_listed_sizes_are_all_looked_at() -> None:
    whole = prove(DX.format("R-1", "R-1"), sizes="H=4, R=2, u=1, W=2..3, S=1..2, v=1..2")
    assert (whole.verdict, whole.scope) == (Verdict.PROVED, Scope.LISTED_SIZES)
    assert whole.certified() is None
    assert prove(DX.format("R-1", "R-1"), sizes="H=4, R=1..2, u=1..2").verdict is Verdict.REFUTED


def test_listed_sizes_outside_the_hypotheses_prove_nothing() -> None:
    judged = prove("H == R", where=["H == R"], sizes="H=4, R=2..3")
    assert judged.verdict is Verdict.NOT_JUDGED


def test_declared_tensors_and_integers_can_be_claimed_about() -> None:
    judged = prove(
        "correlate(correlate(X, F), G) == correlate(X, correlate(pad(F, ((a-1, a-1), (b-1, b-1))), "
        "rotate(G)))",
        tensors={"G": "a x b"},
        where=["H >= R + a", "W >= S + b"],
    )
    assert judged.proved, judged.summary


def test_false_claim_that_no_small_size_refutes_is_not_judged() -> None:
    judged = prove("H // 1000 == 0", timeout=2)
    assert judged.verdict is Verdict.NOT_JUDGED
    assert "no certificate" in str(judged.reason)


def test_time_out_is_not_a_proof() -> None:
    start = time.monotonic()
    judged = prove(DX.format("R-1", "R-1+(H-R)%u"), timeout=0)
    assert judged.verdict is Verdict.NOT_JUDGED
    assert time.monotonic() - start < 2


def test_proof_does_not_depend_on_the_numbers_in_a_claim() -> None:
    judged = prove("(H + 123456789*u) // u == H//u + 123456789")
    assert judged.proved


def test_unreadable_claim_is_an_error() -> None:
    with pytest.raises(ParseError):
        prove("dX == conv(dY)")


def test_proof_that_fails_at_a_size_is_a_loud_error() -> None:
    claim = StatedClaim(DX.format("R-1", "R-1")).claim()
    with pytest.raises(ContradictionError, match="please report"):
        try_out(claim, times=200, deadline=time.monotonic() + 10)


def test_wrong_obligations_are_caught_by_the_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the sizes not compared, the forgotten remainder would pass: the trial says so."""
    import symconv.proof.prover as module

    false = StatedClaim(DX.format("R-1", "R-1"))

    def careless(claim: object) -> tuple[Case, ...]:
        return cases(StatedClaim("H == H").claim())

    monkeypatch.setattr(module, "cases", careless)
    monkeypatch.setattr(module, "refute", lambda *_, **__: Looked(compared=1))
    with pytest.raises(ContradictionError):
        judge(false)


def test_one_search_serves_many_claims() -> None:
    search = CertificateSearch()
    first = judge(StatedClaim(DX.format("R-1", "R-1+(H-R)%u")), search=search)
    found = len(search._found)
    second = judge(StatedClaim(DX.format("R-1", "R-1+(H-R)%u"), id="again"), search=search)
    assert first.proved
    assert second.proved
    assert len(search._found) == found


def test_expected_verdict_is_compared() -> None:
    judged: Judgement = judge(StatedClaim("H == W"), expected=Verdict.REFUTED)
    assert judged.as_expected
    assert not judge(StatedClaim("H == W")).as_expected

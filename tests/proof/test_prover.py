from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from symconv.claims.statement import StatedClaim
from symconv.claims.verdict import Scope, Verdict
from symconv.errors import ParseError
from symconv.limits import budget
from symconv.proof.certificate import DENIAL, Certificate, Combination, Multiple
from symconv.proof.crosscheck import DisagreementError
from symconv.proof.obligations import Case, Obligation, cases
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
    assert judged.tried == 100
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


NOT_ALL = {
    "incomplete": (Looked(compared=9, ended="the time was up"), "the time was up before every"),
    "ended": (Looked(compared=9, complete=True, ended="no steps"), "no steps before every size"),
    "too large": (Looked(compared=9, complete=True, too_large="5 TB"), "5 TB"),
    "undefined": (
        Looked(compared=9, complete=True, undefined=({"H": 3}, "no room")),
        "neither side has a meaning at H=3: no room",
    ),
    "nothing": (Looked(compared=0, complete=True), "no listed sizes satisfy the hypotheses"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_ALL)
def test_listed_sizes_that_were_not_all_compared_prove_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    import symconv.proof.prover as module

    looked, why = NOT_ALL[name]
    monkeypatch.setattr(module, "refute", lambda *_, **__: looked)
    judged = prove("H == H", sizes="H=1..9")
    assert judged.verdict is Verdict.NOT_JUDGED
    assert why in str(judged.reason)
    monkeypatch.setattr(module, "refute", lambda *_, **__: Looked(compared=9, complete=True))
    assert prove("H == H", sizes="H=1..9").proved


def test_proof_without_a_witness_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import symconv.proof.prover as module

    assert prove("H == H").witness == {"H": 1}
    monkeypatch.setattr(module, "smallest_sizes", lambda *_: None)
    judged = prove("H == H")
    assert judged.verdict is Verdict.NOT_JUDGED
    assert "sizes were found that satisfy the hypotheses" in str(judged.reason)


def test_declared_tensors_and_integers_can_be_claimed_about() -> None:
    judged = prove(
        "correlate(correlate(X, F), G) == correlate(X, correlate(pad(F, ((a-1, a-1), (b-1, b-1))), "
        "rotate(G)))",
        tensors={"G": "a x b"},
        where=["H >= R + a", "W >= S + b"],
    )
    assert judged.proved, judged.summary


def test_true_claim_that_no_certificate_proves_is_not_judged() -> None:
    judged = prove("(H*H*H - H) % 6 == 0")
    assert judged.verdict is Verdict.NOT_JUDGED
    assert "no certificate" in str(judged.reason)


def test_a_budget_that_is_used_up_is_not_a_proof() -> None:
    judged = prove(DX.format("R-1", "R-1+(H-R)%u"), timeout=0)
    assert judged.verdict is Verdict.NOT_JUDGED
    assert "steps" in str(judged.reason)
    assert not judged.late


def test_what_the_clock_cuts_short_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine so slow that no step is taken in time, nothing is proved nor refuted."""
    monkeypatch.setattr(budget, "STEPS_PER_SECOND", 1e12)
    judged = prove(DX.format("R-1", "R-1+(H-R)%u"), timeout=1e-6)
    assert judged.verdict is Verdict.NOT_JUDGED
    assert "the time was up" in str(judged.reason)
    assert judged.late


def test_proof_does_not_depend_on_the_numbers_in_a_claim() -> None:
    judged = prove("(H + 123456789*u) // u == H//u + 123456789")
    assert judged.proved


def test_unreadable_claim_is_an_error() -> None:
    with pytest.raises(ParseError):
        prove("dX == conv(dY)")


def test_proof_that_fails_at_a_size_is_a_loud_error() -> None:
    claim = StatedClaim(DX.format("R-1", "R-1")).claim()
    with pytest.raises(ContradictionError, match="please report"):
        try_out(claim, times=200)


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


def doubled(found: Certificate) -> Certificate:
    assert found.proof is not None
    first, *rest = found.proof.terms
    first = replace(first, multiplier=first.multiplier * 2)
    return replace(found, proof=replace(found.proof, terms=(first, *rest)))


def negative(found: Certificate) -> Certificate:
    assert found.proof is not None
    terms = tuple(replace(term, multiplier=-term.multiplier) for term in found.proof.terms)
    return replace(found, proof=replace(found.proof, terms=terms))


def of_other_hypotheses(found: Certificate) -> Certificate:
    assert found.proof is not None
    terms = tuple(
        replace(term, hypotheses=tuple(place + 1 for place in term.hypotheses))
        for term in found.proof.terms
    )
    return replace(found, proof=replace(found.proof, terms=terms))


WRONG: dict[str, Callable[[Certificate], Certificate]] = {
    "nothing": lambda found: Certificate(),
    "no multipliers": lambda found: replace(found, proof=Combination(())),
    "denial alone": lambda found: Certificate(
        proof=Combination((Multiple(Fraction(1), (DENIAL,)),))
    ),
    "doubled": doubled,
    "negative": negative,
    "other hypotheses": of_other_hypotheses,
}


@pytest.mark.parametrize("name", WRONG)
def test_search_that_finds_wrong_certificates_proves_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What proves is the check, not the search."""
    right = CertificateSearch.certificate

    def wrong(search: CertificateSearch, obligation: Obligation) -> Certificate | None:
        found = right(search, obligation)
        return found if found is None or found.proof is None else WRONG[name](found)

    assert prove("H//u//v == H//(u*v)").proved
    monkeypatch.setattr(CertificateSearch, "certificate", wrong)
    with pytest.raises(DisagreementError, match=r"internal error: a certificate .* does not hold"):
        prove("H//u//v == H//(u*v)")


def test_search_that_finds_certificates_of_what_is_false_proves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No size up to 1000 refutes the claim, and no trial finds one: the check is all there is."""
    denied = Certificate(proof=Combination((Multiple(Fraction(1), (DENIAL,)),)))
    monkeypatch.setattr(CertificateSearch, "certificate", lambda *_: denied)
    with pytest.raises(DisagreementError):
        prove("H // 1000 == 0", timeout=2)


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

from __future__ import annotations

import pytest

from symconv.claims.verdict import Counterexample, Proof, Scope, Verdict


def proof(verdict, **more):
    return Proof("claim", "", Scope.THIS_SIZE, verdict, 1, 1, "sympy", 0.0, **more)


def test_a_refuted_claim_has_a_counterexample_and_no_other_claim_has():
    found = Counterexample(((1, 1), (2, 2)))
    assert not proof(Verdict.REFUTED, counterexample=found).proved
    with pytest.raises(ValueError, match="counterexample"):
        proof(Verdict.REFUTED)
    with pytest.raises(ValueError, match="counterexample"):
        proof(Verdict.PROVED, counterexample=found)


def test_a_claim_that_is_not_judged_has_a_reason_and_no_other_claim_has():
    assert not proof(Verdict.NOT_JUDGED, reason="why").proved
    with pytest.raises(ValueError, match="reason"):
        proof(Verdict.NOT_JUDGED)
    with pytest.raises(ValueError, match="reason"):
        proof(Verdict.PROVED, reason="why")


def test_only_proved_is_proved():
    assert proof(Verdict.PROVED).proved


def test_words_are_those_of_the_contract():
    assert [v.value for v in Verdict] == ["proved", "refuted", "not-judged"]
    assert [s.value for s in Scope] == ["this size", "every size", "listed sizes"]

from __future__ import annotations

from dataclasses import replace

import pytest

from symconv.claims.verdict import Counterexample, Proof, Scope, Verdict
from symconv.derivation import derive
from symconv.equation import Element, Equation
from symconv.proof.prover import prove
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.steps import Symbolic
from symconv.symbolic.steps import derive as symbolic


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


# Nothing that may be false is true by accident.


def refuted():
    target = Element("dX", (0, 1))
    equations = (
        Equation(target, ((Element("dY", (0, 0)), Element("F", (0, 1))),) * 2),
        Equation(target, ()),
    )
    return proof(Verdict.REFUTED, counterexample=Counterexample(((1, 2), (1, 2)), equations))


SHORT = [
    (lambda: refuted(), "claim: refuted for this size: element [0,1] is dY[0,0]*F[0,1] + "
     "dY[0,0]*F[0,1] on the left, 0 on the right"),
    (lambda: proof(Verdict.REFUTED, counterexample=Counterexample(((1, 1), (2, 2)))),
     "claim: refuted for this size: the left side is 1x1, the right side 2x2"),
    (lambda: proof(Verdict.REFUTED, counterexample=Counterexample((None, (2,)), undefined="why")),
     "claim: refuted for this size: the left side has no meaning: why"),
    (lambda: proof(Verdict.NOT_JUDGED, reason="why"), "claim: not judged: why"),
    (lambda: prove("rotate(X) == X", where=["H > 3"]),
     "rotate(X) == X where H > 3: refuted at H=4, W=1: element [0,0] is X[3,0] on the left, "
     "X[0,0] on the right"),
    (lambda: prove("1 == 2"), "1 == 2: refuted: the left side is 1, the right side 2"),
    (lambda: prove("crop(X, 1) == X"), "crop(X, 1) == X: refuted at H=1, W=1: the left side has "
     "no meaning: pad leaves a tensor of shape (-1, -1)"),
    (lambda: prove("Y == correlate(X, X)"), "Y == correlate(X, X): not judged: a product holds X "
     "twice; only products of different tensors are judged"),
    (lambda: replace(derive(3, 2), proofs=(refuted(), proof(Verdict.NOT_JUDGED, reason="why"))),
     "claim: refuted for this size: element [0,1] is dY[0,0]*F[0,1] + dY[0,0]*F[0,1] on the left, "
     "0 on the right; claim: not judged: why"),
    (lambda: Symbolic(Convolution.of(()), ()), "nothing was derived"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "says"), SHORT, ids=[says[:30] for _, says in SHORT])
def test_what_is_not_proved_says_why_in_one_line(make, says):
    found = make()
    assert not found.proved
    with pytest.raises(AssertionError) as raised:
        found.assert_proved()
    assert str(raised.value) == says


PROVABLE = [
    lambda: proof(Verdict.PROVED),
    lambda: proof(Verdict.NOT_JUDGED, reason="why"),
    lambda: prove("X == X"),
    lambda: prove("X == rotate(X)"),
    lambda: derive(3, 2),
    lambda: symbolic(wrt="filter"),
    lambda: symbolic(wrt="filter").gradients[0],
]


@pytest.mark.parametrize("make", PROVABLE)
def test_no_proof_is_true_or_false_by_itself(make):
    found = make()
    for use in (bool, lambda it: not it, lambda it: it or None, lambda it: all([it])):
        with pytest.raises(TypeError) as raised:
            use(found)
        assert str(raised.value) == (
            f"a {type(found).__name__} is neither true nor false: ask for .proved, or call "
            ".assert_proved()"
        )
    if found.proved:
        assert found.assert_proved() is None


@pytest.mark.parametrize("verdict", Verdict)
def test_no_verdict_is_true_or_false_by_itself(verdict):
    with pytest.raises(TypeError, match="neither true nor false; compare it"):
        bool(verdict)

"""A run of claims: what fails at one claim, or after its verdict, takes no other verdict away."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from symconv.claims.catalogue import entries
from symconv.claims.statement import StatedClaim
from symconv.claims.verdict import Verdict
from symconv.errors import TooLargeError
from symconv.proof import prover
from symconv.proof.prover import judge
from symconv.proof.run import judge_all
from symconv.refutation.trial import ContradictionError
from symconv.views import annotations, judgements, junit, proof_json

FILE = """
[[claim]]
id = "first"
statement = "rotate(rotate(X)) == X"

[[claim]]
id = "second"
statement = "rotate(X) == X"

[[claim]]
id = "third"
statement = "H == H"
expected = "not-judged"
"""


def failing(error):
    def fail(*_, **__):
        raise error

    return fail


ERRORS = {
    "too large": (TooLargeError("a tensor of 10 TB"), "a tensor of 10 TB"),
    "memory": (MemoryError(), "out of memory; use smaller sizes"),
    "internal": (
        IndexError("list index\nout of range"),
        "internal error: IndexError: list index out of range; please report this "
        "(SYMCONV_DEBUG=1 shows where)",
    ),
}
STEPS = {
    "example": ("rotate(X) == X", "larger example", Verdict.REFUTED),
    "repair": ("rotate(X) == X", "repair", Verdict.REFUTED),
    "try_out": ("rotate(rotate(X)) == X", "trials", Verdict.PROVED),
}


@pytest.mark.parametrize(("error", "why"), ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("step", STEPS)
def test_an_error_in_an_optional_step_is_a_note_under_the_verdict(monkeypatch, step, error, why):
    statement, what, verdict = STEPS[step]
    monkeypatch.setattr(prover, step, failing(error))
    judged = judge(StatedClaim(statement), mend=True)
    assert judged.verdict is verdict
    assert judged.notes == (f"no {what}: {why}",)
    assert judged.fault is None


def test_a_repair_that_contradicts_its_own_proof_leaves_the_refutation_alone(monkeypatch):
    monkeypatch.setattr(prover, "repair", failing(ContradictionError("internal error: no")))
    judged = judge(StatedClaim("rotate(X) == X"), mend=True)
    assert judged.verdict is Verdict.REFUTED
    assert judged.notes == ("no repair: internal error: no",)


def test_a_proof_that_fails_at_a_trial_is_no_verdict(monkeypatch):
    error = ContradictionError("internal error: 'X == X' was proved and fails at H=1")
    monkeypatch.setattr(prover, "try_out", failing(error))
    with pytest.raises(ContradictionError):
        judge(StatedClaim("X == X"))
    (judged,) = judge_all(entries('[[claim]]\nid = "a"\nstatement = "X == X"', "f"), timeout=20)
    assert judged.judgement.verdict is Verdict.NOT_JUDGED
    assert judged.judgement.fault is error


@pytest.mark.parametrize("error", [TooLargeError("a tensor of 10 TB"), MemoryError()])
def test_a_claim_too_large_is_not_judged(monkeypatch, error):
    monkeypatch.setattr(prover, "refute", failing(error))
    judged = judge(StatedClaim("X == X"))
    assert judged.verdict is Verdict.NOT_JUDGED
    assert judged.reason == (str(error) or "out of memory; use smaller sizes")
    assert judged.fault is None


@pytest.fixture
def second_fails(monkeypatch):
    honest = prover.refute

    def refute(claim, **how):
        if claim.id == "second":
            raise KeyError("H")
        return honest(claim, **how)

    monkeypatch.setattr(prover, "refute", refute)
    return list(judge_all(entries(FILE, "f.toml"), timeout=20))


def test_the_other_claims_of_a_file_are_judged_all_the_same(second_fails):
    verdicts = [each.judgement.verdict for each in second_fails]
    assert verdicts == [Verdict.PROVED, Verdict.NOT_JUDGED, Verdict.PROVED]
    failed = second_fails[1].judgement
    assert isinstance(failed.fault, KeyError)
    assert failed.reason.startswith("internal error: KeyError: 'H'; please report this")


def test_every_format_tells_of_a_claim_at_which_symconv_failed(second_fails):
    told = "\n".join(line for _, line in judgements.lines(second_fails))
    assert "NOT JUDGED  second\n" in told
    assert "internal error: KeyError" in told
    root = ET.fromstring(junit.text(second_fails))
    assert (root.get("failures"), root.get("errors")) == ("1", "1")
    failed = [case.get("name") for case in root.iter("testcase") if case.find("error") is not None]
    assert failed == ["second"]
    assert "internal error" in root.find(".//error").get("message")
    assert json.loads(proof_json.text(second_fails))["claims"][1]["verdict"] == "not-judged"
    assert "internal error" in "\n".join(annotations.lines(second_fails))


def test_a_claim_expected_to_be_open_is_not_as_expected_where_symconv_failed(monkeypatch):
    monkeypatch.setattr(prover, "refute", failing(KeyError("H")))
    text = '[[claim]]\nid = "a"\nstatement = "H == H"\nexpected = "not-judged"'
    (judged,) = judge_all(entries(text, "f"), timeout=20)
    assert not judged.judgement.as_expected


def test_a_proof_that_cannot_be_told_takes_no_verdict_away(monkeypatch):
    monkeypatch.setattr(prover, "explain", failing(KeyError("q")))
    judged = list(judge_all(entries(FILE, "f.toml"), timeout=20))
    told = [line for _, line in judgements.lines(judged, proofs=True)]
    assert [line.split()[-1] for line in told if line.startswith(("PROVED", "REFUTED"))] == [
        "first",
        "second",
        "third",
    ]
    assert sum("note: the rest is not told: internal error: KeyError" in line for line in told) == 2

import pytest

from benchmarks.mutants import mutants, verdict
from symconv.proof.verdict import Verdict

MUTANTS = list(mutants(200))


@pytest.mark.parametrize("part", range(8))
def test_no_verdict_on_a_mutated_theorem_contradicts_brute_force(part):
    mine = MUTANTS[part::8]
    judged = [verdict(mutant, seconds=10.0) for mutant in mine]
    assert [why for _, why in judged if why] == []
    not_judged = [
        m.stated.statement
        for m, (v, _) in zip(mine, judged, strict=True)
        if v is Verdict.NOT_JUDGED
    ]
    assert len(not_judged) <= 1, not_judged


def test_mutants_are_mostly_refuted_and_sometimes_proved():
    verdicts = {verdict(mutant, seconds=10.0)[0] for mutant in MUTANTS[:60]}
    assert {Verdict.PROVED, Verdict.REFUTED} <= verdicts

import functools

import pytest

from benchmarks.mutants import mutants, shelf_mutants, verdict
from symconv.claims.verdict import Verdict

PARTS = 6


@functools.cache
def judged(part):
    made = [*mutants(80, points=40)][part::PARTS]
    return [(mutant, *verdict(mutant, seconds=10.0)) for mutant in made]


@pytest.mark.parametrize("part", range(PARTS))
def test_no_verdict_on_a_mutated_theorem_contradicts_brute_force(part):
    assert [why for _, _, why in judged(part) if why] == []
    not_judged = [m.stated.statement for m, v, _ in judged(part) if v is Verdict.NOT_JUDGED]
    assert len(not_judged) <= 2, not_judged


def test_mutants_are_mostly_refuted_and_sometimes_proved():
    verdicts = [verdict for part in range(4) for _, verdict, _ in judged(part)]
    assert verdicts.count(Verdict.REFUTED) > verdicts.count(Verdict.PROVED) > 0


def test_no_verdict_on_an_edited_claim_of_the_shelf_contradicts_brute_force():
    judged = [(mutant, *verdict(mutant, seconds=10.0)) for mutant in shelf_mutants(25)]
    assert [why for _, _, why in judged if why] == []
    assert [m.stated.statement for m, v, _ in judged if v is Verdict.NOT_JUDGED] == []

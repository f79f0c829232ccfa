"""Faulty programs are found, never misnamed, and the place that is said holds at fresh sizes."""

import pytest

from benchmarks.faulty_programs import GUARDS, RESTRICTIONS, sample, tried, verified, wrongs
from symconv.implementations import coded
from symconv.implementations.family import formulas

SAMPLE = sample(300, seed=11)
TOGETHER = 20


def test_the_family_is_large():
    assert len(wrongs()) >= 50
    assert {name for name, *_ in SAMPLE} == {wrong.name for wrong in wrongs()}
    assert len(formulas(2)) >= 50
    assert len({*GUARDS}) >= 38
    assert len({*RESTRICTIONS}) >= 12


@pytest.mark.parametrize("first", range(0, len(SAMPLE), TOGETHER))
def test_faulty_programs_are_found_and_not_misnamed(first, monkeypatch):
    monkeypatch.setattr(coded, "_MOST", 0)  # tables of terms have tests of their own
    missed = []
    for case in SAMPLE[first : first + TOGETHER]:
        result = tried(case, fresh=40)
        if result.differs and not result.found:
            missed.append((case[0], result.said))
        assert not result.misnamed, (case[0], result.said)
        assert result.holds, (case[0], result.said)
        assert result.within <= 24, (case[0], result.said)
    assert not missed


@pytest.mark.parametrize("case", SAMPLE[3:60:30], ids=lambda case: case[0])
def test_verify_says_the_same_of_the_whole_program(case, tmp_path):
    here, there = tried(case, fresh=10), verified(case, tmp_path, fresh=10)
    assert there.found
    assert (here.said, here.misnamed, here.holds) == (there.said, there.misnamed, there.holds)

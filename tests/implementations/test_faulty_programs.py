"""Faulty programs are found, never misnamed, and the place that is said holds at fresh sizes."""

import pytest

from benchmarks.faulty_programs import (
    GUARDS,
    RESTRICTIONS,
    sample,
    tried,
    wrongs,
)
from symconv.implementations.family import formulas

SAMPLE = sample(300, seed=11)
TOGETHER = 20


def test_the_family_is_large():
    assert len(wrongs()) >= 50
    assert len(formulas(2)) >= 50
    assert len({*GUARDS}) >= 38
    assert len({*RESTRICTIONS}) >= 12


@pytest.mark.parametrize("first", range(0, len(SAMPLE), TOGETHER))
def test_faulty_programs_are_found_and_not_misnamed(first):
    missed = 0
    for case in SAMPLE[first : first + TOGETHER]:
        result = tried(case, fresh=50)
        missed += result.differs and not result.found
        assert not result.misnamed, (case[0], result.said)
        assert result.holds, (case[0], result.said)
    assert not missed

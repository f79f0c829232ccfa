"""Faulty programs are found, never misnamed, and the place that is said holds at fresh sizes."""

import pytest

from benchmarks.faulty_programs import GUARDS, RESTRICTIONS, sample, tried, wrongs
from symconv.implementations.family import formulas


def test_the_family_is_large():
    assert len(wrongs()) >= 50
    assert len(formulas(2)) >= 50
    assert len({*GUARDS}) >= 38
    assert len({*RESTRICTIONS}) >= 12


@pytest.mark.parametrize("case", sample(300, seed=11)[::75], ids=lambda c: c[0])
def test_a_faulty_program_is_found_and_not_misnamed(case, tmp_path):
    result = tried(case, tmp_path, fresh=100)
    assert result.found or not result.differs, result.said
    assert not result.misnamed, result.said
    assert result.holds, result.said

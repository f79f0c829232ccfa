from __future__ import annotations

import numpy as np
import pytest
from strategies import CASES

from symconv.engines.contributions import contributions
from symconv.engines.engine import TermEngine
from symconv.geometry import Geometry
from symconv.proof.sample import check_sample
from symconv.tensors.factored import FactoredTable
from symconv.tensors.table import SortedTable


class Spoilt(TermEngine):
    """An engine of which one row of one table is wrong."""

    def __init__(self, geometry, tensor, change):
        super().__init__(geometry)
        self.spoilt, self.change = tensor, change

    def defined(self, name):
        tensor = super().defined(name)
        if name != self.spoilt:
            return tensor
        first, *others = tensor.blocks
        spoilt = SortedTable(first.shape, first.factors, self.change(first.rows.copy()))
        return FactoredTable((spoilt, *others))


@pytest.mark.parametrize("name", CASES)
def test_tables_agree_with_sympy_on_a_sample(name):
    check = check_sample(TermEngine(CASES[name]))
    assert check.agrees
    assert len(check.outputs) >= 1


def test_a_small_tensor_is_checked_whole():
    sizes = Geometry.of(3, 2)
    check = check_sample(TermEngine(sizes))
    assert set(check.outputs) <= {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert check.terms > 0
    assert len(contributions(sizes)) == 16


def test_a_large_tensor_is_sampled_at_its_corners_and_inside():
    check = check_sample(TermEngine(Geometry.of(64, 3)))
    assert {(0, 0), (31, 31), (61, 61)} <= set(check.outputs)
    assert len(check.outputs) < 10
    assert check == check_sample(TermEngine(Geometry.of(64, 3)))


def _shifted(rows):
    rows[0] += 1
    return rows


CHANGES = {
    "shifted": _shifted,
    "missing": lambda rows: rows[1:],
    "twice": lambda rows: np.insert(rows, 0, rows[0]),
}


@pytest.mark.parametrize("tensor", ["Y", "dX", "dF"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_wrong_row_is_noticed(tensor, change):
    """The first row belongs to the first output, which is always in the sample."""
    assert check_sample(TermEngine(Geometry.of(5, 3, 2))).agrees
    assert not check_sample(Spoilt(Geometry.of(5, 3, 2), tensor, change)).agrees

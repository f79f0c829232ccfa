from __future__ import annotations

import loops
import numpy as np
from hypothesis import given, settings
from strategies import every_case, every_geometry

from symconv.engines.contributions import contributions
from symconv.geometry import Geometry


def number(index, shape):
    return int(np.ravel_multi_index(index, shape))


def triples(sizes):
    return sorted(
        (number(y, sizes.output), number(x, sizes.input), number(f, sizes.filter))
        for y, x, f in loops.products(sizes)
    )


def listed(sizes):
    columns = contributions(sizes).forward().multiplied_out().columns()
    return sorted(zip(*(columns[name].tolist() for name in ("target", "X", "F")), strict=True))


@every_case
def test_contributions_are_the_triples_of_the_loops(sizes):
    assert len(contributions(sizes)) == len(triples(sizes))
    assert listed(sizes) == triples(sizes)


@given(every_geometry(extra=9))
@settings(max_examples=50)
def test_contributions_are_the_triples_of_the_loops_at_any_size(sizes):
    assert listed(sizes) == triples(sizes)


def test_contributions_are_three_readings_of_one_relation():
    found = contributions(Geometry.of(6, 3, 2))
    y, dx, df = found.forward(), found.input_gradient(), found.filter_gradient()
    assert (y.shape, dx.shape, df.shape) == ((2, 2), (6, 6), (3, 3))
    assert [[factor.name for factor in table.factors] for table in (y, dx, df)] == [
        ["X", "F"],
        ["dY", "F"],
        ["dY", "X"],
    ]
    assert len(y) == len(dx) == len(df) == len(found) == 36


def test_contributions_on_one_and_on_three_axes():
    assert len(contributions(Geometry.of((5,), (3,), (2,)))) == 6
    assert len(contributions(Geometry.of((3, 3, 3), (2, 2, 2)))) == 8 * 8

from __future__ import annotations

import loops
from hypothesis import given, settings
from strategies import cases, geometries

from symconv.engines.contributions import contributions
from symconv.geometry import Geometry


def number(index, shape):
    return index[0] * shape[1] + index[1]


def triples(sizes):
    return sorted(
        (number(y, sizes.output), number(x, sizes.input), number(f, sizes.filter))
        for y, x, f in loops.products(sizes)
    )


@cases
def test_contributions_are_the_triples_of_the_loops(sizes):
    found = contributions(sizes)
    assert len(found) == len(triples(sizes))
    assert sorted(
        zip(found.y.tolist(), found.x.tolist(), found.f.tolist(), strict=True)
    ) == triples(sizes)


@given(geometries(extra=9))
@settings(max_examples=50)
def test_contributions_are_the_triples_of_the_loops_at_any_size(sizes):
    found = contributions(sizes)
    assert sorted(
        zip(found.y.tolist(), found.x.tolist(), found.f.tolist(), strict=True)
    ) == triples(sizes)


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

"""Numbers put in: a closed form that gives other numbers is said to."""

from __future__ import annotations

import dataclasses

import pytest
from strategies import derived

from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate
from symconv.geometry import Geometry
from symconv.notation import Notation
from symconv.telling import numbers
from symconv.views import plain

GEOMETRY = Geometry.of(6, 3, 2)
RIGHT = closed_forms.input_gradient(GEOMETRY)


@pytest.mark.parametrize(
    ("form", "agrees"),
    [
        (RIGHT, True),
        (closed_forms.textbook_input_gradient(GEOMETRY), False),
        (Correlate(RIGHT.of, closed_forms.F, RIGHT.stride, RIGHT.dilation), False),
    ],
    ids=["right", "remainder forgotten", "not rotated"],
)
def test_a_wrong_form_gives_other_numbers(form, agrees):
    derivation = derived(GEOMETRY)
    told = dataclasses.replace(
        derivation, closed_forms=derivation.closed_forms | {"input_gradient": form}
    )
    done = numbers.compute(told, numbers.drawn(GEOMETRY, 0))
    assert done.agrees is agrees
    lines = list(plain.lines(numbers.tell(done), Notation()))
    said = "the same numbers" if agrees else "OTHER NUMBERS"
    assert f"Computed from their operators, they give {said}." in lines

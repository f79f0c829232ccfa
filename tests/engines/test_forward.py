from __future__ import annotations

from collections import Counter

import loops
from hypothesis import given, settings
from strategies import every_case, every_geometry

from symconv.engines.engine import SympyEngine, TermEngine
from symconv.engines.forward import forward, outputs
from symconv.formula import closed_forms
from symconv.geometry import Geometry


def counted(tensor):
    return Counter(
        (equation.target.index, term)
        for equation in tensor.equations("Y")
        for term in equation.terms
    )


@every_case
def test_forward_has_the_products_of_the_loops(sizes):
    assert counted(forward(sizes)) == loops.terms(sizes)["Y"]
    assert forward(sizes).shape == loops.output_shape(sizes)


@given(every_geometry())
@settings(max_examples=25)
def test_forward_agrees_with_tables_and_loops_at_any_size(sizes):
    expected = loops.terms(sizes)["Y"]
    assert counted(SympyEngine(sizes).tensor("Y")) == expected
    assert counted(TermEngine(sizes).tensor("Y")) == expected


@every_case
def test_forward_as_a_formula_has_the_products_of_the_loops(sizes):
    for engine in (SympyEngine(sizes), TermEngine(sizes)):
        assert counted(engine.tensor(closed_forms.forward(sizes))) == loops.terms(sizes)["Y"]


@every_case
def test_forward_has_the_values_of_the_loops(sizes):
    arrays = loops.integers(sizes)
    y = forward(sizes)
    for index, expected in loops.forward(sizes, arrays["X"], arrays["F"]).items():
        assert loops.value(y.terms(index), arrays) == expected


def test_forward_of_the_first_window_is_written_as_a_lecturer_does():
    (equation, *_) = forward(Geometry.of(3, 2)).equations("Y")
    assert [[tensor + str(index) for tensor, index in term] for term in equation.terms] == [
        ["X(0, 0)", "F(0, 0)"],
        ["X(0, 1)", "F(0, 1)"],
        ["X(1, 0)", "F(1, 0)"],
        ["X(1, 1)", "F(1, 1)"],
    ]


def test_an_output_whose_window_lies_in_the_padding_is_zero():
    y = forward(Geometry.of(3, 1, 1, 1))
    assert y[0, 0] == 0
    assert y.terms((0, 0)) == ()
    assert len(y.terms((1, 1))) == 1


def test_outputs_are_those_that_were_asked_for():
    sizes = Geometry.of(5, 3, 2)
    whole = forward(sizes)
    assert [(w, y == whole[w]) for w, y in outputs(sizes, [(1, 0), (0, 1)])] == [
        ((1, 0), True),
        ((0, 1), True),
    ]

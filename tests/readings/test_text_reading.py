from __future__ import annotations

import pytest
from hypothesis import given, settings
from mutants import MUTANTS
from strategies import CASES, geometries

from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate, Leaf, Ones, Pad, Rotate, Subsample, Vjp
from symconv.formula.parse import parse_tensor
from symconv.formula.vocabulary import vocabulary
from symconv.geometry import Geometry
from symconv.readings import latex, text

X, F, dY = Leaf("X"), Leaf("F"), Leaf("dY")


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Ones((2, 3)), "ones(2, 3)"),
        (Subsample(X, (2, 1)), "subsample(X, (2, 1))"),
        (Pad(X, ((0, -1), (2, 3))), "pad(X, ((0, -1), (2, 3)))"),
        (Correlate(X, F, (1, 1), (1, 1)), "correlate(X, F)"),
        (Correlate(X, F, (2, 1), (1, 1)), "correlate(X, F, stride=(2, 1))"),
        (Correlate(X, Rotate(F), (1, 1), (1, 3)), "correlate(X, rotate(F), dilation=(1, 3))"),
    ],
)
def test_a_formula_is_written_as_it_is_typed(node, expected):
    assert text.read(node) == expected


FORMULAS = {
    f"{name}-{form.__name__}": form(sizes)
    for name, sizes in CASES.items()
    for form in (closed_forms.forward, closed_forms.input_gradient, closed_forms.filter_gradient)
} | {name: mutant.formula(mutant.sizes) for name, mutant in MUTANTS.items()}


@pytest.mark.parametrize("node", FORMULAS.values(), ids=FORMULAS.keys())
def test_a_formula_that_is_written_can_be_read_back(node):
    assert parse_tensor(text.read(node), vocabulary()) == node


@given(geometries())
@settings(max_examples=25)
def test_closed_forms_can_be_read_back_at_any_size(sizes):
    for form in (closed_forms.input_gradient, closed_forms.filter_gradient):
        assert parse_tensor(text.read(form(sizes)), vocabulary()) == form(sizes)


def test_names_are_those_of_the_notation():
    form = closed_forms.input_gradient(Geometry.of(3, 2))
    assert text.read(form, {"dY": "dO", "F": "W"}.get) == (
        "correlate(pad(dO, ((1, 1), (1, 1))), rotate(W))"
    )


def test_latex_names_each_operator():
    form = closed_forms.filter_gradient(Geometry.of(6, 3, 2, 0, 1))
    written = latex.read(form, {"dY": "G", "X": "X"}.get)
    assert written == (
        r"\operatorname{correlate}\left(\operatorname{pad}\left(X,\ ((0, -1), (0, -1))\right),\ "
        r"\operatorname{dilate}\left(G,\ (2, 2)\right)\right)"
    )


def test_a_node_without_latex_is_an_error():
    with pytest.raises(TypeError, match="has no"):
        latex.read(Vjp(X, "X", dY), str)


@pytest.mark.parametrize("read", [lambda node: text.read(node, str), lambda n: latex.read(n, str)])
def test_what_is_no_node_is_an_error(read):
    with pytest.raises(TypeError):
        read("X")

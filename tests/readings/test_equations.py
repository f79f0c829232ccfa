from __future__ import annotations

import loops
import numeric
import pytest
from hypothesis import given, settings
from mutants import mutants, right
from strategies import CASES, geometries

from symconv.engines.engine import leaf_shapes
from symconv.errors import FormulaError
from symconv.formula.nodes import Correlate, Dilate, Leaf, Ones, Pad, Rotate, Subsample
from symconv.readings import equations, terms
from symconv.tensors.expressions import Expressions

X, F, dY = Leaf("X"), Leaf("F"), Leaf("dY")
ONE = (1, 1)
SHAPES = {"X": (4, 3), "F": (2, 2), "dY": (3, 2)}


def written(node):
    return [[str(entry) for entry in row] for row in equations.read(node, SHAPES)]


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (F, [["f_00", "f_01"], ["f_10", "f_11"]]),
        (Ones((1, 2)), [["1", "1"]]),
        (Pad(F, ((1, 0), (0, 1))), [["0", "0", "0"], ["f_00", "f_01", "0"], ["f_10", "f_11", "0"]]),
        (Pad(F, ((-1, 0), (-1, 2))), [["f_11", "0", "0"]]),
        (Pad(F, ((-3, 2), (0, 0))), [["0", "0"]]),
        (Dilate(F, (1, 2)), [["f_00", "0", "f_01"], ["f_10", "0", "f_11"]]),
        (Rotate(F), [["f_11", "f_10"], ["f_01", "f_00"]]),
        (Subsample(F, (2, 1)), [["f_00", "f_01"]]),
        (Correlate(F, Ones((1, 2)), ONE, ONE), [["f_00 + f_01"], ["f_10 + f_11"]]),
    ],
    ids=[
        "leaf", "ones", "pad", "crop-and-pad", "crop-beyond", "dilate", "rotate", "subsample",
        "correlate",
    ],
)  # fmt: skip
def test_an_operator_does_what_it_says(node, expected):
    assert written(node) == expected


def test_two_boxes_count_what_both_cover():
    box = Ones((2, 1))
    read = equations.read(Correlate(Correlate(X, box, ONE, ONE), box, ONE, ONE), SHAPES)
    assert str(read[0, 0]) == "x_00 + 2*x_10 + x_20"


@pytest.mark.parametrize(
    "node",
    [
        Leaf("Z"),
        Pad(F, ((-1, -1), (0, 0))),
        Ones((0, 1)),
        Dilate(F, (0, 1)),
        Dilate(F, (-1, 1)),
        Subsample(F, (0, 1)),
        Subsample(F, (1, -1)),
        Correlate(F, X, ONE, ONE),
        Correlate(X, F, (0, 1), ONE),
        Correlate(X, F, ONE, (1, 0)),
    ],
)
def test_a_formula_without_meaning_is_an_error(node):
    with pytest.raises(FormulaError):
        equations.read(node, SHAPES)


def test_an_unknown_node_is_an_error():
    with pytest.raises(TypeError, match="cannot read"):
        equations.read("X", SHAPES)


def agrees(node, sizes):
    """Assert that sympy gives the values of the operators' definitions and the tables' terms."""
    arrays, shapes = loops.integers(sizes), leaf_shapes(sizes)
    expected = numeric.evaluate(node, arrays, shapes)
    if expected is None:
        with pytest.raises(FormulaError):
            equations.read(node, shapes)
        return
    values, shape = expected
    found, table = Expressions(equations.read(node, shapes)), terms.read(node, shapes).sorted()
    assert found.shape == shape
    for index, expected_value in values.items():
        assert loops.value(found.terms(index), arrays) == expected_value
        assert found.terms(index) == table.terms(index)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("gradient", ["dX", "dF"])
def test_closed_forms_have_the_values_of_their_operators(name, gradient):
    agrees(right(CASES[name], gradient), CASES[name])


@mutants
def test_wrong_closed_forms_have_the_values_of_their_operators(mutant):
    agrees(mutant.formula(mutant.sizes), mutant.sizes)


@given(geometries(extra=2))
@settings(max_examples=20)
def test_closed_forms_have_the_values_of_their_operators_at_any_size(sizes):
    agrees(right(sizes, "dX"), sizes)
    agrees(right(sizes, "dF"), sizes)

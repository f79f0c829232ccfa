"""The evaluator against plain loops, and what it refuses to read."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.errors import FormulaError
from symconv.formula.nodes import Correlate, Dilate, Leaf, Pad, Rotate
from symconv.symbolic.arrays import array, drawn
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.evaluation import EvaluationError, evaluate
from symconv.symbolic.expressions import LOSS, Between, Divides, element, partial, symbol

m, n, p, q, r, s = (symbol(name) for name in "mnpqrs")
GENERAL = Convolution.of(("padding", "dilation", "crop"))
LECTURE = Convolution.of(())


def tensors_at(sizes):
    return drawn({
        "X": (sizes["H"], sizes["W"]), "F": (sizes["R"], sizes["S"]), "dY": (sizes["P"], sizes["Q"])
    })  # fmt: skip


def relation(sizes):
    """Yield (m, n), (r, s), (p, q) for every product of the forward pass."""
    for i, j, k, l in itertools.product(*(range(sizes[name]) for name in "PQRS")):  # noqa: E741
        row = i * sizes["u"] + k * sizes.get("d", 1) - sizes.get("pt", 0)
        column = j * sizes["v"] + l * sizes.get("e", 1) - sizes.get("pl", 0)
        if 0 <= row < sizes["H"] and 0 <= column < sizes["W"]:
            yield (row, column), (k, l), (i, j)


grids = st.sampled_from(GENERAL.grid())


@given(grids)
@settings(max_examples=25)
def test_the_derivative_of_the_loss_is_what_the_loops_add_up(sizes):
    tensors = tensors_at(sizes)
    expected = {"X": np.zeros_like(tensors["X"]), "F": np.zeros_like(tensors["F"])}
    for x, f, y in relation(sizes):
        expected["X"][x] += tensors["dY"][y] * tensors["F"][f]
        expected["F"][f] += tensors["dY"][y] * tensors["X"][x]
    for name, (rows, columns) in (("X", "HW"), ("F", "RS")):
        asked = partial(LOSS, element(name, (m, n)))
        free = [(m, sizes[rows]), (n, sizes[columns])]
        found = evaluate(asked, GENERAL, sizes, tensors, free)
        assert np.array_equal(found, expected[name])


@given(grids)
@settings(max_examples=25)
def test_the_forward_sum_is_what_the_loops_add_up(sizes):
    tensors = tensors_at(sizes)
    expected = np.zeros_like(tensors["dY"])
    for x, f, y in relation(sizes):
        expected[y] += tensors["X"][x] * tensors["F"][f]
    free = [(p, sizes["P"]), (q, sizes["Q"])]
    assert np.array_equal(evaluate(GENERAL.forward, GENERAL, sizes, tensors, free), expected)


def test_a_delta_picks_one_term_and_respects_integrality():
    """sympy's own doit invents a term at one half here."""
    sizes = {**LECTURE.grid()[-1]}
    tensors = tensors_at(sizes)
    P = sizes["P"]
    total = sympy.Sum(element("dY", (p, q)) * sympy.KroneckerDelta(m, 2 * p), (p, 0, P - 1))
    found = evaluate(total, LECTURE, sizes, tensors, [(m, 2 * P), (q, sizes["Q"])])
    assert np.array_equal(found[::2], tensors["dY"])
    assert not found[1::2].any()


SIZES = LECTURE.grid()[0] | {"H": 4, "W": 4}
FREE = [(m, 4), (n, 4)]


def value(expression, convolution=LECTURE):
    return evaluate(expression, convolution, SIZES, tensors_at(SIZES), FREE)


def test_reading_outside_is_an_error():
    with pytest.raises(EvaluationError, match="lies outside"):
        value(element("X", (m + 1, n)))
    with pytest.raises(EvaluationError, match="lies outside"):
        value(element("X", (m - 1, n)))


def test_a_padded_input_is_zero_outside():
    found = value(element("X", (m - 1, n)), Convolution.of(("padding",)))
    assert not found[0].any()
    assert np.array_equal(found[1:], tensors_at(SIZES)["X"][:-1])


def test_reading_at_a_fraction_is_an_error_and_fine_behind_a_bracket():
    half = element("X", (m / 2, n))
    with pytest.raises(EvaluationError, match="fraction"):
        value(half)
    found = value(half * Divides(2, m))
    assert np.array_equal(found[::2], tensors_at(SIZES)["X"][:2])
    assert not found[1::2].any()


def test_a_bracket_guards_what_it_multiplies():
    found = value(element("X", (m + 2, n)) * Between(0, m, 1))
    assert np.array_equal(found[:2], tensors_at(SIZES)["X"][2:])
    assert not found[2:].any()


def test_an_expression_of_another_kind_is_an_error():
    with pytest.raises(TypeError, match="cannot evaluate"):
        value(sympy.Piecewise((m, m > 1), (0, True)))


@given(st.integers(1, 5), st.integers(-4, 4), st.integers(-4, 4))
def test_pad_is_a_shift_into_zeros(extent, lo, hi):
    of = np.arange(1, extent + 1).reshape(1, -1)
    node = Pad(Leaf("X"), ((0, 0), (lo, hi)))
    if extent + lo + hi < 1:
        with pytest.raises(FormulaError):
            array(node, {"X": of}, {})
        return
    found = array(node, {"X": of}, {})[0]
    truth = [of[0, i - lo] if 0 <= i - lo < extent else 0 for i in range(extent + lo + hi)]
    assert found.tolist() == truth


def test_the_other_operators_are_their_definitions():
    x = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    leaves = {"X": x, "F": np.array([[1, 10], [100, 1000]])}
    X, F = Leaf("X"), Leaf("F")
    assert array(Rotate(F), leaves, {}).tolist() == [[1000, 100], [10, 1]]
    assert array(Dilate(F, (1, 3)), leaves, {}).tolist() == [[1, 0, 0, 10], [100, 0, 0, 1000]]
    assert array(Correlate(X, F, (1, 1), (1, 1)), leaves, {}).tolist() == [
        [5421, 6532], [8754, 9865]
    ]  # fmt: skip
    assert array(Correlate(X, F, (1, 1), (2, 2)), leaves, {}).tolist() == [[9731]]
    assert array(Correlate(X, F, (2, 1), (1, 2)), leaves, {}).tolist() == [[6431]]
    with pytest.raises(FormulaError, match="does not fit"):
        array(Correlate(F, X, (1, 1), (1, 1)), leaves, {})

from __future__ import annotations

from collections import Counter

import loops
import numpy as np
import pytest
from hypothesis import given, settings
from strategies import every_case, every_geometry

from symconv.engines.engine import SympyEngine, TermEngine
from symconv.engines.forward import forward
from symconv.engines.gradient import gradient, local_derivatives
from symconv.geometry import Geometry


def counted(tensor):
    return Counter(
        (equation.target.index, term)
        for equation in tensor.equations("T")
        for term in equation.terms
    )


def values(tensor, arrays):
    return {
        equation.target.index: loops.value(equation.terms, arrays)
        for equation in tensor.equations("T")
    }


@every_case
def test_gradients_have_the_products_of_the_loops(sizes):
    for engine in (SympyEngine(sizes), TermEngine(sizes)):
        for name in ("dX", "dF"):
            assert counted(engine.tensor(name)) == loops.terms(sizes)[name]


@given(every_geometry())
@settings(max_examples=30)
def test_gradients_of_both_engines_agree_with_loops_at_any_size(sizes):
    expected = loops.terms(sizes)
    for name in ("dX", "dF"):
        assert counted(SympyEngine(sizes).tensor(name)) == expected[name]
        assert counted(TermEngine(sizes).tensor(name)) == expected[name]


@given(every_geometry(extra=9))
@settings(max_examples=100)
def test_gradients_of_the_tables_agree_with_loops_at_larger_sizes(sizes):
    expected = loops.terms(sizes)
    for name in ("dX", "dF"):
        assert counted(TermEngine(sizes).tensor(name)) == expected[name]


@every_case
def test_gradients_are_what_a_finite_difference_gives_exactly(sizes):
    """The loss is linear in x and in f, so that a difference of 1 is a derivative, exactly."""
    arrays = loops.integers(sizes)
    x, f, dy = arrays["X"], arrays["F"], arrays["dY"]

    def loss(x, f):
        y = loops.forward(sizes, x, f)
        return sum(dy[index] * y[index] for index in y)

    at = loss(x, f)
    engine = TermEngine(sizes)
    assert values(engine.tensor("dX"), arrays) == {
        m: loss({**x, m: x[m] + 1}, f) - at for m in loops.indices(sizes.input)
    }
    assert values(engine.tensor("dF"), arrays) == {
        r: loss(x, {**f, r: f[r] + 1}) - at for r in loops.indices(sizes.filter)
    }


@every_case
def test_gradients_have_the_values_of_the_loops(sizes):
    arrays = loops.integers(sizes, seed=1)
    engine = SympyEngine(sizes)
    assert values(engine.tensor("dX"), arrays) == loops.input_gradient(
        sizes, arrays["dY"], arrays["F"]
    )
    assert values(engine.tensor("dF"), arrays) == loops.filter_gradient(
        sizes, arrays["dY"], arrays["X"]
    )


@every_case
def test_gradients_are_those_of_jax(sizes):
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    draw = np.random.default_rng(0)
    dense = {
        tensor: draw.integers(-9, 10, shape).astype(np.float64)
        for tensor, shape in (("X", sizes.input), ("F", sizes.filter), ("dY", sizes.output))
    }

    def convolved(x, f):
        return jax.lax.conv_general_dilated(
            x[None, None],
            f[None, None],
            window_strides=sizes.stride,
            padding=sizes.padding,
            lhs_dilation=sizes.input_dilation,
            rhs_dilation=sizes.dilation,
        )[0, 0]

    y, pull_back = jax.vjp(convolved, dense["X"], dense["F"])
    dx, df = pull_back(dense["dY"])
    engine = TermEngine(sizes)
    for tensor, expected in (("Y", y), ("dX", dx), ("dF", df)):
        found = values(engine.tensor(tensor), dense)
        assert expected.shape == engine.tensor(tensor).shape
        assert found == dict(np.ndenumerate(np.asarray(expected)))


def test_an_input_that_no_window_reaches_has_gradient_zero():
    dx = gradient(forward(Geometry.of(6, 3, 2)), "X", (6, 6))
    assert dx[5, 5] == 0
    assert dx.terms((5, 5)) == ()
    assert dx.terms((4, 4)) != ()


def test_local_derivatives_are_the_other_factors():
    y = forward(Geometry.of(3, 2))[0, 0]
    found = {str(s): str(value) for s, value in local_derivatives(y).items()}
    assert found == {
        "x_00": "f_00", "x_01": "f_01", "x_10": "f_10", "x_11": "f_11",
        "f_00": "x_00", "f_01": "x_01", "f_10": "x_10", "f_11": "x_11",
    }  # fmt: skip

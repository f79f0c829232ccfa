"""Formulas as arrays of numbers: what they give is what their terms add up to."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import every_geometry, geometries

from symconv.engines.engine import TermEngine, leaf_shapes
from symconv.errors import FormulaError
from symconv.formula import closed_forms
from symconv.formula.nodes import Leaf, Ones, Pad, Subsample, Vjp
from symconv.geometry import Geometry
from symconv.readings import values

FORMS = {
    "Y": closed_forms.forward,
    "dX": closed_forms.input_gradient,
    "dF": closed_forms.filter_gradient,
}


def arrays(geometry, seed):
    """Return X, F and dY of whole numbers and fractions."""
    draw = np.random.default_rng(seed)
    made = {}
    for name, shape in leaf_shapes(geometry).items():
        made[name] = values.zeros(shape)
        for index in np.ndindex(*shape):
            made[name][index] = Fraction(int(draw.integers(-9, 10)), int(draw.integers(1, 4)))
    return made


def added(geometry, name, leaves):
    """Return a tensor as the sums of the products that its definition has."""
    tensor = TermEngine(geometry).tensor(name)
    made = values.zeros(tensor.shape)
    for index in np.ndindex(*tensor.shape):
        products = ([leaves[e.tensor][e.index] for e in term] for term in tensor.terms(index))
        made[index] = sum(map(math.prod, products), 0)
    return made


@given(every_geometry(), st.sampled_from(sorted(FORMS)), st.integers(0, 99))
def test_a_closed_form_gives_what_its_definition_adds_up(geometry, name, seed):
    leaves = arrays(geometry, seed)
    assert np.array_equal(values.read(FORMS[name](geometry), leaves), added(geometry, name, leaves))


@given(geometries(), st.integers(0, 99))
def test_the_textbook_form_gives_something_else_where_it_is_wrong(geometry, seed):
    form = closed_forms.textbook_input_gradient(geometry)
    assume(any(geometry.remainder) and max(geometry.dilation) == 1)
    leaves = arrays(geometry, seed)
    try:
        given_by_it = values.read(form, leaves)
    except (FormulaError, ValueError):
        return  # it has no meaning at all
    assert given_by_it.shape != added(geometry, "dX", leaves).shape


def test_operators_that_no_closed_form_has():
    row = np.array([1, 2, 3], dtype=object)
    assert [*values.read(Subsample(Leaf("A"), (2,)), {"A": row})] == [1, 3]
    assert [*values.read(Pad(Leaf("A"), ((-1, 2),)), {"A": row})] == [2, 3, 0, 0]
    assert [*values.read(Pad(Leaf("A"), ((2, -1),)), {"A": row})] == [0, 0, 1, 2]
    assert [*values.read(Pad(Leaf("A"), ((5, -4),)), {"A": row})] == [0, 0, 0, 0]
    assert values.read(Ones((2,)), {}).tolist() == [1, 1]
    with pytest.raises(TypeError):
        values.read(Vjp(Leaf("A"), "A", Leaf("B")), {})


def test_a_large_whole_number_stays_exact():
    geometry = Geometry.of(2, 1)
    leaves = {name: values.zeros(shape) for name, shape in leaf_shapes(geometry).items()}
    leaves["X"].fill(10**30 + 1)
    leaves["F"].fill(10**30 - 1)
    assert values.read(closed_forms.forward(geometry), leaves)[0, 0] == 10**60 - 1

from __future__ import annotations

import numpy as np
import pytest
import sympy

from symconv.equation import Element
from symconv.tensors.expressions import Expressions, first_difference, leaf, symbol, terms

x, f, dy = (symbol(Element(tensor, (2, 1))) for tensor in ("X", "F", "dY"))


def expressions(*rows):
    array = np.empty((len(rows), len(rows[0])), dtype=object)
    for k, row in enumerate(rows):
        array[k] = [sympy.sympify(entry) for entry in row]
    return Expressions(array)


def test_a_symbol_is_named_as_on_a_blackboard():
    assert str(x) == "x_21"
    assert str(dy) == "dy_21"
    assert str(symbol(Element("X", (1, 12)))) == "x_1,12"


def test_symbols_with_two_digits_do_not_collide():
    assert symbol(Element("X", (1, 11))) != symbol(Element("X", (11, 1)))


def test_a_symbol_is_made_once():
    assert symbol(Element("X", (2, 1))) is x
    assert x.is_real


def test_a_leaf_holds_a_symbol_for_each_element():
    array = leaf("F", (2, 3))
    assert array.shape == (2, 3)
    assert len(set(array.flat)) == 6
    assert array[1, 2] == symbol(Element("F", (1, 2)))


def test_terms_come_in_the_lecturers_order():
    assert terms(f * x + f * dy) == (
        (Element("dY", (2, 1)), Element("F", (2, 1))),
        (Element("X", (2, 1)), Element("F", (2, 1))),
    )


def test_a_coefficient_repeats_its_term():
    assert terms(3 * x * f) == ((Element("X", (2, 1)), Element("F", (2, 1))),) * 3


def test_zero_has_no_terms():
    assert terms(sympy.S.Zero) == ()


@pytest.mark.parametrize(
    "expression", [x / f, -x * f, x * f / 2, sympy.Symbol("stranger"), sympy.sin(x)]
)
def test_what_is_no_sum_of_products_of_elements_is_an_error(expression):
    with pytest.raises(ValueError, match="no product"):
        terms(expression)


def test_the_first_difference_is_found_row_by_row():
    left = expressions([x, f], [dy, x * f])
    assert first_difference(left, expressions([x, f], [dy, f * x])) is None
    assert first_difference(left, expressions([x, f], [x, 0])) == (1, 0)
    assert first_difference(left, expressions([x, dy], [x, 0])) == (0, 1)


def test_sums_that_are_written_otherwise_are_equal():
    left, right = expressions([(x + f) * dy]), expressions([dy * f + x * dy])
    assert first_difference(left, right) is None
    assert first_difference(left, expressions([dy * f + 2 * x * dy])) == (0, 0)


def test_expressions_know_their_size():
    found = expressions([x * f + dy * f, 0], [0, x])
    assert found.shape == (2, 2)
    assert len(found) == 3
    assert found[0, 1] == 0
    assert [found.count(index) for index in np.ndindex(2, 2)] == [2, 0, 0, 1]
    assert len(found.terms((0, 0), 1)) == 1
    assert [equation.target for equation in found.equations("dX")] == [
        Element("dX", index) for index in np.ndindex(2, 2)
    ]


def test_elements_of_other_ranks_have_other_symbols():
    indices = [(12,), (1, 2), (123,), (1, 2, 3), (1, 23), (12, 3), (1,), (0, 1), (1, 0)]
    assert len({symbol(Element("X", index)) for index in indices}) == len(indices)
    for index in indices:
        assert terms(symbol(Element("X", index))) == ((Element("X", index),),)

"""The truth about a document's elements, against the tables of all products."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from strategies import cases, geometries

from symconv.documents.notation.reading import NotationReading
from symconv.documents.notation.truth import Truth
from symconv.engines.contributions import contributions
from symconv.equation import Element
from symconv.geometry import Geometry


def truth(sizes: Geometry) -> Truth:
    return Truth(NotationReading("x", "f", ("y",), (), 0, sizes, flipped=False, support=(1, 1)))


def tables(sizes: Geometry):
    """Every element of Y, dX and dF with its products."""
    relation = contributions(sizes)
    named = {
        "Y": relation.forward(), "dX": relation.input_gradient(), "dF": relation.filter_gradient(),
    }  # fmt: skip
    return {
        Element(name, index): frozenset(table.terms(index))
        for name, table in named.items()
        for index in product(*map(range, table.shape))
    }


def check_against_tables(sizes: Geometry):
    known = truth(sizes)
    for element, products in tables(sizes).items():
        assert known.terms(element) == products
        assert known.element_with(element.tensor, products) == (element if products else None)
        for shape in (known.shapes[element.tensor], tuple(-1 for _ in element.index)):
            with pytest.raises(IndexError):
                known.terms(Element(element.tensor, shape))


@cases
def test_an_element_sums_what_the_table_says(sizes):
    check_against_tables(sizes)


@settings(max_examples=40, deadline=None)
@given(geometries(2))
def test_an_element_sums_what_the_table_says_for_random_sizes(sizes):
    check_against_tables(sizes)


def test_a_sum_with_one_product_of_another_is_no_element():
    sizes = Geometry.of(5, 3, 2)
    known, whole = truth(sizes), tables(sizes)
    for element, other in product(whole, whole):
        strangers = sorted(whole[other] - whole[element])
        if element.tensor == other.tensor and strangers and len(whole[element]) > 1:
            changed = frozenset({strangers[0], *sorted(whole[element])[1:]})
            assert known.element_with(element.tensor, changed) is None

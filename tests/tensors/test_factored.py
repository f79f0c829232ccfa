from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import every_geometry

from symconv.engines.contributions import contributions
from symconv.tensors import factored, table
from symconv.tensors.factored import FactoredTable
from symconv.tensors.table import LeafFactor, SortedTable, Table

SHAPES = {"X": (2,), "F": (3,)}


def block(rows, size=2, leaves=("X", "F")):
    """Return a table on one axis from rows (target, x, f)."""
    columns = np.array(rows, dtype=np.int64).reshape(len(rows), 1 + len(leaves)).T
    factors = tuple(LeafFactor(name, SHAPES[name]) for name in leaves)
    return Table((size,), columns[0], factors, tuple(columns[1:])).sorted()


def counted(tensor):
    return Counter(
        (equation.target.index, term)
        for equation in tensor.equations("T")
        for term in equation.terms
    )


@st.composite
def blocks(draw, size):
    row = st.tuples(st.integers(0, size - 1), st.integers(0, 1), st.integers(0, 2))
    rows = draw(st.lists(row, max_size=4))
    return block(sorted(rows * draw(st.sampled_from((1, 1, 2, 3)))), size)


@st.composite
def pairs(draw):
    """Draw two tensors of one shape whose blocks are often, but not always, the same."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    left = [draw(blocks(size)) for size in sizes]
    kept = st.sampled_from((True, True, False))
    right = [a if draw(kept) else draw(blocks(n)) for a, n in zip(left, sizes, strict=True)]
    return FactoredTable(tuple(left)), FactoredTable(tuple(right))


@given(pairs())
def test_tables_are_compared_as_their_products_are(pair):
    left, right = pair
    expected = table.first_difference(left.multiplied_out(), right.multiplied_out())
    assert factored.first_difference(left, right) == expected


@given(pairs())
def test_a_tensor_is_the_product_of_its_blocks(pair):
    tensor, _ = pair
    whole = tensor.multiplied_out()
    assert tensor.shape == whole.shape
    assert len(tensor) == len(whole)
    assert counted(tensor) == counted(whole)
    for index in np.ndindex(*tensor.shape):
        assert tensor.terms(index) == whole.terms(index)  # in the same order
        assert tensor.terms(index, 2) == whole.terms(index, 2)
        assert tensor.count(index) == whole.count(index)


@given(every_geometry())
def test_the_relation_of_a_convolution_is_the_product_of_its_axes(sizes):
    tensor = contributions(sizes).input_gradient()
    assert all(len(part.shape) == 1 for part in tensor.blocks)
    assert tensor.terms((0,) * len(sizes.axes)) == tensor.multiplied_out().terms(
        (0,) * len(sizes.axes)
    )


def test_a_multiplicity_may_stand_in_either_block():
    one, two = block([(0, 0, 0)]), block([(0, 0, 0), (0, 0, 0)])
    left, right = FactoredTable((one, two)), FactoredTable((two, one))
    assert counted(left) == counted(right)
    assert factored.first_difference(left, right) is None
    twice = FactoredTable((two, two))
    assert factored.first_difference(left, twice) == (0, 0)  # its mutant: four of them


def test_an_empty_block_makes_the_whole_tensor_zero():
    none, one, other = block([]), block([(0, 0, 0)]), block([(1, 1, 2)])
    left, right = FactoredTable((none, one)), FactoredTable((none, other))
    assert factored.first_difference(left, right) is None
    assert factored.first_difference(FactoredTable((one, one)), left) == (0, 0)


def test_a_difference_at_elements_that_are_zero_elsewhere_is_none():
    left = FactoredTable((block([(0, 0, 0)]), block([(1, 0, 0)])))
    right = FactoredTable((block([(0, 0, 0)]), block([(1, 0, 1)])))
    assert factored.first_difference(left, right) == (0, 1)


def test_other_factors_agree_where_both_are_zero_alone():
    empty = FactoredTable((block([], leaves=("X",)), block([(0, 0)], leaves=("X",))))
    other = FactoredTable((block([]), block([(0, 0, 0)])))
    assert factored.first_difference(empty, other) is None
    some = FactoredTable((block([(1, 0)], leaves=("X",)), block([(0, 0)], leaves=("X",))))
    assert factored.first_difference(some, other) == (1, 0)


def test_blocks_have_the_same_factors():
    with pytest.raises(ValueError, match="different factors"):
        FactoredTable((block([]), block([], leaves=("X",))))


def test_tensors_of_other_shapes_are_not_compared():
    left, right = FactoredTable((block([], 2),)), FactoredTable((block([], 3),))
    with pytest.raises(ValueError, match="cannot be compared"):
        factored.first_difference(left, right)


def test_an_index_outside_is_an_error():
    tensor = FactoredTable((block([]), block([])))
    with pytest.raises(IndexError):
        tensor.terms((0,))
    with pytest.raises(IndexError):
        tensor.count((0, 2))


def test_a_block_may_have_several_indices_and_a_factor_none():
    """Channels: y[k] = sum over c of x[c] f[k,c]; images: y[n] of x[n], f has no such index."""
    c, k = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    factors = LeafFactor("X", (2,)), LeafFactor("F", (2, 2))
    channels = Table((2,), k, factors, (c, 2 * k + c)).sorted()
    every = np.arange(3)
    leaves = LeafFactor("X", (3,)), LeafFactor("F", ())
    images = Table((3,), every, leaves, (every, np.zeros(3, dtype=np.int64))).sorted()
    tensor = FactoredTable((images, channels))
    assert isinstance(tensor.blocks[0], SortedTable)
    assert tensor.shape == (3, 2)
    assert [factor.shape for factor in tensor.factors] == [(3, 2), (2, 2)]
    assert [[tuple(e.index) for e in term] for term in tensor.terms((2, 1))] == [
        [(2, 0), (1, 0)],
        [(2, 1), (1, 1)],
    ]
    assert counted(tensor) == counted(tensor.multiplied_out())

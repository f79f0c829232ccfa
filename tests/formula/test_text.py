from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.formula.nodes import (
    Correlate,
    Dilate,
    Leaf,
    Node,
    Ones,
    Pad,
    Rotate,
    Subsample,
)
from symconv.formula.parse import parse_size, parse_tensor
from symconv.formula.sizes import (
    Difference,
    Greatest,
    Least,
    Name,
    Product,
    Quotient,
    Remainder,
    Size,
    Sum,
)
from symconv.formula.text import size_text, text
from symconv.formula.vocabulary import vocabulary

WORDS = vocabulary()


def _pairs(sizes: st.SearchStrategy[Size]) -> st.SearchStrategy[Size]:
    kinds = st.sampled_from([Sum, Difference, Product, Least, Greatest])
    divided = st.builds(
        lambda kind, left, right: kind(left, right),
        st.sampled_from([Quotient, Remainder]),
        sizes,
        st.one_of(st.integers(1, 9), st.sampled_from([Name("u"), Name("R")])),
    )
    return st.one_of(st.builds(lambda kind, a, b: kind(a, b), kinds, sizes, sizes), divided)


SIZES: st.SearchStrategy[Size] = st.recursive(
    st.one_of(st.integers(-9, 99), st.sampled_from([Name(n) for n in "HWRSuvPQ"])),
    _pairs,
    max_leaves=8,
)
EACH = st.tuples(SIZES, SIZES)
FILTERS = st.one_of(
    st.just(Leaf("F")), st.builds(Ones, EACH), st.builds(Rotate, st.just(Leaf("F")))
)


def _operators(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Pad, nodes, st.tuples(EACH, EACH)),
        st.builds(Dilate, nodes, EACH),
        st.builds(Subsample, nodes, EACH),
        st.builds(Rotate, nodes),
        st.builds(Correlate, nodes, st.builds(Ones, EACH), EACH, EACH),
    )


TENSORS = st.recursive(st.just(Leaf("X")), _operators, max_leaves=4)


@settings(max_examples=200, deadline=None)
@given(SIZES)
def test_a_size_is_read_back_as_it_was_written(size: Size) -> None:
    assert parse_size(size_text(size), WORDS) == size


@settings(max_examples=100, deadline=None)
@given(TENSORS)
def test_a_tensor_is_read_back_as_it_was_written(node: Node) -> None:
    assert parse_tensor(text(node), WORDS) == node


@pytest.mark.parametrize(
    ("written", "again"),
    [
        ("R-1+(H-R)%u", "R - 1 + (H - R) % u"),
        ("H-(R-1)", "H - (R - 1)"),
        ("H*(R//u)", "H*(R//u)"),
        ("-(H%u)", "-(H % u)"),
        ("-H*u", "-H*u"),
        ("min(H,R)//2", "min(H, R)//2"),
    ],
)
def test_brackets_stand_only_where_they_are_needed(written: str, again: str) -> None:
    assert size_text(parse_size(written, WORDS)) == again


@pytest.mark.parametrize(
    "formula",
    [
        "crop(X, ((0, (H - R) % u), (1, 0)))",
        "pad(X, ((-1, 1), (0, 0)))",
        "pad(X, ((0, 0), (0, 0)))",
        "correlate(X, F, stride=(u, v), dilation=(2, 1))",
        "vjp(rotate(X), X, dY)",
        "ones(R, 1)",
    ],
)
def test_a_formula_is_written_as_a_person_would(formula: str) -> None:
    assert text(parse_tensor(formula, WORDS)) == formula


def test_defined_tensors_are_called_by_name() -> None:
    words = {node: name for name, node in WORDS.tensors.items()}
    assert text(Rotate(WORDS.tensors["dX"]), words) == "rotate(dX)"

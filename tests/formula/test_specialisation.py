"""Formulas with numbers put in: short, and of the same value everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symconv.formula.nodes import Dilate, Leaf, Pad
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
    evaluate,
)
from symconv.formula.specialisation import specialised, specialised_size
from symconv.readings.text import size as written

H, R, u, d, pt = map(Name, ("H", "R", "u", "d", "pt"))
SPREAD = Product(d, Difference(R, 1))

sizes = st.recursive(
    st.integers(-3, 3) | st.sampled_from([H, R, u, d, pt]),
    lambda inside: st.one_of(
        *(st.builds(kind, inside, inside) for kind in (Sum, Difference, Product, Least, Greatest)),
        *(st.builds(kind, inside, st.sampled_from([u, 2, 3])) for kind in (Quotient, Remainder)),
    ),
    max_leaves=12,
)
values = st.fixed_dictionaries(
    {"H": st.integers(-5, 9), "R": st.integers(-5, 9), "u": st.integers(1, 4)}
)


@pytest.mark.parametrize(
    ("size", "short"),
    [
        (Difference(SPREAD, pt), "R - 1"),
        (Remainder(Difference(Difference(Sum(H, pt), SPREAD), 1), u), "(H - R) % u"),
        (Sum(Product(d, Difference(H, 1)), 1), "H"),
        (Difference(R, Difference(R, 2)), "R - R + 2"),
        (Difference(pt, Remainder(H, u)), "-(H % u)"),
    ],
)
def test_a_size_without_padding_and_dilation_is_short(size: Size, short: str) -> None:
    assert written(specialised_size(size, {"d": 1, "pt": 0})) == short


@given(sizes, values, st.integers(-3, 3), st.integers(1, 3))
def test_a_specialised_size_has_the_same_value(
    size: Size, at: dict[str, int], padding: int, dilation: int
) -> None:
    known = {"pt": padding, "d": dilation}
    assert evaluate(specialised_size(size, known), at) == evaluate(size, at | known)


def test_operators_that_change_nothing_are_left_out() -> None:
    node = Pad(Dilate(Leaf("X"), (d, d)), ((pt, pt), (0, Difference(pt, pt))))
    assert specialised(node, {"d": 1, "pt": 0}) == Leaf("X")
    assert specialised(node, {"d": 1, "pt": 1}) == Pad(Leaf("X"), ((1, 1), (0, 0)))
    assert isinstance(specialised(node, {"pt": 0}), Dilate)

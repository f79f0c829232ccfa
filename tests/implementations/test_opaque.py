"""What comes out of opaque scalars is the polynomial that plain numbers would have computed."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.implementations.opaque import LookedAtDataError, Opaque, leaves, table

LEAVES = 4
VALUES = [Fraction(n) for n in (2, 3, 5, 7)]
NUMBER = st.sampled_from([0, 1, -1, 2, Fraction(1, 3), 0.5, np.float64(0.25), np.int64(3)])
STEP = st.tuples(st.sampled_from("+-*/~"), st.integers(0, 99), st.integers(0, 99), NUMBER)


def value(terms):
    """Return a polynomial at VALUES; its products are the digits of a number."""
    total = Fraction(0)
    for product, coefficient in terms.items():
        factor = Fraction(coefficient)
        while product:
            product, digit = divmod(product, 2**20)
            factor *= VALUES[digit - 2]
        total += factor
    return total


@given(st.lists(STEP, min_size=1, max_size=30))
@settings(max_examples=150, deadline=None)
def test_terms_are_those_that_were_computed(steps):
    made, wanted = list(leaves((LEAVES,), 0)), list(VALUES)
    for sign, a, b, number in steps:
        i, j = a % len(made), b % len(made)
        degree = max(map(int.bit_length, made[i].terms()), default=0) > 60
        match sign:
            case "+":
                new, right = made[i] + made[j], wanted[i] + wanted[j]
            case "-":
                new, right = made[i] - made[j], wanted[i] - wanted[j]
            case "*" if degree:
                new, right = made[i] * number, wanted[i] * Fraction(number)
            case "*":
                new, right = made[i] * made[j], wanted[i] * wanted[j]
            case "/" if number:
                new, right = made[i] / number, wanted[i] / Fraction(number)
            case _:
                new, right = number - made[i] + number, 2 * Fraction(number) - wanted[i]
        made.append(new)
        wanted.append(right)
    # What was made early is as it was, though others went on from it.
    assert [value(each.terms()) for each in made] == wanted
    assert all(all(each.terms().values()) for each in made)


def test_sums_of_many_products_are_collected():
    (x, y), total, twice = leaves((2,), 0), 0, None
    for _ in range(9000):
        total = total + x * y
    assert list(total.terms().values()) == [9000]
    twice = x
    for _ in range(60):
        twice = twice + twice
    assert value(twice.terms()) == 2**61


def test_a_table_has_a_row_for_each_product():
    a, b, c, _ = leaves((LEAVES,), 0)
    rows = table(np.array([b * a + a * b, c + c / 2, 3 + a * b * c, a - a, None], object))
    assert rows.tolist() == [
        [0, 0, 1, 2],
        [1, 2, -2, 1.5],
        [2, -2, -2, 3],
        [2, -3, -3, 1],
        [4, -1, -2, 1],
    ]


@pytest.mark.parametrize(
    "looks",
    [bool, float, int, abs, repr, lambda x: x > 0, lambda x: x == x, lambda x: 1 / x,
     lambda x: x**2, lambda x: x % 2, lambda x: [1, 2][x], lambda x: x / x],
)  # fmt: skip
def test_nobody_may_look(looks):
    (x,) = leaves((1,), 0)
    assert isinstance(x, Opaque)
    with pytest.raises(LookedAtDataError):
        looks(x)

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symconv.polynomial import Polynomial

NAMES = ("H", "R", "u")

monomials = st.lists(st.sampled_from(NAMES), max_size=3).map(lambda names: tuple(sorted(names)))
polynomials = st.dictionaries(monomials, st.integers(-5, 5), max_size=5).map(Polynomial)


def to_sympy(polynomial: Polynomial) -> sympy.Expr:
    return sum(
        (factor * sympy.Mul(*map(sympy.Symbol, monomial)))
        for monomial, factor in polynomial.terms.items()
    ) + sympy.Integer(0)


@given(polynomials, polynomials, polynomials)
def test_arithmetic_is_that_of_sympy(p: Polynomial, q: Polynomial, r: Polynomial) -> None:
    ours = p * q - r + p * 3 - 2
    theirs = sympy.expand(to_sympy(p) * to_sympy(q) - to_sympy(r) + to_sympy(p) * 3 - 2)
    assert to_sympy(ours) == theirs


@given(polynomials, polynomials)
def test_substitution_is_that_of_sympy(p: Polynomial, value: Polynomial) -> None:
    theirs = to_sympy(p).subs({"u": to_sympy(value)})
    assert to_sympy(p.substitute({"u": value})) == sympy.expand(theirs)


@given(polynomials, polynomials)
def test_substitution_replaces_all_names_at_once(p: Polynomial, value: Polynomial) -> None:
    swapped = p.substitute({"H": Polynomial.name("R"), "R": Polynomial.name("H")})
    at = {"H": 2, "R": 3, "u": 5}
    assert swapped.evaluate(at) == p.evaluate({"H": 3, "R": 2, "u": 5})
    assert value.substitute({}) == value


@given(polynomials)
def test_text_is_read_back(p: Polynomial) -> None:
    assert Polynomial.read(str(p)) == p


@given(polynomials, polynomials)
def test_equal_polynomials_have_equal_hashes(p: Polynomial, q: Polynomial) -> None:
    assert hash(p + q - q) == hash(p)
    assert p + q - q == p


@pytest.mark.parametrize("text", ["", "+5", "u +", "u  + 1", "2*3", "u*R", "u - -1", "1*u", "u**2"])
def test_text_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not how|neither a number"):
        Polynomial.read(text)


def test_coefficient_is_none_where_a_name_occurs_twice_in_a_product() -> None:
    square = Polynomial.read("u*u + 1")
    assert square.coefficient_of("u") is None
    assert Polynomial.read("R*u + 2*u - R").coefficient_of("u") == Polynomial.read("R + 2")


def test_comparison_has_positive_terms_on_both_sides() -> None:
    assert Polynomial.read("H - R - 1").compared(">=") == "R + 1 <= H"
    assert Polynomial.read("-1").compared("=") == "1 = 0"

"""Plain sums: what is read from the words at once is what the tree says."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symconv.documents.elements.equations import NotElementsError, element_equation, terms
from symconv.documents.elements.plain import plain_equations, plain_sum
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.mathematics.tokens import tokenize

ELEMENTS = [
    "x_{00}", "f_{1,12}", r"\delta_{0}", "d_{11}", "y_{0, 1}",
    r"\frac{\partial L}{\partial x_{22}}", r"\dfrac{\partial y_{01}}{\partial x_{02}}",
]  # fmt: skip
PLAIN = [*ELEMENTS, "+", "-", "*", r"\cdot", r"\times", r"\,", r"\mathbf", " "]
OTHERS = ["x", "d", "2", "0", "(", ")", "{", "}", "_{1}", "^2", "'", "/", r"\star", r"\partial",
          "&", "[", "]", ",", r"\text{so}", "L", r"\sum", "\\"]  # fmt: skip


def words(text):
    return tokenize(text, 0, len(text))


def by_tree(tokens):
    tree = read(tokens)
    return terms(tree), tree.place


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PLAIN) | st.sampled_from(ELEMENTS), max_size=9))
@example(["+", "x_{00}"])
@example(["-", "x_{00}", "-", "-", "f_{1,12}"])
@example(["x_{00}", "*", "*", "x_{00}"])
@example(["x_{00}", "-", "*", "x_{00}"])
@example(["x_{00}", "-", "+", "x_{00}"])
@example(["*", "x_{00}"])
@example(["x_{00}", "+"])
def test_a_sum_of_plain_words_is_read_whole_and_as_by_its_tree(pieces):
    tokens = words(" ".join(pieces))
    found = plain_sum(tokens)
    try:
        wanted = by_tree(tokens)
    except UnreadableError:
        wanted = None
    assert found == wanted


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(OTHERS) | st.sampled_from(PLAIN), min_size=1, max_size=9))
@example(["x_{00}", "_{1}"])
@example(["x_{00}", "{", "}", "_{1}"])
@example(["d", "x_{00}"])
@example(["x_{00}", "^2"])
@example(["x_{00}", "2"])
def test_other_words_are_left_to_the_tree_or_read_as_by_it(pieces):
    tokens = words(" ".join(pieces))
    found = plain_sum(tokens)
    if found is not None:
        assert found == by_tree(tokens)


def fields(equation):
    return equation.target, equation.terms, equation.place


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=4), min_size=2, max_size=3))
@example([["x_{00}"], ["f_{1,12}", "x_{00}"], ["y_{0, 1}"]])
@example([["f_{1,12}", "x_{00}"], ["y_{0, 1}"]])
@example([["-", "x_{00}"], ["y_{0, 1}"]])
@example([["-", "x_{00}"], ["-", "y_{0, 1}"]])
def test_a_chain_of_plain_sums_is_the_equations_of_its_trees(pieces):
    sides = [words(" ".join(side)) for side in pieces]
    try:
        left, *rights = map(read, sides)
        wanted = [fields(element_equation(left, right)) for right in rights]
    except (UnreadableError, NotElementsError):
        wanted = []
    assert list(map(fields, plain_equations(sides))) == wanted


@pytest.mark.parametrize("text", ["x_{00} f_{01}", "+ x_{00} f_{01}", "- x_{00} f_{01}"])
def test_a_sum_stands_where_its_words_do(text):
    found = plain_sum(words(text))
    start, end = found.place
    assert text[start:end] == text.removeprefix("+ ")
    ((_, factors, place),) = found.terms
    assert text[slice(*place)] == "x_{00} f_{01}"
    assert [text[slice(*f.index_place)] for f in factors] == ["00", "01"]

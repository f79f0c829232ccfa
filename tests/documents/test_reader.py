"""Words and trees: what is read in one step is what is read word by word."""

from __future__ import annotations

import pytest

from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.syntax import Derivative, UnreadableError
from symconv.documents.mathematics.tokens import Macro, Macros, Token, tokenize

WORD_BY_WORD = Macros({"cfrac": Macro(0, ())})
"""Where a document defines a word of derivatives anew, none is taken in one step."""


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{\partial L}{\partial x_{00}}",
        r"\dfrac{\partial E}{\partial w_{1,12}}",
        r"\tfrac{\partial y_{0, 1}}{\partial x_{2}}",
        r"\frac{\partial L}{\partial y_{00}} f_{00} + 2 \frac{\partial L}{\partial y_{01}}f_{01}",
        r"\frac{\partial L}{\partial y_{0}}_{1} f_{0}",
        r"\frac{\partial L}{\partial y_{0}}^{2}",
        r"\sum_{i} \frac{\partial L}{\partial y_{1}} \frac{\partial y_{1}}{\partial x_{i}}",
    ],
)
def test_a_derivative_in_one_step_is_the_same_tree(text):
    quick, slow = tokenize(text, 0, len(text)), tokenize(text, 0, len(text), WORD_BY_WORD)
    assert len(quick) < len(slow)
    assert outcome(quick) == outcome(slow)


def test_other_macros_of_a_document_leave_derivatives_in_one_step():
    text = r"\frac{\partial L}{\partial x_{00}} \w_{00}"
    known = Macros({"w": Macro(0, (Token("letter", "w", 0, 1),))})
    kinds = [token.kind for token in tokenize(text, 0, len(text), known)]
    assert kinds == ["gradient", "letter", "index"]


def outcome(tokens):
    try:
        return read(tokens)
    except UnreadableError as unreadable:
        return unreadable.reason


@pytest.mark.parametrize(
    "text", [r"\frac{\partial L}{\partial x_{0}", r"\frac{\partial L}{\partial xy_{0}}",
             r"\frac{d L}{d x_{0}}", r"\frac{\partial LL}{\partial x_{0}}"],
)  # fmt: skip
def test_other_spellings_are_read_word_by_word(text):
    assert all(token.kind != "gradient" for token in tokenize(text, 0, len(text)))


def test_the_parts_of_a_derivative_keep_their_places():
    text = r"= \frac{\partial y_{10}}{\partial x_{22}}"
    tree = read(tokenize(text, 2, len(text)))
    assert isinstance(tree, Derivative)
    shown = [text[slice(*p)] for s in (tree.of, tree.wrt) for p in (s.place, s.index_place)]
    assert shown == ["y_{10}", "10", "x_{22}", "22"]

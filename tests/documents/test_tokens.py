r"""The words of LaTeX mathematics, held against pylatexenc: a parser that shares nothing.

Every letter, digit and operator of a formula must come out once, in order and at its place; what
only dresses may go, and nothing else.
"""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from documents.styles import STYLES
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexSpecialsNode,
    LatexWalker,
)

from symconv.documents.mathematics.tokens import Token, tokenize
from symconv.documents.source.spans import layout
from symconv.documents.source.text import Document

SAID = {"partial", "nabla", "delta", "sum", "cdot", "times", "theta", "alpha", "lfloor", "rfloor"}
"""Macros that say something; others only dress, or say where a script or a fraction is."""
COLOURS = {"color"}
SIGNS = re.compile(r"[A-Za-z0-9=+*()\[\]|/.-]")


def by_pylatexenc(nodes) -> list[str]:
    """The letters, digits and signs of nodes, and the macros that say something."""
    said: list[str] = []
    for node in nodes:
        match node:
            case LatexCharsNode():
                said += SIGNS.findall(node.chars)
            case LatexMacroNode():
                said += [node.macroname] if node.macroname in SAID else []
                given = node.nodeargd.argnlist if node.nodeargd else ()
                if node.macroname not in COLOURS:
                    said += by_pylatexenc([argument for argument in given if argument is not None])
            case LatexSpecialsNode():
                said += SIGNS.findall(node.specials_chars)
            case LatexGroupNode() | LatexEnvironmentNode() | LatexMathNode():
                said += by_pylatexenc(node.nodelist)
            case None:
                pass
    return said


def by_words(tokens: list[Token]) -> list[str]:
    said: list[str] = []
    for kind, text, *_ in tokens:
        if kind in ("index", "gradient"):
            said += re.findall(r"partial|" + SIGNS.pattern, re.sub("[cdt]?frac", "", text))
        elif text.lstrip("\\") in SAID:
            said.append(text.lstrip("\\"))
        elif kind not in ("command", "text", "begin", "end", "row", "quad"):
            said += SIGNS.findall(text)
    return said


def both(text: str) -> tuple[list[str], list[str]]:
    nodes, _, _ = LatexWalker(text, tolerant_parsing=False).get_latex_nodes()
    return by_words(tokenize(text, 0, len(text))), by_pylatexenc(nodes)


@pytest.mark.parametrize("style", STYLES, ids=[style.name for style in STYLES])
def test_no_word_of_the_corpus_is_lost(style):
    document = Document("notes", style.language, style.document(style.lines()))
    for span in layout(document).spans:
        ours, theirs = both(document.text[span.start : span.end])
        assert ours == theirs


NAMES = st.sampled_from(["x", "F", r"\theta", r"\mathbf{w}", r"\hat y", r"{\bf z}", "O"])
INDICES = st.sampled_from(["_{00}", "_{1,12}", "_{i+r, j - s}", "_0", "_{i}{}_{j}", "[0][1]", ""])
ELEMENTS = st.builds(str.__add__, NAMES, INDICES)
GRADIENTS = st.builds(r"\frac{{\partial L}}{{\partial {}}}".format, ELEMENTS)
FACTORS = ELEMENTS | GRADIENTS | st.builds(r"\nabla_{{{}}} E".format, ELEMENTS)
PRODUCTS = st.builds(
    str.join,
    st.sampled_from([" ", r"\cdot ", r" \times ", " * ", r"\,", r" \; "]),
    st.lists(FACTORS, min_size=1, max_size=2),
)
DRESSED = st.builds(
    str.format,
    st.sampled_from(
        ["{}", r"\left( {} \right)", r"\color{{red}} {}", r"\boxed{{{}}}", r"\mathrm{{{}}}"]
    ),
    PRODUCTS,
)
SUMS = st.builds(
    str.join,
    st.sampled_from([" + ", " - ", "\n    \\\\ &\\quad + ", r"\ +\ "]),
    st.lists(DRESSED, min_size=1, max_size=4),
)


@given(FACTORS, st.sampled_from([" = ", " &= ", "=\n"]), SUMS)
def test_no_word_of_an_equation_is_lost(left, equals, right):
    ours, theirs = both(left + equals + right)
    assert ours == theirs


@given(SUMS)
def test_words_stand_where_they_say(text):
    tokens = tokenize(text, 0, len(text))
    assert all(a.end <= b.start for a, b in pairwise(tokens))
    for kind, said, start, end in tokens:
        if kind in ("letter", "number", "index", "gradient", "+", "-", "="):
            assert text[start:end] == said

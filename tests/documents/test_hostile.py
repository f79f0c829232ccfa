"""Documents that mean harm, and any text at all: no crash, no hang, no more than linear growth."""

from __future__ import annotations

import time

import pytest
from documents import lecture_notes
from documents.styles import STYLES, sizes
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symconv.documents.check import check
from symconv.documents.mathematics.tokens import MOST_EXPANDED, Macros
from symconv.documents.source.text import Document, DocumentError

LIMIT = 5.0
"""Seconds; generous, so that a busy machine does not fail what is linear."""
HOSTILE = {
    "dollars": "$" * 50_000,
    "open-dollars": "$a " * 7_500,
    "open-brackets": "\\(" * 15_000,
    "open-environments": "\\begin{align}" * 3_750,
    "ticks": "`a``b```" * 3_750,
    "nested-braces": "$" + "{" * 5_000 + "}" * 5_000 + "$",
    "nested-fractions": "$x_{1} = " + "\\frac{1}{" * 2_000 + "$",
    "nested-text": "$x_{1} = " + "\\text{" * 3_750 + "$",
    "huge-index": "$y_{" + "9" * 25_000 + "} = x_{1}w_{1}$",
    "huge-number": "$y_{1} = " + "9" * 25_000 + "x_{1}w_{1}$",
    "one-long-sum": "$y_{0} = x_{0}w_{0}" + " + x_{1}w_{1}" * 1_500 + "$",
    "far-apart": "$y_{999999} = x_{999999}w_{0} + x_{1}w_{999999}$ " * 20,
    "comments": "<!--" * 10_000,
    "table": "$x_{00}$|" * 1_500,
    "macros": "\\newcommand{\\a}{\\b\\b}" * 1_250 + "$\\a = \\a$",
    "doubling": "\\newcommand{\\d}[1]{#1#1}$" + "\\d{" * 40 + "x" + "}" * 40 + " = y_{1}$",
    "products": "$y_{0} = " + "(x_{0} + x_{1})" * 2_000 + "$",
    "differentials": "$y = " + "d" * 12_500 + "x$",
    "partials": "$y = " + "\\partial" * 5_000 + " x$",
    "indices": "$x" + "_{0}" * 25_000 + " = y_{0}$",
    "empty-braces": "$x_{0}" + "{}_{1}" * 15_000 + " = y_{0}$",
    "powers": "$x" + "^{2}" * 15_000 + " = y_{0}$",
    "primes": "$x" + "'" * 125_000 + " = y_{0}$",
    "divisors": "$y_{0} = x_{0}" + "/2" * 25_000 + "$",
    "remainders": "$y = x" + "\\bmod 2" * 7_500 + "$",
    "wide-spaces": "$y = a" + "\\quad x" * 15_000 + " = b$",
    "cells": "$$\\begin{aligned} a" + "& b" * 25_000 + " = c \\end{aligned}$$",
    "rows": "$$\\begin{aligned} a"
    + "+ a" * 5_000
    + " &= x"
    + "\\\\ & b" * 15_000
    + "\\end{aligned}$$",
    "late-equals": "$" + "a_{0} + " * 10_000 + "a = b$ " + "$+ b$ " * 10_000,
    "one-line-dollars": "$$ " * 150_000,
    "ignored": "<!-- symconv: ignore -->\n$y_{0} = x_{0}w_{0}$\n\n" * 5_000,
    "ignored-line": "<!-- symconv: ignore --> " * 25_000,
    "ignored-block": "<!-- symconv: ignore -->\nno blank line\n" * 15_000,
    "hinted": "<!-- symconv: stride=1 -->\n$y_{0} = x_{0}w_{0} + x_{1}w_{1}$\n\n" * 1_000,
    "spaced-comment": "<!-- symconv: ignore" + " " * 500_000 + "-->",
    "names": "".join(f"$y^{{({k})}}_{{0}} = x^{{({k})}}_{{0}}w_{{0}}$ " for k in range(2_000)),
}


BY_TURNS = [(name, ("markdown", "latex")[k % 2]) for k, name in enumerate(HOSTILE)]
"""Each in one language: what is slow is slow in both, as far as mathematics goes."""


@pytest.mark.parametrize(("name", "language"), BY_TURNS)
def test_a_hostile_document_ends_in_seconds(name, language):
    start = time.process_time()
    found = check(Document("notes", language, HOSTILE[name]))
    assert time.process_time() - start < LIMIT
    assert found.count("wrong") == 0


ALPHABET = st.sampled_from(
    [
        "\\frac",
        "\\partial",
        "L",
        "x",
        "y",
        "f",
        "w",
        "_",
        "^",
        "{",
        "}",
        "0",
        "1",
        "2",
        "00",
        "01",
        "_{00}",
        "_{1,2}",
        "&",
        "\\\\",
        "$",
        "$$",
        "=",
        "+",
        "-",
        "*",
        "\\cdot",
        "(",
        ")",
        "[",
        "]",
        "\\begin{align}",
        "\\end{align}",
        "\\begin{bmatrix}",
        "\\end{bmatrix}",
        "\\sum",
        "\\text{",
        "\\left(",
        "\\right)",
        "d",
        "|",
        "\n",
        "\n\n",
        "`",
        "```",
        "%",
        "<!--",
        "-->",
        "symconv:",
        "ignore",
        "\\newcommand{\\q}[1]{#1}",
        "\\q{x}",
        "\\nabla",
        "conv",
        "rot180",
        "\\lfloor",
        "\\rfloor",
        ",",
        ".",
        "/",
        "é",
        "語",
        "\t",
    ]
)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.lists(ALPHABET, max_size=60), st.sampled_from(["markdown", "latex"]))
def test_no_soup_of_words_crashes(words, language):
    text = "$" + "".join(words) + "$"
    found = check(Document("notes", language, text))
    for judgement in found.judgements:
        assert 0 <= judgement.place.start <= judgement.place.end <= len(text)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(max_size=200), st.sampled_from(["markdown", "latex"]))
def test_no_text_crashes(text, language):
    check(Document("notes", language, text))


NOTES = lecture_notes.document()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.data())
def test_no_cut_or_splice_of_real_notes_crashes(data):
    a, b = sorted(data.draw(st.tuples(*[st.integers(0, len(NOTES))] * 2)))
    splice = data.draw(st.sampled_from(["", "$", "{", "}", "\\", "$$", "_", "=", "\n\n", "|"]))
    check(Document("notes", "markdown", NOTES[:a][-1500:] + splice + NOTES[b:][:1500]))


FORMULAS = [
    r"y_{(i+m)(j+n)} = \sum_{r,s} x_{(i+r)(j+s)} f_{rs}",
    r"Y_{n,k,i,j} = b_k + \sum_{c=1}^{C}\sum_{r,s} X_{n,c,i+r,j+s} F_{k,c,r,s}",
    r"x^{(c)}_{i+m} = \sum_{\substack{p \\ 0 \le m - up < R}} \delta_p f_{m-up}",
    r"\frac{\partial L}{\partial x_m} = \sum_{p=\max(0, \lceil (m-R+1)/u \rceil)}^{\min(m, P-1)}"
    r" \frac{\partial L}{\partial y_p} f_{m-p}",
    r"\frac{\partial J(W, b)}{\partial W^{l}} = \text{rot}_{180}(\text{pad}_{2}(dY)) *_{full} a",
    r"dX = \text{conv}(\text{pad}(\text{dilate}(dY, u), (R-1, S-1)), F^{180^\circ}, 'full')",
    r"\text{out}[0][1] = \text{in}(0, 1) \cdot \mathbf{w}^{(1,1)} + D_{x_{01}} L",
    r"L_{out} = \lfloor (L_{in} + 2 \times \text{padding}[0] - \text{kernel\_size})"
    r" / \text{stride} \rfloor + 1",
]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.sampled_from(FORMULAS),
    st.integers(0, 120),
    st.integers(0, 4),
    st.sampled_from(["", "(", ")", "{", "}", "_", "^", "'", "=", ",", "\\", "[", "]", "|", "0"]),
)
@example(FORMULAS[0], 3, 1, ")")
@example(r"y_i = \sum_{r=1}^{\text{#a}_{i}} x_{i+r} f_{\text{#b}}", 0, 0, "")
@example(r"y_i = \sum_{r=1}^{T} \delta x_{i+r-1} f_r", 0, 0, "")
@example("y_i = \\sum_{r=1}^{\\text{a\nb}_{i}} x_{i+r} f_{\\text{a\nb}}", 0, 0, "")
def test_no_slip_of_the_pen_in_a_formula_crashes(formula, at, gone, put):
    check(Document("notes", "markdown", f"$$ {formula[:at]}{put}{formula[at + gone :]} $$\n"))


def seconds(text: str) -> float:
    start = time.process_time()
    check(Document("notes", "markdown", text))
    return time.process_time() - start


@pytest.mark.parametrize("name", ["open-dollars", "ticks", "nested-text"])
def test_time_grows_no_faster_than_the_document(name):
    text = HOSTILE[name]
    small = min(seconds(text[: len(text) // 8]) for _ in range(2))
    assert seconds(text) < 8 * 4 * max(small, 0.01)


def long_notes(height: int, slips: int) -> str:
    """Right equations of one example, with wrong ones spread over it."""
    style = STYLES[2]
    style = style.__class__(**{**vars(style), "sizes": sizes((height, 10), (2, 2), (2, 1))})
    lines = style.lines()
    for k in range(slips):
        at = (2 * k + 1) * len(lines) // (2 * slips)
        lines[at] = lines[at].replace("w_{1,1}", "w_{1,2}", 1)
    return "\n\n".join(f"$${line}$$" for line in lines)


@pytest.mark.parametrize("slips", [0, 9])
def test_time_grows_no_faster_than_the_equations(slips):
    small, large = long_notes(8, slips), long_notes(32, slips)
    few = min(seconds(small) for _ in range(2))
    assert seconds(large) < 4 * len(large) / len(small) * max(few, 0.01)


def test_one_giant_span_takes_no_longer_than_its_equations():
    lines = long_notes(30, 0).replace("$$", "").split("\n\n")
    whole = "\\begin{align}" + r" \\ ".join(lines) + "\\end{align}"
    apart = "\n\n".join(f"$${line}$$" for line in lines)
    assert check(Document("notes", "markdown", whole)).counts == (len(lines), 0, 0)
    assert seconds(whole) < 4 * seconds(apart)


@pytest.mark.parametrize(
    "macros",
    [
        r"\newcommand{\q}{%s}" % ("x" * 1_900) + r"$\q = 1$ " * 60,
        r"\newcommand{\q}{%s}" % ("x" * 1_900) + r"\newcommand{\p}{%s}" % (r"\q" * 900) * 50,
        r"\newcommand{\q}[1]{#1#1#1#1} $%s$ " % (r"\q{" * 6 + "x" + "}" * 6) * 200,
    ],
)
def test_macros_that_stand_for_too_much_are_refused_in_one_line(macros, monkeypatch):
    assert MOST_EXPANDED == 1_000_000
    monkeypatch.setattr(Macros, "left", MOST_EXPANDED // 10)
    start = time.process_time()
    with pytest.raises(DocumentError, match=r"^notes: its macros stand for more than 1 million"):
        check(Document("notes", "latex", macros))
    assert time.process_time() - start < LIMIT


@pytest.mark.parametrize("parted", ["\n\n$$y_{0} = x_{0}w_{0} + x_{1}w_{1}$$", " + x_{1}w_{1}"])
def test_ten_megabytes_of_equations_are_refused_in_one_line(parted):
    text = "$$y_{0} = x_{0}w_{0}"
    text += ("$$" if "$$" in parted else "") + parted * (10_000_000 // len(parted))
    text += "" if "$$" in parted else "$$"
    start = time.process_time()
    with pytest.raises(DocumentError, match=r"^notes: \d+\.\d million .* split the document$"):
        check(Document("notes", "markdown", text))
    assert time.process_time() - start < LIMIT

"""Windows about their middle, and sizes that are half a filter."""

from __future__ import annotations

import pytest
from documents.test_index_formulas import EXAMPLES, example

from symconv.documents.check import check
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import Document

SHOWN = EXAMPLES | {"even": example(4, 2), "wide": example(7, 5, pad=2)}
DY = r"\frac{\partial L}{\partial y_{%s}}"
DX = r"\frac{\partial L}{\partial x_{mn}}"
DF = r"\frac{\partial L}{\partial f_{rs}}"
NUMBERS = r"\sum_{r=-1}^{1}\sum_{s=-1}^{1}"
LETTERS = r"\sum_{r=-k}^{k}\sum_{s=-k}^{k}"
FLOORS = (
    r"\sum_{r=-\lfloor R/2 \rfloor}^{\lfloor R/2 \rfloor}"
    r"\sum_{s=-\lfloor S/2 \rfloor}^{\lfloor S/2 \rfloor}"
)
HALF = r"\lfloor \frac{R}{2} \rfloor", r"\lfloor \frac{S}{2} \rfloor"
EXACT = r"\frac{R-1}{2}", "(S-1)/2"


def judged(formula, beside="", given=None):
    before = SHOWN[beside] + "\n\n"
    document = Document("notes", "markdown", f"{before}$$ {formula} $$\n")
    found = check(document, hints(given or {}))
    (last,) = [j for j in found.judgements if j.place.start >= len(before)]
    return last


RIGHT = [
    ("padded", rf"y_{{ij}} = {NUMBERS} x_{{i+r, j+s}} f_{{r+1,s+1}}",
     [("r+1", "r"), ("i+r", "i-r"), ("^{1}", "^{2}"), ("{r=-1}", "{r=0}"), ("j+s", "j+s-1")]),
    ("padded", rf"y_{{ij}} = {NUMBERS} x_{{i+r, j+s}} f_{{r,s}}",
     [("f_{r,", "f_{s,"), ("i+r", "i-r"), ("^{1}", "^{2}"), ("i+r", "i+r-1")]),
    ("padded", rf"y_{{ij}} = {LETTERS} x_{{i+r, j+s}} f_{{r+k,s+k}}",
     [("r+k", "r-k"), ("i+r", "i-r"), ("^{k}", "^{k-1}"), ("r+k", "r+k+1")]),
    ("padded", rf"y_{{ij}} = {LETTERS} x_{{i+r, j+s}} f_{{rs}}",
     [("f_{rs}", "f_{sr}"), ("i+r", "i+s"), ("{r=-k}", "{r=1-k}")]),
    ("padded", rf"y_{{ij}} = {FLOORS} x_{{i+r, j+s}} f_{{r,s}}",
     [("i+r", "i-r"), (r"\lfloor S/2", r"\lfloor R/2"), (r"^{\lfloor R/2 \rfloor", "^{R"),
      (r"^{\lfloor R/2 \rfloor", r"^{\lfloor R/2 \rfloor-1")]),
    ("padded", rf"y_{{ij}} = \sum_{{r,s}} x_{{i+r-{HALF[0]}, j+s-{HALF[1]}}} f_{{r,s}}",
     [("i+r-", "i+r+"), ("{R}", "{S}"), ("i+r", "i+r+1")]),
    ("padded", rf"y_{{ij}} = \sum_{{r,s}} x_{{i+r-{EXACT[0]}, j+s-{EXACT[1]}}} f_{{r,s}}",
     [("{R-1}", "{R+1}"), ("{2}", "{3}"), ("i+r", "i-r")]),
    ("padded", r"y_{ij} = \sum_{r,s} x_{i+r-R//2, j+s-S//2} f_{r,s}", [("R//2", "R//3")]),
    ("padded", rf"{DX} = {NUMBERS} {DY % 'm-r,n-s'} f_{{r,s}}",
     [("m-r", "m+r"), ("f_{r,", "f_{-r,"), ("n-s", "n-s-1")]),
    ("padded", rf"{DX} = \sum_{{i,j}} {DY % 'i,j'} f_{{m-i+{HALF[0]},n-j+{HALF[1]}}}",
     [("m-i+", "m-i-"), ("m-i", "i-m"), ("{R}", "{R-1}"), ("{R}", "{R+1}")]),
    ("padded", rf"{DF} = \sum_{{i,j}} {DY % 'i,j'} x_{{i+r-{EXACT[0]},j+s-{EXACT[1]}}}",
     [("i+r-", "i+r+"), ("i+r", "i-r")]),
    ("wide", r"y_{ij} = \sum_{r=-2}^2\sum_{s=-2}^2 x_{i+r, j+s} f_{r+2,s+2}",
     [("r+2", "r+1"), ("^2", "^3"), ("{r=-2}^2", "{r=-1}^1")]),
    ("wide", rf"y_{{ij}} = {LETTERS} x_{{i+r, j+s}} f_{{rs}}", [("i+r", "i-r")]),
    ("plain", rf"y_{{ij}} = {NUMBERS} x_{{i+r+1, j+s+1}} f_{{r+1,s+1}}",
     [("i+r+1", "i+r"), ("s+1} f", "s} f"), ("f_{r+1", "f_{r")]),
    ("plain", rf"y_{{ij}} = {LETTERS} x_{{i+k+r, j+k+s}} f_{{rs}}", [("i+k", "i-k")]),
    ("padded", rf"y_{{11}} = {NUMBERS} x_{{1+r,1+s}} f_{{r+1,s+1}}", [("1+r", "2+r")]),
    ("padded", rf"y_{{11}} = {LETTERS} x_{{1+r,1+s}} f_{{rs}}", [("1+r", "1-r")]),
]  # fmt: skip


@pytest.mark.parametrize(("beside", "formula", "slips"), RIGHT)
def test_a_centred_window_is_judged(beside, formula, slips):
    found = judged(formula, beside)
    assert (found.verdict, found.reason) == ("agree", "")
    for old, new in slips:
        assert old in formula
        assert judged(formula.replace(old, new, 1), beside).verdict != "agree", new


@pytest.mark.parametrize(
    ("beside", "formula", "reason", "given"),
    [
        ("", rf"y_{{ij}} = {NUMBERS} x_{{i+r, j+s}} f_{{r+1,s+1}}",
         "right with padding 1, with a filter of 3 x 3 elements, which nothing here shows; "
         "say --padding 1, --filter 3x3", {"padding": "1", "filter": "3x3"}),
        ("", rf"y_{{ij}} = {LETTERS} x_{{i+r, j+s}} f_{{rs}}",
         "right with padding (R//2) and (S//2), which nothing here shows; "
         "say --padding, --filter", {"padding": "2", "filter": "5x5"}),
        ("even", rf"y_{{ij}} = {LETTERS} x_{{i+r, j+s}} f_{{rs}}",
         "this is about filters of odd extent", {}),
        ("plain", rf"y_{{ij}} = {NUMBERS} x_{{i+r, j+s}} f_{{rs}}",
         "right with padding 1; the example here is without padding", {}),
        ("padded", r"y_{ij} = \sum_{r=-1}^{2}\sum_{s=0}^{2} x_{i+r, j+s} f_{rs}",
         "a sum that begins below 0 is read where it is about its middle", {}),
    ],
)  # fmt: skip
def test_a_centred_window_beside_another_example_is_not_judged(beside, formula, reason, given):
    found = judged(formula, beside)
    assert (found.verdict, found.reason) == ("not-judged", reason)
    if given:
        assert judged(formula, beside, given).verdict == "agree"
        assert judged(formula.replace("i+r", "i-r"), beside, given).verdict != "agree"
        other = given | {"padding": "0"}
        assert judged(formula, beside, other).verdict == "wrong"  # by the hint


def test_a_filter_that_counts_from_elsewhere_does_not_agree():
    formula = rf"y_{{ij}} = {NUMBERS} x_{{i+r, j+s}} f_{{r+2,s+2}}"
    assert judged(formula, "padded").verdict == "not-judged"


OPERATORS = [
    (r"Y = \text{conv}(X, F, \text{mode='same'})", [("same", "valid"), ("same", "full")]),
    (r"Y = \operatorname{conv2d}(X, F, padding='same')", [("same", "valid")]),
    (r"Y = \text{same convolution}(X, F)", [("same", "valid"), ("same", "full")]),
    (r"Y = X \ast_{same} F", [("same", "full"), ("X", "F")]),
    (r"dX = \operatorname{conv}(dY, \operatorname{rot180}(F), \text{same})",
     [("same", "full"), ("dY", "dF")]),
    (r"dX = \text{cross-correlation}(dY, \operatorname{rot180}(F), \text{same})",
     [("same", "full"), (r"\operatorname{rot180}(F)", "F")]),
    (r"Y = \text{conv}(\text{pad}(X, (R-1)/2), F)",
     [("R-1", "R-2"), ("R-1", "R+1"), ("/2", "/3"), ("(R-1)/2", "R-1")]),
    (r"dF = \text{conv}(\text{pad}(X, \lfloor R/2 \rfloor), dY)", [("R/2", "P/2")]),
    (r"dX = \text{cross-correlation}(\text{pad}(dY, \lfloor R/2 \rfloor), \text{rot180}(F))",
     [(r"\text{rot180}(F)", "F"), (r"\lfloor R/2 \rfloor", "0")]),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "slips"), OPERATORS)
def test_same_keeps_the_size_of_the_example(formula, slips):
    for beside in ("padded", "wide"):
        found = judged(formula, beside)
        assert (found.verdict, found.reason) == ("agree", "")
        for old, new in slips:
            assert old in formula
            assert judged(formula.replace(old, new, 1), beside).verdict != "agree", new
    assert judged(formula, "plain").verdict == "not-judged"
    assert judged(formula, "strided").verdict != "agree"
    assert judged(formula, "even").verdict == "not-judged"
    reason = judged(formula).reason
    assert reason.endswith("say --input, --filter and --padding")
    given = {"input": "6x6", "filter": "3x3", "padding": "1"}
    assert judged(formula, given=given).verdict == "agree"
    assert judged(formula, given=given | {"padding": "2"}).verdict != "agree"


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (r"dF = \text{conv}(X, dY, \text{same})", "'same' is read where a filter slides"),
        (r"Y = \text{conv}(X, F, \text{same}, stride=2)",
         "a same convolution with a stride is not read"),
    ],
)  # fmt: skip
def test_what_same_does_not_say_is_not_judged(formula, reason):
    assert judged(formula, "padded").reason == reason

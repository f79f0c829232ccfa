"""Sums whose bounds move with another index, and sums with a condition below their sign."""

from __future__ import annotations

import pytest
from documents.test_index_formulas import judged

from symconv.documents.check import check
from symconv.documents.source.text import Document

DX, DY = r"\frac{\partial L}{\partial x_m}", r"\frac{\partial L}{\partial y_i}"
DXX, DYY = r"\frac{\partial L}{\partial x_{mn}}", r"\frac{\partial L}{\partial y_{ij}}"
DF = r"\frac{\partial L}{\partial f_r}"

RIGHT = [
    (rf"{DX} = \sum_{{i=\max(0, \lceil (m-R+1)/u \rceil)}}^{{\min(P-1, \lfloor m/u \rfloor)}} "
     rf"{DY} f_{{m-ui}}",
     [("R+1", "R+2"), ("R+1", "R"), ("m/u", "(m-1)/u"), ("P-1", "P-2"), ("P-1", "P"),
      (r"\max(0", r"\max(1"), ("R+1)/u", "R+1)"), (r"\max", r"\min"), ("m-ui", "ui-m")]),
    (rf"{DX} = \sum_{{i=\left\lceil \frac{{m-R+1}}{{u}} \right\rceil}}"
     rf"^{{\left\lfloor \frac{{m}}{{u}} \right\rfloor}} {DY} f_{{m-ui}}",
     [("R+1", "R+2"), ("R+1", "R-1"), ("frac{m}", "frac{m-1}")]),
    (rf"{DX} = \sum_{{i=\max\{{0, m-R+1+p\}}}}^{{\min\{{P-1, m+p\}}}} {DY} f_{{m-i+p}}",
     [("R+1", "R+2"), ("m+p", "m"), ("1+p", "1-p"), ("1+p", "1")]),
    (rf"{DX} = \sum_{{i=0}}^{{m}} {DY} f_{{m-i}}", [("^{m}", "^{m-1}"), ("^{m}", "^{m+1}")]),
    (rf"{DX} = \sum_{{\max(0, m-R+1) \le i < \min(P, m+1)}} {DY} f_{{m-i}}",
     [("< ", r"\le "), ("m+1", "m"), (r"\le i", "< i")]),
    (rf"{DF} = \sum_{{i=0}}^{{\lfloor (H-R)/u \rfloor}} {DY} x_{{ui+r}}",
     [("H-R", "H-R-1"), (r"\rfloor}", r"\rfloor - 1}"), (r"\rfloor}", r"\rfloor + 1}")]),
    (rf"{DXX} = \sum_{{\substack{{i, j \\ 0 \le m-ui < R \\ 0 \le n-vj < S}}}} "
     rf"{DYY} f_{{m-ui,n-vj}}",
     [("0 \\le m", "0 < m"), ("< S", "< R"), ("< S", r"\le S"), ("m-ui <", "m-ui+1 <"),
      ("i, j ", "i ")]),
    (rf"{DXX} = \sum_{{(i, j) : m-R < si \le m,\ n-S < sj \le n}} {DYY} f_{{m-si,n-sj}}",
     [("m-R <", "m-R+1 <"), (r"\le n", "< n"), ("n-S <", r"n-S \le")]),
    (rf"{DXX} = \sum_{{\substack{{i,j,r,s \\ ui+r = m \\ uj+s = n}}}} {DYY} f_{{rs}}",
     [("ui+r", "ui-r"), ("uj+s", "uj+r"), ("= n", "= n+1"), ("uj", "j")]),
    (rf"{DX} = \sum_{{\substack{{0 \le r < R \\ 0 \le (m-r)/u < P}}}} "
     r"\frac{\partial L}{\partial y_{(m-r)/u}} f_r", [("< P", "< P-1"), ("0 \\le (", "0 < (")]),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "slips"), RIGHT)
def test_bounds_that_move_are_judged(formula, slips):
    assert judged(formula)[:2] == ("agree", "")
    for old, new in slips:
        assert old in formula
        assert judged(formula.replace(old, new, 1))[0] != "agree", new


def test_bounds_hold_at_one_element():
    formula = (
        r"\frac{\partial L}{\partial x_{22}} = \sum_{i=\max(0, 2-R+1)}^{\min(P-1, 2)} "
        r"\sum_{j=\max(0, 3-S)}^{2} \frac{\partial L}{\partial y_{ij}} f_{2-i, 2-j}"
    )
    assert judged(formula, "plain")[0] == "agree"
    for old, new in (("P-1", "P-2"), ("3-S", "4-S"), ("^{2}", "^{1}")):
        assert judged(formula.replace(old, new, 1), "plain")[0] == "wrong"


@pytest.mark.parametrize(
    ("bound", "reason"),
    [
        (r"\max(0, m-R)", "this bound also lets in products of elements that do not exist"),
        (r"\min(0, m-R+1)", "this is not understood in an index"),
        (r"\lceil (m-R+1)/R \rceil",
         "a condition is divided by a stride, a dilation or a number only"),
    ],
)  # fmt: skip
def test_what_a_bound_does_not_say_is_not_judged(bound, reason):
    formula = rf"{DX} = \sum_{{i={bound}}}^{{m}} {DY} f_{{m-i}}"
    assert judged(formula) == ("not-judged", "", reason)


@pytest.mark.parametrize(
    ("behind", "verdict"),
    [
        (r", where the sum runs over all $i$ with $0 \le m - ui < R$.", "agree"),
        (r", where the sum runs over all $i$ with $0 \le m - ui \le R$.", "not-judged"),
        (r", where the sum runs over all $i$ with $0 < m - ui < R$.", "not-judged"),
        (r"for all $i$ with $0 \le i < P$ and $0 \le m - ui \le R-1$", "agree"),
        (r"for all $i$ with $0 \le i < P-1$ and $0 \le m - ui \le R-1$", "not-judged"),
        (r"for $m \ge R - 1$.", "agree"),
        (r", where terms with $m - ui < 0$ vanish.", "agree"),
        (r", where $\epsilon < 1$.", "agree"),
        (r", as before. Below, $i < 2$ holds.", "agree"),
    ],
)
def test_bounds_that_are_said_behind_a_formula_count(behind, verdict):
    for gap in (" ", "\n\n"):
        text = rf"$$ {DX} = \sum_i {DY} f_{{m-ui}} $${gap}{behind}" + "\n"
        (found,) = check(Document("notes", "markdown", text)).judgements
        assert found.verdict == verdict
        if verdict != "agree":
            assert found.reason == "right, but not within the bounds that are said behind it"


@pytest.mark.parametrize(
    "limits",
    [
        rf"_{{i=\max({','.join(['m-R+1'] * 300)})}}^{{m}}",
        rf"_{{i : {' < '.join(['m-i'] * 400)}}}",
        rf"_{{\substack{{i {chr(92) * 2} {(chr(92) * 2).join(['0 < m-i < R'] * 60)}}}}}",
    ],
)
def test_a_sum_has_few_conditions(limits):
    reason = "more than 16 conditions on the indices of one sum"
    assert judged(rf"{DX} = \sum{limits} {DY} f_{{m-i}}") == ("not-judged", "", reason)


@pytest.mark.parametrize(("last", "verdict"), [("R-1", "agree"), ("R-2", "not-judged")])
def test_bounds_of_a_primed_index_count(last, verdict):
    formula = (
        r"\frac{\partial L}{\partial x_i} = \sum_{i'} \frac{\partial L}{\partial y_{i'}} f_{i-i'}"
    )
    text = rf"$$ {formula} $$ where the sum runs over $i'$ with $0 \le i-i' \le {last}$." + "\n"
    assert check(Document("notes", "markdown", text)).judgements[0].verdict == verdict

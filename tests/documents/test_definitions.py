"""Formulas about tensors that a document defines, with divided indices, deltas and remainders."""

from __future__ import annotations

import pytest
from documents.test_index_formulas import DX, DY, EXAMPLES

from symconv.documents.check import check
from symconv.documents.source.text import Document

DILATED = r"$$ D = \operatorname{dilate}(\frac{\partial L}{\partial Y}, (u, v)) $$" + "\n\n"
SHORT = DILATED.replace("dilate", "dil")
PADDED = (
    DILATED + r"$$ D' = \operatorname{pad}(D, ((R - 1, H - u(P-1) - 1), (S-1, W - v(Q-1) - 1))) $$"
    "\n\n"
)
TURNED = PADDED + r"$$ F' = \operatorname{rotate}(F) $$" + "\n\n"
SUMS = r"\sum_{k=0}^{R-1} \sum_{l=0}^{S-1}"
RS = r"\sum_{r=0}^{R-1} \sum_{s=0}^{S-1}"
PQ = r"\sum_{i=0}^{P-1} \sum_{j=0}^{Q-1}"
REST = (
    r"$$ \mathrm{rem}_{H} = (H - R) \bmod u $$"
    "\n\n"
    r"$$ D = \operatorname{dilate}(\frac{\partial L}{\partial Y}, u) $$"
    "\n\n"
    r"$$ D' = \operatorname{pad}(D, (R - 1, R - 1 + \mathrm{rem}_{H})) $$"
    "\n\n"
    r"$$ F' = \operatorname{rotate}(F) $$"
    "\n\n"
)
"""On one axis: what is padded before and behind, with a remainder that has a name."""
DX1 = r"\frac{\partial L}{\partial x_{m}}"
DF = r"\frac{\partial L}{\partial f_{mn}}"


def judged(before: str, formula: str) -> tuple[str, str]:
    found = check(Document("notes", "markdown", f"{before}$$ {formula} $$\n"))
    last = found.judgements[-1]
    return last.verdict, last.findings[0].code if last.findings else ""


RIGHT = [
    (DILATED, rf"{DX} = {SUMS} D_{{m+k-(R-1), n+l-(S-1)}} f_{{R-1-k, S-1-l}}"),
    (DILATED, rf"{DF} = \sum_{{i=0}}^{{u(P-1)}} \sum_{{j=0}}^{{v(Q-1)}} D_{{ij}} x_{{i+m, j+n}}"),
    (SHORT, rf"{DX} = {SUMS} D_{{m+k-(R-1), n+l-(S-1)}} f_{{R-1-k, S-1-l}}"),
    (PADDED, rf"{DX} = {SUMS} D'_{{m+k, n+l}} f_{{R-1-k, S-1-l}}"),
    (TURNED, rf"{DX} = {SUMS} D'_{{m+k, n+l}} f'_{{kl}}"),
    (TURNED, r"\frac{\partial L}{\partial X} = \operatorname{correlate}(D', F')"),
    ("", rf"{DX} = {RS} \frac{{\partial L}}{{\partial y_{{(m-r)/u, (n-s)/v}}}} f_{{rs}}"),
    ("", rf"{DX} = {RS} \frac{{\partial L}}{{\partial y_{{(m-r-u)/u + 1, (n-s+2v)/v - 2}}}} "
         r"f_{rs}"),
    (REST, rf"{DX1} = \sum_{{k=0}}^{{R-1}} D'_{{m+k}} f'_{{k}}"),
    (REST, r"\frac{\partial L}{\partial X} = \operatorname{correlate}(D', F')"),
    ("", rf"\frac{{\partial y_{{ij}}}}{{\partial x_{{mn}}}} = {RS} f_{{rs}} "
         r"\delta_{m, iu+r} \delta_{n, jv+s}"),
    ("", rf"{DX} = {PQ} {RS} {DY} f_{{rs}} \delta_{{m, iu+r}} \delta_{{n, jv+s}}"),
    ("", r"\begin{aligned} \frac{\partial L}{\partial X} &= \operatorname{correlate}("
         r"\operatorname{pad}(\operatorname{dilate}(\frac{\partial L}{\partial Y}, (u, v)), \\"
         r" &\quad ((R-1, R-1 + (H - R) \bmod u), (S-1, S-1 + (W - S) \bmod v))),"
         r" \operatorname{rotate}(F)) \end{aligned}"),
    ("", r"\begin{aligned} \frac{\partial L}{\partial x_{mn}} &= \sum_{ij}"
         r" \frac{\partial L}{\partial y_{ij}} \\ &\quad f_{m-ui, n-vj} \end{aligned}"),
]  # fmt: skip

WRONG = [
    (DILATED, rf"{DX} = {SUMS} D_{{m+k-(R-1), n+l-(S-1)}} f_{{k, l}}"),
    (DILATED, rf"{DF} = \sum_{{i=0}}^{{u(P-1)}} \sum_{{j=0}}^{{v(Q-1)}} D_{{ij}} x_{{i-m, j+n}}"),
    (SHORT, rf"{DX} = {SUMS} D_{{m+k-(R-1), n+l-(S-1)}} f_{{k, l}}"),
    (PADDED, rf"{DX} = {SUMS} D'_{{m+k+1, n+l}} f_{{R-1-k, S-1-l}}"),
    (TURNED, rf"{DX} = {SUMS} D'_{{m+k, n+l}} f'_{{lk}}"),
    (TURNED, r"\frac{\partial L}{\partial X} = \operatorname{correlate}(D', F)"),
    (TURNED, r"\frac{\partial L}{\partial X} = \operatorname{correlate}(D, F')"),
    ("", rf"{DX} = {RS} \frac{{\partial L}}{{\partial y_{{(m+r)/u, (n-s)/v}}}} f_{{rs}}"),
    ("", rf"{DX} = {RS} \frac{{\partial L}}{{\partial y_{{(m-r)/u + 1, (n-s)/v}}}} f_{{rs}}"),
    (REST, rf"{DX1} = \sum_{{k=0}}^{{R-1}} D'_{{m+k}} f_{{k}}"),
    (REST.replace(r"+ \mathrm", r"- \mathrm"),
     rf"{DX1} = \sum_{{k=0}}^{{R-1}} D'_{{m+k}} f'_{{k}}"),
    ("", rf"{DX} = {RS} \frac{{\partial L}}{{\partial y_{{(m-r)/v, (n-s)/u}}}} f_{{rs}}"),
    ("", rf"{DX} = {PQ} {RS} {DY} f_{{rs}} \delta_{{m, iu+r}} \delta_{{n, jv-s}}"),
    ("", rf"{DX} = {PQ} {RS} {DY} f_{{sr}} \delta_{{m, iu+r}} \delta_{{n, jv+s}}"),
    ("", r"\begin{aligned} \frac{\partial L}{\partial X} &= \operatorname{correlate}("
         r"\operatorname{pad}(\operatorname{dilate}(\frac{\partial L}{\partial Y}, (u, v)), \\"
         r" &\quad ((R-1, R + (H - R) \bmod u), (S-1, S-1 + (W - S) \bmod v))),"
         r" \operatorname{rotate}(F)) \end{aligned}"),
    ("", r"\begin{aligned} \frac{\partial L}{\partial x_{mn}} &= \sum_{ij}"
         r" \frac{\partial L}{\partial y_{ij}} \\ &\quad f_{m+ui, n-vj} \end{aligned}"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "formula"), RIGHT)
def test_what_is_said_of_a_defined_tensor_agrees(before, formula):
    assert judged(before, formula) == ("agree", "")


@pytest.mark.parametrize(("before", "formula"), WRONG)
def test_a_slip_in_a_defined_tensor_is_found(before, formula):
    assert judged(before, formula)[0] == "wrong"


def test_the_last_definition_counts():
    again = TURNED + r"$$ D' = \operatorname{pad}(D, ((R, R), (S, S))) $$" + "\n\n"
    assert judged(again, r"\frac{\partial L}{\partial X} = \operatorname{correlate}(D', F')") == (
        "wrong", "SC230")  # fmt: skip


def test_a_definition_that_is_not_understood_is_not_judged():
    again = TURNED + r"$$ D' = \operatorname{pad}(D, ((q, q), (q, q))) $$" + "\n\n"
    formula = r"\frac{\partial L}{\partial X} = \operatorname{correlate}(D', F')"
    assert judged(again, formula) == ("not-judged", "")


def test_a_remainder_in_an_equation_of_elements_is_no_product():
    words = EXAMPLES["plain"].replace("x_{0,0} f_{0,0}", r"x_{0,0} \bmod f_{0,0}", 1)
    assert check(Document("notes", "markdown", words)).count("agree") == 8


def test_a_sum_past_the_end_of_a_defined_tensor_does_not_agree():
    formula = rf"{DF} = \sum_{{i=0}}^{{uP}} \sum_{{j=0}}^{{v(Q-1)}} D_{{ij}} x_{{i+m, j+n}}"
    assert judged(DILATED, formula) == ("not-judged", "")


GIVEN = r"$$ Y_{ij} = \sum_{m,n} X_{i+m,j+n} K_{mn} $$" + "\n\n"
NAMED = GIVEN + r"$$ G_{ij} = \frac{\partial L}{\partial Y_{ij}} $$" + "\n\n"
USED = NAMED + r"$$ \frac{\partial L}{\partial K_{mn}} = \sum_{i,j} G_{ij} X_{i+m,j+n} $$" + "\n\n"
WHOLE = GIVEN + r"$$ H = \frac{\partial L}{\partial Y} $$" + "\n\n"


@pytest.mark.parametrize(
    ("before", "formula", "verdict"),
    [
        (NAMED, r"\frac{\partial L}{\partial K_{mn}} = \sum_{i,j} G_{ij} X_{i+m,j+n}", "agree"),
        (USED, r"\frac{\partial L}{\partial K_{mn}} = \sum_{i,j} G_{ij} X_{i+m,j-n}", "wrong"),
        (NAMED, r"D_{mn} = \frac{\partial L}{\partial X_{mn}} = \sum_{i,j} G_{ij} K_{m-i,n-j}",
         "agree"),
        (USED, r"D_{mn} = \frac{\partial L}{\partial X_{mn}} = \sum_{i,j} G_{ij} K_{m-i,n+j}",
         "wrong"),
        (WHOLE, r"\frac{\partial L}{\partial K} = X \star H", "agree"),
        (WHOLE, r"\frac{\partial L}{\partial K} = K \star H", "wrong"),
        (WHOLE, r"\frac{\partial L}{\partial K} = X \star G", "not-judged"),
    ],
)  # fmt: skip
def test_a_gradient_may_have_a_name_of_its_own(before, formula, verdict):
    assert judged(before, formula)[0] == verdict


def test_what_only_names_a_gradient_is_no_statement():
    text = NAMED + r"$$ dY_{ij} = \frac{\partial L}{\partial Y_{ij}} $$"
    text += "\n\n" + r"$$ dY = \left(\frac{\partial L}{\partial Y_{ij}}\right) $$"
    assert len(check(Document("notes", "markdown", text)).judgements) == 1
    wrong = NAMED + r"$$ dX_{ij} = \frac{\partial L}{\partial Y_{ij}} $$"
    assert check(Document("notes", "markdown", wrong)).judgements[-1].verdict != "agree"
    swapped = NAMED + r"$$ G_{ij} = \frac{\partial L}{\partial Y_{ji}} $$"
    assert [j.verdict for j in check(Document("n", "markdown", swapped)).judgements][1:] != [
        "agree"
    ]


@pytest.mark.parametrize(
    ("turned", "agrees"),
    [
        (r"\tilde F_{r,s} = F_{R-1-r,S-1-s}", True),
        (r"\tilde{F}_{rs} = F_{R+1-r,S+1-s}", True),
        (r"\tilde{F}_{a,b} = F_{k-1-a,k-1-b}", True),
        (r"\tilde F_{r,s} = F_{R-1-r,S-s}", False),
        (r"\tilde F_{r,s} = F_{R-1-r,s}", False),
        (r"\tilde F_{r,s} = F_{S-1-r,R-1-s}", False),
        (r"\tilde F_{r,s} = F_{R-1-s,S-1-r}", False),
        (r"\tilde F_{r,s} = F_{R+1-r,S-1-s}", False),
        (r"\tilde F_{r,s} = F_{H-1-r,W-1-s}", False),
        (r"\tilde F_{r,s} = X_{R-1-r,S-1-s}", False),
        (r"\tilde F_{r,s} = F_{2R-1-r,S-1-s}", False),
    ],
)
def test_a_filter_that_is_turned_element_by_element_is_defined(turned, agrees):
    gradient = r"$$ dX = \text{corr}(\text{pad}(dY, R-1), \tilde F) $$"
    found = check(Document("notes", "markdown", f"$$ {turned} $$\n\n{gradient}")).judgements
    assert (found[-1].verdict == "agree") == agrees
    assert (len(found) == 1) == agrees  # a definition is taken, not judged
    slip = gradient.replace("R-1", "R")
    assert check(Document("notes", "markdown", f"$$ {turned} $$\n\n{slip}")).counts[0] == 0

"""Local derivatives and sums with a factor that is 1 where a relation holds, and 0 elsewhere."""

from __future__ import annotations

import pytest
from documents.test_index_formulas import judged

from symconv.documents.check import check
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import Document

LOCAL = r"\frac{\partial y_{ij}}{\partial x_{mn}} = \sum_{r,s} f_{rs}"
FLAT = r"\frac{\partial y_i}{\partial x_m} ="
WHERE = rf"{FLAT} \begin{{cases}} f_{{m-ui}} & "
ELSE = r"\\ 0 & \text{otherwise} \end{cases}"

RIGHT = [
    (rf"{LOCAL} [m = ui+r][n = vj+s]", [("vj+s", "vj+r"), ("ui+r", "ui-r"), ("vj", "j")]),
    (rf"{LOCAL} \mathbb{{1}}[m = ui+r]\,\mathbb{{1}}[n = vj+s]", [("ui", "i"), ("n =", "n+1 =")]),
    (rf"{LOCAL} \mathbf{{1}}_{{m = ui+r}} \mathbf{{1}}_{{\{{n = vj+s\}}}}", [("vj+s", "vj-s")]),
    (rf"{LOCAL} \mathbb{{1}}\{{m = ui+r, n = vj+s\}}", [("vj+s", "vj+r"), ("m =", "n =")]),
    (rf"{LOCAL} \mathbb{{I}}(m = ui+r) \mathbb{{I}}(n = vj+s)", [("ui+r", "ui+s")]),
    (rf"{LOCAL} \delta_{{m, ui+r}} \delta_{{n, vj+s}}", [("vj+s", "vj+r")]),
    (rf"{LOCAL} \delta[m-ui-r] \delta[n-vj-s]", [("-vj", "+vj")]),
    (rf"{FLAT} f_{{m-ui}} \mathbb{{1}}_{{0 \le m-ui < R}}", [("0 \\le", "0 <"), ("< R", "< R-1")]),
    (rf"{FLAT} f_{{m-ui}} [0 \le m-ui \le R-1]", [("R-1", "R"), ("R-1", "R-2")]),
    (rf"{WHERE} 0 \le m-ui < R {ELSE}", [("0 \\le", "0 <"), ("< R", r"\le R"), ("ui}", "i}")]),
    (rf"{WHERE} \text{{if }} 0 \le m-ui \text{{ and }} m-ui < R, {ELSE}", [("< R", "< R-1")]),
    (r"\frac{\partial L}{\partial x_m} = \sum_{i,r} \frac{\partial L}{\partial y_i} f_r [ui+r = m]",
     [("ui+r", "ui-r"), ("ui+r", "ui+r+1")]),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "slips"), RIGHT)
def test_an_indicator_is_judged(formula, slips):
    assert judged(formula)[:2] == ("agree", "")
    for old, new in slips:
        assert old in formula
        assert judged(formula.replace(old, new, 1))[0] != "agree", new


@pytest.mark.parametrize(
    "cases",
    [
        r"\begin{cases} f_{m-ui} & \text{otherwise} \\ 0 & m-ui < 0 \end{cases}",
        r"\begin{cases} f_{m-ui} & m \ge ui \\ f_0 & m-ui < R \end{cases}",
    ],
)
def test_other_cases_are_not_judged(cases):
    assert judged(f"{FLAT} {cases}") == ("not-judged", "", "these cases are not understood")


SPELLINGS = [
    (r"y_{ij} = \sum_{r,s} x_{\text{stride}i+r-\text{pad}, \text{stride}j+s-\text{pad}} f_{rs}",
     [("r-", "r+"), (r"\text{stride}j", "j")]),
    (r"y_i = \sum_{r} x_{\text{stride}(i-1)+r} f_r", [("i-1", "i-2")]),
    (r"y_i = \sum_{0 \le r < R} x_{\text{stride} \cdot i+r} f_r", [("i+r", "i-r")]),
    (r"y[i', j'] = \sum_{r,s} f[r, s] x[ui'+r, j'v+s]", [("j'v", "j'"), ("i'+r", "i'+s")]),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "slips"), SPELLINGS)
def test_words_and_primes_in_an_index_are_read(formula, slips):
    assert judged(formula)[:2] == ("agree", "")
    for old, new in slips:
        assert old in formula
        assert judged(formula.replace(old, new, 1))[0] != "agree", new


def test_a_filter_that_is_read_from_its_end_says_where_its_index_runs():
    formula = r"y_{ij} = \sum_{r,s} x_{i+r, j+s} f_{R-1-r, S-1-s}"
    reason = "right with a flipped filter, which nothing here shows; say --forward convolution"
    assert judged(formula) == ("not-judged", "", reason)
    assert judged(formula, "flipped")[0] == "agree"
    for old, new in (("R-1", "R"), ("S-1", "S-2"), ("R-1-r", "R-1-s")):
        assert judged(formula.replace(old, new, 1), "flipped")[0] != "agree"


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (r"\frac{\partial y_i}{\partial x_m} = \sum_{r=0}^{k-1} f_r \delta_{m, 2i+r}",
         "right with stride 2, which nothing here shows; say --stride 2"),
        (r"\frac{\partial L}{\partial x_m} = \sum_r f_r \frac{\partial L}{\partial y_{(m-r+1)/2}}",
         "right with stride 2, with padding 1, which nothing here shows; "
         "say --stride 2, --padding 1"),
    ],
)  # fmt: skip
def test_what_a_condition_needs_is_named(formula, reason):
    assert judged(formula) == ("not-judged", "", reason)
    given = hints({"stride": "2", "padding": "1" if "padding" in reason else "0"})
    document = Document("notes", "markdown", f"$$ {formula} $$\n")
    assert check(document, given).judgements[0].verdict == "agree"
    for old, new in (("f_r", "f_{r+1}"), ("2", "3")):
        slip = Document("notes", "markdown", f"$$ {formula.replace(old, new)} $$\n")
        assert check(slip, given).judgements[0].verdict != "agree"

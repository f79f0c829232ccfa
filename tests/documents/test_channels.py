"""Index formulas with channels, filters, batches and groups, in several layouts."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.source.text import Document


def verdicts(*formulas: str) -> list[str]:
    text = "".join(f"$$ {formula} $$\n\n" for formula in formulas)
    return [j.verdict for j in check(Document("notes", "markdown", text)).judgements]


def gradient(element: str, loss: str = "L") -> str:
    return rf"\frac{{\partial {loss}}}{{\partial {element}}}"


DX, DW = r"\frac{\partial L}{\partial X_{n,c,a,b}}", r"\frac{\partial L}{\partial W_{k,c,r,s}}"
CUDNN = {
    "forward": r"Y_{n,k,i,j} = b_k + \sum_{c,r,s} X_{n,c,i+r,j+s} W_{k,c,r,s}",
    "input": rf"{DX} = \sum_{{k,r,s}} {gradient('Y_{n,k,a-r,b-s}')} W_{{k,c,r,s}}",
    "filter": rf"{DW} = \sum_{{n,i,j}} {gradient('Y_{n,k,i,j}')} X_{{n,c,i+r,j+s}}",
}
LAST = {
    "forward": r"y_{i,j,k} = \sum_{m=0}^{R-1}\sum_{l=0}^{S-1}\sum_{c=1}^{C} w_{m,l,c,k} "
    r"x_{i+m,j+l,c}",
    "input": rf"{gradient('x_{i,j,c}')} = \sum_{{k=1}}^{{D}}\sum_m\sum_l "
    r"\delta_{i-m,j-l,k} w_{m,l,c,k}",
    "filter": rf"{gradient('w_{m,l,c,k}')} = \sum_i\sum_j \delta_{{i,j,k}} x_{{i+m,j+l,c}}",
}
NAMED = {
    "forward": r"Z_{c_{out},h,w} = \sum_{c_{\text{in}}=0}^{C_{\text{in}}-1}\sum_{i,j} "
    r"W_{c_{out},c_{\text{in}},i,j} X_{c_{\text{in}},hs+i-p,ws+j-p}",
    "filter": rf"{gradient('W_{c_{out},c_{in},i,j}')} = \sum_{{h,w}} {gradient('Z_{c_{out},h,w}')} "
    r"X_{c_{in},hs+i-p,ws+j-p}",
}  # fmt: skip
DEPTHWISE = {
    "forward": r"y_{cij} = \sum_{m,n} x_{c,i+m,j+n} w_{cmn}",
    "input": rf"{gradient('x_{cij}')} = \sum_{{m,n}} {gradient('y_{c,i-m,j-n}')} w_{{cmn}}",
    "filter": rf"{gradient('w_{cmn}')} = \sum_{{i,j}} {gradient('y_{cij}')} x_{{c,i+m,j+n}}",
}
ONE_AXIS = {
    "forward": r"y_{k,t} = \sum_{c}\sum_{r} w_{k,c,r} x_{c,t+r}",
    "input": rf"{gradient('x_{c,t}')} = \sum_{{k,r}} {gradient('y_{k,t-r}')} w_{{k,c,r}}",
    "filter": rf"{gradient('w_{k,c,r}')} = \sum_t {gradient('y_{k,t}')} x_{{c,t+r}}",
}
ABOVE = {
    "forward": r"y^{(k)}_{ij} = \sum_{c}\sum_{m}\sum_{n} x^{(c)}_{i+m,j+n} "
    r"w^{(k,c)}_{mn} + b^{(k)}",
    "input": rf"{gradient('x^{(c)}_{ij}')} = \sum_k\sum_{{m,n}} {gradient('y^{(k)}_{i-m,j-n}')} "
    r"w^{(k,c)}_{mn}",
    "filter": rf"{gradient('w^{(k,c)}_{mn}')} = \sum_{{i,j}} {gradient('y^{(k)}_{ij}')} "
    r"x^{(c)}_{i+m,j+n}",
}
NOTATIONS = [ABOVE, CUDNN, LAST, NAMED, DEPTHWISE, ONE_AXIS]


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_document_with_channels_agrees(notation):
    assert set(verdicts(*notation.values())) == {"agree"}
    for formula in notation.values():
        assert verdicts(formula) == ["agree"], formula


def slips(formula: str):
    """Yield a formula with one index changed, exchanged, added to a sum or taken from it."""
    for old, new in [
        ("i+r", "i-r"), ("j+s", "j"), ("a-r", "a+r"), ("i+m", "i-m"), ("t+r", "t-r"),
        ("hs+i-p", "hs+i+p"), ("j-l", "j-m"), ("w_{cmn}", "w_{cnm}"), ("c,r,s", "r,s"),
        ("n,k,", "k,n,"), ("k,c,", "c,k,"), ("c,k}", "k,c}"), ("n,c,", "c,n,"), ("b_k", "b_n"),
        ("b_k", "b_c"), ("_{c=1}^{C}", "_{c=1}^{C-1}"), ("_{c=1}^{C}", "_{c=0}^{C}"),
        ("_{c=1}^{C}", "_{c=1}^{H}"), (r"\sum_{c=1}^{C}", ""), (r"\sum_{c}", ""),
        (r"C_{\text{in}}-1", r"C_{\text{in}}"), ("k,r,s}", "r,s}"), ("n,i,j}", "i,j}"),
        (r"\sum_{k=1}^{D}", ""), (r"\sum_{m,n}", r"\sum_{c,m,n}"), ("k,a-r", "c,a-r"),
        ("k,c,r,s}", "c,c,r,s}"), ("k,t}", "c,t}"), ("k,r}", "c,r}"), ("W_{k,c,", "W_{c,"),
        ("(k,c)", "(c,k)"), ("(k,c)", "(k)"), ("^{(c)}", ""), ("{(k)}", "{(c)}"), (r"\sum_k", ""),
        ("n,k,i,j", "k,i,j"), ("w_{c_{out},c_{in}", "w_{c_{in},c_{out}"),
    ]:  # fmt: skip
        for at in range(len(formula)):
            if formula.startswith(old, at):
                yield formula[:at] + new + formula[at + len(old) :]


@pytest.mark.parametrize("notation", NOTATIONS)
def test_no_slip_agrees(notation):
    forward, *gradients = notation.values()
    for formula in slips(forward):
        assert {*verdicts(formula, *gradients)} != {"agree"}, formula
    for formula in gradients:
        for slip in slips(formula):
            assert verdicts(forward, slip) != ["agree", "agree"], slip


def test_the_windows_are_judged_and_not_only_the_labels():
    assert verdicts(CUDNN["forward"], CUDNN["input"].replace("a-r", "a+r"))[1] == "wrong"
    assert verdicts(ONE_AXIS["forward"], ONE_AXIS["filter"].replace("t+r", "r"))[1] != "agree"
    assert verdicts(NAMED["forward"].replace("hs+i-p", "hs+i+p"), NAMED["filter"])[0] == "wrong"


def test_a_plain_formula_with_a_slip_has_no_channels():
    assert verdicts(r"y_{ij} = \sum_{m,n} x_{i+m,j} w_{mn}") == ["wrong"]
    assert verdicts(r"y_{ij} = \sum_{m,n} x_{i+m,n} w_{mn}") == ["wrong"]


def test_letters_that_count_channels_count_nothing_else():
    forward = r"y_{kij} = \sum_{c=0}^{C-1}\sum_{m,n} x_{c,i+m,j+n} w_{kcmn}"
    back = (
        rf"{gradient('x_{cij}')} = \sum_{{k=0}}^{{K-1}}\sum_{{m,n}} \delta_{{k,i-m,j-n}} w_{{kcmn}}"
    )
    assert verdicts(forward, back) == ["agree", "agree"]
    assert verdicts(forward, back.replace("{K-1}", "{C-1}"))[1] == "not-judged"


def test_the_chain_rule_keeps_its_channels():
    local = r"\frac{\partial Y_{k,i,j}}{\partial X_{c,a,b}}"
    forward = r"Y_{k,i,j} = \sum_{c,r,s} X_{c,i+r,j+s} W_{k,c,r,s}"
    chain = rf"{gradient('X_{c,a,b}')} = \sum_{{k,i,j}} {gradient('Y_{k,i,j}')} {local}"
    assert verdicts(forward, chain) == ["agree", "agree"]
    assert verdicts(forward, chain.replace("{k,i,j}", "{i,j}", 1))[1] != "agree"
    assert verdicts(forward, chain.replace("Y_{k,", "Y_{c,"))[1] != "agree"
    assert verdicts(r"\frac{\partial Y_{k,i,j}}{\partial W_{k,c,r,s}} = X_{c,i+r,j+s}") == ["agree"]


def test_names_below_an_index_belong_to_it():
    forward = r"y_{h_{out},w_{out}} = \sum_{k_h}\sum_{k_w} x_{h_{out}+k_h,w_{out}+k_w} w_{k_h,k_w}"
    assert verdicts(forward) == ["agree"]
    assert verdicts(forward.replace("h_{out}+k_h", "h_{out}-k_h")) != ["agree"]
    assert verdicts(forward.replace("w_{out}+k_w", "h_{out}+k_w")) != ["agree"]


def test_indices_in_round_brackets_are_indices():
    forward = r"O_k(i,j) = \sum_c\sum_m\sum_n I_c(i+m, j+n) K_{c,k}(m,n)"
    assert verdicts(forward) == ["agree"]
    assert verdicts(forward.replace("j+n", "j-n")) != ["agree"]
    assert verdicts(forward.replace("K_{c,k}", "K_k")) != ["agree"]
    assert verdicts(r"O(k, i, j) = \sum_{c,m,n} I(c, i+m, j+n) K(k, c, m, n)") == ["agree"]
    assert verdicts(r"O(k, i, j) = \sum_{c,m,n} I(c, i+m, j+n) K(k, c, m, m)") != ["agree"]


def test_a_layer_above_a_name_is_no_channel():
    forward = r"z^{(l)}_{ij} = \sum_{m,n} w^{(l)}_{mn} a^{(k)}_{i+m,j+n}"
    assert verdicts(forward) == ["agree"]
    assert verdicts(forward.replace("j+n", "j-n")) != ["agree"]


def test_an_index_with_very_many_parts_is_no_element():
    index = ",".join("abcdefgh"[k % 8] for k in range(4000))
    assert verdicts(rf"y_{{ij}} = \sum_m x_{{{index}}} w_{{i+m}}") == ["not-judged"]

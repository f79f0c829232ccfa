"""Dense layers and activations beside a convolution: never wrong, and they mislead nobody."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.source.text import Document

FORWARD = r"y_{ij} = \sum_{m}\sum_{n} x_{i+m, j+n} w_{mn} + b"
DY = r"\frac{\partial L}{\partial y_{ij}}"
DENSE = [
    r"y_i = \sum_j w_{ij} x_j + b_i",
    r"\frac{\partial L}{\partial w_{ij}} = \frac{\partial L}{\partial y_i} x_j",
    r"\frac{\partial L}{\partial x_j} = \sum_i \frac{\partial L}{\partial y_i} w_{ij}",
    r"\frac{\partial L}{\partial x_{ik}} = \sum_j \frac{\partial L}{\partial y_{ij}} w_{kj}",
]
ACTIVATIONS = [
    rf"\frac{{\partial L}}{{\partial x_{{ij}}}} = {DY} \frac{{\partial y_{{ij}}}}"
    r"{\partial x_{ij}}",
    rf"\frac{{\partial L}}{{\partial x_{{ij}}}} = {DY} \sigma'(x_{{ij}})",
    r"\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_i}"
    r" \frac{\partial y_i}{\partial x_i} = \frac{\partial L}{\partial y_i} f'(x_i)",
]


def verdicts(*formulas: str) -> list[str]:
    text = "".join(f"$$ {formula} $$\n\n" for formula in formulas)
    return [j.verdict for j in check(Document("notes", "markdown", text)).judgements]


@pytest.mark.parametrize("formula", DENSE + ACTIVATIONS)
def test_another_layer_is_never_wrong(formula):
    assert "wrong" not in verdicts(formula)
    assert "wrong" not in verdicts(FORWARD, formula)


def test_a_dense_layer_misleads_nobody_about_the_convolution_behind_it():
    assert verdicts(*DENSE, FORWARD)[-1] == "agree"
    assert verdicts(*DENSE, FORWARD.replace("i+m", "i-m"))[-1] == "wrong"
    gradient = rf"\frac{{\partial L}}{{\partial w_{{mn}}}} = \sum_{{i,j}} {DY} x_{{i+m, j+n}}"
    assert verdicts(*DENSE, FORWARD, gradient)[-1] == "agree"
    assert verdicts(*DENSE, FORWARD, gradient.replace("j+n", "j-n"))[-1] == "wrong"


def test_the_chain_rule_over_windows_is_still_judged():
    local = r"\frac{\partial y_{ij}}{\partial x_{mn}}"
    chain = rf"\frac{{\partial L}}{{\partial x_{{mn}}}} = \sum_{{i,j}} {DY} {local}"
    assert verdicts(chain) == ["agree"]
    swapped = chain.replace(r"\partial x_{mn}} = ", r"\partial x_{nm}} = ")
    assert verdicts(swapped) != ["agree"]

"""The bias in formulas for every size: beside a sum, and its gradient."""

from __future__ import annotations

import pytest
from documents.test_index_formulas import judged

from symconv.documents.check import check
from symconv.documents.source.text import Document

DY, DB = r"\frac{\partial L}{\partial y_{ij}}", r"\frac{\partial L}{\partial b}"
RIGHT = [
    ("", rf"{DB} = \sum_i \sum_j {DY}"),
    ("", rf"{DB} = \sum_{{i=0}}^{{P-1}}\sum_{{j=0}}^{{Q-1}} {DY}"),
    ("", rf"{DB} = \sum_{{i=0}}^{{H_{{out}}-1}}\sum_{{j=0}}^{{W_{{out}}-1}} {DY}"),
    ("", rf"{DB} = \sum_{{i=1}}^{{P}}\sum_{{j=1}}^{{Q}} {DY}"),
    ("", rf"{DB} = \sum_{{i=0}}^{{H-R}}\sum_{{j=0}}^{{W-S}} {DY}"),
    ("", rf"{DB} = \sum_{{i,j}} {DY} \frac{{\partial y_{{ij}}}}{{\partial b}}"),
    ("plain", rf"{DB} = \sum_{{i,j}} \delta_{{ij}}"),
    ("plain", rf"{DB} = \sum_{{i,j}} {DY} \cdot 1"),
    ("plain", rf"{DB.replace('b', 'b_1', 1)} = \sum_{{i,j}} {DY}"),
    ("plain", rf"{DB} = \sum_{{i=0}}^{{2}}\sum_{{j=0}}^{{2}} {DY}"),
    ("", r"db = \sum_{i,j} dy_{ij}"),
    ("", r"y_{ij} = \sum_{m,n} x_{i+m,j+n} f_{mn} + b_{ij}"),
    ("", r"y_{ij} = u + \sum_{m,n} x_{i+m,j+n} f_{mn}"),
    ("", rf"{DB} = \sum_{{i=0}}^{{O_h-1}}\sum_{{j=0}}^{{O_w-1}} {DY}"),
    ("", rf"{DB} = \sum_{{i=1}}^{{H'}}\sum_{{j=1}}^{{W'}} {DY}"),
]
SLIPS = [
    ("", rf"{DB} = \sum_i {DY}"),
    ("", rf"{DB} = \sum_{{i,j,k}} {DY}"),
    ("", rf"{DB} = \sum_{{i=0}}^{{P}}\sum_{{j=0}}^{{Q-1}} {DY}"),
    ("", rf"{DB} = \sum_{{i=1}}^{{P-1}}\sum_{{j=0}}^{{Q-1}} {DY}"),
    ("", rf"{DB} = \sum_{{i=0}}^{{R-1}}\sum_{{j=0}}^{{S-1}} {DY}"),
    ("", rf"{DB} = \sum_{{i=0}}^{{H-1}}\sum_{{j=0}}^{{W-1}} {DY}"),
    ("", rf"{DB} = \sum_{{i,j}} {DY} x_{{ij}}"),
    ("", rf"{DB} = \sum_{{i,j}} \frac{{\partial E}}{{\partial y_{{ij}}}}"),
    ("", rf"{DB} = \sum_{{i,j}} \frac{{\partial L}}{{\partial x_{{ij}}}}"),
    ("", rf"{DB} = \sum_{{i,j}} {DY} \frac{{\partial y_{{ij}}}}{{\partial x_{{ij}}}}"),
    ("", rf"{DB} = \sum_{{i,j}} {DY} {DY}"),
    ("", rf"{DB} = \sum_{{i,j}} y_{{ij}}"),
    ("plain", rf"{DB} = \sum_{{i,j}} {DY} \cdot 2"),
    ("plain", rf"{DB} = \sum_{{i=0}}^{{3}}\sum_{{j=0}}^{{2}} {DY}"),
    ("", r"y_{ij} = \sum_{m,n} x_{i+m,j+n} f_{mn} + b_{mn}"),
    ("", r"y_{ij} = \sum_{m,n} x_{i+m,j+n} f_{mn} - b"),
    ("", r"y_{ij} = \sum_{m,n} x_{i+m,j+n} f_{mn} + u + c"),
    ("", r"y_{ij} = \sum_{m,n} x_{i+m,j+n} f_{mn} + i"),
    (
        "",
        r"\frac{\partial L}{\partial f_{mn}} = \sum_{i,j} \frac{\partial L}{\partial y_{ij}} "
        r"x_{i+m,j+n} + u",
    ),
    ("", rf"{DB} = \sum_{{i=0}}^{{O_h}}\sum_{{j=0}}^{{O_w-1}} {DY}"),
    ("", rf"{DB} = \sum_{{i=0}}^{{O_w-1}}\sum_{{j=0}}^{{O_h-1}} {DY}"),
]


@pytest.mark.parametrize(("beside", "formula"), RIGHT)
def test_every_output_adds_the_bias_once(beside, formula):
    assert judged(formula, beside)[0] == "agree"


@pytest.mark.parametrize(("beside", "formula"), SLIPS)
def test_no_slip_agrees(beside, formula):
    assert judged(formula, beside)[0] != "agree"


def test_limits_that_miss_outputs_are_wrong():
    for high in ("P", "P-2"):
        formula = rf"{DB} = \sum_{{i=0}}^{{{high}}}\sum_{{j=0}}^{{Q-1}} {DY}"
        assert judged(formula)[:2] == ("wrong", "SC221")


def test_each_filter_has_its_bias():
    forward = r"$$ Y_{n,k,i,j} = b_k + \sum_{c,r,s} X_{n,c,i+r,j+s} W_{k,c,r,s} $$"
    up = r"\frac{\partial L}{\partial Y_{n,k,i,j}}"

    def verdict(formula: str) -> str:
        text = f"{forward}\n\n$$ {formula} $$"
        return check(Document("notes", "markdown", text)).judgements[-1].verdict

    right = rf"\frac{{\partial L}}{{\partial b_k}} = \sum_{{n,i,j}} {up}"
    assert verdict(right) == "agree"
    for old, new in [("b_k", "b_n"), ("b_k", "b"), ("n,i,j}}", "i,j}}"), ("{n,i,j}", "{n,k,i,j}"),
                     ("{n,i,j}", "{n,i}"), ("Y_{n,k", "Y_{k,n"), ("b_k", "b_i")]:  # fmt: skip
        if old in right:
            assert verdict(right.replace(old, new, 1)) != "agree", (old, new)

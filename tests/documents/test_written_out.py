"""Sums that are said to be one element: written out with the sizes of the example, and judged."""

from __future__ import annotations

import pytest
from documents.test_index_formulas import EXAMPLES

from symconv.documents.check import check
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import Document

CHAIN = r"\frac{\partial L}{\partial y_{ij}} \frac{\partial y_{ij}}{\partial x_{22}}"
DX = r"\frac{\partial L}{\partial x_{22}}"
DF = r"\frac{\partial L}{\partial f_{01}}"
DY = r"\frac{\partial L}{\partial y_{ij}}"


def judged(formula, beside="", given=None):
    before = EXAMPLES[beside] + "\n\n"
    document = Document("notes", "markdown", f"{before}$$ {formula} $$\n")
    found = check(document, hints(given or {}))
    (last,) = [j for j in found.judgements if j.place.start >= len(before)]
    return last


RIGHT = [
    ("", rf"{DX} = \sum_{{i,j}} {CHAIN}", ()),
    ("plain", rf"{DX} = \sum_{{i,j}} {CHAIN}", ()),
    ("plain", rf"{DX} = \sum_{{i=0}}^{{2}} \sum_{{j=0}}^{{2}} {CHAIN}", (r"{2} \sum", r"{1} \sum")),
    ("plain", r"y_{00} = \sum_{r=0}^{2}\sum_{s=0}^{2} x_{r,s} f_{r,s}", ("x_{r,s}", "x_{s,r}")),
    ("plain", r"y_{00} = \sum_{r=0}^{2}\sum_{s=0}^{2} x_{r,s} f_{r,s}", ("{2} x", "{3} x")),
    ("plain", r"y_{12} = \sum_{r=0}^{2}\sum_{s=0}^{2} x_{1+r,2+s} f_{r,s}", ("1+r", "r+2")),
    ("plain", r"y_{12} = \sum_{r=0}^{R-1}\sum_{s=0}^{S-1} x_{1+r,2+s} f_{r,s}", ("R-1", "R-2")),
    ("plain", r"y_{12} = \sum_{r,s} x_{r+1,s+2} f_{r,s} + b", ("y_{12}", "y_{21}")),
    ("plain", r"y_{12} = \sum_{m=1}^{3}\sum_{n=2}^{4} x_{mn} f_{m-1,n-2}", ("{4}", "{3}")),
    ("plain", rf"{DF} = \sum_{{i,j}} {DY} x_{{i,j+1}}", ("j+1", "j")),
    ("plain", rf"{DF} = \sum_{{i=0}}^2\sum_{{j=0}}^2 {DY} x_{{i,j+1}}", ("x_{i,", "x_{i+1,")),
    ("plain", rf"{DX} = \sum_{{i,j}} {DY} f_{{2-i,2-j}}", ("2-i,", "i-2,")),
    ("plain", rf"{DX} = \sum_{{i,j}} \delta_{{ij}} f_{{2-i,2-j}}", ("f_{2-i", "f_{1-i")),
    ("plain", rf"{DX} = \sum_{{r=0}}^{{2}}\sum_{{s=0}}^2 "
              r"\frac{\partial L}{\partial y_{2-r,2-s}} f_{rs}", ("f_{rs}", "f_{sr}")),
    ("padded", r"y_{00} = \sum_{r=0}^{2}\sum_{s=0}^{2} x_{r-1,s-1} f_{r,s}", ("r-1", "r")),
    ("padded", r"y_{00} = \sum_{r=1}^{2}\sum_{s=1}^{2} x_{r-1,s-1} f_{r,s}", ("{r=1}", "{r=2}")),
    ("strided", r"y_{12} = \sum_{r,s} x_{u+r-1,2v+s-1} f_{rs}", ("2v", "v")),
    ("strided", rf"{DF} = \sum_{{i,j}} {DY} x_{{2i-1,2j}}", ("2i", "i")),
    ("flipped", r"y_{00} = \sum_{r,s} x_{2-r,2-s} f_{rs}", ("2-s", "s")),
    ("one", r"y_{11} = \sum_{r=1}^{3}\sum_{s=1}^{3} x_{r-1,s-1} f_{rs}", ("s-1", "s")),
    ("one", r"y_{22} = \sum_{r=1}^{3}\sum_{s=1}^{3} x_{rs} f_{rs}", ("y_{22}", "y_{11}")),
]  # fmt: skip


@pytest.mark.parametrize(("beside", "formula", "slip"), RIGHT)
def test_a_sum_at_an_element_is_judged_there(beside, formula, slip):
    found = judged(formula, beside)
    assert (found.verdict, found.reason) == ("agree", "")
    if slip:
        assert slip[0] in formula
        verdict = judged(formula.replace(*slip, 1), beside).verdict
        assert verdict == ("not-judged" if "delta" in formula else "wrong")


@pytest.mark.parametrize(
    ("beside", "formula", "says"),
    [
        ("plain", r"y_{00} = \sum_{r=0}^{1}\sum_{s=0}^{2} x_{r,s} f_{r,s}",
         "at this element the sum leaves out x_{2,0} f_{2,0}, x_{2,1} f_{2,1}, x_{2,2} f_{2,2}"),
        ("plain", r"y_{00} = \sum_{r=0}^{3}\sum_{s=0}^{2} x_{r,s} f_{r,s}",
         "this sum runs past the tensor that it reads"),
        ("one", r"y_{11} = \sum_{r=1}^{3}\sum_{s=1}^{3} x_{rs} f_{rs}",
         "at this element the sum leaves out x_{1,1} f_{2,2}, x_{1,2} f_{2,3}, x_{2,1} f_{3,2} "
         "and 1 more and adds x_{1,1} f_{1,1}, x_{1,2} f_{1,2}, x_{1,3} f_{1,3} and 6 more"),
    ],
)  # fmt: skip
def test_the_finding_names_the_products(beside, formula, says):
    (finding,) = judged(formula, beside).findings
    assert finding.message == says


@pytest.mark.parametrize(
    ("beside", "formula", "reason"),
    [
        ("", r"y_{00} = \sum_{r=0}^{2}\sum_{s=0}^{2} x_{r,s} f_{r,s}",
         "the sizes of the example are not known here; say --input and --filter"),
        ("", rf"{DX} = \sum_{{i,j}} {CHAIN.replace('x_{22}', 'x_{21}')}",
         "the sizes of the example are not known here; say --input and --filter"),
        ("plain", r"y_{00} = \sum_{r=0}^{N}\sum_{s=0}^{2} x_{r,s} f_{r,s}",
         "'N' is neither an index nor a size that is known"),
        ("plain", r"y_{33} = \sum_{r,s} x_{3+r,3+s} f_{r,s}",
         "this element lies outside of its tensor"),
        ("plain", rf"{DX} = \sum_{{i,j}} \frac{{\partial E}}{{\partial y_{{ij}}}} f_{{2-i,2-j}}",
         "'E' is not the loss here"),
        ("plain", r"y_{00} = \sum_{r=0}^{K}\sum_{s=0}^{K} x_{r,s} f_{r,s}",
         "not right with K for the filter, which is a guess"),
    ],
)  # fmt: skip
def test_what_is_not_known_at_an_element_is_not_judged(beside, formula, reason):
    found = judged(formula, beside)
    assert (found.verdict, found.reason) == ("not-judged", reason)


def test_hints_say_the_sizes():
    formula = r"y_{00} = \sum_{r=0}^{2}\sum_{s=0}^{2} x_{r,s} f_{r,s}"
    given = {"input": "5x5", "filter": "3x3"}
    assert judged(formula, given=given).verdict == "agree"
    assert judged(formula, given=given | {"padding": "1"}).verdict == "wrong"
    assert judged(formula.replace("{2}", "{1}", 1), given=given).verdict == "wrong"
    other = formula.replace("y", "Z").replace("x", "V").replace("f", "K")
    assert judged(other, given=given | {"names": "V,K,Z"}).verdict == "agree"

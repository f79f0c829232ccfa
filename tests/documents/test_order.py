"""The order of layers, and of the indices for channels, is one through a document."""

from __future__ import annotations

import pytest
from documents.test_index_formulas import example

from symconv.documents.check import check
from symconv.documents.source.text import Document

FORWARD = r"y^{l}_{ij} = \sum_{m,n} w^{l}_{mn} a^{l-1}_{i+m,j+n}"
INPUT = (
    r"\frac{\partial L}{\partial a^{l-1}_{ij}} = \sum_{m,n} "
    r"\frac{\partial L}{\partial y^{l}_{i-m,j-n}} w^{l}_{mn}"
)
FILTER = (
    r"\frac{\partial L}{\partial w^{l}_{mn}} = \sum_{i,j} "
    r"\frac{\partial L}{\partial y^{l}_{ij}} a^{l-1}_{i+m,j+n}"
)


def verdicts(*formulas: str) -> list[str]:
    text = "".join(f"$$ {formula} $$\n\n" for formula in formulas)
    return [j.verdict for j in check(Document("notes", "markdown", text)).judgements]


def test_one_order_of_layers_agrees():
    assert verdicts(FORWARD, INPUT, FILTER) == ["agree"] * 3
    nexts = [f.replace("y^{l}", "y^{l+1}").replace("l-1", "l") for f in (FORWARD, INPUT, FILTER)]
    assert verdicts(*nexts) == ["agree"] * 3
    numbered = [f.replace("l-1", "1").replace("{l}", "{2}") for f in (FORWARD, INPUT, FILTER)]
    assert verdicts(*numbered) == ["agree"] * 3
    assert verdicts(FORWARD.replace("l-1", "l")) == ["agree"]


@pytest.mark.parametrize("layer", ["l+1", "l+2", "l-2"])
def test_no_output_stands_below_its_input(layer):
    assert verdicts(FORWARD.replace("l-1", layer)) == ["not-judged"]


def test_layers_in_numbers_have_an_order():
    assert verdicts(FORWARD.replace("l-1", "1").replace("{l}", "{2}")) == ["agree"]
    assert verdicts(FORWARD.replace("l-1", "2").replace("{l}", "{1}")) == ["not-judged"]


def test_a_formula_whose_layers_contradict_the_others_does_not_agree():
    slip = FILTER.replace("l-1", "l")
    assert verdicts(slip) == ["agree"]
    assert verdicts(FORWARD, INPUT, slip)[2] != "agree"
    assert verdicts(FORWARD, slip) == ["not-judged"] * 2
    next_filter = FORWARD.replace("y^{l}", "y^{l+1}").replace("l-1", "l")
    assert verdicts(next_filter, INPUT, FILTER)[0] != "agree"


@pytest.mark.parametrize("layer", ["l+1", "l-2"])
def test_the_order_counts_beside_an_example_as_well(layer):
    right = r"Y^{l} = X^{l-1} * F^{l}"
    shown = f"{example(4, 2)}\n\n$$ %s $$"
    for formula, agrees in ((right, True), (right.replace("l-1", layer), False)):
        found = check(Document("notes", "markdown", shown % formula)).judgements[-1]
        assert (found.verdict == "agree") == agrees


CHANNELS = (
    r"y_{k,i,j} = \sum_{c,r,s} x_{c,i+r,j+s} w_{k,c,r,s}",
    r"dx_{c,m,n} = \sum_{k,r,s} dy_{k,m-r,n-s} w_{k,c,r,s}",
    r"dw_{k,c,r,s} = \sum_{i,j} dy_{k,i,j} x_{c,i+r,j+s}",
)


@pytest.mark.parametrize("slip", [0, 1, 2])
def test_most_formulas_say_how_a_tensor_is_laid_out(slip):
    assert verdicts(*CHANNELS) == ["agree"] * 3
    formulas = [f.replace("k,c,", "c,k,") if k == slip else f for k, f in enumerate(CHANNELS)]
    wrong = "wrong" if slip else "not-judged"  # a forward formula alone may lay them out so
    expected = [wrong if k == slip else "agree" for k in range(3)]
    assert verdicts(*formulas) == expected


def test_a_forward_formula_alone_defines_the_layout():
    forward = CHANNELS[0].replace("k,c,", "c,k,")
    assert verdicts(forward, CHANNELS[1]) == ["agree", "wrong"]

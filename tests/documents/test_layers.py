"""Formulas with layers above their names, beside elements that are written without."""

from __future__ import annotations

import pytest
from documents.test_index_formulas import example

from symconv.documents.check import check
from symconv.documents.source.text import Document

SHOWN = example(4, 2)


def verdict(formula: str) -> str:
    found = check(Document("notes", "markdown", f"{SHOWN}\n\n$$ {formula} $$"))
    return found.judgements[-1].verdict


RIGHT = [
    r"Y^{l} = X^{l-1} * F^{l} + b^{l}",
    r"Y^{l+1} = F^{l+1} * X^{l} + b",
    r"\frac{\partial J}{\partial F^{l}} = X^{l-1} * \delta^{l}",
    r"\frac{\partial J}{\partial F^{l}} = X^{l-1} * \frac{\partial J}{\partial Y^{l}}",
    r"\frac{\partial J}{\partial X^{l-1}} = \delta^{l} *_{full} \text{rot180}(F^{l})",
    r"\frac{\partial J}{\partial f^{l}_{rs}} = \sum_{i,j} \delta^l_{ij} x^{l-1}_{i+r,j+s}",
    r"y^{(2)}_{ij} = \sum_{r,s} x^{(1)}_{i+r,j+s} f^{(2)}_{rs} + b",
]
SLIPS = [
    r"Y^{l} = X^{l-1} * F^{l+1} + b^{l}",
    r"\frac{\partial J}{\partial F^{l-1}} = X^{l} * \delta^{l+1}",
    r"Y^{l} = X^{l} * F^{l} + b^{l}",
    r"Y^{l+1} = F^{l+1} * Y^{l} + b",
    r"\frac{\partial J}{\partial F^{l}} = X^{l-1} * \delta^{l-1}",
    r"\frac{\partial J}{\partial F^{l}} = X^{l} * \frac{\partial J}{\partial Y^{l}}",
    r"\frac{\partial J}{\partial X^{l-1}} = \delta^{l} *_{full} \text{rot180}(X^{l})",
    r"\frac{\partial J}{\partial X^{l}} = \delta^{l} *_{full} \text{rot180}(F^{l})",
    r"\frac{\partial J}{\partial f^{l}_{rs}} = \sum_{i,j} \delta^l_{ij} x^{l-1}_{i-r,j+s}",
    r"y^{(2)}_{ij} = \sum_{r,s} x^{(1)}_{i+r,j-s} f^{(2)}_{rs} + b",
]


@pytest.mark.parametrize("formula", RIGHT)
def test_layers_do_not_hide_a_tensor(formula):
    assert verdict(formula) == "agree"


@pytest.mark.parametrize("formula", SLIPS)
def test_layers_that_contradict_each_other_do_not_agree(formula):
    assert verdict(formula) != "agree"

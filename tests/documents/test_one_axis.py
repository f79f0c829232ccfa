"""One axis may be the width: y_j = sum x_{vj+s} f_s with S elements of the filter."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.source.text import Document


def verdict(formula: str) -> str:
    return check(Document("notes", "markdown", f"$$ {formula} $$\n")).judgements[-1].verdict


@pytest.mark.parametrize(
    ("formula", "old", "new"),
    [
        (r"y_j = \sum_{s=0}^{S-1} x_{j+s} f_s", "{S-1}", "{S}"),
        (r"y_j = \sum_{s=0}^{S-1} x_{vj+s} f_s", "j+s", "j-s"),
        (r"df_r = \sum_{j=0}^{Q-1} dy_j x_{j+r}", "{Q-1}", "{Q-2}"),
        (r"\frac{\partial y_i}{\partial f_r} = x_{i + r - p_2}", "+ r", "- r"),
        (r"y_i = \sum_{r=0}^{S-1} x_{i s_w + r} f_r", "{S-1}", "{R-1}"),
        (r"\frac{\partial y_i}{\partial f_r} = x_{s_2 i + r - p_2}", "s_2", "s_1"),
    ],
)
def test_letters_of_the_width_are_those_of_the_only_axis(formula, old, new):
    assert verdict(formula) == "agree"
    assert verdict(formula.replace(old, new)) != "agree"


def test_letters_of_both_axes_need_two():
    assert verdict(r"y_j = \sum_{s=0}^{S-1} x_{u j+s} f_s") == "agree"
    assert verdict(r"y_j = \sum_{s=0}^{S-1} x_{W-H+j+s} f_s") == "not-judged"

r"""What elements leave open, the forward formula beside them tells."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import Document

HINTS = {"input": "3", "filter": "2", "names": "s,h,q", "index-base": "0"}
FORWARD = r"$$q_{ij} = \sum_{m,n} s_{i+m,j+n} h_{mn}$$"
NUMBERS = r"""
$$s = \begin{bmatrix} 2 & 1 & 0 \\ 0 & 1 & 3 \\ 1 & 0 & 1 \end{bmatrix}$$

$$h = \begin{bmatrix} 2 & 0 \\ 0 & 1 \end{bmatrix}, \qquad
\delta = \frac{\partial E}{\partial q} = \begin{bmatrix} 1 & 0 \\ 2 & 1 \end{bmatrix}$$

$$\frac{\partial E}{\partial s_{11}} = h_{00} \delta_{11} + h_{11} \delta_{00}$$

$$\frac{\partial E}{\partial h} = \begin{bmatrix} 3 & 6 \\ 2 & %d \end{bmatrix}$$
"""


@pytest.mark.parametrize(
    ("forward", "last", "verdicts"),
    [
        (FORWARD, 2, ["agree"] * 4),
        (FORWARD, 3, ["agree"] * 3 + ["wrong"]),
        ("", 2, ["not-judged"]),
        (FORWARD.replace("i+m,j+n", "i-m,j-n"), 2, ["not-judged"]),
    ],
)
def test_a_forward_formula_decides_between_strides(forward, last, verdicts):
    """Two products fit three strides, one of which the formula has."""
    text = forward + NUMBERS % last
    found = check(Document("notes", "markdown", text), hints(HINTS)).judgements
    after = text.index(r"\partial h}")
    assert [j.verdict for j in found if j.place.start > after - 40] == verdicts

"""Letters that only count a tensor's elements: M in a sum over m = 1 .. M of w_m."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.source.text import Document


def verdicts(*formulas: str) -> list[str]:
    text = "".join(f"$$ {formula} $$\n\n" for formula in formulas)
    return [j.verdict for j in check(Document("notes", "markdown", text)).judgements]


ONE = r"y_{i,j} = \sum_{m=1}^{M}\sum_{n=1}^{N} w_{m,n} x_{i+m-1,j+n-1} + b"
ZERO = r"y_{ij} = \sum_{m=0}^{M-1}\sum_{n=0}^{N-1} w_{mn} x_{i+m,j+n}"
SQUARE = r"y_{ij} = \sum_{m=0}^{M-1}\sum_{n=0}^{M-1} w_{mn} x_{i+m,j+n}"
LAYERED = r"y^{l}_{ij} = \sum_{0 \le m < M}\sum_{0 \le n < N} w^{l}_{mn} x^{l-1}_{i+m,j+n} + b^{l}"
BACK = (
    r"\frac{\partial L}{\partial x_{ij}} = \sum_{m=0}^{M-1}\sum_{n=0}^{N-1} "
    r"\frac{\partial L}{\partial y_{i-m,j-n}} w_{mn}"
)
FILTER = (
    r"\frac{\partial L}{\partial w_{mn}} = \sum_{i=0}^{U-1}\sum_{j=0}^{V-1} "
    r"\frac{\partial L}{\partial y_{ij}} x_{i+m,j+n}"
)


@pytest.mark.parametrize("formula", [ONE, ZERO, SQUARE, LAYERED, BACK, FILTER])
def test_a_sum_over_all_elements_agrees(formula):
    assert verdicts(formula) == ["agree"]
    assert verdicts(ZERO, BACK, FILTER) == ["agree"] * 3


@pytest.mark.parametrize(
    ("formula", "old", "new"),
    [
        (ONE, "m-1", "m"), (ONE, "j+n", "j-n"), (ONE, "{M}", "{M-1}"), (ONE, "m=1", "m=0"),
        (ZERO, "i+m", "i-m"), (ZERO, "{M-1}", "{M}"), (ZERO, "m=0", "m=1"), (ZERO, "j+n", "j+m"),
        (SQUARE, "i+m", "i+M"), (LAYERED, "m < M", r"m \\le M"), (BACK, "i-m", "i+m"),
        (BACK, "{N-1}", "{N}"), (FILTER, "i+m", "i-m"), (FILTER, "{U-1}", "{U}"),
    ],
)  # fmt: skip
def test_no_slip_agrees(formula, old, new):
    slip = formula.replace(old, new, 1)
    assert slip != formula
    assert verdicts(slip) != ["agree"]


def test_a_letter_counts_the_same_in_all_formulas():
    assert verdicts(ZERO, BACK, FILTER.replace("{U-1}", "{M-1}"))[2] != "agree"
    assert verdicts(ZERO.replace("{M-1}", "{N-1}"), BACK, FILTER)[0] != "agree"
    chain = (
        r"\frac{\partial L}{\partial x_i} = \sum_{a=0}^{M-1} \frac{\partial L}{\partial y_{i-a}} "
        r"\frac{\partial y_{i-a}}{\partial x_i} = \sum_{a=0}^{M-1} "
        r"\frac{\partial L}{\partial y_{i-a}} w_a"
    )
    assert verdicts(chain) == ["agree"]
    assert verdicts(chain.replace("M", "T", 1)) != ["agree"]
    channels = r"y_{kij} = \sum_{c=1}^{C}\sum_{m=1}^{M}\sum_{n=1}^{N} x_{c,i+m-1,j+n-1} w_{kcmn}"
    assert verdicts(channels) == ["agree"]
    assert verdicts(channels.replace("{M}", "{C}")) != ["agree"]
    assert verdicts(channels.replace("{C}", "{M}")) != ["agree"]


def test_what_a_letter_counts_is_a_guess_until_a_formula_shows_it():
    slip = BACK.replace("i-m", "i+m")
    assert verdicts(slip) == ["not-judged"]
    assert verdicts(ZERO, slip) == ["agree", "wrong"]


def test_where_nothing_slides_a_letter_may_count_anything():
    chain = (
        r"\frac{\partial L}{\partial x_i} = \sum_{k=1}^{M} \frac{\partial L}{\partial y_k} "
        r"\frac{\partial y_k}{\partial x_i}"
    )
    assert verdicts(chain) == ["not-judged"]


def test_a_letter_of_another_tensors_shape_counts_no_filter():
    shapes = r"For $x \in \mathbb{R}^n$ and $\mathbf{w} \in \mathbb{R}^{m}$:" + "\n\n"
    for letter, verdict in (("m", "agree"), ("n", "not-judged"), ("t", "agree")):
        formula = rf"$$ y_i = \sum_{{j=0}}^{{{letter}-1}} x_{{i+j}} w_j $$"
        found = check(Document("notes", "markdown", shapes + formula)).judgements
        assert [j.verdict for j in found if j.kind == "index"] == [verdict]

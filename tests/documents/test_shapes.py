r"""Shapes of tensors, X \in \mathbb{R}^{5 \times 5}: judged, and evidence for the notation."""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.source.text import Document

D = r"\frac{\partial L}{\partial %s_{%s}}"
FORWARD = r"""
$$y_{00} = x_{00}w_{00} + x_{01}w_{01} + x_{10}w_{10} + x_{11}w_{11}$$
$$y_{01} = x_{01}w_{00} + x_{02}w_{01} + x_{11}w_{10} + x_{12}w_{11}$$
"""
GRADIENT = (
    rf"$${D % ('w', '00')} = " + " + ".join(
        rf"{D % ('y', f'{p}{q}')} x_{{{p}{q}}}" for p in range(2) for q in range(3)
    ) + "$$\n"
)  # fmt: skip
SHAPES = r"Let $X \in \mathbb{R}^{3 \times 4}$, $W \in \R^{2\times 2}$, $\mathbf{Y} \in \mathbb R^{2 \times 3}$."


def judged(text):
    return check(Document("n", "markdown", text))


def test_shapes_agree_and_say_how_far_tensors_reach():
    found = judged(SHAPES + FORWARD + GRADIENT)
    assert found.counts == (6, 0, 0)
    assert found.regions[0].readings[0].geometry.input == (3, 4)
    assert [j.target for j in found.judgements[:3]] == ["x shape", "f shape", "y shape"]


def test_what_a_shape_shows_to_be_missing_is_wrong():
    short = GRADIENT.replace(f" + {D % ('y', '12')} x_{{12}}", "")
    assert short != GRADIENT
    assert [j.verdict for j in judged(SHAPES + FORWARD + short).judgements[-1:]] == ["wrong"]


@pytest.mark.parametrize(
    ("right", "mutant"),
    [(r"3 \times 4", r"3 \times 5"), (r"2\times 2", r"3 \times 2"), (r"2 \times 3", r"2 \times 2")],
)
def test_a_shape_that_no_example_has_does_not_agree(right, mutant):
    found = judged(SHAPES.replace(right, mutant) + FORWARD + GRADIENT)
    assert [j.verdict for j in found.judgements[:3]].count("not-judged") >= 1
    assert found.counts[1] == 0


@pytest.mark.parametrize(
    "other",
    [r"X \in \mathbb{R}^{8 \times 3 \times 4}", r"i \in \{0, 1\}", r"X \in \mathbb{R}^{H \times W}",
     r"Z \in \mathbb{R}^{3 \times 4}", r"x_{00} \in \mathbb{R}"],
)  # fmt: skip
def test_other_sets_say_nothing(other):
    assert judged(f"${other}$\n{FORWARD}").counts == (2, 0, 0)

r"""Errors of layers, \delta^{l-1} = \delta^l * rot180(W^l) \odot \sigma'(z^{l-1})."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.source.text import Document
from symconv.documents.verdicts.verdict import AGREE, EquationVerdict

ERROR = r"\delta^{l-1} = \delta^{l} *_{\text{full}} \text{rot180}(W^{l})"
FACTOR = r" \odot \sigma'(z^{l-1})"
AHEAD = r"\delta^{l-1} = \sigma'(z^{l-1}) \odot (\delta^{l} *_{\text{full}} \text{rot180}(W^{l}))"
UP_TO_IT = "up to the derivative of the activation"


def last(text: str) -> EquationVerdict:
    return check(Document("notes", "markdown", text)).judgements[-1]


@pytest.mark.parametrize("formula", [ERROR, ERROR + FACTOR, AHEAD])
def test_an_error_is_right_up_to_its_activation(formula):
    assert last(f"$$ {formula} $$").scope.endswith(UP_TO_IT)
    for old, new in (
        (r"{\text{full}}", r"{\text{same}}"), (r"\text{rot180}(W^{l})", "X^{l}"),
        ("W^{l}", "W^{l-2}"), ("W^{l}", "W^{l+1}"), (r"= \delta^{l} ", r"= \delta^{l-1} "),
        (r"\delta^{l-1} =", r"\delta^{l+1} ="),
    ):  # fmt: skip
        if old in formula:
            assert last(f"$$ {formula.replace(old, new, 1)} $$").verdict != AGREE


def test_a_bare_sign_still_has_to_mean_the_full_convolution():
    found = last(rf"$$ {ERROR.replace('_{' + chr(92) + 'text{full}}', '')}{FACTOR} $$")
    assert found.reason == "right only if the sign means a full correlation; write *_{full}"


def test_a_delta_with_a_tensor_below_is_its_gradient():
    forward = "$$ Y = X * F $$\n\n"
    error = r"\delta_X = \delta_Y *_{\text{full}} \text{rot180}(F)"
    assert last(f"{forward}$$ {error} $$").verdict == AGREE
    assert last(rf"{forward}$$ \delta_F = X * \delta_Y $$").verdict == AGREE
    for old, new in (("_X", "_F"), ("_Y", "_X"), (r"\text{rot180}(F)", "F"), ("(F)", "(X)")):
        assert last(f"{forward}$$ {error.replace(old, new)} $$").verdict != AGREE


def test_rotation_needs_no_brackets():
    bare = r"dX = dY *_{\text{full}} \text{rot}_{180} F"
    assert last(f"$$ {bare} $$").verdict == AGREE
    assert last(r"$$ dX = \text{rot}_{180} F *_{\text{full}} dY $$").verdict == AGREE
    for old, new in (("180} F", "180} X"), ("dY", "dX"), ("full", "same")):
        assert last(f"$$ {bare.replace(old, new, 1)} $$").verdict != AGREE


def test_it_is_the_filter_that_slides():
    assert last(r"$$ dX = \text{rot180}(F) *_{\text{full}} dY $$").verdict == AGREE
    found = last(r"$$ dX = \text{rot180}(dY) *_{\text{full}} F $$")
    assert found.reason == "right only if the first tensor slides over the filter"


def test_a_full_sign_means_what_the_sign_means():
    turned = r"$$ dX = dY *_{\text{full}} F $$"
    assert last(turned).verdict == AGREE
    assert last(f"$$ Y = X * F $$\n\n{turned}").verdict != AGREE


def test_a_same_convolution_of_a_dilated_gradient_is_not_wrong():
    formula = r"$$ dX = \text{dilate}(dY, s) *_{\text{same}} \text{rot180}(F) $$"
    assert last(formula).verdict == "not-judged"
    assert last(formula.replace("dX", "dF")).verdict != AGREE

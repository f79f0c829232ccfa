r"""Gradients that are told by a mark alone (\dot{x}, \hat{x}), and what shows that they are."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.source.text import Document

MARKS = (r"\dot{%s}", r"\bar{%s}", r"\hat{%s}", r"\tilde{%s}", "%s'")


def report(text: str):
    return check(Document("notes", "markdown", text))


def equations(mark: str, *sides: tuple[str, str]) -> str:
    """Return equations with ``<x>`` for the marked x."""

    def marked(side: str) -> str:
        for name in "awz":
            side = side.replace(f"<{name}>", mark % name)
        return side

    return "\n\n".join(f"$${marked(left)} = {marked(right)}$$" for left, right in sides)


INPUT = (
    ("<a>_0", "<z>_0 w_0"),
    ("<a>_1", "<z>_0 w_1 + <z>_1 w_0"),
    ("<a>_2", "<z>_0 w_2 + <z>_1 w_1"),
    ("<a>_3", "<z>_1 w_2"),
)
FILTER = (
    ("<w>_0", "<z>_0 a_0 + <z>_1 a_1"),
    ("<w>_1", "<z>_0 a_1 + <z>_1 a_2"),
    ("<w>_2", "<z>_0 a_2 + <z>_1 a_3"),
)
LOCAL = (
    (r"\frac{\partial z_1}{\partial a_1}", "w_0"),
    (r"\frac{\partial z_1}{\partial w_2}", "a_3"),
    (r"\frac{\partial z_0}{\partial a_1}", "w_1"),
)
CHAIN = (
    ("<a>_0", r"<z>_0 \frac{\partial z_0}{\partial a_0}"),
    ("<a>_1", r"<z>_0 \frac{\partial z_0}{\partial a_1} + <z>_1 \frac{\partial z_1}{\partial a_1}"),
)
SHOWN = {"both gradients": FILTER, "local derivatives": LOCAL, "the chain rule": LOCAL + CHAIN}


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("shown", SHOWN)
def test_marked_gradients_without_a_forward_pass_agree(mark, shown):
    found = report(equations(mark, *SHOWN[shown], *INPUT))
    assert found.counts == (len(SHOWN[shown]) + 4, 0, 0), [j.reason for j in found.judgements]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("shown", SHOWN)
def test_a_slip_in_a_marked_gradient_is_wrong(mark, shown):
    slip = ("<a>_1", "<z>_0 w_0 + <z>_1 w_1")
    found = report(equations(mark, *SHOWN[shown], INPUT[0], slip, *INPUT[2:]))
    assert found.counts == (len(SHOWN[shown]) + 3, 1, 0)
    assert found.judgements[-3].verdict == "wrong"


@pytest.mark.parametrize("mark", MARKS[1:])
def test_a_convolution_of_marked_tensors_stays_one(mark):
    forward = equations(
        mark,
        ("<z>_0", "<a>_0 w_0 + <a>_1 w_1 + <a>_2 w_2"),
        ("<z>_1", "<a>_1 w_0 + <a>_2 w_1 + <a>_3 w_2"),
        ("<z>_2", "<a>_2 w_0 + <a>_3 w_1 + <a>_4 w_2"),
    )
    assert report(forward).counts == (3, 0, 0)
    assert report(forward.replace("_3 w_2", "_3 w_1")).counts[0] < 3


def test_a_letter_of_its_own_is_the_gradient_and_not_what_is_differentiated_by():
    """`g` is a filter elsewhere, but nobody differentiates a gradient again."""

    def text(*lines: str) -> str:
        return "\n\n".join(f"$${line}$$" for line in lines)

    filters = [
        r"\frac{\partial L}{\partial W_1} = g_1 V_1 + g_2 V_2 + g_3 V_3",
        r"\frac{\partial L}{\partial W_2} = g_1 V_2 + g_2 V_3 + g_3 V_4",
    ]
    inputs = [
        r"\frac{\partial L}{\partial V_1} = g_1 W_1",
        r"\frac{\partial L}{\partial V_2} = g_1 W_2 + g_2 W_1",
        r"\frac{\partial L}{\partial V_3} = g_2 W_2 + g_3 W_1",
        r"\frac{\partial L}{\partial V_4} = g_3 W_2",
    ]
    hint = "<!-- symconv: input=4 filter=2 stride=1 padding=0 dilation=1 names=V,W,Z"
    hint += " forward=correlation -->\n\n"
    found = report(hint + text(*filters, *inputs))
    assert found.counts == (6, 0, 0)
    assert found.regions[0].readings[0].gradients == ("g",)
    wrong = [*filters, inputs[0], inputs[1].replace("g_1 W_2", "g_1 W_1"), *inputs[2:]]
    assert report(hint + text(*wrong)).counts == (5, 1, 0)

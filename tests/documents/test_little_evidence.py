"""Documents in which few equations tell the notation."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.source.text import Document

LOCAL = r"""
$$\frac{\partial y_4}{\partial w_1} = x_4$$

$$\frac{\partial y_3}{\partial w_1} = x_3$$

$$\frac{\partial y_1}{\partial w_1} = x_1$$

$$\frac{\partial y_3}{\partial x_4} = w_2$$
"""
GRADIENTS = r"""
$$\frac{\partial L}{\partial x_1} = \frac{\partial L}{\partial y_1}w_1$$

$$\frac{\partial L}{\partial x_2} = \frac{\partial L}{\partial y_1}w_2 + \frac{\partial L}{\partial y_2}w_1$$

$$\frac{\partial L}{\partial x_3} = \frac{\partial L}{\partial y_2}w_2 + \frac{\partial L}{\partial y_3}w_1$$

$$\frac{\partial L}{\partial x_4} = \frac{\partial L}{\partial y_3}w_2 + \frac{\partial L}{\partial y_4}w_1$$

$$\frac{\partial L}{\partial x_5} = \frac{\partial L}{\partial y_4}w_2$$
"""  # noqa: E501


def report(text: str):
    return check(Document("notes", "markdown", text))


def test_one_local_derivative_does_not_outvote_all_gradients():
    assert report(LOCAL + GRADIENTS).counts == (9, 0, 0)
    found = report(LOCAL.replace("x_4} = w_2", "x_5} = w_2") + GRADIENTS)
    assert found.counts == (8, 1, 0)
    assert found.judgements[3].verdict == "wrong"


@pytest.mark.parametrize("bias", ["b", "b_0"])
def test_a_bias_with_an_index_moves_no_matrix(bias):
    cells = [
        rf"x_{{{i}{j}}}w_{{11}} + x_{{{i}{j + 1}}}w_{{12}} + {bias}" for i in (1, 2) for j in (1, 2)
    ]
    text = r"$$y = \begin{bmatrix} %s & %s \\ %s & %s \end{bmatrix}$$"
    assert report(text % tuple(cells)).counts == (4, 0, 0)
    cells[3] = cells[2]
    assert report(text % tuple(cells)).counts == (3, 1, 0)


def test_windows_in_the_padding_say_so_beside_the_bias():
    rows = ["0 + b", "x_1 w_1 + x_2 w_2 + b", "x_3 w_1 + x_4 w_2 + b", "0 + b"]
    text = "\n\n".join(f"$$y_{k} = {row}$$" for k, row in enumerate(rows, 1))
    assert report(text).counts == (4, 0, 0)
    slip = report(text.replace("y_4 = 0", "y_4 = x_4 w_2"))
    assert slip.judgements[3].verdict != "agree"

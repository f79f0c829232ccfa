"""Pictures of the padded gradient: whole ones are let be, and of cut ones it is said."""

from __future__ import annotations

import numpy as np
import pytest
from documents.styles import Style, sizes

from symconv.documents.check import check
from symconv.documents.source.text import Document

XFY = {"X": "x", "F": "f", "Y": "y"}
CASES = {
    "H5R3u2": sizes((5, 5), (3, 3), 2),
    "H6R3u2-remainder": sizes((6, 6), (3, 3), 2),
    "H7x5R3x2u3x2": sizes((7, 5), (3, 2), (3, 2)),
    "H5R3u2p1": sizes((5, 5), (3, 3), 2, 1),
    "H7R3u2d2": sizes((7, 7), (3, 3), (2, 1), 0, 2),
}


def operand(s, cut=(0, 0), begin=(0, 0)) -> list[list[str]]:
    """The operand of dX as a picture: its size is that for which a valid pass gives H x W."""
    reach = [d * (r - 1) for r, d in zip(s.filter, s.dilation, strict=True)]
    shape = [h + n for h, n in zip(s.input, reach, strict=True)]
    picture = np.full(shape, "0", dtype=object)
    for p in range(s.output[0]):
        for q in range(s.output[1]):
            # x[0] meets y[p] through f[r] with p*u + r*d = lo; the picture is read from r = R-1 on.
            row = reach[0] - s.padding[0] + p * s.stride[0]
            column = reach[1] - s.padding[1] + q * s.stride[1]
            picture[row, column] = rf"$\frac{{\partial L}}{{\partial y_{{{p}{q}}}}}$"
    rows, columns = picture.shape
    return picture[begin[0] : rows - cut[0], begin[1] : columns - cut[1]].tolist()


def told(s, picture: list[list[str]]) -> list[str]:
    style = Style("any", "markdown", s, XFY)
    table = ["| " + " | ".join(row) + " |" for row in picture]
    table.insert(1, "|" + "---|" * len(picture[0]))
    text = style.document(style.lines()) + "\n" + "\n".join(table) + "\n"
    found = check(Document("notes", "markdown", text))
    assert found.count("wrong") == 0
    return [j.reason for j in found.judgements if j.verdict == "not-judged"]


@pytest.mark.parametrize("s", CASES.values(), ids=CASES)
def test_a_whole_picture_is_let_be(s):
    assert told(s, operand(s)) == []


@pytest.mark.parametrize("s", CASES.values(), ids=CASES)
@pytest.mark.parametrize("cut", [(1, 0), (0, 1), (1, 1)])
def test_of_a_picture_that_ends_too_early_it_is_said(s, cut):
    whole, picture = operand(s), operand(s, cut)
    (reason,) = told(s, picture)
    assert f"picture is {len(picture)}x{len(picture[0])};" in reason
    assert f"for dX is {len(whole)}x{len(whole[0])}," in reason


def test_a_gradient_that_is_only_dilated_is_let_be():
    s = CASES["H5R3u2"]
    assert told(s, operand(s, cut=(2, 2), begin=(2, 2))) == []

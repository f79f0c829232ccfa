"""Grids of four cells, with one slip: it is found in its own cell."""

from __future__ import annotations

import pytest
from documents.test_index_formulas import example

from symconv.documents.check import check
from symconv.documents.source.text import Document

SHOWN = example(3, 2)
TURNED = [["11", "10"], ["01", "00"]]
PLAIN = [["00", "01"], ["10", "11"]]


def wrong_cells(cells: list[list[str]]) -> list[str]:
    rows = r" \\ ".join(" & ".join(f"f_{{{index}}}" for index in row) for row in cells)
    text = rf"{SHOWN}" + "\n\n" + rf"$$ \begin{{bmatrix}} {rows} \end{{bmatrix}} $$"
    found = check(Document("notes", "markdown", text)).judgements
    return [text[j.place.start : j.place.end] for j in found if j.verdict == "wrong"]


@pytest.mark.parametrize("cells", [TURNED, PLAIN])
def test_one_slip_among_four_cells_is_found_where_it_is(cells):
    assert wrong_cells(cells) == []
    for i, j, index in ((0, 1, "12"), (1, 0, "21"), (1, 1, "02"), (0, 0, "20")):
        slipped = [list(row) for row in cells]
        slipped[i][j] = index
        assert wrong_cells(slipped) == [f"f_{{{index}}}"]


def test_a_jacobian_that_only_shows_where_its_cells_stand_is_no_statement():
    cells = [rf"\frac{{\partial y_{p}}}{{\partial x_{m}}}" for p in "12" for m in "123"]
    rows = " & ".join(cells[:3]) + r" \\ " + " & ".join(cells[3:])
    text = (
        "$$ y_1 = x_1 w_1 + x_2 w_2 $$\n\n$$ y_2 = x_2 w_1 + x_3 w_2 $$\n\n"
        rf"$$ \frac{{\partial y}}{{\partial x}} = \begin{{bmatrix}} {rows} \end{{bmatrix}} $$"
    )
    found = check(Document("notes", "markdown", text)).judgements
    assert [j.verdict for j in found] == ["agree"] * 2

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

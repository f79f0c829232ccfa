"""Tables with an equation in each row, and grids that are two columns wide."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.source.text import Document

FORWARD = r"""
$$y_{11} = x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22}$$

$$y_{12} = x_{12}w_{11} + x_{13}w_{12} + x_{22}w_{21} + x_{23}w_{22}$$

$$y_{21} = x_{21}w_{11} + x_{22}w_{12} + x_{31}w_{21} + x_{32}w_{22}$$

$$y_{22} = x_{22}w_{11} + x_{23}w_{12} + x_{32}w_{21} + x_{33}w_{22}$$

"""
ROWS = {
    "corners of a gradient": (
        (r"\nabla x_{11}", r"\nabla y_{11}w_{11}"),
        (r"\nabla x_{13}", r"\nabla y_{12}w_{12}"),
        (r"\nabla x_{31}", r"\nabla y_{21}w_{21}"),
    ),
    "sums in a few rows": (
        (r"\nabla x_{11}", r"\nabla y_{11}w_{11}"),
        (r"\nabla x_{12}", r"\nabla y_{11}w_{12} + \nabla y_{12}w_{11}"),
        (r"\nabla x_{13}", r"\nabla y_{12}w_{12}"),
    ),
    "local derivatives": (
        (r"\frac{\partial y_{11}}{\partial x_{11}}", "w_{11}"),
        (r"\frac{\partial y_{12}}{\partial x_{11}}", "0"),
        (r"\frac{\partial y_{12}}{\partial x_{12}}", "w_{11}"),
    ),
    "both gradients": (
        (r"\nabla x_{13}", r"\nabla y_{12}w_{12}"),
        (r"\frac{\partial y_{12}}{\partial w_{22}}", "x_{23}"),
        (r"\nabla x_{31}", r"\nabla y_{21}w_{21}"),
    ),
    "zeros beside one product": (
        (r"\frac{\partial y_{22}}{\partial x_{11}}", "0"),
        (r"\frac{\partial y_{22}}{\partial x_{12}}", "0"),
        (r"\frac{\partial y_{22}}{\partial x_{22}}", "w_{11}"),
    ),
}


def report(text: str):
    return check(Document("notes", "markdown", text))


def table(rows) -> str:
    lines = (f"| ${left}$ | ${right}$ |" for left, right in rows)
    return "\n".join(["| element | its sum |", "|---|---|", *lines])


@pytest.mark.parametrize("name", ROWS)
def test_rows_are_equations(name):
    found = report(FORWARD + table(ROWS[name]))
    assert found.counts == (7, 0, 0)
    assert all(j.kind != "matrix-cell" for j in found.judgements)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("row", [0, 2])
def test_a_slip_in_a_row_is_wrong(name, row):
    rows = list(ROWS[name])
    left, right = rows[row]
    rows[row] = left, "w_{21}" if right == "0" else right.replace("w_{1", "w_{2")
    if rows[row][1] == right:
        rows[row] = left, right.replace("w_{2", "w_{1")
    found = report(FORWARD + table(rows))
    assert found.counts == (6, 1, 0)
    assert found.judgements[4 + row].verdict == "wrong"


def test_a_grid_of_two_columns_stays_one():
    rows = [("x_{11}", "x_{12}"), ("x_{21}", "x_{22}"), ("x_{31}", "x_{32}")]
    assert report(FORWARD + table(rows)).counts == (10, 0, 0)
    products = [(f"x_{{{i}1}}w_{{{i}1}}", f"x_{{{i}2}}w_{{{i}2}}") for i in (1, 2)]
    assert report(FORWARD + table(products)).counts == (8, 0, 0)
    slip = [products[0], (products[1][0], "x_{23}w_{22}")]
    assert report(FORWARD + table(slip)).counts == (7, 1, 0)

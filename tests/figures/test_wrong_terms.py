"""The figure of wrong terms marks what is wrong and what is missing, each product once."""

import itertools

import pytest
from implementations.programs import program

from symconv.equation import Element
from symconv.figures.frames import Look, Panel
from symconv.figures.wrong_terms import wrong_terms
from symconv.implementations.report import (
    ElementTerms,
    GradientReport,
    GradientTerm,
    GradientVerdict,
    ImplementationReport,
    TermDifference,
)


def frame_of(terms):
    """Return the frame of one wrong gradient."""
    table = TermDifference("dX[..]", "..", "..", terms)
    gradient = GradientReport(terms.gradient, GradientVerdict.WRONG, message="wrong", table=table)
    report = ImplementationReport(
        "layers.py", "conv", "", "correlation", True, (gradient,), (), (), (), (), 1
    )
    return wrong_terms(report)


def looks(panel):
    return {
        (row, column): tile.look
        for row, tiles in enumerate(panel.tiles)
        for column, tile in enumerate(tiles)
    }


RIGHT = tuple(GradientTerm((0, k, 0, q), (k, 0, 0, 1 - q), 1.0) for k in (0, 1) for q in (0, 1))
STRANGE = GradientTerm((0, 1, 1, 0), (1, 0, 1, 1), 2.0)
TERMS = ElementTerms(
    "dX", (1, 2, 3, 3), (1, 2, 2, 2), (0, 1, 0, 1), (*RIGHT[:3], STRANGE), RIGHT,
    frozenset({(0, 1, 0, 1), (0, 1, 2, 2), (0, 0, 0, 0)}),
)  # fmt: skip


def test_what_is_wrong_and_what_is_missing_is_marked():
    (frame,) = frame_of(TERMS)
    gradient, there, belongs = (part for part in frame.rows[0] if isinstance(part, Panel))
    wrong = {at for at, look in looks(gradient).items() if look is Look.WRONG}
    assert wrong == {(0, 1), (2, 2)}  # of this image and channel alone
    assert [(area.row, area.column) for area in gradient.outlines] == [(0, 1)]
    # The second filter is where they differ.
    assert looks(there) == {
        (0, 0): Look.PRODUCT, (0, 1): Look.PENDING, (1, 0): Look.WRONG, (1, 1): Look.PENDING,
    }  # fmt: skip
    assert looks(belongs) == {
        (0, 0): Look.PRODUCT, (0, 1): Look.MISSING, (1, 0): Look.PENDING, (1, 1): Look.PENDING,
    }  # fmt: skip
    assert there.tiles[0][0].label == (Element("dY", (0, 0)), Element("F", (0, 1)))
    assert there.tiles[1][0].label[1:] == (Element("dY", (1, 0)), Element("F", (1, 1)))
    assert {key.look for key in frame.legend} == {Look.PRODUCT, Look.WRONG, Look.MISSING}


def test_its_twin_that_is_right_has_no_mark():
    twin = ElementTerms("dX", TERMS.shape, TERMS.output, TERMS.element, RIGHT, RIGHT, frozenset())
    (frame,) = frame_of(twin)
    panels = [part for part in frame.rows[0] if isinstance(part, Panel)]
    every = set(itertools.chain(*(looks(panel).values() for panel in panels)))
    assert not every & {Look.WRONG, Look.MISSING}


def test_three_axes_are_not_drawn():
    term = GradientTerm((0, 0, 0, 0, 0), (0, 0, 0, 0, 0), 1.0)
    space = (1, 1, 1, 1, 1)
    terms = ElementTerms("dX", space, space, (0,) * 5, (term,), (), frozenset({(0,) * 5}))
    assert frame_of(terms) == []


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_command_draws_them(run, tmp_path, form):
    path, figure = tmp_path / "layers.py", tmp_path / f"terms.{form}"
    path.write_text(program().replace("dw += np", "dw = np"))
    done = run("verify", str(path), "--figure", str(figure), *["--dark"] * (form == "png"))
    assert done.status == 1
    assert "Wrote" in done.err
    data = figure.read_bytes()
    assert data.startswith(b"\x89PNG" if form == "png" else b"<svg")


def test_where_nothing_is_wrong_nothing_is_drawn(run, tmp_path):
    path, figure = tmp_path / "layers.py", tmp_path / "terms.svg"
    path.write_text(program())
    done = run("verify", str(path), "--figure", str(figure))
    assert done.status == 0
    assert "Nothing to draw" in done.err
    assert not figure.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--figure", "terms.jpg"), ".svg, .png, .tikz"), (("--dark",), "--figure"),
     (("--figure", "nowhere/terms.svg"), "nowhere")],
)  # fmt: skip
def test_a_figure_that_cannot_be_is_one_line(run, options, said):
    done = run("verify", "layers.py", *options)
    assert done.status == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1

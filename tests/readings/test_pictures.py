from __future__ import annotations

import numpy as np
import pytest
from strategies import CASES, SPREAD, TRANSPOSED

from symconv.engines.engine import leaf_shapes
from symconv.engines.forward import forward
from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate, Dilate, Leaf, Pad, Rotate
from symconv.geometry import Geometry
from symconv.readings import equations, pictures
from symconv.readings.pictures import CellKind, PictureCell
from symconv.telling import stories
from symconv.tensors.expressions import Expressions

F, dY = Leaf("F"), Leaf("dY")
SHAPES = {"F": (2, 2), "dY": (2, 2), "X": (3, 3)}


def kinds(grid):
    letters = {
        CellKind.VALUE: "v",
        CellKind.DILATION: "d",
        CellKind.PADDING: "p",
        CellKind.REMAINDER: "r",
    }
    return ["".join(letters[cell.kind] for cell in row) for row in grid]


def test_zeros_are_told_apart():
    grid = pictures.read(Pad(Dilate(dY, (2, 2)), ((1, 1), (0, 2))), SHAPES)
    assert kinds(grid) == ["ppppp", "vdvpp", "dddpp", "vdvpp", "ppppp"]


def test_a_crop_takes_elements_away():
    grid = pictures.read(Pad(F, ((-1, 0), (0, 1))), SHAPES)
    assert [cell.element for cell in grid[0]] == [("F", (1, 0)), ("F", (1, 1)), None]


def test_a_crop_beyond_the_tensor_leaves_zeros():
    grid = pictures.read(Pad(F, ((-3, 2), (0, 0))), SHAPES)
    assert kinds(grid) == ["pp"]


@pytest.mark.parametrize(
    "node",
    [
        Rotate(F),
        Pad(Rotate(F), ((1, -1), (0, 2))),
        Rotate(Dilate(Pad(F, ((0, 1), (1, 0))), (2, 3))),
    ],
)
def test_a_picture_holds_what_the_formula_gives(node):
    grid = pictures.read(node, SHAPES)
    given = Expressions(equations.read(node, SHAPES))
    assert grid.shape == given.shape
    for index, cell in np.ndenumerate(grid):
        assert given.terms(index) == (((cell.element,),) if cell.element else ())


def test_what_is_no_single_grid_cannot_be_drawn():
    with pytest.raises(TypeError, match="cannot be drawn"):
        pictures.read(Correlate(dY, F, (1, 1), (1, 1)), SHAPES)


def products(grid):
    """Return the products of a grid with another lying on it."""
    return sorted(
        tuple(sorted((cell.element, cell.over)))
        for cell in grid.flat
        if cell.covered and cell.element and cell.over
    )


DRAWN = {
    name: sizes for name, sizes in (CASES | SPREAD | TRANSPOSED).items() if len(sizes.axes) < 3
}

drawn_case = pytest.mark.parametrize("sizes", DRAWN.values(), ids=DRAWN.keys())


def sum_of(terms):
    return sorted(tuple(sorted(term)) for term in terms)


@drawn_case
def test_windows_hold_the_products_of_their_outputs(sizes):
    y, form = forward(sizes), closed_forms.forward(sizes)
    for window in np.ndindex(*sizes.output):
        grid = stories.window(form, sizes, window)
        assert products(grid) == sum_of(y.terms(window))
        covered = sum(cell.covered for cell in grid.flat)
        assert covered == np.prod(sizes.filter)


@pytest.mark.parametrize("tensor", ["X", "F"])
@drawn_case
def test_the_picture_of_a_story_holds_the_products_of_the_gradient(sizes, tensor):
    from symconv.derivation import derive
    from symconv.equation import Element
    from symconv.telling.blocks import Pictures

    derivation = derive(sizes, engine="terms")
    shape = {"X": sizes.input, "F": sizes.filter}[tensor]
    drawn = 0
    for index in np.ndindex(*shape):
        element = Element(tensor, index)
        told = list(stories.story(derivation, element))
        grids = [p.grid for block in told if isinstance(block, Pictures) for p in block.pictures]
        terms = derivation.tensor(f"d{tensor}").terms(index)
        assert len(grids) == bool(terms)
        for grid in grids:
            drawn += 1
            assert products(grid) == sum_of(terms)
    assert drawn > 0 or not len(derivation.tensor(f"d{tensor}"))


def test_tinting_marks_the_zeros_of_the_remainder():
    sizes = Geometry.of(6, 3, 2)
    padded = closed_forms.pad(
        closed_forms.dilated_gradient(sizes), closed_forms.input_gradient_padding(sizes)
    )
    grid = pictures.tinted(pictures.read(padded, leaf_shapes(sizes)), sizes.remainder)
    assert kinds(grid)[0] == "pppppppr"
    assert kinds(grid)[-1] == "rrrrrrrr"
    assert kinds(pictures.tinted(grid, (0, 0))) == kinds(grid)


def test_tinting_leaves_elements_alone():
    grid = pictures.tinted(pictures.read(F, SHAPES), (1, 1))
    assert kinds(grid) == ["vv", "vv"]


def test_an_overlay_leaves_the_grid_below_as_it_was():
    under, over = pictures.read(Leaf("X"), SHAPES), pictures.read(F, SHAPES)
    laid = pictures.overlay(under, over, (1, 0), (1, 2))
    assert not any(cell.covered for cell in under.flat)
    assert laid[1, 0] == PictureCell(("X", (1, 0)), CellKind.VALUE, True, ("F", (0, 0)))
    assert laid[2, 2].over == ("F", (1, 1))
    assert sum(cell.covered for cell in laid.flat) == 4

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import get_args

import numpy as np
import pytest
from figure_cases import GEOMETRIES, derived

from symconv.equation import Element, Term
from symconv.errors import FormulaError, SymconvError
from symconv.figures import kinds, windows
from symconv.figures.frames import Area, Frame, Join, Look, Mood, Outline, Panel, Tile, Tiles
from symconv.figures.labels import (
    Atom,
    FormulaLabel,
    Label,
    LocalDerivativeLabel,
    MathematicsLabel,
    Sign,
    Whole,
    Word,
)
from symconv.figures.mistakes import hidden, mistakes, showing, shows_first
from symconv.figures.subject import Subject, element_at, step_of
from symconv.figures.typeset import is_tall, typeset
from symconv.formula.nodes import Leaf, Rotate
from symconv.geometry import Geometry
from symconv.mathematics.tree import Quantity
from symconv.notation import Notation
from symconv.proof.instance import judge
from symconv.telling.writers import Latex
from symconv.views.labels import math, mixed

SLIDING = {"forward": "Y", "input-gradient": "dX", "filter-gradient": "dF"}

geometries = pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES.keys())


def panels(frame: Frame) -> list[Panel]:
    return [part for row in frame.rows for part in row if isinstance(part, Panel)]


def tiles(panel: Panel) -> list[Tile]:
    return [tile for row in panel.tiles for tile in row]


def products(panel: Panel) -> Counter[tuple[Atom, ...]]:
    window = [tile.label for tile in tiles(panel) if tile.look in (Look.PRODUCT, Look.TARGET)]
    return Counter(label for label in window if all(isinstance(a, Element) for a in label))


def window_panel(frame: Frame) -> Panel:
    """Return the panel with the window that the rays come from."""
    number, _ = frame.rays[0].window
    return panels(frame)[number]


def agrees(name: str, geometry: Geometry) -> bool:
    """Whether the products in every window are the terms that sympy derives."""
    derivation, subject = derived(geometry), Subject(geometry)
    tensor = SLIDING[name]
    shape = derivation.tensor(tensor).shape
    return all(
        products(window_panel(frame))
        == Counter(derivation.equation(element_at(tensor, step, shape)).terms)
        for step, frame in enumerate(kinds.frames(name, subject))
    )


@geometries
@pytest.mark.parametrize("name", SLIDING)
def test_each_window_holds_the_terms_that_sympy_derives(name: str, geometry: Geometry) -> None:
    assert agrees(name, geometry)


OTHERS = {
    "transposed": Geometry.of(3, 3, 2, 1, transposed=True, output_padding=1),
    "transposed, dilated": Geometry.of((3, 2), (2, 3), 1, 0, 2, transposed=True, output_padding=1),
    "transposed, one axis": Geometry.of((4,), (2,), (2,), transposed=True),
    "input dilation": Geometry.of(4, 3, 2, 1, 1, 2),
    "one axis": Geometry.of((6,), (3,), (2,)),
}


@pytest.mark.parametrize("geometry", OTHERS.values(), ids=OTHERS.keys())
@pytest.mark.parametrize("name", SLIDING)
def test_each_window_of_another_convolution_holds_its_terms(name: str, geometry: Geometry) -> None:
    assert agrees(name, geometry)


@pytest.mark.parametrize("geometry", OTHERS.values(), ids=OTHERS.keys())
@pytest.mark.parametrize("name", kinds.KINDS)
def test_every_kind_draws_another_convolution(name: str, geometry: Geometry) -> None:
    assert kinds.frames(name, Subject(geometry))


def test_a_transposed_convolution_whose_filter_is_not_rotated_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    derived(OTHERS["transposed"])
    monkeypatch.setattr(windows.closed_forms, "Rotate", lambda of: of)
    assert not agrees("forward", OTHERS["transposed"])


def test_mistakes_with_a_transposed_convolution_are_marked() -> None:
    frames = kinds.frames("wrong", Subject(OTHERS["transposed"]))
    assert [frame.mood for frame in frames] == [Mood.WRONG, Mood.WRONG]


def test_a_filter_that_is_not_rotated_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    derived(GEOMETRIES["H5R3u2"])  # rightly, before the fault
    monkeypatch.setattr(windows.closed_forms, "Rotate", lambda of: of)
    assert not agrees("input-gradient", GEOMETRIES["H5R3u2"])


def test_a_window_that_moves_by_one_instead_of_the_stride_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    laid = windows.pictures.overlay
    monkeypatch.setattr(
        windows.pictures, "overlay", lambda a, b, at, by: laid(a, b, [i // 2 for i in at], by)
    )
    assert not agrees("forward", GEOMETRIES["H5R3u2"])


def test_padding_by_the_textbook_is_noticed_where_there_is_a_remainder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    amounts = ((2, 2), (2, 2))
    derived(GEOMETRIES["H6R3u2"])
    monkeypatch.setattr(windows.closed_forms, "input_gradient_padding", lambda geometry: amounts)
    with pytest.raises(IndexError):
        agrees("input-gradient", GEOMETRIES["H6R3u2"])


@geometries
@pytest.mark.parametrize("name", kinds.KINDS)
def test_a_frame_is_a_function_of_geometry_and_step(name: str, geometry: Geometry) -> None:
    assert kinds.frames(name, Subject(geometry)) == kinds.frames(name, Subject(geometry))


@geometries
@pytest.mark.parametrize("name", SLIDING)
def test_rays_tie_the_window_to_what_it_computes(name: str, geometry: Geometry) -> None:
    for frame in kinds.frames(name, Subject(geometry)):
        (ray,) = frame.rays
        number, window = ray.window
        assert window in panels(frame)[number].outlines
        covered = (Look.PRODUCT, Look.DEAD)
        assert count_of(panels(frame)[number], covered) == count_of(
            Panel((), cut(panels(frame)[number], window)), covered
        )
        number, target = ray.target
        assert within(panels(frame)[number], target) == {Look.TARGET}
        (upon, *_, filled) = panels(frame)
        assert not any(tile.look is Look.TARGET for tile in tiles(upon))
        assert filled == panels(frame)[number]


def cut(panel: Panel, area: Area) -> Tiles:
    rows = panel.tiles[area.row : area.row + area.rows]
    return tuple(row[area.column : area.column + area.columns] for row in rows)


def within(panel: Panel, area: Area) -> set[Look]:
    return {tile.look for row in cut(panel, area) for tile in row}


def count_of(panel: Panel, looks: tuple[Look, ...]) -> int:
    return sum(tile.look in looks for tile in tiles(panel))


@geometries
@pytest.mark.parametrize("name", [*SLIDING, "contributions", "proof", "channels"])
def test_a_remainder_that_is_drawn_has_a_legend(name: str, geometry: Geometry) -> None:
    for frame in kinds.frames(name, Subject(geometry)):
        hatched = any(t.look is Look.REMAINDER for panel in panels(frame) for t in tiles(panel))
        assert [key.look for key in frame.legend] == [Look.REMAINDER] * hatched


@geometries
def test_what_a_crop_of_the_input_leaves_is_framed(geometry: Geometry) -> None:
    for frame in kinds.frames("filter-gradient", Subject(geometry)):
        panel = window_panel(frame)
        crops = [area for area in panel.outlines if area.outline is Outline.CROP]
        assert len(crops) == any(geometry.remainder)
        for area in crops:
            hatched = sum(tile.look is Look.REMAINDER for tile in tiles(panel))
            assert area.rows * area.columns == len(tiles(panel)) - hatched
            assert Look.REMAINDER not in within(panel, area)


@pytest.mark.parametrize("name", SLIDING)
def test_the_result_fills_in_one_element_a_step(name: str) -> None:
    for step, frame in enumerate(kinds.frames(name, Subject(GEOMETRIES["H6R3u2"]))):
        looks = [tile.look for tile in tiles(panels(frame)[-1])]
        assert looks.index(Look.TARGET) == step
        assert all(look is Look.PENDING for look in looks[step + 1 :])
        assert Look.PENDING not in looks[:step]


@geometries
def test_the_caption_is_the_derived_equation(geometry: Geometry) -> None:
    derivation = derived(geometry)
    step = kinds.good_step("input-gradient", Subject(geometry))
    caption = kinds.frame("input-gradient", Subject(geometry), step).caption
    target, *factors = [a for line in caption for a in line if isinstance(a, Element)]
    equation = derivation.equation(target)
    assert target == element_at("dX", step, geometry.input)
    assert [tuple(factors[k : k + 2]) for k in range(0, len(factors), 2)] == list(equation.terms)


@geometries
@pytest.mark.parametrize("tensor", ["X", "F"])
def test_contributions_draw_every_window_of_an_element(geometry: Geometry, tensor: str) -> None:
    derivation, subject = derived(geometry), Subject(geometry)
    for index in [(0, 0), subject.busiest(tensor).index]:
        element = Element(tensor, index)
        frame = kinds.frame("contributions", Subject(geometry, element), 0)
        terms = derivation.equation(Element(f"d{tensor}", index)).terms[:16]
        drawn = [panel.title for panel in panels(frame)]
        marked = [t.label for p in panels(frame) for t in tiles(p) if t.look is Look.TARGET]
        if terms:
            assert drawn == [(Element("Y", term[0].index),) for term in terms]
            assert all(element in label for label in marked)
            assert len(marked) == len(terms)


@geometries
@pytest.mark.parametrize("tensor", ["X", "F"])
def test_the_proof_joins_equal_terms_all_of_them(geometry: Geometry, tensor: str) -> None:
    derivation, subject = derived(geometry), Subject(geometry)
    element = subject.busiest(tensor)
    frame = kinds.frame("proof", Subject(geometry, element), 0)
    left, right = panels(frame)[:2]
    terms = derivation.equation(Element(f"d{tensor}", element.index)).terms
    assert frame.mood is Mood.PROVED
    assert len(frame.joins) == min(len(terms), 18) or len(terms) > 18
    for join in frame.joins:
        assert isinstance(join, Join)
        assert left.tiles[join.start[1]][0].label == right.tiles[join.end[1]][0].label


def test_a_proof_whose_window_is_wrong_is_not_called_proved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(windows.closed_forms, "Rotate", lambda of: of)
    assert kinds.frame("proof", Subject(GEOMETRIES["H5R3u2"]), 0).mood is Mood.WRONG


@geometries
def test_wrong_marks_the_cells_that_differ_and_no_others(geometry: Geometry) -> None:
    subject = Subject(geometry)
    engine = subject.engine
    for step, mistake in enumerate(showing(geometry)):
        frame = kinds.frame("wrong", subject, step)
        _, given = panels(frame)
        marked = {
            (m, n)
            for m, row in enumerate(given.tiles)
            for n, tile in enumerate(row)
            if tile.look is Look.WRONG
        }
        try:
            wrong = engine.tensor(mistake.formula(geometry))
        except FormulaError:
            assert {tile.look for tile in tiles(given)} == {Look.MISSING}
            continue
        right = engine.tensor(mistake.gradient)
        differing = {
            (m, n)
            for m in range(wrong.shape[0])
            for n in range(wrong.shape[1])
            if m >= right.shape[0]
            or n >= right.shape[1]
            or wrong.terms((m, n)) != right.terms((m, n))
        }
        assert marked == differing
        assert differing or wrong.shape != right.shape
        ghosts = [tile.label for tile in tiles(given) if tile.look is Look.MISSING]
        assert ghosts == [
            (Element(mistake.gradient, index),)
            for index in np.ndindex(*right.shape)
            if any(i >= n for i, n in zip(index, wrong.shape, strict=True))
        ]


@geometries
def test_a_cell_that_a_mistake_gets_wrong_says_what_it_gives(geometry: Geometry) -> None:
    subject = Subject(geometry)
    for step, mistake in enumerate(showing(geometry)):
        _, given = panels(kinds.frame("wrong", subject, step))
        for m, row in enumerate(given.tiles):
            for n, tile in enumerate(row):
                if tile.look is Look.WRONG:
                    terms = subject.engine.tensor(mistake.formula(geometry)).terms((m, n))
                    assert says(tile.label, terms, subject)


def says(label: Label, terms: Sequence[Term], subject: Subject) -> bool:
    """Whether a label is a sum, its first product with dots after it, or the sum's name."""
    if len(label) == 1 and isinstance(label[0], Element):
        return subject.equation(label[0]).terms == tuple(terms)
    factors = [atom for atom in label if isinstance(atom, Element)]
    assert (Word(" + …") in label) == (len(terms) > 1)
    return factors == list(terms[0]) if terms else label == (Word("0"),)


@geometries
def test_a_mistake_is_drawn_where_it_shows_and_told_of_where_it_does_not(
    geometry: Geometry,
) -> None:
    engine = Subject(geometry).engine
    for mistake in mistakes(geometry):
        proof = judge(engine, mistake.gradient, mistake.formula(geometry))
        told = [line for line in hidden(geometry) if mistake.words in line]
        assert len(told) == proof.proved
        drawn = {each.formula(geometry) for each in showing(geometry)}
        assert (mistake.formula(geometry) in drawn) == (not proof.proved)
        near = shows_first(mistake, geometry)
        if proof.proved and near:
            again = judge(Subject(near).engine, mistake.gradient, mistake.formula(near))
            assert not again.proved


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        (
            Geometry.of(5, 3, 2),
            "shows first at 6x6: padded by the stride, the remainder is forgotten, "
            "the remainder is not cut off",
        ),
        (
            Geometry.of(5, 3),
            "shows first at 6x6 with stride 2: the remainder is forgotten, "
            "the remainder is not cut off",
        ),
        (Geometry.of(5, 1, 2), "shows first with a filter of 2x2: the filter is not rotated"),
    ],
)
def test_a_mistake_that_does_not_show_is_said_to_show_elsewhere(
    geometry: Geometry, said: str
) -> None:
    captions = kinds.frames("wrong", Subject(geometry))[-1].caption
    assert (Word(said),) in captions


def test_where_no_mistake_shows_one_line_says_where_they_do() -> None:
    nothing = Subject(Geometry.of(3, 1, transposed=True))
    with pytest.raises(SymconvError, match=r"no common mistake shows .* a filter of 2x2"):
        kinds.frames("wrong", nothing)
    with pytest.raises(SymconvError, match="no common mistake shows"):
        kinds.frame("wrong", nothing, 0)


def test_two_mistakes_that_come_to_the_same_are_drawn_once() -> None:
    names = [mistake.name for mistake in showing(Geometry.of(6, 3, 2))]
    assert names == ["no-rotation", "no-remainder", "no-crop"]


def test_the_remainder_is_tinted_where_there_is_one() -> None:
    frame = kinds.frame("pad", Subject(GEOMETRIES["H6R3u2"]), 0)
    assert sum(tile.look is Look.REMAINDER for tile in tiles(panels(frame)[-1])) == 15
    frame = kinds.frame("pad", Subject(GEOMETRIES["H5R3u2"]), 0)
    assert all(tile.look is not Look.REMAINDER for tile in tiles(panels(frame)[-1]))


@pytest.mark.parametrize(
    ("name", "guess"), [("input_gradient", "input-gradient"), ("forwards", "forward")]
)
def test_an_unknown_kind_suggests_the_nearest(name: str, guess: str) -> None:
    with pytest.raises(SymconvError, match=f"did you mean {guess}"):
        kinds.kind(name)


@pytest.mark.parametrize("step", [-1, 9])
def test_a_step_that_is_not_there_is_refused(step: int) -> None:
    with pytest.raises(SymconvError, match=r"filter-gradient has 9 here, from 1 to 9"):
        kinds.frame("filter-gradient", Subject(GEOMETRIES["H6R3u2"]), step)


def test_too_large_a_geometry_is_refused_with_what_fits() -> None:
    with pytest.raises(SymconvError, match=r"16x16 fit; up to 64x64 .* --plain"):
        Subject(Geometry.of(20, 3))
    with pytest.raises(SymconvError, match="use a smaller --input"):
        Subject(Geometry.of(200, 3), plain=True)
    assert Subject(Geometry.of(20, 3), plain=True).extents == (22, 22)


def test_the_busiest_element_has_the_most_terms() -> None:
    subject = Subject(GEOMETRIES["H6R3u2"])
    assert subject.busiest("X") == Element("X", (2, 2))
    assert step_of(subject.busiest("X"), (6, 6)) == 14


ATOMS = {
    Element: Element("dX", (1, 2)),
    Word: Word("a"),
    Sign: Sign("+"),
    Whole: Whole("dY"),
    LocalDerivativeLabel: LocalDerivativeLabel(Element("Y", (0, 0)), Element("X", (1, 2))),
    FormulaLabel: FormulaLabel(Rotate(Leaf("F"))),
    MathematicsLabel: MathematicsLabel(Quantity("pt")),
}


def test_every_atom_of_a_label_is_known_to_the_typesetting() -> None:
    assert set(get_args(Atom)) == set(ATOMS)
    for atom in ATOMS.values():
        assert typeset((atom,), Notation())[1] > 0
        assert math((atom,), Latex(Notation()))
        assert mixed((atom,), Latex(Notation()))


@pytest.mark.parametrize(
    ("atom", "tall"),
    [(ATOMS[Element], True), (ATOMS[FormulaLabel], False), (FormulaLabel(Leaf("dY")), True),
     (ATOMS[Word], False), (MathematicsLabel(Quantity("pt")), False)],
)  # fmt: skip
def test_a_fraction_needs_two_lines(atom: Atom, tall: bool) -> None:
    assert is_tall((atom,)) == tall

"""Frames on slides: their letters can be read, and they still say what they said."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from figure_cases import GEOMETRIES

from symconv.figures.frames import Frame, Panel, Ray
from symconv.figures.kinds import KINDS, frames
from symconv.figures.layout import Style
from symconv.figures.subject import Subject
from symconv.geometry import Geometry, Layer
from symconv.lecture import legible
from symconv.lecture.legible import SMALLEST, Space
from symconv.notation import Notation

NOTATION = Notation()
STYLE = Style(NOTATION, heading=False, caption=0)
SLIDE = Space(1760, 700)

CASES = {
    **GEOMETRIES,
    "H9R5": Geometry.of(9, 5),
    "H14R3": Geometry.of(14, 3),
    "H11": Geometry.of((11,), (3,), (2,)),
}


def panels(frame: Frame) -> list[Panel]:
    return [part for row in frame.rows for part in row if isinstance(part, Panel)]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", ["forward", "input-gradient", "dilate", "pad", "proof"])
def test_every_letter_is_large_enough(case: str, kind: str) -> None:
    steps = range(min(2, KINDS[kind].steps(Subject(CASES[case]))))
    shown = [KINDS[kind].frame(Subject(CASES[case]), step) for step in steps]
    scenes = legible.legible(shown, STYLE, SLIDE)
    least = legible.smallest(scenes, NOTATION) * legible.scale(scenes[0], SLIDE)
    assert least >= SMALLEST


def test_the_sums_of_a_layer_are_broken_where_they_are_long() -> None:
    layer = Layer(Geometry.of(5, 3, 2), 2, 3, 4)
    (shown,) = [KINDS["channels"].frame(Subject(layer.geometry, layer=layer), 1)]
    shown = replace(shown, rows=shown.rows[1:])
    scenes = legible.legible([shown], STYLE, SLIDE)
    assert legible.smallest(scenes, NOTATION) * legible.scale(scenes[0], SLIDE) >= SMALLEST


def test_small_letters_are_noticed() -> None:
    shown = [KINDS["input-gradient"].frame(Subject(CASES["H14R3"]), 0)]
    scenes = legible.lay_out(shown, STYLE)
    assert legible.smallest(scenes, NOTATION) * legible.scale(scenes[0], SLIDE) < SMALLEST


@pytest.mark.parametrize("case", ["H6R3u2", "H7R3d2", "H11x3R3x2u2"])
@pytest.mark.parametrize("kind", ["forward", "input-gradient", "filter-gradient"])
def test_what_the_window_holds_is_shown_large_and_tied_to_its_result(case: str, kind: str) -> None:
    for whole in frames(kind, Subject(CASES[case])):
        bare = legible._changed(whole, 8, 3.2)
        before, after = panels(whole), panels(bare)
        for ray, old in zip(targets(bare), targets(whole), strict=True):
            assert after[ray[0]].title == before[old[0]].title
            assert ray[1] == old[1]
        if len(after) > len(before):
            (number,) = {ray.window[0] for ray in whole.rays}
            products = Counter(labels(before[number], ray_area(whole)))
            large = next(p for p in after if p.size == legible.ZOOMED)
            assert Counter(tile.label for row in large.tiles for tile in row) == products


def targets(frame: Frame) -> list[tuple[int, object]]:
    """Return where the rays end that end at the result."""
    return [ray.target for ray in frame.rays[-1:]]


def ray_area(frame: Frame) -> Ray:
    return frame.rays[0]


def labels(panel: Panel, ray: Ray) -> list[object]:
    _, area = ray.window
    rows = panel.tiles[area.row : area.row + area.rows]
    return [tile.label for row in rows for tile in row[area.column : area.column + area.columns]]


def test_joined_columns_end_with_how_many_more_there_are() -> None:
    subject = Subject(CASES["H9R5"])
    whole = KINDS["proof"].frame(subject, 0)
    cut = legible._cut(whole, 4)
    for before, after in zip(panels(whole)[:2], panels(cut)[:2], strict=True):
        said = after.tiles[-1][0].label[0].text
        assert after.tiles[:4] == before.tiles[:4]
        assert said == "and more" or int(said.split()[0]) == len(before.tiles) - 4
    assert all(max(join.start[1], join.end[1]) < 4 for join in cut.joins)
    assert cut.joins

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from figure_cases import GEOMETRIES, SVG, cells, derived, elements, shown, window_sum, written

from symconv.equation import Element
from symconv.figures.kinds import KINDS, frames
from symconv.figures.layout import Style, lay_out
from symconv.figures.palette import DARK, LIGHT, Ink
from symconv.figures.scene import Rectangle, animation
from symconv.figures.subject import Subject, element_at
from symconv.geometry import Geometry
from symconv.notation import Notation
from symconv.views import motion, svg

SLIDING = {"forward": "Y", "input-gradient": "dX", "filter-gradient": "dF"}

FEW = ("H6R3u2", "H11x3R3x2u2", "H2x5R1x4u3x2")

FACE = (
    r"@font-face\{font-family:[\w-]+;font-style:\w+;src:url\(data:font/ttf;base64,[\w+/=]*\)\}\n?"
)

FONTS = rf"<style>({FACE})+({re.escape(motion.REDUCED)})?</style>"

few_geometries = pytest.mark.parametrize("geometry", [GEOMETRIES[k] for k in FEW], ids=FEW)

geometries = pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES.keys())


def drawn(name: str, geometry: Geometry, steps: slice = slice(None)) -> ElementTree.Element:
    scenes = lay_out(frames(name, Subject(geometry)), Style(Notation()))[steps]
    return ElementTree.fromstring(svg.draw(scenes, LIGHT, Notation(), name))


def agrees(root: ElementTree.Element, name: str, geometry: Geometry, step: int, at: int) -> bool:
    """Whether the window seen ``at`` a step of the animation holds the terms of ``step``."""
    derivation = derived(geometry)
    tensor = SLIDING[name]
    target = element_at(tensor, step, derivation.tensor(tensor).shape)
    seen = window_sum(cells(root, at), LIGHT[Ink.PRODUCT])
    return seen == Counter(derivation.equation(target).terms)


def said(item: ElementTree.Element) -> str:
    """Return what is written outside of cells."""
    return "" if "data-cell" in item.attrib else written(item)


@geometries
@pytest.mark.parametrize("name", SLIDING)
def test_symbols_in_the_window_are_the_derived_terms_in_every_step(
    name: str, geometry: Geometry
) -> None:
    root = drawn(name, geometry)
    for step in range(KINDS[name].steps(Subject(geometry))):
        assert agrees(root, name, geometry, step, step)


def test_the_window_of_another_step_is_told_apart() -> None:
    geometry = GEOMETRIES["H5R3u2"]
    root = drawn("input-gradient", geometry)
    assert not agrees(root, "input-gradient", geometry, 12, 11)


@pytest.mark.parametrize("name", SLIDING)
def test_the_animation_shows_in_each_step_what_the_still_shows(name: str) -> None:
    geometry = GEOMETRIES["H6R3u2"]
    moving = drawn(name, geometry)
    for step in range(KINDS[name].steps(Subject(geometry))):
        still = drawn(name, geometry, slice(step, step + 1))
        assert cells(moving, step) == cells(still)
        captions = [
            sorted(filter(None, map(said, shown(root, at))))
            for root, at in ((moving, step), (still, 0))
        ]
        assert captions[0] == captions[1]


def test_every_cell_outside_the_window_says_its_element() -> None:
    seen = cells(drawn("forward", Geometry.of(12, 3, 2), slice(0, 1)))
    for m in range(12):
        for n in range(12):
            if m > 2 or n > 2:
                assert elements(seen[f"1,{m},{n}"][1]) == (Element("X", (m, n)),)


def test_an_index_of_two_digits_gets_a_comma() -> None:
    seen = cells(drawn("forward", Geometry.of(12, 3, 2), slice(0, 1)))
    assert seen["1,1,11"][1] == "x[1,11]"


@few_geometries
@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_fetched_and_nothing_runs(name: str, geometry: Geometry) -> None:
    scenes = lay_out(frames(name, Subject(geometry)), Style(Notation()))
    text = svg.draw(scenes, LIGHT, Notation(), name)
    assert re.findall(r"https?://[^\"' ]*", text) == ["http://www.w3.org/2000/svg"]
    text, sheets = re.subn(FONTS, "", text)
    assert sheets == 1
    assert not re.search(r"<script|<image|<style|href|url\(|@import|on\w+=", text)


@few_geometries
@pytest.mark.parametrize("name", KINDS)
def test_everything_lies_on_the_page(name: str, geometry: Geometry) -> None:
    for scene in lay_out(frames(name, Subject(geometry)), Style(Notation())):
        for item in scene.items:
            if isinstance(item, Rectangle):
                assert 0 <= item.x <= item.x + item.width <= scene.width
                assert 0 <= item.y <= item.y + item.height <= scene.height
            elif hasattr(item, "label"):
                left = item.x if item.start else item.x - item.width / 2
                assert 0 <= left <= left + item.width <= scene.width + 0.5
                assert item.size * 0.5 <= item.y <= scene.height - item.size * 0.5


@pytest.mark.parametrize("name", KINDS)
def test_text_fits_its_cell(name: str) -> None:
    for geometry in (GEOMETRIES[case] for case in FEW):
        for scene in lay_out(frames(name, Subject(geometry)), Style(Notation())):
            boxes = {i.cell: i for i in scene.items if isinstance(i, Rectangle) and i.cell}
            for item in scene.items:
                if hasattr(item, "label") and item.cell:
                    assert item.width <= boxes[item.cell].width


def test_all_steps_have_one_size() -> None:
    sizes = {
        (scene.width, scene.height)
        for scene in lay_out(
            frames("input-gradient", Subject(GEOMETRIES["H6R3u2"])), Style(Notation())
        )
    }
    assert len(sizes) == 1


def test_an_animation_draws_what_stays_only_once() -> None:
    scenes = lay_out(frames("input-gradient", Subject(GEOMETRIES["H5R3u2"])), Style(Notation()))
    moving = animation(scenes)
    parts = len(moving.base) + sum(len(group.items) for group in moving.groups)
    assert parts < 0.3 * sum(len(scene.items) for scene in scenes)


def test_names_and_the_first_index_are_the_lecturers() -> None:
    notation = Notation(("\\alpha", "F", "O"), base=1)
    scenes = lay_out(frames("forward", Subject(Geometry.of(3, 2)))[:1], Style(notation))
    root = ElementTree.fromstring(svg.draw(scenes, LIGHT, notation))
    assert cells(root)["1,0,0"][1] == "α[11]F[11]"


def test_dark_differs_in_colours_only() -> None:
    scenes = lay_out(frames("pad", Subject(GEOMETRIES["H6R3u2"])), Style(Notation()))
    light, dark = (svg.draw(scenes, palette, Notation()) for palette in (LIGHT, DARK))
    assert re.sub("#[0-9A-F]{6}", "", light) == re.sub("#[0-9A-F]{6}", "", dark)
    assert light != dark


def test_the_family_is_generic_in_the_end() -> None:
    root = drawn("dilate", GEOMETRIES["H5R3u2"])
    assert root.attrib["font-family"].endswith(", serif")
    assert root.find(f"{SVG}title") is not None


@few_geometries
@pytest.mark.parametrize("name", KINDS)
def test_every_picture_says_in_words_what_it_shows(name: str, geometry: Geometry) -> None:
    from symconv.views import figure

    subject = Subject(geometry)
    order = figure.Order(name, subject, Style(Notation()))
    root = ElementTree.fromstring(figure.draw(order, "svg"))
    title, said = (root.findtext(f"{SVG}{tag}") or "" for tag in ("title", "desc"))
    assert title == order.shows
    assert said.startswith(f"{subject.about}. ")
    assert said.endswith(".")
    assert not re.search(r"\+\.|\. \+|  ", said)
    assert ("An animation" in said) == (KINDS[name].result is not None and "animate" in tags(root))


def tags(root: ElementTree.Element) -> set[str]:
    return {item.tag.removeprefix(SVG) for item in root.iter()}


def test_the_description_is_that_of_what_stands_still() -> None:
    scenes = lay_out(frames("input-gradient", Subject(GEOMETRIES["H5R3u2"])), Style(Notation()))
    root = ElementTree.fromstring(svg.draw(scenes, LIGHT, Notation(), "a", still=12))
    said = root.findtext(f"{SVG}desc") or ""
    assert "dL/dx[2,2] = dL/dy[0,0] f[2,2] + dL/dy[0,1] f[2,0]" in said
    assert said.endswith("An animation; this is step 13 of 25.")

"""The stories of a lecture: which elements are chosen, and what is discovered."""

from __future__ import annotations

import numpy as np
import pytest
from figure_cases import GEOMETRIES

from symconv.derivation import derive
from symconv.equation import Element
from symconv.figures.frames import Look, Panel
from symconv.figures.subject import Subject
from symconv.geometry import Geometry
from symconv.lecture import sliding, stories
from symconv.lecture.slide import DisplayedSum, Drawing
from symconv.notation import Notation

CASES = {**GEOMETRIES, "H9R5": Geometry.of(9, 5), "H5R3p3": Geometry.of(5, 3, 1, 3)}


@pytest.mark.parametrize("case", CASES)
def test_elements_are_chosen_by_the_number_of_their_windows(case: str) -> None:
    derivation = derive(CASES[case])
    tensor = derivation.tensor("dX")
    counts = {tensor.count(index) for index in np.ndindex(*tensor.shape)}
    found = [tensor.count(element.index) for element in stories.examples(derivation, "X")]
    assert found == [n for n in dict.fromkeys((1, 2, max(counts), 0)) if n in counts]


@pytest.mark.parametrize("case", CASES)
def test_the_coefficients_lined_up_are_the_turned_filter(case: str) -> None:
    geometry = CASES[case]
    derivation, subject = derive(geometry), Subject(geometry)
    element = subject.busiest("X")
    terms = derivation.equation(Element("dX", element.index)).terms
    slides = list(stories.discovery(derivation, subject))
    assert len(slides) == (len(terms) > 1)
    for slide in slides:
        (drawing,) = (part for part in slide.parts if isinstance(part, Drawing))
        compact, *_, turned = (p for p in drawing.frames[0].rows[0] if isinstance(p, Panel))
        met = [tile.label[0] for row in compact.tiles for tile in row if tile.label]
        assert met == [weight for _, weight in terms]
        marked = {t.label[0] for row in turned.tiles for t in row if t.look is Look.PRODUCT}
        assert marked == set(met)


def test_a_filter_that_is_not_turned_is_not_discovered(monkeypatch: pytest.MonkeyPatch) -> None:
    geometry = GEOMETRIES["H6R3u2"]
    turned = stories._turned
    monkeypatch.setattr(stories, "_turned", lambda *given: turned(*given)[::-1])
    assert list(stories.discovery(derive(geometry), Subject(geometry))) == []


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_short_sum_counts_what_it_leaves_out(rows: int) -> None:
    equation = derive(CASES["H9R5"]).equation(Element("dF", (1, 1)))
    lines = sliding.short(equation, rows)
    said = sum(isinstance(atom, Element) for line in lines for atom in line) - 1
    more = next((a.text for a in lines[-1] if "more" in getattr(a, "text", "")), " (0 more)")
    assert len(lines) <= max(rows, 2)
    assert said // 2 + int(more.strip(" ()").split()[0]) == len(equation.terms)


def test_sums_on_slides_have_few_lines() -> None:
    subject = Subject(CASES["H9R5"])
    for name in ("forward", "input-gradient", "filter-gradient"):
        shown = sliding.telling(subject, name)
        assert 3 <= len(shown.frames) <= sliding.MOST_STEPS
        assert all(len(frame.caption) <= sliding.ROWS for frame in shown.frames)
        numbers = [frame.rows[-1][-1].note[0].text for frame in shown.frames]
        assert numbers == sorted(numbers, key=lambda text: int(text.split()[0]))
        assert len(set(numbers)) == len(numbers)


def test_the_chain_rule_stands_above_what_it_gives() -> None:
    geometry = GEOMETRIES["H5R3u2"]
    slide = stories.story(derive(geometry), Subject(geometry), Element("X", (2, 2)), Notation())
    (shown,) = (part for part in slide.parts if isinstance(part, DisplayedSum))
    assert len(shown.lines) == 2

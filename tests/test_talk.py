"""The sentences of a lecture are true of what its slides draw, whatever the geometry."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from figure_cases import GEOMETRIES, derived

from symconv.figures.labels import Label, Word
from symconv.formula import closed_forms
from symconv.geometry import Geometry
from symconv.lecture.slide import Drawing, Prose, Slide
from symconv.lecture.talk import Talk, tell

CASES = {
    **GEOMETRIES,
    "H9R5": Geometry.of(9, 5),
    "H5R3p3": Geometry.of(5, 3, 1, 3),
    "H6R3u2p3": Geometry.of(6, 3, 2, ((3, 3), (0, 0))),
    "H4R1": Geometry.of(4, 1),
}

geometries = pytest.mark.parametrize("geometry", CASES.values(), ids=CASES.keys())


def text(label: Label) -> str:
    return "".join(atom.text if isinstance(atom, Word) else "_" for atom in label)


def sentences(slide: Slide) -> Iterator[str]:
    yield text(slide.title)
    for part in slide.parts:
        if isinstance(part, Prose):
            yield text(part.label)
        elif isinstance(part, Drawing):
            yield from (text(line) for frame in part.frames for line in frame.caption)


@geometries
def test_a_story_says_how_many_windows_are_drawn(geometry: Geometry) -> None:
    stories = [s for s in tell(Talk(derived(geometry))) if "contribute" in text(s.title)]
    assert len(stories) >= 2
    for slide in stories:
        said = " ".join(sentences(slide))
        found = re.search(r"is in (\d+) windows?(?: \((\d+) drawn, (\d+) more\))?\.", said)
        assert found or "No window reaches" in said
        if found:
            number, drawn, more = (int(n or 0) for n in found.groups())
            shown = sum(len(row) for part in slide.parts if isinstance(part, Drawing)
                        for row in part.frames[0].rows)  # fmt: skip
            assert (shown, shown + more) == (drawn or number, number)


@geometries
def test_the_slide_of_the_padding_says_crop_where_it_is_one(geometry: Geometry) -> None:
    amounts = closed_forms.input_gradient_padding(geometry)
    numbers = [number for pair in amounts for number in pair]
    (title,) = (
        text(slide.title)
        for slide in tell(Talk(derived(geometry)))
        if any(isinstance(part, Drawing) and part.name == "pad" for part in slide.parts)
    )
    assert ("pad" in title.removesuffix("nothing to pad")) == any(n > 0 for n in numbers)
    assert ("crop" in title) == any(n < 0 for n in numbers)


@geometries
def test_no_slide_reads_as_if_a_mistake_were_proved(geometry: Geometry) -> None:
    for slide in tell(Talk(derived(geometry))):
        if text(slide.title).startswith("What if"):
            assert not any(re.search("proved", words, re.I) for words in sentences(slide))


@geometries
def test_no_slide_says_every_window_where_some_reach_nothing(geometry: Geometry) -> None:
    for slide in tell(Talk(derived(geometry))):
        assert not any(
            re.search("every window|[Ee]ach (input|filter)", w) for w in sentences(slide)
        )

"""The animation rests where there is much to read, and glides between."""

from __future__ import annotations

import itertools

import pytest
from figure_cases import GEOMETRIES

from symconv.equation import Element
from symconv.figures.kinds import frames
from symconv.figures.layout import Style, lay_out
from symconv.figures.scene import without_window
from symconv.figures.subject import Subject, element_at
from symconv.notation import Notation
from symconv.views.motion import GLIDE, Timetable

RESTS = (0.6, 0.9, 2.1, 0.75)

TABLE = Timetable.of(RESTS)


def value_at(element: object, seconds: float) -> str:
    """Return the value of a discrete animation at a time."""
    attributes = element.attrib  # type: ignore[attr-defined]
    times = [float(time) * sum(RESTS) for time in attributes["keyTimes"].split(";")]
    values = attributes["values"].split(";")
    return [value for time, value in zip(times, values, strict=True) if time <= seconds + 1e-3][-1]


@pytest.mark.parametrize("steps", [(0,), (3,), (1, 2), (0, 3), (0, 1, 2, 3), ()])
@pytest.mark.parametrize("brief", [False, True])
def test_a_group_is_seen_in_its_steps_only(steps: tuple[int, ...], brief: bool) -> None:
    shown = TABLE.shown(steps, brief)
    for k, (begin, end) in enumerate(itertools.pairwise(TABLE.begins)):
        expected = "visible" if k in steps else "hidden"
        assert value_at(shown, begin) == value_at(shown, end - GLIDE - 0.01) == expected
        late = "hidden" if brief else expected
        assert value_at(shown, end - 0.01) == late


def test_the_window_holds_and_glides_to_where_it_is_next() -> None:
    glide = TABLE.glide("x", ["10", "20", "20", "40"])
    times = [float(time) * sum(RESTS) for time in glide.attrib["keyTimes"].split(";")]
    values = glide.attrib["values"].split(";")
    assert values == ["10", "10", "20", "20", "20", "20", "40", "40", "10"]
    assert times[::2] == pytest.approx(TABLE.begins, abs=1e-4)
    assert times[1::2] == pytest.approx([end - GLIDE for end in TABLE.begins[1:]], abs=1e-4)
    splines = glide.attrib["keySplines"].split(";")
    assert len(splines) == len(times) - 1
    assert set(splines[::2]) != set(splines[1::2])


def test_a_step_rests_the_longer_the_more_there_is_to_read_and_longest_at_the_example() -> None:
    geometry = GEOMETRIES["H6R3u2"]
    subject = Subject(geometry)
    rests = {}
    for step, frame in enumerate(frames("input-gradient", subject)):
        target = element_at("dX", step, geometry.input)
        rests[target] = len(subject.equation(target).terms), frame.rest
    example = Element("dX", subject.busiest("X").index)
    _, longest = rests.pop(example)
    assert longest > max(rest for _, rest in rests.values()) + 1
    for (few, short), (many, long) in itertools.product(rests.values(), repeat=2):
        assert (few < many) == (short < long)
    assert all(rest > GLIDE + 0.2 for _, rest in rests.values())


def test_the_example_that_is_asked_for_is_held() -> None:
    subject = Subject(GEOMETRIES["H5R3u2"], Element("X", (0, 0)))
    rests = [frame.rest for frame in frames("input-gradient", subject)]
    assert rests.index(max(rests)) == 0


def test_only_a_window_that_is_alone_and_of_one_size_glides() -> None:
    scenes = lay_out(frames("forward", Subject(GEOMETRIES["H5R3u2"])), Style(Notation()))
    bare, windows = without_window(scenes)
    assert len(windows) == len(scenes) == 4
    assert all(len(a.items) == len(b.items) - 1 for a, b in zip(bare, scenes, strict=True))
    assert without_window(scenes[:1]) == (scenes[:1], [])
    proof = lay_out(frames("proof", Subject(GEOMETRIES["H5R3u2"])), Style(Notation()))
    assert without_window([*scenes, *proof])[1] == []

"""The words of a figure say what is drawn, whatever the geometry."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from strategies import geometries

from symconv.equation import Element
from symconv.figures import kinds
from symconv.figures.frames import Arrow, Dimension, Direction, Frame, Look, Mood, Panel
from symconv.figures.labels import Label, Word
from symconv.figures.mistakes import showing
from symconv.figures.subject import Subject
from symconv.formula import closed_forms
from symconv.geometry import Geometry

many_geometries = settings(max_examples=150)

few_geometries = settings(max_examples=40)


def text(label: Label) -> str:
    return "".join(atom.text if isinstance(atom, Word) else "_" for atom in label)


def panels(frame: Frame) -> list[Panel]:
    return [part for row in frame.rows for part in row if isinstance(part, Panel)]


def said(frame: Frame) -> Iterator[str]:
    yield text(frame.heading)
    yield from map(text, frame.caption)
    for row in frame.rows:
        for part in row:
            if isinstance(part, Panel):
                yield from map(text, (part.title, part.note))
            elif isinstance(part, Arrow):
                yield text(part.label)


def drawable(geometry: Geometry) -> Subject:
    assume(all(max(a.padded, a.input + a.extent - 1) <= 16 for a in geometry.axes))
    return Subject(geometry)


wide = st.builds(Geometry.of, st.integers(7, 12), st.integers(4, 6), st.integers(1, 2))


@many_geometries
@given(st.one_of(geometries(), wide), st.sampled_from("XF"), st.data())
def test_as_many_windows_are_drawn_as_the_heading_says(
    geometry: Geometry, tensor: str, data: st.DataObject
) -> None:
    shape = geometry.input if tensor == "X" else geometry.filter
    index = tuple(data.draw(st.integers(0, n - 1)) for n in shape)
    drawable(geometry)
    check_windows(Subject(geometry, Element(tensor, index)))


def test_as_many_windows_are_drawn_as_the_heading_says_at_9x9() -> None:
    check_windows(Subject(Geometry.of(9, 5)))


def check_windows(subject: Subject) -> None:
    element = subject.element or subject.busiest("X")
    frame = kinds.frame("contributions", subject, 0)
    found = re.fullmatch(
        r"_ takes part in (\d+) of (\d+) windows?(?:: (\d+) drawn, (\d+) more)?",
        text(frame.heading),
    )
    assert found
    number, of, drawn, more = (int(n) if n else None for n in found.groups())
    terms = subject.equation(Element(f"d{element.tensor}", element.index)).terms
    assert number == len({output.index for output, _ in terms})
    assert of == np.prod(subject.geometry.output)
    outputs = {(Element("Y", gradient.index),) for gradient, _ in terms}
    windows = [panel for panel in panels(frame) if panel.title in outputs]
    assert len(windows) == (number if drawn is None else drawn)
    assert more is None or (more == number - len(windows) and more > 0)


def check_signs(words: str, amounts: closed_forms.Amounts) -> None:
    numbers = [number for pair in amounts for number in pair]
    assert bool(re.search(r"\b[Pp]ad", words)) == any(n > 0 for n in numbers), (words, amounts)
    assert bool(re.search(r"\b[Cc]rop", words)) == any(n < 0 for n in numbers), (words, amounts)


@many_geometries
@given(geometries())
@example(Geometry.of(5, 3, 1, 3))
@example(Geometry.of(6, 3, 2, 3))
@example(Geometry.of(8, 3, 2, ((-1, -2), (0, -1))))
@example(Geometry.of(1, 1, 3, ((2, 0), (2, 0))))
def test_a_crop_is_called_a_crop_and_padding_padding(geometry: Geometry) -> None:
    subject = drawable(geometry)
    gradient = closed_forms.input_gradient_padding(geometry)
    frame = kinds.frame("pad", subject, 0)
    arrow = next(part for row in frame.rows for part in row if isinstance(part, Arrow))
    for words in (text(frame.heading), text(arrow.label), text(panels(frame)[-1].title)):
        check_signs(words, gradient)
    check_signs(text(panels(kinds.frame("input-gradient", subject, 0))[1].title), gradient)
    forward = panels(kinds.frame("forward", subject, 0))[1]
    check_signs(text(forward.title), geometry.padding)
    filter_gradient = panels(kinds.frame("filter-gradient", subject, 0))[1]
    check_signs(text(filter_gradient.title), closed_forms.filter_gradient_padding(geometry))


@many_geometries
@given(geometries())
@example(Geometry.of(6, 3, 2))
@example(Geometry.of(6, 3, 2, 3))
def test_what_is_padded_and_cropped_is_counted_as_it_is_drawn(geometry: Geometry) -> None:
    frame = kinds.frame("pad", drawable(geometry), 0)
    after = panels(frame)[-1]
    captions = "; ".join(map(text, frame.caption))
    amounts = closed_forms.input_gradient_padding(geometry)
    cropped = re.search(r"cropped: ([^;]*)", captions)
    assert bool(cropped) == any(n < 0 for pair in amounts for n in pair)
    if cropped:
        numbers = map(int, re.findall(r"\d+", cropped[1]))
        assert sum(numbers) == -sum(min(n, 0) for pair in amounts for n in pair)
    found = re.search(r"hatched: (?:(\d+) rows?)?(?: and )?(?:(\d+) columns?)? more", captions)
    rows, columns = (int(number or 0) for number in found.groups()) if found else (0, 0)
    below, beyond = len(after.tiles) - rows, len(after.tiles[0]) - columns
    for m, row in enumerate(after.tiles):
        for n, tile in enumerate(row):
            assert (tile.look is Look.REMAINDER) == (m >= below or n >= beyond)


@few_geometries
@given(geometries(2))
@example(Geometry.of(4, 2, 1))
@example(Geometry.of(3, 1, 1))
def test_a_frame_of_a_mistake_never_reads_as_if_the_mistake_were_proved(
    geometry: Geometry,
) -> None:
    subject = drawable(geometry)
    assume(showing(geometry))
    for frame in kinds.frames("wrong", subject):
        assert "mistake" in text(frame.heading)
        assert not any(re.search("proved|right", words, re.I) for words in said(frame))
        assert frame.mood is Mood.WRONG
        assert any("REFUTED" in words for words in said(frame))


@few_geometries
@given(st.one_of(geometries(), wide))
@example(Geometry.of(9, 5))
@example(Geometry.of(13, 5, 1, 0, 2))
@example(Geometry.of(9, 7, 2, 3))
def test_the_proof_counts_the_products_that_it_does_not_draw(geometry: Geometry) -> None:
    subject = drawable(geometry)
    frame = kinds.frame("proof", subject, 0)
    target = Element("dX", subject.busiest("X").index)
    for column in panels(frame)[:2]:
        *rows, last = [row[0] for row in column.tiles]
        more = int((re.match(r"\d+(?= more)", text(last.label)) or ["0"])[0])
        drawn = sum(tile.look is Look.PRODUCT for tile in (*rows, last))
        assert drawn + more == len(subject.equation(target).terms)


@many_geometries
@given(geometries())
@example(Geometry.of(3, 3, 2))
def test_what_is_dilated_changes_and_nothing_else_is_said_to(geometry: Geometry) -> None:
    frame = kinds.frame("dilate", drawable(geometry), 0)
    before, after = panels(frame)
    heading = text(frame.heading)
    assert heading.startswith("Dilate" if before.tiles != after.tiles else "Nothing is dilated")


@many_geometries
@given(geometries(), st.sampled_from(["dilate", "pad", "filter-gradient"]))
@example(Geometry.of(6, 3, 2), "pad")
@example(Geometry.of(6, 3, 2, 1, 2), "pad")
@example(Geometry.of(5, 3, 2, ((-1, 0), (0, -2))), "pad")
@example(Geometry.of((2, 1), 1, (1, 2), ((0, 0), (2, -1))), "pad")
def test_the_sums_on_dimension_lines_are_right_and_count_zeros(
    geometry: Geometry, name: str
) -> None:
    subject = drawable(geometry)
    for panel in panels(kinds.frame(name, subject, 0)):
        for measured in panel.dimensions:
            said = text(measured.label)
            if "=" in said:
                assert measured.count == abs(total(said))
                assert zeros_only(panel, measured) or total(said) < 0
            else:
                assert said in {f"{name} {measured.count}" for name in ("stride", "dilation")}


def total(said: str) -> int:
    """Return the number of a sum such as ``3 - 1 + 1 = 3``, which has to be right."""
    terms, result = said.split(" = ")
    signed = re.findall(r"([+-]?) ?(\d+)", terms)
    assert sum(int(sign + number) for sign, number in signed) == int(result)
    return int(result)


def zeros_only(panel: Panel, measured: Dimension) -> bool:
    columns = panel.tiles if measured.along is Direction.ROWS else [*zip(*panel.tiles, strict=True)]
    lines = columns[measured.start : measured.start + measured.count]
    return len(lines) == measured.count and all(
        tile.look in (Look.ZERO, Look.PADDING, Look.REMAINDER) for line in lines for tile in line
    )


def test_a_padding_of_both_axes_is_measured_on_all_sides() -> None:
    after = panels(kinds.frame("pad", Subject(Geometry.of(6, 3, 2)), 0))[-1]
    said = [(d.along, d.start, text(d.label)) for d in after.dimensions]
    assert sorted(said, key=str) == [
        (Direction.COLUMNS, 0, "3 - 1 = 2"), (Direction.COLUMNS, 5, "3 - 1 + 1 = 3"),
        (Direction.ROWS, 0, "3 - 1 = 2"), (Direction.ROWS, 5, "3 - 1 + 1 = 3"),
    ]  # fmt: skip


def test_a_crop_is_measured_on_what_is_cropped() -> None:
    before, after = panels(kinds.frame("pad", Subject(Geometry.of(5, 3, 1, 3)), 0))
    assert [text(d.label) for d in before.dimensions] == ["3 - 1 - 3 = -1"] * 4
    assert [d.start for d in before.dimensions] == [0, len(before.tiles) - 1] * 2
    assert after.dimensions == ()


def test_sizes_on_one_axis_are_one_number() -> None:
    subject = Subject(Geometry.of((11,), (3,), (2,)))
    captions = [text(kinds.frame(name, subject, 0).caption[0]) for name in ("dilate", "pad")]
    assert captions == ["_   5 becomes 9", "_   13"]


def test_windows_on_one_axis_are_strips_under_one_another() -> None:
    frame = kinds.frame("contributions", Subject(Geometry.of((11,), (3,), (2,))), 0)
    assert [len(row) for row in frame.rows] == [1, 1]
    assert all(panel.strip for panel in panels(frame))


def test_one_axis_has_no_rows_to_flip() -> None:
    frame = kinds.frame("rotate", Subject(Geometry.of((7,), (3,))), 0)
    parts = [part for row in frame.rows for part in row]
    assert [text(part.label) for part in parts if isinstance(part, Arrow)] == ["flip"]


@pytest.mark.parametrize("name", kinds.KINDS)
def test_no_title_of_a_kind_says_what_only_some_geometries_have(name: str) -> None:
    assert not re.search(r"every window|all windows|padded(?! or cropped)", kinds.kind(name).shows)

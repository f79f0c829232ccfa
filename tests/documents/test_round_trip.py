"""What `symconv derive` exports is judged to agree, whole."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symconv.__main__ import main
from symconv.documents.check import check
from symconv.documents.text import Document
from symconv.errors import GeometryError
from symconv.geometry import Geometry

small = st.integers(1, 3)


@st.composite
def geometries(draw):
    def each(numbers):
        return f"{draw(numbers)}x{draw(numbers)}"

    return {
        "input": each(st.integers(3, 7)), "filter": each(st.integers(1, 3)),
        "stride": each(small), "dilation": each(st.integers(1, 2)),
        "padding": each(st.integers(0, 2)),
    }  # fmt: skip


def pair(text):
    return tuple(map(int, text.split("x")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("exports")


def exported(folder, options, extension):
    path = folder / f"export.{extension}"
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    assert main(["derive", *words, "--all", "-q", "-o", str(path)]) == 0
    language = {"md": "markdown", "tex": "latex"}[extension]
    return Document(str(path), language, path.read_text(encoding="utf-8"))


@settings(max_examples=5, deadline=None, derandomize=True)
@given(geometries(), st.sampled_from(["md", "tex"]))
def test_what_derive_exports_agrees_whole(folder, options, extension):
    try:
        geometry = Geometry.of(**{name: pair(value) for name, value in options.items()})
    except GeometryError:
        assume(False)
    # Smaller outputs hold too few products to show stride and padding.
    assume(min(geometry.output) > 1 and min(geometry.filter) > 1)
    found = check(exported(folder, options, extension))
    assert found.count("agree") > 20
    assert [j for j in found.judgements if j.verdict != "agree"] == []


def test_windows_wholly_of_padding_agree(folder):
    options = {"input": "6x7", "filter": "3x2", "stride": "3", "dilation": "2x1", "padding": "1x2"}
    found = check(exported(folder, options, "md"))
    assert found.counts[1:] == (0, 0)
    assert found.regions[0].readings[0].geometry.output == (2, 4)


@pytest.mark.parametrize(
    "options",
    [
        {"input": "3x3", "filter": "2", "stride": "1x3", "padding": "0x2"},
        {"input": "4x6", "filter": "2x3", "stride": "3", "padding": "2x1"},
    ],
    ids=["one-column", "one-of-each"],
)
def test_an_export_that_shows_one_window_and_zeros_agrees_whole(folder, options):
    assert check(exported(folder, options, "md")).counts[1:] == (0, 0)


def test_an_export_with_one_index_changed_does_not_agree(folder):
    document = exported(folder, {"input": "5", "filter": "3", "stride": "2"}, "md")
    changed = document.text.replace("x_{01}f_{01}", "x_{01}f_{02}", 1)
    assert changed != document.text
    found = check(Document("notes", "markdown", changed))
    assert [f.code for j in found.judgements for f in j.findings] == ["SC201"]

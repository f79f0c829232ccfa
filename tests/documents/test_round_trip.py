"""What `symconv derive` exports is judged to agree, whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symconv.__main__ import main
from symconv.documents.check import check
from symconv.documents.source.text import Document, load
from symconv.errors import GeometryError
from symconv.geometry import Geometry

DERIVED = Path(__file__).parents[2] / "derivations" / "symbolic"
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


DECKS = [
    {"input": "5x4", "filter": "3x2", "stride": "3", "dilation": "1x2", "padding": "2x1"},
    {"input": "6x7", "filter": "2x1", "stride": "4x3", "dilation": "2x1", "padding": "same"},
    {"input": "5", "filter": "3", "stride": "2"},
]


@pytest.mark.parametrize(
    ("options", "form"),
    [(DECKS[0], "marp"), (DECKS[1], "beamer"), (DECKS[2], "beamer")],
    ids=["padded", "same", "strided"],
)
def test_nothing_right_in_a_deck_is_called_wrong(folder, options, form):
    path = folder / f"deck.{'tex' if form == 'beamer' else 'md'}"
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    assert main(["slides", *words, "--format", form, "-o", str(path)]) == 0
    language = "latex" if form == "beamer" else "markdown"
    found = check(Document(str(path), language, path.read_text(encoding="utf-8")))
    assert found.count("agree") > 0
    assert [j for j in found.judgements if j.verdict == "wrong"] == []


def protected(formula: re.Match[str]) -> str:
    """Return mathematics as it is written where Markdown is read first, as for reveal.js."""
    return re.sub(r"[\\_]", r"\\\g<0>", formula[0])


def test_a_slip_in_markdown_that_protects_its_mathematics_is_found_at_its_term(folder):
    path = folder / "slides.md"
    words = ["--input", "5", "--filter", "3", "--stride", "2"]
    assert main(["slides", *words, "-q", "-o", str(path)]) == 0
    text = re.sub(r"(\$\$?)[^$]+\1", protected, path.read_text(encoding="utf-8"))
    assert check(Document(str(path), "markdown", text)).counts[1:] == (0, 0)
    wrong = text.replace("f\\_{00}\n$$", "f\\_{01}\n$$", 1)
    assert wrong != text
    found = check(Document(str(path), "markdown", wrong))
    (finding,) = (f for j in found.judgements for f in j.findings)
    assert r"f\_{01}" in wrong[finding.place.start : finding.place.end]


def test_a_sum_set_line_by_line_is_one_equation(folder):
    document = exported(folder, {"input": "5", "filter": "3", "stride": "2"}, "md")
    spoken = (
        "Say $y_{00} = x_{00}f_{00} + x_{01}f_{01} + x_{02}f_{02}$\n$+ x_{10}f_{10} + "
        "x_{11}f_{11} + x_{12}f_{12} + x_{20}f_{20} + x_{21}f_{21} + x_{22}f_{22}$.\n\n"
    )
    assert check(Document("n", "markdown", spoken + document.text)).counts[1:] == (0, 0)
    bad = spoken.replace("x_{10}f_{10}", "x_{10}f_{20}")
    assert check(Document("n", "markdown", bad + document.text)).counts[1] == 1


@pytest.mark.parametrize("name", ["lecture.tex", "general.md"])
def test_a_derivation_for_symbolic_sizes_agrees_whole(name):
    found = check(load(DERIVED / name))  # CI sees that derive writes these
    assert found.count("agree") > 15
    assert [j for j in found.judgements if j.verdict != "agree"] == []


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("beamer", ["--input", "5x4", "--filter", "3x2", "--stride", "2x1", "--padding", "1x0"]),
        (
            "beamer",
            [
                "--input",
                "5x4",
                "--filter",
                "2",
                "--stride",
                "2x1",
                "--padding",
                "1",
                "--index-base",
                "1",
            ],
        ),
        ("marp", ["--input", "3", "--filter", "1x3", "--dilation", "2", "--padding", "3x1"]),
    ],
)
def test_slides_agree_whole(folder, words, form):
    path = folder / f"slides.{'tex' if form == 'beamer' else 'md'}"
    assert main(["slides", *words, "-q", "--format", form, "-o", str(path)]) == 0
    language = "latex" if form == "beamer" else "markdown"
    found = check(Document(str(path), language, path.read_text(encoding="utf-8")))
    assert found.count("agree") > 8
    assert [j for j in found.judgements if j.verdict != "agree"] == []

"""What `symconv check` shows on a terminal, and where it writes."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from symconv.__main__ import main
from symconv.documents.check import check
from symconv.documents.source.text import Document
from symconv.views import check_text

RIGHT = [
    f"o_{{{p}}} = " + " + ".join(f"x_{{{p + r}}}w_{{{r + 1}}}" for r in range(9))
    for p in range(1, 5)
]
SLIP = RIGHT[2].replace("x_{8}w_{6}", "x_{9}w_{6}")
NOTES = "\n\n".join(f"$${line}$$" for line in [*RIGHT[:2], SLIP, RIGHT[3]]) + "\n"


@pytest.fixture
def notes(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "notes.md"
    path.write_text(NOTES, encoding="utf-8")
    return path


def on_terminal(text: str, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    shown = check_text.lines([check(Document("notes.md", "markdown", text))], True, True, width)
    check_text.show(shown, console)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("text", [NOTES, NOTES.replace("$$o_{3}", "答案之一は $$o_{3}")])
def test_a_caret_stands_under_its_term_at_every_width(width, text):
    lines = on_terminal(text, width)
    assert all(cell_len(line) <= width for line in lines)
    at = next(k for k, line in enumerate(lines) if set(line.strip(" |")) == {"^"})
    above, carets = lines[at - 1], lines[at]
    under = next(k for k in range(len(above)) if cell_len(above[:k]) == carets.index("^"))
    assert above[under:].startswith("x_{9}w_{6}")
    assert carets.count("^") == len("x_{9}w_{6}")


def test_a_document_without_a_verdict_says_why_in_its_one_line(notes, capsys):
    lone = "$$y_{0} = x_{0}f_{0} + x_{1}f_{1}$$\n"
    for text, says in (
        ("no mathematics\n", "no equation about a convolution was found"),
        (lone, "too few products speak for a notation; say --input, --filter and --stride"),
        (lone + "\n$$y_{0} = \\sum_{k=1}^M x_k f_k$$\n", "; -v lists every reason"),
    ):
        notes.write_text(text, encoding="utf-8")
        assert main(["check", "notes.md", "-q"]) == 2
        error = capsys.readouterr().err
        assert error.startswith("symconv: error: notes.md: nothing was judged: ")
        assert error.endswith(f"{says}\n")
    notes.write_text(lone, encoding="utf-8")
    assert main(["check", "notes.md", "--input", "4", "--filter", "2", "--stride", "1"]) == 0


def test_colours_are_asked_for(notes, capsys):
    assert main(["check", "notes.md", "--color", "always"]) == 1
    assert re.search(r"\x1b\[1;38;5;\d+merror SC201", capsys.readouterr().out)
    assert main(["check", "notes.md"]) == 1
    assert "\x1b" not in capsys.readouterr().out


def test_the_extension_tells_the_format(notes, capsys):
    for name, schema in (("a.json", "schema"), ("a.sarif", "$schema")):
        assert main(["check", "notes.md", "-o", name]) == 1
        assert schema in json.loads(Path(name).read_text(encoding="utf-8"))
    assert main(["check", "notes.md", "-o", "a.txt"]) == 1
    assert "error SC201" in Path("a.txt").read_text(encoding="utf-8")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == ["Wrote a.json", "Wrote a.sarif", "Wrote a.txt"]


def test_the_page_names_every_key_of_the_contract(notes, capsys):
    assert main(["check", "notes.md", "--format", "json"]) == 1
    (file,) = json.loads(capsys.readouterr().out)["files"]
    readme = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| `\[\{(.*?)\}\]`", readme, re.MULTILINE))
    assert {*rows["equations"].split(", ")} == file["equations"][0].keys()
    assert {*rows["notation"].split(", ")} == file["notation"][0].keys()
    (reading,) = file["notation"][0]["readings"]
    told = re.search(r"a reading has `(.*?)`", readme)[1]
    assert {*told.split()} == reading.keys()


def test_a_diff_of_several_documents_is_one_file(notes, capsys):
    Path("more.md").write_text(NOTES, encoding="utf-8")
    assert main(["check", "notes.md", "more.md", "--diff", "-o", "both.patch"]) == 1
    patch = Path("both.patch").read_text(encoding="utf-8")
    assert "+++ b/notes.md" in patch
    assert "+++ b/more.md" in patch
    assert notes.read_text(encoding="utf-8") == NOTES


@pytest.mark.parametrize("target", ["a.xyz", "nowhere/a.json"])
def test_a_bad_target_is_one_line_and_writes_nothing(notes, target, capsys):
    assert main(["check", "notes.md", "-o", target]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert [path.name for path in Path().iterdir()] == ["notes.md"]


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ([], "standard input has no name"),
        (["--stdin-filename", "a.xyz"], "a.xyz: neither Markdown nor LaTeX by its name"),
    ],
)
def test_standard_input_needs_a_language(monkeypatch, capsys, named, why):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(NOTES.encode())))
    assert main(["check", "-", *named]) == 2
    expected = f"symconv: error: {why}; say --language markdown or latex\n"
    assert capsys.readouterr().err == expected


def test_an_error_at_one_document_is_one_line_and_the_others_are_judged(notes, capsys, monkeypatch):
    from symconv.documents import check as module

    Path("a.md").write_text(NOTES, encoding="utf-8")
    honest = module.check

    def check(document, hints):
        if document.path == "a.md":
            raise KeyError("x")
        return honest(document, hints)

    monkeypatch.setattr(module, "check", check)
    assert main(["check", "a.md", "notes.md"]) == 2
    captured = capsys.readouterr()
    assert captured.err == (
        "symconv: error: a.md: internal error: KeyError: 'x'; please report this "
        "(SYMCONV_DEBUG=1 shows where)\n"
    )
    assert "notes.md:5:" in captured.out
    assert "3 agree, 1 wrong, 0 not judged" in captured.out
    assert main(["check", "a.md"]) == 2
    assert capsys.readouterr().out == ""

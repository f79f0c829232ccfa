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
    (slip,) = (finding for equation in file["equations"] for finding in equation["findings"])
    assert {*rows["findings"].split(", ")} == slip.keys()
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
        ([], "<stdin>: its name does not say what it is written in"),
        (["--stdin-filename", "a.xyz"], "a.xyz: its name does not say what it is written in"),
    ],
)
def test_standard_input_needs_a_language(monkeypatch, capsys, named, why):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(NOTES.encode())))
    assert main(["check", "-", *named]) == 2
    expected = (
        f"symconv: error: {why}; say --language, one of markdown, latex, rst, notebook, doxygen\n"
    )
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


# -- as a linter ------------------------------------------------------------------------------

MANY_SLIPS = "\n\n".join(
    f"$$o_{{{p}}} = x_{{{p}}}w_{{1}} + x_{{{p + 1}}}w_{{2}}$$" for p in range(1, 13)
)
for _p in (2, 5, 6, 7, 11):
    MANY_SLIPS = MANY_SLIPS.replace(f"x_{{{_p + 1}}}w_{{2}}", f"x_{{{_p - 1}}}w_{{2}}")
LONE = "$$y_{0} = x_{0}f_{0} + x_{1}f_{1}$$\n"


def test_repeats_of_a_slip_are_folded_until_they_are_asked_for(notes, run):
    notes.write_text(MANY_SLIPS, encoding="utf-8")
    folded = run("check", "notes.md").out
    assert folded.count("error SC201") == 1
    assert "\n  = and 4 more like it: lines 9, 11, 13, 21\n" in folded
    assert folded.endswith(
        "7 agree, 5 wrong, 0 not judged\nFound 5 errors, 5 fixable with --fix.\n"
    )
    for flag in ("-v", "--all"):
        whole = run("check", "notes.md", flag).out
        assert whole.count("error SC201") == 5
        assert "more like it" not in whole
    assert json.loads(run("check", "notes.md", "--format", "json").out)["files"][0]["counts"] == {
        "agree": 7, "wrong": 5, "not-judged": 0,
    }  # fmt: skip


def test_two_slips_that_are_alike_are_both_shown(notes, run):
    notes.write_text(NOTES + NOTES.replace("o_", "q_").replace("x_", "z_"), encoding="utf-8")
    assert run("check", "notes.md").out.count("error SC201") == 2


def test_neighbouring_lines_are_told_as_a_range(notes, run):
    notes.write_text(MANY_SLIPS.replace("\n\n", "\n"), encoding="utf-8")
    assert "and 4 more like it: lines 5-7, 11\n" in run("check", "notes.md").out


def test_concise_is_one_line_for_each_slip(notes, run):
    notes.write_text(MANY_SLIPS, encoding="utf-8")
    done = run("check", "notes.md", "--format", "concise")
    *found, count, closing = done.out.splitlines()
    assert done.status == 1
    assert len(found) == 5
    assert all(re.fullmatch(r"notes\.md:\d+:\d+: SC201 x_\{\d+\} should be .*", f) for f in found)
    assert (count[:7], closing) == ("7 agree", "Found 5 errors, 5 fixable with --fix.")
    notes.write_text(LONE, encoding="utf-8")
    assert "notes.md:1:3: not judged: " in run("check", "notes.md", "--format", "concise", "-v").out
    assert run("check", "notes.md", "--format", "concise", "-o", "a.txt").err[:5] == "Wrote"


def test_statistics_count_codes_most_first(notes, run):
    notes.write_text(MANY_SLIPS.replace("x_{9}w_{1}", "x_{9}w_{1} + x_{9}w_{1}"), encoding="utf-8")
    done = run("check", "notes.md", "--statistics")
    assert done.out.splitlines()[:2] == ["5  SC201  wrong term", "1  SC204  repeated term"]
    assert done.status == 1
    left = run("check", "notes.md", "--statistics", "--ignore", "SC201").out.splitlines()
    assert left[0] == "1  SC204  repeated term"
    assert left[-1] == "Found 1 error, 1 fixable with --fix (5 ignored)."


@pytest.mark.parametrize("other", [("--format", "json"), ("--format", "sarif"), ("--diff",)])
def test_statistics_are_text(notes, run, other):
    done = run("check", "notes.md", "--statistics", *other)
    assert done.status == 2
    assert done.out == ""
    assert done.err == (
        f"symconv: error: --statistics are text, and {' '.join(other)} is not; drop one of them\n"
    )


@pytest.mark.parametrize("form", ["text", "concise", "github", "sarif"])
def test_what_is_ignored_is_counted_not_shown(notes, run, form):
    done = run("check", "notes.md", "--ignore", "SC2", "--format", form)
    assert done.status == 0
    assert "the window of this output begins" not in done.out
    if form != "sarif":
        assert "3 agree, 1 wrong, 0 not judged" in done.out
        assert "1 ignored" in done.out
    assert run("check", "notes.md", "--select", "SC24", "--format", form).out == done.out
    assert run("check", "notes.md", "--select", "SC24,SC201", "--format", form).status == 1
    assert run("check", "notes.md", "--select", "SC24", "--select", "SC201").status == 1


def test_an_ignored_slip_is_not_mended(notes, run):
    assert run("check", "notes.md", "--ignore", "SC201", "--fix").status == 0
    assert notes.read_text(encoding="utf-8") == NOTES
    assert run("check", "notes.md", "--ignore", "SC24", "--fix").status == 0
    assert notes.read_text(encoding="utf-8") != NOTES


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_code_is_one_line_with_the_nearest(notes, run, option):
    done = run("check", "notes.md", option, "SC201,SC41")
    assert done.status == 2
    assert re.fullmatch(
        rf"symconv: error: {option}: there is no code 'SC41'; did you mean SC2\d\d\? \(.*\)\n",
        done.err,
    )
    assert done.out == ""


def test_what_is_ignored_does_not_make_a_pass_of_what_is_not_judged(notes, run):
    wrong = r"$$\left\lfloor \frac{7 - 3}{2} \right\rfloor + 1 = 4$$"
    notes.write_text(f"{wrong}\n\n{LONE}", encoding="utf-8")
    plain = run("check", "notes.md")
    assert plain.status == 1
    assert "0 agree, 1 wrong, 1 not judged\n" in plain.out
    ignored = run("check", "notes.md", "--ignore", "SC240")
    assert ignored.status == 2
    assert "(1 ignored)" in ignored.out
    assert "nothing was judged: 1 wrong equation aside" in ignored.err
    assert run("check", "notes.md", "--ignore", "SC240", "--allow-unjudged").status == 0


def test_where_nothing_is_judged_the_note_stays(notes, run):
    notes.write_text(LONE, encoding="utf-8")
    strict = run("check", "notes.md")
    lenient = run("check", "notes.md", "--allow-unjudged")
    assert (strict.status, lenient.status) == (2, 0)
    assert strict.out == lenient.out
    assert lenient.err == strict.err.replace("symconv: error:", "symconv: note:") != ""
    assert run("check", "notes.md", "--allow-unjudged", "-q").err == ""
    Path("more.md").write_text(LONE, encoding="utf-8")
    both = run("check", "notes.md", "more.md", "--allow-unjudged").err
    assert "notes.md: nothing was judged (nor in 1 other document): too few products" in both
    notes.write_text(NOTES, encoding="utf-8")
    assert run("check", "notes.md", "more.md", "--allow-unjudged").status == 1
    assert run("check", "none.md", "--allow-unjudged").status == 2


def test_without_a_name_the_current_folder_is_checked(notes, run):
    Path("part").mkdir()
    Path("part", "two.tex").write_text(NOTES, encoding="utf-8")
    done = run("check")
    assert done.status == 1
    assert done.err == "No file was named: looked at 2 documents in the current folder\n"
    assert done.out == run("check", ".").out
    assert "part/two.tex:" in done.out
    assert run("check", "-q").err == ""
    notes.unlink()
    Path("part", "two.tex").unlink()
    why = (
        "no document in the current folder: Markdown, LaTeX, reStructuredText, notebooks and the "
        "comments of C and C++ are read"
    )
    assert run("check").err == f"symconv: error: {why}\n"

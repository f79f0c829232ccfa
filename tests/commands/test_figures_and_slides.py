from __future__ import annotations

from pathlib import Path

import pytest

from symconv.__main__ import main


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must fail, and return its one line."""
    assert main(arguments) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err.count("\n") == 1
    return seen.err


@pytest.mark.parametrize("form", ["svg", "png", "gif", "tikz"])
@pytest.mark.parametrize("kind", ["forward", "sheet", "wrong", "rotate"])
def test_every_form_of_a_figure_is_written(tmp_path: Path, kind: str, form: str) -> None:
    path = tmp_path / f"a.{form}"
    assert main(["figure", kind, "--input", "3", "--filter", "2", "-o", str(path)]) == 0
    start = {"svg": b"<svg", "png": b"\x89PNG", "gif": b"GIF8", "tikz": b"\\begin{tikzpicture}"}
    assert path.read_bytes().startswith(start[form])


def test_every_step_is_a_file_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "steps"
    assert main(["figure", "forward", "--stride", "2", "--frames", str(folder)]) == 0
    assert sorted(p.name for p in folder.iterdir()) == [f"forward-0{k}.svg" for k in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["figure", "forwad"], "did you mean forward?"),
        (["figure", "forward", "--step", "99"], "from 1 to 9"),
        (["figure", "forward", "--input", "30"], "--plain"),
        (["figure", "forward", "-o", "a.pdf"], "the extension tells no format"),
        (["figure", "forward", "-o", "a.svg", "--format", "png"], "drop one"),
        (["figure", "forward", "--element", "x[9,9]"], "lies outside"),
        (["figure", "forward", "--frames", "d", "--step", "1"], "drop --step"),
        (["slides", "--format", "marp"], "-o FILE"),
        (["slides", "--input", "40", "-o", "a.tex"], "16x16 fit"),
        (["slides", "--title", "漢字", "-o", "a.tex"], "use Latin letters"),
    ],
)
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused(capsys, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_the_last_slide_has_the_command_that_made_the_deck(tmp_path: Path) -> None:
    path = tmp_path / "a.tex"
    main(["slides", "--input", "4x3", "--filter", "2", "--padding", "1,0,0,1", "-o", str(path)])
    last = path.read_text().split("\\frametitle")[-1]
    assert "symconv slides --input 4x3 --filter 2 --padding 1,0,0,1" in last


@pytest.mark.parametrize("quiet", [True, False])
def test_quiet_slides_say_nothing_of_where_they_went(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], quiet: bool
) -> None:
    path = tmp_path / "a.tex"
    assert main(["slides", "--input", "3", "--filter", "2", "-o", str(path), *["-q"][:quiet]]) == 0
    seen = capsys.readouterr()
    assert (seen.out, bool(seen.err)) == ("", not quiet)
    assert "--quiet" not in path.read_text(encoding="utf-8")


def test_without_a_compiler_the_message_says_what_to_install(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = refused(capsys, "slides", "--input", "3", "-o", str(tmp_path / "a.pdf"))
    assert "install TeX Live" in said


@pytest.mark.parametrize("form", ["standalone", "mathml"])
def test_derive_takes_the_forms_of_slides(form: str, tmp_path: Path) -> None:
    path = tmp_path / {"standalone": "a.tex", "mathml": "a.html"}[form]
    arguments = ["derive", "--stride", "2", "--element", "x[2,2]", "--format", form]
    assert main([*arguments, "-o", str(path)]) == 0
    text = path.read_text()
    assert text.startswith({"standalone": "% Made by: symconv", "mathml": "<!doctype"}[form])
    assert ("\\documentclass" in text) == (form == "standalone")
    assert "<mi>&</mi>" not in text

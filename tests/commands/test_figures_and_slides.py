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
        (["figure", "wrong", "--filter", "1", "--transposed"], "shows first with a filter of 2x2"),
        (["figure", "wrong", "--step", "3"], "from 1 to 2"),
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


def test_a_slide_after_the_lecture_has_the_command_that_made_the_deck(tmp_path: Path) -> None:
    path = tmp_path / "a.tex"
    main(["slides", "--input", "4x3", "--filter", "2", "--padding", "1,0,0,1", "-o", str(path)])
    frames = path.read_text().split("\\frametitle")
    (told,) = (frame for frame in frames if frame.startswith("{These slides}"))
    assert "symconv slides --input 4x3 --filter 2 --padding 1,0,0,1" in told
    assert all(frame.startswith("{Appendix") for frame in frames[frames.index(told) + 1 :])


def test_a_lecture_for_reveal_is_one_file_of_html(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    assert main(["slides", "--input", "3", "--filter", "2", "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [p.name for p in tmp_path.iterdir()] == ["a.html"]


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


THREE_AXES = "symconv derive tells three"


@pytest.mark.parametrize("command", ["figure forward", "slides"])
def test_three_axes_are_refused_with_what_works_instead(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    path = tmp_path / "a.tex"
    said = refused(capsys, *command.split(), "--input", "4x4x4", "--filter", "2", "-o", str(path))
    assert "not three" in said
    assert THREE_AXES in said
    assert not path.exists()


def test_a_figure_of_a_layer_says_which_part_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    words = "--batch 2 --channels 3 --filters 4".split()
    assert main(["figure", "forward", *words, "-o", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    assert "drawn: one image of 2, one channel of 3, one filter of 4" in text
    assert main(["figure", "forward", "-o", str(path)]) == 0
    assert "drawn:" not in path.read_text(encoding="utf-8")


def test_one_axis_is_drawn_as_a_row(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    assert main(["figure", "forward", "--rank", "1", "--input", "6", "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8").startswith("<svg")


def test_slides_of_a_layer_tell_its_channels_on_one_slide(tmp_path: Path) -> None:
    path = tmp_path / "a.tex"
    words = "--input 3 --filter 2 --batch 2 --channels 4 --filters 2 --groups 2 --bias".split()
    assert main(["slides", *words, "-o", str(path)]) == 0
    titles = [part.split("}")[0] for part in path.read_text(encoding="utf-8").split("frametitle{")]
    assert titles[3] == "Channels: who is summed, and who is kept"
    text = path.read_text(encoding="utf-8")
    assert r"y^{ngk} &= b^{gk} + \sum_{c} x^{ngc} * f^{gkc} \text{\quad 2 channels each}" in text
    assert "of one image, one channel and one filter" in text
    assert titles.count("Channels: who is summed, and who is kept") == 1
    assert r"\frac{\partial L}{\partial b}$ equals its closed form." in text


def test_slides_of_a_transposed_convolution_spread_the_input_first(tmp_path: Path) -> None:
    path = tmp_path / "a.tex"
    words = "--input 3 --filter 2 --stride 2 --transposed".split()
    assert main(["slides", *words, "-o", str(path)]) == 0
    titles = [part.split("}")[0] for part in path.read_text(encoding="utf-8").split("frametitle{")]
    order = [
        "The pattern: dilate the input",
        "The pattern: rotate the filter",
        "The forward pass, window by window",
        "The filter slides over the gradient",
        "The spread input slides over the gradient",
        "What if the filter is rotated?",
    ]
    assert [title for title in titles if title in order] == order
    assert "The rotated filter slides over the gradient" not in titles

from __future__ import annotations

import dataclasses
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from processes import ROOT, command, environment, on_a_terminal, process
from reading_back import displays, text_equations
from rich.cells import cell_len

from symconv import __version__

BAD = [
    (["--stride", "0"], "'0' is below 1"),
    (["--stride", "-1"], "'-1' is below 1"),
    (["--stride", "2x0"], "'2x0' is below 1"),
    (["--stride", "1.5"], "'1.5' is no size"),
    (["--input", "0"], "'0' is below 1"),
    (["--input", "-5"], "'-5' is below 1"),
    (["--input", "5.5"], "'5.5' is no size"),
    (["--input", "5xx"], "'5xx' is no size"),
    (["--input", "5x"], "'5x' is no size"),
    (["--input", "5x5x5x5"], "'5x5x5x5' is no size"),
    (["--input", "five"], "'five' is no size"),
    (["--input", ""], "it is empty or blank"),
    (["--input", "٥"], "is no size"),
    (["--input", "9" * 30], "is no size"),
    (["--filter", "0"], "'0' is below 1"),
    (["--filter", "6"], "the filter does not fit: it spans 6, the padded input only 5"),
    (["--filter", "3x6"], "width: the filter does not fit"),
    (["--dilation", "0"], "'0' is below 1"),
    (["--dilation", "3"], "it spans 7 (filter 3, dilation 3)"),
    (["--padding", "-2"], "the padded input only 1"),
    (["--padding", "some"], "'some' is no padding"),
    (["--padding", "1,2,3"], "--padding 1,2,3 does not fit two axes: write one number, 2 or 4"),
    (["--padding", "1.5"], "'1.5' is no padding"),
    (["--padding", ""], "it is empty or blank"),
    (["--wrt", "output"], "--wrt"),
    (["--format", "pdf"], "--format"),
    (["--index-base", "2"], "--index-base"),
    (["--color", "blue"], "--color"),
    (["--element", "x[5,0]"], "lies outside x, which runs from [0,0] to [4,4]"),
    (["--element", "x[0,-1]"], "lies outside x"),
    (["--element", "f[3,0]"], "lies outside f"),
    (["--element", "z[0,0]"], "unknown tensor z; known are x, f, y"),
    (["--element", "x"], "is not of the form x[4,4]"),
    (["--element", "x[1]"], "needs 2 indices"),
    (["--element", "x[a,b]"], "needs 2 indices"),
    (["--element", "__import__('os')"], "is not of the form"),
    (["--element", "x[0,0]", "--index-base", "1"], "runs from [1,1] to [5,5]"),
    (["--element", "x[0,0]", "--names", "X,F,O"], "unknown tensor x; known are X, F, O"),
    (["--element", "x[0,0]", "--element", "y[9,9]"], "lies outside y"),
    (["--names", "x,x,y"], "the three must differ"),
    (["--names", "x,f"], "2 given"),
    (["--names", "x,f,y,z"], "4 given"),
    (["--names", "L,f,y"], "taken by the loss"),
    (["--names", "x,f,y\x07"], "cannot be printed"),
    (["--names", "x,f,y z"], "cannot be printed"),
    (["--names", r"x,f,\foo"], "cannot be printed"),
    (["--names", "x,f,"], "cannot be printed"),
    (["-o", "/no/such/folder/a.tex"], "No such file or directory"),
    (["-o", "/"], "cannot write"),
    (["-o", "a.docx"], "the extension tells no format"),
    (["-o", "a.tex", "--format", "json"], "--format says json"),
    (["--input", "1000000000"], "GiB"),
    (["--input", "100000000000000000", "--stride", "100000000000000000"], "use"),
    (["--padding", "1000000000"], "GiB"),
    (["--bogus"], "--bogus"),
    (["surplus"], "surplus"),
    (["--stride"], "--stride"),
]


@pytest.mark.parametrize(("arguments", "says"), BAD, ids=[" ".join(a)[:40] for a, _ in BAD])
def test_bad_input_gets_one_line_and_status_2(run, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    done = run("derive", *arguments)
    assert done.status == 2
    assert done.out == ""
    assert done.err.startswith("symconv: error: ")
    assert done.err.count("\n") == 1
    assert says in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["--stride", "0"], ["--filter", "9"], ["--element", "z[0,0]"]]
)
def test_bad_input_writes_nothing(run, tmp_path, arguments):
    target = tmp_path / "out.tex"
    assert run("derive", *arguments, "-o", str(target)).status == 2
    assert list(tmp_path.iterdir()) == []


def test_bad_input_leaves_an_older_file_as_it_was(run, tmp_path):
    target = tmp_path / "out.tex"
    target.write_text("older")
    assert run("derive", "--stride", "0", "-o", str(target)).status == 2
    assert target.read_text() == "older"


def test_an_unknown_command_is_bad_usage(run):
    done = run("deriv")
    assert (done.status, done.out) == (2, "")
    assert "deriv" in done.err


def test_bad_input_leaves_no_traceback_in_a_process_of_its_own():
    done = process("derive", "--names", "x,f,é", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1


def test_derive_prints_the_default_example(run):
    done = run("derive", "--stride", "2")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("X of 5x5 and F of 3x3 with stride 2 give Y of 2x2.\n")
    assert done.out.count("\n") <= 24
    whole = run("derive", "--stride", "2", "--all").out
    assert "H = 5  R = 3   u = 2" in whole
    equations = text_equations(whole)
    assert equations["dL/dx[2,2]"] == [
        ["dL/dy[0,0]", "f[2,2]"], ["dL/dy[0,1]", "f[2,0]"],
        ["dL/dy[1,0]", "f[0,2]"], ["dL/dy[1,1]", "f[0,0]"],
    ]  # fmt: skip
    assert "PROVED for this size: 25 of 25 elements, 36 terms, by sympy" in whole


GEOMETRIES = [
    (["--input", "6"], {"input": [6, 6]}),
    (["--input", "6x4"], {"input": [6, 4]}),
    (["--filter", "2"], {"filter": [2, 2]}),
    (["--filter", "2x3"], {"filter": [2, 3]}),
    (["--stride", "2x1"], {"stride": [2, 1]}),
    (["--padding", "1"], {"padding": [[1, 1], [1, 1]]}),
    (["--padding", "1x2"], {"padding": [[1, 1], [2, 2]]}),
    (["--padding", "1,2,3,4"], {"padding": [[1, 2], [3, 4]]}),
    (["--padding", "-1"], {"padding": [[-1, -1], [-1, -1]]}),
    (["--padding", "-1,0,0,-1"], {"padding": [[-1, 0], [0, -1]]}),
    (["--padding=-1x0"], {"padding": [[-1, -1], [0, 0]]}),
    (["--padding", "valid"], {"padding": [[0, 0], [0, 0]]}),
    (["--padding", "same"], {"padding": [[1, 1], [1, 1]], "output": [5, 5]}),
    (["--padding", "same", "--stride", "2", "--input", "6"], {"padding": [[0, 1], [0, 1]]}),
    (["--padding", "full"], {"padding": [[2, 2], [2, 2]], "output": [7, 7]}),
    (["--dilation", "2"], {"dilation": [2, 2], "output": [1, 1]}),
    (["--dilation", "1x2"], {"dilation": [1, 2], "output": [3, 1]}),
    (["--input", "6", "--stride", "2"], {"remainder": [1, 1]}),
]


@pytest.mark.parametrize(
    ("arguments", "sizes"), GEOMETRIES, ids=[" ".join(a) for a, _ in GEOMETRIES]
)
def test_sizes_are_spelt_as_documented(run, arguments, sizes):
    done = run("derive", *arguments, "--format", "json")
    assert (done.status, done.err) == (0, "")
    geometry = json.loads(done.out)["geometry"]
    assert {name: geometry[name] for name in sizes} == sizes


def test_json_counts_from_0_and_keeps_its_names(run):
    arguments = ["derive", "--stride", "2", "--format", "json"]
    strip = re.compile(r'"seconds": [\d.e-]+')
    plain = strip.sub("", run(*arguments).out)
    named = strip.sub("", run(*arguments, "--names", "X,F,O", "--index-base", "1").out)
    assert named == plain


@pytest.mark.parametrize(
    ("wrt", "has", "lacks"),
    [("input", "dL/dx[0,0]", "dL/df[0,0]"), ("filter", "dL/df[0,0]", "dL/dx[0,0]")],
)
def test_wrt_picks_a_gradient(run, wrt, has, lacks):
    equations = text_equations(run("derive", "--wrt", wrt, "--all").out)
    assert has in equations
    assert lacks not in equations
    assert {has, lacks} <= set(text_equations(run("derive", "--all").out))


def test_elements_tell_their_stories_in_the_order_given(run):
    done = run("derive", "--stride", "2", "--element", "y[1,0]", "--element", "x[2,2]")
    headings = re.findall(r"^Element (.*)$", done.out, re.MULTILINE)
    assert headings == ["y[1,0]", "x[2,2]"]
    assert "Forward pass" not in done.out


def test_names_and_base_hold_everywhere(run):
    done = run("derive", "--names", "A,B,C", "--index-base", "1", "--element", "A[5,5]")
    assert done.status == 0
    assert "A[5,5] contributes to 1 of 9 outputs: C[3,3]." in done.out
    assert not re.search(r"\b[xfy]\[", done.out)


def test_greek_names_are_letters_of_latex_and_words_of_text(run):
    arguments = ["derive", "--names", r"\chi,\phi,\psi"]
    assert r"\chi_{00}\phi_{00}" in run(*arguments, "--format", "latex").out
    assert "chi[0,0] phi[0,0]" in run(*arguments, "--all").out
    assert "dchi = correlate(pad(dpsi, 2), rotate(phi))" in run(*arguments).out


def test_all_shows_what_is_cut_otherwise(run):
    arguments = ["derive", "--input", "12"]
    short, whole = run(*arguments, "--format", "markdown").out, run(*arguments, "--all").out
    assert "more equations: --all" in short
    assert "more windows; --all" in short
    assert "more equations" not in whole
    assert "more windows" not in whole
    assert "more terms" not in whole
    assert len(text_equations(whole)) == 100 + 144 + 9


def test_quiet_prints_nothing_and_tells_by_its_status(run):
    done = run("derive", "-q")
    assert (done.status, done.out, done.err) == (0, "", "")


def test_quiet_still_writes_the_file(run, tmp_path):
    target = tmp_path / "out.md"
    done = run("derive", "-q", "-o", str(target))
    assert (done.status, done.out, done.err) == (0, "", "")
    assert target.read_text().startswith("## ") or "## Geometry" in target.read_text()


def test_what_is_not_proved_ends_with_status_1(run, monkeypatch):
    from symconv import derivation
    from symconv.engines.engine import TermEngine
    from symconv.formula.closed_forms import textbook_input_gradient
    from symconv.proof.instance import judge

    honest = derivation.derive

    def mistaken(geometry):
        form = textbook_input_gradient(geometry)
        refuted = judge(TermEngine(geometry), "dX", form, claim="input-gradient")
        found = honest(geometry)
        return dataclasses.replace(found, proofs=(refuted, *found.proofs[1:]))

    monkeypatch.setattr(derivation, "derive", mistaken)
    assert run("derive", "--input", "6", "--stride", "2", "-q").status == 1
    done = run("derive", "--input", "6", "--stride", "2")
    assert done.status == 1
    line = next(line for line in done.out.splitlines() if line.startswith("  dX = "))
    assert line.endswith("REFUTED for this size")
    assert run("derive", "--input", "5", "--stride", "2", "-q").status == 0


def test_large_sizes_are_answered_by_tables_and_checked_with_sympy(run):
    done = run("derive", "--input", "64", "--filter", "5", "--stride", "2", "--padding", "2")
    assert done.status == 0
    assert done.out.count("\n") <= 24
    whole = run("derive", "--input", "64", "--filter", "5", "--stride", "2", "--element", "x[9,9]")
    assert "by term tables" in whole.out
    assert "sympy" in whole.out


def test_a_remainder_is_explained(run):
    out = run("derive", "--input", "6", "--stride", "2").out
    assert "REFUTED" in out
    assert "it gives 5x5 instead of 6x6, 1 row and 1 column short" in out
    assert "dF = correlate(crop(X, ((0, 1), (0, 1))), dilate(dY, 2))" in out
    whole = run("derive", "--input", "6", "--stride", "2", "--all").out
    assert "It gives 5x5 instead of 6x6, 1 row and 1 column short" in whole
    assert "padding by ((2, 3), (2, 3)) corrects it" in whole


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.tex", "%"), ("a.md", ""), ("a.markdown", ""), ("a.txt", "Geometry"), ("a", "Geometry"),
     ("a.json", '{"schema"'), ("A.TEX", "%")],
)  # fmt: skip
def test_the_format_follows_the_extension(run, tmp_path, name, begins):
    target = tmp_path / name
    done = run("derive", "-o", str(target))
    assert (done.status, done.out) == (0, "")
    assert done.err == f"Wrote {target}\n"
    assert target.read_text().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_format_decides_where_the_extension_says_nothing(run, tmp_path):
    target = tmp_path / "notes.dat"
    assert run("derive", "-o", str(target), "--format", "latex").status == 0
    assert displays(target.read_text())


def test_a_dash_is_standard_output(run):
    assert run("derive", "-o", "-").out == run("derive").out


def test_files_are_written_whole_where_the_screen_is_cut(run, tmp_path):
    target = tmp_path / "a.txt"
    run("derive", "--input", "12", "-o", str(target))
    assert len(text_equations(target.read_text())) == 100 + 144 + 9


def test_a_new_file_has_the_usual_permissions(run, tmp_path):
    target = tmp_path / "a.json"
    before = os.umask(0o027)
    try:
        run("derive", "-o", str(target))
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_an_older_file_keeps_its_permissions(run, tmp_path):
    target = tmp_path / "a.json"
    target.write_text("older")
    target.chmod(0o604)
    run("derive", "-o", str(target))
    assert stat.S_IMODE(target.stat().st_mode) == 0o604
    assert json.loads(target.read_text())


def test_a_link_stays_a_link(run, tmp_path):
    (tmp_path / "real.json").write_text("older")
    (tmp_path / "link.json").symlink_to("real.json")
    run("derive", "-o", str(tmp_path / "link.json"))
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())


def test_a_file_is_replaced_whole_or_not_at_all(run, tmp_path, monkeypatch):
    from symconv.views import json as view

    target = tmp_path / "a.json"
    target.write_text("older")

    def broken(derivation, wrt="all", everything=False):
        yield '{"schema"'
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(view, "chunks", broken)
    done = run("derive", "-o", str(target))
    assert done.status == 2
    assert "No space left on device" in done.err
    assert target.read_text() == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_an_interrupt_leaves_an_older_file_as_it_was(run, tmp_path, monkeypatch):
    from symconv.views import json as view

    target = tmp_path / "a.json"
    target.write_text("older")

    def interrupted(derivation, wrt="all", everything=False):
        yield '{"schema"'
        raise KeyboardInterrupt

    monkeypatch.setattr(view, "chunks", interrupted)
    done = run("derive", "-o", str(target))
    assert (done.status, done.out) == (130, "")
    assert done.err.strip() == "symconv: interrupted"
    assert target.read_text() == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_whoever_reads_an_older_file_reads_it_to_its_end(run, tmp_path):
    target = tmp_path / "a.json"
    target.write_text("older")
    with target.open() as reader:
        assert run("derive", "-o", str(target)).status == 0
        assert reader.read() == "older"
    assert json.loads(target.read_text())


def test_a_device_can_be_written(run):
    assert run("derive", "-o", "/dev/null").status == 0


def test_a_full_device_is_an_error_in_one_line():
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    done = process("derive", "-o", "/dev/full", "--format", "json")
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    with open("/dev/full", "wb") as full:
        screen = subprocess.run(
            command("derive"), env=environment(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert screen.returncode == 2
    assert b"Traceback" not in screen.stderr
    assert screen.stderr.count(b"\n") == 1


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_closed_pipe_ends_in_silence(form):
    arguments = command("derive", "--input", "48", "--all", "--format", form)
    with subprocess.Popen(
        arguments, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        child.stdout.close()
        err = child.stderr.read()
        child.wait(timeout=60)
    assert err == b""
    assert child.returncode not in (0, 2)


def test_a_pipe_that_is_closed_at_once_ends_in_silence():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        command("derive"), env=environment(), stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert done.stderr == b""


def test_an_interrupt_ends_with_one_line_and_130(tmp_path):
    """The output is a pipe that nobody reads: the command is certain to be in the middle."""
    arguments = command("derive", "--input", "96", "--all", "--format", "json")
    with subprocess.Popen(
        arguments, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout.readline()
        time.sleep(0.1)
        child.send_signal(signal.SIGINT)
        time.sleep(0.1)
        _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert err == b"symconv: interrupted\n"


ESCAPE = "\x1b["


@pytest.mark.parametrize(
    ("option", "variables", "coloured"),
    [
        ("auto", {}, False),
        ("always", {}, True),
        ("never", {}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": ""}, False),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("auto", {"NO_COLOR": "1"}, False),
    ],
)
def test_colours_of_a_pipe_follow_the_option_then_the_environment(
    run, monkeypatch, option, variables, coloured
):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    done = run("derive", "--color", option)
    assert done.status == 0
    assert (ESCAPE in done.out) == coloured


def bare(text):
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r", "")


@pytest.mark.parametrize("columns", [80, 200])
def test_a_real_terminal_gets_colours_and_lines_that_fit(columns):
    text, status = on_a_terminal(
        columns, "derive", "--input", "6x7", "--stride", "2", "--all", LC_ALL="C.UTF-8", PAGER="cat"
    )
    assert status == 0
    assert ESCAPE in text
    lines = bare(text).splitlines()
    assert max(map(cell_len, lines)) <= columns
    assert max(map(cell_len, lines)) > columns * 0.6
    joined = "\n".join(lines)
    assert "∂L/∂x₂₂ = ∂L/∂y₀₀ f₂₂" in joined
    assert "PROVED" in joined
    assert "REFUTED" in joined
    assert "┌" in joined


@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize("stride", [1, 2])
def test_the_first_screen_has_24_lines_that_fit(columns, stride):
    text, status = on_a_terminal(columns, "derive", "--stride", str(stride), LC_ALL="C.UTF-8")
    lines = bare(text).splitlines()
    assert status == 0
    assert len(lines) <= 24
    assert max(map(cell_len, lines)) <= columns
    joined = " ".join(" ".join(lines).split())
    assert joined.count("PROVED for this size") == joined.count("PROVED for every size") == 2
    assert "((R − 1, R − 1 + (H − R) mod u), (S − 1, S − 1 + (W − S) mod v))" in joined
    assert "∂L/∂x₂₂ = ∂L/∂y₀₀ f₂₂" in joined
    assert "F rotated" in joined


def test_a_long_telling_goes_through_the_pager():
    pager = f"{sys.executable} -c \"import sys; print('paged', len(sys.stdin.read()) > 5000)\""
    text, status = on_a_terminal(80, "derive", "--all", LC_ALL="C.UTF-8", PAGER=pager)
    assert (bare(text).split(), status) == (["paged", "True"], 0)
    text, status = on_a_terminal(80, "derive", LC_ALL="C.UTF-8", PAGER=pager)
    assert "paged" not in text


def test_brief_is_a_line_for_each_gradient(run, tmp_path):
    done = run("derive", "--input", "6", "--stride", "2", "--brief")
    lines = done.out.splitlines()
    assert [line.split("   ")[-1].strip() for line in lines] == ["PROVED for every size"] * 2
    assert run("derive", "--brief", "--wrt", "filter").out.count("\n") == 1
    for more, says in (
        (["--format", "latex"], "--brief is for text, and this would be latex"),
        (["-o", str(tmp_path / "x.json")], "would be json"),
        (["--all"], "--brief and --all exclude each other"),
        (["--element", "x22"], "--brief and --element exclude each other"),
        (["--symbolic"], "--symbolic and --brief exclude each other"),
    ):
        done = run("derive", "--brief", *more)
        assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
        assert says in done.err


def test_a_real_terminal_in_ascii_keeps_its_brackets():
    columns = 80
    text, status = on_a_terminal(
        columns, "derive", "--stride", "2", "--element", "x[2,2]",
        PYTHONIOENCODING="ascii", LC_ALL="C",
    )  # fmt: skip
    assert status == 0
    assert text.isascii()
    lines = bare(text).splitlines()
    assert max(map(cell_len, lines)) <= columns
    assert "x[2,2] contributes to 4 of 4 outputs: y[0,0], y[0,1], y[1,0], y[1,1]." in bare(text)
    assert "dy[1,0]/dx[2,2] = f[0,2]" in bare(text)


def test_no_color_holds_on_a_real_terminal():
    text, status = on_a_terminal(80, "derive", "--wrt", "filter", LC_ALL="C.UTF-8", NO_COLOR="1")
    assert status == 0
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", text), "a colour"
    assert "∂L/∂f₀₀" in bare(text)


@pytest.mark.parametrize("arguments", [[], ["--color", "always"]])
def test_ascii_survives(arguments):
    done = process(
        "derive", "--input", "40", "--filter", "9", "--names", r"\delta,f,y", *arguments,
        PYTHONIOENCODING="ascii", LC_ALL="C",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()


def test_bare_symconv_prints_the_help(run):
    done = run()
    assert (done.status, done.err) == (0, "")
    assert done.out == run("--help").out == run("-h").out
    assert "derive" in done.out


def test_help_of_derive_names_every_option(run):
    text = run("derive", "-h").out
    for option in (
        "--input", "--filter", "--stride", "--padding", "--dilation", "--wrt", "--element",
        "--names", "--index-base", "--format", "-o, --output", "--all", "--color", "-q, --quiet",
    ):  # fmt: skip
        assert option in text
    assert max(map(len, text.splitlines())) <= 100


def test_version_is_told(run):
    assert run("--version").out == f"symconv {__version__}\n"


def test_python_m_symconv_and_cli_py_run_it():
    direct = process("derive", "--stride", "2")
    script = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "derive", "--stride", "2"],
        env=environment(), capture_output=True, check=False,
    )  # fmt: skip
    assert direct.returncode == script.returncode == 0
    assert direct.stdout == script.stdout
    assert direct.stderr == script.stderr == b""


HEAVY = "{'sympy', 'numpy', 'rich', 'psutil'}"


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["--version"], ["derive", "--help"]])
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys\n"
        "from symconv.__main__ import main\n"
        f"status = main({arguments!r})\n"
        f"heavy = {HEAVY} & set(sys.modules)\n"
        "sys.exit(f'{status} {heavy}' if status or heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_importing_symconv_is_light():
    code = f"import sys, symconv; sys.exit(' '.join({HEAVY} & set(sys.modules)) or 0)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")

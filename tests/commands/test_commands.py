"""What holds for every command: its values, and what its help says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import click
import pytest
from implementations.right_programs import RIGHT
from processes import ROOT, environment
from tools import missing

from symconv.commands import COMMANDS, StrictCommand, symconv

CONTEXT = click.Context(symconv, info_name="symconv", **symconv.context_settings)


def command(name):
    """Return a command by its name."""
    return symconv.get_command(CONTEXT, name)


def parameters():
    """Yield each command with each of its parameters that takes a value."""
    for name in COMMANDS:
        for parameter in command(name).params:
            if not getattr(parameter, "is_flag", False):
                yield name, parameter


def spelt(parameter, value):
    """Yield the ways to give ``value`` to a parameter."""
    if isinstance(parameter, click.Argument):
        yield [value]
        return
    for option in parameter.opts:
        yield [option, value]
        if option.startswith("--"):
            yield [f"{option}={value}"]


VALUES = list(parameters())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_looks_at_its_values(name):
    assert isinstance(command(name), StrictCommand)
    assert command(name).name == name


def test_there_are_values_to_look_at():
    assert {name for name, _ in VALUES} == COMMANDS.keys()
    assert len(VALUES) > 50


@pytest.mark.parametrize("blank", ["", " ", "\t\n \u00a0"])
@pytest.mark.parametrize(
    ("name", "parameter"), VALUES, ids=[f"{name} {each.opts[-1]}" for name, each in VALUES]
)
def test_no_value_is_empty_or_blank(run, tmp_path, monkeypatch, name, parameter, blank):
    monkeypatch.chdir(tmp_path)
    needed = [
        "1"
        for each in command(name).params
        if isinstance(each, click.Argument) and each.required and each is not parameter
    ]
    for given in spelt(parameter, blank):
        done = run(name, *needed, *given)
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith("symconv: error: Invalid value for ")
        assert done.err.endswith(
            f": it is empty or blank; write a value, or leave it out; see symconv {name} --help\n"
        )
        assert given[0].split("=")[0] in done.err or isinstance(parameter, click.Argument)
    assert list(tmp_path.iterdir()) == []


def test_a_blank_value_among_others_is_found(run):
    assert "'[CLAIMS]...'" in run("prove", "H == H", " ").err
    assert "'--where'" in run("prove", "H == H", "--where", "H > 1", "--where", "").err


def test_help_answers_whatever_else_is_said(run):
    for name in COMMANDS:
        done = run(name, "", "--help")
        assert (done.status, done.err) == (0, "")
        assert done.out.startswith(f"Usage: symconv {name} ")


@pytest.mark.parametrize("name", ["", " "])
def test_a_command_has_a_name(run, name):
    done = run(name)
    assert (done.status, done.out) == (2, "")
    assert done.err == f"symconv: error: No such command {name!r}; see symconv --help\n"


@pytest.mark.parametrize("text", [",", "padding,", ",dilation", "padding, ,dilation"])
@pytest.mark.parametrize("given", [["prove", "H == H"], ["derive", "--symbolic"]])
def test_no_entry_of_a_list_is_empty(run, given, text):
    done = run(*given, "--general", text)
    assert (done.status, done.out) == (2, "")
    assert f"{text!r} has an empty entry" in done.err


# What the help shows

NOTES = "\n\n".join(
    f"$$o_{{{p}}} = x_{{{p}}}w_{{1}} + x_{{{p + (p != 2)}}}w_{{2}}$$" for p in (1, 2, 3, 4)
)
"""Four outputs, with a slip in the second."""


def shown():
    """Yield every command line that some --help shows; a backslash continues it on the next one."""
    for name in COMMANDS:
        context = click.Context(command(name), info_name=name, parent=CONTEXT)
        text = re.sub(r"\\\n\s*", "", command(name).get_help(context))
        for line in text.splitlines():
            if re.match(r"\s+symconv\s", line):
                yield line.strip()


SHOWN = list(shown())


def shown_by_pages():
    """Return the commands of README and docs/, which their own tests run."""
    pages = (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
    lines = "\n".join(page.read_text(encoding="utf-8") for page in pages).splitlines()
    return {re.sub(r" +# .*", "", line.removeprefix("$ ")).strip() for line in lines}


UNSEEN = [line for line in SHOWN if line not in shown_by_pages()]


def test_the_help_of_every_command_but_recheck_shows_how_to_call_it():
    assert {line.split()[1] for line in SHOWN} == COMMANDS.keys() - {"recheck"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with the files that the help speaks of, and symconv on its path."""
    folder = tmp_path_factory.mktemp("help")
    (folder / "derivations").mkdir()  # not all of it: tests/test_claim_files.py judges that
    (folder / "derivations" / "claims.toml").symlink_to(ROOT / "derivations/claims/lecture.toml")
    (folder / "notes.md").write_text(NOTES)
    (folder / "paper.tex").write_text(NOTES)
    (folder / "slides").mkdir()
    (folder / "slides" / "one.md").write_text(NOTES)
    (folder / "layers.py").write_text(RIGHT["mean"].replace("Convolution2D", "Conv2d"))
    (folder / "conv.py").write_text(RIGHT["course"])
    shim = folder / "bin" / "symconv"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m symconv "$@"\n')
    shim.chmod(0o755)
    return folder


@pytest.mark.parametrize("line", UNSEEN)
def test_a_command_line_of_the_help_does_what_it_says(place, line):
    if line.endswith(".pdf") and not shutil.which("pdflatex"):
        missing("pdflatex is not installed")
    done = subprocess.run(
        ["bash", "-c", line], cwd=place, env=environment(PATH=f"{place / 'bin'}:/usr/bin:/bin"),
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    wrong = (
        "REFUTED at" in done.stdout
        or " error SC" in done.stdout
        or "fixable" in done.stdout
        or "--diff" in line
    )
    wrong = wrong and not re.search("explain|--expected", line)  # examples; as expected
    assert done.returncode == (1 if wrong else 0), done.stderr
    if target := re.search(r"(?:-o|--frames) (\S+)", line):
        assert (place / target[1]).exists()
    else:
        assert done.stdout
    if "--tensor" in line:
        assert "  with G = R2 x S2\n" in done.stdout

"""Completion: what a shell is told, by the protocols of bash, zsh and fish, and by bash itself."""

import os
import subprocess
import sys

import pytest
from processes import environment

from symconv.claims.theorems import theorems
from symconv.figures.kinds import KINDS


@pytest.fixture
def completed(run, monkeypatch):
    """Return a function that gives what may follow the words of a command line."""

    def complete(*words: str) -> list[tuple[str, str]]:
        monkeypatch.setenv("_SYMCONV_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", " ".join(("symconv", *words)))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        done = run()
        assert (done.status, done.err) == (0, "")
        return [tuple(line.split(",", 1)) for line in done.out.splitlines() if line]

    return complete


def plain(*words: str) -> list[tuple[str, str]]:
    """Return words as bash is told them."""
    return [("plain", word) for word in words]


def test_kinds_codes_and_words_are_completed(completed):
    assert completed("figure", "") == plain(*KINDS, "sheet")
    assert completed("figure", "input") == plain("input-gradient")
    assert completed("explain", "SC24") == plain("SC240")
    assert completed("explain", "conv") == plain("convolve", "conv_transpose")
    assert completed("explain", "NOT") == plain("NOT-JUDGED")


def test_claims_are_completed_by_the_ids_in_the_files_that_are_given(completed, tmp_path):
    ids = [entry.stated.id for entry in theorems() if entry.stated.id.startswith("input")]
    assert completed("prove", "-k", "input") == plain(*ids) != []
    file = tmp_path / "own.toml"
    file.write_text('[[claim]]\nid = "mine"\nstatement = "H == H"\n', encoding="utf-8")
    assert completed("prove", str(file), "-k", "") == plain("mine")


def test_a_list_is_completed_word_by_word(completed):
    assert completed("prove", "--general", "padding,d") == plain("padding,dilation")
    assert completed("derive", "--symbolic", "--general", "bi") == plain("bias")
    assert completed("prove", "--general", "padding,pad") == []
    for option in ("--select", "--ignore"):
        assert completed("check", option, "SC22") == plain("SC220", "SC221")
        assert completed("check", option, "SC220,SC24") == plain("SC220,SC240")


@pytest.mark.parametrize(
    "words",
    [
        ("check", "no"), ("recheck", "no"), ("prove", "no"), ("prove", "--certificate", "no"),
        *((name, "-o", "no") for name in ("derive", "prove", "figure", "slides", "explain")),
    ],
)  # fmt: skip
def test_files_are_completed_by_the_shell(completed, words):
    assert completed(*words) == [("file", "no")]


def test_folders_are_completed_by_the_shell(completed):
    assert completed("figure", "forward", "--frames", "st") == [("dir", "st")]


@pytest.mark.parametrize("text", ["[[claim]", "", 'id = "x"'])
def test_a_file_that_cannot_be_read_suggests_nothing(completed, tmp_path, text):
    file = tmp_path / "broken.toml"
    file.write_text(text, encoding="utf-8")
    assert completed("prove", str(file), "-k", "") == []
    assert completed("prove", str(tmp_path / "missing.toml"), "-k", "") == []


@pytest.mark.parametrize(
    ("shell", "says"), [("zsh", "the filter on the input"), ("fish", "plain\t")]
)
def test_other_shells_are_answered_in_their_way(run, monkeypatch, shell, says):
    monkeypatch.setenv("_SYMCONV_COMPLETE", f"{shell}_source")
    script = run()
    assert script.status == 0
    assert "_SYMCONV_COMPLETE" in script.out
    monkeypatch.setenv("_SYMCONV_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", "symconv figure for")
    monkeypatch.setenv("COMP_CWORD", "for" if shell == "fish" else "2")
    done = run()
    assert done.status == 0
    assert "forward" in done.out
    assert says.replace("\t", "") in done.out


def test_bash_completes_what_its_script_says(tmp_path):
    shim = tmp_path / "symconv"
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m symconv "$@"\n')
    shim.chmod(0o755)
    script = """
    eval "$(_SYMCONV_COMPLETE=bash_source symconv)"
    COMP_WORDS=(symconv figure input) COMP_CWORD=2
    _symconv_completion symconv
    printf '%s\\n' "${COMPREPLY[@]}"
    """
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], env=environment(PATH=path), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stdout == "input-gradient\n", done.stderr

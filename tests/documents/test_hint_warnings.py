"""A name in a hint that occurs nowhere in a document is said, not passed over."""

from __future__ import annotations

import json

import pytest

from symconv.__main__ import main

FORMULA = r"$$ Z_{i,j} = \sum_{m,n} \mathbf{V}_{i+m,j+n} K_{m,n} $$"


def run(capsys, path, *options):
    status = main(["check", str(path), *options])
    return status, *capsys.readouterr()


@pytest.fixture
def notes(tmp_path):
    path = tmp_path / "notes.md"
    path.write_text(FORMULA + "\n", encoding="utf-8")
    return path


def test_a_name_that_occurs_nowhere_is_said(capsys, notes):
    status, _, said = run(capsys, notes, "--names", "V,K,y")
    warning, error = said.splitlines()
    assert warning == (
        f"symconv: warning: {notes}: no 'y' stands in the mathematics of this document; "
        "names=V,K,y are input, filter and output"
    )
    assert error.startswith(f"symconv: error: {notes}: nothing was judged: ")
    assert status == 2
    assert run(capsys, notes, "--names", "V,K,y", "-q")[2].count("\n") == 1
    notes.write_text(notes.read_text(encoding="utf-8") + "$$ y_t = \\sum_k x_{t+k} f_k $$\n")
    status, _, said = run(capsys, notes, "--names", "V,K,U")
    assert (status, said.count("\n")) == (0, 1)


@pytest.mark.parametrize("names", ["V,K,Z", "v,K,z"])
def test_names_that_occur_are_not_spoken_of(capsys, notes, names):
    assert run(capsys, notes, "--names", names)[2] == ""


def test_a_comment_is_told_by_its_line(capsys, notes):
    notes.write_text(f"Text.\n\n<!-- symconv: names=U,K,Z -->\n{FORMULA}\n", encoding="utf-8")
    _, _, said = run(capsys, notes, "--stride", "1")
    assert f"{notes}:3: no 'U' stands" in said


def test_data_hold_the_warning(capsys, notes):
    status, shown, said = run(capsys, notes, "--names", "V,K,Z", "--format", "json")
    assert (status, said, json.loads(shown)["files"][0]["warnings"]) == (0, "", [])
    notes.write_text(notes.read_text(encoding="utf-8") + "$$ y_t = \\sum_k x_{t+k} f_k $$\n")
    status, shown, said = run(capsys, notes, "--names", "x,f,Q", "--format", "json")
    (warning,) = json.loads(shown)["files"][0]["warnings"]
    assert said == ""
    assert "no 'Q' stands" in warning

"""Standard streams that are closed or cannot be written to, by real processes of a shell."""

from __future__ import annotations

import subprocess
import sys

import pytest
from processes import ROOT, environment

OUTPUT = "symconv: error: standard output is closed, and the result would go there\n"
INPUT = "symconv: error: standard input is closed, and - reads it\n"
CERTIFICATES = f"{ROOT}/symconv/proof/closed_forms.json"

NOTES = r"""
$$o_{1} = x_{1}w_{1} + x_{2}w_{2}$$

$$o_{2} = x_{2}w_{1} + x_{3}w_{2}$$

$$o_{3} = x_{3}w_{1} + x_{4}w_{2}$$
"""


def shell(arguments, folder, **more):
    """Run symconv in a shell, which closes or redirects what ``arguments`` say."""
    (folder / "notes.md").write_text(NOTES)
    return subprocess.run(
        ["bash", "-c", f"{sys.executable} -m symconv {arguments}"],
        cwd=folder, env=environment(**more), capture_output=True, text=True, timeout=120,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


NEEDED = [
    "", "--help", "--version", "prove --help", "prove 'H == H'", "prove 'H == H' --format json",
    "prove --list", "prove 'H == H' --format smtlib", "check notes.md",
    "check notes.md --format sarif", "explain", "explain SC201 --format json", "figure forward",
    "figure forward --format png",
    "derive", "derive --format json", "derive --symbolic --wrt filter", "slides",
    f"recheck {CERTIFICATES}",
]  # fmt: skip


@pytest.mark.parametrize("arguments", NEEDED)
def test_a_closed_output_is_an_error_where_a_result_would_go_there(tmp_path, arguments):
    done = shell(f"{arguments} >&-", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", OUTPUT)


NOT_NEEDED = [
    ("prove -q 'H == H'", 0),
    ("prove -q 'X == rotate(X)'", 1),
    ("prove -q 'Y == correlate(X, X)'", 2),
    ("prove 'X == rotate(X)' -o out.json", 1),
    ("check notes.md -q", 0),
    ("check notes.md -o out.json", 0),
    ("derive -q", 0),
    ("derive -o out.tex", 0),
    ("figure forward -o out.svg", 0),
    ("figure forward --frames steps --input 3", 0),
    ("slides -o out.tex", 0),
    (f"recheck -q {CERTIFICATES}", 0),
]


@pytest.mark.parametrize(("arguments", "status"), NOT_NEEDED, ids=[a for a, _ in NOT_NEEDED])
def test_without_any_stream_the_status_is_the_verdict_where_none_is_needed(
    tmp_path, arguments, status
):
    done = shell(f"{arguments} <&- >&- 2>&-", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", "")
    if "out" in arguments:
        (written,) = tmp_path.glob("out.*")
        assert written.stat().st_size > 100


@pytest.mark.parametrize("arguments", ["prove -", "recheck -", "check - --language latex"])
def test_a_closed_input_is_an_error_where_it_is_read(tmp_path, arguments):
    done = shell(f"{arguments} <&-", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", INPUT)
    assert shell(f"{arguments} <&- >&- 2>&-", tmp_path).returncode == 2


@pytest.mark.parametrize("arguments", ["prove -", "recheck -", "check - --language latex"])
def test_an_input_that_cannot_be_read_is_named(tmp_path, arguments):
    done = shell(f"{arguments} 0> written.txt", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("symconv: error: cannot read ")
    assert done.stderr.endswith(": Bad file descriptor\n")


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", "<&- 2>&-"])
def test_without_standard_error_the_result_and_the_status_are_the_same(tmp_path, closed):
    proved = shell(f"prove 'H == H' {closed}", tmp_path)
    assert (proved.returncode, proved.stderr) == (0, "")
    assert proved.stdout.startswith("PROVED for every size\n")
    written = shell(f"prove 'X == rotate(X)' -o out.json {closed}", tmp_path)
    assert (written.returncode, written.stdout, written.stderr) == (1, "", "")
    refused = shell(f"prove 'H = H' {closed}", tmp_path)
    assert (refused.returncode, refused.stdout, refused.stderr) == (2, "", "")


def test_a_pipe_for_errors_that_nobody_reads_changes_no_status(tmp_path):
    done = shell("prove 'H == H' -o out.json 2> >(exec true)", tmp_path)
    assert done.returncode == 0


def test_no_file_gets_the_number_of_a_closed_stream(tmp_path):
    """What is written to standard output must not end in a file that was opened since."""
    done = shell("prove 'X == rotate(X)' -o out.txt --certificate c.json <&- >&- 2>&-", tmp_path)
    assert done.returncode == 1
    assert (tmp_path / "out.txt").read_text().startswith("REFUTED")
    assert not (tmp_path / "c.json").exists()

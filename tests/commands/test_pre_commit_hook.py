"""The hook of pre-commit: its command line, run as pre-commit runs it, on notes as they are."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from documents.lecture_notes import document
from processes import ROOT, environment

TAGS = {".md": "markdown", ".tex": "tex", ".py": "python"}
"""How pre-commit tags files by their names."""
PROSE = "# Notes\n\nIt costs $5, and $E = mc^2$.\n"
LECTURE = document()
RIGHT = "\n\n".join(f"$$o_{{{p}}} = x_{{{p}}}w_{{1}} + x_{{{p + 1}}}w_{{2}}$$" for p in range(1, 6))


def hook() -> dict[str, str]:
    """Return the keys of the one hook, each as it is written."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert text.count("- id:") == 1
    return dict(re.findall(r"^(?:- |  )(\w+): (.+?)(?: #.*)?$", text, re.MULTILINE))


def listed(value: str) -> list[str]:
    return [word.strip() for word in value.strip("[]").split(",") if word.strip()]


@pytest.fixture
def committed(tmp_path):
    """Return a function that runs the hook on the files of a commit that it is for."""

    def commit(files: dict[str, str], arguments: list[str] | None = None):
        told = hook()
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        chosen = [name for name in files if TAGS[Path(name).suffix] in listed(told["types_or"])]
        symconv, *entry = shlex.split(told["entry"])
        assert symconv == "symconv"
        given = listed(told["args"]) if arguments is None else arguments
        return subprocess.run(
            [sys.executable, "-m", "symconv", *entry, *given, *chosen],
            cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip

    return commit


def test_notes_without_mathematics_pass_beside_right_ones(committed):
    done = committed(
        {"README.md": PROSE, "a b/notes.md": RIGHT, "paper.tex": "\\section{One}", "x.py": "y = 1"}
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "5 agree, 0 wrong, 0 not judged in 3 documents\n"


def test_a_commit_of_prose_alone_passes_with_a_note(committed):
    done = committed({"README.md": PROSE})
    assert done.returncode == 0
    assert done.stderr.startswith("symconv: note: README.md: nothing was judged: ")
    assert committed({"README.md": PROSE}, []).returncode == 2


def test_a_commit_with_slips_fails_and_shows_them(committed):
    done = committed({"README.md": PROSE, "a b/notes.md": RIGHT, "lecture.md": LECTURE})
    assert done.returncode == 1
    assert "lecture.md:69:117: error SC201" in done.stdout
    assert done.stdout.endswith("Found 26 errors, 26 fixable with --fix.\n")
    assert "a b/notes.md:" not in done.stdout


def test_a_hook_that_mends_passes_when_all_is_mended(committed):
    files = {"a b/notes.md": RIGHT, "lecture.md": LECTURE}
    assert committed(files, ["--allow-unjudged", "--fix"]).returncode == 0

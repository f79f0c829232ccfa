"""Every command that the README shows works, and prints what the README shows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands():
    """Yield (command, the lines that are shown under it), setting up apart."""
    for language, block in re.findall(r"```(console|sh)\n(.*?)```", README, re.S):
        shown: list[str] = []
        for line in reversed(block.splitlines()):
            if language == "console" and not line.startswith("$ "):
                shown.insert(0, line)
            elif "-m venv" not in line:
                yield line.removeprefix("$ "), shown
                shown = []


COMMANDS = list(commands())

NOTES = (
    "$$o_{1} = x_{1}w_{1} + x_{2}w_{2}$$",
    "$$o_{2} = x_{2}w_{1} + x_{1}w_{2}$$",
    "$$o_{3} = x_{3}w_{1} + x_{4}w_{2}$$",
    "$$o_{4} = x_{4}w_{1} + x_{5}w_{2}$$",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder that has the files the README speaks of, and symconv on its path."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "derivations").symlink_to(ROOT / "derivations")
    (folder / "notes.md").write_text("\n\n".join(NOTES))
    shim = folder / "bin" / "symconv"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m symconv "$@"\n')
    shim.chmod(0o755)
    return folder


def test_the_readme_shows_each_command():
    from symconv.commands import COMMANDS as NAMES

    for name in NAMES:
        assert f"symconv {name}" in README or f"`{name}`" in README, name


@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=[c for c, _ in COMMANDS])
def test_a_command_of_the_readme_prints_what_it_shows(command, shown, place, monkeypatch):
    monkeypatch.setenv("PATH", f"{place / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = subprocess.run(
        ["bash", "-c", command], cwd=place, capture_output=True, text=True, timeout=300, check=False
    )
    refuted = "REFUTED" in done.stdout or ": error SC" in done.stdout
    assert done.returncode == 0 or (done.returncode == 1 and refuted), done.stderr
    if shown:
        assert done.stdout.rstrip("\n").splitlines() == shown


def test_the_setup_is_two_commands():
    assert len(re.findall(r"^python3 -m venv", README, re.M)) == 2

"""Every command that README and the pages of docs/ show works, and prints what they show."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from implementations.right_programs import RIGHT

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands(page: Path):
    """Yield (command, the lines that are shown under it), setting up apart."""
    text = page.read_text(encoding="utf-8")
    for language, block in re.findall(r"```(console|sh)\n(.*?)```", text, re.S):
        shown: list[str] = []
        for line in reversed(block.splitlines()):
            if language == "console" and not line.startswith("$ "):
                shown.insert(0, line)
            elif "-m venv" not in line:
                yield line.removeprefix("$ "), shown
                shown = []


COMMANDS = {(command, tuple(shown)): page for page in PAGES for command, shown in commands(page)}
"""Each command with what is shown, once, and the page that shows it."""

NOTES = (
    "$$o_{1} = x_{1}w_{1} + x_{2}w_{2}$$",
    "$$o_{2} = x_{2}w_{1} + x_{1}w_{2}$$",
    "$$o_{3} = x_{3}w_{1} + x_{4}w_{2}$$",
    "$$o_{4} = x_{4}w_{1} + x_{5}w_{2}$$",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder that has the files the pages speak of, and symconv on its path."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "derivations").symlink_to(ROOT / "derivations")
    (folder / "notes.md").write_text("\n\n".join(NOTES))
    layers = RIGHT["loops"].replace("pad:pad + H, pad:pad + W", "pad:-pad, pad:-pad")
    (folder / "layers.py").write_text(layers)
    (folder / "right.py").write_text(RIGHT["loops"])
    shim = folder / "bin" / "symconv"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m symconv "$@"\n')
    shim.chmod(0o755)
    return folder


def test_the_readme_shows_each_command():
    from symconv.commands import COMMANDS as NAMES

    for name in NAMES:
        assert f"symconv {name}" in README or f"`{name}`" in README, name


def printed(command: str, run) -> tuple[int, str, str]:
    """Return the status of a command, what it prints, and what it says of errors.

    symconv runs in this process, which spares its start; what stands behind a pipe is the shell's.
    """
    first, _, rest = command.partition(" | ")
    if re.search(r"&&|[<>]{1,2}\s?[\w/]", re.sub(r"'[^']*'", "", first)):
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr
    program, *arguments = shlex.split(first, comments=True)
    assert program == "symconv"
    done = run(*arguments)
    if not rest:
        return done.status, done.out, done.err
    shell = subprocess.run(
        ["bash", "-c", rest], input=done.out, capture_output=True, text=True, check=False
    )
    return shell.returncode, shell.stdout, done.err + shell.stderr


@pytest.mark.parametrize(
    ("command", "shown"), COMMANDS, ids=[f"{p.stem}: {c[0]}" for c, p in COMMANDS.items()]
)
def test_a_command_prints_what_is_shown(command, shown, place, run, monkeypatch):
    monkeypatch.chdir(place)
    monkeypatch.setenv("PATH", f"{place / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    status, out, error = printed(command, run)
    signs = ("REFUTED", ": error SC", ": error V", "fixable with --fix")
    refuted = any(sign in out for sign in signs)
    assert status == 0 or (status == 1 and refuted), error
    if shown:
        assert out.rstrip("\n").splitlines() == [*shown]


@pytest.mark.parametrize("command", ["symconv check notes.md", "symconv explain SC201 | head -n 1"])
def test_in_this_process_a_command_prints_what_it_does_in_a_shell(command, place, run, monkeypatch):
    monkeypatch.chdir(place)
    monkeypatch.setenv("PATH", f"{place / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    here, there = printed(command, run), printed(f"true && {command}", run)
    assert here == there


def test_the_setup_is_two_commands():
    assert len(re.findall(r"^python3 -m venv", README, re.M)) == 2


def test_the_readme_is_short_and_leads_to_every_page():
    assert len(README.splitlines()) <= 132
    for page in [*PAGES[1:], ROOT / "docs" / "tour.ipynb"]:
        assert f"](docs/{page.name})" in README, page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_links_to_is_there(page):
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"(?:\]\(|src=\"|srcset=\")([^)\"#:]+)(?:#[\w-]+)?[)\"]", text):
        assert (page.parent / link).exists(), link
    for path, anchor in re.findall(r"\]\(([\w./-]+)#([\w-]+)\)", text):
        titles = re.findall(r"^#+ (.*)$", (page.parent / path).read_text(encoding="utf-8"), re.M)
        slugs = [re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles]
        assert anchor in slugs, f"{path}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_picture_is_light_and_dark(page):
    for dark, light in re.findall(
        r"<picture>.*?srcset=\"(.*?)\".*?src=\"(.*?)\".*?</picture>",
        page.read_text(encoding="utf-8"), re.S,
    ):  # fmt: skip
        assert Path(dark).stem == f"{Path(light).stem}-dark"


def test_the_numbers_about_textbooks_are_those_of_the_page():
    page = (ROOT / "docs" / "textbooks.md").read_text(encoding="utf-8")
    said = re.search(r"\*\*What textbooks get wrong\.\*\*.*?\n\n", README, re.S)
    for number in re.findall(r"\d+x\d+", said[0]):
        assert number in page, number


def test_the_galleries_show_what_their_commands_draw():
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("regenerate", ROOT / "derivations" / "regenerate.py")
    regenerate = module_from_spec(spec)
    spec.loader.exec_module(regenerate)
    page = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^symconv figure (\S+) (.*) -o", page, re.M))
    assert shown == {"input-gradient": "--stride 2"} | regenerate.PICTURES
    page += (ROOT / "docs" / "backward-passes.md").read_text(encoding="utf-8")
    pictures = {
        (ROOT / "docs" / path).resolve() for path in re.findall(r"src(?:set)?=\"(.*?)\"", page)
    }
    made = {(ROOT / path).resolve() for path in regenerate.COMMANDS}
    assert {path for path in made if path.suffix == ".svg"} == pictures

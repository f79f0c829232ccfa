"""The Python that README, the pages of docs/ and the notebook show: it is true, and it is typed."""

import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: str) -> list[str]:
    """Return the blocks of Python on a page, without prompts and what is printed."""
    return [_statements(block) for block in re.findall(r"```python\n(.*?)```", page, re.S)]


def _statements(block: str) -> str:
    if ">>>" not in block:
        return block
    return "".join(example.source for example in doctest.DocTestParser().get_examples(block))


def sources() -> dict[str, str]:
    """Return all Python that is shown, by the name of a module for each page."""
    found = {page.stem.lower(): "".join(blocks(page.read_text("utf-8"))) for page in PAGES}
    cells = json.loads((ROOT / "docs" / "tour.ipynb").read_text("utf-8"))["cells"]
    found["tour"] = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    return {name: source for name, source in found.items() if source}


def mypy(folder: Path, modules: dict[str, str]) -> str:
    """Return what mypy, strict as for the package, says of modules."""
    for name, source in modules.items():
        (folder / f"shown_{name}.py").write_text(source, encoding="utf-8")
    files = [str(folder / f"shown_{name}.py") for name in modules]
    run = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", *files]
    return subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_what_is_shown_is_typed(tmp_path):
    shown = sources()
    assert {"readme", "tour"} <= shown.keys()
    slip = "from symconv import derive\nderive(5, 3).input_gradient['x']\nderive(5, stirde=2)\n"
    said = mypy(tmp_path, shown | {"slip": slip})
    wrong = [line for line in said.splitlines() if "error:" in line]
    assert [line for line in wrong if "shown_slip" not in line] == []
    assert {re.findall(r"shown_slip\.py:(\d)", line)[0] for line in wrong} == {"2", "3"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_shown_is_true(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert doctest.testfile(str(page), module_relative=False, encoding="utf-8").failed == 0

"""What the pages for those who come new say is there, is there."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from test_house import FLOORS

ROOT = Path(__file__).parent.parent
PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md")


def page(name: str) -> str:
    """Return the text of a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def missing(text: str) -> list[str]:
    """Return what a page mentions in backticks or links, and is not there.

    A path counts from the root or from the package; what follows ``::`` is defined in the file.
    Commands of symconv are about files of the reader.
    """
    spans = [span for span in re.findall(r"`([^`\n]+)`", text) if not span.startswith("symconv ")]
    quoted = [word for span in spans for word in span.split()]
    mentioned = [word for word in quoted if re.fullmatch(r"[\w./-]+(::\w+)?", word)]
    paths = [word for word in mentioned if "/" in word or re.search(r"\.(py|md|toml|yaml)", word)]
    return [
        each for each in [*paths, *re.findall(r"\]\(([\w./-]+)\)", text)] if not _is_there(each)
    ]


def _is_there(mentioned: str) -> bool:
    path, _, name = mentioned.partition("::")
    at = next((base / path for base in (ROOT, ROOT / "symconv") if (base / path).exists()), None)
    if at is None or not name:
        return at is not None
    return name in _defined(ast.parse(at.read_text(encoding="utf-8")))


def _defined(tree: ast.Module) -> set[str]:
    """Return the names that a module defines."""
    names = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def rooms(text: str) -> list[str]:
    """Return the rooms in the order in which ARCHITECTURE.md lists them."""
    block = text.split("## The rooms")[1].split("\n## ")[0]
    lines = [line.split("  ") for line in block.splitlines() if line.startswith("    ")]
    cells = [cell.strip() for line in lines for cell in line]
    return [cell for cell in cells if re.fullmatch(r"\w+", cell)]


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_mentions_is_there(name):
    assert missing(page(name)) == []


@pytest.mark.parametrize(
    "text",
    [
        "`symconv/nowhere.py`",
        "`geometry.py::Nothing`",
        "`tests/house/`",
        "see [here](NOWHERE.md)",
        "`python derivations/nothing.py`",
    ],
)
def test_what_is_not_there_is_found(text):
    assert missing(text) != []


def test_the_map_lists_the_rooms_from_the_ground_up():
    *floors, _ = FLOORS  # the last is the package itself
    assert rooms(page("ARCHITECTURE.md")) == [room for floor in floors for room in floor]


@pytest.mark.parametrize("name", [*PAGES, "CHANGELOG.md"])
def test_the_readme_leads_to_the_other_pages(name):
    assert f"]({name})" in page("README.md")


def test_what_ci_lints_is_what_is_linted_before_a_commit():
    tools = r"(ruff|mypy)"
    in_ci = re.findall(rf"^\.venv-test/bin/({tools}.*)$", page(".ci/run"), re.M)
    before = re.findall(
        rf"entry: \.venv-test/bin/({tools}.*)$", page(".pre-commit-config.yaml"), re.M
    )
    assert [command for command, _ in in_ci] == [command for command, _ in before] != []


def test_ci_runs_on_every_python_that_is_promised():
    project = tomllib.loads(page("pyproject.toml"))["project"]
    said = [line.rpartition(" ")[2] for line in project["classifiers"] if ":: 3." in line]
    (matrix,) = re.findall(r"python: \[(.*)\]", page(".github/workflows/ci.yml"))
    assert re.findall(r'"([\d.]+)"', matrix) == said
    assert project["requires-python"] == f">={said[0]}"

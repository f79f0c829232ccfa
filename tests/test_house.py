"""The house: what stands on what, and that each name says one thing."""

import ast
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "symconv"

FLOORS = (
    ("errors", "equation"),
    ("limits",),
    ("polynomial", "geometry", "notation"),
    ("mathematics",),
    ("tensors",),
    ("formula",),
    ("readings",),
    ("engines",),
    ("claims",),
    ("refutation",),
    ("proof",),
    ("symbolic",),
    ("derivation",),
    ("targets",),
    ("programs",),
    ("implementations",),
    ("documents",),
    ("telling",),
    ("lecture", "figures"),
    ("views",),
    ("commands",),
    ("__init__", "__main__", "testing"),
)
"""The rooms from the ground up; a room imports from lower floors, and from its own."""

FLOOR = {room: k for k, floor in enumerate(FLOORS) for room in floor}

BESIDE = 9
"""The most files beside the folders."""


@cache
def tree(source: str) -> ast.Module:
    """Return the syntax of a module's text."""
    return ast.parse(source)


def modules(package: Path) -> dict[str, Path]:
    """Return every module of the package by its dotted name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> set[str]:
    """Return the modules that a file imports, wherever in it, for types alone as well."""
    found = set()
    for node in ast.walk(tree(path.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module), names=names, level=0):
                inside = (f"{module}.{alias.name}" for alias in names)
                found |= {name if name in known else module for name in inside}
            case ast.ImportFrom():
                raise AssertionError(f"{path}: a relative import, which this test cannot follow")
            case ast.Import(names=names):
                found |= {alias.name for alias in names}
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value)]):
                found.add(value)
    return found & known.keys()


def room(module: str) -> str:
    """Return the room of a module: a folder, or a file beside the folders."""
    return module.split(".")[1] if "." in module else "__init__"


def upwards(known: dict[str, Path]) -> list[str]:
    """Return the imports of a room above, or of another room on the floor."""
    return [
        f"{module} imports {other}"
        for module, path in known.items()
        for other in sorted(imports(path, known))
        if room(module) != room(other)
        and FLOOR[room(other)] >= FLOOR[room(module)]
        and (room(other), room(module)) != ("figures", "lecture")
        and other != "symconv"  # for its version
    ]


def circle(known: dict[str, Path]) -> list[str]:
    """Return modules that import each other in a circle, none where there is no circle."""
    graph = {module: imports(path, known) - {"symconv"} for module, path in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def classes(known: dict[str, Path]) -> Counter[str]:
    """Return how often each public class name is defined."""
    return Counter(
        node.name
        for path in known.values()
        for node in ast.walk(tree(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )


def test_every_room_has_a_floor():
    assert {room(module) for module in modules(PACKAGE)} <= FLOOR.keys()


def test_no_room_imports_a_room_above_it():
    assert upwards(modules(PACKAGE)) == []


def test_no_modules_import_each_other_in_a_circle():
    assert circle(modules(PACKAGE)) == []


def test_few_files_stand_beside_the_folders():
    beside = [path.name for path in PACKAGE.glob("*.py")]
    assert len(beside) <= BESIDE, beside


def test_each_public_class_name_is_defined_once():
    assert [name for name, count in classes(modules(PACKAGE)).items() if count > 1] == []


@pytest.mark.parametrize(
    ("file", "line", "finds"),
    [
        ("geometry.py", "from symconv.views import plain", upwards),
        ("geometry.py", "def f():\n    from symconv.views.plain import lines", upwards),
        ("tensors/table.py", "import symconv.engines.engine", upwards),
        ("figures/labels.py", "from symconv.lecture.slide import Slide", upwards),
        ("proof/search.py", "importlib.import_module('symconv.views.plain')", upwards),
        ("formula/nodes.py", "from symconv.formula.parse import LARGEST", circle),
    ],
)
def test_an_import_that_does_not_belong_is_found(tmp_path, file, line, finds):
    for path in PACKAGE.rglob("*.py"):
        copy = tmp_path / "symconv" / path.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    changed = tmp_path / "symconv" / file
    changed.write_text(f"{changed.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    assert finds(modules(tmp_path / "symconv"))

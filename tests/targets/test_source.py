"""How exported modules are written: as formatters, linters and type checkers have it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from targets import configurations

from symconv.targets.modules import TARGETS, write
from symconv.targets.source import Bracketed, PythonFunction, paragraph, statement
from symconv.targets.specification import AnySizes, ChannelLayout, Specification

ROOT = Path(__file__).parents[2]

ALL = "B,C4,D1,E,F,I,N,PIE,PT,PTH,RET,RUF,SIM,TC,UP,W"
"""The rules beyond those that ruff checks where nobody says any."""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return a folder with modules of each target, for any size and for random layers."""
    folder = tmp_path_factory.mktemp("written")
    for name, target in TARGETS.items():
        specifications = [
            Specification(AnySizes(rank, transposed), layout)
            for rank in (1, 2, 3)
            for transposed in (False, True)
            for layout in target.layouts
        ]
        cases = configurations.cases(40, 3, target.layouts)
        specifications += [case.specification for case in cases if not case.symbolic]
        for number, specification in enumerate(specifications):
            text = write(name, specification, "symconv export 'a long command' " + "--word " * 20)
            (folder / f"{name}_{number}.py").write_text(text, encoding="utf-8")
    return folder


def ruff(folder, *words):
    run = [sys.executable, "-m", "ruff", *words, "--isolated", "--target-version", "py311", "."]
    return subprocess.run(run, cwd=folder, capture_output=True, text=True, check=False)


def test_they_are_formatted_and_lint_free(written):
    pytest.importorskip("ruff", reason="ruff is not installed")
    done = ruff(written, "format", "--check", "--diff")
    assert done.returncode == 0, done.stdout[:2000]
    assert ruff(written, "check", "--output-format", "concise").stdout == "All checks passed!\n"
    ignored = "F722,N802,N803,N806,N812,SIM905"
    done = ruff(
        written, "check", "--select", ALL, "--ignore", ignored, "--output-format", "concise"
    )
    assert done.stdout == "All checks passed!\n"


def test_a_slip_in_the_layout_is_seen(written, tmp_path):
    pytest.importorskip("ruff", reason="ruff is not installed")
    text = (written / "numpy_0.py").read_text(encoding="utf-8")
    (tmp_path / "slip.py").write_text(text.replace("groups, -1", "groups,-1"), encoding="utf-8")
    assert ruff(tmp_path, "format", "--check").returncode == 1


def test_they_are_typed(written, tmp_path):
    names = ["numpy_0", "numpy_1", "numpy_2", "jax_0", "jax_2", "numpy_14", "jax_14", "numpy_15"]
    slip = tmp_path / "slip.py"
    text = (written / "numpy_2.py").read_text(encoding="utf-8")
    slip.write_text(f"{text}\n\nforward('x', 'f')\n", encoding="utf-8")
    files = [*(str(written / f"{name}.py") for name in names), str(slip)]
    run = [sys.executable, "-m", "mypy", "--strict", "--config-file", "pyproject.toml", *files]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    wrong = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert [line for line in wrong if "slip.py" not in line] == []
    assert len(wrong) == 2


def test_they_stand_alone(written):
    allowed = {"math", "typing", "numpy", "torch", "jax"}
    for path in written.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    assert {alias.name.split(".")[0] for alias in names} <= allowed
                case ast.ImportFrom(module=str(module)):
                    assert module.split(".")[0] in allowed


def test_no_line_is_too_long(written):
    for path in written.glob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert max(map(len, lines)) <= 88, path.name


def test_a_call_that_is_too_long_is_broken_at_its_brackets():
    short = Bracketed("f(", ("x",))
    assert statement("y = ", short) == ["    y = f(x)"]
    middle = Bracketed("function(", ("argument",) * 8)
    assert [len(line) for line in statement("y = ", middle)] == [17, 86, 5]
    parts = ("argument", Bracketed("inner(", ("argument",) * 8), "z")
    lines = statement("", Bracketed("function(", parts), 0)
    assert lines[1:3] == ["    argument,", "    inner("]
    assert lines[-3:] == ["    ),", "    z,", ")"]


def test_a_summary_that_does_not_fit_is_refused():
    function = PythonFunction("f", (), "None", "word " * 20, ())
    with pytest.raises(ValueError, match="too long"):
        function.lines()


def test_a_paragraph_hangs():
    assert paragraph("word " * 20, 1, 2)[1].startswith("        word")


def test_a_command_ends_no_docstring():
    specification = Specification(AnySizes(2), ChannelLayout.NCHW)
    text = write("numpy", specification, 'symconv export \'Conv2d(1, 1, 3, padding="""same""")\\\'')
    docstring = ast.get_docstring(ast.parse(text))
    assert 'padding="""same""")\\\'' in docstring

"""The Python in a notebook or in Markdown: cells and fences, joined to the text of one module.

What is no Python (prose, other languages, magics) becomes empty lines, so that a line of Markdown
keeps its number; a line of a notebook has a cell, counted among the cells of code from 1.
"""

from __future__ import annotations

import ast
import functools
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from symconv.errors import SymconvError

NOTEBOOKS = (".ipynb",)
MARKDOWN = (".md", ".markdown", ".qmd")


class SnippetError(SymconvError):
    """A notebook that cannot be read, in one line."""


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where a line of the joined text stands in its file.

    Attributes:
        line: its number, from 1, in the file or in the cell.
        cell: the number of its cell, None where the file has none.
    """

    line: int
    cell: int | None = None

    def __str__(self) -> str:
        """Return the place as it follows the name of the file."""
        return f"{self.line}" if self.cell is None else f"cell {self.cell}:{self.line}"


@dataclass(frozen=True, slots=True)
class PythonText:
    """The text of a module.

    Attributes:
        text: the text.
        cells: of a notebook, for each line the cell and the line there.
        left_out: what is no Python, with its place, each in one line.
    """

    text: str
    cells: tuple[LinePlace, ...] = ()
    left_out: tuple[str, ...] = field(default=())

    def place(self, line: int) -> LinePlace:
        """Return where a line of the text, counted from 1, stands in the file."""
        return self.cells[line - 1] if 0 < line <= len(self.cells) else LinePlace(line)


def is_document(path: str) -> bool:
    """Whether a file is a notebook or Markdown, by its name."""
    return Path(path).suffix.lower() in (*NOTEBOOKS, *MARKDOWN)


def python_text(path: str) -> PythonText:
    """Return the Python of a file: all of it, or what stands in cells or fences.

    Raises:
        OSError: the file cannot be read.
        UnicodeDecodeError: it is not in UTF-8.
        SnippetError: it is no notebook.
    """
    text = Path(path).read_text(encoding="utf-8")
    suffix = Path(path).suffix.lower()
    if suffix in NOTEBOOKS:
        return _of_notebook(text)
    return _of_markdown(text) if suffix in MARKDOWN else PythonText(text)


@functools.lru_cache(maxsize=8)
def _of_notebook(text: str) -> PythonText:
    lines: list[str] = []
    places: list[LinePlace] = []
    left_out = []
    for number, source in enumerate(_cells(text), 1):
        cell = without_magics(source.split("\n"))
        if error := _syntax_error("\n".join(cell)):
            left_out.append(f"{LinePlace(error[0], number)}: {error[1]}")
            cell = [""] * len(cell)
        lines += [*cell, ""]
        places += [LinePlace(k, number) for k in range(1, len(cell) + 2)]
    return PythonText("\n".join(lines), tuple(places), tuple(left_out))


def _cells(text: str) -> list[str]:
    """Return the source of every cell of code."""
    try:
        data = json.loads(text)
        sheets = data.get("worksheets") or [data]
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        language = str(data.get("metadata", {}).get("language_info", {}).get("name", "python"))
        sources = [
            cell["source"] if "source" in cell else cell["input"]
            for cell in cells
            if cell["cell_type"] == "code"
        ]
        joined = ["".join(source) for source in sources]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SnippetError("it is no notebook: it has no cells in JSON") from None
    if "python" not in language.lower():
        raise SnippetError(f"its cells are {language}, not Python")
    return joined


_RUNS_PYTHON = re.compile(r"%%(time|timeit|capture|prun)\b")
_NO_PYTHON = re.compile(r"\s*(%|!|\?)|.*\w\?{1,2}\s*$")
_ASSIGNED = re.compile(r"(\s*[\w, ]+=\s*)[%!].*$")


def without_magics(lines: Sequence[str]) -> list[str]:
    """Return the lines of a cell without what IPython alone understands.

    >>> without_magics(["%matplotlib inline", "%time y = 1", "names = !ls", "if y:", "  !rm -r x"])
    ['', 'y = 1', 'names = None', 'if y:', '  pass']
    """
    text = list(lines)
    first = next((k for k, line in enumerate(text) if line.strip()), None)
    if first is None or _syntax_error("\n".join(text)) is None:
        return text
    if text[first].startswith("%%"):
        if not _RUNS_PYTHON.match(text[first]):
            return [""] * len(text)
        text[first] = ""
    made = []
    continued = False
    for line in text:
        if continued:
            made.append("")
            continued = line.rstrip().endswith("\\")
            continue
        if match := re.match(r"(\s*)%time\s+(.*)$", line):
            made.append(match[1] + match[2])
        elif match := _ASSIGNED.match(line):
            made.append(f"{match[1]}None")
        elif _NO_PYTHON.match(line):
            indent = line[: len(line) - len(line.lstrip())]
            made.append(f"{indent}pass" if indent else "")
            continued = line.rstrip().endswith("\\")
        else:
            made.append(line)
    return made


def _syntax_error(text: str) -> tuple[int, str] | None:
    """Return line and kind of the first error of syntax, or None."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 1, f"{type(error).__name__}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return 1, f"{type(error).__name__}: {error}"
    return None


_FENCE = re.compile(r"(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
_PYTHON = re.compile(
    r"(\{?code(-cell|-block)?\}?\s+)?\{?\s*\.?(ipython3?|python3?|py3?|pycon|jupyter)\b", re.I
)


@dataclass(frozen=True, slots=True)
class _Fence:
    """A fenced block: the number of its first line, what stands behind the fence, its lines."""

    first: int
    info: str
    lines: tuple[str, ...]

    def python(self) -> list[str]:
        """Return its lines; of a session with prompts, what was typed."""
        lines = list(self.lines)
        begun = next((line for line in lines if line.strip()), "")
        if begun.lstrip().startswith(">>>"):
            lines = [_typed(line) for line in lines]
        return without_magics(lines)


def _typed(line: str) -> str:
    match = re.match(r"\s*(?:>>>|\.\.\.)(?: (.*)|$)", line)
    return (match[1] or "") if match else ""


def _fences(lines: Sequence[str]) -> Iterator[_Fence]:
    """Yield every fenced block; one that is never closed ends with the text."""
    opened: re.Match[str] | None = None
    first = 0
    for k, line in enumerate([*lines, None]):
        match = None if line is None else _FENCE.match(line)
        if opened is None:
            opened, first = match, k + 1
            continue
        closes = match is not None and not match["info"].strip()
        closes = closes and match["mark"].startswith(opened["mark"])  # type: ignore[index]
        if closes or line is None:
            indent = opened["indent"]
            inside = tuple(
                each.removeprefix(indent) if each.startswith(indent) else each.lstrip(" \t>")
                for each in lines[first:k]
            )
            yield _Fence(first, opened["info"].strip(), inside)
            opened = None


@functools.lru_cache(maxsize=8)
def _of_markdown(text: str) -> PythonText:
    """Return all Python of a text; a fence that is indented goes on where the one before ended."""
    every = text.split("\n")
    made = [""] * len(every)
    left_out = []
    for fence in _fences(every):
        named = bool(_PYTHON.match(fence.info))
        lines = fence.python()
        if not named and (fence.info or not _defines("\n".join(lines))):
            continue
        at = slice(fence.first, fence.first + len(lines))
        begun = next((line for line in lines if line.strip()), "")
        error = None if begun[:1].isspace() else _syntax_error("\n".join(lines))
        if begun[:1].isspace():
            made[at] = lines
            if _syntax_error("\n".join(made)):
                lines = textwrap.dedent("\n".join(lines)).split("\n")
                error = _syntax_error("\n".join(lines))
        made[at] = [""] * len(lines) if error else lines
        if error:
            left_out.append(f"{fence.first + error[0]}: {error[1]}")
    return PythonText("\n".join(made), (), tuple(left_out))


def _defines(text: str) -> bool:
    """Whether a text is Python and imports or defines something."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return False
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return any(isinstance(node, kinds) for node in body)

"""Finds the line of a backward pass that a fault stands in, without running anything."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from symconv.implementations.roles import gradient
from symconv.implementations.snippets import LinePlace, PythonText, SnippetError, python_text

_AT_THE_END = ("V102", "V107", "V111")
"""Faults that stand where a gradient gets its last shape, not where it is added up."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A place in a file.

    Attributes:
        place: the line, from 1, and in a notebook its cell.
        column: where the caret begins, from 1.
        end: where it ends.
        text: the line itself.
    """

    place: LinePlace
    column: int
    end: int
    text: str

    @property
    def number(self) -> int:
        """The line, from 1, in the file or in its cell."""
        return self.place.line


class BackwardSource:
    """The text of backward functions."""

    def __init__(self, file: str, functions: tuple[tuple[str, int], ...]) -> None:
        self.lines: list[str] = []
        self.python = PythonText("")
        self.definitions: list[ast.FunctionDef] = []
        try:
            self.python = python_text(file)
            tree = ast.parse(self.python.text)
        except (OSError, SyntaxError, ValueError, SnippetError):
            return
        self.lines = self.python.text.split("\n")
        known = {*functions[1:]}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                if (node.name, first) in known:
                    self.definitions.append(node)

    def at(self, number: int | None) -> SourceLine | None:
        """Return a line with a caret under all of it."""
        if number is None or not 0 < number <= len(self.lines):
            return None
        text = self.lines[number - 1]
        start = len(text) - len(text.lstrip())
        place = self.python.place(number)
        return SourceLine(place, start + 1, len(text.rstrip()) + 1, text)

    def definition(self) -> SourceLine | None:
        """Return where the backward pass begins."""
        return self.at(self.definitions[0].lineno) if self.definitions else None

    def place(self, name: str, code: str) -> SourceLine | None:
        """Return where a gradient is made, for a kind of fault; None: that is not seen."""
        targets = [
            (target, statement)
            for definition in self.definitions
            for statement in ast.walk(definition)
            for target in _targets(statement)
        ]
        mine = [(t, s) for t, s in targets if gradient(t) == name]
        sources = {n for _, s in mine for n in _names(s)}
        inner = [s for t, s in targets if t in sources and isinstance(s, ast.AugAssign)]
        added: list[ast.AST] = [s for _, s in mine if _adds(s)] or [*inner]
        plain = [s for _, s in mine if not _adds(s) and not _allocates(s)]
        chosen = (plain or added) if code in _AT_THE_END else (added or plain)
        if not chosen:
            chosen = [
                node
                for definition in self.definitions
                for node in ast.walk(definition)
                if isinstance(node, ast.Return)
            ]
        if not chosen:
            return None
        node = max(chosen, key=lambda each: getattr(each, "lineno", 0))
        line = self.at(getattr(node, "lineno", None))
        if line is None or node.end_lineno != node.lineno:  # type: ignore[attr-defined]
            return line
        return replace(line, end=node.end_col_offset + 1)  # type: ignore[attr-defined]


def _targets(statement: ast.AST) -> list[str]:
    match statement:
        case ast.Assign(targets=targets):
            flat = [e for t in targets for e in (t.elts if isinstance(t, ast.Tuple) else [t])]
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            flat = [target]
        case _:
            return []
    return [name for each in flat if (name := _base(each)) is not None]


def _base(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=ast.Attribute(), slice=ast.Constant(value=str(key))):
            return f"d{key}" if gradient(key) is None else key
        case ast.Subscript(value=value) | ast.Starred(value=value):
            return _base(value)
    return None


def _names(statement: ast.AST) -> list[str]:
    value = getattr(statement, "value", None)
    return [] if value is None else [n.id for n in ast.walk(value) if isinstance(n, ast.Name)]


def _adds(statement: ast.AST) -> bool:
    return isinstance(statement, ast.AugAssign) or (
        isinstance(statement, ast.Assign)
        and any(isinstance(target, ast.Subscript) for target in statement.targets)
    )


def _allocates(statement: ast.AST) -> bool:
    match getattr(statement, "value", None):
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name.startswith(("zeros", "empty", "ones", "zero_pad"))
    return False

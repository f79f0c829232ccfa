"""Runs what the functions and classes of a notebook or of Markdown need, and nothing else of it.

This module runs in the process that runs the file.  Definitions and imports run, and of the other
statements those that bind or change a name that a definition uses: no training, no plots.  What
fails is left out and told; the rest goes on, as in a notebook.
"""

from __future__ import annotations
import __future__

import ast
import linecache
import sys
import types
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from symconv.implementations.snippets import PythonText, python_text
from symconv.implementations.source import in_one_line, place_of


def run(path: str) -> tuple[types.ModuleType, tuple[str, ...]]:
    """Run a notebook or Markdown; return it as a module, and what was left out, in lines.

    Args:
        path: the file.

    Raises:
        OSError: it cannot be read.
        SnippetError: it is no notebook.
    """
    file = str(Path(path).resolve())
    python = python_text(file)
    tree = ast.parse(python.text)
    module = types.ModuleType(f"_judged_{Path(file).stem}")
    module.__file__ = file
    sys.modules[module.__name__] = module
    sys.path.insert(0, str(Path(file).parent))
    # What looks for source lines finds those of the module, not those of the file around them.
    lines = [f"{line}\n" for line in python.text.split("\n")]
    linecache.cache[file] = (len(python.text), None, lines, file)
    body = tree.body if python.cells else continued(tree.body)
    flags = _futures(body)
    left_out = list(python.left_out)
    for node in needed(body):
        code = compile(ast.Module([node], []), file, "exec", flags=flags, dont_inherit=True)
        try:
            exec(code, vars(module))
        except (Exception, SystemExit) as error:
            left_out.append(_failure(error, node, python, file))
    return module, tuple(left_out)


def _failure(error: Exception | SystemExit, node: ast.stmt, python: PythonText, file: str) -> str:
    place = python.place(place_of(error, [file]) or node.lineno)
    return f"{place}: {in_one_line(error)}"


def _futures(body: Sequence[ast.stmt]) -> int:
    names = [
        alias.name
        for node in body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    ]
    flags = 0
    for name in names:
        flags |= getattr(getattr(__future__, name, None), "compiler_flag", 0)
    return flags


def continued(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return statements with each class in one piece.

    A post defines a class, and comes back to it with ``class Conv:`` and one method more: a class
    without a constructor that was defined before goes on.
    """
    made: list[ast.stmt] = []
    for node in body:
        if isinstance(node, ast.ClassDef) and "__init__" not in _methods(node):
            before = next(
                (e for e in made if isinstance(e, ast.ClassDef) and e.name == node.name), None
            )
            if before is not None:
                before.body.extend(node.body)
                continue
        made.append(node)
    return made


def _methods(node: ast.ClassDef) -> set[str]:
    return {each.name for each in node.body if isinstance(each, ast.FunctionDef)}


_DEFINES = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
_IMPORTS = (ast.Import, ast.ImportFrom)


def needed(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the statements that definitions need, in their order."""
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in body
        if isinstance(node, _IMPORTS)
        for alias in node.names
    } - {"sys"}  # sys.path decides what can be imported
    chosen = {k for k, node in enumerate(body) if isinstance(node, (*_DEFINES, *_IMPORTS))}
    wanted = {"sys", *_used(body[k] for k in chosen)}
    wanted |= {node.name for node in body if isinstance(node, _DEFINES)}
    rest = {k: _changed(node) - imported for k, node in enumerate(body) if k not in chosen}
    while more := {k for k, names in rest.items() if k not in chosen and names & wanted}:
        chosen |= more
        wanted |= _used(body[k] for k in more)
    return [body[k] for k in sorted(chosen)]


def _used(nodes: Iterable[ast.stmt]) -> set[str]:
    """Return every name that is read."""
    return {
        each.id
        for node in nodes
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    }


def _changed(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds, or whose objects it changes or calls."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute() as method)):
            return {_root(method)}
        case ast.Expr(value=ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=name), *_])):
            return {name}
        case ast.Expr() | ast.Assert() | ast.Delete():
            return set()
    return {
        _root(each)
        for each in ast.walk(statement)
        if isinstance(each, (ast.Name, ast.Attribute, ast.Subscript))
        and isinstance(each.ctx, ast.Store)
    }


def _root(node: Any) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""

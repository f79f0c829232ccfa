"""An implementation with one line of its text changed, beside the one that is judged.

This module runs in the process that runs the file.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import replace
from typing import Any

from symconv.implementations.snippets import SnippetError, python_text
from symconv.implementations.source import Implementation, plain


def edited(implementation: Implementation, line: int, text: str) -> Implementation | None:
    """Return an implementation whose text has another line, or None where that is no program.

    The definition around the line is made anew among the names of its module as they are now; the
    module itself stays as it is.

    Args:
        implementation: what is changed.
        line: the number of the line in the text, from 1.
        text: the new line.
    """
    backwards = implementation.functions()[1:]
    code = getattr(plain(backwards[0]), "__code__", None)
    space = getattr(plain(backwards[0]), "__globals__", None)
    if code is None or space is None or any(plain(each) is not _bare(each) for each in backwards):
        return None
    try:
        lines = python_text(code.co_filename).text.split("\n")
        lines[line - 1] = text
        body = ast.parse("\n".join(lines)).body
    except (OSError, SyntaxError, ValueError, IndexError, SnippetError):
        return None
    around = [each for each in body if each.lineno <= line <= (each.end_lineno or 0)]
    if not around or not isinstance(around[0], (ast.FunctionDef, ast.ClassDef)):
        return None
    names = dict(space)
    try:
        exec(compile(ast.Module(around[:1], []), code.co_filename, "exec"), names)
    except Exception:
        return None
    made = names[around[0].name]
    spaces = (names, *implementation.spaces)
    if implementation.owner is not None:
        return replace(implementation, owner=made, spaces=spaces) if _is_class(made) else None
    changed = tuple(
        made if each.__name__ == around[0].name else each for each in implementation.backwards
    )
    return replace(implementation, backwards=changed, spaces=spaces)


def _bare(function: Any) -> Any:
    return getattr(function, "__func__", function)


def _is_class(made: object) -> bool:
    return inspect.isclass(made)

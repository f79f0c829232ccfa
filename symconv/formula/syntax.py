"""Text to Python's syntax tree, never further: whatever the text, a tree or one clear error.

Formulas are written as Python expressions because everybody can read them and ``ast`` tells
columns; nothing is compiled or evaluated.
"""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from typing import TYPE_CHECKING

from symconv.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 10_000
"""The longest text that is read, in characters."""

DEEPEST = 60
"""How deep operators and brackets may be nested."""


def syntax_tree(text: str) -> ast.expr:
    """Return the syntax tree of one expression; columns in it count from the start of ``text``.

    Raises:
        ParseError: text that is no expression, or longer or deeper than any formula is.
    """
    line = _one_line(text)
    indent = len(line) - len(line.lstrip())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(line.strip(), mode="eval").body
    except SyntaxError as error:
        at = min(error.offset + indent, len(line)) if error.offset else len(line)
        reason = (error.msg or "invalid syntax").splitlines()[0]
        raise ParseError(reason[:1].lower() + reason[1:], at) from None
    except (RecursionError, MemoryError, OverflowError, ValueError):
        raise ParseError("the text is nested too deeply to be a formula") from None
    _check_depth(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            node.col_offset += indent
    return tree


def fail(at: ast.AST, message: str) -> ParseError:
    """Return the error that ``message`` is wrong at this place of the text."""
    offset = getattr(at, "col_offset", None)
    return ParseError(message, None if offset is None else offset + 1)


def nearest(name: str, known: Iterable[str], meant: Mapping[str, str] | None = None) -> str:
    """Return ``; did you mean ..?`` with the known word that ``name`` stands for, or ''.

    Args:
        name: what was written.
        known: the words that are known.
        meant: what others write for some of them; it goes before what looks most like it.
    """
    words = list(known)
    if meant and meant.get(name) in words:
        return f"; did you mean {meant[name]}?"
    alike = [word for word in words if word.lower() == name.lower()]
    alike = alike or difflib.get_close_matches(name[:40], words, n=1, cutoff=0.6)
    return f"; did you mean {alike[0]}?" if alike else ""


def shown(name: str) -> str:
    """Return ``name`` short enough for a message."""
    return name if len(name) <= 40 else name[:37] + "..."


def _one_line(text: str) -> str:
    if len(text) > LONGEST:
        raise ParseError(f"the text has {len(text)} characters; a formula has at most {LONGEST}")
    line = re.sub(r"[\t\r\n\f]", " ", text)
    strange = re.search(r"[^ -~]|#", line)
    if strange:
        character = strange.group()
        name = repr(character) if character.isprintable() else f"U+{ord(character):04X}"
        raise ParseError(f"the character {name} is not used in formulas", strange.start() + 1)
    if not line.strip():
        raise ParseError("the text is empty; write a formula such as dX == Y")
    return line


def _check_depth(tree: ast.expr) -> None:
    """Refuse a tree so deep that reading it recursively could overflow the stack."""
    level: list[ast.AST] = [tree]
    for _ in range(2 * DEEPEST):  # every operator and call is one or two levels of the tree
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise ParseError(f"the formula is nested deeper than {DEEPEST} operators; write it shorter")

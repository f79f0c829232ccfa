"""Numbers of equations, (1) and (a), and wide spaces at the ends of a line."""

from __future__ import annotations

from collections.abc import Sequence

from symconv.documents.mathematics.tokens import Token

ENDS_FACTOR = frozenset({"index", "}", ")", "]", "letter", "gradient"})
"""The last words of factors."""
_NAMES = frozenset({"letter", "word", "text"})
_DOTS = frozenset({"dots", "ldots", "cdots", "dotfill"})
_WIDE = 2
"""More characters than these between a product and a (1) are a space made on purpose."""


def without_number(line: list[Token]) -> list[Token]:
    """Take off wide spaces, and an equation's number that stands behind one."""
    line = _stripped(line)
    if len(line) > 3 and _is_label(line[:3]) and _is_apart(line[2], line[3]):
        line = line[3:]
    return _stripped(list(_unnumbered(line)))


def _stripped(line: list[Token]) -> list[Token]:
    first, last = 0, len(line)
    while first < last and line[first].kind == "quad":
        first += 1
    while first < last and line[last - 1].kind == "quad":
        last -= 1
    return line[first:last]


def _is_number(words: Sequence[Token]) -> bool:
    """Whether words are (1): the number of an equation, or a factor."""
    return [t.kind for t in words] in (["(", "number", ")"], ["[", "number", "]"])


def _is_label(words: Sequence[Token]) -> bool:
    """Whether words are (1) or (a), before an equation."""
    return _is_number(words) or [t.kind for t in words] == ["(", "letter", ")"]


def _is_apart(before: Token, word: Token) -> bool:
    return word.kind == "quad" or word.start - before.end >= _WIDE


def _unnumbered(words: Sequence[Token]) -> Sequence[Token]:
    """Take off an equation's number at the end; one that may be a factor becomes a ``label``."""
    if len(words) < 5 or words[-1].kind != ")" or not _is_number(words[-3:]):
        return words
    before, first, last = words[-4], words[-3], words[-1]
    if before.text in _DOTS:
        return words[:-4]
    if before.kind == "quad" or first.start - before.end > _WIDE:
        return words[:-3]
    if before.kind not in ENDS_FACTOR or _is_argument(words):
        return words
    text = first.text + words[-2].text + last.text
    return [*words[:-3], Token("label", text, first.start, last.end)]


def _is_argument(words: Sequence[Token]) -> bool:
    """Whether the (1) at the end stands right behind a name, as in \\mathbf{w}(1)."""
    before, first = words[-4], words[-3]
    if before.end != first.start:
        return False
    if before.kind != "}":
        return before.kind in _NAMES
    opening = next((k for k in range(len(words) - 5, 0, -1) if words[k].kind == "{"), 0)
    return words[opening - 1].kind == "^" or (
        words[opening + 1].kind in _NAMES and words[opening + 2] is before
    )

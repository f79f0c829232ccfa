r"""Markdown that is read before its mathematics: ``\\frac`` and ``x\_{00}``, as reveal.js needs.

There a backslash keeps what Markdown would take for its own.  Where a document spells its
derivatives so, those backslashes are blanked, as are the margins of comments in C; every place in
the document stays what it was.
"""

from __future__ import annotations

import re
from dataclasses import replace

from symconv.documents.source.text import Document, Language

_MARGIN = re.compile(r"^[ \t]*(?:/?\*+(?!/)|//[/!]?+<?+(?![ \t]*symconv:))", re.MULTILINE)
"""What stands before each line of a comment in C."""
_KEPT = re.compile(r"\\\\(\\\\)|\\([\\`*_\[\]<>&|~])")
"""What is kept, a line break first: its two backslashes stay together."""
_TWICE = re.compile(r"\\\\(?:frac|partial|sum|operatorname)(?![A-Za-z])")
_ONCE = re.compile(r"(?<!\\)\\(?:frac|partial|sum|operatorname)(?![A-Za-z])")
_UNDERLINE = re.compile(r"(?<=[A-Za-z})])\\_(?=\{|[0-9A-Za-z](?![0-9A-Za-z]))")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "nbsp": " ", "#95": "_", "#94": "^"}
_MARKUP = re.compile(
    rf"&(?:{'|'.join(_ENTITIES)});|</?p>|<br[ ]*/?>|\(\\#[\w:.-]{{1,80}}\)",
    re.IGNORECASE,
)


def readable(document: Document) -> Document:
    """Return a document with what keeps its mathematics from being read blanked."""
    if document.language in (Language.MARKDOWN, Language.NOTEBOOK):
        return replace(document, text=without_escapes(document.text))
    if document.language == Language.DOXYGEN:
        blanked = _MARGIN.sub(lambda found: " " * len(found.group()), document.text)
        return replace(document, text=blanked)
    return document


def without_escapes(text: str) -> str:
    r"""Return a text of the same length whose mathematics Markdown no longer protects.

    >>> without_escapes(r"$x\_{00} &amp;= w\_1$")
    '$x _{00} &    = w _1$'
    >>> without_escapes(r"$$ \\frac{\\partial L}{\\partial x\_{00}} $$")
    '$$  \\frac{ \\partial L}{ \\partial x _{00}} $$'
    >>> without_escapes(r"$$ \\frac{a}{b} \\\\ c $$")
    '$$  \\frac{a}{b}   \\\\ c $$'
    >>> without_escapes(r"$$ a \\ \frac{1}{2} $$")
    '$$ a \\\\ \\frac{1}{2} $$'
    """
    text = _MARKUP.sub(_character, text)
    if not _TWICE.search(text) or _ONCE.search(text):
        return _UNDERLINE.sub(" _", text)
    return _KEPT.sub(_kept, text)


def _kept(found: re.Match[str]) -> str:
    """Return the sign that a backslash keeps, as wide as before."""
    return f"  {found[1]}" if found[1] else f" {found[2]}"


def _character(found: re.Match[str]) -> str:
    """Return what an entity stands for, and nothing for a line break, as wide as before."""
    sign = _ENTITIES.get(found.group()[1:-1].lower(), " ")
    return sign.ljust(len(found.group()))

r"""Markdown that is read before its mathematics: ``\\frac`` and ``x\_{00}``, as reveal.js needs.

There a backslash keeps what Markdown would take for its own.  Where a document spells its
derivatives so, those backslashes are blanked; every place in the document stays what it was.
"""

from __future__ import annotations

import re

_KEPT = re.compile(r"\\([\\`*_\[\]<>&|~])")
_TWICE = re.compile(r"\\\\(?:frac|partial|sum|operatorname)(?![A-Za-z])")
_ONCE = re.compile(r"(?<!\\)\\(?:frac|partial|sum|operatorname)(?![A-Za-z])")


def without_escapes(text: str) -> str:
    r"""Return a text of the same length whose mathematics Markdown no longer protects.

    >>> without_escapes(r"$$ \\frac{\\partial L}{\\partial x\_{00}} $$")
    '$$  \\frac{ \\partial L}{ \\partial x _{00}} $$'
    >>> without_escapes(r"$$ a \\ \frac{1}{2} $$")
    '$$ a \\\\ \\frac{1}{2} $$'
    """
    if not _TWICE.search(text) or _ONCE.search(text):
        return text
    return _KEPT.sub(r" \1", text)

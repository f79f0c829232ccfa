"""The words of a document without its comments and its code, at their places."""

from __future__ import annotations

import re
from collections.abc import Iterable

from symconv.documents.source.place import Place

_INK = re.compile(r"[^\n]")


def prose(text: str, others: Iterable[Place]) -> str:
    """Return a text with some ranges blanked, lines kept: what they say is not said to readers."""
    parts, end = [], 0
    for start, stop in sorted(others):
        if start >= end:
            parts += [text[end:start], _INK.sub(" ", text[start:stop])]
            end = stop
    return "".join([*parts, text[end:]])

"""The words of a document without its comments and its code, at their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symconv.documents.source.place import Place

_OPEN, _SHUT = "<!--", "-->"


def without_comments(text: str) -> str:
    """Return a text with its comments blanked, lines kept: what they say is not said to readers."""
    return "".join(_parts(text)) if _OPEN in text else text


def _parts(text: str) -> Iterator[str]:
    end = 0
    while (start := text.find(_OPEN, end)) >= 0:
        yield text[end:start]
        shut = text.find(_SHUT, start)
        end = shut + len(_SHUT) if shut >= 0 else len(text)
        yield "\n".join(" " * len(line) for line in text[start:end].split("\n"))
    yield text[end:]


def prose(text: str, others: Iterable[Place]) -> str:
    """Return a text with some ranges blanked, every word in its place."""
    parts, end = [], 0
    for start, stop in sorted(others):
        if start >= end:
            parts += [text[end:start], " " * (stop - start)]
            end = stop
    return "".join([*parts, text[end:]])

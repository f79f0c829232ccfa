r"""Delimiters of an author's own: ``\def\be{\begin{equation}}``, ``\newcommand{\eqn}[1]{..}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from symconv.documents.mathematics.tokens import argument
from symconv.documents.source.spans import ENVIRONMENTS, Layout, Span

_NAMES = "|".join(ENVIRONMENTS)
_BEGIN = rf"\\begin[ ]*\{{(?P<environment>{_NAMES})\*?\}}"
_END = rf"\\end[ ]*\{{(?:{_NAMES})\*?\}}"
_DEFINED = re.compile(
    r"\\(?:(?:(?:re)?newcommand|providecommand)\*?[ ]*\{?|def[ ]*)\\(?P<name>[A-Za-z]+)\}?"
    r"[ ]*(?P<argument>\[1\]|\#1)?[ ]*\{[ ]*"
    rf"(?:{_BEGIN}[ ]*(?P<whole>\#1[ ]*{_END})?|{_END})[ ]*\}}"
)
_MOST = 50
_NEAR = 400
"""So far before a delimiter a comment that hides it may begin."""


def with_own_delimiters(layout: Layout, text: str) -> Layout:
    """Return a layout with the mathematics between delimiters that the document defines."""
    openings: dict[str, tuple[str, bool]] = {}
    closings: set[str] = set()
    for found in _DEFINED.finditer(text):
        if len(openings) + len(closings) > _MOST:
            break
        if found["environment"] is None:
            closings.add(found["name"])
        elif bool(found["argument"]) == bool(found["whole"]):
            openings[found["name"]] = found["environment"], bool(found["whole"])
    if not openings:
        return layout
    spans = [*layout.spans, *_spans(text, openings, closings)]
    spans.sort(key=lambda span: (span.start, span.end))
    apart: list[Span] = []
    for span in spans:
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
    return replace(layout, spans=apart)


def _spans(text: str, openings: dict[str, tuple[str, bool]], closings: set[str]) -> Iterator[Span]:
    opening = re.compile(
        r"(?<!\{)(?<!def)(?<!newcommand)\\(" + "|".join(openings) + r")(?![A-Za-z])"
    )
    closing = re.compile("|".join([_END, *(rf"\\{name}(?![A-Za-z])" for name in sorted(closings))]))
    position = 0
    while found := opening.search(text, position):
        position = found.end()
        before = text[max(0, found.start() - _NEAR) : found.start()]
        line = before[before.rfind("\n") + 1 :]
        environment, whole = openings[found[1]]
        if "%" in line.replace(r"\%", ""):
            continue
        if whole:
            inside, position = argument(text, found.end(), len(text))
            start = text.find(inside, found.end(), position)
            yield Span(start, start + len(inside), environment)
        elif end := closing.search(text, position):
            yield Span(position, end.start(), environment)
            position = end.end()
        else:
            return

"""Shows the codes of check as a page of Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from symconv.documents.codes import CODES

WIDTH = 100

INTRODUCTION = """\
# The codes of `check`

Each finding of [`symconv check`](check.md) has a code, which is never given to another meaning.
`symconv explain SC201` tells the same as this page, which is made by
`symconv explain codes --format markdown`.
"""


def page() -> Iterator[str]:
    """Yield the lines of the page: each code with its meaning and an example."""
    yield from INTRODUCTION.splitlines()
    for code in CODES.values():
        yield from ("", f"## {code.code}: {code.name}", "")
        yield from (line.replace("*", r"\*") for line in textwrap.wrap(code.meaning, WIDTH))
        yield from ("", f"    {code.example}")

"""Shows the codes of check as a page of Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from symconv.documents.codes import CODES, Code
from symconv.implementations.codes import FAULTS, FaultCode

WIDTH = 100

INTRODUCTION = """\
# The codes of `check` and `verify`

Each finding of [`symconv check`](check.md), SC, and of [`symconv verify`](verify.md), V, has a
code, which is never given to another meaning.
`symconv explain SC201` tells the same as this page, which is made by
`symconv explain codes --format markdown`.
"""


def page() -> Iterator[str]:
    """Yield the lines of the page: each code with its meaning and an example."""
    yield from INTRODUCTION.splitlines()
    codes: list[Code | FaultCode] = [*CODES.values(), *FAULTS.values()]
    for code in codes:
        yield from ("", f"## {code.code}: {code.name}", "")
        yield from (line.replace("*", r"\*") for line in textwrap.wrap(code.meaning, WIDTH))
        yield from ("", f"    {code.example}")

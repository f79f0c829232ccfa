"""Hints that meet nothing: a name that occurs nowhere in a document is a slip in the hint."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symconv.documents.collect import Collected
from symconv.documents.mathematics.macros import macros
from symconv.documents.mathematics.tokens import GRADIENT, tokenize
from symconv.documents.notation.comments import Directives
from symconv.documents.notation.reading import Hints
from symconv.documents.source.text import Document

_DRESSED = re.compile(r"\\[a-z]+\{(.+)\}")


def unmet(
    document: Document, collected: Collected, said: Directives, hints: Hints
) -> tuple[str, ...]:
    """Return a warning, in one line, for every set of names of which some occur nowhere."""
    given = [(f"{document.path}:", hints.names)]
    given += [
        (f"{document.where(start - 1, column=False)}:", comment.names)
        for start, comment in said.stretches[1:]
    ]
    if not any(names for _, names in given):
        return ()
    known = {name.casefold() for name in _written(document, collected)}
    return tuple(
        f"{where} no {_listed(absent)} stands in the mathematics of this document; "
        f"names={','.join(names)} are input, filter and output"
        for where, names in given
        if names and (absent := [n for n in names if _plain(n).casefold() not in known])
    )


def _listed(names: list[str]) -> str:
    return " and no ".join(f"'{name}'" for name in names)


def _plain(name: str) -> str:
    """Return a name without layer, accent and primes."""
    name = name.split("^")[0].rstrip("'")
    dressed = _DRESSED.fullmatch(name)
    return dressed[1] if dressed else name


def _written(document: Document, collected: Collected) -> Iterator[str]:
    """Yield every name in the mathematics and the tables of a document."""
    known = macros(document.text)
    for span in collected.layout.spans:
        for token in tokenize(document.text, span.start, span.end, known):
            if token.kind == "gradient" and (found := GRADIENT.fullmatch(token.text)):
                yield from (found["of"], found["wrt"])
            elif token.kind in ("letter", "word", "text"):
                yield token.text
    for grid in collected.grids:
        yield from (name for _, name in grid.tensors())

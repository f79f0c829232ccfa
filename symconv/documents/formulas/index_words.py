"""The letters and the parts of an index, as they are written."""

from __future__ import annotations

from collections.abc import Iterator

from symconv.documents.mathematics.syntax import (
    Differential,
    Expression,
    Symbol,
    UnreadableError,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.mathematics.walk import walk
from symconv.errors import how_many


def names_in(expression: Expression) -> Iterator[str]:
    """Yield the letters in an expression."""
    for node in walk(expression):
        match node:
            case Symbol():
                yield written(node)
            case Differential(_, sign):
                yield sign


def written(symbol: Symbol) -> str:
    """Return a letter of an index with what stands below it: stride_R."""
    below = "".join(t.text for part in symbol.index or () for t in part if t.kind not in "{}")
    return f"{symbol.name}_{below}" if below else symbol.name


def index_parts(symbol: Symbol, rank: int) -> tuple[tuple[Token, ...], ...]:
    """Return the words of each part of an index; ``mn`` has two parts where there are two axes.

    Raises:
        UnreadableError: it has another number of parts than there are axes.
    """
    parts = symbol.index or ()
    if len(parts) == 1 and rank == 2 and len(parts[0]) == 2:
        a, b = parts[0]
        if a.kind in ("letter", "number") and b.kind in ("letter", "number"):
            parts = ((a,), (b,))
    if len(parts) == 1 and rank == 2 and [t.kind for t in parts[0]] == ["number"]:
        digits = parts[0][0]
        if len(digits.text) == rank:
            parts = tuple((digits._replace(text=digit),) for digit in digits.text)
    if len(parts) != rank:
        raise UnreadableError(
            f"{how_many(len(parts), 'index')} for {how_many(rank, 'axis')}",
            *(symbol.index_place or symbol.place),
        )
    return parts

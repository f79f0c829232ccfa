r"""Channels written above a name: x^{(c)}_{i+m,j+n} is x_{c,i+m,j+n} where c is summed.

What stands in brackets above a name is a layer, unless a sum of the formula runs over it.  A
tensor that has its channels above in one formula has them there in all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.index_formulas.signs import ranges_in
from symconv.documents.mathematics.syntax import (
    Expression,
    Symbol,
    UnreadableError,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.mathematics.walk import mapped, walk

_ABOVE = re.compile(r"(?P<stem>[^^]+)\^\((?P<letters>[a-z]'?(?:,[a-z]'?)*)\)\Z")


def with_channels_below(formulas: Sequence[StatedFormula]) -> list[StatedFormula]:
    """Return formulas with the channels that stand above names as the first indices."""
    raised = {key for f in formulas for s in _raised(f, frozenset()) if (key := _key(s))}
    if not raised:
        return list(formulas)
    return [_lowered(formula, _raised(formula, raised)) for formula in formulas]


def _raised(formula: StatedFormula, known: AbstractSet[tuple[str, int]]) -> list[Symbol]:
    """Return what has channels above: letters that are summed, and what shares them."""
    above = {s.name: s for side in formula.sides for s in _symbols(side) if _letters(s)}
    try:
        runs = [run for side in formula.sides for run in ranges_in(side)]
    except UnreadableError:
        return []
    shared = {name for run in runs for name in run.names}
    found: dict[str, Symbol] = {}
    while more := {
        name: symbol for name, symbol in above.items()
        if name not in found and (shared & {*_letters(symbol)} or _key(symbol) in known)
    }:  # fmt: skip
        found |= more
        shared |= {letter for symbol in more.values() for letter in _letters(symbol)}
    return list(found.values())


def _letters(symbol: Symbol) -> list[str]:
    found = _ABOVE.match(symbol.name)
    return found["letters"].split(",") if found else []


def _key(symbol: Symbol) -> tuple[str, int] | None:
    """Return a tensor's name without its channels, and how many there are."""
    found = _ABOVE.match(symbol.name)
    return (found["stem"], len(_letters(symbol))) if found else None


def _symbols(tree: Expression) -> Iterator[Symbol]:
    return (node for node in walk(tree) if isinstance(node, Symbol))


def _lowered(formula: StatedFormula, raised: Sequence[Symbol]) -> StatedFormula:
    names = {symbol.name for symbol in raised}
    return replace(formula, sides=tuple(_below(side, names) for side in formula.sides))


def _below(tree: Expression, names: AbstractSet[str]) -> Expression:
    if isinstance(tree, Symbol):
        return _one_below(tree) if tree.name in names else tree
    return mapped(tree, lambda part: _below(part, names))


def _one_below(symbol: Symbol) -> Symbol:
    """Return x_{c,i,j} for x^{(c)}_{ij}."""
    stem = symbol.name.split("^")[0]
    place = symbol.place
    channels = tuple(
        (Token("letter", letter, place.start, place.end),) for letter in _letters(symbol)
    )
    parts = symbol.index or ()
    if len(parts) == 1 and all(t.kind == "letter" for t in parts[0]):
        parts = tuple((token,) for token in parts[0])
    return replace(symbol, name=stem, index=channels + parts)

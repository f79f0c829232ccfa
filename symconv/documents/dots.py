r"""Sums with dots: y_{00} = x_{00}f_{00} + x_{01}f_{01} + \dots + x_{22}f_{22}.

What is written out is held to the whole sum: up to the dots the products must be the first ones
of an order that anybody would write them in, and behind the dots the last ones.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import product as combinations
from typing import NamedTuple

from symconv.documents.syntax import Place
from symconv.documents.tokens import Token
from symconv.documents.truth import FoundTerm
from symconv.equation import Term as Product

DOTS = frozenset({"dots", "cdots", "ldots", "dotsb"})
_COUNT = re.compile(r"\s*\((\d[\d,]{0,9}) more(?: terms| products)?\)\s*")


class Gap(NamedTuple):
    """Dots in a sum, where they stand, and how many products they are said to leave out."""

    place: Place
    left_out: int | None = None


def without_dots(words: Sequence[Token]) -> tuple[list[Token], tuple[Gap, ...]]:
    r"""Return a sum without ``+ \dots``, and what was taken out; nothing from within brackets."""
    rest: list[Token] = []
    gaps: list[Gap] = []
    for word in words:
        if _is_dots(word) and len(rest) > 1 and rest[-1].kind == "+":
            rest.pop()
            gaps.append(Gap(Place(word.start, word.end)))
        elif gaps and gaps[-1].place.end <= word.start and (count := _count(word)) is not None:
            gaps[-1] = Gap(gaps[-1].place, count)
        else:
            rest.append(word)
    return rest, tuple(gaps)


def is_count(before: Token | None, word: Token) -> bool:
    r"""Say whether words count what the dots before them leave out: \cdots \text{(28 more)}."""
    return before is not None and _is_dots(before) and _count(word) is not None


def _is_dots(word: Token) -> bool:
    return word.kind == "command" and word.text in DOTS


def _count(word: Token) -> int | None:
    found = _COUNT.fullmatch(word.text) if word.kind == "text" else None
    return int(found[1].replace(",", "")) if found else None


def predicted(
    found: Sequence[FoundTerm], gaps: Sequence[Gap], wanted: Collection[Product]
) -> tuple[Product, ...]:
    """Return the products that should stand there: those of the order that fits best.

    With dots between two others, or more products than there are, nothing is predicted.
    """
    first = sum(f.term.place.start < gaps[0].place.start for f in found)
    last = sum(f.term.place.start > gaps[-1].place.start for f in found)
    left_out = len(wanted) - first - last
    if len(gaps) > 1 or left_out < 1 or gaps[0].left_out not in (None, left_out):
        return ()
    written = [f.product for f in found]
    candidates = [(*o[:first], *o[len(o) - last :]) for o in _orders(wanted)]
    return max(candidates, key=lambda c: sum(map(_same, c, written)))


def _same(a: Product | None, b: Product | None) -> bool:
    return a == b


def _orders(wanted: Collection[Product]) -> Iterator[list[Product]]:
    """Yield the orders that a sum is written in: along one of its tensors, rows or columns first,
    forwards or backwards."""
    factors = len(next(iter(wanted), ()))
    for k, columns_first, backwards in combinations(range(factors), (False, True), (False, True)):
        step = -1 if columns_first else 1
        yield sorted(wanted, key=lambda p: p[k].index[::step], reverse=backwards)

r"""Sums with dots: y_{00} = x_{00}f_{00} + x_{01}f_{01} + \dots + x_{22}f_{22}.

Where dots stand, and how many products they are said to leave out; what is written out is judged
by `symconv.documents.verdicts.written_terms`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from symconv.documents.mathematics.tokens import Token
from symconv.documents.source.place import Place

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
    r"""Whether words count what the dots before them leave out: \cdots \text{(28 more)}."""
    return before is not None and _is_dots(before) and _count(word) is not None


def _is_dots(word: Token) -> bool:
    return word.kind == "command" and word.text in DOTS


def _count(word: Token) -> int | None:
    found = _COUNT.fullmatch(word.text) if word.kind == "text" else None
    return int(found[1].replace(",", "")) if found else None

"""A formula as a document states it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from symconv.documents.mathematics.syntax import Expression, UnreadableError
from symconv.documents.mathematics.tokens import Token
from symconv.documents.source.place import Place

_NEAR = 200
"""So many characters behind a formula, words may say where its sum runs."""
_MOST = 8
_RUNS = re.compile(r"\b(where|with|over|for|satisfying|subject|such that)\b")
_ENDS = re.compile(
    r"\b(zero|vanish|vanishes|outside|unless|otherwise|else|if|when|whenever|except|not|no|only)\b"
)


@dataclass(frozen=True, slots=True)
class StatedBound:
    """An inequality that stands by itself: 0 <= m - pu < R."""

    words: tuple[Token, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class StatedFormula:
    """An equation that is not one between elements: an index formula, operators, sizes.

    Attributes:
        sides: what is said to be equal.
        place: all of it.
        refused: why it cannot be judged, where that is plain before any notation is known.
        bounds: what is said behind it: where the sum runs over all p with 0 <= m - pu < R.
    """

    sides: tuple[Expression, ...]
    place: Place
    refused: UnreadableError | None = None
    bounds: tuple[StatedBound, ...] = ()


def with_bounds(
    formulas: Sequence[StatedFormula], bounds: Sequence[StatedBound], text: str
) -> Iterator[StatedFormula]:
    """Yield formulas in order, each with the inequalities that are said to hold in its sum."""
    starts = [bound.place.start for bound in bounds]
    nexts = [*(formula.place.start for formula in formulas[1:]), len(text)]
    for formula, end in zip(formulas, nexts, strict=False):
        first, last = (bisect_left(starts, at) for at in (formula.place.end, end))
        near = bounds[first : min(last, first + _MOST)]
        yield replace(formula, bounds=tuple(_behind(formula, near, text)))


def _behind(
    formula: StatedFormula, bounds: Sequence[StatedBound], text: str
) -> Iterator[StatedBound]:
    end = formula.place.end
    said = ""
    for bound in bounds:
        if bound.place.start > end + _NEAR:
            return
        said += text[end : bound.place.start].lower()
        after = text[bound.place.end : bound.place.end + _NEAR].split(".")[0].lower()
        if _ENDS.search(said) or _ENDS.search(after):
            return
        if _RUNS.search(said):
            yield bound
        end = bound.place.end

"""What a wrong size should say: one edit of it with which it holds.

A sign, a factor, a term, a number, a 2 before the padding, a 1 at the end: each by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain, islice
from typing import TypeVar

from symconv.documents.mathematics.syntax import (
    Expression,
    Number,
    Symbol,
    WrittenProduct,
    WrittenSum,
)
from symconv.documents.mathematics.walk import children, rebuild
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import Edit

_MOST = 100
"""So many edits are tried."""
_Part = TypeVar("_Part")
Change = tuple[Expression, Edit]


def mend(right: Expression, holds: Callable[[Expression], bool]) -> Edit | None:
    """Return the first edit with which a right side holds, None without one.

    What stands there is changed before anything is added.
    """
    edits = chain(_everywhere(right, _changed), _longer(right), _everywhere(right, _added))
    return next((edit for tree, edit in islice(edits, _MOST) if holds(tree)), None)


def _everywhere(
    node: Expression, edits: Callable[[Expression], Iterator[Change]]
) -> Iterator[Change]:
    """Yield a tree with each edit made in it once."""
    yield from edits(node)
    held = children(node)
    for k, child in enumerate(held):
        for changed, edit in _everywhere(child, edits):
            yield rebuild(node, (*held[:k], changed, *held[k + 1 :])), edit


def _changed(node: Expression) -> Iterator[Change]:
    match node:
        case Symbol(place=place):
            double = WrittenProduct((Number(Fraction(2), place), node), ("",), place)
            yield double, Edit(Place(place.start, place.start), "2 ")
        case Number(value):
            for other in (value - 1, value + 1):
                yield replace(node, value=other), Edit(node.place, str(other))
        case WrittenProduct(factors):
            for k in range(len(factors)):
                fewer = replace(node, factors=_less(factors, k), signs=node.signs[1:])
                yield fewer, Edit(_without(factors, k), "")
        case WrittenSum(terms):
            for k, (sign, term) in enumerate(terms[1:], start=1):
                before = terms[k - 1][1].place.end
                turned = (*terms[:k], (-sign, term), *terms[k + 1 :])
                place = Place(before, term.place.start)
                yield replace(node, terms=turned), Edit(place, " - " if sign > 0 else " + ")
                place = Place(before, term.place.end)
                yield replace(node, terms=_less(terms, k)), Edit(place, "")


def _added(node: Expression) -> Iterator[Change]:
    if isinstance(node, WrittenSum):
        end = node.terms[-1][1].place.end  # before a bracket around all of it
        for sign, text in ((1, " + 1"), (-1, " - 1")):
            longer = (*node.terms, (sign, Number(Fraction(1), node.place)))
            yield replace(node, terms=longer), Edit(Place(end, end), text)


def _longer(whole: Expression) -> Iterator[Change]:
    """Yield a whole right side with a 1 added to it."""
    place = whole.place
    one = Number(Fraction(1), place)
    yield WrittenSum(((1, whole), (1, one)), place), Edit(Place(place.end, place.end), " + 1")


def _less(parts: tuple[_Part, ...], k: int) -> tuple[_Part, ...]:
    return parts[:k] + parts[k + 1 :]


def _without(factors: tuple[Expression, ...], k: int) -> Place:
    """Return what is deleted with a factor: the sign before it, or behind the first."""
    if k:
        return Place(factors[k - 1].place.end, factors[k].place.end)
    return Place(factors[0].place.start, factors[1].place.start)

r"""The products that a sum with dots writes out: the first and the last of an order.

Up to the dots the products must be the first ones of an order that anybody would write them in,
and behind the dots the last ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import product as combinations

from symconv.documents.mathematics.dots import Gap
from symconv.documents.notation.truth import FoundTerm
from symconv.equation import Term as Product


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

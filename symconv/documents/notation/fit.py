"""Strides, dilation and padding from which indices meet: a robust fit of the relation J.

On each axis a product x[m] f[r] that adds to y[p] says m = p*u + r*d + c.  Every equation of a
document, whichever way it sums, contributes such triples; the step u, the dilation d and the
constant c that explain most of them, and nearly as many as any of the forward equations, are the
reading, and what they do not explain is where the document errs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

Triple = tuple[int, int, int]
"""(m, r, p) as the document counts them."""

_STRIDES = range(1, 9)
_DILATIONS = (1, 2, 3, 4)
NEARLY = 0.8
"""Forward equations come first: what explains this share of the most that any reading explains of
them is judged by all equations."""
CLOSE = 0.85
"""What explains this share of the most products is not put aside for explaining fewer."""
_FEWEST = 3
"""Of so few products one may be a slip."""


class AxisFit(NamedTuple):
    """m = p*stride + r*dilation + constant; a negative dilation is a flipped filter.

    ``support`` counts the triples explained: those of forward equations and local derivatives
    first, then all.
    """

    stride: int
    dilation: int
    constant: int
    support: tuple[int, int]

    def explains(self, triple: Triple) -> bool:
        """Whether a triple obeys the relation."""
        m, r, p = triple
        return m == p * self.stride + r * self.dilation + self.constant


def nearly(most: int) -> float:
    """Return how many forward products are nearly as many as the most: one slip is forgiven."""
    return min(NEARLY * most, most - 1) if most >= _FEWEST else NEARLY * most


def close(most: int) -> float:
    """Return how many products are not clearly fewer than the most: one slip is no evidence."""
    return min(CLOSE * most, most - 1)


def fits(
    forward: Counter[Triple],
    others: Counter[Triple],
    flipped: bool,
    strides: Sequence[int] | None = None,
    dilations: Sequence[int] | None = None,
) -> list[AxisFit]:
    """Return every explanation of one axis that is nearly as good as the best.

    One equation with several wrong products may speak for a step that makes all others wrong: what
    makes most equations true decides, in `symconv.documents.notation.inference`.

    Args:
        forward: how often each triple occurs in forward equations and local derivatives.
        others: how often in gradients.
        flipped: whether the filter runs backwards, as in a mathematician's convolution.
        strides: those to try, where they are known.
        dilations: likewise.
    """
    found = [
        _fit(forward, others, u, -d if flipped else d)
        for d in dilations or _DILATIONS
        for u in strides or _STRIDES
    ]
    ahead = max(fit.support[0] for fit in found)
    found = [fit for fit in found if fit.support[0] >= nearly(ahead)]
    enough = close(max(fit.support[1] for fit in found))
    return [fit for fit in found if fit.support[1] >= enough]


def _fit(forward: Counter[Triple], others: Counter[Triple], u: int, d: int) -> AxisFit:
    first: dict[int, int] = {}
    for (m, r, p), times in forward.items():
        c = m - p * u - r * d
        first[c] = first.get(c, 0) + times
    constants = first.copy()
    for (m, r, p), times in others.items():
        c = m - p * u - r * d
        constants[c] = constants.get(c, 0) + times
    if not constants:
        return AxisFit(u, d, 0, (0, 0))
    ahead = nearly(max(first.values(), default=0))
    near = [c for c in constants if first.get(c, 0) >= ahead]
    c = max(near, key=lambda c: (constants[c], first.get(c, 0), -abs(c)))
    return AxisFit(u, d, c, (first.get(c, 0), constants[c]))

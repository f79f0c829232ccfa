"""Edges that are treated otherwise than by zeros, as the words of a document say.

Where values at the edge are repeated, mirrored or continued at the other end, the sums there hold
other products: what is not right with zeros is right if it is so with the edges that the words
name, and not judged else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from symconv.documents.elements.equations import ElementEquation
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.notation.reading import NotationReading
from symconv.documents.notation.truth import canonical, truth
from symconv.documents.verdicts.verdict import AGREE, WRONG, EquationVerdict, not_judged
from symconv.equation import Element
from symconv.equation import Term as Product
from symconv.geometry import Axis


@dataclass(frozen=True, slots=True)
class EdgeRule:
    """A way to continue a tensor beyond its edges.

    Attributes:
        said: the words for it, as a pattern.
        scope: what is said of an equation that is right with it.
        at: which of so many elements stands at a place.
    """

    said: re.Pattern[str]
    scope: str
    at: Callable[[int, int], int]


def _rule(said: str, scope: str, at: Callable[[int, int], int]) -> EdgeRule:
    return EdgeRule(re.compile(said, re.IGNORECASE), scope, at)


def _folded(m: int, period: int) -> int:
    return min(m % period, period - m % period)


_RULES = (
    _rule("replicat|repeat|extend|nearest|clamp|edge", "where the edges are repeated",
          lambda m, n: min(max(m, 0), n - 1)),
    _rule("reflect|mirror", "where the edges are reflected",
          lambda m, n: _folded(m, 2 * n - 2) if n > 1 else 0),
    _rule("symmetric|mirror", "where the edges are mirrored",
          lambda m, n: min(m % (2 * n), 2 * n - 1 - m % (2 * n))),
    _rule("circular|cyclic|periodic|toroidal|wrap", "where the edges are joined",
          lambda m, n: m % n),
)  # fmt: skip
_EDGE = r"(?:edges?|borders?|boundar(?:y|ies)|ends?|margins?|rim)"
_KIND = (
    r"(?:replicat\w*|reflect\w*|mirror\w*|circular|cyclic\w*|periodic\w*|toroidal|symmetric"
    r"|wrap(?:ped|s|ping)?(?:[- ]?around)?|repeat\w*|extend\w*|nearest|clamp\w*)"
)
_SAID = re.compile(
    rf"\b{_EDGE}\b(?:[\s-]+\w+){{0,4}}?[\s-]+{_KIND}\b"
    rf"|\b{_KIND}\b(?:[\s-]+\w+){{0,2}}?[\s-]+(?:{_EDGE}|padding|padded|convolution)\b"
    r"|\bpad\w*\b(?:[\s-]+\w+){0,4}?[\s-]+(?:replicat\w*|reflect\w*|circular|periodic\w*|nearest)\b"
    r"|\b(?:signal|input|image|sequence)\b(?:[\s-]+\w+)?[\s-]+(?:wraps|wrapped|cyclic|circular"
    r"|periodic|mirrored)\b|\bedge[\s-]padding\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^(?:#{1,6} |\\(?:sub)*section|\\chapter)", re.MULTILINE)


class Edges:
    """What the words of a document say of the edges, section by section."""

    def __init__(self, prose: str) -> None:
        self.said = [(found.start(), found[0]) for found in _SAID.finditer(prose)]
        self.headings = [found.start() for found in _HEADING.finditer(prose)] if self.said else []

    def before(self, offset: int) -> str:
        """Return what is said in a section before a place, "" where nothing is."""
        heading = bisect_right(self.headings, offset)
        begun = self.headings[heading - 1] if heading else 0
        last = bisect_right(self.said, offset, key=lambda said: said[0])
        if not last or self.said[last - 1][0] < begun:
            return ""
        return " ".join(self.said[last - 1][1].split())

    def held(
        self,
        equation: ElementEquation,
        judgement: EquationVerdict,
        reading: NotationReading | None,
    ) -> EquationVerdict:
        """Return a verdict, unless what is wrong with zeros may be right as the words say."""
        if judgement.verdict != WRONG or not self.said:
            return judgement
        words = self.before(judgement.place.start)
        if not words or (reading is not None and _is_inside(judgement, reading)):
            return judgement
        for rule in _RULES:
            if reading is not None and rule.said.search(words) and _holds(equation, reading, rule):
                return replace(judgement, verdict=AGREE, findings=(), scope=rule.scope)
        reason = f"'{words}': how these edges are treated is not judged"
        return not_judged(judgement.kind, judgement.place, reason)


def _holds(equation: ElementEquation, reading: NotationReading, rule: EdgeRule) -> bool:
    """Whether an equation holds where the input goes on beyond its edges by a rule."""
    try:
        read = canonical(equation, truth(reading))
    except UnreadableError:
        return False
    if read.wrt is not None or any(found.mismatch for found in read.found):
        return False
    wanted = Counter(map(frozenset, _products(read.target, reading, rule)))
    stated = {frozenset(product): n for product, n in read.counted().items()}
    return bool(wanted) and stated == wanted


def _products(target: Element, reading: NotationReading, rule: EdgeRule) -> Iterator[Product]:
    """Yield the products of an element: each window covers the whole filter."""
    axes = reading.geometry.axes
    meeting = [_meeting(axis, target.tensor, i, rule)
               for axis, i in zip(axes, target.index, strict=False)]  # fmt: skip
    for each in product(*meeting) if len(meeting) == len(axes) else ():
        m, r, p = zip(*each, strict=True)
        parts = {"X": Element("X", m), "F": Element("F", r), "dY": Element("dY", p)}
        yield tuple(e for tensor, e in parts.items() if tensor in _OTHERS[target.tensor])


_OTHERS = {"Y": ("X", "F"), "dX": ("F", "dY"), "dF": ("X", "dY"), "dB": ()}


def _meeting(axis: Axis, tensor: str, i: int, rule: EdgeRule) -> list[tuple[int, int, int]]:
    """Return m, r and p of everything that meets on one axis at one element."""
    triples = (
        (rule.at(p * axis.stride + r * axis.dilation - axis.padding[0], axis.input), r, p)
        for p in range(axis.output)
        for r in range(axis.filter)
    )
    own = {"dX": 0, "dF": 1}.get(tensor, 2)
    return [triple for triple in triples if triple[own] == i]


def _is_inside(judgement: EquationVerdict, reading: NotationReading) -> bool:
    """Whether an output's window does not reach past the edge."""
    size = 1
    for extent in reading.geometry.filter:
        size *= extent
    return judgement.target.startswith("y[") and len(judgement.expected) == size

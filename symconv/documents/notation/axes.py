"""One axis of a notation: the readings that its products allow, and which sums they make true.

The step, the dilation and the constant of m = p*u + r*d + c come from
`symconv.documents.notation.fit`.  How far input, filter and output reach comes from the elements
that occur, from grids that show a tensor whole and from hints; where several answers are possible
each is a reading, and what the equations say decides between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from symconv.documents.notation.facts import AxisFact, Facts, M, P, R
from symconv.documents.notation.fit import AxisFit, Triple
from symconv.documents.notation.reading import Hints
from symconv.errors import GeometryError
from symconv.geometry import Axis

_MOST_BEYOND = 4
"""An element so far beyond those of the explained products is taken for a slip of an index."""
_FEW, _FEW_OF = 4, 20
"""So many products, or a product in so many, may reach farther than all others by a slip."""
_MOST_SPANS = 3


@dataclass(frozen=True, slots=True)
class AxisReading:
    """One axis, and how the document counts on it.

    Attributes:
        axis: its sizes.
        base: the first index.
        flipped: whether the filter runs backwards.
        fit: the relation between the indices, as the document writes them.
        written: whether elements of the padding are written out, as x_0 where x_1 is the first.
        extents: H, R and P.
    """

    axis: Axis
    base: int
    flipped: bool
    fit: AxisFit
    written: bool = False
    extents: tuple[int, int, int] = field(init=False)

    def __post_init__(self) -> None:
        extents = self.axis.input, self.axis.filter, self.axis.output
        object.__setattr__(self, "extents", extents)

    @property
    def is_even(self) -> bool:
        """Whether the padding is as wide in front as behind."""
        return self.axis.padding[0] == self.axis.padding[1]

    def holds(self, place: int, index: int) -> bool:
        """Whether an index lies inside of input, filter or output."""
        return 0 <= index - self.base < self.extents[place]

    def meeting(self, place: int, index: int) -> frozenset[Triple]:
        """Return the triples that meet at an index of input, filter or output."""
        if not self.holds(place, index):
            return frozenset()
        axis, b = self.axis, self.base
        rows = (index,) if place == R else range(b, b + axis.filter)
        columns = (index,) if place == P else range(b, b + self.extents[P])
        found = []
        for r in rows:
            turned = axis.filter - 1 - (r - b) if self.flipped else r - b
            offset = turned * axis.dilation - axis.padding[0] + b
            for p in self._reaching(columns, place, index, offset):
                m = (p - b) * axis.stride + offset
                if self.holds(M, m):
                    found.append((m, r, p))
        return frozenset(found)

    def _reaching(
        self, columns: Sequence[int], place: int, index: int, offset: int
    ) -> Iterable[int]:
        """Return the windows to try; at an index of the input there is one at most."""
        if place != M:
            return columns
        steps, rest = divmod(index - offset, self.axis.stride)
        return () if rest or steps + self.base not in columns else (steps + self.base,)

    def says(self, side: AxisFact) -> bool:
        """Whether exactly these triples meet there, those with the padding's zeros aside."""
        if not self.holds(side.place, side.at):
            return False
        stated = side.triples
        if self.written:
            stated = frozenset(t for t in stated if not self.is_padding(t))
        return self.meeting(side.place, side.at) == stated

    def is_padding(self, triple: Triple) -> bool:
        """Whether a window reads an element of the padding here."""
        beside = self.reaches(M, triple[M]) and not self.holds(M, triple[M])
        return beside and self.fit.explains(triple)

    def reaches(self, place: int, index: int) -> bool:
        """Whether an index lies inside of a tensor, or in the padding around the input."""
        low, high = self.axis.padding if place == M else (0, 0)
        return -max(low, 0) <= index - self.base < self.extents[place] + max(high, 0)

    @property
    def strangeness(self) -> tuple[int, ...]:
        """What a reader would assume last, in order: padding, dilation, remainders."""
        axis = self.axis
        low, high = axis.padding
        return (abs(low) + abs(high), abs(low - high), axis.dilation, axis.remainder, axis.stride)


def axis_readings(
    facts: Facts,
    fit: AxisFit,
    k: int,
    base: int,
    shown: Mapping[int, int],
    hints: Hints,
) -> Iterator[AxisReading]:
    """Yield the readings of axis ``k`` under one fit; some may be the same relation.

    Args:
        facts: what the equations state.
        fit: stride, dilation and constant.
        k: 0 for the first axis.
        base: the first index.
        shown: the extents of input, filter and output that grids show.
        hints: what the user says.
    """
    flipped = fit.dilation < 0
    spans = [_spans(facts, fit, k, place, base, shown) for place in (M, R, P)]
    if not all(spans):
        return
    filters = _hinted(hints.filter, k) or spans[R]
    inputs = _hinted(hints.input, k)
    written = _writes_padding(facts, k, base)
    for r in filters:
        if hints.padding is not None and k < len(hints.padding):
            low, high = hints.padding[k]
            for h in inputs or _inputs(spans[M], spans[P], r, fit, low, high):
                yield from _reading(h, r, fit, (low, high), base, flipped, written)
            continue
        low = _before(fit, r, base)
        for h, p in _extents(inputs, spans[M], spans[P], r, fit, low):
            high = _behind(h, r, p, fit, low)
            yield from _reading(h, r, fit, (low, high), base, flipped, written, p)


def _writes_padding(facts: Facts, k: int, base: int) -> bool:
    """Whether a forward equation has an element before the first one."""
    return any(triple[M] < base for triple in facts.forward[k])


def _reading(
    h: int,
    r: int,
    fit: AxisFit,
    padding: tuple[int, int],
    base: int,
    flipped: bool,
    written: bool,
    p: int = 0,
) -> Iterator[AxisReading]:
    try:
        axis = Axis(h, r, fit.stride, padding, abs(fit.dilation))
    except GeometryError:
        return
    if not p or axis.output == p:
        # An element too far behind may as well be one of the input, unless both sides are alike.
        whole = padding[1] in (0, padding[0])
        yield AxisReading(axis, base, flipped, fit, written and whole)


def _hinted(sizes: tuple[int, ...] | None, k: int) -> tuple[int, ...]:
    return sizes[k : k + 1] if sizes is not None else ()


def _spans(
    facts: Facts, fit: AxisFit, k: int, place: int, base: int, shown: Mapping[int, int]
) -> list[int]:
    """Return how many elements there may be: as products or left sides need, or a grid shows.

    A few products that reach farther than all others may be slips that happen to obey the
    relation, such as exchanged indices.
    """
    found = _needed(facts, fit, k, place, base)
    targets = {index[k] for index in facts.targets[place]}
    most = max(targets, default=base) + 1 - base
    if found[0] < most <= found[0] + _MOST_BEYOND * max(1, fit.stride):
        found.append(most)
    if place in shown and shown[place] >= found[0]:
        found.append(shown[place])
    return list(dict.fromkeys(n for n in found if n >= 1))


def _needed(facts: Facts, fit: AxisFit, k: int, place: int, base: int) -> list[int]:
    """Return how many elements the explained products need, first all, then without a few."""
    products: Counter[int] = Counter()
    for counter in (facts.forward[k], facts.others[k]):
        for triple, times in counter.items():
            if fit.explains(triple):
                products[triple[place]] += times
    few = max(_FEW, products.total() // _FEW_OF)
    found: list[int] = []
    dropped = 0
    for index in sorted(products, reverse=True)[:_MOST_SPANS]:
        if dropped > few:
            break
        found.append(index + 1 - base)
        dropped += products[index]
    return found or [1]


def _before(fit: AxisFit, r: int, base: int) -> int:
    """Return the padding in front that the constant of a fit means."""
    u, d = fit.stride, abs(fit.dilation)
    if fit.dilation > 0:
        return base - base * u - base * d - fit.constant
    return base - base * u + d * (base + r - 1) - fit.constant


def _extents(
    hinted: Sequence[int],
    inputs: Sequence[int],
    outputs: Sequence[int],
    r: int,
    fit: AxisFit,
    low: int,
) -> Iterator[tuple[int, int]]:
    """Yield how many elements input and output may have, padding as wide behind as in front too."""
    u, extent = fit.stride, abs(fit.dilation) * (r - 1) + 1
    found: dict[tuple[int, int], None] = {}
    for p in outputs:
        balanced = (p - 1) * u + extent - 2 * low
        for h in hinted or dict.fromkeys((*inputs, max(balanced, *inputs), max(balanced, 1))):
            found[h, p] = None
    for h in hinted or inputs:
        windows = (h + 2 * low - extent) // u + 1
        if windows >= max(1, min(outputs)):
            found[h, windows] = None
    yield from found


def _inputs(
    inputs: Sequence[int], outputs: Sequence[int], r: int, fit: AxisFit, low: int, high: int
) -> list[int]:
    """Return how many elements the input may have where the padding is given."""
    u, extent = fit.stride, abs(fit.dilation) * (r - 1) + 1
    needed = [(p - 1) * u + extent - low - high for p in outputs]
    return list(dict.fromkeys(h for h in (*inputs, *needed) if h >= 1))


def _behind(h: int, r: int, p: int, fit: AxisFit, low: int) -> int:
    """Return the padding behind: as in front where that gives p windows, else the nearest to it."""
    least = (p - 1) * fit.stride + abs(fit.dilation) * (r - 1) + 1 - low - h
    return min(max(low, least), least + fit.stride - 1)


def best(readings: Iterable[AxisReading], facts: Facts, k: int, most: int) -> list[AxisReading]:
    """Return the readings under which most sums of the document are true on this axis.

    Of readings that are one relation the one is kept that a reader would assume first.
    """
    sides = facts.sides(k)
    found: dict[tuple[object, ...], AxisReading] = {}
    most_true = 0
    scored = []
    for reading in readings:
        score = sum(times for side, times in sides.items() if reading.says(side))
        scored.append((score, reading))
        most_true = max(most_true, score)
    likely = [reading for score, reading in scored if score == most_true]
    for reading in sorted(likely, key=lambda reading: reading.strangeness):
        found.setdefault(_relation(reading), reading)
        if len(found) == most:
            break
    return list(found.values())


def _relation(reading: AxisReading) -> tuple[object, ...]:
    """Return what tells two relations apart: the extents, and which triples there are."""
    h, r, p = reading.extents
    axis = reading.axis
    if p * r > 4_000:
        return h, r, p, axis.stride, axis.dilation, axis.padding[0]
    columns = range(reading.base, reading.base + p)
    return h, r, p, frozenset(t for column in columns for t in reading.meeting(P, column))

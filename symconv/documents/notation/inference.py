"""The notation of a document: names, index base, sizes, stride, padding and dilation.

All of it is read off the equations: forward equations first, then what makes most equations
agree.  A deck may change its example half-way, so a notation holds for a region; where several
explain a region equally well, all of them are kept, and nothing is called wrong that one of them
calls right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from symconv.documents.elements.equations import LOCAL, ElementEquation, WrittenFactor
from symconv.documents.elements.extents import Extents
from symconv.documents.notation.axes import AxisReading, axis_readings, best
from symconv.documents.notation.facts import Facts, Joint, M, P, R, gather, rank_of
from symconv.documents.notation.fit import CLOSE, NEARLY, AxisFit, fits, nearly
from symconv.documents.notation.names import orders, samples
from symconv.documents.notation.reading import Hints, NotationReading
from symconv.documents.notation.reasons import CONTRADICTION, FEW_PRODUCTS, why_none
from symconv.documents.notation.systems import TensorSystem
from symconv.documents.notation.truth import agrees
from symconv.errors import how_many
from symconv.geometry import Geometry

T = TypeVar("T")

_ENOUGH = 0.6
"""The share of products that a reading has to explain before anything is judged by it."""
_FEW_EQUATIONS = 3
"""Fewer equations than these speak for no padding, dilation or flipped filter."""
_MOST_READINGS = 8
_LARGEST = 6_000_000
"""The most products a geometry may have."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One notation that may be meant.

    Attributes:
        facts: what the equations state under these names.
        names: of input and filter.
        axes: one reading for each axis.
        explained: the products that obey the relation of every axis.
        ahead: how many these are in forward equations, counted as often as they occur.
        support: how many in all equations.
        shown: on each axis the extents that grids show.
    """

    facts: Facts
    names: tuple[str, str]
    axes: tuple[AxisReading, ...]
    explained: Set[Joint]
    ahead: int
    support: int
    shown: Sequence[dict[int, int]]

    @property
    def flipped(self) -> bool:
        """Whether the filter runs backwards."""
        return self.axes[0].flipped

    @property
    def evidence(self) -> tuple[int, int]:
        """How many products it explains, and of how many."""
        return _evidence(self.facts, self.ahead, self.support)

    def is_enough(self) -> bool:
        """Whether it explains most products, or nearly all of several forward equations."""
        return _is_enough(self.facts, self.ahead, self.support)

    def denied_ahead(self) -> int:
        """Return how many forward equations hold a product that it does not explain."""
        return sum(not said <= self.explained for said in self.facts.said_ahead)

    def weight(self) -> int:
        """Return how much speaks for it; a flipped forward pass needs clearly more."""
        return self.support * (9 if self.flipped else 10)

    def true_sums(self) -> int:
        """Return how many sums and zeros of the document are true."""
        said = [{side: axis.says(side) for side in {sum_[k] for sum_ in self.facts.sums}}
                for k, axis in enumerate(self.axes)]  # fmt: skip
        sums = sum(
            times
            for sides, times in self.facts.sums.items()
            if all(known[side] for known, side in zip(said, sides, strict=True))
        )
        return sums + sum(map(self._is_zero, self.facts.zeros))

    def _is_zero(self, element: tuple[int, tuple[int, ...]]) -> bool:
        place, index = element
        on_axes = list(zip(self.axes, index, strict=True))
        inside = all(axis.holds(place, i) for axis, i in on_axes)
        return inside and not all(axis.meeting(place, i) for axis, i in on_axes)

    def as_shown(self) -> int:
        """Return how many extents are those that grids show."""
        return sum(
            axis.extents[place] == extent
            for axis, known in zip(self.axes, self.shown, strict=True)
            for place, extent in known.items()
        )

    def whole(self, system: TensorSystem, extents: Sequence[Extents]) -> set[str]:
        """Return the tensors of which a grid or a shape shows all."""
        places = {self.names[0]: M, self.names[1]: R, **dict.fromkeys(system.outputs, P)}
        return {
            e.name
            for e in extents
            if e.name in places
            and all(
                axis.extents[places[e.name]] == greatest + 1 - least
                for axis, least, greatest in zip(self.axes, e.least, e.greatest, strict=False)
            )
        }

    def inside(self) -> int:
        """Return how many of the elements that it explains lie inside, or in an even padding."""
        explained = {(place, triple[place]) for triple in self.explained for place in (M, R, P)}
        targets = {(place, i) for place in (M, R, P) for i in self.facts.targets[place]}
        return sum(
            all(
                axis.reaches(place, i) if axis.is_even else axis.holds(place, i)
                for axis, i in zip(self.axes, index, strict=True)
            )
            for place, index in explained | targets
        )

    def strangeness(self) -> tuple[int, ...]:
        """What a reader would assume last."""
        return tuple(map(sum, zip(*(axis.strangeness for axis in self.axes), strict=True)))


def readings(
    equations: Sequence[ElementEquation],
    system: TensorSystem,
    extents: Sequence[Extents],
    hints: Hints,
) -> tuple[tuple[NotationReading, ...], str]:
    """Return the notations that explain some equations best, or none and the reason."""
    rank = rank_of(equations)
    if rank not in (1, 2):
        return (), (
            f"elements with {how_many(rank, 'index')} are not read yet; write one channel of one "
            "image at a time, with an index for each axis"
        )
    hints = hints.along(rank)
    gathered = _gathered(equations, system, rank, hints)
    enough = [
        candidate
        for names, facts in gathered
        for candidate in _candidates(facts, names, system, extents, hints, rank)
    ]
    candidates = [candidate for candidate in enough if _is_likely(candidate, hints)]
    if not candidates:
        return (), why_none([facts for _, facts in gathered], bool(enough), hints)
    little = any(facts.has_little_forward for _, facts in gathered)
    enough_ahead = nearly(max(candidate.ahead for candidate in candidates))
    first = _best([c for c in candidates if c.ahead >= enough_ahead])
    forgiving = [c for c in candidates if c.denied_ahead() < 2] if little else []
    others = _best(forgiving) if forgiving else first
    if others is not first and hints == Hints() and not any(c.ahead for c in others):
        return (), CONTRADICTION
    candidates = [*first, *(c for c in others if not any(c is kept for kept in first))]
    unsaid = hints.flipped is None and not any(e.is_forward for e in equations)
    if unsaid and candidates[0].flipped:
        return (), (
            "two readings fit: gradients of a true convolution, or gradients with the filter not "
            "turned; say --forward convolution or correlation"
        )
    candidates.sort(key=lambda c: (-c.true_sums(), c.strangeness()))
    written = samples(equations, {*system.pair, *system.outputs})
    found = [_reading(c, system, extents, hints, written) for c in candidates[:_MOST_READINGS]]
    chains = [e for e in equations if e.target.kind == LOCAL or e.adds_locals]
    return tuple(_most(found, lambda reading: sum(agrees(e, reading) for e in chains))), ""


def _best(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the notations that explain nearly most products and make most sums true."""
    heaviest = max(map(_Candidate.weight, candidates))
    best_ = [c for c in candidates if c.weight() >= CLOSE * heaviest]
    for merit in (
        _Candidate.true_sums, _Candidate.weight, _Candidate.as_shown, _Candidate.inside,
    ):  # fmt: skip
        best_ = _most(best_, merit)
    return best_


def _most(candidates: Sequence[T], merit: Callable[[T], int]) -> list[T]:
    """Return the candidates that have most of a merit; it is not asked where only one is left."""
    if len(candidates) < 2:
        return list(candidates)
    merits = [merit(candidate) for candidate in candidates]
    most = max(merits)
    return [c for c, own in zip(candidates, merits, strict=True) if own == most]


def _gathered(
    equations: Sequence[ElementEquation], system: TensorSystem, rank: int, hints: Hints
) -> list[tuple[tuple[str, str], Facts]]:
    """Return the names of input and filter with what equations state under them, both orders."""
    names = _orders(system, hints)
    facts = [gather(equations, order, system, rank) for order in names[:1]]
    return list(zip(names, [*facts, *(f.exchanged() for f in facts)], strict=False))


def _orders(system: TensorSystem, hints: Hints) -> list[tuple[str, str]]:
    if hints.names is not None and system.pair <= set(hints.names[:2]):
        return [hints.names[:2]]
    return orders(system.pair, system.outputs)


def _evidence(facts: Facts, ahead: int, support: int) -> tuple[int, int]:
    """Return how many products are explained, of how many: of all, or of the forward equations."""
    few = len(facts.ahead) < FEW_PRODUCTS
    if few or ahead * facts.products <= support * facts.products_ahead:
        return support, facts.products
    return ahead, facts.products_ahead


def _is_enough(facts: Facts, ahead: int, support: int) -> bool:
    explained, of = _evidence(facts, ahead, support)
    return support >= _ENOUGH * facts.products or explained >= NEARLY * of


def _candidates(
    facts: Facts,
    names: tuple[str, str],
    system: TensorSystem,
    extents: Sequence[Extents],
    hints: Hints,
    rank: int,
) -> Iterator[_Candidate]:
    told = hints.complete(rank)
    few = len(facts.joint) < FEW_PRODUCTS and hints == Hints()
    if not told and (few or not facts.products):
        return
    for flipped in (False, True) if hints.flipped is None else (hints.flipped,):
        fitted = [_fits(facts, k, flipped, hints) for k in range(rank)]
        if not told and not _may_be_enough(facts, fitted):
            continue
        for base in _bases(facts, hints):
            shown = [_shown(names, system, extents, k, base) for k in range(rank)]
            axes = [
                best(
                    (
                        reading
                        for fit in fitted[k]
                        for reading in axis_readings(facts, fit, k, base, shown[k], hints)
                    ),
                    facts, k, _MOST_READINGS,
                )
                for k in range(rank)
            ]  # fmt: skip
            for candidate in _combined(facts, names, axes, shown):
                if told or candidate.is_enough():
                    yield candidate


def _may_be_enough(facts: Facts, fitted: Sequence[Sequence[AxisFit]]) -> bool:
    """Whether enough products may obey a fit of every axis: never more than of each alone."""
    ahead, support = (
        min(max(fit.support[n] for fit in of_axis) for of_axis in fitted) for n in (0, 1)
    )
    return _is_enough(facts, ahead, support)


def _combined(
    facts: Facts,
    names: tuple[str, str],
    axes: Sequence[Sequence[AxisReading]],
    shown: Sequence[dict[int, int]],
) -> Iterator[_Candidate]:
    """Yield the notation that each choice of a reading for every axis makes."""
    obeying = [
        {fit: facts.obeying(k, fit) for fit in {axis.fit for axis in of_axis}}
        for k, of_axis in enumerate(axes)
    ]
    explained: dict[tuple[AxisFit, ...], Set[Joint]] = {}
    for combination in product(*axes):
        fits_ = tuple(axis.fit for axis in combination)
        if fits_ not in explained:
            explained[fits_] = set.intersection(*map(dict.__getitem__, obeying, fits_))
        products = explained[fits_]
        yield _Candidate(facts, names, combination, products, *facts.support(products), shown)


def _fits(facts: Facts, k: int, flipped: bool, hints: Hints) -> list[AxisFit]:
    """Return the best fits of an axis that hints allow."""
    forward, others = facts.forward[k], facts.others[k]
    strides = hints.stride[k : k + 1] if hints.stride else None
    dilations = hints.dilation[k : k + 1] if hints.dilation else None
    found = fits(forward, others, flipped, strides, dilations)
    if facts.has_little_forward:
        alike = fits(Counter(), forward + others, flipped, strides, dilations)
        found += [fit for fit in alike if fit[:3] not in {known[:3] for known in found}]
    return found


def _bases(facts: Facts, hints: Hints) -> tuple[int, ...]:
    """Return where indices may begin; a few zeros may be slips where they begin at 1."""
    if hints.base is not None:
        return (hints.base,)
    zeros = sum(n for t, n in facts.joint.items() if any(0 in index for index in t))
    if not zeros and not any(0 in index for indices in facts.targets for index in indices):
        return (1,)
    return (0,) if zeros > (1 - _ENOUGH) * facts.products else (0, 1)


def _is_likely(candidate: _Candidate, hints: Hints) -> bool:
    """Refuse geometries that are too large, or strange and spoken for by few equations."""
    size = 1
    for axis in candidate.axes:
        size *= axis.axis.output * axis.axis.filter
    plain = not candidate.flipped and all(
        a.axis.dilation == 1 and a.axis.padding == (0, 0) for a in candidate.axes
    )
    few = candidate.facts.speaking < _FEW_EQUATIONS and hints == Hints()
    return size <= _LARGEST and (plain or not few)


def _shown(
    names: tuple[str, str], system: TensorSystem, extents: Sequence[Extents], k: int, base: int
) -> dict[int, int]:
    """Return the extents that grids show on one axis."""
    places = {names[0]: M, names[1]: R, **dict.fromkeys(system.outputs, P)}
    result: dict[int, int] = {}
    for e in extents:
        if e.name in places and k < len(e.greatest) and set(e.least) == {base}:
            place = places[e.name]
            result[place] = max(result.get(place, 0), e.greatest[k] + 1 - base)
    return result


def _reading(
    candidate: _Candidate,
    system: TensorSystem,
    extents: Sequence[Extents],
    hints: Hints,
    written: dict[str, WrittenFactor],
) -> NotationReading:
    whole = candidate.whole(system, extents)
    return NotationReading(
        *candidate.names, tuple(system.outputs), tuple(sorted(system.gradients)),
        candidate.axes[0].base,
        Geometry(tuple(axis.axis for axis in candidate.axes)), candidate.flipped,
        candidate.evidence, _told(candidate, sorted(whole)),
        _unseen(candidate, system, whole, hints),
        _is_sized(candidate.names[0], system, whole, hints),
        tuple(axis.written for axis in candidate.axes), written,
        hints.complete(len(candidate.axes)), hints=hints,
    )  # fmt: skip


def _told(candidate: _Candidate, whole: Sequence[str]) -> tuple[str, ...]:
    """Return the evidence in words."""
    total, forward = candidate.facts.products, candidate.facts.products_ahead
    words = [
        f"{candidate.support} of {how_many(total, 'product')} agree "
        f"({forward} of forward equations)",
        f"indices count from {candidate.axes[0].base}",
    ]
    if whole:
        words.append(f"shown whole: {', '.join(whole)}")
    return tuple(words)


def _unseen(
    candidate: _Candidate, system: TensorSystem, whole: set[str], hints: Hints
) -> dict[str, tuple[frozenset[int], ...]]:
    """Return the indices of input, filter and output that no product, grid or hint shows."""
    x, f = candidate.names
    roles = (
        ("X", M, {x}, hints.input), ("F", R, {f}, hints.filter),
        ("Y", P, set(system.outputs), hints.input and hints.filter),
    )  # fmt: skip
    return {
        role: tuple(
            frozenset()
            if hinted is not None or not names.isdisjoint(whole)
            else frozenset(range(axis.base, axis.base + axis.extents[place]))
            - {triple[place][k] for triple in candidate.explained}
            for k, axis in enumerate(candidate.axes)
        )
        for role, place, names, hinted in roles
    }


def _is_sized(name: str, system: TensorSystem, whole: set[str], hints: Hints) -> bool:
    """Whether input and padding are given, not guessed from the elements that occur."""
    has_input = hints.input is not None or name in whole
    return has_input and (hints.padding is not None or not whole.isdisjoint(system.outputs))

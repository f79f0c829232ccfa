"""Looks for the smallest sizes at which a claim fails, and shows what is wrong there.

Every axis is looked at by itself (`symconv.refutation.axes`), the smallest sizes first
(`symconv.refutation.sizes`); what is found is evaluated once more, whole, before it is shown.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from math import prod

from symconv.claims.claim import Claim, ShapeOf, Side
from symconv.claims.verdict import Counterexample
from symconv.equation import Element, Equation
from symconv.errors import FormulaError, TooLargeError
from symconv.formula.factors import factors
from symconv.formula.instantiation import instantiate
from symconv.formula.sizes import integers
from symconv.formula.words import Role, letters
from symconv.readings.terms import read
from symconv.refutation.axes import AxisPair, SideAtSize, completed, differ, factors_of
from symconv.refutation.sizes import SizeGroup, groups, is_vain
from symconv.tensors.table import SortedTable, first_difference

Values = Mapping[str, int]

INSTRUCTIVE: Mapping[str, int] = {
    **dict.fromkeys(letters(Role.INPUT), 3),
    **dict.fromkeys(letters(Role.FILTER), 2),
}
"""The least sizes of an example that teaches: no 1x1 filter, no input of one row."""

FAR = 16
"""The weight beyond which a first search for one group does not go if it found enough."""

_NAME = "T"


@dataclass(frozen=True, slots=True)
class Refutation:
    """A size at which a claim fails.

    Attributes:
        sizes: the value of every free integer, then of every defined one.
        counterexample: what is wrong there.
    """

    sizes: Mapping[str, int]
    counterexample: Counterexample


@dataclass(slots=True)
class CounterexampleSearch:
    """The outcome of a search for a counterexample.

    Attributes:
        refutation: where the claim fails, at the smallest such sizes, or None.
        compared: at how many sizes both sides were defined and compared.
        undefined: the smallest sizes found at which neither side has a meaning, and why.
        complete: whether every size in the claim's scope was looked at.
        too_large: why some size could not be evaluated, or None.
        timed_out: whether the search was ended by the clock.
    """

    refutation: Refutation | None = None
    compared: int = 0
    undefined: tuple[Mapping[str, int], str] | None = None
    complete: bool = False
    too_large: str | None = None
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class _Point:
    """One choice of the integers of one group, and all axes that they decide."""

    values: dict[str, int]
    pairs: tuple[tuple[SideAtSize, SideAtSize], ...]

    @property
    def defined(self) -> bool:
        return all(side.shape is not None for pair in self.pairs for side in pair)

    @property
    def nowhere(self) -> bool:
        return not differ(self.pairs) and not self.defined if self.pairs else False


@dataclass(slots=True)
class _Shelf:
    """The points of one group by weight, those whose sides are alike apart from the others.

    Weights count from the lightest choice that there is: ``skipped`` more than in the group.
    """

    group: SizeGroup
    factors: tuple[AxisPair, ...]
    alike: list[list[_Point]] = field(default_factory=list)
    unlike: list[list[_Point]] = field(default_factory=list)
    skipped: int = -1
    found: int = 0
    looked: int = 0

    def has(self, most: int, weight: int) -> bool:
        """Whether enough was looked at: found, ruled out, all, or far beyond the smallest."""
        if self.found >= most or self.looked >= 20 * most or self.ended(weight):
            return True
        return weight > FAR and self.found > FAR

    def ended(self, weight: int) -> bool:
        """Whether there is nothing of this weight or above it."""
        heaviest = self.group.heaviest()
        return heaviest is not None and weight + max(self.skipped, 0) > heaviest

    def points(self) -> Iterator[_Point]:
        for level in zip(self.alike, self.unlike, strict=True):
            for kind in level:
                yield from kind


class _OutOfTimeError(Exception):
    pass


def refute(
    claim: Claim, *, deadline: float | None = None, most: int | None = 250
) -> CounterexampleSearch:
    """Return what a search through the sizes of ``claim`` finds, the smallest first.

    Args:
        claim: what to refute.
        deadline: when to stop, on the clock of `time.monotonic`; None is never.
        most: how many choices to look at for each group of integers; None is as many as there
            are, which ends only for listed sizes, at a counterexample or at the deadline.

    Raises:
        OutOfReachError: a product holds one leaf twice.
    """
    for side in (claim.left, claim.right):
        if not isinstance(side, tuple):
            factors(side.of if isinstance(side, ShapeOf) else side)
    search = CounterexampleSearch()
    if is_vain(claim):
        search.complete = True
        return search
    shelves = _shelves(claim)
    try:
        if all(_start(shelf, deadline, most, search) for shelf in shelves):
            _climb(claim, shelves, deadline, most, search)
        else:
            search.complete = any(shelf.ended(0) and not shelf.found for shelf in shelves)
    except _OutOfTimeError:
        search.timed_out = True
    _tell(search, shelves)
    return search


def _start(
    shelf: _Shelf, deadline: float | None, most: int | None, search: CounterexampleSearch
) -> bool:
    """Look for the lightest choices of one group; return whether there are any."""
    while not shelf.found and not shelf.ended(0):
        if most is not None and shelf.looked >= 20 * most:
            return False
        shelf.skipped += 1
        _fill(shelf, 0, deadline, search)
    return bool(shelf.found)


def _climb(
    claim: Claim,
    shelves: Sequence[_Shelf],
    deadline: float | None,
    most: int | None,
    search: CounterexampleSearch,
) -> None:
    """Look at heavier and heavier choices until the claim fails, or enough was looked at."""
    for weight in count():
        for shelf in shelves if weight else ():
            _fill(shelf, weight, deadline, search)
        failing = next(_failing(shelves, weight, deadline), None)
        if failing is not None:
            search.refutation = _shown(claim, failing)
            return
        search.complete = _is_complete(shelves, weight + 1)
        if search.complete or (most and all(shelf.has(most, weight + 1) for shelf in shelves)):
            return


def example(claim: Claim, *, deadline: float | None = None) -> Refutation | None:
    """Return the smallest failing sizes with H, W >= 3 and R, S >= 2, which teach more.

    None where none is found in time.
    """
    raised = {
        name: max(INSTRUCTIVE.get(name, least), least) if least is not None else least
        for name, least in claim.integers.items()
    }
    if claim.sizes is None:
        larger = replace(claim, integers=raised)
    else:
        larger = replace(
            claim,
            sizes={
                name: range(max(run.start, INSTRUCTIVE.get(name, run.start)), run.stop)
                for name, run in claim.sizes.items()
            },
        )
    return refute(larger, deadline=deadline).refutation


def is_instructive(sizes: Values) -> bool:
    """Whether these sizes have no 1x1 filter and no input of one or two rows."""
    return all(sizes.get(name, least) >= least for name, least in INSTRUCTIVE.items())


def judge_at(claim: Claim, sizes: Values) -> Counterexample | None:
    """Return what is wrong with ``claim`` where the free integers are ``sizes``, or None.

    Both sides are evaluated whole, all axes at once.  None as well where neither is defined.

    Raises:
        TooLargeError: a tensor too large to be written out.
    """
    every = completed(claim.definitions, sizes)
    shapes = {name: integers(shape, every) for name, shape in claim.leaves.items()}
    left, right = (_evaluated(side, shapes, every) for side in (claim.left, claim.right))
    if isinstance(left, str) or isinstance(right, str):
        return _one_undefined(left, right)
    if _shape(left) != _shape(right):
        return Counterexample((_shape(left), _shape(right)))
    if isinstance(left, tuple) or isinstance(right, tuple):
        return None
    index = first_difference(left, right)
    if index is None:
        return None
    element = Element(_NAME, index)
    equations = Equation(element, left.terms(index)), Equation(element, right.terms(index))
    return Counterexample((left.shape, right.shape), equations)


_Evaluated = SortedTable | tuple[int, ...] | str
"""A tensor, a shape, or why there is neither."""


def _evaluated(side: Side, shapes: Mapping[str, tuple[int, ...]], every: Values) -> _Evaluated:
    try:
        if isinstance(side, tuple):
            return integers(side, every)
        if isinstance(side, ShapeOf):
            return read(instantiate(side.of, every), shapes).shape
        return read(instantiate(side, every), shapes).sorted()
    except FormulaError as error:
        return str(error)


def _one_undefined(left: _Evaluated, right: _Evaluated) -> Counterexample | None:
    if isinstance(left, str) and isinstance(right, str):
        return None
    if isinstance(left, str):
        return Counterexample((None, _shape(right)), undefined=f"left: {left}")
    return Counterexample((_shape(left), None), undefined=f"right: {right}")


def _shape(side: _Evaluated) -> tuple[int, ...]:
    if isinstance(side, str):
        raise TypeError("an undefined side has no shape")
    return side if isinstance(side, tuple) else side.shape


def _shelves(claim: Claim) -> list[_Shelf]:
    factors = factors_of(claim)
    shelves = []
    taken: set[int] = set()
    for group in groups(claim, [factor.names for factor in factors]):
        mine = [
            k
            for k, factor in enumerate(factors)
            if k not in taken and set(factor.names) <= set(group.names)
        ]
        taken |= set(mine)
        shelves.append(_Shelf(group, tuple(factors[k] for k in mine)))
    if not shelves:  # a claim about numbers alone
        shelves.append(_Shelf(SizeGroup((), (), ()), factors))
    return shelves


def _fill(shelf: _Shelf, weight: int, deadline: float | None, search: CounterexampleSearch) -> None:
    """Add the points of this weight, in place of those there were."""
    alike: list[_Point] = []
    unlike: list[_Point] = []
    shelf.alike[weight:], shelf.unlike[weight:] = [alike], [unlike]
    for values in shelf.group.at_weight(weight + shelf.skipped):
        shelf.looked += 1
        _look_at_the_clock(deadline)
        if values is None:
            continue
        shelf.found += 1
        try:
            pairs = tuple(factor.at(values) for factor in shelf.factors)
        except TooLargeError as error:
            search.too_large = str(error)
            continue
        same = all(left == right for left, right in pairs)
        (alike if same else unlike).append(_Point(values, pairs))


def _failing(
    shelves: Sequence[_Shelf], weight: int, deadline: float | None
) -> Iterator[dict[str, int]]:
    """Yield the choices of this total weight at which the two sides differ."""
    for points in _combined(shelves, weight, False):
        _look_at_the_clock(deadline)
        pairs = [pair for point in points for pair in point.pairs]
        if pairs and differ(pairs):
            yield {name: value for point in points for name, value in point.values.items()}


def _combined(shelves: Sequence[_Shelf], weight: int, unlike: bool) -> Iterator[tuple[_Point, ...]]:
    """Yield one point of every shelf, ``weight`` in all, one of them at least unlike."""
    if not shelves:
        if weight == 0 and unlike:
            yield ()
        return
    shelf, rest = shelves[0], shelves[1:]
    for mine in range(weight, -1, -1) if rest else [weight]:
        for point in shelf.unlike[mine]:
            for others in _combined(rest, weight - mine, True):
                yield (point, *others)
        if not unlike and not any(any(other.unlike[: weight - mine + 1]) for other in rest):
            continue
        for point in shelf.alike[mine]:
            for others in _combined(rest, weight - mine, unlike):
                yield (point, *others)


def _is_complete(shelves: Sequence[_Shelf], weight: int) -> bool:
    """Whether there are no choices of this total weight or above it."""
    left = [shelf.group.heaviest() for shelf in shelves]
    if any(heaviest is None for heaviest in left):
        return False
    lightest = sum(shelf.skipped for shelf in shelves)
    return weight + lightest > sum(heaviest or 0 for heaviest in left)


def _shown(claim: Claim, values: dict[str, int]) -> Refutation:
    """Return the refutation at ``values``, evaluated anew and whole."""
    counterexample = judge_at(claim, values)
    if counterexample is None:
        raise AssertionError(
            f"the axes of {claim.statement!r} differ at {values}, the whole does not"
        )
    ordered = {name: values[name] for name in claim.integers}
    return Refutation(completed(claim.definitions, ordered), counterexample)


def _tell(search: CounterexampleSearch, shelves: Sequence[_Shelf]) -> None:
    """Add what was compared, and where neither side was defined."""
    search.compared = prod(sum(point.defined for point in shelf.points()) for shelf in shelves)
    firsts = [next(shelf.points(), None) for shelf in shelves]
    for k, shelf in enumerate(shelves):
        nowhere = next((point for point in shelf.points() if point.nowhere), None)
        if nowhere is None or None in firsts:
            continue
        chosen = [point for point in (*firsts[:k], nowhere, *firsts[k + 1 :]) if point]
        values = {name: value for point in chosen for name, value in point.values.items()}
        reasons = [s.undefined for pair in nowhere.pairs for s in pair if s.undefined]
        search.undefined = values, reasons[0]
        return


def _look_at_the_clock(deadline: float | None) -> None:
    if deadline is not None and time.monotonic() > deadline:
        raise _OutOfTimeError

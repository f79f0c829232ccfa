"""Looks for the smallest sizes at which a claim fails, and shows what is wrong there.

Every axis is looked at by itself (`symconv.refutation.axes`), the smallest sizes first
(`symconv.refutation.sizes`); what is found is evaluated once more, whole, before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from math import prod
from typing import TYPE_CHECKING

from symconv.claims.claim import Claim, ShapeOf, Side
from symconv.claims.parts import parts
from symconv.claims.verdict import Counterexample, WeighedProduct
from symconv.equation import Element, Equation, Term
from symconv.errors import FormulaError, TooLargeError
from symconv.formula.factors import factors
from symconv.formula.instantiation import instantiate
from symconv.formula.sizes import integers
from symconv.formula.summands import summands
from symconv.formula.words import Role, letters
from symconv.limits.budget import OutOfBudgetError, spend
from symconv.limits.memory import hold, reserve, scope
from symconv.readings.terms import read
from symconv.refutation.axes import (
    AxisPair,
    PairAtSize,
    completed,
    differ,
    factors_of,
    is_decided,
    shape_at,
)
from symconv.refutation.sizes import SizeGroup, groups, is_vain
from symconv.tensors.table import SortedTable, first_difference

if TYPE_CHECKING:
    from fractions import Fraction

Values = Mapping[str, int]

INSTRUCTIVE: Mapping[str, int] = {
    **dict.fromkeys(letters(Role.INPUT), 3),
    **dict.fromkeys(letters(Role.FILTER), 2),
}
"""The least sizes of an example that teaches: no 1x1 filter, no input of one row."""

FAR = 16
"""The weight beyond which a first search for one group does not go if it found enough."""

TOO_LARGE = 8
"""How many choices of a group may be too large, with none that is not, before it is given up."""

TERM = 500
"""Bytes of one product of an element that is written out."""

POINT = 1_000
"""Bytes that one choice of sizes takes, with what was seen there."""

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
        ended: why the search ended before it was done, or None.
    """

    refutation: Refutation | None = None
    compared: int = 0
    undefined: tuple[Mapping[str, int], str] | None = None
    complete: bool = False
    too_large: str | None = None
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class _Point:
    """One choice of the integers of one group, and all axes that they decide."""

    values: dict[str, int]
    pairs: tuple[PairAtSize, ...]

    @property
    def defined(self) -> bool:
        return all(pair.defined for pair in self.pairs)

    @property
    def nowhere(self) -> bool:
        return not differ(self.pairs) and not self.defined if self.pairs else False


@dataclass(slots=True)
class _Shelf:
    """The points of one group by weight, those whose sides are alike apart from the others.

    Weights count from the lightest choice that there is: ``skipped`` more than in the group.
    """

    group: SizeGroup
    axes: tuple[AxisPair, ...]
    alike: list[list[_Point]] = field(default_factory=list)
    unlike: list[list[_Point]] = field(default_factory=list)
    skipped: int = -1
    found: int = 0
    looked: int = 0
    kept: int = 0
    large: int = 0
    lightest: int | None = None  # of those that are unlike

    def has(self, most: int, far: int | None, weight: int) -> bool:
        """Whether enough was looked at: found, ruled out, all, or far beyond the smallest."""
        if self.found >= most or self.looked >= 20 * most or self.ended(weight):
            return True
        if far is None or weight <= far:
            return False
        return self.found > far or self.found == self.looked  # none was ruled out

    @property
    def is_hopeless(self) -> bool:
        """Whether nothing could be looked at so far, all being too large."""
        return not self.kept and self.large >= TOO_LARGE

    def is_unlike(self, weight: int) -> bool:
        """Whether some choice of at most this weight tells the two sides apart."""
        return self.lightest is not None and self.lightest <= weight

    def ended(self, weight: int) -> bool:
        """Whether there is nothing of this weight or above it."""
        heaviest = self.group.heaviest()
        return heaviest is not None and weight + max(self.skipped, 0) > heaviest

    def points(self) -> Iterator[_Point]:
        for level in zip(self.alike, self.unlike, strict=True):
            for kind in level:
                yield from kind


def refute(
    claim: Claim,
    *,
    most: int | None = 250,
    far: int | None = FAR,
    axes: tuple[AxisPair, ...] | None = None,
) -> CounterexampleSearch:
    """Return what a search through the sizes of ``claim`` finds, the smallest first.

    It ends where the current budget does, at the latest (`symconv.limits.budget`).

    Args:
        claim: what to refute.
        most: how many choices to look at for each group of integers; None is as many as there
            are, which ends only for listed sizes, at a counterexample or with the budget.
        far: the weight beyond which no group is followed that has more choices; None is any.
        axes: `factors_of` the claim, where that is known.

    Raises:
        OutOfReachError: a product holds one leaf twice.
        TooLargeError: more choices than the memory holds.
    """
    for side in (claim.left, claim.right):
        if not isinstance(side, tuple | ShapeOf):
            factors(side)
    search = CounterexampleSearch()
    if is_vain(claim):
        search.complete = True
        return search
    shelves = _shelves(claim, factors_of(claim) if axes is None else axes)
    try:
        with scope():
            if all(_start(shelf, most, search) for shelf in shelves):
                _climb(claim, shelves, most, far, search)
            else:
                search.complete = any(shelf.ended(0) and not shelf.found for shelf in shelves)
    except OutOfBudgetError as error:
        search.ended = str(error)
    _tell(search, shelves)
    return search


def _start(shelf: _Shelf, most: int | None, search: CounterexampleSearch) -> bool:
    """Look for the lightest choices of one group; return whether there are any."""
    while not shelf.found and not shelf.ended(0):
        if most is not None and shelf.looked >= 20 * most:
            return False
        shelf.skipped += 1
        _fill(shelf, 0, search)
    return bool(shelf.found)


def _climb(
    claim: Claim,
    shelves: Sequence[_Shelf],
    most: int | None,
    far: int | None,
    search: CounterexampleSearch,
) -> None:
    """Look at heavier and heavier choices until the claim fails, or enough was looked at."""
    for weight in count():
        for shelf in shelves if weight else ():
            _fill(shelf, weight, search)
        failing = next(_failing(shelves, weight), None)
        if failing is not None:
            try:
                search.refutation = shown(claim, failing)
            except TooLargeError as error:
                at = ", ".join(f"{name}={value}" for name, value in failing.items())
                search.too_large = (
                    f"the axes differ at {at}, the whole cannot be looked at: {error}"
                )
            return
        if any(shelf.is_hopeless for shelf in shelves):
            return
        search.complete = _is_complete(shelves, weight + 1)
        if search.complete or (most and all(shelf.has(most, far, weight + 1) for shelf in shelves)):
            return


def example(claim: Claim) -> Refutation | None:
    """Return the smallest failing sizes with H, W >= 3 and R, S >= 2, which teach more.

    None where none is found within the budget.
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
    return refute(larger).refutation


def is_instructive(sizes: Values) -> bool:
    """Whether these sizes have no 1x1 filter and no input of one or two rows."""
    return all(sizes.get(name, least) >= least for name, least in INSTRUCTIVE.items())


def judge_at(claim: Claim, sizes: Values) -> Counterexample | None:
    """Return what is wrong with ``claim`` where the free integers are ``sizes``, or None.

    Both sides are evaluated whole, all axes at once; where their shapes differ, that is all.  None
    as well where neither is defined.

    Raises:
        TooLargeError: a tensor too large to be written out.
    """
    pieces = parts(claim)
    every, leaves = _at(claim, sizes)
    sides = claim.left, claim.right
    if pieces != (claim,):
        meanings = [_meaning(side, leaves, every) for side in sides]
        if meanings[0] != meanings[1] or isinstance(meanings[0], str):
            return _told_apart(meanings[0], meanings[1])
        return _judged_sum(claim, pieces, sizes)
    shapes = [_shaped(side, leaves, every) for side in sides]
    if is_decided(*sides) and (shapes[0] != shapes[1] or isinstance(shapes[0], str)):
        return _told_apart(shapes[0], shapes[1])
    left, right = (_evaluated(side, leaves, every) for side in sides)
    if isinstance(left, str) or isinstance(right, str) or _shape(left) != _shape(right):
        return _told_apart(left, right)
    if isinstance(left, tuple) or isinstance(right, tuple):
        return None
    index = first_difference(left, right)
    if index is None:
        return None
    element = Element(_NAME, index)
    terms = left.count(index) + right.count(index)
    spend(2 * terms)
    reserve(TERM * terms)
    equations = Equation(element, left.terms(index)), Equation(element, right.terms(index))
    return Counterexample((left.shape, right.shape), equations)


def _at(claim: Claim, sizes: Values) -> tuple[Values, dict[str, tuple[int, ...]]]:
    """Return the value of every integer, and the shape of every leaf."""
    every = completed(claim.definitions, sizes)
    return every, {name: integers(shape, every) for name, shape in claim.leaves.items()}


def meaningless(claim: Claim, sizes: Values) -> str:
    """Return why the left side of a claim about sums has no meaning, where that is so."""
    every, leaves = _at(claim, sizes)
    found = _meaning(claim.left, leaves, every)
    return found if isinstance(found, str) else ""


def _meaning(
    side: Side, leaves: Mapping[str, tuple[int, ...]], every: Values
) -> tuple[int, ...] | str:
    """Return the shape of a side with sums in it, or why the whole of it has no meaning."""
    shape = _shaped(side, leaves, every)
    if isinstance(shape, str) or isinstance(side, tuple) or is_decided(side):
        return shape if isinstance(shape, str) else _shape(shape)
    assert not isinstance(side, ShapeOf)  # shapes are decided
    terms = summands(side)
    found = (_evaluated(term.node, leaves, every) for term in terms)
    reasons = (each for each in found if isinstance(each, str))
    return next(reasons, _shape(shape))


def _judged_sum(claim: Claim, pieces: Sequence[Claim], sizes: Values) -> Counterexample | None:
    """Return the first element that is wrong in a claim about sums, with all its terms."""
    told = [each for piece in pieces if (each := judge_at(piece, sizes)) and each.equations]
    if not told:
        return None
    first = min(each.equations[0].target.index for each in told if each.equations)
    left, right = (list(_weighed(side, first, claim, sizes)) for side in (claim.left, claim.right))
    if all(factor == 1 for _, factor in (*left, *right)):
        element = Element(_NAME, first)
        equations = (Equation(element, tuple(t for t, _ in side)) for side in (left, right))
        return Counterexample(told[0].shapes, (next(equations), next(equations)))
    totals: dict[Term, list[int | Fraction]] = {term: [0, 0] for term, _ in (*left, *right)}
    for k, side in enumerate((left, right)):
        for term, factor in side:
            totals[term][k] += factor
    wrong = (WeighedProduct(t, *factors) for t, factors in totals.items() if len({*factors}) > 1)
    return Counterexample(told[0].shapes, element=first, products=tuple(wrong))


def _weighed(
    side: Side, index: tuple[int, ...], claim: Claim, sizes: Values
) -> Iterator[tuple[Term, int | Fraction]]:
    """Yield the products of one element of a side, each as often as it is added, and its factor."""
    assert not isinstance(side, tuple | ShapeOf)  # it was told apart element by element
    every, leaves = _at(claim, sizes)
    for summand in summands(side):
        table = _evaluated(summand.node, leaves, every)
        assert isinstance(table, SortedTable)
        for term in table.terms(index):
            yield term, summand.factor


_Evaluated = SortedTable | tuple[int, ...] | str
"""A tensor, a shape, or why there is neither."""


def _shaped(side: Side, leaves: Mapping[str, tuple[int, ...]], every: Values) -> _Evaluated:
    try:
        return shape_at(side, leaves, every)
    except FormulaError as error:
        return str(error)


def _evaluated(side: Side, shapes: Mapping[str, tuple[int, ...]], every: Values) -> _Evaluated:
    try:
        if isinstance(side, tuple):
            return integers(side, every)
        if isinstance(side, ShapeOf):
            return shape_at(side, shapes, every)
        return read(instantiate(side, every), shapes).sorted()
    except FormulaError as error:
        return str(error)


def _told_apart(left: _Evaluated, right: _Evaluated) -> Counterexample | None:
    """Return the counterexample of two shapes that differ, or of one side without a meaning."""
    if isinstance(left, str) and isinstance(right, str):
        return None
    if isinstance(left, str):
        return Counterexample((None, _shape(right)), undefined=f"left: {left}")
    if isinstance(right, str):
        return Counterexample((_shape(left), None), undefined=f"right: {right}")
    return Counterexample((_shape(left), _shape(right)))


def _shape(side: _Evaluated) -> tuple[int, ...]:
    if isinstance(side, str):
        raise TypeError("an undefined side has no shape")
    return side if isinstance(side, tuple) else side.shape


def _shelves(claim: Claim, axes: tuple[AxisPair, ...]) -> list[_Shelf]:
    shelves = []
    taken: set[int] = set()
    for group in groups(claim, [axis.names for axis in axes]):
        mine = [
            k
            for k, axis in enumerate(axes)
            if k not in taken and set(axis.names) <= set(group.names)
        ]
        taken |= set(mine)
        shelves.append(_Shelf(group, tuple(axes[k] for k in mine)))
    if not shelves:  # a claim about numbers alone
        shelves.append(_Shelf(SizeGroup((), (), (), ()), axes))
    return shelves


def _fill(shelf: _Shelf, weight: int, search: CounterexampleSearch) -> None:
    """Add the points of this weight, in place of those there were."""
    alike: list[_Point] = []
    unlike: list[_Point] = []
    shelf.alike[weight:], shelf.unlike[weight:] = [alike], [unlike]
    spend()
    for values in shelf.group.at_weight(weight + shelf.skipped):
        shelf.looked += 1
        if values is None:
            continue
        shelf.found += 1
        hold(POINT)
        try:
            pairs = tuple(axis.at(values) for axis in shelf.axes)
        except TooLargeError as error:
            search.too_large = str(error)
            shelf.large += 1
            continue
        shelf.kept += 1
        (alike if all(pair.alike for pair in pairs) else unlike).append(_Point(values, pairs))
    if unlike and shelf.lightest is None:
        shelf.lightest = weight


def _failing(shelves: Sequence[_Shelf], weight: int) -> Iterator[dict[str, int]]:
    """Yield the choices of this total weight at which the two sides differ."""
    if not any(shelf.is_unlike(weight) for shelf in shelves) or not all(s.kept for s in shelves):
        return
    for points in _combined(shelves, weight, False):
        pairs = [pair for point in points for pair in point.pairs]
        if pairs and differ(pairs):
            yield {name: value for point in points for name, value in point.values.items()}


def _combined(shelves: Sequence[_Shelf], weight: int, unlike: bool) -> Iterator[tuple[_Point, ...]]:
    """Yield one point of every shelf, ``weight`` in all, one of them at least unlike."""
    spend()
    if not shelves:
        if weight == 0 and unlike:
            yield ()
        return
    shelf, rest = shelves[0], shelves[1:]
    for mine in range(weight, -1, -1) if rest else [weight]:
        spend()
        for point in shelf.unlike[mine]:
            for others in _combined(rest, weight - mine, True):
                yield (point, *others)
        if not unlike and not any(other.is_unlike(weight - mine) for other in rest):
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


def shown(claim: Claim, values: Values) -> Refutation:
    """Return the refutation at ``values``, evaluated anew and whole.

    Raises:
        TooLargeError: that is too large.
    """
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
        reasons = [pair.undefined for pair in nowhere.pairs if pair.undefined]
        search.undefined = values, reasons[0]
        return

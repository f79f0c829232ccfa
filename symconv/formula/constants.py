"""Tensors of given numbers, put in: what is summed over them alone is summed, exactly.

    sum(AT[p%2,i]*G[i,r]*BT[i,j] * F[r]*X[2*(p//2)+j] for i in range(4) ..)

The index i stands in the constants alone, so that their product is one tensor C of numbers, whose
indices are p%2, r and j.  Where C is 1 at j = p%2 + r and 0 elsewhere, which is what Winograd's
matrices are made for, that equation is the condition under which F[r]*X[2*(p//2)+j] is added.
What no such equation says is put in number by number, under the condition that the indices are
those of its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from operator import mul
from typing import TYPE_CHECKING

from symconv.errors import OutOfReachError
from symconv.formula.nodes import Constant, IndexSum, Ones, Range, Read
from symconv.formula.sizes import Greatest, Least, Name, Size, minus, names, plus

if TYPE_CHECKING:
    from fractions import Fraction

MOST = 200_000
"""The most products of numbers that are multiplied out."""

MOST_INDICES = 6
"""The most indices among which an equation is looked for."""

Place = tuple[int, ...]
Weights = Mapping[Place, "int | Fraction"]
"""The numbers of a tensor that are not 0, by their place."""


def weights(constant: Constant) -> Weights:
    """Return the numbers of ``constant`` that are not 0, by their index."""
    places = product(*map(range, constant.shape))
    return {place: n for place, n in zip(places, constant.entries, strict=True) if n}


def written_out(constant: Constant) -> IndexSum:
    """Return ``constant`` by its elements."""
    indices = tuple(f"i{k}" for k in range(len(constant.shape)))
    read = Read(constant, tuple(map(Name, indices)))
    return IndexSum(constant.shape, indices, (), (read,))


def contracted(node: IndexSum) -> Iterator[tuple[IndexSum, int | Fraction]]:
    """Yield sums that read no constants, and by what each is multiplied in ``node``.

    Raises:
        OutOfReachError: more than `MOST` products of numbers.
    """
    constants = [read for read in node.reads if isinstance(read.of, Constant)]
    others = tuple(read for read in node.reads if not isinstance(read.of, Constant))
    node = replace(node, reads=others)
    found: list[list[tuple[_Condition, int | Fraction]]] = []
    for group in _groups(constants):
        joint = _joint(group)
        elsewhere = [read for read in constants if read not in group]
        for run in node.ranges:
            if Name(run.index) in joint.index and _stands_alone(run, node, joint, elsewhere):
                joint, node = joint.summed(run), _without(node, run)
        found.append(list(joint.conditions()))
    if prod(map(len, found)) > MOST:
        raise OutOfReachError(f"the constants have more than {MOST} products that are not 0")
    for chosen in product(*found):
        restricted = node
        for condition, _ in chosen:
            restricted = condition.on(restricted)
        yield restricted, prod(number for _, number in chosen)


@dataclass(frozen=True, slots=True)
class _Condition:
    """Where a number stands: what is 0 elsewhere, and indices that have one value.

    Attributes:
        reads: elements of tensors of ones, which are 0 outside of these.
        values: the value of each index that has one.
    """

    reads: tuple[Read, ...] = ()
    values: tuple[tuple[Size, int], ...] = ()

    def on(self, node: IndexSum) -> IndexSum:
        """Return the sum of those products of ``node`` for which this holds."""
        values = dict(self.values)
        ranges = tuple(
            Range(run.index, _greatest(run.start, k), _least(run.stop, k + 1))
            if (k := values.pop(Name(run.index), None)) is not None
            else run
            for run in node.ranges
        )
        fixed = tuple(Read(Ones((1,)), (minus(entry, k),)) for entry, k in values.items())
        return replace(node, ranges=ranges, reads=(*node.reads, *self.reads, *fixed))


@dataclass(frozen=True, slots=True)
class _Joint:
    """The product of constants at indices that are written out.

    Attributes:
        index: what the indices are.
        extents: how many values each has; elsewhere the product is 0.
        weights: the numbers that are not 0.
    """

    index: tuple[Size, ...]
    extents: tuple[int, ...]
    weights: Weights

    def times(self, read: Read) -> _Joint:
        """Return the product with one more constant."""
        assert isinstance(read.of, Constant)
        index, extents = list(self.index), list(self.extents)
        for entry, extent in zip(read.index, read.of.shape, strict=True):
            if entry in index:
                k = index.index(entry)
                extents[k] = min(extents[k], extent)
            else:
                index.append(entry)
                extents.append(extent)
        at = [index.index(entry) for entry in read.index]
        others = weights(read.of)
        if len(self.weights) * len(others) > MOST:
            raise OutOfReachError(f"the constants have more than {MOST} products")
        joint: dict[Place, int | Fraction] = {}
        for place, number in self.weights.items():
            for place_, number_ in others.items():
                whole: list[int | None] = [*place, *[None] * (len(index) - len(place))]
                for k, value in zip(at, place_, strict=True):
                    if whole[k] not in (None, value):
                        break
                    whole[k] = value
                else:
                    joint[tuple(k for k in whole if k is not None)] = number * number_
        return _Joint(tuple(index), tuple(extents), joint)

    def summed(self, run: Range) -> _Joint:
        """Return the sum over one of the indices, which has these values."""
        k = self.index.index(Name(run.index))
        total: dict[Place, int | Fraction] = {}
        for place, number in self.weights.items():
            assert isinstance(run.start, int)
            assert isinstance(run.stop, int)
            if run.start <= place[k] < run.stop:
                rest = place[:k] + place[k + 1 :]
                total[rest] = total.get(rest, 0) + number
        left = {place: number for place, number in total.items() if number}
        index, extents = self.index, self.extents
        return _Joint(index[:k] + index[k + 1 :], extents[:k] + extents[k + 1 :], left)

    def conditions(self) -> Iterator[tuple[_Condition, int | Fraction]]:
        """Yield what has to hold of the indices, and the number that is added there."""
        inside = tuple(
            Read(Ones((extent,)), (entry,))
            for entry, extent in zip(self.index, self.extents, strict=True)
        )
        if not self.weights:
            yield _Condition(inside), 0
            return
        level, rest = self._level()
        if level is not None:
            equation = minus(_combined(level.signs, self.index), level.value)
            zero = (Read(Ones((1,)), (equation,)),) if any(level.signs) else ()
            yield _Condition((*inside, *zero)), level.number
        for place, number in rest.items():
            yield _Condition(values=tuple(zip(self.index, place, strict=True))), number

    def _level(self) -> tuple[_Level | None, Weights]:
        """Return the equation that says most of where the numbers stand, and what is left."""
        best: tuple[_Level | None, Weights] = None, self.weights
        if len(self.index) > MOST_INDICES:
            return best
        every = list(product(*map(range, self.extents)))
        for signs in product((1, 0, -1), repeat=len(self.index)):
            if signs < tuple(-sign for sign in signs):
                continue  # the same equations as with the opposite signs
            levels: dict[int, list[Place]] = {}
            for place in every:
                levels.setdefault(_dot(signs, place), []).append(place)
            for value, places in sorted(levels.items()):
                numbers = Counter(self.weights.get(place, 0) for place in places)
                number, times = numbers.most_common(1)[0]
                outside = len(self.weights) - sum(place in self.weights for place in places)
                if number and 1 + outside + len(places) - times < len(best[1]):
                    left = dict(self.weights)
                    for place in places:
                        left[place] = left.get(place, 0) - number
                    rest = {place: each for place, each in left.items() if each}
                    best = _Level(signs, value, number), rest
        return best


@dataclass(frozen=True, slots=True)
class _Level:
    """The places at which the indices, with these signs, add up to a value, and a number there."""

    signs: tuple[int, ...]
    value: int
    number: int | Fraction


def _joint(reads: Sequence[Read]) -> _Joint:
    joint = _Joint((), (), {(): 1})
    for read in reads:
        joint = joint.times(read)
    return joint


def _groups(reads: Sequence[Read]) -> list[list[Read]]:
    """Return the reads, together those that share an index."""
    found: list[list[Read]] = []
    for read in reads:
        mine = [group for group in found if any(set(read.index) & set(o.index) for o in group)]
        found = [group for group in found if group not in mine]
        found.append([*(each for group in mine for each in group), read])
    return found


def _stands_alone(run: Range, node: IndexSum, joint: _Joint, others: Sequence[Read]) -> bool:
    """Whether an index has listed values, and stands in one group of constants alone, by itself."""
    if not isinstance(run.start, int) or not isinstance(run.stop, int):
        return False
    elsewhere = [entry for read in (*node.reads, *others) for entry in read.index]
    elsewhere += [bound for each in node.ranges for bound in (each.start, each.stop)]
    elsewhere += [entry for entry in joint.index if entry != Name(run.index)]
    return not any(run.index in names(entry) for entry in elsewhere)


def _without(node: IndexSum, run: Range) -> IndexSum:
    return replace(node, ranges=tuple(each for each in node.ranges if each != run))


def _least(size: Size, most: int) -> Size:
    return min(size, most) if isinstance(size, int) else Least(size, most)


def _greatest(size: Size, least: int) -> Size:
    return max(size, least) if isinstance(size, int) else Greatest(size, least)


def _dot(signs: Sequence[int], place: Place) -> int:
    return sum(map(mul, signs, place))


def _combined(signs: Sequence[int], index: Sequence[Size]) -> Size:
    total: Size = 0
    for sign, entry in zip(signs, index, strict=True):
        if sign:
            total = plus(total, entry) if sign > 0 else minus(total, entry)
    return total

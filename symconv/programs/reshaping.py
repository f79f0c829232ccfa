"""Arrays in another shape: axes that are merged, or split where that goes without a remainder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symconv.formula.sizes import Name, Size, plus, times
from symconv.programs.arrays import Memory, Radix, View, parts_of
from symconv.readings.quotients import split


def shared(of: View) -> View:
    """Return an array that may share memory with ``of``, and may be a copy."""
    why = "an array is changed that may share memory with another one, or not"
    return replace(of, frozen=of.frozen or why, version=of.buffer.writes)


def reshaped(memory: Memory, of: View, shape: Sequence[Size]) -> View:
    """Return an array in another shape.

    Args:
        memory: where it is.
        of: the array.
        shape: its new extents, one of them perhaps -1: what is left.

    Raises:
        UnreadError: axes would be split with a remainder, or it is not seen that they are not.
    """
    tidy = memory.knowledge.tidy
    parts: list[Size] = []
    for extent, radix in zip(of.shape, of.radix, strict=True):
        parts += [extent] if radix is None else radix
    left = [part for part in map(tidy, parts) if part != 1]
    wanted = [tidy(extent) for extent in shape]
    if -1 in wanted:
        place = wanted.index(-1)
        before, left = _taken(memory, wanted[:place], left)
        after, rest = _taken(memory, wanted[:place:-1], left[::-1], backwards=True)
        groups = [*before, rest[::-1], *(group[::-1] for group in reversed(after))]
    else:
        groups, left = _taken(memory, wanted, left)
        if left:
            raise memory.refuse("an array is put into a shape of another number of elements")
    return _arranged(memory, of, groups)


def _taken(
    memory: Memory, wanted: Sequence[Size], parts: list[Size], backwards: bool = False
) -> tuple[list[list[Size]], list[Size]]:
    """Return for each wanted extent the parts that it is the product of, and what is left.

    Args:
        memory: where the array is.
        wanted: extents, in the order in which they take parts.
        parts: what may be taken, likewise.
        backwards: whether that is from the last axis on.
    """
    groups: list[list[Size]] = []
    left = list(parts)
    for extent in wanted:
        group: list[Size] = []
        needed = extent
        while needed != 1:
            if needed == -1 or not left:
                raise memory.refuse("an array is put into a shape that is not read")
            part = left.pop(0)
            if memory.knowledge.same(part, needed):
                group.append(part)
                break
            quotient = _quotient(memory, needed, part)
            if quotient is not None:
                group.append(part)
                needed = quotient
                continue
            rest = _quotient(memory, part, needed)
            if rest is None:
                raise memory.refuse("an axis is split where it may leave a remainder")
            group.append(needed)
            left.insert(0, rest)
            break
        groups.append(group)
    return groups, left


def _quotient(memory: Memory, number: Size, by: Size) -> Size | None:
    """Return number / by where that is exact, whatever the sizes are."""
    knows = memory.knowledge
    if not knows.at_least(by, 1):
        return None
    whole, rest = split(knows.polynomial(number), knows.polynomial(by))
    return knows.written(whole) if whole and not rest else None


def _arranged(memory: Memory, of: View, groups: list[list[Size]]) -> View:
    """Return an array whose axes are groups of parts, in their order."""
    tidy = memory.knowledge.tidy
    shape: list[Size] = []
    radix: list[Radix] = []
    for group in groups:
        extent: Size = 1
        for part in group:
            extent = tidy(times(extent, part))
        shape.append(extent)
        radix.append(tuple(group) if len(group) > 1 else None)
    indices = memory.indices(shape)
    digits: list[tuple[Size, Size]] = []
    for name, group in zip(indices, groups, strict=True):
        digits += zip(parts_of(Name(name), group), group, strict=True)
    at: list[Size] = []
    for extent in of.shape:
        place: Size = 0
        reached: Size = 1
        while reached != extent and not memory.knowledge.same(reached, extent):
            if not digits:
                raise memory.refuse("an array is put into a shape of another number of elements")
            digit, part = digits.pop(0)
            place = plus(times(place, part), digit) if place != 0 else digit
            reached = tidy(times(reached, part))
        at.append(place)
    return shared(memory.view(of, shape, indices, at, radix))

"""Subscripts of arrays: ``x[n, :, i*u:i*u+R]``, each bound proved to lie inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from symconv.formula.sizes import Name, Size, minus, over, plus, times
from symconv.programs.arrays import Memory, Radix, View
from symconv.readings.text import size as size_text


@dataclass(frozen=True, slots=True)
class SliceValue:
    """start:stop:step; None where nothing is said."""

    start: Size | None
    stop: Size | None
    step: Size | None


WHOLE = SliceValue(None, None, None)
"""A colon alone."""


def is_integer(value: object) -> TypeGuard[Size]:
    """Whether a value is an integer, known or not."""
    return not isinstance(value, bool) and isinstance(value, Size)


def subscript(memory: Memory, of: View, entries: Sequence[object]) -> View:
    """Return what ``of[entries]`` shows.

    Args:
        memory: where it is.
        of: an array.
        entries: integers, slices, None and one Ellipsis.

    Raises:
        UnreadError: an index that may be outside, a slice that may be cut short, or another entry.
    """
    given = sum(is_integer(e) or isinstance(e, SliceValue) for e in entries)
    if given > of.ndim or sum(e is Ellipsis for e in entries) > 1:
        raise memory.refuse("an array has fewer axes than it is given indices")
    full = [WHOLE] * (of.ndim - given)
    if Ellipsis not in entries:
        entries = [*entries, *full]
    else:
        place = list(entries).index(Ellipsis)
        entries = [*entries[:place], *full, *entries[place + 1 :]]
    shape: list[Size] = []
    indices: list[str] = []
    radix: list[Radix] = []
    at: list[Size] = []
    axes = iter(zip(of.shape, of.radix, strict=True))
    for entry in entries:
        if entry is None:
            shape.append(1)
            radix.append(None)
            indices += memory.indices([1])
        elif isinstance(entry, SliceValue):
            extent, parts = next(axes)
            start, length, step = _run(memory, entry, extent)
            (index,) = memory.indices([length])
            shape.append(length)
            indices.append(index)
            radix.append(parts if entry == WHOLE else None)
            at.append(plus(start, times(step, Name(index))))
        elif is_integer(entry):
            at.append(_place(memory, entry, next(axes)[0]))
        else:
            raise memory.refuse(f"an array is indexed by {type(entry).__name__}")
    return memory.view(of, shape, indices, at, radix)


def _place(memory: Memory, at: Size, extent: Size) -> Size:
    """Return an index that is inside, a negative one counted from the end."""
    knows = memory.knowledge
    if knows.at_least(at):
        if knows.at_least(extent, plus(at, 1)):
            return at
    elif knows.at_least(-1, at) and knows.at_least(plus(extent, at)):
        return plus(extent, at)
    raise memory.refuse(
        f"the index {size_text(knows.tidy(at))} is not seen to lie in an axis of "
        f"{size_text(extent)}"
    )


def _run(memory: Memory, entry: SliceValue, extent: Size) -> tuple[Size, Size, Size]:
    """Return start, number of elements and step of a slice that is nowhere cut short."""
    knows = memory.knowledge
    step: Size = 1 if entry.step is None else knows.tidy(entry.step)
    if step == -1 and entry.start is None and entry.stop is None:
        return minus(extent, 1), extent, -1
    if not knows.at_least(step, 1):
        raise memory.refuse("a slice has a step that is not seen to be at least 1")
    start = _bound(memory, entry.start, extent, 0)
    stop = _bound(memory, entry.stop, extent, extent)
    if not knows.at_least(stop, start):
        raise memory.refuse(
            f"the slice {_said(memory, start, stop)} may end before it starts, at some sizes"
        )
    length = knows.tidy(plus(over(minus(minus(stop, start), 1), step), 1))
    last = plus(start, times(step, minus(length, 1)))
    if stop != extent and not knows.at_least(extent, plus(last, 1)):
        raise memory.refuse(
            f"the slice {_said(memory, start, stop)} may go beyond the end of an axis of "
            f"{size_text(extent)}"
        )
    return start, length, step


def _bound(memory: Memory, at: Size | None, extent: Size, usual: Size) -> Size:
    """Return where a slice starts or ends, a negative number counted from the end."""
    knows = memory.knowledge
    if at is None:
        return usual
    if knows.at_least(at):
        return knows.tidy(at)
    if knows.at_least(-1, at):
        if knows.at_least(plus(extent, at)):
            return knows.tidy(plus(extent, at))
        raise memory.refuse(f"a slice begins before the first element, at {size_text(at)}")
    raise memory.refuse(
        f"the bound {size_text(knows.tidy(at))} of a slice may be negative, and then counts "
        "from the end"
    )


def _said(memory: Memory, start: Size, stop: Size) -> str:
    tidy = memory.knowledge.tidy
    return f"{size_text(tidy(start))}:{size_text(tidy(stop))}"

"""A formula with numbers for some of its names, written as short as a person would write it.

``d*(R-1) - pt + (H + pt - d*(R-1) - 1) % u`` is ``R - 1 + (H - R) % u`` at d = 1 and pt = 0.
Operators that have come to change nothing, pad by 0 and dilate by 1, are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from symconv.formula.nodes import Dilate, Node, Pad, Subsample, children, rebuild, with_sizes
from symconv.formula.sizes import (
    Difference,
    Name,
    Product,
    Remainder,
    Size,
    Sum,
    plus,
    substitute,
    times,
)
from symconv.formula.sizes import children as parts
from symconv.formula.sizes import rebuild as remade


def specialised(node: Node, at: Mapping[str, Size]) -> Node:
    """Return ``node`` with numbers, or other names, for names; its value stays the same."""
    inside = [specialised(child, at) for child in children(node)]
    done = with_sizes(rebuild(node, inside), lambda size: specialised_size(size, at))
    match done:
        case Pad(of, amounts) if all(amount == 0 for pair in amounts for amount in pair):
            return of
        case Dilate(of, steps) | Subsample(of, steps) if all(step == 1 for step in steps):
            return of
    return done


def specialised_size(size: Size, at: Mapping[str, Size]) -> Size:
    """Return ``size`` with numbers, or other names, for names, and its numbers added up."""
    if isinstance(size, int | Name):
        return substitute(size, at)
    left, right = (specialised_size(part, at) for part in parts(size))
    match size:
        case Sum():
            return _added(left, right)
        case Difference():
            return _subtracted(left, right)
        case Product():
            return 0 if 0 in (left, right) else times(left, right)
    return substitute(remade(size, (left, right)), {})


def _added(left: Size, right: Size) -> Size:
    """Return left + right, with one number at most, behind: before a remainder alone."""
    if isinstance(right, Remainder):
        return plus(left, right)
    rest, number = _number(left)
    more, other = _number(right)
    return plus(plus(rest, more), number + other)


def _subtracted(left: Size, right: Size) -> Size:
    """Return left - right, without brackets around what is taken away."""
    rest, number = _number(left)
    less, other = _number(right)
    match less:
        case Sum(first, second):
            rest = _subtracted(_subtracted(rest, first), second)
        case Difference(first, second):
            rest = _added(_subtracted(rest, first), second)
        case 0:
            pass
        case _:
            rest = Difference(rest, less)
    return _added(rest, number - other)


def _number(size: Size) -> tuple[Size, int]:
    """Return a size as what is no number, or 0, and a number to be added."""
    match size:
        case int():
            return 0, size
        case Sum(left, int(number)):
            return left, number
        case Difference(left, int(number)):
            return left, -number
    return size, 0

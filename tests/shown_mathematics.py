"""Evaluates mathematics that is shown, as a reader with pencil and paper would: plain loops."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from symconv.mathematics.tree import (
    Application,
    BinarySign,
    Comparison,
    Component,
    FloorRatio,
    Juxtaposition,
    Letter,
    LossGradient,
    Mathematics,
    Negation,
    Node,
    Numeral,
    Operation,
    Over,
    Partial,
    Quantity,
    Ratio,
    RelationSign,
    Series,
    Summation,
    Through,
    children,
    rebuild,
)

Vector = list[int]


@dataclass(frozen=True)
class Place:
    """Where something is evaluated.

    Attributes:
        names: the value of every size and index.
        tensors: the elements of every tensor on one axis, by its name: x, dy, D, D', ...
        base: the first index.
        ranges: the values of each index, for sums that do not say them.
        counted: conditions under which a term of a sum counts; where they do not hold it is not
            read.
        padded: tensors that are 0 outside.
    """

    names: Mapping[str, int]
    tensors: Mapping[str, Vector]
    base: int
    ranges: Mapping[str, range]
    counted: tuple[Mathematics, ...] = ()
    padded: frozenset[str] = frozenset()

    def at(self, **names: int) -> Place:
        """Return the place with more names."""
        return replace(self, names={**self.names, **names})


def value(tree: Mathematics, at: Place) -> Fraction:
    """Return what ``tree`` is there.

    Raises:
        IndexError: a tensor is read outside, or at a fraction.
        TypeError: it has no value.
    """
    match tree:
        case Numeral(number):
            return Fraction(number)
        case Quantity(name):
            return Fraction(at.names[name])
        case Negation(of):
            return -value(of, at)
        case Operation(left, sign, right):
            return _OPERATIONS[sign](value(left, at), value(right, at))
        case Ratio(above, below):
            return value(above, at) / value(below, at)
        case FloorRatio(above, below):
            return Fraction(math.floor(value(above, at) / value(below, at)))
        case Juxtaposition(factors):
            return math.prod((value(factor, at) for factor in factors), start=Fraction(1))
        case Summation(over, body):
            return sum((_term(body, place) for place in _places(over, at)), Fraction(0))
        case Partial(Letter("L"), Component() as below):
            return _element(f"d{called(below.of)}", below, at)
        case Component():
            return _element(called(tree.of), tree, at)
    raise TypeError(f"{type(tree).__name__} has no value")


_OPERATIONS: Mapping[BinarySign, Callable[[Fraction, Fraction], Fraction]] = {
    BinarySign.PLUS: lambda a, b: a + b,
    BinarySign.MINUS: lambda a, b: a - b,
    BinarySign.TIMES: lambda a, b: a * b,
    BinarySign.MODULO: lambda a, b: a - b * math.floor(a / b),
}


def holds(tree: Mathematics, at: Place) -> bool:
    """Whether a comparison is true there."""
    assert isinstance(tree, Comparison)
    values = [value(side, at) for side in tree.sides]
    return all(_RELATIONS[s](a, b) for s, (a, b) in zip(tree.signs, pairwise(values), strict=True))


_RELATIONS: Mapping[RelationSign, Callable[[Fraction, Fraction], bool]] = {
    RelationSign.IS: lambda a, b: a == b,
    RelationSign.AT_MOST: lambda a, b: a <= b,
    RelationSign.DIVIDES: lambda a, b: b % a == 0,
}


def called(tree: Mathematics) -> str:
    """Return the name of a tensor."""
    match tree:
        case Letter(letter, primes):
            return letter + "'" * primes
        case LossGradient(of):
            return f"d{called(of)}"
    raise TypeError(f"{type(tree).__name__} is no tensor")


def _element(tensor: str, of: Component, at: Place) -> Fraction:
    ((entry,),) = (group.entries for group in of.groups)
    index = value(entry, at) - at.base
    if index.denominator != 1:
        raise IndexError(f"{tensor} is read at {index}")
    if 0 <= index < len(at.tensors[tensor]):
        return Fraction(at.tensors[tensor][int(index)])
    if tensor in at.padded:
        return Fraction(0)
    raise IndexError(f"{tensor} is read at {index}, outside")


def _term(body: Mathematics, at: Place) -> Fraction:
    return value(body, at) if all(holds(one, at) for one in at.counted) else Fraction(0)


def _places(over: Sequence[object], at: Place) -> Iterator[Place]:
    match over:
        case []:
            yield at
        case [Over(indices, where), *others]:
            letters = [_letter(index) for index in indices]
            for values in product(*(at.ranges[letter] for letter in letters)):
                place = at.at(**dict(zip(letters, values, strict=True)))
                if where is None or holds(where, place):
                    yield from _places(others, place)
        case [Through(index, first, last), *others]:
            for number in range(int(value(first, at)), int(value(last, at)) + 1):
                yield from _places(others, at.at(**{_letter(index): number}))


def _letter(index: Mathematics) -> str:
    assert isinstance(index, Quantity)
    return index.name


def tensor(tree: Mathematics, at: Place) -> Vector:
    """Return a formula of one-axis tensors by the definitions of its operators.

    Raises:
        IndexError: a filter does not fit.
    """
    if not isinstance(tree, Application):
        return at.tensors[called(tree)]
    options = {word: int(_single(given, at)) for word, given in tree.options}
    match tree.operator, tree.arguments:
        case "rotate", (of,):
            return tensor(of, at)[::-1]
        case "dilate", (of, by):
            step = int(_single(by, at))
            elements = tensor(of, at)
            spread = [0] * ((len(elements) - 1) * step + 1)
            for i, element in enumerate(elements):
                spread[i * step] = element
            return spread
        case "pad", (of, Series((Series((before, behind)),))):
            elements, lo, hi = tensor(of, at), value(before, at), value(behind, at)
            places = (i - int(lo) for i in range(len(elements) + int(lo + hi)))
            return [elements[i] if 0 <= i < len(elements) else 0 for i in places]
        case "correlate", (of, by):
            stride, dilation = options.get("stride", 1), options.get("dilation", 1)
            elements, taps = tensor(of, at), tensor(by, at)
            room = len(elements) - dilation * (len(taps) - 1) - 1
            if room < 0:
                raise IndexError("the filter does not fit")
            return [
                sum(elements[p * stride + r * dilation] * tap for r, tap in enumerate(taps))
                for p in range(room // stride + 1)
            ]
    raise TypeError(f"{tree.operator} is not known here")


def _single(tree: Mathematics, at: Place) -> Fraction:
    assert isinstance(tree, Series)
    (entry,) = tree.entries
    return value(entry, at)


def slips(tree: Node) -> Iterator[Any]:
    """Yield ``tree`` with one slip of the pen: another number, sign or letter at one place."""
    match tree:
        case Numeral(number):
            yield Numeral(number + 1)
        case Quantity(letter) if letter in _SLIPS:
            yield Quantity(_SLIPS[letter])
        case Operation(left, BinarySign.PLUS, right):
            yield Operation(left, BinarySign.MINUS, right)
        case Operation(left, BinarySign.MINUS, right):
            yield Operation(left, BinarySign.PLUS, right)
        case Letter(letter, primes) if primes:
            yield Letter(letter)
    inside = children(tree)
    for k, child in enumerate(inside):
        for changed in slips(child):
            yield rebuild(tree, (*inside[:k], changed, *inside[k + 1 :]))


_SLIPS = {"u": "d", "d": "u", "pt": "pb", "pb": "pt", "H": "R", "R": "P", "P": "R", "p": "r",
          "r": "p", "k": "m", "m": "k"}  # fmt: skip

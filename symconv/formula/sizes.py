"""Integer expressions in sizes: what stands between the brackets of ``pad(dY, ((R-1, R-1), ..))``.

A `Size` is an int or a small frozen tree over named integers.  ``//`` and ``%`` are Python's
(floor division); a divisor that is not positive leaves the expression without a value.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symconv.errors import FormulaError, TooLargeError

LARGEST = 10_000
"""How many bits a size may have: as many as Python still writes out in digits."""

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Name:
    """A named integer: H W R S P Q u v, an index, or one that a claim declares."""

    name: str


@dataclass(frozen=True, slots=True)
class Sum:
    """left + right."""

    left: Size
    right: Size


@dataclass(frozen=True, slots=True)
class Difference:
    """left - right."""

    left: Size
    right: Size


@dataclass(frozen=True, slots=True)
class Product:
    """left * right."""

    left: Size
    right: Size


@dataclass(frozen=True, slots=True)
class Quotient:
    """floor(left / right), for right >= 1."""

    left: Size
    right: Size


@dataclass(frozen=True, slots=True)
class Remainder:
    """left mod right, for right >= 1."""

    left: Size
    right: Size


@dataclass(frozen=True, slots=True)
class Least:
    """min(left, right)."""

    left: Size
    right: Size


@dataclass(frozen=True, slots=True)
class Greatest:
    """max(left, right)."""

    left: Size
    right: Size


Size = int | Name | Sum | Difference | Product | Quotient | Remainder | Least | Greatest


def children(size: Size) -> tuple[Size, ...]:
    """Return the sizes of which ``size`` is made, left and right."""
    match size:
        case int() | Name():
            return ()
        case Sum() | Difference() | Product() | Quotient() | Remainder() | Least() | Greatest():
            return size.left, size.right
        case _:
            raise _unknown(size)


def rebuild(size: Size, children: Iterable[Size]) -> Size:
    """Return ``size`` made of other sizes, as many as its `children`."""
    match size:
        case int() | Name():
            () = children
            return size
        case Sum() | Difference() | Product() | Quotient() | Remainder() | Least() | Greatest():
            left, right = children
            return type(size)(left, right)
        case _:
            raise _unknown(size)


def evaluate(size: Size, at: Mapping[str, int]) -> int:
    """Return the value of ``size`` where the named integers are as ``at`` says.

    Raises:
        FormulaError: a name without a value, or a divisor below 1.
        TooLargeError: a product of more than `LARGEST` bits.
    """
    if isinstance(size, int):
        return size
    if isinstance(size, Name):
        if size.name not in at:
            raise FormulaError(f"{size.name} has no value")
        return at[size.name]
    if type(size) not in _VALUES:
        raise _unknown(size)
    return _VALUES[type(size)](evaluate(size.left, at), evaluate(size.right, at))


def integers(sizes: tuple[Size, ...], at: Mapping[str, int] | None = None) -> tuple[int, ...]:
    """Return the values of ``sizes``, which may be numbers already.

    Raises:
        FormulaError: as `evaluate`.
    """
    return tuple(evaluate(size, at or {}) for size in sizes)


def _unknown(size: object) -> TypeError:
    return TypeError(f"{type(size).__name__} is no size")


def _product(left: int, right: int) -> int:
    product = left * right
    if product.bit_length() > LARGEST:
        raise TooLargeError(f"a size has more than {LARGEST} bits; use smaller numbers")
    return product


def _divisor(value: int) -> int:
    if value < 1:
        raise FormulaError(f"a divisor is {value}; it must be at least 1")
    return value


def names(size: Size) -> frozenset[str]:
    """Return the named integers that occur in ``size``."""
    if isinstance(size, Name):
        return frozenset({size.name})
    return frozenset[str]().union(*map(names, children(size)))


def weight(size: Size) -> int:
    """Return of how many numbers, names and operations ``size`` is made: steps to evaluate it."""
    match size:
        case int() | Name():
            return 1
        case _:
            return 1 + weight(size.left) + weight(size.right)


def substitute(size: Size, at: Mapping[str, Size]) -> Size:
    """Return ``size`` with names replaced as ``at`` says; what has become a number is one.

    A division by a number below 1 stays as it is: it has no value.
    """
    if isinstance(size, Name):
        return at.get(size.name, size)
    whole = rebuild(size, (substitute(child, at) for child in children(size)))
    known = all(isinstance(child, int) for child in children(whole))
    if isinstance(whole, Quotient | Remainder) and known:
        known = evaluate(whole.right, {}) >= 1
    return evaluate(whole, {}) if known else whole


def plus(left: Size, right: Size) -> Size:
    """Return left + right, without a 0."""
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    if left == 0 or right == 0:
        return right if left == 0 else left
    if isinstance(right, int) and right < 0:
        return Difference(left, -right)
    return Sum(left, right)


def minus(left: Size, right: Size) -> Size:
    """Return left - right, without a 0 on the right."""
    if isinstance(left, int) and isinstance(right, int):
        return left - right
    return left if right == 0 else Difference(left, right)


def times(left: Size, right: Size) -> Size:
    """Return left * right, without a 1."""
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    if left == 1 or right == 1:
        return right if left == 1 else left
    return Product(left, right)


def over(left: Size, right: Size) -> Size:
    """Return floor(left / right), without a division by 1."""
    return left if right == 1 else Quotient(left, right)


_VALUES: Mapping[type, Callable[[int, int], int]] = {
    Sum: operator.add,
    Difference: operator.sub,
    Product: _product,
    Quotient: lambda left, right: left // _divisor(right),
    Remainder: lambda left, right: left % _divisor(right),
    Least: min,
    Greatest: max,
}
"""What each kind of size comes to, given the values of both its sides."""

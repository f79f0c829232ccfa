"""A number that nobody may look at: code that finishes on it did not look at its data.

An `Opaque` knows ``+ - *`` and division by numbers, and raises on all else, so that the control
flow of code that it passes through cannot depend on it.  What comes out is a table of terms, which
is then the function that the code computes at these sizes, for every input.
"""

from __future__ import annotations

import math
import numbers
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from types import ModuleType
from typing import Any, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

Coefficient = int | Fraction

_LEAVES = 1 << 20
"""A product of leaves is the number whose digits they are, in this base and in order; 1 is 0."""

_MANY = 1 << 13
"""Sums of more products than this have equal ones added up."""

UNINITIALISED = -1
"""The leaf that stands for memory that nobody wrote to."""


class LookedAtDataError(Exception):
    """Code asked for the value of a number, so that opaque scalars cannot pass through it."""


class Opaque:
    """A polynomial in the leaves, with rational coefficients.

    Most are sums of products that all have one coefficient: the first so many of a list of
    products.  Whoever adds to such a sum lengthens the list, if nobody did so before, so that a
    sum of many products costs one step for each.  All others are dictionaries of coefficients.
    """

    __slots__ = ("_coefficient", "_number", "_products")

    def __init__(self, products: Any, number: int, coefficient: Any) -> None:
        self._products = products
        self._number = number
        self._coefficient = coefficient

    def terms(self) -> dict[int, Coefficient]:
        """Return the products of leaves with their coefficients, none of them 0."""
        if self._coefficient is None:
            return cast("dict[int, Coefficient]", self._products)
        scale = self._coefficient
        return {k: n * scale for k, n in Counter(self._products[: self._number]).items()}

    def __add__(self, other: object) -> Any:
        if other.__class__ is not Opaque:
            number = _number(other)
            if number is None:
                return NotImplemented
            return self if number == 0 else _sum(self.terms(), {0: number})
        few, more, scale = other, self, self._coefficient
        if scale is None or scale != few._coefficient:
            return _sum(self.terms(), few.terms())
        if few._number > more._number:
            few, more = more, few
        products, number, size = more._products, more._number, few._number
        if len(products) != number:  # somebody else went on from here
            products = products[:number]
        if size == 1:
            products.append(few._products[0])
        else:
            products.extend(few._products[:size])
        made = Opaque(products, number + size, scale)
        return made if number + size < _MANY else _of(made.terms())

    __radd__ = __add__

    def __neg__(self) -> Opaque:
        return self._times(-1)

    def __pos__(self) -> Opaque:
        return self

    def __sub__(self, other: object) -> Any:
        if other.__class__ is Opaque:
            return self + (-other)
        number = _number(other)
        return NotImplemented if number is None else self + (-number)

    def __rsub__(self, other: object) -> Any:
        return (-self) + other

    def __mul__(self, other: object) -> Any:
        if other.__class__ is not Opaque:
            number = _number(other)
            return NotImplemented if number is None else self._times(number)
        if self._number == other._number == 1:
            a, b = self._products[0], other._products[0]
            if a < _LEAVES > b:
                product = a * _LEAVES + b if a < b else b * _LEAVES + a
            else:
                product = _product(a, b)
            return Opaque([product], 1, self._coefficient * other._coefficient)
        total: dict[int, Coefficient] = {}
        right = other.terms().items()
        for a, p in self.terms().items():
            for b, q in right:
                product = _product(a, b)
                total[product] = total.get(product, 0) + p * q
        return _of({m: c for m, c in total.items() if c})

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Any:
        if other.__class__ is Opaque:
            raise LookedAtDataError("a division by data")
        number = _number(other)
        if number is None:
            return NotImplemented
        if number == 0:
            raise ZeroDivisionError("division by zero")
        return self._times(1 / Fraction(number))

    def _times(self, number: Coefficient) -> Opaque:
        if number == 0:
            return Opaque([], 0, 1)
        if self._coefficient is None:
            return _of({m: _exact(c * number) for m, c in self._products.items()})
        return Opaque(self._products, self._number, _exact(self._coefficient * number))

    def conjugate(self) -> Opaque:
        """Return the number itself: it is real."""
        return self


def _of(terms: dict[int, Coefficient]) -> Opaque:
    """Return a polynomial by its terms, none of which is 0."""
    coefficients = {*terms.values()}
    if len(coefficients) == 1 and len(terms) < _MANY:
        return Opaque([*terms], len(terms), coefficients.pop())
    return Opaque(terms, -1, None) if terms else Opaque([], 0, 1)


def _sum(left: dict[int, Coefficient], right: dict[int, Coefficient]) -> Opaque:
    total = dict(left)
    for product, coefficient in right.items():
        total[product] = total.get(product, 0) + coefficient
    return _of({m: c for m, c in total.items() if c})


def _product(left: int, right: int) -> int:
    """Return the product of two products: their digits in one order."""
    digits = []
    for number in (left, right):
        while number:
            number, digit = divmod(number, _LEAVES)
            digits.append(digit)
    product = 0
    for digit in sorted(digits):
        product = product * _LEAVES + digit
    return product


def _refusing(what: str) -> Callable[..., NoReturn]:
    def refuse(*_: object) -> NoReturn:
        raise LookedAtDataError(what)

    return refuse


for _what, _names in {
    "a truth value": ("__bool__",),
    "float()": ("__float__", "__complex__"),
    "int()": ("__int__", "__index__", "__round__", "__trunc__", "__floor__", "__ceil__"),
    "a comparison": ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"),
    "abs()": ("__abs__",),
    "a power": ("__pow__", "__rpow__"),
    "a division by data": ("__rtruediv__",),
    "a remainder": ("__mod__", "__rmod__", "__floordiv__", "__rfloordiv__", "__divmod__"),
    "text": ("__repr__", "__str__", "__format__"),
}.items():
    for _name in _names:
        setattr(Opaque, _name, _refusing(_what))


def _number(other: object) -> Coefficient | None:
    """Return a number exactly; what is no number is None."""
    if type(other) is int:
        return other
    if isinstance(other, (bool, numbers.Integral, np.bool_)):
        return int(other)
    if isinstance(other, Fraction):
        return other
    if isinstance(other, (float, np.floating)):
        value = float(other)
        if value != value or value in (float("inf"), float("-inf")):
            raise LookedAtDataError("a number that is not finite")
        near = Fraction(value).limit_denominator(10**6)
        # 1/3 as a float is meant as 1/3: what a mean over the batch multiplies by.
        return _exact(near if abs(float(near) - value) <= 1e-12 * abs(value) else Fraction(value))
    return None


def _exact(number: Coefficient) -> Coefficient:
    return number.numerator if number.denominator == 1 else number


def leaves(shape: tuple[int, ...], first: int) -> NDArray[Any]:
    """Return an array of leaves with the numbers ``first`` and onwards."""
    size = math.prod(shape)
    if first + size + 2 > _LEAVES:
        raise LookedAtDataError("more numbers than are told apart")
    flat = np.empty(size, object)
    flat[:] = [_leaf(first + k) for k in range(size)]
    return flat.reshape(shape).view(OpaqueArray)


def _leaf(number: int) -> Opaque:
    return Opaque([number + 2], 1, 1)


def table(array: object) -> NDArray[np.float64]:
    """Return the terms of an array: rows of element, first leaf, second leaf, coefficient.

    They are in order.  A leaf that is not there is -2, one that nobody wrote to is -1; a term of
    three leaves or more has -3 for both.
    """
    listed: list[Any] = np.asarray(array, object).ravel().tolist()
    products: list[int] = []
    sizes: list[int] = []
    several: list[float] = []
    """The coefficients; those of a polynomial that has one stand once."""
    repeats: list[int] = []
    for value in listed:
        if value.__class__ is not Opaque:
            value = _constant(value)
        number, coefficient = value._number, value._coefficient
        if coefficient is not None:
            products += (
                value._products if len(value._products) == number else (value._products[:number])
            )
            sizes.append(number)
            several.append(float(coefficient))
            repeats.append(number)
        else:
            products += value._products
            sizes.append(len(value._products))
            several += map(float, value._products.values())
            repeats += [1] * len(value._products)
    try:
        codes = np.array(products, np.int64)
    except OverflowError:
        codes = np.array([min(each, _LEAVES**2) for each in products], np.int64)
    elements = np.repeat(np.arange(len(listed)), sizes)
    coefficients = np.repeat(np.array(several, float), repeats)
    order = np.lexsort((codes, elements))
    elements, codes = elements[order], codes[order]
    first = np.ones(len(codes), bool)
    first[1:] = (elements[1:] != elements[:-1]) | (codes[1:] != codes[:-1])
    starts = np.flatnonzero(first)
    added = np.add.reduceat(coefficients[order], starts) if len(starts) else coefficients
    high, low = np.divmod(codes[starts], _LEAVES)
    rows = np.stack(
        [elements[starts], np.where(high, high, low) - 2, np.where(high, low, 0) - 2, added], axis=1
    )
    rows[high >= _LEAVES, 1:3] = -3
    return rows.astype(np.float64)


def _constant(value: object) -> Opaque:
    """Return what is no opaque scalar as one: a number, or memory that nobody wrote to."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, Opaque):
        return value
    number = _number(value)
    if number is None:
        return _leaf(UNINITIALISED)
    return Opaque([0], 1, number) if number else Opaque([], 0, 1)


_ZEROS = ("zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like", "full_like")


class OpaqueNumpy(ModuleType):
    """numpy as code sees it that works on opaque scalars: what it allocates can hold them."""

    def __init__(self) -> None:
        super().__init__("numpy")

    def __getattr__(self, name: str) -> Any:
        return STAND_INS.get(name) or getattr(np, name)


def _allocating(name: str) -> Callable[..., Any]:
    original = getattr(np, name)
    at = 2 if name in ("full", "full_like") else 1  # where the type stands

    def allocate(*given: Any, **named: Any) -> Any:
        asked = named.get("dtype", given[at] if len(given) > at else float)
        if asked is None or np.dtype(asked).kind in "fO":
            named.pop("dtype", None)
            given = given[:at] + given[at + 1 :]
            made = original(*given, dtype=object, **named)
            if name.startswith("empty"):
                made[...] = _leaf(UNINITIALISED)
            return made.view(OpaqueArray)
        return original(*given, **named)

    return allocate


def _typed(name: str) -> Callable[..., Any]:
    original = getattr(np, name)

    def convert(*given: Any, **named: Any) -> Any:
        made = original(*given[:1])
        if made.dtype == object:
            return made.copy() if name == "array" else made
        return original(*given, **named)

    return convert


STAND_INS: dict[str, Callable[..., Any]] = {name: _allocating(name) for name in _ZEROS} | {
    name: _typed(name) for name in ("array", "asarray", "ascontiguousarray", "asanyarray")
}
"""The functions of numpy that make arrays, made to hold opaque scalars."""


class OpaqueArray(np.ndarray[Any, Any]):
    """An array of opaque scalars, which stays one where code asks for another type of float."""

    def astype(self, dtype: Any, *given: Any, **named: Any) -> Any:
        """Return a copy: rounding is looked at by other runs, not by this one."""
        if np.dtype(dtype).kind in "fO":
            return self.copy()
        raise LookedAtDataError(f"astype({np.dtype(dtype).name})")

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        """Return a number where a sum leaves no axis."""
        return array[()] if array.ndim == 0 else array.view(OpaqueArray)


def stand_in(namespace: dict[str, Any]) -> dict[str, Any]:
    """Return what to put into a module's names so that it allocates for opaque scalars."""
    ours: dict[int, Any] = {id(getattr(np, name)): made for name, made in STAND_INS.items()}
    ours[id(np)] = OpaqueNumpy()
    return {name: ours[id(value)] for name, value in namespace.items() if id(value) in ours}

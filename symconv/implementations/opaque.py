"""A number that nobody may look at: code that finishes on it did not look at its data.

An `Opaque` knows ``+ - *`` and division by numbers, and raises on all else, so that the control
flow of code that it passes through cannot depend on it.  What comes out is a table of terms, which
is then the function that the code computes at these sizes, for every input.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterator
from fractions import Fraction
from types import ModuleType
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

Monomial = tuple[int, ...]
Coefficient = int | Fraction

_COLLAPSE = 256
"""Sums of more parts than this are added up, so that no sum is walked through too often."""

UNINITIALISED = -1
"""The leaf that stands for memory that nobody wrote to."""


class LookedAtDataError(Exception):
    """Code asked for the value of a number, so that opaque scalars cannot pass through it."""


class Opaque:
    """A polynomial in the leaves, with rational coefficients; sums are added up when needed."""

    __slots__ = ("_parts", "_terms", "_weight")

    def __init__(self, terms: dict[Monomial, Coefficient] | None, parts: Any = None) -> None:
        self._terms = terms
        self._parts = parts
        self._weight = 1 if parts is None else parts[0]._weight + parts[1]._weight
        if self._weight > _COLLAPSE:
            self.terms()

    def terms(self) -> dict[Monomial, Coefficient]:
        """Return the terms: sorted tuples of leaves with their coefficients, none of them 0."""
        if self._terms is None:
            total: dict[Monomial, Coefficient] = {}
            waiting: list[Opaque] = [self]
            while waiting:
                part = waiting.pop()
                if part._terms is None:
                    waiting.extend(part._parts)
                    continue
                for monomial, coefficient in part._terms.items():
                    total[monomial] = total.get(monomial, 0) + coefficient
            self._terms = {m: c for m, c in total.items() if c}
            self._parts, self._weight = None, 1
        return self._terms

    def __add__(self, other: object) -> Any:
        if type(other) is Opaque:
            return Opaque(None, (self, other))
        number = _number(other)
        if number is None:
            return NotImplemented
        return self if number == 0 else Opaque(None, (self, Opaque({(): number})))

    __radd__ = __add__

    def __neg__(self) -> Opaque:
        return Opaque({m: -c for m, c in self.terms().items()})

    def __pos__(self) -> Opaque:
        return self

    def __sub__(self, other: object) -> Any:
        if type(other) is Opaque:
            return Opaque(None, (self, -other))
        number = _number(other)
        return NotImplemented if number is None else self + (-number)

    def __rsub__(self, other: object) -> Any:
        return (-self) + other

    def __mul__(self, other: object) -> Any:
        if type(other) is Opaque:
            left, right = self.terms(), other.terms()
            if len(left) == len(right) == 1:
                ((a, p),), ((b, q),) = left.items(), right.items()
                return Opaque(
                    {a + b if a <= b else b + a: p * q}
                    if len(a) == len(b) == 1
                    else _product(left, right)
                )
            return Opaque(_product(left, right))
        number = _number(other)
        if number is None:
            return NotImplemented
        return Opaque({m: _exact(c * number) for m, c in self.terms().items()} if number else {})

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Any:
        if type(other) is Opaque:
            raise LookedAtDataError("a division by data")
        number = _number(other)
        if number is None:
            return NotImplemented
        if number == 0:
            raise ZeroDivisionError("division by zero")
        return Opaque({m: _exact(Fraction(c) / Fraction(number)) for m, c in self.terms().items()})

    def conjugate(self) -> Opaque:
        """Return the number itself: it is real."""
        return self


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


def _product(
    left: dict[Monomial, Coefficient], right: dict[Monomial, Coefficient]
) -> dict[Monomial, Coefficient]:
    total: dict[Monomial, Coefficient] = {}
    for a, p in left.items():
        for b, q in right.items():
            monomial = tuple(sorted(a + b))
            total[monomial] = total.get(monomial, 0) + p * q
    return {m: c for m, c in total.items() if c}


def leaves(shape: tuple[int, ...], first: int) -> NDArray[Any]:
    """Return an array of leaves with the numbers ``first`` and onwards."""
    flat = np.empty(math.prod(shape), object)
    for k in range(flat.size):
        flat[k] = Opaque({(first + k,): 1})
    return flat.reshape(shape).view(OpaqueArray)


def table(array: object) -> NDArray[np.float64]:
    """Return the terms of an array: rows of element, first leaf, second leaf, coefficient.

    A leaf that is not there is -2, one that nobody wrote to is -1; a term of three leaves or more
    has -3 for both.
    """
    flat = np.asarray(array, object).reshape(-1)
    return np.array([row for k in range(flat.size) for row in _rows(k, flat[k])]).reshape(-1, 4)


def _rows(k: int, value: object) -> Iterator[tuple[float, float, float, float]]:
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if type(value) is not Opaque:
        number = _number(value)
        if number is None:
            yield k, UNINITIALISED, -2, 1.0
        elif number:
            yield k, -2, -2, float(number)
        return
    for monomial, coefficient in value.terms().items():
        match monomial:
            case ():
                yield k, -2, -2, float(coefficient)
            case (a,):
                yield k, a, -2, float(coefficient)
            case (a, b):
                yield k, a, b, float(coefficient)
            case _:
                yield k, -3, -3, float(coefficient)


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
                made[...] = Opaque({(UNINITIALISED,): 1})
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

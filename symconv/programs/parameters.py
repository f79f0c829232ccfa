"""What a function that is known is given: arrays, shapes, axes and data types."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symconv.formula.sizes import Size
from symconv.programs.arrays import Memory, View
from symconv.programs.indexing import is_integer
from symconv.programs.values import TypeValue, UnknownValue, Value

MISSING = "(missing)"
"""The default of an argument that is needed."""

Parameters = Mapping[str, Value]


def array_of(memory: Memory, value: Value) -> View:
    """Return a value as an array.

    Raises:
        UnreadError: it is none.
    """
    match value:
        case View():
            return value
        case bool():
            pass
        case int() | Fraction():
            return memory.number(value)
        case UnknownValue(why):
            raise memory.refuse(why)
    if is_integer(value):
        raise memory.refuse("a size is multiplied or added into an array")
    raise memory.refuse(f"a {_said(value)} stands where an array is read")


def _said(value: Value) -> str:
    return type(value).__name__.removesuffix("Value").lower()


def shape_of(memory: Memory, value: Value) -> tuple[Size, ...]:
    """Return a value as a shape."""
    if is_integer(value):
        return (value,)
    if isinstance(value, (tuple, list)) and all(map(is_integer, value)):
        return tuple(value)
    raise memory.refuse("a shape is no tuple of integers")


def axes_of(memory: Memory, value: Value, rank: int) -> list[int]:
    """Return a value as axes, each 0 or more."""
    given = [value] if isinstance(value, int) else value
    if not isinstance(given, (tuple, list)) or not all(type(n) is int for n in given):
        raise memory.refuse("an axis is no number that is written")
    if any(not -rank <= n < rank for n in given) or len({n % rank for n in given}) < len(given):
        raise memory.refuse("an axis that the array does not have, or has twice")
    return [n % rank for n in given]


def check_real(memory: Memory, dtype: Value) -> None:
    """Check that a data type holds real numbers.

    Raises:
        UnreadError: it may not.
    """
    match dtype:
        case None:
            return
        case TypeValue() if dtype.is_real:
            return
        case str() if TypeValue(dtype).is_real:
            return
    raise memory.refuse("an array of another data type than float32 or float64")

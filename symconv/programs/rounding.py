"""Functions of integers: quotients that are rounded, the least and the greatest, products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from symconv.formula.sizes import Size, minus, over, times
from symconv.programs.arrays import Memory
from symconv.programs.indexing import is_integer
from symconv.programs.knowledge import SizeComparison
from symconv.programs.parameters import Parameters, shape_of
from symconv.programs.values import RatioValue, Value


def floor(memory: Memory, number: Size, by: Size) -> Size:
    """Return floor(number / by).

    Raises:
        UnreadError: the divisor may be less than 1.
    """
    if not memory.knowledge.at_least(by, 1):
        raise memory.refuse("a divisor is not seen to be at least 1")
    return memory.knowledge.tidy(over(number, by))


def truncated(memory: Memory, a: Parameters) -> Value:
    """Return int(x): of a quotient that is not negative, its floor."""
    value = a["x"]
    if isinstance(value, RatioValue):
        if value.by != 1 and not memory.knowledge.at_least(value.number):
            raise memory.refuse("int(a / b) rounds up where a is negative, which it may be")
        return floor(memory, value.number, value.by)
    if is_integer(value):
        return value
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    raise memory.refuse("int() of something else than a quotient of integers")


def floored(memory: Memory, a: Parameters) -> Value:
    """Return math.floor(x)."""
    value = a["x"]
    if isinstance(value, RatioValue):
        return floor(memory, value.number, value.by)
    if is_integer(value):
        return value
    raise memory.refuse("the floor of something else than a quotient of integers")


def raised(memory: Memory, a: Parameters) -> Value:
    """Return math.ceil(x)."""
    value = a["x"]
    if isinstance(value, RatioValue):
        return minus(0, floor(memory, minus(0, value.number), value.by))
    if is_integer(value):
        return value
    raise memory.refuse("the ceiling of something else than a quotient of integers")


def extreme(memory: Memory, values: Sequence[Value], greatest: bool) -> Value:
    """Return the least or the greatest of integers; which one it is may decide the path."""
    if len(values) == 1 and isinstance(values[0], (tuple, list)):
        values = values[0]
    sizes = [value for value in values if is_integer(value)]
    if not values or len(sizes) < len(values):
        raise memory.refuse("min or max of something else than integers")
    found, *others = sizes
    for other in others:
        difference: Size = minus(found, other) if greatest else minus(other, found)
        opposite = SizeComparison(minus(0, difference))
        if memory.knowledge.holds(opposite) or not memory.knowledge.decided(
            SizeComparison(difference)
        ):
            found = other
    return found


def product(memory: Memory, a: Parameters) -> Value:
    """Return the product of the entries of a shape."""
    total: Size = 1
    for extent in shape_of(memory, a["a"]):
        total = times(total, extent)
    return memory.knowledge.tidy(total)


def quotient_and_rest(memory: Memory, a: Parameters) -> Value:
    """Return divmod(x, y)."""
    number, by = a["x"], a["y"]
    if not is_integer(number) or not is_integer(by):
        raise memory.refuse("divmod of something else than integers")
    whole = floor(memory, number, by)
    return whole, memory.knowledge.tidy(minus(number, times(whole, by)))


def whole(memory: Memory, a: Parameters, rounded: Callable[[Memory, Parameters], Value]) -> Value:
    """np.floor and np.ceil give floats, which only int() makes a size of."""
    return RatioValue(rounded(memory, a), 1)  # type: ignore[arg-type]

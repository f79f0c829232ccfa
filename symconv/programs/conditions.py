"""Tests of a program: decided by the sizes, or conditions on indices of loops."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from symconv.formula.sizes import Size, minus
from symconv.programs.arrays import Memory, View
from symconv.programs.indexing import is_integer
from symconv.programs.knowledge import SizeComparison
from symconv.programs.terms import Within
from symconv.programs.values import ObjectValue, TypeValue, Value

Condition = tuple[Within, ...]
"""What all has to hold."""


def condition(
    memory: Memory, value: Callable[[ast.expr], Value], node: ast.expr, positive: bool = True
) -> bool | Condition:
    """Return whether a test is passed, or not passed, or the conditions on indices for that.

    Args:
        memory: what is known.
        value: gives the values of expressions.
        node: the test.
        positive: whether to pass it is asked for.

    Raises:
        UnreadError: one of several conditions on indices, or a test that is not read.
    """
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return condition(memory, value, operand, not positive)
        case ast.BoolOp(op=op, values=tests):
            every = isinstance(op, ast.And) is positive
            found: list[Condition] = []
            for test in tests:
                each = condition(memory, value, test, positive)
                if isinstance(each, bool):
                    if each is not every:
                        return each
                else:
                    found.append(each)
            if not found:
                return every
            if not every and len(found) > 1:
                raise memory.refuse("one of several conditions on indices of loops")
            return tuple(within for each in found for within in each)
        case ast.Compare(left=left, ops=ops, comparators=others):
            values = [value(left), *(value(other) for other in others)]
            triples = zip(values, ops, values[1:], strict=False)
            return _all(memory, (_compared(memory, *each) for each in triples), positive)
    return _all(memory, [_truth(memory, value(node))], positive)


def _all(
    memory: Memory, parts: Iterator[_Outcome] | list[_Outcome], positive: bool
) -> bool | Condition:
    """Return whether comparisons all hold (or not all), each a truth value or a comparison."""
    left: list[SizeComparison] = []
    for part in parts:
        if isinstance(part, bool):
            if not part:
                return not positive
            continue
        if memory.knowledge.depends_on_index(part.size):
            if memory.knowledge.holds(part):
                continue
            left.append(part)
        elif not memory.knowledge.decided(part):
            return not positive
    if not left:
        return positive
    if not positive and len(left) > 1:
        raise memory.refuse("one of several conditions on indices of loops")
    if not positive:
        left = [left[0].denied()]
    return tuple(Within(c.size, 1 if c.exact else None) for c in left)


_Outcome = bool | SizeComparison


def _compared(memory: Memory, left: Value, op: ast.cmpop, right: Value) -> _Outcome:
    if is_integer(left) and is_integer(right):
        return _of_sizes(memory, left, op, right)
    match op:
        case ast.Is() | ast.IsNot() if left is None or right is None:
            return (left is right) is isinstance(op, ast.Is)
        case ast.Eq() | ast.NotEq():
            return _equal(memory, left, right) is isinstance(op, ast.Eq)
        case ast.In() | ast.NotIn() if isinstance(right, (tuple, list, dict)):
            if isinstance(left, str) and all(isinstance(each, (str, type(None))) for each in right):
                return (left in right) is isinstance(op, ast.In)
    raise memory.refuse(f"the comparison {type(op).__name__} is not read here")


def _equal(memory: Memory, left: Value, right: Value) -> bool:
    """Return whether two values are equal, on the path that is read."""
    if isinstance(left, (tuple, list)) and type(left) is type(right):
        assert isinstance(right, (tuple, list))
        if len(left) != len(right):
            return False
        return all(_equal(memory, *pair) for pair in zip(left, right, strict=True))
    if is_integer(left) and is_integer(right):
        found = SizeComparison(minus(left, right), exact=True)
        return memory.knowledge.decided(found)
    plain = (str, type(None), bool)
    if isinstance(left, plain) and isinstance(right, plain):
        return left == right
    if isinstance(left, str) or isinstance(right, str):
        others = (tuple, list, dict, Size)
        if isinstance(left, others) or isinstance(right, others):
            return False
    raise memory.refuse("two values are compared that are not read")


def _of_sizes(memory: Memory, left: Size, op: ast.cmpop, right: Size) -> _Outcome:
    match op:
        case ast.Lt():
            return SizeComparison(minus(minus(right, left), 1))
        case ast.LtE():
            return SizeComparison(minus(right, left))
        case ast.Gt():
            return SizeComparison(minus(minus(left, right), 1))
        case ast.GtE():
            return SizeComparison(minus(left, right))
        case ast.Eq():
            return SizeComparison(minus(left, right), exact=True)
        case ast.NotEq():
            found = SizeComparison(minus(left, right), exact=True)
            if not memory.knowledge.depends_on_index(found.size):
                return not memory.knowledge.decided(found)
    raise memory.refuse(f"the comparison {type(op).__name__} of indices is not read")


def _truth(memory: Memory, value: Value) -> _Outcome:
    match value:
        case None | bool() | str() | tuple() | list() | dict():
            return bool(value)
        case View():
            raise memory.refuse("the truth value of an array is asked for")
        case ObjectValue() | TypeValue():
            return True
    if is_integer(value):
        if memory.knowledge.depends_on_index(value):
            raise memory.refuse("whether an index is 0 is asked for")
        return not memory.knowledge.decided(SizeComparison(value, exact=True))
    raise memory.refuse("the truth value of something that is not read")

"""ExpressionReader of a program: each node that is listed has a value, any other is refused."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from symconv.formula.sizes import Remainder, Size, minus, plus, times
from symconv.programs import library, operations, rounding
from symconv.programs.arrays import Memory, View
from symconv.programs.conditions import Condition, condition
from symconv.programs.indexing import SliceValue, is_integer, subscript
from symconv.programs.parameters import array_of
from symconv.programs.source import ProgramText
from symconv.programs.values import (
    CarriedValue,
    ClassValue,
    FunctionValue,
    GoneValue,
    LibraryFunction,
    ModuleValue,
    ObjectValue,
    RangeValue,
    RatioValue,
    StrideValue,
    TypeValue,
    UnknownValue,
    Value,
)

_TYPES = {"float", "bool", "str", "complex"}
_BUILTINS = {"range", "len", "int", "min", "max", "divmod", "zip", "enumerate", "isinstance",
             "tuple", "list", "slice", "sum", "reversed", "dict"}  # fmt: skip
_REALS = {"float32", "float64", "double", "single", "float_", "longdouble"}
MOST_ELEMENTS = 64
"""How long a list may be that is written out."""


@dataclass(eq=False, slots=True)
class CallFrame:
    """The names of one call of a function.

    Attributes:
        names: what they hold.
        local: every name that the function binds anywhere.
        owner: the class whose method it is.
    """

    names: dict[str, Value]
    local: frozenset[str] = frozenset()
    owner: ClassValue | None = None


class Runner(Protocol):
    """Whoever executes statements and calls."""

    memory: Memory
    text: ProgramText

    def called(
        self, function: Value, arguments: Sequence[Value], keywords: Mapping[str, Value]
    ) -> Value:
        """Return what a call gives."""

    def member(self, of: ClassValue, name: str) -> Value:
        """Return what a class defines under a name, or None."""

    def module_value(self, name: str) -> Value:
        """Return what a name of the module holds."""


class ExpressionReader:
    """The values of the expressions of a frame."""

    def __init__(self, runner: Runner, frame: CallFrame) -> None:
        self.runner, self.frame = runner, frame
        self.memory = runner.memory

    def value(self, node: ast.expr) -> Value:
        """Return the value of an expression.

        Raises:
            UnreadError: it is not read.
        """
        self.memory.line = node.lineno
        match node:
            case ast.Constant(value=value):
                return self._constant(value)
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(value=of, attr=name):
                return self._attribute(self.value(of), name)
            case ast.Tuple(elts=elements):
                return tuple(self._elements(elements))
            case ast.List(elts=elements):
                return list(self._elements(elements))
            case ast.Dict(keys=keys, values=values):
                return self._dictionary(keys, values)
            case ast.Slice(lower=lower, upper=upper, step=step):
                return SliceValue(self._bound(lower), self._bound(upper), self._bound(step))
            case ast.Subscript(value=of, slice=index):
                return self.subscript(self.value(of), index)
            case ast.UnaryOp(op=op, operand=operand):
                return self._unary(op, operand)
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(op, self.value(left), self.value(right))
            case ast.Compare():
                return self._decided(node)
            case ast.BoolOp(op=op, values=values):
                return self._first(isinstance(op, ast.Or), values)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.value(body if self._decided(test) else orelse)
            case ast.Call(func=function, args=arguments, keywords=keywords):
                return self._call(function, arguments, keywords)
            case ast.ListComp(elt=element, generators=loops):
                return list(self._comprehended(element, loops))
            case ast.GeneratorExp(elt=element, generators=loops):
                return tuple(self._comprehended(element, loops))
            case ast.JoinedStr():
                return UnknownValue("a text is read")
        raise self.memory.refuse(f"{type(node).__name__} is not read")

    def condition(self, node: ast.expr, positive: bool = True) -> bool | Condition:
        """Return whether a test is passed, or what that depends on; see `condition`."""
        return condition(self.memory, self.value, node, positive)

    def _decided(self, node: ast.expr) -> bool:
        found = self.condition(node)
        if not isinstance(found, bool):
            raise self.memory.refuse("what is done depends on an index of a loop")
        return found

    def _first(self, wanted: bool, nodes: Sequence[ast.expr]) -> Value:
        """Return the first value whose truth is ``wanted``, or the last one, as and and or do."""
        for node in nodes[:-1]:
            if self._decided(node) is wanted:
                return self.value(node)
        return self.value(nodes[-1])

    def _constant(self, value: object) -> Value:
        if isinstance(value, float):
            exact = Fraction(value)
            if exact.denominator > 1024 or exact.denominator & (exact.denominator - 1):
                return UnknownValue("a fraction is read that is no binary one")
            return exact
        if value is None or value is Ellipsis or isinstance(value, (bool, int, str)):
            return value
        raise self.memory.refuse(f"a constant of the type {type(value).__name__}")

    # Names and attributes.

    def _name(self, name: str) -> Value:
        frame = self.frame
        if name in frame.names:
            value = frame.names[name]
            if isinstance(value, GoneValue):
                raise self.memory.refuse(f"{name} is read: {value.why}")
            return value
        if name in frame.local:
            raise self.memory.refuse(f"{name} may be read before it is bound")
        if name in self.runner.text.names:
            return self.runner.module_value(name)
        if name in _BUILTINS:
            return LibraryFunction(name)
        if name in _TYPES:
            return TypeValue(name)
        raise self.memory.refuse(f"{name} is not known")

    def _attribute(self, of: Value, name: str) -> Value:
        match of:
            case View():
                return self._array_attribute(of, name)
            case ObjectValue(owner, attributes):
                if name in attributes:
                    value = attributes[name]
                    if isinstance(value, GoneValue):
                        raise self.memory.refuse(f"{name} is read: {value.why}")
                    return value
                if owner is None and name in ("get", "keys", "values", "items"):
                    return LibraryFunction(f"dict.{name}", attributes)
                found = self.runner.member(owner, name) if owner is not None else None
                if isinstance(found, FunctionValue):
                    return self._bound_method(found, of)
                if found is not None:
                    return found
                raise self.memory.refuse(f"an object has no attribute {name} that is known")
            case ClassValue():
                found = self.runner.member(of, name)
                if found is None:
                    raise self.memory.refuse(f"a class has no attribute {name} that is known")
                return found
            case ModuleValue(module):
                return self.of_module(f"{module}.{name}")
            case UnknownValue(_, shape) if name == "shape" and shape is not None:
                return shape
            case UnknownValue() if name in ("astype", "reshape"):
                return LibraryFunction(f"unknown.{name}", of)
            case tuple() | list() | dict() | str() | slice():
                return LibraryFunction(f"{type(of).__name__}.{name}", of)
        raise self.memory.refuse(f"the attribute {name} is not read")

    def _bound_method(self, method: FunctionValue, of: ObjectValue) -> FunctionValue:
        kinds = [d.id for d in method.node.decorator_list if isinstance(d, ast.Name)]
        if "staticmethod" in kinds:
            return method
        return FunctionValue(method.node, method.owner, of)

    def of_module(self, name: str) -> Value:
        """Return what a dotted name of a library means."""
        module, _, last = name.rpartition(".")
        if module == "numpy" and last in _REALS:
            return TypeValue("float64" if last == "float_" else last)
        if module == "numpy" and last in ("newaxis",):
            return None
        if module == "numpy" and last in ("int32", "int64", "uint8", "int_", "bool_", "float16"):
            return TypeValue(last)
        if name in library.FUNCTIONS or name in library.LISTS:
            return LibraryFunction(name)
        if name in ("numpy.lib", "numpy.lib.stride_tricks", "numpy.random"):
            return ModuleValue(name)
        if name in ("numpy.sqrt", "math.sqrt"):
            return LibraryFunction("sqrt")
        raise self.memory.refuse(f"{name} is not read")

    def _array_attribute(self, of: View, name: str) -> Value:
        match name:
            case "shape":
                return of.shape
            case "ndim":
                return of.ndim
            case "dtype":
                return TypeValue("float64")
            case "strides":
                return tuple(StrideValue(of, axis, 1) for axis in range(of.ndim))
            case "size":
                total: Size = 1
                for extent in of.shape:
                    total = times(total, extent)
                return total
            case "T":
                return operations.transposed(self.memory, of, [*range(of.ndim)][::-1])
        return LibraryFunction(f"array.{name}", of)

    # Operators.

    def _unary(self, op: ast.unaryop, operand: ast.expr) -> Value:
        if isinstance(op, ast.Not):
            return not self._decided(operand)
        value = self.value(operand)
        match op, value:
            case ast.UAdd(), View():
                return operations.copied(self.memory, value)
            case ast.USub(), View():
                return operations.scaled(self.memory, value, Fraction(-1))
            case ast.USub(), Fraction():
                return -value
            case ast.USub(), RatioValue(number, by):
                return RatioValue(minus(0, number), by)
            case ast.USub(), _ if is_integer(value):
                return minus(0, value)
        raise self.memory.refuse(f"{type(op).__name__} is not read here")

    def binary(self, op: ast.operator, left: Value, right: Value) -> Value:
        """Return the value of an operator between two values."""
        memory = self.memory
        for unknown, other in ((left, right), (right, left)):
            if isinstance(unknown, UnknownValue) and (
                isinstance(other, (UnknownValue, Fraction, RatioValue)) or is_integer(other)
            ):
                shape = unknown.shape or (other.shape if isinstance(other, UnknownValue) else None)
                return UnknownValue(unknown.why, shape)
        if isinstance(left, CarriedValue) or isinstance(right, CarriedValue):
            return self._carried(op, left, right)
        if is_integer(left) and is_integer(right):
            return self._of_sizes(op, left, right)
        match op:
            case ast.Add() if isinstance(left, tuple) and isinstance(right, tuple):
                return left + right
            case ast.Add() if isinstance(left, list) and isinstance(right, list):
                return left + right
            case ast.Mult() if isinstance(left, (tuple, list)) and type(right) is int:
                if len(left) * right <= MOST_ELEMENTS:
                    return left * right
            case ast.Mult() if isinstance(right, (tuple, list)) and type(left) is int:
                if len(right) * left <= MOST_ELEMENTS:
                    return right * left
        for stride, times_ in ((left, right), (right, left)):
            if isinstance(stride, StrideValue) and isinstance(op, ast.Mult) and is_integer(times_):
                return StrideValue(stride.of, stride.axis, times(stride.factor, times_))
        if isinstance(op, ast.Div) and left == Fraction(1) and is_integer(right):
            left = 1  # 1. / m
            return self._of_sizes(op, left, right)
        if isinstance(left, View) or isinstance(right, View):
            return self._of_arrays(op, left, right)
        if isinstance(left, RatioValue) or isinstance(right, RatioValue):
            return self._of_ratios(op, left, right)
        if isinstance(left, Fraction) and isinstance(right, (Fraction, int)):
            return self._of_numbers(op, left, Fraction(right))
        if isinstance(right, Fraction) and isinstance(left, int):
            return self._of_numbers(op, Fraction(left), right)
        raise memory.refuse(f"{type(op).__name__} is not read here")

    def _of_arrays(self, op: ast.operator, left: Value, right: Value) -> Value:
        memory = self.memory
        match op:
            case ast.Add() | ast.Sub():
                sign = 1 if isinstance(op, ast.Add) else -1
                pair = array_of(memory, left), array_of(memory, right)
                return operations.added(memory, *pair, sign)
            case ast.Mult():
                for one, other in ((left, right), (right, left)):
                    if isinstance(one, (int, Fraction)) and isinstance(other, View):
                        return operations.scaled(memory, other, Fraction(one))
                    match one, other:
                        case RatioValue(int(number), by), View():
                            whole = operations.scaled(memory, other, Fraction(number))
                            return operations.divided(memory, whole, by)
                pair = array_of(memory, left), array_of(memory, right)
                return operations.multiplied(memory, *pair)
            case ast.Div() if isinstance(left, View) and isinstance(right, (int, Fraction)):
                if right:
                    return operations.scaled(memory, left, 1 / Fraction(right))
            case ast.Div() if isinstance(left, View) and is_integer(right):
                return operations.divided(memory, left, right)
            case ast.MatMult():
                return library.matmul(memory, {"a": left, "b": right})
        raise memory.refuse(f"{type(op).__name__} of arrays is not read")

    def _of_numbers(self, op: ast.operator, left: Fraction, right: Fraction) -> Value:
        match op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
        raise self.memory.refuse(f"{type(op).__name__} of fractions is not read")

    def _of_sizes(self, op: ast.operator, left: Size, right: Size) -> Value:
        memory = self.memory
        tidy = memory.knowledge.tidy
        match op:
            case ast.Add():
                return tidy(plus(left, right))
            case ast.Sub():
                return tidy(minus(left, right))
            case ast.Mult():
                return tidy(times(left, right))
            case ast.FloorDiv():
                return rounding.floor(memory, left, right)
            case ast.Mod():
                if memory.knowledge.at_least(right, 1):
                    return Remainder(left, right)
            case ast.Div():
                if memory.knowledge.at_least(right, 1):
                    return RatioValue(left, right)
            case ast.Pow() if type(right) is int and 0 <= right <= 4:
                total: Size = 1
                for _ in range(right):
                    total = times(total, left)
                return tidy(total)
        raise memory.refuse(f"{type(op).__name__} of these integers is not read")

    def _of_ratios(self, op: ast.operator, left: Value, right: Value) -> Value:
        tidy = self.memory.knowledge.tidy
        match op, left, right:
            case ast.Add(), RatioValue(number, by), _ if is_integer(right):
                return RatioValue(tidy(plus(number, times(right, by))), by)
            case ast.Add(), _, RatioValue(number, by) if is_integer(left):
                return RatioValue(tidy(plus(number, times(left, by))), by)
            case ast.Sub(), RatioValue(number, by), _ if is_integer(right):
                return RatioValue(tidy(minus(number, times(right, by))), by)
        raise self.memory.refuse("arithmetic with a quotient that is no integer")

    def _carried(self, op: ast.operator, left: Value, right: Value) -> CarriedValue:
        """Return what a name holds that a round of a loop has added to."""
        memory = self.memory
        sign = -1 if isinstance(op, ast.Sub) else 1
        if isinstance(left, CarriedValue) and isinstance(op, (ast.Add, ast.Sub)):
            carried, other = left, right
        elif isinstance(right, CarriedValue) and isinstance(op, ast.Add):
            carried, other = right, left
        else:
            raise memory.refuse("a value is used that a round of a loop leaves to the next")
        if isinstance(other, CarriedValue) or not isinstance(other, (View, int, Fraction)):
            raise memory.refuse("a value is used that a round of a loop leaves to the next")
        more = memory.under_guards(array_of(memory, other), carried.guards)
        if sign < 0:
            more = operations.scaled(memory, more, Fraction(-1))
        if carried.delta is not None:
            more = operations.added(memory, carried.delta, more)
        return CarriedValue(carried.name, more, carried.guards)

    # Containers.

    def _elements(self, nodes: Sequence[ast.expr]) -> Iterator[Value]:
        for node in nodes:
            if isinstance(node, ast.Starred):
                yield from self.listed(self.value(node.value))
            else:
                yield self.value(node)

    def _dictionary(self, keys: Sequence[ast.expr | None], values: Sequence[ast.expr]) -> Value:
        found: dict[object, Value] = {}
        for key, value in zip(keys, values, strict=True):
            name = None if key is None else self.value(key)
            if not isinstance(name, (str, int)):
                raise self.memory.refuse("a key of a dictionary that is no text")
            found[name] = self.value(value)
        return found

    def listed(self, value: Value) -> list[Value]:
        """Return the elements of something that is gone through one by one."""
        match value:
            case tuple() | list():
                return list(value)
            case RangeValue(int(start), int(stop), int(step)) if step:
                found = range(start, stop, step)
                if len(found) <= MOST_ELEMENTS:
                    return list(found)
            case dict():
                return list(value)
        raise self.memory.refuse("elements are asked of what is no tuple")

    def _bound(self, node: ast.expr | None) -> Size | None:
        value = None if node is None else self.value(node)
        if value is None or is_integer(value):
            return value
        raise self.memory.refuse("a bound of a slice that is no integer")

    def entries(self, node: ast.expr) -> list[Value]:
        """Return what stands between the brackets of an array."""
        value = self.value(node)
        return list(value) if isinstance(value, tuple) else [value]

    def subscript(self, of: Value, node: ast.expr) -> Value:
        """Return an element or a part of a value."""
        if isinstance(of, View):
            entries = self.entries(node)
            found = subscript(self.memory, of, entries)
            if found.ndim:
                return found
            if Ellipsis in entries:
                raise self.memory.refuse("an array without axes")
            return operations.copied(self.memory, found)
        key = self.value(node)
        match of, key:
            case ((tuple() | list()), int()) if not isinstance(key, bool):
                if -len(of) <= key < len(of):
                    return of[key]
                raise self.memory.refuse("an element of a tuple that it does not have")
            case (
                (tuple() | list()),
                SliceValue(int() | None as start, int() | None as stop, int() | None as step),
            ) if step != 0:
                return of[start:stop:step]
            case dict(), str() | int():
                if key in of:
                    return of[key]
                raise self.memory.refuse(f"a dictionary without the key {key!r}")
            case ObjectValue(owner=None), str() if key in of.attributes:
                return of.attributes[key]
        raise self.memory.refuse("a subscript that is not read")

    def _comprehended(
        self, element: ast.expr, loops: Sequence[ast.comprehension]
    ) -> Iterator[Value]:
        if not loops:
            yield self.value(element)
            return
        loop, *others = loops
        if loop.is_async:
            raise self.memory.refuse("an asynchronous loop")
        inner = CallFrame(dict(self.frame.names), self.frame.local, self.frame.owner)
        scope = ExpressionReader(self.runner, inner)
        for value in self.listed(self.value(loop.iter)):
            bind(scope, loop.target, value)
            if all(scope._decided(test) for test in loop.ifs):
                yield from scope._comprehended(element, others)

    # Calls.

    def _call(
        self, function: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword]
    ) -> Value:
        line = function.lineno
        called = self.value(function)
        values = list(self._elements(arguments))
        named: dict[str, Value] = {}
        for each in keywords:
            if each.arg is None:
                raise self.memory.refuse("a call with ** is not read")
            named[each.arg] = self.value(each.value)
        self.memory.line = line
        return self.runner.called(called, values, named)


def bind(scope: ExpressionReader, target: ast.expr, value: Value) -> None:
    """Bind a name, or the names of a tuple, to a value.

    Raises:
        UnreadError: the target is no name, or there are not as many values as names.
    """
    match target:
        case ast.Name(id=name):
            scope.frame.names[name] = value
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            values = scope.listed(value)
            starred = [k for k, each in enumerate(targets) if isinstance(each, ast.Starred)]
            if starred:
                (k,) = starred
                rest = len(values) - len(targets) + 1
                if rest < 0:
                    raise scope.memory.refuse("fewer values than names")
                middle = list(values[k : k + rest])
                values = [*values[:k], middle, *values[k + rest :]]
                targets = [e.value if isinstance(e, ast.Starred) else e for e in targets]
            if len(values) != len(targets):
                raise scope.memory.refuse("not as many values as names")
            for each, one in zip(targets, values, strict=True):
                bind(scope, each, one)
        case _:
            raise scope.memory.refuse("a target that is no name")

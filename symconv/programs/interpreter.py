"""Reads statements in the order in which they run, on values that stand for every size."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from fractions import Fraction
from typing import TypeGuard

from symconv.formula.sizes import Name, Size
from symconv.limits.budget import spend
from symconv.programs import operations
from symconv.programs.arrays import Memory, View
from symconv.programs.calls import FunctionCalls, bound_names
from symconv.programs.expressions import CallFrame, ExpressionReader, bind
from symconv.programs.indexing import is_integer, subscript
from symconv.programs.parameters import array_of
from symconv.programs.refusal import PathRefusedError
from symconv.programs.source import ProgramText
from symconv.programs.terms import Within
from symconv.programs.values import (
    CarriedValue,
    FunctionValue,
    GoneValue,
    ObjectValue,
    RowsValue,
    Value,
)

DEEPEST = 12
"""How many calls may be inside of each other."""


class _ReturnedError(Exception):
    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Interpreter(FunctionCalls):
    """Reads the functions of one module, on one path.

    Attributes:
        text: the module.
        memory: its arrays, and what is known of sizes.
    """

    def __init__(self, text: ProgramText, memory: Memory) -> None:
        super().__init__(text, memory)
        self._depth = 0

    # Calls of the module's own functions.

    def run(
        self, function: FunctionValue, arguments: Sequence[Value], keywords: Mapping[str, Value]
    ) -> Value:
        """Return what a function of the module returns.

        Raises:
            UnreadError: something in it is not read.
            PathRefusedError: it raises on this path.
        """
        if self._depth == DEEPEST:
            raise self.memory.refuse("calls inside of calls inside of calls")
        frame = self._frame(function, arguments, keywords)
        before = self.memory.line, len(self.memory.loops), len(self.memory.guards)
        self._depth += 1
        try:
            _Block(self, frame, before[1:]).run(function.node.body)
        except _ReturnedError as signal:
            return signal.value
        finally:
            self._depth -= 1
            self.memory.line = before[0]
        return None


class _Block:
    """The statements of one call."""

    def __init__(self, runner: Interpreter, frame: CallFrame, entry: tuple[int, ...]) -> None:
        self.runner, self.frame, self.memory = runner, frame, runner.memory
        self.scope = ExpressionReader(runner, frame)
        self.entry = entry

    def run(self, body: Sequence[ast.stmt], rounds: bool = False) -> None:
        """Read statements in order; ``rounds``: they are the body of a loop."""
        for place, statement in enumerate(body):
            spend(20)
            self.memory.line = statement.lineno
            skipped = self._skipped(statement) if rounds else None
            if skipped is not None:  # the rest of the body is reached where the test fails
                found = self.scope.condition(skipped, positive=False)
                if found is False:
                    return
                if found is not True:
                    self._guarded(body[place + 1 :], found, rounds)
                    return
                continue
            self._statement(statement)

    def _skipped(self, statement: ast.stmt) -> ast.expr | None:
        """Return the test of ``if test: continue``."""
        match statement:
            case ast.If(test=test, body=[ast.Continue()], orelse=[]):
                return test
        return None

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Pass():
                pass
            case ast.Expr(value=value):
                self._expression(value)
            case ast.Assign(targets=targets, value=value):
                found = self.scope.value(value)
                for target in targets:
                    self._assign(target, found)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self._assign(target, self.scope.value(value))
            case ast.AugAssign(target=target, op=op, value=value):
                self._add(target, op, value)
            case ast.For(target=target, iter=iterated, body=body, orelse=[]):
                self._for(target, self.scope.value(iterated), body)
            case ast.If(test=test, body=body, orelse=orelse):
                self._if(test, body, orelse)
            case ast.Return(value=value):
                self._check_plain("a return")
                raise _ReturnedError(None if value is None else self.scope.value(value))
            case ast.Raise():
                self._check_plain("an error")
                raise PathRefusedError
            case ast.Assert(test=test):
                self._assert(test)
            case _:
                raise self.memory.refuse(f"a statement {type(node).__name__} is not read")

    def _check_plain(self, what: str) -> None:
        if (len(self.memory.loops), len(self.memory.guards)) != self.entry:
            raise self.memory.refuse(f"{what} inside of a loop, or under a condition on its index")

    def _expression(self, node: ast.expr) -> None:
        match node:
            case ast.Constant():
                return
            case ast.Call(func=ast.Name(id="print")) if "print" not in self.runner.text.names:
                inside = list(ast.walk(node))
                if sum(isinstance(each, ast.Call) for each in inside) == 1 and not any(
                    isinstance(each, (ast.NamedExpr, ast.Await, ast.Yield)) for each in inside
                ):
                    return
            case ast.Call(
                func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=[]), attr=name),
                args=[],
                keywords=[],
            ) if name == "__init__" and self.frame.owner is not None and not self.frame.owner.bases:
                return
        self.scope.value(node)

    # Assignments.

    def _assign(self, target: ast.expr, value: Value) -> None:
        memory = self.memory
        match target:
            case ast.Name(id=name):
                if isinstance(value, CarriedValue) and value.name != name:
                    raise memory.refuse("a value is used that a round of a loop leaves to the next")
                self.frame.names[name] = value
            case ast.Tuple() | ast.List():
                starred = [e for e in target.elts if isinstance(e, ast.Starred)]
                plain = all(isinstance(each, ast.Name) for each in target.elts)
                if starred or plain:
                    bind(self.scope, target, value)
                    return
                values = self.scope.listed(value)
                if len(values) != len(target.elts):
                    raise memory.refuse("not as many values as targets")
                for each, one in zip(target.elts, values, strict=True):
                    self._assign(each, one)
            case ast.Attribute(value=of, attr=name):
                owner = self.scope.value(of)
                self._check_unrepeated("an attribute")
                if not isinstance(owner, ObjectValue):
                    raise memory.refuse(f"the attribute {name} of something else than an object")
                owner.attributes[name] = value
            case ast.Subscript(value=of, slice=index):
                self._put(self.scope.value(of), index, value)
            case _:
                raise memory.refuse("a target of an assignment that is not read")

    def _check_unrepeated(self, what: str) -> None:
        if self.memory.loops or self.memory.guards:
            raise self.memory.refuse(f"{what} is bound inside of a loop, or under a condition")

    def _put(self, of: Value, index: ast.expr, value: Value) -> None:
        memory = self.memory
        if isinstance(of, View):
            part = subscript(memory, of, self.scope.entries(index))
            array = array_of(memory, value)
            memory.assign(part, operations.fitted(memory, part, array))
            return
        self._check_unrepeated("an entry of a dictionary")
        key = self.scope.value(index)
        match of, key:
            case dict(), str() | int():
                of[key] = value
            case ObjectValue(owner=None, attributes=found), str():
                found[key] = value
            case list(), int() if not isinstance(key, bool) and -len(of) <= key < len(of):
                of[key] = value
            case _:
                raise memory.refuse("an entry is put into something that is not read")

    def _add(self, target: ast.expr, op: ast.operator, node: ast.expr) -> None:
        """Read ``target op= value``: in place for arrays, else a new value for the name."""
        memory = self.memory
        before = self._before(target)
        value = self.scope.value(node)
        memory.line = target.lineno
        if not isinstance(before, View) or (
            not before.ndim and not isinstance(target, ast.Subscript)
        ):
            if isinstance(before, list):
                raise memory.refuse("a list is added to in place")
            self._assign(target, self.scope.binary(op, before, value))
            return
        match op:
            case ast.Add() | ast.Sub():
                array = operations.fitted(memory, before, array_of(memory, value))
                memory.add(before, array, 1 if isinstance(op, ast.Add) else -1)
            case ast.Mult() | ast.Div() if isinstance(value, (int, Fraction)) and value:
                factor = Fraction(value) if isinstance(op, ast.Mult) else 1 / Fraction(value)
                memory.assign(before, operations.copied(memory, before), factor)
            case ast.Div() if is_integer(value):
                memory.assign(before, operations.divided(memory, before, value))
            case _:
                raise memory.refuse(f"an array is changed by {type(op).__name__}= in place")

    def _before(self, target: ast.expr) -> Value:
        """Return what is to be changed in place: of an array the part of it, not a copy."""
        if isinstance(target, ast.Subscript):
            of = self.scope.value(target.value)
            if isinstance(of, View):
                return subscript(self.memory, of, self.scope.entries(target.slice))
            return self.scope.subscript(of, target.slice)
        return self.scope.value(target)

    # Branches.

    def _if(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
        found = self.scope.condition(test)
        if isinstance(found, bool):
            self.run(body if found else orelse)
            return
        other = self.scope.condition(test, positive=False) if orelse else True
        assert not isinstance(other, bool) or not orelse
        self._guarded(body, found)
        if orelse:
            self._guarded(orelse, other)  # type: ignore[arg-type]

    def _guarded(
        self, body: Sequence[ast.stmt], conditions: Sequence[Within], rounds: bool = False
    ) -> None:
        """Read what is done under conditions on indices of loops."""
        names = self.frame.names
        before = {name: names.get(name) for name in bound_names(body)}
        with self.memory.guarded(tuple(conditions)):
            guards = len(self.memory.guards) - len(conditions)
            self.run(body, rounds)
            after = {name: self._merged(before[name], names.get(name), guards) for name in before}
        for name, value in after.items():
            if value is None and name not in names:
                continue
            names[name] = value

    def _merged(self, before: Value, after: Value, guards: int) -> Value:
        """Return what a name holds after a body that is reached under a condition."""
        memory = self.memory
        if after is before or isinstance(after, CarriedValue):
            return after
        if isinstance(before, (View, int, Fraction)) and isinstance(after, (View, int, Fraction)):
            old, new = array_of(memory, before), array_of(memory, after)
            if not old.ndim and not new.ndim:
                more = operations.added(memory, new, old, -1)
                return operations.added(memory, old, memory.under_guards(more, guards))
        return GoneValue("it is bound under a condition on an index of a loop")

    def _assert(self, test: ast.expr) -> None:
        found = self.scope.condition(test)
        if found is False:
            self._check_plain("an assertion that fails")
            raise PathRefusedError
        if found is not True:
            raise self.memory.refuse("an assertion about an index of a loop")

    # Loops.

    def _for(self, target: ast.expr, iterated: Value, body: list[ast.stmt]) -> None:
        rows = self.runner.rows(iterated)
        if rows is not None:
            self._rounds(target, rows, body)
            return
        self._check_unbroken(body)
        for value in self.scope.listed(iterated):
            bind(self.scope, target, value)
            self.run(body)

    def _check_unbroken(self, body: list[ast.stmt]) -> None:
        for each in body:
            for node in ast.walk(each):
                if isinstance(node, (ast.Break, ast.Continue)):
                    self.memory.line = node.lineno
                    raise self.memory.refuse("break and continue in a loop that is written out")

    def _rounds(self, target: ast.expr, rows: RowsValue, body: list[ast.stmt]) -> None:
        """Read a loop once, for any round."""
        memory, names = self.memory, self.frame.names
        targets = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
        bound = bound_names(body) - targets
        kept = {n for n in bound if _is_array(names.get(n)) and _only_in_place(n, body)}
        carried = [name for name in bound if name in names and name not in kept]
        before = {name: names[name] for name in carried}
        for name in carried:
            names[name] = CarriedValue(name, None, len(memory.guards))
        stem = target.id if isinstance(target, ast.Name) else "n"
        with ExitStack() as stack:
            open_ = [(stack.enter_context(memory.looping(stem, n)), n) for n in rows.extents]
            bind(self.scope, target, rows.item([Name(index) for index, _ in open_]))
            self.run(body, rounds=True)
        gone = GoneValue("it is bound in a loop that has ended")
        after = {name: names.get(name, gone) for name in bound}
        for name in (*bound, *targets):
            if name not in kept:
                names[name] = gone
        for name in carried:
            held = after[name]
            if isinstance(held, CarriedValue) and held.name == name:
                names[name] = self._carried(before[name], held, open_)

    def _carried(
        self, before: Value, held: CarriedValue, loops: Sequence[tuple[str, Size]]
    ) -> Value:
        """Return what a name holds after a loop whose every round has added to it."""
        if held.delta is None:
            return before
        memory = self.memory
        summed = held.delta
        for index, extent in reversed(loops):
            summed = memory.over_rounds(summed, index, extent)
        if not isinstance(before, (View, int, Fraction, CarriedValue)):
            raise memory.refuse("something is added up that starts as no number")
        return self.scope.binary(ast.Add(), before, summed)


def _is_array(value: Value) -> TypeGuard[View]:
    return isinstance(value, View) and value.ndim > 0


def _only_in_place(name: str, body: Sequence[ast.stmt]) -> bool:
    """Whether statements bind a name by ``name += ..`` alone, or not at all."""
    in_place = {
        id(node.target)
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.AugAssign)
    }
    return all(
        id(node) in in_place
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
    )

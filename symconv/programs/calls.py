"""Calls: functions and classes of the module are read where they are called, others are listed."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from symconv.formula.sizes import Size, minus, over, plus, times
from symconv.programs import library, operations
from symconv.programs.arrays import Memory, View
from symconv.programs.expressions import CallFrame, ExpressionReader
from symconv.programs.indexing import SliceValue, is_integer, subscript
from symconv.programs.parameters import MISSING, array_of, check_real, shape_of
from symconv.programs.refusal import UnreadError
from symconv.programs.reshaping import reshaped, shared
from symconv.programs.source import ProgramText
from symconv.programs.values import (
    ClassValue,
    FunctionValue,
    LibraryFunction,
    ModuleValue,
    ObjectValue,
    RangeValue,
    RowsValue,
    TypeValue,
    UnknownValue,
    Value,
)

_PLAIN = (int, str, type(None), tuple)

_CONSTANT_NODES = (ast.Constant, ast.Tuple, ast.UnaryOp, ast.unaryop, ast.expr_context)
"""What the value of a name in a class is made of."""

UNROLLED = 8
"""How many rounds of a loop are read one by one, where their number is written."""


class FunctionCalls:
    """The functions and classes of one module, and those of libraries.

    Attributes:
        text: the module.
        memory: its arrays, and what is known of sizes.
    """

    def __init__(self, text: ProgramText, memory: Memory) -> None:
        self.text, self.memory = text, memory
        self._scope = ExpressionReader(self, CallFrame({}))

    def run(
        self, function: FunctionValue, arguments: Sequence[Value], keywords: Mapping[str, Value]
    ) -> Value:
        """Return what a function of the module returns."""
        raise NotImplementedError

    def called(
        self, function: Value, arguments: Sequence[Value], keywords: Mapping[str, Value]
    ) -> Value:
        """Return what a call gives.

        Raises:
            UnreadError: it is not read.
        """
        match function:
            case FunctionValue():
                return self.run(function, arguments, keywords)
            case ClassValue():
                return self._object(function, arguments, keywords)
            case ObjectValue(owner=ClassValue() as owner):
                method = self.member(owner, "__call__")
                if isinstance(method, FunctionValue):
                    bound = FunctionValue(method.node, method.owner, function)
                    return self.run(bound, arguments, keywords)
            case LibraryFunction():
                return self._library(function, arguments, keywords)
            case TypeValue() if function.is_real and len(arguments) == 1 and not keywords:
                if isinstance(arguments[0], UnknownValue):
                    return arguments[0]
                found = array_of(self.memory, arguments[0])
                if not found.ndim:
                    return found
        raise self.memory.refuse("a call of something that is not known")

    def _object(
        self, owner: ClassValue, arguments: Sequence[Value], keywords: Mapping[str, Value]
    ) -> ObjectValue:
        made = ObjectValue(owner)
        start = self.member(owner, "__init__")
        if isinstance(start, FunctionValue):
            self.run(FunctionValue(start.node, start.owner, made), arguments, keywords)
        elif arguments or keywords:
            raise self.memory.refuse("an object is made with arguments that nothing takes")
        return made

    def rows(self, value: Value) -> RowsValue | None:
        """Return what a loop goes through, or None where its elements are written one by one.

        Raises:
            UnreadError: it is not read.
        """
        match value:
            case RowsValue():
                return value
            case RangeValue(int(start), int(stop), int(step)) if (
                step and len(range(start, stop, step)) <= UNROLLED
            ):
                return None
            case RangeValue(start, stop, step):
                return self._range(start, stop, step)
            case View() if value.ndim:
                return self._rows_of(value)
        return None

    def _rows_of(self, of: View) -> RowsValue:
        def row(at: Sequence[Size]) -> Value:
            found = subscript(self.memory, of, [*at])
            return found if found.ndim else operations.copied(self.memory, found)

        return RowsValue((of.shape[0],), row)

    def _range(self, start: Size, stop: Size, step: Size) -> RowsValue:
        tidy = self.memory.knowledge.tidy
        if step == -1:
            return RowsValue((tidy(minus(start, stop)),), lambda at: tidy(minus(start, at[0])))
        if not self.memory.knowledge.at_least(step, 1):
            raise self.memory.refuse("a range with a step that is not seen to be at least 1")
        extent = minus(stop, start)
        if step != 1:
            extent = plus(over(minus(extent, 1), step), 1)
        return RowsValue((tidy(extent),), lambda at: tidy(plus(start, times(at[0], step))))

    def _zipped(self, several: Sequence[Value]) -> Value:
        """Return what zip gives: a tuple, or rows where one has a length that is not written."""
        found = [self.rows(each) for each in several]
        if not any(found):
            lists = [self._scope.listed(each) for each in several]
            return tuple(zip(*lists, strict=False))
        rows = [each for each in found if each is not None and len(each.extents) == 1]
        if len(rows) < len(several):
            raise self.memory.refuse("zip of what has a length that is not written")
        for each in rows[1:]:
            operations.check_same(self.memory, rows[0].extents[0], each.extents[0])
        return RowsValue(rows[0].extents, lambda at: tuple(each.item(at) for each in rows))

    def _enumerated(self, value: Value) -> Value:
        rows = self.rows(value)
        if rows is None:
            return tuple(enumerate(self._scope.listed(value)))
        if len(rows.extents) > 1:
            raise self.memory.refuse("enumerate of nested indices")
        return RowsValue(rows.extents, lambda at: (at[0], rows.item(at)))

    # Names of the module and of its classes.

    def module_value(self, name: str) -> Value:
        """Return what a name of the module holds.

        Raises:
            UnreadError: it is bound twice, or to something that is not read.
        """
        if name in self.text.ambiguous:
            raise self.memory.refuse(f"{name} is bound more than once in the module")
        node = self.text.names[name]
        match node:
            case ast.FunctionDef():
                return FunctionValue(node)
            case ast.ClassDef():
                return self._class(node)
            case ast.Import(names=names):
                (alias,) = (a for a in names if (a.asname or a.name.partition(".")[0]) == name)
                root = alias.name if alias.asname else alias.name.partition(".")[0]
                if root.partition(".")[0] in ("numpy", "math"):
                    return ModuleValue(root)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                (alias,) = (a for a in names if (a.asname or a.name) == name)
                if module.partition(".")[0] in ("numpy", "math"):
                    return self._scope.of_module(f"{module}.{alias.name}")
            case ast.expr():
                value = self._scope.value(node)
                if isinstance(value, _PLAIN) or is_integer(value):
                    return value
        raise self.memory.refuse(f"{name} is bound to something that is not read")

    def _class(self, node: ast.ClassDef) -> ClassValue:
        if node.keywords or node.decorator_list:
            raise self.memory.refuse(f"the class {node.name} is made in another way")
        bases = []
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id == "object" not in self.text.names:
                continue
            found = self._scope.value(base)
            if not isinstance(found, ClassValue):
                raise self.memory.refuse(
                    f"the class {node.name} inherits from one that is not read"
                )
            bases.append(found)
        for statement in node.body:
            self._check_plain(node.name, statement)
        return ClassValue(node, tuple(bases))

    def _check_plain(self, owner: str, statement: ast.stmt) -> None:
        """Raise where a class gives a name that is more than a method or a constant.

        A property, or another descriptor, decides what is read and written under its name.
        """
        match statement:
            case ast.FunctionDef(decorator_list=[]):
                return
            case ast.FunctionDef(decorator_list=[ast.Name(id="staticmethod" as decorator)]):
                if decorator not in self.text.names:
                    return
            case ast.Assign(value=value) | ast.AnnAssign(value=value) if value is not None:
                if all(isinstance(each, _CONSTANT_NODES) for each in ast.walk(value)):
                    return
            case ast.ClassDef() | ast.AnnAssign() | ast.Expr(value=ast.Constant()) | ast.Pass():
                return
        raise UnreadError(
            f"the class {owner} gives a name that is no method and no constant", statement.lineno
        )

    def member(self, of: ClassValue, name: str) -> Value:
        """Return what a class, or one that it inherits from, defines under a name, or None."""
        found: list[Value] = []
        for statement in of.node.body:
            match statement:
                case ast.FunctionDef(name=defined) if defined == name:
                    found.append(FunctionValue(statement, of))
                case ast.ClassDef(name=defined) if defined == name:
                    found.append(self._class(statement))
                case ast.Assign(targets=[ast.Name(id=defined)], value=value) if defined == name:
                    held = self._scope.value(value)
                    if not isinstance(held, _PLAIN) and not is_integer(held):
                        raise self.memory.refuse(f"{name} is shared by all objects of a class")
                    found.append(held)
                case (
                    ast.FunctionDef()
                    | ast.ClassDef()
                    | ast.Assign(targets=[ast.Name()])
                    | ast.AnnAssign(target=ast.Name())
                    | ast.Expr(value=ast.Constant())
                    | ast.Pass()
                ):
                    pass
                case _:
                    raise self.memory.refuse(
                        f"the class {of.node.name} has a body that is not read"
                    )
        if len(found) > 1:
            raise self.memory.refuse(f"{name} is bound more than once in {of.node.name}")
        if found:
            return found[0]
        for base in of.bases:
            inherited = self.member(base, name)
            if inherited is not None:
                return inherited
        return None

    # Arguments.

    def _frame(
        self, function: FunctionValue, arguments: Sequence[Value], keywords: Mapping[str, Value]
    ) -> CallFrame:
        """Return the names that a function starts with."""
        node, memory = function.node, self.memory
        for decorator in node.decorator_list:
            if not (isinstance(decorator, ast.Name) and decorator.id == "staticmethod"):
                raise UnreadError(f"{node.name} is decorated", node.lineno)
        if any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in ast.walk(node)):
            raise UnreadError(f"{node.name} is a generator", node.lineno)
        values = [*arguments] if function.bound is None else [function.bound, *arguments]
        given = node.args
        positional = [*given.posonlyargs, *given.args]
        names = [each.arg for each in positional]
        frame: dict[str, Value] = dict(zip(names, values, strict=False))
        if len(values) > len(names) and given.vararg is None:
            raise memory.refuse(f"{node.name} is given too many arguments")
        if given.vararg is not None:
            frame[given.vararg.arg] = tuple(values[len(names) :])
        more: dict[str, Value] = {}
        takes = {*names[len(given.posonlyargs) :], *(each.arg for each in given.kwonlyargs)}
        for name, value in keywords.items():
            if name in frame or (name not in takes and given.kwarg is None):
                raise memory.refuse(f"{node.name} is given an argument that it does not take")
            (frame if name in takes else more)[name] = value
        if given.kwarg is not None:
            frame[given.kwarg.arg] = more
        defaults = dict(zip(names[len(names) - len(given.defaults) :], given.defaults, strict=True))
        for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            if default is not None:
                defaults[each.arg] = default
        for name in (*names, *(each.arg for each in given.kwonlyargs)):
            if name in frame:
                continue
            if name not in defaults:
                raise memory.refuse(f"{node.name} is called without its argument {name}")
            value = self._scope.value(defaults[name])
            if isinstance(value, (dict, list)):
                raise memory.refuse(f"the default of {name} may be changed from call to call")
            frame[name] = value
        local = {*frame, *bound_names(node.body)}
        return CallFrame(frame, frozenset(local), function.owner)

    # Libraries.

    def _library(
        self, function: LibraryFunction, arguments: Sequence[Value], keywords: Mapping[str, Value]
    ) -> Value:
        name, of = function.name, function.of
        if of is None:
            if name in library.LISTS:
                return library.LISTS[name](self.memory, arguments, keywords)
            if name in library.FUNCTIONS:
                return self._listed(name, arguments, keywords)
            return self._builtin(name, arguments, keywords)
        if isinstance(of, View):
            return self._array_method(name.partition(".")[2], of, arguments, keywords)
        if isinstance(of, UnknownValue):
            return of
        if not keywords:
            return self._method(name, of, arguments)
        raise self.memory.refuse(f"{name} is not read")

    def _listed(
        self, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]
    ) -> Value:
        taken, function = library.FUNCTIONS[name]
        names = list(taken)
        bound = dict(zip(names, arguments, strict=False))
        unknown = keywords.keys() - taken.keys()
        if len(arguments) > len(names) or unknown or keywords.keys() & bound.keys():
            raise self.memory.refuse(f"{name} is given arguments that are not read")
        whole = {**taken, **bound, **keywords}
        if MISSING in [v for v in whole.values() if isinstance(v, str)]:
            raise self.memory.refuse(f"{name} is given too few arguments")
        return function(self.memory, whole)

    def _array_method(
        self, name: str, of: View, arguments: Sequence[Value], keywords: Mapping[str, Value]
    ) -> Value:
        memory = self.memory
        if name in library.METHODS:
            return self._listed(library.METHODS[name], [of, *arguments], keywords)
        flat = arguments[0] if len(arguments) == 1 else tuple(arguments)
        match name:
            case "reshape" if arguments and not keywords:
                return reshaped(memory, of, shape_of(memory, flat))
            case "transpose" if not keywords:
                return library.transpose(memory, {"a": of, "axes": flat if arguments else None})
            case "astype" if len(arguments) == 1 and not keywords.keys() - {"copy"}:
                check_real(memory, arguments[0])
                return shared(of) if keywords else operations.copied(memory, of)
        raise memory.refuse(f"the method {name} of an array is not read")

    def _method(self, name: str, of: Value, arguments: Sequence[Value]) -> Value:
        match name, of, arguments:
            case "list.append", list(), [value] if not (self.memory.loops or self.memory.guards):
                of.append(value)
                return None
            case "dict.get", dict(), [str() | int() as key]:
                return of.get(key)
            case "dict.get", dict(), [str() | int() as key, other]:
                return of.get(key, other)
            case "dict.keys", dict(), []:
                return tuple(of)
            case "dict.values", dict(), []:
                return tuple(of.values())
            case "dict.items", dict(), []:
                return tuple(of.items())
            case "str.lower", str(), []:
                return of.lower()
            case "str.upper", str(), []:
                return of.upper()
        raise self.memory.refuse(f"{name} is not read")

    def _builtin(
        self, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]
    ) -> Value:
        memory, scope = self.memory, self._scope
        if name == "zip" and keywords.keys() == {"strict"}:
            if len({len(scope.listed(e)) for e in arguments if self.rows(e) is None}) > 1:
                raise memory.refuse("zip is given tuples of different lengths")
        elif name == "dict" and not arguments:
            return dict(keywords)
        elif keywords:
            raise memory.refuse(f"{name} is given arguments that are not read")
        match name, arguments:
            case "range", [*bounds] if 1 <= len(bounds) <= 3 and all(map(is_integer, bounds)):
                start, stop = (0, bounds[0]) if len(bounds) == 1 else bounds[:2]
                step = bounds[2] if len(bounds) == 3 else 1
                return RangeValue(start, stop, step)  # type: ignore[arg-type]
            case "slice", [*bounds] if 1 <= len(bounds) <= 3:
                if all(each is None or is_integer(each) for each in bounds):
                    start, stop = (None, bounds[0]) if len(bounds) == 1 else bounds[:2]
                    return SliceValue(start, stop, bounds[2] if len(bounds) == 3 else None)  # type: ignore[arg-type]
            case "zip", [*several]:
                return self._zipped(several)
            case "enumerate", [one]:
                return self._enumerated(one)
            case "reversed", [one]:
                return tuple(reversed(scope.listed(one)))
            case "tuple", [one]:
                return tuple(scope.listed(one))
            case "list", [one]:
                return list(scope.listed(one))
            case "tuple", []:
                return ()
            case "sqrt", [_]:
                return UnknownValue("a square root is read")
            case "isinstance", [value, kinds]:
                every = kinds if isinstance(kinds, tuple) else (kinds,)
                found = {self._is_instance(value, kind) for kind in every}
                return True in found
            case "sum", [one]:
                total: Value = 0
                for each in scope.listed(one):
                    total = scope.binary(ast.Add(), total, each)
                return total
        raise memory.refuse(f"{name} is not read here")

    def _is_instance(self, value: Value, kind: Value) -> bool:
        match kind:
            case LibraryFunction("int", None):
                if is_integer(value) or isinstance(value, bool):
                    return True
            case LibraryFunction("tuple", None):
                if isinstance(value, tuple):
                    return True
            case LibraryFunction("list", None):
                if isinstance(value, list):
                    return True
            case LibraryFunction("dict", None):
                if isinstance(value, dict):
                    return True
            case TypeValue("str"):
                if isinstance(value, str):
                    return True
            case TypeValue("float"):
                pass
            case _:
                raise self.memory.refuse("isinstance of a type that is not known")
        if isinstance(value, (tuple, list, dict, str, bool)) or is_integer(value) or value is None:
            return False
        raise self.memory.refuse("isinstance of a value that is not read")


def bound_names(body: Sequence[ast.stmt]) -> set[str]:
    """Return every name that statements bind."""
    return {
        node.id
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del))
    }

"""The text of a program: what its names mean, and that nothing in it changes that by stealth."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from symconv.programs.refusal import UnreadError

_STEALTH = frozenset({
    "exec", "eval", "compile", "globals", "locals", "vars", "setattr", "delattr", "importlib",
    "builtins", "ctypes", "__import__", "__builtins__", "__dict__", "__class__", "__code__",
    "__globals__", "__setattr__", "__getattr__", "__getattribute__", "__array_function__",
    "__array_ufunc__",
})  # fmt: skip
"""Names by which a program may change what another name means."""

_PLAIN = frozenset({"__init__", "__call__", "__repr__", "__str__", "__len__"})
"""The special methods that no operator or attribute calls."""


@dataclass(frozen=True, eq=False)
class ProgramText:
    """The syntax of one module.

    Attributes:
        tree: all of it.
        names: what each of its names is bound to: a definition, an import, or an expression.
        ambiguous: the names that are bound more than once.
    """

    tree: ast.Module
    names: Mapping[str, ast.AST]
    ambiguous: frozenset[str]


def program_text(text: str) -> ProgramText:
    """Return the syntax of a module.

    Raises:
        UnreadError: it is no Python, or it may change the meaning of names behind their backs.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        raise UnreadError("the file is no Python that is read here") from None
    names: dict[str, ast.AST] = {}
    ambiguous: set[str] = set()
    for name, node in _bindings(tree.body):
        if name in names and not _same_import(names[name], node):
            ambiguous.add(name)
        names[name] = node
    _check_stealth(tree, names)
    return ProgramText(tree, names, frozenset(ambiguous))


def _same_import(left: ast.AST, right: ast.AST) -> bool:
    imports = (ast.Import, ast.ImportFrom)
    return isinstance(left, imports) and ast.dump(left) == ast.dump(right)


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """Yield every name that a module binds, with what it is bound to."""
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for alias in names:
                    if alias.name == "*":
                        raise UnreadError("import * may bind any name", node.lineno)
                    yield (alias.asname or alias.name.partition(".")[0]), node
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                yield name, value
            case ast.Expr() | ast.Assert() | ast.Pass():
                pass
            case _ if _is_main(node):
                pass
            case _:
                for inner in ast.walk(node):
                    yield from ((name, node) for name in _bound(inner))


def _is_main(node: ast.stmt) -> bool:
    match node:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()]), orelse=[]):
            return True
    return False


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((a.asname or a.name.partition(".")[0]) for a in names)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name


def _check_stealth(tree: ast.Module, names: Mapping[str, ast.AST]) -> None:
    for node in ast.walk(tree):
        match node:
            case ast.Global() | ast.Nonlocal():
                raise UnreadError("global and nonlocal names are not read", node.lineno)
            case ast.FunctionDef(name=name) if name.startswith("__") and name not in _PLAIN:
                raise UnreadError(f"{name} may change what operators mean", node.lineno)
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in _STEALTH:
                raise UnreadError(f"{name} may change what other names mean", node.lineno)
            case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()):
                root = value
                while isinstance(root, (ast.Attribute, ast.Subscript, ast.Call)):
                    root = root.func if isinstance(root, ast.Call) else root.value
                if isinstance(root, ast.Name) and root.id in names:
                    said = f"an attribute of {root.id}, which the module defines, is changed"
                    raise UnreadError(said, node.lineno)

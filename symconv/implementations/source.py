"""What stands in somebody's file: forward and backward passes, by the names people give them.

This module runs in the process that runs the file (`symconv.implementations.child`).
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import re
import sys
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from symconv.errors import SymconvError
from symconv.implementations.frameworks import OwnGradient, own_gradient
from symconv.implementations.roles import ArgumentRole, NamePlace, gradient, roles
from symconv.implementations.snippets import SnippetError, python_text


class ImplementationError(SymconvError):
    """A file in which no implementation can be judged, in one line with the way out."""


@dataclass(frozen=True, eq=False)
class Implementation:
    """A forward pass with its backward passes, as objects that can be called.

    Attributes:
        name: what it is called in the report, and after ``FILE:``.
        forward: the function, or the name of the method.
        backwards: the functions, or the names of the methods.
        owner: the class, or None.
        line: where its forward pass stands.
        spaces: the namespaces of the modules that it lives in.
    """

    name: str
    forward: Any
    backwards: tuple[Any, ...]
    owner: type | None = None
    line: int = 0
    spaces: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    def functions(self) -> list[Callable[..., Any]]:
        """Return the forward function, then the backward ones, unbound."""
        named = [self.forward, *self.backwards]
        if self.owner is None:
            return named
        return [inspect.getattr_static(self.owner, each) for each in named]


_FORWARD = {
    "forward", "fwd", "fprop", "feedforward", "propagate", "call", "apply", "conv", "convolve",
    "convolution", "correlate", "fp", "run", "f",
}  # fmt: skip
_BACKWARD = {
    "backward", "back", "bwd", "bprop", "backprop", "backpropagate", "backpropagation", "grad",
    "grads", "gradient", "gradients", "vjp", "adjoint", "derivative", "bp", "dgrad", "wgrad",
    "bgrad", "backwards",
}  # fmt: skip
_OTHERS = re.compile(
    r"relu|pool|softmax|sigmoid|tanh|linear|dense|flatten|dropout|loss|norm|affine|fully|"
    r"activation|entropy|optimizer|sgd|adam|dataset|loader|test|check|numerical|im2col|col2im|"
    r"^_?_?pad|zero_pad|single_step|reshape|init",
    re.I,
)
_CONV = re.compile(r"conv|corr|filter", re.I)
_METHODS = {
    "forward", "__call__", "fprop", "fwd", "feedforward", "forward_pass", "forward_propagation",
    "forward_prop", "propagate", "call", "forward_propagate",
}  # fmt: skip
_BACK_METHODS = {
    "backward", "bprop", "backprop", "back", "backward_pass", "bwd", "backward_prop", "back_prop",
    "backward_propagation", "backpropagation", "backpropagate", "grad", "gradient", "gradients",
    "vjp", "backwards", "backward_propagate",
}  # fmt: skip


def tokens(name: str) -> list[str]:
    """Return the words of a name: ``convForward2d`` is conv, forward, 2d."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [word for word in spaced.lower().split("_") if word]


def load(path: str) -> types.ModuleType:
    """Run a file as a module of its own and return it.

    Args:
        path: a Python file, or the dotted name of a module.

    Raises:
        ImplementationError: it cannot be imported.
    """
    try:
        if not path.endswith(".py"):
            sys.path.insert(0, str(Path.cwd()))
            return importlib.import_module(path)
        file = Path(path).resolve()
        sys.path.insert(0, str(file.parent))
        spec = importlib.util.spec_from_file_location(f"_judged_{file.stem}", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module
    except SystemExit as error:
        raise ImplementationError(
            f"it cannot be imported: it ends the process when it is imported (exit {error.code}); "
            "put that under if __name__ == '__main__'"
        ) from None
    except MemoryError:
        raise ImplementationError("it cannot be imported: it takes too much memory") from None
    except ModuleNotFoundError as error:
        raise ImplementationError(
            f"it cannot be imported: No module named {error.name!r}; install it where symconv is "
            f"installed: {sys.executable} -m pip install {(error.name or '').partition('.')[0]}"
        ) from None
    except BaseException as error:
        place = place_of(error, [path])
        where = f" (line {place})" if place else ""
        raise ImplementationError(
            f"it cannot be imported: {in_one_line(error)}{where}; make it run by itself "
            "with python, and keep what needs data under if __name__ == '__main__'"
        ) from None


def in_one_line(error: BaseException) -> str:
    """Return somebody's error with its kind, in one line that can be printed anywhere."""
    said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return "".join(letter if letter.isprintable() else "?" for letter in said)


def place_of(error: BaseException, files: Iterable[str]) -> int | None:
    """Return the last line of these files that a traceback goes through."""
    known = {str(Path(file).resolve()) for file in files}
    if isinstance(error, SyntaxError) and error.filename:
        return error.lineno
    line, trace = None, error.__traceback__
    while trace is not None:
        if str(Path(trace.tb_frame.f_code.co_filename).resolve()) in known:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def candidates(module: types.ModuleType) -> list[Implementation]:
    """Return the implementations that stand in a module, in the order of their lines.

    Raises:
        ImplementationError: there is none, or functions that cannot be told apart.
    """
    mine = [
        (name, value)
        for name, value in vars(module).items()
        if getattr(value, "__module__", None) == module.__name__ and not name.startswith("__")
    ]
    spaces = tuple(_spaces(module))
    own = {n: gradient for n, value in mine if (gradient := own_gradient(value)) is not None}
    hidden = {id(part) for each in own.values() for part in each.hidden}
    mine = [(name, value) for name, value in mine if name not in own and id(value) not in hidden]
    found = [
        made
        for name, value in mine
        if inspect.isclass(value) and (made := of_class(value, name, spaces)) is not None
    ]
    found += [_of_own(each, name, spaces) for name, each in own.items()]
    functions: dict[str, Callable[..., Any]] = {n: f for n, f in mine if inspect.isfunction(f)}
    found += _pairs(functions, spaces)
    likely = [each for each in found if not _OTHERS.search(each.name)]
    conv = [each for each in likely if _CONV.search(each.name)]
    chosen = conv or likely
    if not chosen:
        seen = ", ".join(name for name, _ in mine[:6]) or "nothing that is defined there"
        raise ImplementationError(
            f"no convolution with a backward pass was found; seen: {seen}; write a class with "
            "forward and backward, or functions conv_forward and conv_backward"
        )
    return sorted(chosen, key=lambda each: each.line)


def named(module: types.ModuleType, name: str) -> Implementation:
    """Return the implementation of this name: a class, or one of its functions.

    Raises:
        ImplementationError: there is none.
    """
    spaces = tuple(_spaces(module))
    value = getattr(module, name, None)
    if (own := own_gradient(value)) is not None:
        return _of_own(own, name, spaces)
    if inspect.isclass(value):
        made = of_class(value, name, spaces)
        if made is None:
            raise ImplementationError(f"{name}: the class has no forward and backward methods")
        return made
    functions: dict[str, Callable[..., Any]] = {
        n: f for n, f in vars(module).items() if inspect.isfunction(f)
    }
    found = _pairs(functions, spaces)
    for each in found:
        if name in (each.name, *(f.__name__ for f in each.backwards)):
            return each
    if inspect.isfunction(value):
        back = [f for n, f in functions.items() if _is_backward(n) and not _OTHERS.search(n)]
        if len(back) == 1 and back[0] is not value:
            line = value.__code__.co_firstlineno
            return Implementation(name, value, tuple(back), None, line, spaces)
    known = ", ".join(each.name for each in found) or "nothing"
    raise ImplementationError(f"there is no implementation {name!r} in it; found: {known}")


def _of_own(own: OwnGradient, name: str, spaces: tuple[dict[str, Any], ...]) -> Implementation:
    line = getattr(plain(own.forward), "__code__", None)
    first = line.co_firstlineno if line else 0
    return Implementation(name, own.forward, (own.backward,), None, first, spaces)


def _spaces(module: types.ModuleType) -> Iterable[dict[str, Any]]:
    """Yield the names of the module, and of those beside it that it has imported."""
    yield vars(module)
    folder = Path(getattr(module, "__file__", None) or "/nowhere/x").resolve().parent
    for other in list(sys.modules.values()):
        file = getattr(other, "__file__", None)
        if other is module or not file or "site-packages" in file:
            continue
        if folder in Path(file).resolve().parents and not other.__name__.startswith("symconv"):
            yield vars(other)


def of_class(owner: type, name: str, spaces: tuple[dict[str, Any], ...]) -> Implementation | None:
    """Return the implementation that a class is, or None."""
    methods = [m for m in dir(owner) if callable(getattr(owner, m, None))]
    forward = [m for m in methods if m.lower() in _METHODS and not hasattr(object, m)]
    forward = [m for m in forward if m != "__call__"] or [m for m in forward if m == "__call__"]
    back = [m for m in methods if m.lower() in _BACK_METHODS]
    if not back:
        back = [m for m in methods if {*tokens(m)} & _BACKWARD]
    if not forward:
        forward = [m for m in methods if m.lower() in _FORWARD]
    if not forward or not back:
        return None
    line = getattr(getattr(owner, forward[0]), "__code__", None)
    chosen = tuple(m for m in back if m.lower() in _BACK_METHODS) or tuple(back)
    if len(chosen) > 1 and any(m.lower() in ("backward", "bprop", "backprop") for m in chosen):
        chosen = tuple(m for m in chosen if m.lower() in ("backward", "bprop", "backprop"))[:1]
    return Implementation(
        name, forward[0], chosen, owner, line.co_firstlineno if line else 0, spaces
    )


def _pairs(
    functions: dict[str, Callable[..., Any]], spaces: tuple[dict[str, Any], ...]
) -> list[Implementation]:
    """Return forward functions with the backward functions that belong to them."""
    back = {n: f for n, f in functions.items() if _is_backward(n) and not _OTHERS.search(n)}
    front = {
        n: f
        for n, f in functions.items()
        if n not in back and not _OTHERS.search(n) and _takes_arrays(f)
    }
    if not back or not front:
        return []
    exact: dict[str, list[str]] = {name: [] for name in front}
    loose: list[str] = []
    for name in back:
        same = [f for f in front if _stem(f) == _stem(name)]
        named = [f for f in front if f in name]
        chosen = same or sorted(named, key=len)[-1:]
        if len(chosen) == 1:
            exact[chosen[0]].append(name)
        else:
            loose.append(name)
    if loose:
        forwards = [f for f in front if not exact[f]] or list(front)
        for word in ("forward", "fwd"):
            said = [f for f in forwards if word in tokens(f)]
            forwards = said or forwards
        if len(forwards) > 1:
            forwards = [f for f in forwards if _CONV.search(f)] or forwards
        if len(forwards) > 1 and not any(exact.values()):
            raise ImplementationError(
                f"several functions may be the forward pass of {loose[0]}: "
                f"{', '.join(sorted(forwards))}; say which: FILE:{sorted(forwards)[0]}"
            )
        if len(forwards) == 1:
            exact[forwards[0]] += loose
    return [
        Implementation(
            name,
            front[name],
            tuple(back[each] for each in _distinct(names)),
            None,
            front[name].__code__.co_firstlineno,
            spaces,
        )
        for name, names in exact.items()
        if names
    ]


def _distinct(names: list[str]) -> list[str]:
    """Return one function for all gradients where there is one, else one for each gradient."""
    whole = [n for n in names if gradient_of_function(n) is None]
    return whole[:1] if whole else names


def gradient_of_function(name: str) -> str | None:
    """Return which gradient a function is named after, dX, dF or db; None: all of them."""
    words = [w for w in tokens(name) if w not in ("conv", "conv2d", "convolution", "wrt", "2d")]
    for word in words:
        if word in ("dgrad", "wgrad", "bgrad"):
            return {"d": "dX", "w": "dF", "b": "db"}[word[0]]
        if word in ("input", "x", "data", "image", "inputs"):
            return "dX"
        if word in ("weight", "weights", "filter", "filters", "kernel", "w", "kernels"):
            return "dF"
        if word in ("bias", "b", "biases"):
            return "db"
        if (found := gradient(word)) is not None and word not in _BACKWARD:
            return found
    return None


def _is_backward(name: str) -> bool:
    words = tokens(name)
    return bool({*words} & _BACKWARD) or (
        len(words) > 1 and any(word in ("dx", "dw", "df", "db") for word in words)
    )


def _stem(name: str) -> tuple[str, ...]:
    return tuple(w for w in tokens(name) if w not in {"forward", "fwd", "fprop", *_BACKWARD})


def _takes_arrays(function: Callable[..., Any]) -> bool:
    names = [*inspect.signature(function).parameters]
    likely = [role for name in names for role in roles(name, NamePlace.FORWARD)[:1]]
    named = {"forward", "fwd"} & {*tokens(function.__name__)}
    arrays = ArgumentRole.INPUT in likely or ArgumentRole.FILTER in likely
    return len(names) >= 2 and (arrays or bool(named))


def returned_names(function: Callable[..., Any], tree: ast.AST | None) -> list[str | None]:
    """Return the names of what a function returns last, None for what has no name."""
    definition = definition_of(function, tree)
    if definition is None:
        return []
    returns = [n for n in ast.walk(definition) if isinstance(n, ast.Return) and n.value]
    if not returns:
        return []
    value = max(returns, key=lambda node: node.lineno).value
    elements = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
    return [_name(element) for element in elements]


def _name(node: ast.AST | None) -> str | None:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value):
            return _name(value)
        case ast.Call(func=ast.Attribute(value=value)):
            return _name(value)
    return None


def plain(function: Any) -> Any:
    """Return a function as it stands in its file, without what is wrapped around it."""
    return inspect.unwrap(getattr(function, "__func__", function))


def definition_of(function: Any, tree: ast.AST | None) -> ast.FunctionDef | None:
    """Return the definition of a function in the syntax of its file."""
    code = getattr(plain(function), "__code__", None)
    if tree is None or code is None:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    return None


def syntax(function: Any) -> ast.AST | None:
    """Return the syntax of the file that a function stands in, or None."""
    code = getattr(plain(function), "__code__", None)
    if code is None:
        return None
    try:
        return ast.parse(python_text(code.co_filename).text)
    except (OSError, SyntaxError, ValueError, SnippetError):
        return None

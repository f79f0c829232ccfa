"""One edit of a program, as a slip makes it: of an index, a bound, a sign, a loop or an axis.

Texts are changed as syntax trees of Python, and nothing of symconv is used.
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Callable, Iterator

Edit = tuple[str, Callable[[], None]]
"""What kind of slip, and what makes it in the tree that it was made for."""


def edited(text: str) -> Iterator[tuple[str, str]]:
    """Yield every edit of a program once: its kind, and the text that comes out."""
    tree = ast.parse(text)
    number = sum(1 for _ in edits(tree))
    for n in range(number):
        changed = copy.deepcopy(tree)
        kind, change = next(itertools.islice(edits(changed), n, None))
        change()
        yield kind, ast.unparse(ast.fix_missing_locations(changed))


def edits(tree: ast.Module) -> Iterator[Edit]:
    """Yield the edits of a tree."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for function in functions:
        if function.name == "__init__":
            continue
        names = sorted({n.id for n in ast.walk(function) if isinstance(n, ast.Name)})
        for node in ast.walk(function):
            yield from _of_node(node, names)
            for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
                if isinstance(body, list):
                    yield from _of_body(node, body)


def _of_node(node: ast.AST, names: list[str]) -> Iterator[Edit]:
    match node:
        case ast.AugAssign(op=ast.Add()):
            yield "-= for +=", _setter(node, "op", ast.Sub())
        case ast.BinOp(op=ast.Add()):
            yield "sign", _setter(node, "op", ast.Sub())
        case ast.BinOp(op=ast.Sub()):
            yield "sign", _setter(node, "op", ast.Add())
        case ast.BinOp(op=ast.FloorDiv(), left=left, right=right):
            ratio = ast.BinOp(left, ast.Div(), right)
            yield "round(a / b)", _becomes(node, _call("round", ratio))
            up = ast.BinOp(ast.BinOp(left, ast.Add(), right), ast.Sub(), ast.Constant(1))
            yield "rounded up", _becomes(node, ast.BinOp(up, ast.FloorDiv(), right))
        case ast.BinOp(op=ast.Mult(), left=ast.Name(), right=ast.Name()):
            yield "a factor missing", _becomes(node, copy.deepcopy(node.left))
        case ast.Slice(lower=lower, upper=upper, step=step):
            yield from _of_slice(node, lower, upper, step)
        case ast.Subscript(slice=ast.Tuple(elts=entries)) if len(entries) > 1:
            for k in range(len(entries) - 1):
                if ast.dump(entries[k]) != ast.dump(entries[k + 1]):
                    yield "exchanged indices", _exchange(entries, k)
            for k, entry in enumerate(entries):
                if isinstance(entry, ast.Name):
                    before = ast.BinOp(entry, ast.Sub(), ast.Constant(1))
                    yield "index off by one", _setter_at(entries, k, before)
                    yield "index 0", _setter_at(entries, k, ast.Constant(0))
                    yield "last index", _setter_at(entries, k, ast.Constant(-1))
        case ast.Compare(ops=ops):
            for k, op in enumerate(ops):
                other = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
                if type(op) in other:
                    yield "comparison", _setter_at(ops, k, other[type(op)]())
        case ast.Call(func=ast.Name(id="range"), args=args):
            last = args[-1]
            less = ast.BinOp(last, ast.Sub(), ast.Constant(1))
            yield "loop too short", _setter_at(args, len(args) - 1, less)
            if len(args) == 1:
                yield "loop from 1", lambda: args.insert(0, ast.Constant(1))
        case ast.Call(func=ast.Attribute(attr="zeros" | "zeros_like" | "empty_like" as name)):
            if name == "zeros":
                yield "ones for zeros", _setter(node.func, "attr", "ones")
                yield "empty for zeros", _setter(node.func, "attr", "empty")
            elif node.args:
                yield "the same array", _becomes(node, node.args[0])
        case ast.Call(func=ast.Attribute(attr="einsum"), args=[ast.Constant(value=str(word)), *_]):
            inputs, _, output = word.partition("->")
            for k in range(len(output) - 1):
                swapped = output[:k] + output[k + 1] + output[k] + output[k + 2 :]
                yield "einsum", _setter(node.args[0], "value", f"{inputs}->{swapped}")
        case ast.keyword(arg="axis", value=ast.Tuple(elts=axes)) if len(axes) > 1:
            yield "an axis missing", lambda: axes.pop()
            yield "an axis missing", lambda: axes.pop(0)
        case ast.Name(id=name, ctx=ast.Load()):
            for pair in _PAIRS:
                if name in pair:
                    (other,) = {*pair} - {name}
                    if other in names:
                        yield "another name", _setter(node, "id", other)


_PAIRS = [
    ("stride", "pad"), ("stride", "padding"), ("H", "W"), ("P", "Q"), ("R", "S"), ("p", "q"),
    ("r", "s"), ("i", "j"), ("n", "k"), ("k", "c"), ("h", "v"), ("u", "d"), ("v", "e"),
    ("sh", "sw"), ("kh", "kw"), ("ph", "pw"), ("rows", "cols"), ("N", "K"), ("C", "K"),
    ("dx", "dxp"), ("xp", "x"),
    ("padded", "dpadded"), ("x_pad", "dx_pad"), ("HH", "WW"), ("out_h", "out_w"), ("Cg", "Kg"),
    ("before", "after"), ("x", "dy"), ("dy", "w"),
]  # fmt: skip


def _of_slice(
    node: ast.Slice, lower: ast.expr | None, upper: ast.expr | None, step: ast.expr | None
) -> Iterator[Edit]:
    if step is not None:
        yield "no step", _setter(node, "step", None)
    if lower is not None and upper is not None:
        up = ast.BinOp(lower, ast.Add(), ast.Constant(1))
        yield "slice too short", _setter(node, "lower", up)
        longer = ast.BinOp(upper, ast.Add(), ast.Constant(1))
        yield "slice too long", _setter(node, "upper", longer)
        yield "from the start", _setter(node, "lower", None)
        yield "to the end", _setter(node, "upper", None)
        yield "from the end", _setter(node, "upper", ast.UnaryOp(ast.USub(), lower))


def _of_body(owner: ast.AST, body: list[ast.stmt]) -> Iterator[Edit]:
    for k, statement in enumerate(body):
        match statement:
            case ast.AugAssign(target=target, op=ast.Add(), value=value):
                yield "= for +=", _setter_at(body, k, ast.Assign([target], value))
                if isinstance(target, ast.Name):
                    more = ast.BinOp(ast.Name(target.id, ast.Load()), ast.Add(), value)
                    yield "a new array", _setter_at(body, k, ast.Assign([target], more))
                yield "statement missing", _setter_at(body, k, ast.Pass())
                yield "twice", _inserter(body, k, copy.deepcopy(statement))
                if isinstance(owner, ast.For):
                    yield "break", _inserter(body, k + 1, ast.Break())
            case ast.Assign(targets=[ast.Subscript() as target], value=value):
                yield "+= for =", _setter_at(body, k, ast.AugAssign(target, ast.Add(), value))
            case ast.If(body=inner):
                yield "no condition", _setter_slice(body, k, inner)
            case ast.For(body=inner) if len(inner) > 1:
                yield "out of the loop", _dedented(body, k, inner)


def _setter(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, name, value)


def _setter_at(items: list, place: int, value: object) -> Callable[[], None]:
    def change() -> None:
        items[place] = value

    return change


def _setter_slice(items: list, place: int, values: list) -> Callable[[], None]:
    def change() -> None:
        items[place : place + 1] = values

    return change


def _inserter(items: list, place: int, value: object) -> Callable[[], None]:
    return lambda: items.insert(place, value)


def _dedented(body: list, place: int, inner: list) -> Callable[[], None]:
    return lambda: body.insert(place + 1, inner.pop())


def _exchange(items: list, place: int) -> Callable[[], None]:
    def change() -> None:
        items[place], items[place + 1] = items[place + 1], items[place]

    return change


def _becomes(node: ast.AST, other: ast.AST) -> Callable[[], None]:
    """Return what makes one node another one, in whatever place it stands."""

    def change() -> None:
        kept = copy.deepcopy(other)
        node.__class__ = kept.__class__
        node.__dict__.clear()
        node.__dict__.update(kept.__dict__)

    return change


def _call(name: str, argument: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [argument], [])

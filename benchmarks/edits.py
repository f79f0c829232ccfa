"""One edit of a claim's text, as a slip of the pen makes it: another name, sign, limit or guard.

Texts are changed as syntax trees of Python, so that every construct that can be written is changed,
and nothing of symconv is used.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

Change = Callable[[], None]
"""Changes the tree that it was made for."""

SIGNS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mod,
    ast.Mod: ast.FloorDiv,
}
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.LtE,
}
CALLED = {"min": "max", "max": "min", "dilate": "subsample", "subsample": "dilate"}


def edited(text: str) -> Iterator[str]:
    """Yield ``text``, an equation, with one edit on one of its sides: every edit once."""
    tree = ast.parse(text, mode="eval").body
    number = sum(1 for _ in _changes(tree))
    for n in range(number):
        changed = copy.deepcopy(tree)
        next(change for k, change in enumerate(_changes(changed)) if k == n)()
        yield ast.unparse(changed)


def _changes(tree: ast.expr) -> Iterator[Change]:
    assert isinstance(tree, ast.Compare)
    names = _names(tree)
    for side in (tree.left, *tree.comparators):
        for node in ast.walk(side):
            yield from _changes_of(node, names)


def _names(tree: ast.expr) -> list[str]:
    """Return the names of one letter in the claim, or two: sizes, indices and tensors."""
    found = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return sorted({name for name in found if len(name) < 3})


def _changes_of(node: ast.AST, names: list[str]) -> Iterator[Change]:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            yield lambda: setattr(node, "op", SIGNS[type(op)]())
            yield lambda: _become(node, left)
            yield lambda: _become(node, right)
        case ast.Constant(value=int(value)):
            yield lambda: setattr(node, "value", value + 1)
            if value:
                yield lambda: setattr(node, "value", value - 1)
        case ast.Name(id=name) if name in names:
            for other in names:
                if other != name:
                    yield lambda other=other: setattr(node, "id", other)
        case ast.Compare(ops=ops):
            for k, op in enumerate(ops):
                changed = [*ops[:k], COMPARED[type(op)](), *ops[k + 1 :]]
                yield lambda changed=changed: setattr(node, "ops", changed)
        case ast.comprehension(ifs=[_, *_] as ifs):
            for k in range(len(ifs)):
                left = [*ifs[:k], *ifs[k + 1 :]]
                yield lambda left=left: setattr(node, "ifs", left)
        case ast.Call(func=ast.Name(id=name) as func) if name in CALLED:
            yield lambda: setattr(func, "id", CALLED[name])
        case ast.Call(func=ast.Name(id="range"), args=[_, stop]):
            yield lambda: setattr(node, "args", [stop])
        case ast.Call(func=ast.Name(id="rotate" | "crop" | "pad"), args=[of, *_]):
            yield lambda: _become(node, of)
        case ast.Tuple(elts=[first, second]):
            yield lambda: setattr(node, "elts", [second, first])
        case _:
            return


def _become(node: ast.AST, other: ast.AST) -> None:
    """Put ``other`` in the place of ``node``, which holds it."""
    node.__class__ = other.__class__
    node.__dict__.clear()
    node.__dict__.update(other.__dict__)

"""One edit of a line of a backward pass that may be what it lacks: usual slips, undone.

Nothing is run here.  An edit changes one line, and is of one kind; whether it mends anything is
seen where the edited program runs (`symconv.implementations.mends`).
"""

from __future__ import annotations

import ast
import enum
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from symconv.implementations.roles import ArgumentRole, NamePlace, roles


class EditKind(enum.Enum):
    """What an edit does."""

    ADD_UP = "+= for ="
    SLICE = "the bounds of a slice"
    AXES = "the axes of a sum"
    FACTOR = "a factor left out"
    UNTURN = "a rotation left out"
    TURN = "a rotation"
    NAME = "another size"
    STEP = "a stride or dilation multiplied"
    BOUND = "one more or one less"
    REMAINDER = "the remainder added"


FIRST: dict[str, tuple[EditKind, ...]] = {
    "V102": (EditKind.REMAINDER, EditKind.SLICE),
    "V103": (EditKind.UNTURN, EditKind.TURN),
    "V104": (EditKind.NAME, EditKind.STEP),
    "V105": (EditKind.STEP, EditKind.NAME),
    "V106": (EditKind.STEP, EditKind.NAME),
    "V107": (EditKind.SLICE,),
    "V108": (EditKind.NAME,),
    "V109": (EditKind.BOUND,),
    "V110": (EditKind.BOUND, EditKind.ADD_UP),
    "V111": (EditKind.SLICE, EditKind.REMAINDER),
    "V112": (EditKind.ADD_UP,),
    "V201": (EditKind.ADD_UP, EditKind.AXES),
    "V202": (EditKind.ADD_UP, EditKind.AXES),
    "V204": (EditKind.AXES, EditKind.FACTOR),
    "V205": (EditKind.FACTOR, EditKind.AXES),
    "V304": (EditKind.SLICE, EditKind.NAME, EditKind.BOUND),
}
"""The kinds that are tried first for a kind of fault; the others come after."""


def kinds_for(code: str | None) -> list[EditKind]:
    """Return every kind, the likely ones first."""
    return list(dict.fromkeys([*FIRST.get(code or "", ()), *EditKind]))


@dataclass(frozen=True, slots=True)
class LineEdit:
    """One line, and what it becomes.

    Attributes:
        line: its number in the text, from 1.
        text: the new line, with its indentation.
        kind: what the edit does.
    """

    line: int
    text: str
    kind: EditKind


_Change = tuple[ast.AST, str]
"""A node, and the text that stands in its place."""


def edits(definition: ast.FunctionDef, lines: Sequence[str], kind: EditKind) -> list[LineEdit]:
    """Return every edit of a kind in a function, each once.

    Args:
        definition: the function.
        lines: those of the text that it stands in.
        kind: what the edits do.
    """
    names = _Names(definition)
    found: dict[LineEdit, None] = {}
    for changes in _GENERATORS[kind](definition, names):
        edit = _applied(changes, lines, kind)
        if edit is not None and edit.text != lines[edit.line - 1]:
            found[edit] = None
    return list(found)


def _applied(changes: Sequence[_Change], lines: Sequence[str], kind: EditKind) -> LineEdit | None:
    """Return the line with nodes replaced, or None: they stand on several lines."""
    rows = {row for node, _ in changes for row in (_start(node)[0], _end(node)[0])}
    if len(rows) != 1:
        return None
    (row,) = rows
    raw = lines[row - 1].encode()
    for node, text in sorted(changes, key=lambda change: _start(change[0]), reverse=True):
        raw = raw[: _start(node)[1]] + text.encode() + raw[_end(node)[1] :]
    return LineEdit(row, raw.decode(), kind)


def _start(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


def _end(node: ast.AST) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]


class _Names:
    """The sizes and arrays that have names in a function."""

    def __init__(self, definition: ast.FunctionDef) -> None:
        self.by_role: dict[ArgumentRole, list[str]] = {}
        self.axes: dict[str, list[str]] = {}
        self.loops: list[str] = []
        self.extents: list[str] = []
        known: list[str] = []
        for node in ast.walk(definition):
            match node:
                case ast.Name(id=name) | ast.arg(arg=name) if name not in known:
                    known.append(name)
                case ast.Attribute(value=ast.Name(id="self"), attr=attribute):
                    if f"self.{attribute}" not in known:
                        known.append(f"self.{attribute}")
                case ast.For(target=target):
                    self.loops += [n.id for n in ast.walk(target) if isinstance(n, ast.Name)]
            match node:
                case ast.Assign(
                    targets=[ast.Tuple(elts=targets)], value=ast.Attribute(attr="shape") as shape
                ) if all(isinstance(each, ast.Name) for each in targets):
                    unpacked = [each.id for each in targets if isinstance(each, ast.Name)]
                    self.axes[ast.unparse(shape.value)] = unpacked
                    self.extents += [each for each in unpacked if each.strip("_")]
        for name in known:
            for role in roles(name.rpartition(".")[2], NamePlace.BACKWARD)[:1]:
                self.by_role.setdefault(role, []).append(name)

    def of(self, *wanted: ArgumentRole) -> list[str]:
        """Return the names that have one of these roles."""
        return [name for role in wanted for name in self.by_role.get(role, [])]

    def extent(self, role: ArgumentRole, at: int) -> str | None:
        """Return the extent of an array's axis in the words of the function."""
        for array in self.of(role):
            names = self.axes.get(array)
            if names is not None and at < len(names):
                return names[at]
        arrays = self.of(role)
        return f"{arrays[0]}.shape[{at}]" if arrays else None


_STEPS = (ArgumentRole.STRIDE, ArgumentRole.DILATION, ArgumentRole.STRIDE_H,
          ArgumentRole.STRIDE_W, ArgumentRole.DILATION_H, ArgumentRole.DILATION_W)  # fmt: skip
_PADS = (ArgumentRole.PADDING, ArgumentRole.PAD_H, ArgumentRole.PAD_W, ArgumentRole.PAD_TOP,
         ArgumentRole.PAD_LEFT, ArgumentRole.PAD_BOTTOM, ArgumentRole.PAD_RIGHT)  # fmt: skip


def _add_up(definition: ast.FunctionDef, names: _Names) -> Iterator[list[_Change]]:
    for node in ast.walk(definition):
        match node:
            case ast.Assign(targets=[ast.Name() | ast.Subscript() | ast.Attribute() as target]):
                text = f"{ast.unparse(target)} += {ast.unparse(node.value)}"
                yield (
                    [(_Between(target, node.value), " += ")] if _one_line(node) else [(node, text)]
                )
            case ast.AugAssign(op=ast.Add()) if _one_line(node):
                yield [(_Between(node.target, node.value), " = ")]


class _Between(ast.AST):
    """What stands between two nodes."""

    def __init__(self, left: ast.AST, right: ast.AST) -> None:
        super().__init__()
        self.lineno, self.col_offset = _end(left)
        self.end_lineno, self.end_col_offset = _start(right)


def _one_line(node: ast.AST) -> bool:
    return _start(node)[0] == _end(node)[0]


def _slices(definition: ast.FunctionDef, names: _Names) -> Iterator[list[_Change]]:
    for node in ast.walk(definition):
        if not isinstance(node, ast.Subscript):
            continue
        index = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        cut = [
            (k, each)
            for k, each in enumerate(index)
            if isinstance(each, ast.Slice) and (each.lower or each.upper) and each.step is None
        ]
        every = [cut, *([each] for each in cut)] if len(cut) > 1 else [cut]
        paddings = [None, *([pad] for pad in names.of(*_PADS)), names.of(*_PADS)]
        # An image alone has no axis of images: its first axis is the second one of X.
        for chosen, pads, less in itertools.product(filter(None, every), paddings, (0, 1)):
            changes = [
                _cropped(k, less, each, n, pads, names) for n, (k, each) in enumerate(chosen)
            ]
            if all(changes):
                yield [change for change in changes if change is not None]


def _cropped(
    at: int, less: int, node: ast.Slice, number: int, pads: list[str] | None, names: _Names
) -> _Change | None:
    """Return a slice that takes as many elements as X has on an axis, from the padding on."""
    extent = names.extent(ArgumentRole.INPUT, at + less)
    if pads is None:
        lower = ast.unparse(node.lower) if node.lower is not None else None
    else:
        lower = pads[min(number, len(pads) - 1)] if pads else None
    if extent is None or lower is None:
        return None
    return node, f"{lower}:{lower} + {extent}"


_AXES = [
    f"({', '.join(map(str, chosen))})" if size > 1 else str(chosen[0])
    for size in (1, 2, 3)
    for chosen in itertools.combinations(range(4), size)
]
"""Every choice of axes of an array with up to four, but for all four."""


def _axes(definition: ast.FunctionDef, names: _Names) -> Iterator[list[_Change]]:
    for node in ast.walk(definition):
        match node:
            case ast.Call(func=ast.Attribute(value=summed, attr="sum" | "mean"), keywords=keywords):
                axis = next((each.value for each in keywords if each.arg == "axis"), None)
                for text in _AXES if axis is not None else ():
                    change: list[_Change] = [(axis, text)] if axis is not None else []
                    yield change
                    match summed:  # dy[-1].sum(axis=(1, 2)): an image alone
                        case ast.Subscript(value=whole, slice=ast.Constant() | ast.UnaryOp()):
                            yield [*change, (_Between(whole, _After(summed)), "")]


def _factors(definition: ast.FunctionDef, names: _Names) -> Iterator[list[_Change]]:
    for node in ast.walk(definition):
        match node:
            case ast.BinOp(left=left, op=ast.Div()):
                yield [(_Between(left, _After(node)), "")]
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                yield [(_Between(left, _After(node)), "")]
                yield [(_Between(_Before(node), right), "")]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                yield [(_Between(_Before(node), operand), "")]
            case ast.AugAssign(op=ast.Div() | ast.Mult()):
                yield [(node, "pass")]
            case ast.Attribute(value=value, attr="mean"):
                yield [(_Between(value, _After(node)), ".sum")]


class _After(ast.AST):
    """The place behind a node."""

    def __init__(self, node: ast.AST) -> None:
        super().__init__()
        self.lineno, self.col_offset = _end(node)
        self.end_lineno, self.end_col_offset = _end(node)


class _Before(ast.AST):
    """The place before a node."""

    def __init__(self, node: ast.AST) -> None:
        super().__init__()
        self.lineno, self.col_offset = _start(node)
        self.end_lineno, self.end_col_offset = _start(node)


def _unturned(definition: ast.FunctionDef, names: _Names) -> Iterator[list[_Change]]:
    for node in ast.walk(definition):
        match node:
            case ast.Subscript(value=value) if "::-1" in ast.unparse(node.slice):
                yield [(node, ast.unparse(value))]
            case ast.Call(func=ast.Attribute(attr="flip" | "rot90"), args=[first, *_]):
                yield [(node, ast.unparse(first))]


def _turned(definition: ast.FunctionDef, names: _Names) -> Iterator[list[_Change]]:
    filters = names.of(ArgumentRole.FILTER)
    for node in ast.walk(definition):
        match node:
            case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()) if (
                ast.unparse(node) in filters
            ):
                rank = len(names.axes.get(ast.unparse(node), "KCRS"))
                index = ", ".join([":"] * (rank - 2) + ["::-1"] * min(rank, 2))
                yield [(node, f"{ast.unparse(node)}[{index}]")]


def _names(definition: ast.FunctionDef, names: _Names) -> Iterator[list[_Change]]:
    sizes = names.of(*_STEPS, *_PADS)
    families = [list(dict.fromkeys(each)) for each in (sizes, names.loops, names.extents)]
    for node in ast.walk(definition):
        if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
            continue
        name = ast.unparse(node)
        for family in families:
            if name in family:
                for other in family:
                    if other != name:
                        yield [(node, other)]


def _steps(definition: ast.FunctionDef, names: _Names) -> Iterator[list[_Change]]:
    """Yield statements in which loop variables are multiplied by a stride or a dilation."""
    for node in ast.walk(definition):
        if not isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Return)):
            continue
        used = [
            each
            for each in ast.walk(node)
            if isinstance(each, ast.Name) and each.id in names.loops and _is_read(each)
        ]
        for step in names.of(*_STEPS):
            several = [used, *([each for each in used if each.id == n] for n in names.loops)]
            for chosen in several:
                if chosen:
                    yield [(each, f"{each.id} * {step}") for each in chosen]
            for each in ast.walk(node):
                match each:
                    case ast.BinOp(op=ast.Mult(), right=right) if ast.unparse(right) == step:
                        yield [(_Between(each.left, _After(each)), "")]
        bounds = _plain_bounds(node, names)
        for step in names.of(*_STEPS):
            if bounds:
                yield [(each, f"{each.id} * {step}") for each in bounds]


def _plain_bounds(statement: ast.AST, names: _Names) -> list[ast.Name]:
    """Return the loop variables that stand in the bounds of slices."""
    return [
        name
        for each in ast.walk(statement)
        if isinstance(each, ast.Slice)
        for name in ast.walk(each)
        if isinstance(name, ast.Name) and name.id in names.loops
    ]


def _is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _bounds(definition: ast.FunctionDef, names: _Names) -> Iterator[list[_Change]]:
    for node in ast.walk(definition):
        match node:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)):
                yield [(_Between(left, _After(node)), "")]
            case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=1) as first, _]):
                yield [(first, "0")]
            case ast.Call(func=ast.Name(id="range"), args=[*_, last]) if not _is_off(last):
                yield [(last, f"{ast.unparse(last)} + 1")]
                yield [(last, f"{ast.unparse(last)} - 1")]
            case ast.Slice(lower=lower, upper=ast.UnaryOp(op=ast.USub())):
                yield [(node, f"{ast.unparse(lower) if lower else ''}:")]


def _is_off(node: ast.AST) -> bool:
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)):
            return True
    return False


def _remainders(definition: ast.FunctionDef, names: _Names) -> Iterator[list[_Change]]:
    """Yield calls of ``pad`` in which the last side of each spatial axis has the remainder too."""
    steps, pads = names.of(ArgumentRole.STRIDE), names.of(ArgumentRole.PADDING)
    for node in ast.walk(definition):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="pad") | ast.Name(id="pad"), args=[_, widths, *_]
            ):
                pairs = widths.elts if isinstance(widths, ast.Tuple) else []
            case _:
                continue
        changes: list[_Change] = []
        for at, pair in enumerate(pairs):
            if not isinstance(pair, ast.Tuple) or len(pair.elts) != 2 or not steps:
                continue
            last = pair.elts[1]
            x, w = (names.extent(r, at) for r in (ArgumentRole.INPUT, ArgumentRole.FILTER))
            if x is None or w is None or ast.unparse(last) == "0":
                continue
            padded = f"{x} + 2 * {pads[0]} - {w}" if pads else f"{x} - {w}"
            changes.append((last, f"{ast.unparse(last)} + ({padded}) % {steps[0]}"))
        if changes:
            yield changes


_GENERATORS: dict[EditKind, Callable[[ast.FunctionDef, _Names], Iterator[list[_Change]]]] = {
    EditKind.ADD_UP: _add_up,
    EditKind.SLICE: _slices,
    EditKind.AXES: _axes,
    EditKind.FACTOR: _factors,
    EditKind.UNTURN: _unturned,
    EditKind.TURN: _turned,
    EditKind.NAME: _names,
    EditKind.STEP: _steps,
    EditKind.BOUND: _bounds,
    EditKind.REMAINDER: _remainders,
}

"""The operators that can be called in a formula, each rewritten into nodes.

    pad(T, amounts)   crop(T, amounts)     a number, one for each axis, or (before, after) pairs
    dilate(T, steps)   subsample(T, steps)   rotate(T)   ones(R, S)
    correlate(A, B, stride=1, dilation=1, padding=0)
    convolve(A, B, mode='valid'|'full')    correlate with rotate(B); full pads by B's extent - 1
    conv_transpose(dY, F, stride=1, padding=0, output_padding=0, dilation=1)    as PyTorch
    vjp(T, leaf, cotangent)                the gradient of sum(cotangent * T)

A single number serves every axis only if it means the same on each: ``stride=u`` is an error.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from symconv.errors import how_many
from symconv.formula import words
from symconv.formula.nodes import (
    Correlate,
    Dilate,
    Node,
    Ones,
    Pad,
    Rotate,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import Difference, Size, minus, names, plus, times
from symconv.formula.syntax import fail, nearest, shown
from symconv.formula.words import Operator, axes, axis_of, moved_to
from symconv.geometry import axis_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from symconv.formula.vocabulary import Vocabulary

Pairs = tuple[tuple[Size, Size], ...]


class ArgumentReader(Protocol):
    """A reader of the arguments of a call: syntax to tensors and sizes."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that are known."""

    def tensor(self, tree: ast.expr) -> Node:
        """Return the formula of a tensor that ``tree`` is."""

    def size(self, tree: ast.expr) -> Size:
        """Return the integer expression that ``tree`` is."""

    def rank(self, node: Node) -> int:
        """Return the number of axes of ``node``."""

    def extents(self, node: Node) -> tuple[Size, ...]:
        """Return the shape of ``node``."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one call, still syntax."""

    reader: ArgumentReader
    call: ast.Call
    operator: Operator

    @property
    def name(self) -> str:
        """The operator's name."""
        return self.operator.name

    @property
    def usage(self) -> str:
        """An example of a call, in words."""
        return f"write {self.operator.usage}"

    def bind(self, *required: str, **optional: ast.expr) -> dict[str, ast.expr]:
        """Return the arguments by parameter, in the order and with the defaults given.

        Raises:
            ParseError: one is missing, unknown or given twice.
        """
        parameters = (*required, *optional)
        for argument in self.call.args[len(parameters) :]:
            raise fail(
                argument, f"{self.name} takes at most {how_many(len(parameters), 'argument')}"
            )
        bound = dict(zip(parameters, self.call.args, strict=False))
        for keyword in self.call.keywords:
            if keyword.arg is None or keyword.arg not in parameters:
                word = shown(keyword.arg or "**")
                hint = nearest(word, parameters) or f"; it takes {', '.join(parameters)}"
                raise fail(keyword, f"{self.name} has no argument {word}{hint}")
            if keyword.arg in bound:
                raise fail(keyword, f"{self.name} is given {keyword.arg} twice")
            bound[keyword.arg] = keyword.value
        for parameter in required:
            if parameter not in bound:
                raise fail(self.call, f"{self.name} needs {parameter}: {self.usage}")
        return {**optional, **bound}

    def pair(self, left: ast.expr, right: ast.expr) -> tuple[Node, Node, int]:
        """Return two tensors with the same number of axes, and that number."""
        of, by = self.reader.tensor(left), self.reader.tensor(right)
        rank = self.reader.rank(of)
        if self.reader.rank(by) != rank:
            raise fail(right, f"{self.name} needs two tensors with the same number of axes")
        return of, by, rank

    def steps(self, tree: ast.expr, rank: int) -> tuple[Size, ...]:
        """Return one size for each axis."""
        if isinstance(tree, ast.Tuple | ast.List):
            self._check_length(tree, len(tree.elts), rank)
            return tuple(map(self.reader.size, tree.elts))
        return (self._scalar(tree, rank),) * rank

    def amounts(self, tree: ast.expr, rank: int) -> Pairs:
        """Return (before, after) for each axis."""
        if not isinstance(tree, ast.Tuple | ast.List):
            return ((self._scalar(tree, rank),) * 2,) * rank
        if rank == 1 and not any(isinstance(e, ast.Tuple | ast.List) for e in tree.elts):
            return (self._before_after(tree),)
        self._check_length(tree, len(tree.elts), rank)
        return tuple(self._before_after(entry) for entry in tree.elts)

    def _before_after(self, tree: ast.expr) -> tuple[Size, Size]:
        if not isinstance(tree, ast.Tuple | ast.List):
            return (self.reader.size(tree),) * 2
        if len(tree.elts) != 2:
            raise fail(tree, f"{self.name}: an axis takes one amount or a (before, after) pair")
        return self.reader.size(tree.elts[0]), self.reader.size(tree.elts[1])

    def _scalar(self, tree: ast.expr, rank: int) -> Size:
        """Return a size that means the same on every axis."""
        size = self.reader.size(tree)
        of_all = self.reader.vocabulary.rank
        known = axis_of(of_all)
        of_one_axis = sorted(name for name in names(size) if name in known)
        if of_one_axis and rank > 1:
            first = of_one_axis[0]
            entries = (_on_axis(tree, axis, of_all) for axis in axes(of_all))
            raise fail(
                tree,
                f"{first} belongs to the "
                f"{axis_name(axes(of_all).index(known[first]), of_all)} alone; "
                f"say what holds on each axis: ({', '.join(map(ast.unparse, entries))})",
            )
        return size

    def _check_length(self, tree: ast.expr, length: int, rank: int) -> None:
        if length != rank:
            raise fail(
                tree, f"{self.name}: {how_many(length, 'entry')} for {how_many(rank, 'axis')}"
            )


class _Moved(ast.NodeTransformer):
    """Puts the letters of one axis in the place of another's."""

    def __init__(self, axis: int, rank: int) -> None:
        self.letters = moved_to(axis, rank=rank)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.letters.get(node.id, node.id))


def _on_axis(tree: ast.expr, axis: int, rank: int) -> ast.expr:
    """Return what a person would write on an axis."""
    moved: ast.expr = _Moved(axis, rank).visit(copy.deepcopy(tree))
    return moved


ZERO, ONE = ast.Constant(0), ast.Constant(1)


def _pad(call: Arguments) -> Node:
    given = call.bind("T", "amounts")
    of = call.reader.tensor(given["T"])
    return Pad(of, call.amounts(given["amounts"], call.reader.rank(of)))


def _crop(call: Arguments) -> Node:
    given = call.bind("T", "amounts")
    of = call.reader.tensor(given["T"])
    amounts = call.amounts(given["amounts"], call.reader.rank(of))
    return Pad(of, tuple((_negative(lo), _negative(hi)) for lo, hi in amounts))


def _dilate(call: Arguments) -> Node:
    given = call.bind("T", "steps")
    of = call.reader.tensor(given["T"])
    return Dilate(of, call.steps(given["steps"], call.reader.rank(of)))


def _subsample(call: Arguments) -> Node:
    given = call.bind("T", "steps")
    of = call.reader.tensor(given["T"])
    return Subsample(of, call.steps(given["steps"], call.reader.rank(of)))


def _rotate(call: Arguments) -> Node:
    return Rotate(call.reader.tensor(call.bind("T")["T"]))


def _ones(call: Arguments) -> Node:
    for keyword in call.call.keywords:
        raise fail(keyword, f"ones has no argument {shown(keyword.arg or '**')}; it takes extents")
    if not call.call.args:
        raise fail(call.call, f"ones needs its extents: {call.usage}")
    return Ones(tuple(map(call.reader.size, call.call.args)))


def _correlate(call: Arguments) -> Node:
    given = call.bind("A", "B", stride=ONE, dilation=ONE, padding=ZERO)
    of, by, rank = call.pair(given["A"], given["B"])
    padding = call.amounts(given["padding"], rank)
    padded = of if padding == ((0, 0),) * rank else Pad(of, padding)
    stride, dilation = (call.steps(given[name], rank) for name in ("stride", "dilation"))
    return Correlate(padded, by, stride, dilation)


def _convolve(call: Arguments) -> Node:
    given = call.bind("A", "B", mode=ast.Constant("valid"))
    of, by, rank = call.pair(given["A"], given["B"])
    mode = given["mode"]
    if not isinstance(mode, ast.Constant) or mode.value not in ("valid", "full"):
        raise fail(mode, "the mode of convolve is 'valid' or 'full'")
    if mode.value == "full":
        margins = [minus(extent, 1) for extent in call.reader.extents(by)]
        of = Pad(of, tuple((margin, margin) for margin in margins))
    return Correlate(of, Rotate(by), (1,) * rank, (1,) * rank)


def _conv_transpose(call: Arguments) -> Node:
    """Return torch.nn.functional.conv_transpose2d of one channel.

    Its output has (P-1)*u - lo - hi + D + output_padding elements: the gradient of a
    convolution with this padding, and the output padding tells the remainder.
    """
    given = call.bind("dY", "F", stride=ONE, padding=ZERO, output_padding=ZERO, dilation=ONE)
    of, by, rank = call.pair(given["dY"], given["F"])
    stride, extra, dilation = (
        call.steps(given[name], rank) for name in ("stride", "output_padding", "dilation")
    )
    padding = call.amounts(given["padding"], rank)
    reach = [
        times(d, minus(extent, 1))
        for d, extent in zip(dilation, call.reader.extents(by), strict=True)
    ]
    amounts = tuple(
        (minus(span, lo), plus(minus(span, hi), more))
        for span, (lo, hi), more in zip(reach, padding, extra, strict=True)
    )
    return Correlate(Pad(Dilate(of, stride), amounts), Rotate(by), (1,) * rank, dilation)


def _vjp(call: Arguments) -> Node:
    given = call.bind("T", "leaf", "cotangent")
    of, cotangent, _ = call.pair(given["T"], given["cotangent"])
    leaf = given["leaf"]
    named = leaf.id if isinstance(leaf, ast.Name) else getattr(leaf, "value", None)
    if not isinstance(named, str) or named not in call.reader.vocabulary.leaves:
        known = ", ".join(call.reader.vocabulary.leaves)
        raise fail(leaf, f"vjp differentiates with respect to a given tensor: {known}")
    return Vjp(of, named, cotangent)


def _negative(size: Size) -> Size:
    return -size if isinstance(size, int) else Difference(0, size)


BUILDERS: Mapping[Operator, Callable[[Arguments], Node]] = {
    words.PAD: _pad,
    words.CROP: _crop,
    words.DILATE: _dilate,
    words.ROTATE: _rotate,
    words.SUBSAMPLE: _subsample,
    words.CORRELATE: _correlate,
    words.CONVOLVE: _convolve,
    words.CONV_TRANSPOSE: _conv_transpose,
    words.VJP: _vjp,
    words.ONES: _ones,
}
"""The functions that make the node of each operator."""

OPERATORS = {operator.name: operator for operator in BUILDERS}
"""The operators by their names."""


def build(name: str, tree: ast.Call, reader: ArgumentReader) -> Node:
    """Return the node that a call of this operator is.

    Raises:
        ParseError: arguments that do not fit.
    """
    operator = OPERATORS[name]
    return BUILDERS[operator](Arguments(reader, tree, operator))

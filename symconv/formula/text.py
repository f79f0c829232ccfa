"""Writes a formula in the claim language: reading it back gives the same formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatch

from symconv.formula.nodes import (
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Range,
    Read,
    Rotate,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import (
    Difference,
    Greatest,
    Least,
    Name,
    Product,
    Quotient,
    Remainder,
    Size,
    Sum,
)

Words = Mapping[Node, str]
"""The names of defined tensors."""

_SIGNS = {Sum: " + ", Difference: " - ", Product: "*", Quotient: "//", Remainder: " % "}
_ADDITIVE, _MULTIPLICATIVE, _ATOM = 1, 2, 3


def size_text(size: Size) -> str:
    """Return ``size`` as Python writes it, with no bracket that is not needed."""
    return _size(size)[0]


def _size(size: Size) -> tuple[str, int]:
    """Return the text and how tightly it binds."""
    match size:
        case int():
            return str(size), _ATOM
        case Name(name):
            return name, _ATOM
        case Least() | Greatest():
            word = "min" if isinstance(size, Least) else "max"
            return f"{word}({size_text(size.left)}, {size_text(size.right)})", _ATOM
        case Difference(0, right) if not isinstance(right, int):
            # A minus sign binds tighter than any operator.
            return "-" + _bracketed(right, _ATOM), _ATOM
        case _:
            binds = _ADDITIVE if isinstance(size, Sum | Difference) else _MULTIPLICATIVE
            first, second = _bracketed(size.left, binds), _bracketed(size.right, binds + 1)
            return first + _SIGNS[type(size)] + second, binds


def _bracketed(size: Size, least: int) -> str:
    text, binds = _size(size)
    return text if binds >= least else f"({text})"


@singledispatch
def text(node: Node, words: Words | None = None) -> str:
    """Return ``node`` as a formula in which the tensors of ``words`` are called by name."""
    raise TypeError(f"{type(node).__name__} cannot be written as a formula")


def _text(node: Node, words: Words | None) -> str:
    return words[node] if words and node in words else text(node, words)


@text.register
def _(node: Leaf, words: Words | None = None) -> str:
    return node.name


@text.register
def _(node: Ones, words: Words | None = None) -> str:
    return f"ones({_listed(map(size_text, node.shape))})"


@text.register
def _(node: Pad, words: Words | None = None) -> str:
    amounts = [amount for pair in node.amounts for amount in pair]
    crops = any(_is_negative(amount) for amount in amounts)
    crops = crops and all(amount == 0 or _is_negative(amount) for amount in amounts)
    pairs = _tuple(
        _tuple(size_text(_negated(amount) if crops else amount) for amount in pair)
        for pair in node.amounts
    )
    return f"{'crop' if crops else 'pad'}({_text(node.of, words)}, {pairs})"


def _is_negative(size: Size) -> bool:
    """Whether ``size`` is written with a minus sign in front of all of it."""
    if isinstance(size, int):
        return size < 0
    return isinstance(size, Difference) and size.left == 0 and not isinstance(size.right, int)


def _negated(size: Size) -> Size:
    return size.right if isinstance(size, Difference) else -size if isinstance(size, int) else size


@text.register
def _(node: Dilate, words: Words | None = None) -> str:
    return f"dilate({_text(node.of, words)}, {_sizes(node.steps)})"


@text.register
def _(node: Subsample, words: Words | None = None) -> str:
    return f"subsample({_text(node.of, words)}, {_sizes(node.steps)})"


@text.register
def _(node: Rotate, words: Words | None = None) -> str:
    return f"rotate({_text(node.of, words)})"


@text.register
def _(node: Correlate, words: Words | None = None) -> str:
    options = {"stride": node.stride, "dilation": node.dilation}
    given = [
        f"{name}={_sizes(steps)}" for name, steps in options.items() if any(s != 1 for s in steps)
    ]
    return f"correlate({_listed([_text(node.of, words), _text(node.by, words), *given])})"


@text.register
def _(node: Vjp, words: Words | None = None) -> str:
    return f"vjp({_text(node.of, words)}, {node.wrt}, {_text(node.cotangent, words)})"


@text.register
def _(node: IndexSum, words: Words | None = None) -> str:
    """Return the sum alone; whoever compares it writes the indices on the other side."""
    product = "*".join(_read(read, words) for read in node.reads)
    if not node.ranges:
        return product
    loops = " ".join(f"for {_range(run)}" for run in node.ranges)
    return f"sum({product} {loops})"


def _read(read: Read, words: Words | None) -> str:
    return f"{_text(read.of, words)}[{_listed(map(size_text, read.index))}]"


def _range(run: Range) -> str:
    start = "" if run.start == 0 else f"{size_text(run.start)}, "
    return f"{run.index} in range({start}{size_text(run.stop)})"


def _sizes(sizes: Iterable[Size]) -> str:
    return _tuple(map(size_text, sizes))


def _tuple(items: Iterable[str]) -> str:
    entries = list(items)
    return f"({_listed(entries)}{',' if len(entries) == 1 else ''})"


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items)

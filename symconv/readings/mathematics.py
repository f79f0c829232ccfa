"""Reads a formula as mathematics to be shown, with numbers or with letters: one way for all media.

In ASCII it is a formula of the claim language, and reading that gives the same formula.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from symconv.formula.nodes import (
    Added,
    Constant,
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Range,
    Rotate,
    Scaled,
    Subsample,
    Vjp,
    multiple,
    scaled,
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
from symconv.formula.words import (
    CORRELATE,
    CROP,
    DILATE,
    GREATEST,
    LEAST,
    PAD,
    ROTATE,
    SUBSAMPLE,
    VJP,
)
from symconv.mathematics.tree import (
    AllOnes,
    Application,
    Below,
    BinarySign,
    FloorRatio,
    Letter,
    LossGradient,
    Mathematics,
    Negation,
    Numeral,
    Operation,
    Quantity,
    Ratio,
    Series,
    Summation,
    component,
)

_SIGNS = {
    Sum: BinarySign.PLUS,
    Difference: BinarySign.MINUS,
    Product: BinarySign.TIMES,
    Remainder: BinarySign.MODULO,
}

GRADIENTS = {"dX": "X", "dF": "F", "dY": "Y"}
"""The tensors that are derivatives of the loss, and by what."""


def tensor(name: str) -> Letter | LossGradient:
    """Return a tensor by its name in the claim language."""
    return LossGradient(Letter(GRADIENTS[name])) if name in GRADIENTS else Letter(name)


@dataclass(frozen=True, slots=True)
class Lettering:
    """What tensors are called.

    Attributes:
        tensor: returns what a leaf is called.
        defined: formulas that are called by a name.
        crops: whether a padding that only takes away is called a crop.
        square: whether steps and padding that are the same all around are written as one number.
    """

    tensor: Callable[[str], Mathematics] = tensor
    defined: Mapping[Node, Mathematics] = field(default_factory=dict)
    crops: bool = True
    square: bool = False


USUAL = Lettering()


def read(node: Node, names: Lettering = USUAL) -> Mathematics:
    """Return ``node``; operators that change nothing stay, steps of 1 are left out.

    Raises:
        TypeError: it is no formula.
    """
    if names.defined and node in names.defined:
        return names.defined[node]
    return _read(node, names)


@functools.singledispatch
def _read(node: Node, names: Lettering) -> Mathematics:
    raise TypeError(f"{type(node).__name__} is no formula")


@_read.register
def _(node: Leaf, names: Lettering) -> Mathematics:
    return names.tensor(node.name)


@_read.register
def _(node: Constant, names: Lettering) -> Mathematics:
    return Quantity(node.name)


@_read.register
def _(node: Ones, names: Lettering) -> Mathematics:
    return AllOnes(tuple(map(size, node.shape)))


@_read.register
def _(node: Pad, names: Lettering) -> Mathematics:
    amounts = [amount for pair in node.amounts for amount in pair]
    crops = names.crops and any(map(_is_negative, amounts))
    crops = crops and all(amount == 0 or _is_negative(amount) for amount in amounts)
    pairs = (map(_negated, pair) if crops else pair for pair in node.amounts)
    each = tuple(map(_sizes, pairs))
    around: Mathematics = each[0] if names.square and len(each) == 1 else Series(each)
    if names.square and all(amount == amounts[0] for amount in amounts):
        around = size(_negated(amounts[0]) if crops else amounts[0])
    return Application((CROP if crops else PAD).name, (read(node.of, names), around))


@_read.register
def _(node: Dilate, names: Lettering) -> Mathematics:
    return Application(DILATE.name, (read(node.of, names), _steps(node.steps, names)))


@_read.register
def _(node: Subsample, names: Lettering) -> Mathematics:
    return Application(SUBSAMPLE.name, (read(node.of, names), _steps(node.steps, names)))


@_read.register
def _(node: Rotate, names: Lettering) -> Mathematics:
    return Application(ROTATE.name, (read(node.of, names),))


@_read.register
def _(node: Correlate, names: Lettering) -> Mathematics:
    steps = {"stride": node.stride, "dilation": node.dilation}
    given = (
        (word, _steps(sizes, names)) for word, sizes in steps.items() if any(s != 1 for s in sizes)
    )
    return Application(CORRELATE.name, (read(node.of, names), read(node.by, names)), tuple(given))


@_read.register
def _(node: Vjp, names: Lettering) -> Mathematics:
    operands = read(node.of, names), names.tensor(node.wrt), read(node.cotangent, names)
    return Application(VJP.name, operands)


@_read.register
def _(node: IndexSum, names: Lettering) -> Mathematics:
    """Return the sum alone; whoever compares it has the indices on the other side."""
    if (found := multiple(node)) is not None:
        number, of = found
        return _times(size(number), read(of, names))
    first, *others = (element(read(one.of, names), one.index) for one in node.reads)
    product = functools.reduce(_times, others, first)
    return Summation(tuple(map(_below, node.ranges)), product) if node.ranges else product


@_read.register
def _(node: Added, names: Lettering) -> Mathematics:
    first, *others = node.terms
    return functools.reduce(lambda sum_, term: _plus(sum_, term, names), others, read(first, names))


def _plus(left: Mathematics, right: Node, names: Lettering) -> Mathematics:
    if isinstance(right, Scaled) and right.factor < 0:
        return Operation(left, BinarySign.MINUS, read(scaled(right, -1), names))
    return Operation(left, BinarySign.PLUS, read(right, names))


@_read.register
def _(node: Scaled, names: Lettering) -> Mathematics:
    of = read(node.of, names)
    size_ = -node.factor if node.factor < 0 else node.factor
    number: Mathematics = Numeral(size_.numerator)
    if size_.denominator > 1:
        number = Ratio(number, Numeral(size_.denominator))
    product = of if size_ == 1 else _times(number, of)
    return Negation(product) if node.factor < 0 else product


def _times(left: Mathematics, right: Mathematics) -> Mathematics:
    return Operation(left, BinarySign.TIMES, right)


def _below(run: Range) -> Below:
    return Below(Quantity(run.index), size(run.start), size(run.stop))


def element(of: Mathematics, index: Iterable[Size]) -> Mathematics:
    """Return the element of a tensor at this index."""
    return component(of, tuple(map(size, index)))


def size(of: Size) -> Mathematics:
    """Return a size.

    Raises:
        TypeError: it is none.
    """
    match of:
        case int():
            return Numeral(of)
        case Name(name):
            return Quantity(name)
        case Least(left, right) | Greatest(left, right):
            word = LEAST if isinstance(of, Least) else GREATEST
            return Application(word.name, (size(left), size(right)), known=True)
        case Quotient(left, right):
            return FloorRatio(size(left), size(right))
        case Difference(0, right) if not isinstance(right, int):
            return Negation(size(right))
        case Sum() | Difference() | Product() | Remainder():
            return Operation(size(of.left), _SIGNS[type(of)], size(of.right))
    raise TypeError(f"{type(of).__name__} is no size")


def _sizes(sizes: Iterable[Size]) -> Series:
    return Series(tuple(map(size, sizes)))


def _steps(sizes: Sequence[Size], names: Lettering) -> Mathematics:
    same = names.square and all(each == sizes[0] for each in sizes)
    return size(sizes[0]) if same else _sizes(sizes)


def _is_negative(of: Size) -> bool:
    """Whether a size is written with a minus sign in front of all of it."""
    if isinstance(of, int):
        return of < 0
    return isinstance(of, Difference) and of.left == 0 and not isinstance(of.right, int)


def _negated(of: Size) -> Size:
    return of.right if isinstance(of, Difference) else -of if isinstance(of, int) else of

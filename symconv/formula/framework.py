"""A layer as a line of a framework: ``Conv2d(16, 32, 3, stride=2, padding=1, groups=4)``.

The line is read, never run: Python's syntax, against the parameters of PyTorch's layers and with
their defaults, a bias among them.  ``nn.`` or ``torch.nn.`` may stand before the name.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symconv.errors import ParseError, how_many
from symconv.formula.syntax import fail, nearest, shown, syntax_tree

_COMMON = ("in_channels", "out_channels", "kernel_size")

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "Conv": (*_COMMON, "stride", "padding", "dilation", "groups", "bias", "padding_mode"),
    "ConvTranspose": (
        *_COMMON, "stride", "padding", "output_padding", "groups", "bias", "dilation",
        "padding_mode",
    ),
}  # fmt: skip
"""The parameters of each kind of layer, in their order."""

LAYERS: Mapping[str, tuple[str, int]] = {
    f"{kind}{rank}d": (kind, rank) for kind in PARAMETERS for rank in (1, 2, 3)
}
"""Each layer's kind and its number of spatial axes."""


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    """What a framework's line says of a layer: all but the size of the input.

    Attributes:
        rank: how many spatial axes.
        transposed: whether it is a transposed convolution.
        channels: C.
        filters: K.
        filter: the filter's extents.
        stride: for each axis.
        padding: for each axis, on both sides; or ``valid`` or ``same``.
        dilation: for each axis.
        output_padding: for each axis.
        groups: G.
        bias: whether there is one; there is if nothing is said.
    """

    rank: int
    transposed: bool
    channels: int
    filters: int
    filter: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...] | str
    dilation: tuple[int, ...]
    output_padding: tuple[int, ...]
    groups: int
    bias: bool


def read(text: str) -> FrameworkLine:
    """Return the layer that a framework's line describes.

    Raises:
        ParseError: it is none, with the column and the way out.

    >>> read("nn.Conv2d(16, 32, 3, stride=2, groups=4)").filter
    (3, 3)
    """
    tree = syntax_tree(text)
    if not isinstance(tree, ast.Call):
        raise ParseError(f"{shown(text)} is no layer; write one such as Conv2d(16, 32, 3)")
    name = _name(tree.func)
    if name not in LAYERS:
        known = nearest(name, LAYERS) or f"; known are {', '.join(LAYERS)}"
        raise fail(tree, f"unknown layer {shown(name)}{known}")
    kind, rank = LAYERS[name]
    given = _bound(tree, name, PARAMETERS[kind])
    mode = _value(given.get("padding_mode", ast.Constant("zeros")))
    if mode != "zeros":
        raise fail(given["padding_mode"], f"padding_mode {mode!r} is not known here; zeros is")
    stride = _sizes(given, "stride", rank, 1)
    padding: tuple[int, ...] | str
    if kind == "Conv" and isinstance(_value(given.get("padding", ast.Constant(0))), str):
        padding = _named_padding(given["padding"], stride)
    else:
        padding = _sizes(given, "padding", rank, 0, least=0)
    bias = _value(given.get("bias", ast.Constant(True)))
    if not isinstance(bias, bool):
        raise fail(given["bias"], "bias is True or False")
    return FrameworkLine(
        rank=rank,
        transposed=kind == "ConvTranspose",
        channels=_number(given, "in_channels"),
        filters=_number(given, "out_channels"),
        filter=_sizes(given, "kernel_size", rank, 1),
        stride=stride,
        padding=padding,
        dilation=_sizes(given, "dilation", rank, 1),
        output_padding=_sizes(given, "output_padding", rank, 0, least=0),
        groups=_number(given, "groups", 1),
        bias=bias,
    )


def _name(function: ast.expr) -> str:
    """Return the name of a layer, without the module it stands in."""
    match function:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name, value=ast.Name(id="nn")):
            return name
        case ast.Attribute(attr=name, value=ast.Attribute(attr="nn", value=ast.Name(id="torch"))):
            return name
        case _:
            raise fail(function, "write a layer such as Conv2d(..), nn.Conv2d(..)")


def _bound(call: ast.Call, name: str, parameters: tuple[str, ...]) -> dict[str, ast.expr]:
    """Return the arguments by parameter."""
    for argument in call.args[len(parameters) :]:
        raise fail(argument, f"{name} takes at most {how_many(len(parameters), 'argument')}")
    given = dict(zip(parameters, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg not in parameters:
            word = shown(keyword.arg or "**")
            hint = nearest(word, parameters) or f"; it takes {', '.join(parameters)}"
            raise fail(keyword, f"{name} has no argument {word}{hint}")
        if keyword.arg in given:
            raise fail(keyword, f"{name} is given {keyword.arg} twice")
        given[keyword.arg] = keyword.value
    missing = [parameter for parameter in _COMMON if parameter not in given]
    if missing:
        raise ParseError(
            f"{name} needs {' and '.join(missing)}: write {name}(in_channels, out_channels, "
            f"kernel_size), such as {name}(16, 32, 3)"
        )
    return given


def _value(tree: ast.expr) -> Any:
    """Return a number, a tuple of numbers, a word, True, False or None."""
    match tree:
        case ast.Constant(value=bool() | int() | str() | None as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
        case ast.Tuple(elts=entries) | ast.List(elts=entries):
            return tuple(map(_value, entries))
        case _:
            raise fail(tree, "an argument is a number, a tuple of numbers, True, False or a word")


def _number(given: Mapping[str, ast.expr], name: str, default: int | None = None) -> int:
    if name not in given and default is not None:
        return default
    value = _value(given[name])
    if type(value) is not int or value < 1:
        raise fail(given[name], f"{name} is a whole number from 1")
    return value


def _sizes(
    given: Mapping[str, ast.expr], name: str, rank: int, default: int, least: int = 1
) -> tuple[int, ...]:
    """Return one number for each axis."""
    if name not in given:
        return (default,) * rank
    value = _value(given[name])
    sizes = value if isinstance(value, tuple) else (value,) * rank
    if len(sizes) == 1:
        sizes *= rank
    if len(sizes) != rank:
        said = f"{how_many(len(sizes), 'entry')}; {how_many(rank, 'axis')} take 1 or {rank}"
        raise fail(given[name], f"{name} has {said}")
    if any(type(size) is not int or size < least for size in sizes):
        raise fail(given[name], f"{name} is made of whole numbers from {least}")
    return sizes


def _named_padding(tree: ast.expr, stride: tuple[int, ...]) -> str:
    name = str(_value(tree))
    if name not in ("valid", "same"):
        raise fail(tree, f"padding {shown(name)!r} is not known; write numbers, 'valid' or 'same'")
    if name == "same" and max(stride) > 1:
        raise fail(tree, "padding 'same' goes with stride 1 in this framework; write numbers")
    return name

"""Options for sizes and names, spelt the same for every command."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Any

import click
from click.core import ParameterSource

from symconv.geometry import Geometry
from symconv.notation import Notation

Pair = tuple[int, int]

_NUMBER = r"[+-]?\d{1,18}"
_PAIR = re.compile(rf"({_NUMBER})(?:x({_NUMBER}))?", re.ASCII)
_SIDES = re.compile(rf"({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER})", re.ASCII)


class PairType(click.ParamType[Pair]):
    """One number for both axes, or two: ``3`` or ``3x2`` (rows x columns)."""

    name = "N|NxM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Pair:
        """Return (rows, columns), each at least 1."""
        if isinstance(value, tuple):
            return value
        pair = _pair(value)
        if pair is None:
            self.fail(f"{value!r} is no size; write a number, such as 3, or two, such as 3x2")
        if min(pair) < 1:
            self.fail(f"{value!r} is below 1; sizes are whole numbers from 1")
        return pair


class PaddingType(click.ParamType[Any]):
    """``1``, ``1x2``, ``top,bottom,left,right``, ``valid``, ``same`` or ``full``."""

    name = "N|NxM|t,b,l,r|valid|same|full"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a name, or ((top, bottom), (left, right)); negative numbers crop."""
        if value in ("valid", "same", "full"):
            return value
        pair = _pair(value)
        if pair:
            return tuple((n, n) for n in pair)
        sides = _SIDES.fullmatch(value)
        if sides:
            top, bottom, left, right = map(int, sides.groups())
            return (top, bottom), (left, right)
        self.fail(
            f"{value!r} is no padding; write 1, 1x2, top,bottom,left,right (negative crops), "
            "valid, same or full"
        )


class NamesType(click.ParamType[tuple[str, ...]]):
    """Three names separated by commas."""

    name = "X,F,Y"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the names as they are given; `Notation` checks them."""
        return tuple(value.split(",")) if isinstance(value, str) else value


class ListType(click.ParamType[tuple[str, ...]]):
    """Words separated by commas."""

    name = "LIST"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the words, each once; what they mean is for the command to say."""
        if not isinstance(value, str):
            return tuple(value)
        words = [word.strip() for word in value.split(",")]
        if not all(words):
            self.fail(f"{value!r} has an empty entry; write words with a comma between them")
        return tuple(dict.fromkeys(words))


def _pair(value: str) -> Pair | None:
    match = _PAIR.fullmatch(value)
    return (int(match[1]), int(match[2] or match[1])) if match else None


def geometry_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --input, --filter, --stride, --padding and --dilation to a command."""
    sizes = PairType()
    for option in (
        click.option(
            "--dilation",
            type=sizes,
            metavar="N|NxM",
            default="1",
            help="Step between its elements.",
        ),
        click.option(
            "--padding",
            type=PaddingType(),
            metavar="PADDING",
            default="0",
            help="Zeros around the input: N, NxM, top,bottom,left,right (negative crops), valid, "
            "same (TensorFlow's) or full.",
        ),
        click.option(
            "--stride", type=sizes, metavar="N|NxM", default="1", help="Step between windows.  [1]"
        ),
        click.option(
            "--filter", type=sizes, metavar="RxS", default="3x3", help="Filter size.  [3x3]"
        ),
        click.option(
            "--input", type=sizes, metavar="HxW", default="5x5", help="Input size.  [5x5]"
        ),
    ):
        command = option(command)
    return command


def notation_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --names and --index-base to a command."""
    for option in (
        click.option(
            "--index-base",
            type=click.Choice(["0", "1"]),
            metavar="0|1",
            default="0",
            help="Where indices begin.  [0]",
        ),
        click.option(
            "--names",
            type=NamesType(),
            metavar="X,F,Y",
            default="x,f,y",
            help=r"Names of input, filter and output: letters and digits, or \delta.  [x,f,y]",
        ),
    ):
        command = option(command)
    return command


def geometry(options: dict[str, Any]) -> Geometry:
    """Return the geometry that `geometry_options` describe, taking them out of ``options``."""
    names = ("input", "filter", "stride", "padding", "dilation")
    return Geometry.of(**{name: options.pop(name) for name in names})


def notation(options: dict[str, Any]) -> Notation:
    """Return the notation that `notation_options` describe, taking them out of ``options``."""
    return Notation(options.pop("names"), int(options.pop("index_base")))


def hint(notation: Notation, geometry: Geometry | None = None) -> str:
    """Return the comment by which `symconv check` knows what a document is about."""
    words = []
    if geometry is not None:
        sizes = ("input", "filter", "stride", "dilation")
        words += [f"{name}={'x'.join(map(str, getattr(geometry, name)))}" for name in sizes]
        words.append(f"padding={','.join(str(n) for side in geometry.padding for n in side)}")
    words += [f"names={','.join(notation.names)}", f"index-base={notation.base}"]
    return f"symconv: {' '.join(words)}"


def spelling(context: click.Context) -> str:
    """Return the command that makes the same content: what was given, without where it goes."""
    words = context.command_path.split()
    for parameter in context.command.params:
        value = context.params[parameter.name or ""]
        given = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if given and parameter.name not in ("target", "form", "color", "quiet"):
            for one in value if parameter.multiple else [value]:
                words += [parameter.opts[-1]] + ([] if one is True else [_spelt(one)])
    return shlex.join(words)


def _spelt(value: Any) -> str:
    match value:
        case (int(), int()):
            return "x".join(map(str, value if value[0] != value[1] else value[:1]))
        case ((int(), int()), (int(), int())):
            return ",".join(str(n) for side in value for n in side)
        case tuple():
            return ",".join(value)
        case _:
            return str(value)

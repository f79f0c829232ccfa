"""Options for sizes and names, spelt the same for every command."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Any

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from symconv.commands import completion
from symconv.equation import Element
from symconv.errors import ParseError, SymconvError
from symconv.geometry import Geometry, Layer, spatial
from symconv.notation import BIAS, Notation, each_name

Sizes = tuple[int, ...]

_NUMBER = r"[+-]?\d{1,18}"
_EACH = re.compile(rf"{_NUMBER}(?:x{_NUMBER}){{0,2}}", re.ASCII)
_SIDES = re.compile(rf"{_NUMBER}(?:,{_NUMBER}){{1,5}}", re.ASCII)


def _plain(value: str) -> str:
    """Return sizes without blanks and the parentheses around them, in lower case, with an x."""
    closed = "".join(value.split()).lower().replace("\N{MULTIPLICATION SIGN}", "x")
    return closed[1:-1] if closed[:1] + closed[-1:] in ("()", "[]") else closed


class SizesType(click.ParamType[Sizes]):
    """One number for all axes, or one for each of up to three: ``3``, ``3x2``, ``8x8x8``.

    Attributes:
        least: the smallest number that is a size here.
    """

    name = "N|NxM"

    def __init__(self, least: int = 1) -> None:
        self.least = least

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Sizes:
        """Return one number, or one for each axis."""
        if isinstance(value, tuple):
            return value
        plain = _plain(value).replace(",", "x")
        if not _EACH.fullmatch(plain):
            self.fail(f"{value!r} is no size; write a number, such as 3, or two, such as 3x2")
        sizes = tuple(map(int, plain.split("x")))
        if min(sizes) < self.least:
            self.fail(f"{value!r} is below {self.least}; sizes are whole numbers from {self.least}")
        return sizes


class PaddingType(click.ParamType[Any]):
    """``1``, ``1x2``, before,after for each axis in a row, ``valid``, ``same`` or ``full``."""

    name = "N|NxM|t,b,l,r|valid|same|full"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a name, (``x``, numbers for each axis), or (``,``, numbers in a row)."""
        if isinstance(value, tuple):
            return value
        plain = _plain(value)
        if plain in ("valid", "same", "full"):
            return plain
        for separator, form in (("x", _EACH), (",", _SIDES)):
            if form.fullmatch(plain):
                return separator, tuple(map(int, plain.split(separator)))
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
        return each_name(value)


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

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return what may follow: every list of words here is what ``--general`` takes."""
        return completion.general(ctx, param, incomplete)


def geometry_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says the sizes of a layer to a command, in space and in channels."""
    sizes, counts = SizesType(), click.IntRange(min=1)
    for option in (
        click.option(
            "--output-padding",
            type=SizesType(least=0),
            metavar="N|NxM",
            default="0",
            help="With --transposed: elements at the end of the output.",
        ),
        click.option(
            "--transposed", is_flag=True, help="A transposed convolution, as in frameworks."
        ),
        click.option("--bias", is_flag=True, help="A number added to each output channel."),
        click.option(
            "--groups", type=counts, metavar="G", help="Groups of channels, each by itself.  [1]"
        ),
        click.option(
            "--filters", type=counts, metavar="K", help="Output channels, of all groups.  [groups]"
        ),
        click.option(
            "--channels", type=counts, metavar="C", help="Input channels, of all groups.  [groups]"
        ),
        click.option("--batch", type=counts, metavar="N", help="Images.  [1]"),
        click.option(
            "--rank",
            type=click.Choice(["1", "2", "3"]),
            metavar="1|2|3",
            help="Spatial axes, where no size tells.  [2]",
        ),
        click.option(
            "--input-dilation",
            type=sizes,
            metavar="N|NxM",
            default="1",
            help="Step between the input's elements.",
        ),
        click.option(
            "--dilation",
            type=sizes,
            metavar="N|NxM",
            default="1",
            help="Step between the filter's elements.",
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
            "--filter", type=sizes, metavar="RxS", default="3", help="Filter size.  [3x3]"
        ),
        click.option(
            "--input",
            type=sizes,
            metavar="HxW",
            default="5",
            help="Input size; DxHxW: three axes.  [5x5]",
        ),
    ):
        command = option(command)
    return click.argument("layer", required=False, metavar="[LAYER]")(command)


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


SPATIAL = ("input", "filter", "stride", "padding", "dilation", "input_dilation", "output_padding")
CHANNELS = ("batch", "channels", "filters", "groups")


def sizes(context: click.Context, options: dict[str, Any]) -> Geometry | Layer:
    """Return what `geometry_options` describe, taking it out of ``options``.

    A layer where a framework's line is given, or any of batch, channels, filters, groups, bias.

    Raises:
        SymconvError: sizes that do not fit together, with the way out.
    """
    line = options.pop("layer")
    given = {name: options.pop(name) for name in (*SPATIAL, "transposed", "rank")}
    counts = {name: options.pop(name) for name in CHANNELS}
    bias = options.pop("bias")
    if line is not None:
        given, counts, bias = _from_line(context, line, given, counts)
    rank = _rank(context, given, counts)
    padding = _padding(given.pop("padding"), rank)
    transposed = given.pop("transposed")
    each = {name: value * rank if len(value) == 1 else value for name, value in given.items()}
    geometry = Geometry.of(**each, padding=padding, transposed=transposed, rank=rank)
    if not bias and all(count is None for count in counts.values()):
        return geometry
    groups = counts["groups"] or 1
    return Layer(
        geometry,
        counts["batch"] or 1,
        counts["channels"] or groups,
        counts["filters"] or groups,
        groups,
        bias,
    )


def _from_line(
    context: click.Context, text: str, given: dict[str, Any], counts: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """Return the sizes that a framework's line says, with the input's and the batch's."""
    from symconv.formula import framework

    try:
        line = framework.read(text)
    except ParseError as error:
        raise SymconvError(f"{text!r} is no layer: {error}") from None
    for name in (*SPATIAL, "transposed", "channels", "filters", "groups", "bias"):
        if name not in ("input", "input_dilation") and is_given(context, name):
            flag = "--" + name.replace("_", "-")
            raise SymconvError(f"{flag} is said twice: the layer {text!r} tells it, so drop {flag}")
    named = isinstance(line.padding, str)
    said = {
        "input": given["input"],
        "filter": line.filter,
        "stride": line.stride,
        "padding": line.padding if named else ("x", line.padding),
        "dilation": line.dilation,
        "input_dilation": given["input_dilation"],
        "output_padding": line.output_padding,
        "transposed": line.transposed,
        "rank": given["rank"] or str(line.rank),
    }
    channels = {"channels": line.channels, "filters": line.filters, "groups": line.groups}
    return said, {"batch": counts["batch"], **channels}, line.bias


def _rank(context: click.Context, given: dict[str, Any], counts: dict[str, Any]) -> int:
    """Return the number of spatial axes, on which all sizes have to agree."""
    rank = given.pop("rank")
    said = {
        name: len(given[name]) for name in SPATIAL if name != "padding" and len(given[name]) > 1
    }
    if rank is not None:
        said = {"rank": int(rank), **said}
    if len(set(said.values())) <= 1:
        return next(iter(said.values()), 2)
    (first, many), *others = said.items()
    other, few = next((name, axes) for name, axes in others if axes != many)
    words = {1: "one axis", 2: "two axes", 3: "three axes"}
    way_out = "say as many numbers for each, or one for all axes"
    if given["input"][1:] and len(given["input"]) == len(given["filter"]) + 1 > 2:
        channels, *space = given["input"]
        way_out = (
            f"{words[few]} with channels are "
            f"--channels {channels} --input {'x'.join(map(str, space))}"
        )
    raise SymconvError(
        f"--{first.replace('_', '-')} speaks of {words[many]}, --{other.replace('_', '-')} of "
        f"{words[few]}; {way_out}"
    )


def _padding(padding: Any, rank: int) -> Any:
    """Return a name, or (before, after) for each axis."""
    if isinstance(padding, str):
        return padding
    separator, numbers = padding
    if len(numbers) in (1, rank):
        each = numbers * rank if len(numbers) == 1 else numbers
        return tuple((n, n) for n in each)
    if separator == "," and len(numbers) == 2 * rank:
        return tuple(zip(numbers[::2], numbers[1::2], strict=True))
    written = separator.join(map(str, numbers))
    axes = {1: "one axis", 2: "two axes", 3: "three axes"}[rank]
    raise SymconvError(
        f"--padding {written} does not fit {axes}: write one number, {rank} or {2 * rank} "
        "(before,after for each axis in a row)"
        if rank > 1
        else f"--padding {written} does not fit one axis: write one number, or before,after"
    )


def is_given(context: click.Context, name: str) -> bool:
    """Whether an option or argument is given on the command line."""
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def notation(options: dict[str, Any]) -> Notation:
    """Return the notation that `notation_options` describe, taking them out of ``options``."""
    return Notation(options.pop("names"), int(options.pop("index_base")))


def element(text: str, notation: Notation, sizes: Geometry | Layer) -> Element:
    """Return the element that --element names; of a layer, its leading indices come first.

    Raises:
        SymconvError: there is no such element.
    """
    geometry = spatial(sizes)
    shapes = {"X": geometry.input, "F": geometry.filter, "Y": geometry.output}
    has_bias = isinstance(sizes, Layer) and sizes.bias
    if not has_bias and re.match(rf"\s*{notation.letter(BIAS)}\s*(\[|$)", text):
        raise SymconvError(f"element {text!r}: there is no bias here; add --bias, or drop it")
    if isinstance(sizes, Geometry):
        return notation.read(text, shapes)
    from symconv.readings.layers import leading_axes

    axes = leading_axes(sizes)
    leading = {tensor: {axis.noun: axis.size for axis in axes[tensor]} for tensor in axes}
    return notation.read(text, shapes | ({BIAS: ()} if sizes.bias else {}), leading)


def hints(notation: Notation, geometry: Geometry | None = None) -> list[str]:
    """Return the comments by which `symconv check` knows what a document is about.

    What it does not know, it is told to leave alone.
    """
    words = []
    if geometry is not None:
        if unknown := _unknown_to_check(geometry):
            return [f"symconv check does not judge {unknown}", "symconv: off"]
        sizes = ("input", "filter", "stride", "dilation")
        words += [f"{name}={'x'.join(map(str, getattr(geometry, name)))}" for name in sizes]
        words.append(f"padding={','.join(str(n) for side in geometry.padding for n in side)}")
    words += [f"names={','.join(notation.names)}", f"index-base={notation.base}"]
    return [f"symconv: {' '.join(words)}"]


def _unknown_to_check(geometry: Geometry) -> str:
    """Return what `symconv check` has no hint for, in words; nothing where it has one for all."""
    if geometry.transposed:
        return "transposed convolutions"
    if len(geometry.axes) > 2:
        return "three axes"
    return "input dilation" if max(geometry.input_dilation) > 1 else ""


def spelling(context: click.Context) -> str:
    """Return the command that makes the same content: what was given, without where it goes."""
    words = context.command_path.split()
    for parameter in context.command.params:
        value = context.params[parameter.name or ""]
        given = is_given(context, parameter.name or "")
        if given and parameter.name not in ("target", "form", "color", "quiet", "check"):
            for one in value if parameter.multiple else [value]:
                flag = [] if isinstance(parameter, click.Argument) else [parameter.opts[-1]]
                words += flag + ([] if one is True else [_spelt(one)])
    return shlex.join(words)


def _spelt(value: Any) -> str:
    match value:
        case (str() as separator, (int(), *_) as numbers):
            return separator.join(map(str, numbers))
        case (int(), *_):
            return "x".join(map(str, value))
        case tuple():
            return ",".join(value)
        case _:
            return str(value)

"""``symconv figure``: one picture of the forward pass, of a gradient, or of a step between."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from symconv.commands import StrictCommand, completion, options, output
from symconv.errors import SymconvError, how_many
from symconv.geometry import Layer, spatial

EXTENSIONS = {".svg": "svg", ".png": "png", ".gif": "gif", ".tikz": "tikz", ".tex": "tikz"}


@click.command(
    "figure",
    cls=StrictCommand,
    epilog="Kinds: forward, contributions, dilate, pad, rotate, input-gradient, filter-gradient, "
    "channels, proof, sheet, wrong.  Exit status: 0 drawn, 2 bad usage.",
)
@click.argument("kind", metavar="KIND", shell_complete=completion.kinds)
@options.geometry_options
@click.option(
    "--element",
    metavar="'x[m,n]'",
    help="The element to look at, of input, filter or output.  [the busiest input]",
)
@click.option("--step", type=int, metavar="K", help="Only this step, counted from 1.")
@click.option(
    "--frames",
    metavar="DIR",
    shell_complete=completion.folders,
    help="Write every step as a file of its own there.",
)
@click.option(
    "--of",
    type=click.Choice(["forward", "input-gradient", "filter-gradient", "wrong"]),
    default="input-gradient",
    help="Whose frames a sheet holds.  [input-gradient]",
)
@click.option("--dark", is_flag=True, help="Light on dark.")
@click.option("--plain", is_flag=True, help="Small cells without symbols, for large sizes.")
@options.notation_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["svg", "png", "gif", "tikz"]),
    help="Form of the picture.  [by -o's extension, else svg]",
)
@click.option(
    "-o",
    "--output",
    "target",
    default="-",
    metavar="FILE",
    callback=output.ready,
    shell_complete=completion.files,
    help="Write there; - is stdout.",
)
def command(**given: Any) -> int:
    """Draw the forward pass or a gradient of a convolution; sliding windows move in SVG and GIF.

    \b
    symconv figure input-gradient --stride 2 -o slide.svg
    symconv figure contributions --stride 2 --element 'x[2,2]' -o x22.png
    symconv figure forward --input 6 --filter 3 --frames steps/ --format png
    """
    form = output.chosen_format(given["form"], given["target"], EXTENSIONS, "svg")
    from symconv.figures.kinds import SHEET, kind
    from symconv.views import figure

    if given["kind"] != SHEET:
        kind(given["kind"])
    if given["frames"] is not None:
        output.check_writable(given["frames"], "--frames", folders=True)
    order = _order(given)
    if given["frames"] is not None:
        _write_frames(order, form, given)
        return 0
    data = figure.draw(order, form)
    if form in ("svg", "tikz"):
        output.write([data.decode()], given["target"])
    else:
        output.write_bytes(data, given["target"])
    if given["target"] != "-":
        print(f"Wrote {given['target']}", file=sys.stderr)
    return 0


def _order(given: dict[str, Any]) -> Any:
    from symconv.figures.layout import Style
    from symconv.figures.subject import Subject
    from symconv.views.figure import Order

    sizes = options.sizes(click.get_current_context(), given)
    geometry = spatial(sizes)
    notation = options.notation(given)
    element = options.element(given["element"], notation, geometry) if given["element"] else None
    layer = sizes if isinstance(sizes, Layer) else None
    subject = Subject(geometry, element, given["plain"], layer)
    style = Style(notation, plain=given["plain"])
    step = None if given["step"] is None else given["step"] - 1
    return Order(given["kind"], subject, style, given["dark"], step, given["of"])


def _write_frames(order: Any, form: str, given: dict[str, Any]) -> None:
    """Write each step as ``kind-01.svg``, all of them drawn before the first is written."""
    from symconv.views import figure

    if given["step"] is not None or given["target"] != "-" or form == "gif":
        raise SymconvError("--frames writes every step as a still; drop --step, -o and gif")
    scenes = [figure.still(order)] if order.kind == "sheet" else figure.steps(order)
    files = [figure.encode([scene], order, form) for scene in scenes]
    folder = Path(given["frames"])
    digits = max(len(str(len(files))), 2)
    output.write_together(
        {
            folder / f"{order.kind}-{number:0{digits}}.{form}": data
            for number, data in enumerate(files, 1)
        }
    )
    print(f"Wrote {how_many(len(files), 'file')} to {folder}", file=sys.stderr)

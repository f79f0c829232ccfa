"""A figure as a file: which frames it takes, how they share a page, and in which format."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from symconv.equation import Element
from symconv.errors import SymconvError
from symconv.figures.kinds import KINDS, SHEET, frame, frames, good_step
from symconv.figures.kinds import kind as known_kind
from symconv.figures.layout import Style, lay_out
from symconv.figures.palette import DARK, LIGHT, Palette
from symconv.figures.scene import Scene, stacked
from symconv.figures.subject import Subject
from symconv.geometry import Geometry, Layer, Padding, Sizes, spatial
from symconv.notation import Notation
from symconv.views import svg

FORMATS = ("svg", "png", "gif", "tikz")

SYMBOL_POINTS = 0.6
"""How many points of a TikZ picture are a point of the scene: symbols of about 10 points."""

WIDEST = 400.0
"""The width in points that a TikZ picture keeps within, that of a page or a slide."""


@dataclass(frozen=True, slots=True)
class Order:
    """The figure that is asked for.

    Attributes:
        kind: one of `KINDS`, or the sheet.
        subject: of what.
        style: how.
        dark: whether in the dark palette.
        step: the only step, from 0, or None for the whole figure.
        of: the kind whose frames a sheet holds.
    """

    kind: str
    subject: Subject
    style: Style
    dark: bool = False
    step: int | None = None
    of: str = "input-gradient"

    @property
    def palette(self) -> Palette:
        """The colours."""
        return DARK if self.dark else LIGHT

    @property
    def shows(self) -> str:
        """The contents of the figure, in words."""
        part = f" ({self.subject.part})" if self.subject.part else ""
        if self.kind == SHEET:
            return f"all frames of {self.of}: {known_kind(self.of).shows}{part}"
        return f"{known_kind(self.kind).shows}{part}"


def draw(order: Order, form: str) -> bytes:
    """Return the file that shows an order, as svg, png, gif or tikz.

    Raises:
        SymconvError: an unknown kind or step, too many frames, or Pillow missing.
    """
    moving = order.step is None and order.kind in KINDS and form == "gif"
    moving |= form == "svg" and order.step is None and _slides(order.kind)
    scenes = steps(order) if moving else [still(order)]
    first = good_step(order.kind, order.subject) if moving else 0
    return encode(scenes, order, form, first)


@dataclass(frozen=True, slots=True, repr=False)
class Figure:
    """A figure, drawn when it is asked for; a notebook shows it as SVG.

    Attributes:
        order: what is drawn, and how.
    """

    order: Order

    def svg(self) -> str:
        """Return the picture as SVG; one that slides moves."""
        return draw(self.order, "svg").decode()

    def png(self) -> bytes:
        """Return the picture as PNG."""
        return draw(self.order, "png")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file, in the format of its name: .svg, .png, .gif or .tikz.

        Raises:
            SymconvError: the name has another ending, or the file cannot be written.
        """
        form = Path(path).suffix.removeprefix(".")
        if form not in FORMATS:
            known = ", ".join(f".{each}" for each in FORMATS)
            raise SymconvError(f"{os.fspath(path)!r} is no picture: its name ends in {known}")
        data = draw(self.order, form)
        try:
            Path(path).write_bytes(data)
        except OSError as error:
            raise SymconvError(f"cannot write {os.fspath(path)!r}: {error.strerror}") from None

    def _repr_svg_(self) -> str:
        return self.svg()

    def __repr__(self) -> str:
        return f"{self.order.shows}, {'x'.join(map(str, self.order.subject.geometry.input))}"


def figure(
    kind: str = "input-gradient",
    input: Sizes | Geometry | Layer = (5, 5),
    filter: Sizes = (3, 3),
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    *,
    element: Element | str | None = None,
    step: int | None = None,
    dark: bool = False,
    plain: bool = False,
    of: str = "input-gradient",
    names: str | Sequence[str] | Notation = ("x", "f", "y"),
    index_base: int = 0,
) -> Figure:
    """Return a picture of the forward pass, of a gradient, or of a step between.

    Args:
        kind: forward, contributions, dilate, pad, rotate, input-gradient, filter-gradient,
            channels, proof, sheet or wrong.
        input: (H, W), or a whole `Geometry` of one or two axes, or a `Layer`, of which one image,
            channel and filter are drawn, and by ``channels`` the sums over them.
        filter: (R, S).
        stride: (u, v).
        padding: as in `Geometry.of`.
        dilation: (d, e).
        element: the element to look at, such as "x[2,2]"; the busiest of the input where none is
            given.
        step: the only step, counted from 1; all of them, moving, where none is given.
        dark: whether light on dark.
        plain: whether cells are small and without symbols, for large sizes.
        of: whose frames a sheet holds.
        names: what input, filter and output are called, such as "X,F,O".
        index_base: 0 or 1, where indices begin.

    Raises:
        GeometryError: the sizes describe no convolution.
        SymconvError: an unknown kind or step, or sizes that are too large to draw.

    >>> figure("input-gradient", 5, 3, stride=2)
    the rotated filter sliding over the gradient while dX fills in, 5x5
    """
    layer = input if isinstance(input, Layer) else None
    geometry = (
        spatial(input)
        if isinstance(input, Geometry | Layer)
        else Geometry.of(input, filter, stride, padding, dilation)
    )
    notation = Notation.of(names, index_base)
    if isinstance(element, str):
        shapes = {"X": geometry.input, "F": geometry.filter, "Y": geometry.output}
        element = notation.read(element, shapes)
    style = Style(notation, plain=plain)
    order = Order(
        kind,
        Subject(geometry, element, plain, layer),
        style,
        dark,
        None if step is None else step - 1,
        of,
    )
    if kind != SHEET:
        known_kind(kind)
    return Figure(order)


def encode(scenes: Sequence[Scene], order: Order, form: str, first: int = 0) -> bytes:
    """Return scenes in a format; ``first`` is what is seen where nothing moves."""
    return encoded(scenes, form, order.palette, order.style.notation, order.shows, first)


def encoded(
    scenes: Sequence[Scene],
    form: str,
    palette: Palette,
    notation: Notation,
    shows: str,
    first: int = 0,
) -> bytes:
    """Return scenes in a format.

    Args:
        scenes: the steps, of which tikz and png have the first alone.
        form: svg, png, gif or tikz.
        palette: the colours.
        notation: what tensors are called.
        shows: the contents, in words.
        first: the step that is seen where nothing moves.
    """
    if form == "svg":
        return svg.draw(scenes, palette, notation, shows, first).encode()
    if form == "tikz":
        from symconv.views import tikz

        width = min(scenes[0].width * SYMBOL_POINTS, WIDEST)
        return tikz.draw(scenes[0], palette, notation, width).encode()
    from symconv.views import raster

    if form == "png":
        return raster.png(scenes[0], palette, notation)
    return raster.gif(scenes, palette, notation)


def steps(order: Order) -> list[Scene]:
    """Return the scenes of all steps, of one size."""
    return lay_out(frames(order.kind, order.subject), order.style)


def still(order: Order) -> Scene:
    """Return the one page of a figure that does not move."""
    if order.kind == SHEET:
        return _sheet(order)
    if order.step is not None or _slides(order.kind):
        step = good_step(order.kind, order.subject) if order.step is None else order.step
        return lay_out([frame(order.kind, order.subject, step)], order.style)[0]
    scenes = steps(order)
    return stacked(scenes, 1 if len(scenes) == 1 else 2)


def _slides(name: str) -> bool:
    return name != SHEET and known_kind(name).result is not None


def _sheet(order: Order) -> Scene:
    """Return all frames of a kind on one page that is a little wider than high."""
    style = replace(order.style, heading=False)
    scenes = lay_out(frames(order.of, order.subject), style)
    ratio = scenes[0].height / scenes[0].width
    columns = max(round(math.sqrt(len(scenes) * ratio * math.sqrt(2))), 1)
    fuller = min((columns, columns + 1), key=lambda n: -len(scenes) % n)  # a short last row: none
    return stacked(scenes, fuller, scale=0.5)

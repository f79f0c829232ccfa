"""A figure as a file: which frames it takes, how they share a page, and in which format."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from symconv.figures.kinds import KINDS, SHEET, frame, frames, good_step, kind
from symconv.figures.layout import Style, lay_out
from symconv.figures.palette import DARK, LIGHT, Palette
from symconv.figures.scene import Scene, stacked
from symconv.figures.subject import Subject
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
            return f"all frames of {self.of}: {kind(self.of).shows}{part}"
        return f"{kind(self.kind).shows}{part}"


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


def encode(scenes: Sequence[Scene], order: Order, form: str, first: int = 0) -> bytes:
    """Return scenes in a format; ``first`` is what is seen where nothing moves."""
    notation = order.style.notation
    if form == "svg":
        return svg.draw(scenes, order.palette, notation, order.shows, first).encode()
    if form == "tikz":
        from symconv.views import tikz

        width = min(scenes[0].width * SYMBOL_POINTS, WIDEST)
        return tikz.draw(scenes[0], order.palette, notation, width).encode()
    from symconv.views import raster

    if form == "png":
        return raster.png(scenes[0], order.palette, notation)
    return raster.gif(scenes, order.palette, notation)


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
    return name != SHEET and kind(name).result is not None


def _sheet(order: Order) -> Scene:
    """Return all frames of a kind on one page that is a little wider than high."""
    style = replace(order.style, heading=False)
    scenes = lay_out(frames(order.of, order.subject), style)
    ratio = scenes[0].height / scenes[0].width
    columns = max(round(math.sqrt(len(scenes) * ratio * math.sqrt(2))), 1)
    fuller = min((columns, columns + 1), key=lambda n: -len(scenes) % n)  # a short last row: none
    return stacked(scenes, fuller, scale=0.5)

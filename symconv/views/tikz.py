r"""Draws scenes as TikZ: core TikZ only, every label set by LaTeX, a fixed bounding box.

Several scenes become overlays of one picture (beamer's ``\only``): what stays is drawn once.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from symconv.figures.palette import Ink, Palette
from symconv.figures.scene import Group, Item, Rectangle, Scene, Stroke, Text, presence
from symconv.notation import Notation
from symconv.views import labels
from symconv.views.writers import Latex

POINTS = 10.0
"""The size in points of LaTeX's text, which labels are scaled from."""


def draw(
    scenes: Sequence[Scene],
    palette: Palette,
    notation: Notation,
    width: float,
    colours: bool = True,
) -> str:
    """Return a ``tikzpicture``: one scene, or several as the overlays of one frame.

    Args:
        scenes: the steps, all of one size.
        palette: the colours.
        notation: names and the first index.
        width: how wide the picture is to be, in points.
        colours: whether the picture defines its colours itself.
    """
    scale = width / scenes[0].width
    pen = _Pen(notation, scale)
    page = f"(0,0) rectangle ({scenes[0].width:.1f},{scenes[0].height:.1f})"
    lines = [
        f"\\begin{{tikzpicture}}[x={scale:.4f}pt,y=-{scale:.4f}pt]",
        *(definitions(palette, _inks(scenes)) if colours else ()),
        f"\\path[use as bounding box] {page};",
    ]
    if palette[Ink.PAPER] != "FFFFFF":
        lines.append(f"\\fill[sc{_name(Ink.PAPER)}] {page};")
    for group in presence(scenes):
        lines += _group(group, len(scenes), pen)
    return "\n".join([*lines, "\\end{tikzpicture}", ""])


def definitions(palette: Palette, inks: Iterable[Ink] = Ink) -> list[str]:
    """Return the definitions of colours."""
    return [f"\\definecolor{{sc{_name(ink)}}}{{HTML}}{{{palette[ink]}}}" for ink in inks]


def overlays(steps: Sequence[int]) -> str:
    """Return steps, counted from 0, as beamer's overlay specification: ``1-3,5``."""
    ranges: list[list[int]] = []
    for step in steps:
        if ranges and step == ranges[-1][1] + 1:
            ranges[-1][1] = step
        else:
            ranges.append([step, step])
    return ",".join(f"{a + 1}" if a == b else f"{a + 1}-{b + 1}" for a, b in ranges)


def _group(group: Group, steps: int, pen: _Pen) -> list[str]:
    items = [_item(item, pen) for item in group.items]
    if len(group.steps) == steps:
        return items
    return [f"\\only<{overlays(group.steps)}>{{%", *items, "}"]


class _Pen:
    """What every item needs to be drawn."""

    def __init__(self, notation: Notation, scale: float) -> None:
        self.write = Latex(notation)
        self.scale = scale


def _name(ink: Ink) -> str:
    return ink.name.lower().replace("_", "")


def _inks(scenes: Sequence[Scene]) -> list[Ink]:
    used: set[Ink | None] = {Ink.PAPER}
    for scene in scenes:
        for item in scene.items:
            used.update((item.fill, item.stroke) if isinstance(item, Rectangle) else (item.ink,))
    return [ink for ink in Ink if ink in used]


@functools.singledispatch
def _item(item: Item, pen: _Pen) -> str:
    raise TypeError(f"TikZ cannot show {type(item).__name__}")


@_item.register
def _(item: Rectangle, pen: _Pen) -> str:
    options = [f"fill=sc{_name(item.fill)}"] if item.fill else []
    if item.stroke and item.line:
        options += [f"draw=sc{_name(item.stroke)}", f"line width={item.line * pen.scale:.2f}pt"]
    corners = f"({item.x:.1f},{item.y:.1f}) rectangle ++({item.width:.1f},{item.height:.1f})"
    return f"\\path[{','.join(options)}] {corners};"


@_item.register
def _(item: Stroke, pen: _Pen) -> str:
    arrow = "->," if item.arrow else ""
    return (
        f"\\draw[{arrow}sc{_name(item.ink)},line width={item.line * pen.scale:.2f}pt] "
        f"({item.x1:.1f},{item.y1:.1f}) -- ({item.x2:.1f},{item.y2:.1f});"
    )


@_item.register
def _(item: Text, pen: _Pen) -> str:
    # Computer Modern runs a little wider than Times, which the layout reckons with.
    size = item.size * pen.scale / POINTS * 0.93
    anchor = "anchor=west," if item.start else ""
    return (
        f"\\node[{anchor}inner sep=0pt,scale={size:.3f},text=sc{_name(item.ink)}] "
        f"at ({item.x:.1f},{item.y:.1f}) {{{labels.mixed(item.label, pen.write)}}};"
    )

r"""Draws scenes as TikZ: core TikZ only, every label set by LaTeX, a fixed bounding box.

Several scenes become overlays of one picture (beamer's ``\only``) on what stays.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from symconv.figures.palette import Ink, Palette
from symconv.figures.scene import Dot, Item, Rectangle, Scene, Stroke, Text, animation, outline
from symconv.figures.typeset import is_tall
from symconv.notation import Notation
from symconv.telling.writers import Latex
from symconv.views import labels

POINTS = 10.0
"""The size in points that labels are set in, before they are scaled."""

FONT = "font=\\fontsize{10}{12}\\selectfont"

DISPLAY = "\\displaystyle"


def draw(
    scene: Scene, palette: Palette, notation: Notation, width: float, colours: bool = True
) -> str:
    """Return a ``tikzpicture`` that shows one scene.

    Args:
        scene: what to draw.
        palette: the colours.
        notation: names and the first index.
        width: how wide the picture is to be, in points.
        colours: whether the picture defines its colours itself.
    """
    pen = _Pen(notation, width / scene.width)
    lines = definitions(palette, _inks(scene)) if colours else []
    if palette[Ink.PAPER] != "FFFFFF":
        lines.append(f"\\fill[sc{_name(Ink.PAPER)}] {_page(scene)};")
    return _picture(scene, pen, [*lines, *(_item(item, pen) for item in scene.items)])


def overlaid(scenes: Sequence[Scene], notation: Notation, width: float) -> tuple[str, str]:
    """Return scenes as what a beamer frame needs: what goes before it, and what goes into it.

    What is there in every step is set once, in the box ``\\symconvbase`` before the frame; the
    frame lays on it what each step adds.
    """
    pen = _Pen(notation, width / scenes[0].width)
    moving = animation(scenes)
    base = _picture(scenes[0], pen, [_item(item, pen) for item in moving.base])
    lines = ["\\node[inner sep=0pt,anchor=north west] at (0,0) {\\usebox{\\symconvbase}};"]
    for group in moving.groups:
        lines += [f"\\only<{overlays(group.steps)}>{{%", *(_item(i, pen) for i in group.items), "}"]
    return f"\\sbox{{\\symconvbase}}{{%\n{base}}}\n", _picture(scenes[0], pen, lines)


def _picture(scene: Scene, pen: _Pen, lines: Sequence[str]) -> str:
    head = f"\\begin{{tikzpicture}}[x={pen.scale:.4f}pt,y=-{pen.scale:.4f}pt,{FONT}]"
    box = f"\\path[use as bounding box] {_page(scene)};"
    return "\n".join([head, box, *lines, "\\end{tikzpicture}%", ""])


def _page(scene: Scene) -> str:
    return f"(0,0) rectangle ({scene.width:.1f},{scene.height:.1f})"


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


class _Pen:
    """The context in which items are drawn."""

    def __init__(self, notation: Notation, scale: float) -> None:
        self.write = Latex(notation)
        self.scale = scale


def _name(ink: Ink) -> str:
    return ink.name.lower().replace("_", "")


def _inks(scene: Scene) -> list[Ink]:
    used: set[Ink | None] = {Ink.PAPER}
    for item in scene.items:
        used.update((item.fill, item.stroke) if isinstance(item, Rectangle) else (item.ink,))
    return [ink for ink in Ink if ink in used]


@functools.singledispatch
def _item(item: Item, pen: _Pen) -> str:
    raise TypeError(f"TikZ cannot show {type(item).__name__}")


@_item.register
def _(item: Rectangle, pen: _Pen) -> str:
    fill = [f"fill=sc{_name(item.fill)}"] if item.fill else []
    line = []
    if item.stroke and item.line:
        line = [f"draw=sc{_name(item.stroke)}", f"line width={item.line * pen.scale:.2f}pt"]
    if item.dash:
        dash, gap = (length * pen.scale for length in item.dash)
        line.append(f"dash pattern=on {dash:.2f}pt off {gap:.2f}pt")
    if not item.inset:
        return f"\\path[{','.join(fill + line)}] {_corners(item)};"
    return (
        f"\\path[{','.join(fill)}] {_corners(item)};\n"
        f"\\path[{','.join(line)}] {_corners(outline(item))};"
    )


def _corners(item: Rectangle) -> str:
    return f"({item.x:.1f},{item.y:.1f}) rectangle ++({item.width:.1f},{item.height:.1f})"


@_item.register
def _(item: Dot, pen: _Pen) -> str:
    radius = f"{item.radius * pen.scale:.2f}pt"
    return f"\\fill[sc{_name(item.ink)}] ({item.x:.1f},{item.y:.1f}) circle[radius={radius}];"


@_item.register
def _(item: Stroke, pen: _Pen) -> str:
    arrow = "->," if item.arrow else ""
    return (
        f"\\draw[{arrow}sc{_name(item.ink)},line width={item.line * pen.scale:.2f}pt] "
        f"({item.x1:.1f},{item.y1:.1f}) -- ({item.x2:.1f},{item.y2:.1f});"
    )


@_item.register
def _(item: Text, pen: _Pen) -> str:
    # Computer Modern runs a little wider than Times, which the layout reckons with.  In a cell a
    # fraction is set in text style, smaller and with less room around the bar.
    in_cell = item.cell is not None and is_tall(item.label)
    size = item.size * pen.scale / POINTS * (1.02 if in_cell else 0.93)
    text = labels.mixed(item.label, pen.write, "" if in_cell else DISPLAY)
    anchor = "anchor=west," if item.start else ""
    return (
        f"\\node[{anchor}inner sep=0pt,scale={size:.3f},text=sc{_name(item.ink)}] "
        f"at ({item.x:.1f},{item.y:.1f}) {{{text}}};"
    )

"""Draws scenes as SVG: real text in a font that the file holds, nothing fetched from anywhere.

Several scenes become one animation: what stays is drawn once, and each group of things that
change is visible in its steps only.  Where animations do not play, one step stands still.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from symconv.figures.labels import Word, spoken
from symconv.figures.palette import Ink, Palette
from symconv.figures.scene import (
    Dot,
    Item,
    Phase,
    Rectangle,
    Scene,
    Stroke,
    Text,
    animation,
    outline,
    without_window,
)
from symconv.figures.typeset import (
    FRACTION_SIZE,
    INDEX_DROP,
    INDEX_SIZE,
    Fraction,
    Piece,
    Runs,
    TypesetLine,
    typeset,
)
from symconv.notation import Notation
from symconv.views import motion, webfont
from symconv.views.motion import Timetable

FAMILY = "STIX Two Text, STIXGeneral, Times New Roman, Times, serif"
"""What stands in where a viewer passes over the font in the file."""

MIDDLE = 0.33
"""How far the baseline lies below the middle of the letters, in sizes."""


def draw(
    scenes: Sequence[Scene],
    palette: Palette,
    notation: Notation,
    title: str = "",
    still: int = 0,
) -> str:
    """Return an SVG file: one scene still, several as an endless animation.

    Args:
        scenes: the steps, all of one size.
        palette: the colours.
        notation: names and the first index.
        title: what the figure shows, for those who hear it.
        still: the step that is seen where animations do not play.
    """
    pen = _Pen(palette, notation)
    width, height = (f"{size:.0f}" for size in (scenes[0].width, scenes[0].height))
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {height}",
            "width": width,
            "height": height,
            "text-rendering": "geometricPrecision",  # no widths rounded to whole pixels
            "role": "img",
        },
    )
    if title:
        SubElement(root, "title").text = title
    if told := _told(scenes, notation, still):
        SubElement(root, "desc").text = told
    sheet = SubElement(root, "style")
    SubElement(
        root,
        "rect",
        {"width": width, "height": height, "fill": pen.colour(Ink.PAPER), "class": "page"},
    )
    bare, windows = without_window(scenes)
    moving = animation(bare)
    table = Timetable.of([scene.rest for scene in scenes])
    for item in moving.base:
        _item(item, root, pen)
    for group in moving.groups:
        _group(root, group, table, still, pen)
    if windows:
        _window(root, windows, table, still, pen)
    family, sheet.text = webfont.faces(_written(root))
    if len(scenes) > 1:
        root.set("data-begins", " ".join(_number(begin, 3) for begin in table.begins))
        sheet.text += f"\n{motion.REDUCED}"
    root.set("font-family", f"{family}, {FAMILY}")
    for child in root.iter():  # not within a text, where white space would be seen
        if child.tag != "tspan":
            child.tail = "\n"
    return ElementTree.tostring(root, encoding="unicode")


def _told(scenes: Sequence[Scene], notation: Notation, still: int) -> str:
    """Return what is seen, in sentences; of an animation, in the step that stands still."""
    told: list[str] = []
    for label in scenes[still].told:
        said = " ".join(spoken(label, notation).split())
        if said.startswith("+ "):  # a sum goes on
            told[-1] += f" {said}"
        else:
            told.append(said[0].upper() + said[1:] if isinstance(label[0], Word) else said)
    if len(scenes) > 1:
        told.append(f"An animation; this is step {still + 1} of {len(scenes)}")
    return "".join(f"{each}. " if each[-1] not in ".:" else f"{each} " for each in told).strip()


def _written(root: Element) -> dict[bool, str]:
    """Return all that is written upright (False), and italic (True)."""
    texts: dict[bool, str] = {}
    for span in root.iter("tspan"):
        italic = "font-style" in span.attrib
        texts[italic] = texts.get(italic, "") + (span.text or "")
    return texts


def _group(root: Element, group: Phase, table: Timetable, still: int, pen: _Pen) -> None:
    for rays in (False, True):
        items = [item for item in group.items if (isinstance(item, Stroke) and item.ray) == rays]
        if items:
            parent = SubElement(root, "g", _seen(still in group.steps))
            parent.append(table.shown(group.steps, brief=rays))
            for item in items:
                _item(item, parent, pen)


def _window(
    root: Element, windows: Sequence[Rectangle], table: Timetable, still: int, pen: _Pen
) -> None:
    """Append the window that glides, and one that stands still for who asks for less motion."""
    gliding = SubElement(root, "g", {"class": motion.MOVING})
    _item(windows[still], gliding, pen)
    for attribute in ("x", "y"):
        places = [_number(getattr(window, attribute)) for window in windows]
        if len(set(places)) > 1:
            gliding[0].append(table.glide(attribute, places))
    standing = SubElement(root, "g", {"class": motion.STILL, "visibility": "hidden"})
    _item(windows[still], standing, pen)


def _seen(seen: bool) -> dict[str, str]:
    """Return how a group is seen where nothing moves."""
    return {
        "visibility": "visible" if seen else "hidden",
        "class": motion.STILL if seen else motion.MOVING,
    }


class _Pen:
    """The context in which items are drawn."""

    def __init__(self, palette: Palette, notation: Notation) -> None:
        self.palette = palette
        self.notation = notation

    def colour(self, ink: Ink | None) -> str:
        return "none" if ink is None else f"#{self.palette[ink]}"


@functools.singledispatch
def _item(item: Item, parent: Element, pen: _Pen) -> None:
    raise TypeError(f"SVG cannot show {type(item).__name__}")


@_item.register
def _(item: Rectangle, parent: Element, pen: _Pen) -> None:
    attributes = {
        "x": _number(item.x), "y": _number(item.y),
        "width": _number(item.width), "height": _number(item.height),
        "fill": pen.colour(item.fill),
    }  # fmt: skip
    line = {"stroke": pen.colour(item.stroke), "stroke-width": _number(item.line, 2)}
    if item.dash:
        line["stroke-dasharray"] = " ".join(_number(length) for length in item.dash)
    if item.line and not item.inset:
        attributes |= line
    SubElement(parent, "rect", attributes | _cell(item.cell))
    if item.line and item.inset:
        _item(outline(item), parent, pen)


@_item.register
def _(item: Dot, parent: Element, pen: _Pen) -> None:
    attributes = {"cx": _number(item.x), "cy": _number(item.y), "r": _number(item.radius)}
    SubElement(parent, "circle", attributes | {"fill": pen.colour(item.ink)} | _cell(item.cell))


@_item.register
def _(item: Stroke, parent: Element, pen: _Pen) -> None:
    path = f"M{_number(item.x1)} {_number(item.y1)}L{_number(item.x2)} {_number(item.y2)}"
    if item.arrow:  # only ever to the right, or down
        path += "m-7 -5l7 5l-7 5" if item.y1 == item.y2 else "m-5 -7l5 7l5 -7"
    attributes = {"d": path, "fill": "none", "stroke": pen.colour(item.ink)}
    attributes["stroke-width"] = _number(item.line)
    SubElement(parent, "path", attributes | _cell(item.cell))


@_item.register
def _(item: Text, parent: Element, pen: _Pen) -> None:
    pieces, _ = typeset(item.label, pen.notation)
    left = item.x if item.start else item.x - item.width / 2
    if len(pieces) > 1 or isinstance(pieces[0].piece, Fraction):
        parent = SubElement(parent, "g", _cell(item.cell))
        for placed in pieces:
            _piece(placed.piece, left + placed.x * item.size, item, parent, pen)
        return
    line = pieces[0].piece
    x, anchor = (item.x, "start") if item.start else (item.x, "middle")
    _line(
        line.runs, x, item.y + MIDDLE * item.size, item.size, anchor, item.ink, parent, pen
    ).attrib.update(_cell(item.cell))


def _piece(piece: Piece, x: float, item: Text, parent: Element, pen: _Pen) -> None:
    size, y = item.size, item.y
    if isinstance(piece, TypesetLine):
        _line(piece.runs, x, y + MIDDLE * size, size, "start", item.ink, parent, pen)
        return
    middle, small = x + piece.width * size / 2, size * FRACTION_SIZE
    _line(piece.above, middle, y - 0.24 * size, small, "middle", item.ink, parent, pen)
    bar = Stroke(x, y, x + piece.width * size, y, item.ink, max(size * 0.06, 0.6))
    _item(bar, parent, pen)
    _line(piece.below, middle, y + 0.78 * size, small, "middle", item.ink, parent, pen)


def _line(
    runs: Runs, x: float, y: float, size: float, anchor: str, ink: Ink, parent: Element, pen: _Pen
) -> Element:
    """Append a line of text; an index is lowered, and what follows it is raised again."""
    attributes = {
        "x": _number(x),
        "y": _number(y),
        "font-size": _number(size),
        "fill": pen.colour(ink),
    }
    if anchor != "start":
        attributes["text-anchor"] = anchor
    # Where another font stands in, the text keeps the width it was laid out with.
    wide = sum(run.width for run in runs) * size
    attributes |= {"textLength": _number(wide), "lengthAdjust": "spacingAndGlyphs"}
    attributes["xml:space"] = "preserve"  # browsers heed it on the text alone
    text = SubElement(parent, "text", attributes)
    lowered = 0.0
    for run in runs:
        wanted = INDEX_DROP * size if run.index else 0.0
        style = {"font-style": "italic"} if run.italic else {}
        if wanted != lowered:
            style["dy"] = _number(wanted - lowered)
        if run.index:
            style["font-size"] = _number(size * INDEX_SIZE)
        SubElement(text, "tspan", style).text = run.text
        lowered = wanted
    return text


def _cell(cell: tuple[int, int, int] | None) -> dict[str, str]:
    return {} if cell is None else {"data-cell": ",".join(map(str, cell))}


def _number(value: float, digits: int = 1) -> str:
    return (
        f"{value:.{digits}f}".rstrip("0").rstrip(".")
        if "." in f"{value:.{digits}f}"
        else f"{value:.0f}"
    )

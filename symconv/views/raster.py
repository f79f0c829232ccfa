"""Draws scenes as PNG and GIF with Pillow, in a font that comes with symconv.

Every character is looked up in that font: one that is missing is an error, never a gap.
"""

from __future__ import annotations

import copy
import functools
import io
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from symconv.errors import SymconvError, to_install
from symconv.figures.palette import Ink, Palette
from symconv.figures.scene import (
    Dot,
    Item,
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
from symconv.views.motion import GLIDE

if TYPE_CHECKING:
    from PIL import Image, ImageFont

SHARPNESS = 2
"""Pixels a point, so that a projector shows smooth letters."""

GIF_SHARPNESS = 1
GIF_COLOURS = 128
ON_THE_WAY = (0.07, 0.5, 0.93)
"""Where the window is seen between two steps of a GIF: slowly at first, and at last."""

MOST_GLIDING = 64
"""In a GIF of more steps than this the window jumps: a large picture takes long to draw."""

LARGEST_SIDE = 12_000
"""No image is wider or higher than this many pixels."""

MIDDLE = 0.33


def png(scene: Scene, palette: Palette, notation: Notation) -> bytes:
    """Return a scene as a PNG file.

    Raises:
        SymconvError: Pillow is not installed, or a name has a character that the font lacks.
    """
    sharpness = min(SHARPNESS, LARGEST_SIDE / max(scene.width, scene.height))
    buffer = io.BytesIO()
    _Canvas(scene, palette, notation, sharpness).image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def gif(scenes: Sequence[Scene], palette: Palette, notation: Notation) -> bytes:
    """Return scenes as an endless GIF file, each seen as long as it rests, the window gliding.

    Every frame has the same table of colours, so that an ink is the same in all of them.
    """
    shown = list(_frames(scenes, palette, notation))
    first, *rest = _in_few_colours([image for image, _ in shown], palette)
    rests = [round(100 * seconds) * 10 for _, seconds in shown]  # a GIF counts hundredths
    buffer = io.BytesIO()
    first.save(
        buffer, "GIF", save_all=True, append_images=rest, duration=rests, loop=0
    )  # fmt: skip
    return buffer.getvalue()


def _frames(
    scenes: Sequence[Scene], palette: Palette, notation: Notation
) -> Iterator[tuple[Image.Image, float]]:
    """Yield images with how many seconds each is seen: every step, and the window on its way."""
    bare, windows = without_window(scenes)
    moving = animation(bare)
    stays = Scene(scenes[0].width, scenes[0].height, moving.base)
    ground = _Canvas(stays, palette, notation, GIF_SHARPNESS)
    glides = bool(windows) and len(scenes) <= MOST_GLIDING
    for step, scene in enumerate(scenes):
        items = [item for group in moving.groups if step in group.steps for item in group.items]
        upper = ground.covered_by([item for item in items if not _is_ray(item)])
        rays = [item for item in items if _is_ray(item)]
        seconds = scene.rest - GLIDE if glides else scene.rest
        yield upper.covered_by([*rays, *windows[step : step + 1]]).image, seconds
        if glides:
            for window in _on_the_way(windows[step], windows[(step + 1) % len(windows)]):
                yield upper.covered_by([window]).image, GLIDE / len(ON_THE_WAY)


def _is_ray(item: Item) -> bool:
    return isinstance(item, Stroke) and item.ray


def _on_the_way(start: Rectangle, end: Rectangle) -> Iterator[Rectangle]:
    """Yield the window between two places."""
    for part in ON_THE_WAY:
        x, y = start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part
        yield replace(start, x=x, y=y)


def _in_few_colours(images: Sequence[Image.Image], palette: Palette) -> list[Image.Image]:
    """Return images that share one table of colours: every ink, and the commonest shades.

    The shades are those of smooth letters and slanted lines; a rare one becomes its nearest.
    """
    counts: Counter[Any] = Counter()
    for image in images:
        for number, colour in image.getcolors(image.width * image.height) or ():
            counts[colour] += number
    inks = [(*bytes.fromhex(colour),) for colour in dict.fromkeys(palette.values())]
    shades = (colour for colour, _ in counts.most_common() if colour not in inks)
    table = np.array([*inks, *itertools.islice(shades, GIF_COLOURS - len(inks))])
    seen = np.array(list(counts))
    nearest = [int(np.argmin(((table - colour) ** 2).sum(axis=1))) for colour in seen]
    places = np.zeros(1 << 24, dtype=np.uint8)
    places[_packed(seen)] = nearest
    return [_indexed(places[_packed(np.asarray(image))], table) for image in images]


def _packed(colours: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return each colour, on the last axis, as one number."""
    red, green, blue = np.moveaxis(colours.astype(np.int32), -1, 0)
    packed: np.ndarray[Any, Any] = red << 16 | green << 8 | blue
    return packed


def _indexed(places: np.ndarray[Any, Any], table: np.ndarray[Any, Any]) -> Image.Image:
    images, _, _ = _pillow()
    image: Image.Image = images.fromarray(places)
    image.putpalette(table.astype(np.uint8).tobytes())
    return image


def _pillow() -> Any:
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError:
        raise SymconvError(
            f"PNG and GIF need Pillow, or write SVG or TikZ; {to_install('figures')}"
        ) from None
    return Image, ImageDraw, ImageFont


@functools.cache
def _font(italic: bool, pixels: int) -> ImageFont.FreeTypeFont:
    _, _, fonts = _pillow()
    name = f"SymconvSerif-{'Italic' if italic else 'Regular'}.ttf"
    data = resources.files("symconv.figures").joinpath("fonts", name).read_bytes()
    font: ImageFont.FreeTypeFont = fonts.truetype(io.BytesIO(data), pixels)
    return font


@functools.cache
def _has(character: str, italic: bool) -> bool:
    """Whether the font has a glyph of its own for a character."""
    font = _font(italic, 40)
    missing = font.getmask("\uffff")
    mask = font.getmask(character)
    return character == " " or (mask.size, bytes(mask)) != (missing.size, bytes(missing))


class _Canvas:
    """An image that a scene is drawn on."""

    def __init__(
        self, scene: Scene, palette: Palette, notation: Notation, sharpness: float
    ) -> None:
        images, drawing, _ = _pillow()
        size = round(scene.width * sharpness), round(scene.height * sharpness)
        self.palette = palette
        self.notation = notation
        self.sharpness = sharpness
        self.image: Image.Image = images.new("RGB", size, self.colour(Ink.PAPER))
        self.draw = drawing.Draw(self.image)
        for item in scene.items:
            _item(item, self)

    def covered_by(self, items: Sequence[Item]) -> _Canvas:
        """Return another canvas with the same image, and more items upon it."""
        upper = copy.copy(self)
        upper.image = self.image.copy()
        upper.draw = _pillow()[1].Draw(upper.image)
        for item in items:
            _item(item, upper)
        return upper

    def colour(self, ink: Ink) -> str:
        return f"#{self.palette[ink]}"

    def runs(self, runs: Runs, x: float, y: float, size: float, ink: Ink) -> None:
        """Draw runs with their baseline at ``y``, from ``x``, all in points."""
        for run in runs:
            if not all(_has(character, run.italic) for character in run.text):
                raise SymconvError(
                    f"{run.text!r} has a character that PNG and GIF cannot show; write SVG"
                )
            pixels = max(round(size * self.sharpness * (INDEX_SIZE if run.index else 1)), 1)
            drop = INDEX_DROP * size if run.index else 0
            place = x * self.sharpness, (y + drop) * self.sharpness
            font = _font(run.italic, pixels)
            self.draw.text(place, run.text, self.colour(ink), font, anchor="ls")
            x += run.width * size


@functools.singledispatch
def _item(item: Item, canvas: _Canvas) -> None:
    raise TypeError(f"a raster cannot show {type(item).__name__}")


@_item.register
def _(item: Rectangle, canvas: _Canvas) -> None:
    s = canvas.sharpness
    corners = [item.x * s, item.y * s, (item.x + item.width) * s, (item.y + item.height) * s]
    fill = canvas.colour(item.fill) if item.fill else None
    stroke = canvas.colour(item.stroke) if item.stroke and item.line else None
    if item.dash is None and not item.inset:
        canvas.draw.rectangle(corners, fill, stroke, max(round(item.line * s), 1))
        return
    if fill:
        canvas.draw.rectangle(corners, fill)
    if stroke:
        _outline(item, stroke, canvas)


def _outline(item: Rectangle, colour: str, canvas: _Canvas) -> None:
    """Draw an outline that is broken, or lies inside."""
    s, width = canvas.sharpness, max(round(item.line * canvas.sharpness), 1)
    line = outline(item)
    left, top, right, bottom = line.x, line.y, line.x + line.width, line.y + line.height
    for x1, y1, x2, y2 in ((left, top, right, top), (right, top, right, bottom),
                           (right, bottom, left, bottom), (left, bottom, left, top)):  # fmt: skip
        length = abs(x2 - x1) + abs(y2 - y1)
        dash, gap = item.dash or (length, 1)
        for start in np.arange(0, length, dash + gap):
            a, b = start / length, min(start + dash, length) / length
            ends = [x1 + (x2 - x1) * a, y1 + (y2 - y1) * a, x1 + (x2 - x1) * b, y1 + (y2 - y1) * b]
            canvas.draw.line([end * s for end in ends], colour, width)


@_item.register
def _(item: Dot, canvas: _Canvas) -> None:
    s = canvas.sharpness
    box = [(item.x - item.radius) * s, (item.y - item.radius) * s,
           (item.x + item.radius) * s, (item.y + item.radius) * s]  # fmt: skip
    canvas.draw.ellipse(box, canvas.colour(item.ink))


@_item.register
def _(item: Stroke, canvas: _Canvas) -> None:
    s = canvas.sharpness
    ends = [item.x1 * s, item.y1 * s, item.x2 * s, item.y2 * s]
    width = max(round(item.line * s), 1)
    canvas.draw.line(ends, canvas.colour(item.ink), width)
    if item.arrow:  # only ever to the right, or down
        x, y = ends[2:]
        long, wide = 7 * s, 5 * s
        head = [x - long, y - wide, x, y, x - long, y + wide]
        if item.x1 == item.x2:
            head = [x - wide, y - long, x, y, x + wide, y - long]
        canvas.draw.line(head, canvas.colour(item.ink), width, joint="curve")


@_item.register
def _(item: Text, canvas: _Canvas) -> None:
    pieces, wide = typeset(item.label, canvas.notation)
    left = item.x if item.start else item.x - wide * item.size / 2
    for placed in pieces:
        _piece(placed.piece, left + placed.x * item.size, item, canvas)


def _piece(piece: Piece, x: float, item: Text, canvas: _Canvas) -> None:
    size, y = item.size, item.y
    if isinstance(piece, TypesetLine):
        canvas.runs(piece.runs, x, y + MIDDLE * size, size, item.ink)
        return
    _fraction(piece, x, y, item, canvas)


def _fraction(piece: Fraction, x: float, y: float, item: Text, canvas: _Canvas) -> None:
    size, small = item.size, item.size * FRACTION_SIZE
    middle = x + piece.width * size / 2
    for runs, baseline in ((piece.above, y - 0.24 * size), (piece.below, y + 0.78 * size)):
        wide = sum(run.width for run in runs) * small
        canvas.runs(runs, middle - wide / 2, baseline, small, item.ink)
    bar = Stroke(x, y, x + piece.width * size, y, item.ink, max(size * 0.06, 0.6))
    _item(bar, canvas)

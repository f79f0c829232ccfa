"""A frame laid out: rectangles, lines and labels at positions, in points, y downwards.

Every view draws a scene in its own language; none of them decides where anything lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from symconv.figures.labels import Label
from symconv.figures.palette import Ink


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle; ``line`` is the width of its outline, 0 for none.

    Attributes:
        cell: (panel, row, column) of the cell that it is, or None.
    """

    x: float
    y: float
    width: float
    height: float
    fill: Ink | None
    stroke: Ink | None = None
    line: float = 0
    cell: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line, with an arrow head at its end if ``arrow``."""

    x1: float
    y1: float
    x2: float
    y2: float
    ink: Ink
    line: float
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A label whose middle line is at ``y``; ``x`` is its centre, or its left end if ``start``.

    Attributes:
        width: how wide the label is, as `typeset` has it.
        cell: (panel, row, column) of the cell it stands in, or None.
    """

    x: float
    y: float
    label: Label
    size: float
    ink: Ink
    width: float
    start: bool = False
    cell: tuple[int, int, int] | None = None


Item = Rectangle | Stroke | Text


@dataclass(frozen=True, slots=True)
class Scene:
    """A page of this size, with its items in the order in which they are drawn."""

    width: float
    height: float
    items: tuple[Item, ...]


def moved(item: Item, dx: float, dy: float, scale: float = 1) -> Item:
    """Return an item scaled about the origin, then shifted."""
    match item:
        case Rectangle():
            return replace(item, x=item.x * scale + dx, y=item.y * scale + dy,
                           width=item.width * scale, height=item.height * scale,
                           line=item.line * scale)  # fmt: skip
        case Stroke():
            return replace(item, x1=item.x1 * scale + dx, y1=item.y1 * scale + dy,
                           x2=item.x2 * scale + dx, y2=item.y2 * scale + dy,
                           line=item.line * scale)  # fmt: skip
        case Text():
            return replace(item, x=item.x * scale + dx, y=item.y * scale + dy,
                           size=item.size * scale, width=item.width * scale)  # fmt: skip


def stacked(scenes: Sequence[Scene], columns: int, scale: float = 1, gap: float = 16) -> Scene:
    """Return scenes of one size on one page, in rows of ``columns``."""
    width = max(scene.width for scene in scenes) * scale + gap
    height = max(scene.height for scene in scenes) * scale + gap
    items: list[Item] = []
    for k, scene in enumerate(scenes):
        row, column = divmod(k, columns)
        items += [moved(item, column * width, row * height, scale) for item in scene.items]
    rows = -(-len(scenes) // columns)
    return Scene(min(columns, len(scenes)) * width - gap, rows * height - gap, tuple(items))


def layer(item: Item) -> int:
    """Return how far above the page an item lies: areas, then lines, then text."""
    if isinstance(item, Text):
        return 2
    return 0 if isinstance(item, Rectangle) and item.fill is not None else 1


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one layer that are to be seen in the same steps."""

    steps: tuple[int, ...]
    items: tuple[Item, ...]


def presence(scenes: Sequence[Scene]) -> list[Group]:
    """Return the items of all scenes, each once, grouped by the steps in which it is seen.

    What stays is drawn once, what changes only in its steps, so that an animation is a few
    groups.  They come layer by layer: no group hides what lies above it.
    """
    steps: dict[Item, list[int]] = {}
    for k, scene in enumerate(scenes):
        for item in dict.fromkeys(scene.items):
            steps.setdefault(item, []).append(k)
    groups: dict[tuple[int, tuple[int, ...]], list[Item]] = {}
    for item, when in steps.items():
        groups.setdefault((layer(item), tuple(when)), []).append(item)
    ordered = sorted(groups, key=lambda key: key[0])
    return [Group(key[1], tuple(groups[key])) for key in ordered]

"""A frame laid out: rectangles, lines and labels at positions, in points, y downwards.

Every view draws a scene in its own language; none of them decides where anything lies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from symconv.figures.labels import Label
from symconv.figures.palette import Ink

Cell = tuple[int, int, int]
"""A cell of a frame: panel, row and column."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle; ``line`` is the width of its outline, 0 for none.

    Attributes:
        cell: the cell that it is, or None.
        dash: the lengths of a dash of its outline and of the gap after it; none where unbroken.
        inset: how far its outline lies inside of it.
        window: whether it is the window, which glides from step to step.
    """

    x: float
    y: float
    width: float
    height: float
    fill: Ink | None
    stroke: Ink | None = None
    line: float = 0
    cell: Cell | None = None
    dash: tuple[float, float] | None = None
    inset: float = 0
    window: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle about (x, y)."""

    x: float
    y: float
    radius: float
    ink: Ink
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line, with an arrow head at its end if ``arrow``: to the right, or down.

    Attributes:
        ray: whether it ties the window to its result, and is gone while the window glides.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    ink: Ink
    line: float
    arrow: bool = False
    cell: Cell | None = None
    ray: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A label whose middle line is at ``y``; ``x`` is its centre, or its left end if ``start``.

    Attributes:
        width: how wide the label is, as `typeset` has it.
        cell: the cell it stands in, or None.
        lines: all lines of the equation that it is one of; they come and go together.
    """

    x: float
    y: float
    label: Label
    size: float
    ink: Ink
    width: float
    start: bool = False
    cell: Cell | None = None
    lines: tuple[Label, ...] = ()


Item = Rectangle | Dot | Stroke | Text


@dataclass(frozen=True, slots=True)
class Scene:
    """A page of this size, with its items in the order in which they are drawn.

    Attributes:
        width: of the page.
        height: of the page.
        items: what is drawn.
        told: what is seen, in words, for those who hear it.
        rest: how many seconds it is seen as a step of an animation.
    """

    width: float
    height: float
    items: tuple[Item, ...]
    told: tuple[Label, ...] = ()
    rest: float = 1.0


def outline(item: Rectangle) -> Rectangle:
    """Return the outline of a rectangle where it is drawn, without the rectangle."""
    return replace(
        item, x=item.x + item.inset, y=item.y + item.inset, fill=None, inset=0,
        width=item.width - 2 * item.inset, height=item.height - 2 * item.inset,
    )  # fmt: skip


def moved(item: Item, dx: float, dy: float, scale: float = 1) -> Item:
    """Return an item scaled about the origin, then shifted."""
    match item:
        case Rectangle():
            dash = item.dash and (item.dash[0] * scale, item.dash[1] * scale)
            return replace(item, x=item.x * scale + dx, y=item.y * scale + dy,
                           width=item.width * scale, height=item.height * scale, dash=dash,
                           line=item.line * scale, inset=item.inset * scale)  # fmt: skip
        case Dot():
            return replace(item, x=item.x * scale + dx, y=item.y * scale + dy,
                           radius=item.radius * scale)  # fmt: skip
        case Stroke():
            return replace(item, x1=item.x1 * scale + dx, y1=item.y1 * scale + dy,
                           x2=item.x2 * scale + dx, y2=item.y2 * scale + dy,
                           line=item.line * scale)  # fmt: skip
        case Text():
            return replace(item, x=item.x * scale + dx, y=item.y * scale + dy,
                           size=item.size * scale, width=item.width * scale)  # fmt: skip


def stacked(scenes: Sequence[Scene], columns: int, scale: float = 1, gap: float = 16) -> Scene:
    """Return scenes on one page, in rows of ``columns``; panels are counted on."""
    width = max(scene.width for scene in scenes) * scale + gap
    rows = [scenes[k : k + columns] for k in range(0, len(scenes), columns)]
    heights = [max(scene.height for scene in row) * scale + gap for row in rows]
    items: list[Item] = []
    panels = 0
    for k, scene in enumerate(scenes):
        row, column = divmod(k, columns)
        for item in scene.items:
            cell = item.cell and (item.cell[0] + panels, *item.cell[1:])
            placed = moved(item, column * width, sum(heights[:row]), scale)
            items.append(replace(placed, cell=cell))
        panels += 1 + max((item.cell[0] for item in scene.items if item.cell), default=-1)
    told = tuple(dict.fromkeys(label for scene in scenes for label in scene.told))
    return Scene(min(columns, len(scenes)) * width - gap, sum(heights) - gap, tuple(items), told)


def layer(item: Item) -> int:
    """Return how far above the page an item lies: areas, then lines, then text."""
    if isinstance(item, Text):
        return 2
    return 0 if isinstance(item, Rectangle) and item.fill is not None else 1


@dataclass(frozen=True, slots=True)
class Phase:
    """Items that are to be seen in the same steps."""

    steps: tuple[int, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Animation:
    """Scenes of one size, told apart: what is always there, and what lies on it in some steps.

    A cell that changes is drawn once as it is most of the time; whatever else it is in some
    steps lies upon it then, and hides it.

    Attributes:
        base: what is drawn in every step, in order.
        groups: what is drawn above it in some steps, in order.
        steps: how many steps there are.
    """

    base: tuple[Item, ...]
    groups: tuple[Phase, ...]
    steps: int


def without_window(scenes: Sequence[Scene]) -> tuple[list[Scene], list[Rectangle]]:
    """Return scenes without the window that glides, and where it is in each of them.

    There is none where it is not alone, or not of one size.
    """
    found = [[i for i in s.items if isinstance(i, Rectangle) and i.window] for s in scenes]
    sizes = {(window.width, window.height) for windows in found for window in windows}
    if len(scenes) == 1 or len(sizes) != 1 or any(len(windows) != 1 for windows in found):
        return list(scenes), []
    rest = [
        replace(scene, items=tuple(item for item in scene.items if item is not window))
        for scene, (window,) in zip(scenes, found, strict=True)
    ]
    return rest, [window for (window,) in found]


def animation(scenes: Sequence[Scene]) -> Animation:
    """Return scenes as an animation that draws the same as each of them, step by step."""
    always, sometimes = _of_pages(scenes)
    for states in _states(scenes).values():
        usual: tuple[Item, ...] = ()
        if _is_hidden_by_all(states, len(scenes)):
            usual = max(states, key=lambda state: len(states[state]))
        always += usual
        for state, steps in states.items():
            if state != usual:
                for item in state:
                    sometimes[layer(item), tuple(steps)].append(item)
    ordered = sorted(sometimes, key=lambda key: key[0])
    groups = tuple(Phase(key[1], tuple(sometimes[key])) for key in ordered)
    return Animation(tuple(sorted(always, key=layer)), groups, len(scenes))


def _is_hidden_by_all(states: Mapping[tuple[Item, ...], Sequence[int]], steps: int) -> bool:
    """Whether a cell is there in every step, and always in one place."""
    places = {
        (item.x, item.y, item.width, item.height)
        for state in states
        for item in state
        if isinstance(item, Rectangle) and item.fill
    }
    return len(places) == 1 and sum(map(len, states.values())) == steps


Sometimes = dict[tuple[int, tuple[int, ...]], list[Item]]


def _of_pages(scenes: Sequence[Scene]) -> tuple[list[Item], Sometimes]:
    """Return the items that belong to no cell: those in every step, and those in some."""
    steps: dict[Item, list[int]] = defaultdict(list)
    for k, scene in enumerate(scenes):
        for item in dict.fromkeys(item for item in scene.items if item.cell is None):
            steps[item].append(k)
    always = [item for item, when in steps.items() if len(when) == len(scenes)]
    sometimes: Sometimes = defaultdict(list)
    for item, when in steps.items():
        if len(when) < len(scenes):
            sometimes[layer(item), tuple(when)].append(item)
    return always, sometimes


def _states(scenes: Sequence[Scene]) -> dict[Cell, dict[tuple[Item, ...], list[int]]]:
    """Return the items of each cell, and the steps in which they are seen."""
    found: dict[Cell, dict[tuple[Item, ...], list[int]]] = defaultdict(lambda: defaultdict(list))
    for k, scene in enumerate(scenes):
        cells: dict[Cell, list[Item]] = defaultdict(list)
        for item in scene.items:
            if item.cell is not None:
                cells[item.cell].append(item)
        for cell, items in cells.items():
            found[cell][tuple(items)].append(k)
    return found

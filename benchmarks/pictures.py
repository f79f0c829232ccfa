"""What a browser shows of SVG files: every character, rectangle and line, where it really lies.

Each file is opened as a document of its own, at its own size; of an animation some moments are
looked at.  What lies under something else is not seen.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from benchmarks.browsers import look

ASCENT, DESCENT = 0.68, 0.22
"""How far ink reaches above the baseline, and below it under letters with a tail, in sizes."""

TAILS = set("gjpqy,;()[]{}|Qβγζημξρφχψς")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def overlap(self, other: Box) -> Box:
        """Return what two boxes share; its width or height is negative where they are apart."""
        return Box(max(self.left, other.left), max(self.top, other.top),
                   min(self.right, other.right), min(self.bottom, other.bottom))  # fmt: skip

    def around(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        return Box(min(self.left, other.left), min(self.top, other.top),
                   max(self.right, other.right), max(self.bottom, other.bottom))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """A character as it is drawn: its left end, its baseline, and how far it moves on."""

    character: str
    italic: bool
    size: float
    x: float
    y: float
    advance: float

    @property
    def ink(self) -> Box:
        """About where its ink is."""
        tail = DESCENT if self.character in TAILS else 0.02
        return Box(self.x, self.y - ASCENT * self.size,
                   self.x + self.advance, self.y + tail * self.size)  # fmt: skip


@dataclass(frozen=True)
class Writing:
    """A line of text.

    Attributes:
        letters: what is seen of it.
        lost: how many blanks the browser left out.
        cell: the cell that it stands in, or "".
        label: the number of the label that it is a part of.
    """

    letters: tuple[Letter, ...]
    lost: int
    cell: str
    label: int

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(letter.character for letter in self.letters)

    @functools.cached_property
    def ink(self) -> Box:
        """About where its ink is; blanks have none, and something else there is."""
        inks = [letter.ink for letter in self.letters if letter.character != " "]
        return functools.reduce(Box.around, inks)


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle, filled or as a frame."""

    box: Box
    fill: str
    line: float
    cell: str


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line.

    Attributes:
        start: (x, y).
        end: (x, y).
        line: its width.
        cell: the cell that it belongs to, or "".
        label: the number of the label that it is a part of, as a fraction's bar is; else -1.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    line: float
    cell: str
    label: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What is seen of a picture at one time.

    Attributes:
        name: the picture's name.
        step: which step of the animation, from 0.
        page: its page.
        writings: its texts.
        areas: its rectangles.
        lines: its lines.
    """

    name: str
    step: int
    page: Box
    writings: tuple[Writing, ...]
    areas: tuple[Area, ...]
    lines: tuple[Line, ...]


PAGE = """<body><script>
const round = value => Math.round(value * 1000) / 1000;
function letters(node) {
  const all = [], whole = parseFloat(node.getAttribute("font-size"));
  for (const span of node.children) {
    const size = parseFloat(span.getAttribute("font-size") ?? whole);
    for (const c of span.textContent) all.push([c, span.hasAttribute("font-style"), size]);
  }
  const lost = all.length - node.getNumberOfChars();
  let kept = all;
  if (lost) kept = all.filter((a, k) => a[0] !== " " ||
    (k > 0 && k < all.length - 1 && all[k - 1][0] !== " " && all.slice(k).some(b => b[0] !== " ")));
  return [kept.map((a, k) => {
    const start = node.getStartPositionOfChar(k), extent = node.getExtentOfChar(k);
    return [...a, round(start.x), round(start.y), round(extent.width)];
  }), lost];
}
const texture = (node, cell) => cell && node.getAttribute("fill") === "none";
const styles = node => node.ownerDocument.defaultView.getComputedStyle(node);
function walk(parent, cell, label, found) {
  for (const node of parent.children) {
    if (node.tagName === "g" && styles(node).visibility !== "visible") continue;
    const own = node.dataset.cell ?? cell;
    if (node.tagName === "g") {
      const phase = node.classList.length > 0;
      walk(node, phase ? "" : own, phase ? -1 : ++labels, found);
    } else if (node.tagName === "text")
      found.push(["text", own, label < 0 ? ++labels : label, ...letters(node)]);
    else if (node.tagName === "rect" && !node.classList.contains("page") && !texture(node, own))
      found.push(["rect", own, ...["x", "y", "width", "height"].map(a => node[a].animVal.value),
                  node.getAttribute("fill"), parseFloat(node.getAttribute("stroke-width") ?? 0)]);
    else if (node.tagName === "path")
      found.push(["path", own, label, node.getAttribute("d").match(/-?[0-9.]+/g).slice(0, 4)
                  .map(Number), parseFloat(node.getAttribute("stroke-width"))]);
  }
  return found;
}
let labels = 0;
async function opened(name) {
  const place = document.createElement("iframe");
  place.style = "border: 0; width: 1900px; height: 1000px; position: absolute; left: 0; top: 0";
  const loaded = new Promise(done => place.onload = done);
  place.src = name;
  document.body.append(place);
  await loaded;
  return place;
}
onload = async () => {
  const told = [];
  for (const [name, steps] of %s) {
    const place = await opened(name), root = place.contentDocument.documentElement;
    await fonts(place.contentDocument);
    if (steps.length > 1) root.pauseAnimations();
    for (const step of steps) {
      const begins = root.dataset.begins?.split(" ");
      if (steps.length > 1) root.setCurrentTime(Number(begins[step]) + 0.1);
      await frame();
      const page = root.viewBox.baseVal;
      told.push([name, step, [page.x, page.y, page.width, page.height], walk(root, "", -1, [])]);
    }
    place.remove();
  }
  await tell(told);
};
</script>"""


def moments(
    browser: str,
    drawn: Mapping[str, bytes],
    steps: Mapping[str, Sequence[int]] = MappingProxyType({}),
) -> list[Moment]:
    """Return what a browser shows of some SVG files.

    Args:
        browser: one of `benchmarks.browsers.BROWSERS`.
        drawn: the files, by name.
        steps: of an animation, the steps to look at; else only the first.

    Raises:
        LookupError: the browser is not installed.
    """
    files = {f"/{name}.svg": data for name, data in drawn.items()}
    asked = json.dumps([[f"/{name}.svg", list(steps.get(name, [0]))] for name in drawn])
    told, complaints = look(browser, PAGE % asked, files)
    assert not complaints, complaints
    return [_moment(*one) for one in told]


def _moment(path: str, step: int, page: Sequence[float], items: Sequence[Any]) -> Moment:
    """Return the items of a moment, without what lies under a rectangle of the same cell."""
    writings: list[Writing] = []
    areas: list[Area] = []
    lines: list[Line] = []
    for kind, cell, *rest in items:
        if kind == "text":
            label, letters, lost = rest
            if any(character != " " for character, *_ in letters):
                writings.append(Writing(tuple(Letter(*one) for one in letters), lost, cell, label))
        elif kind == "rect":
            x, y, width, height, fill, line = rest
            if cell:
                writings = [writing for writing in writings if writing.cell != cell]
                lines = [line for line in lines if line.cell != cell]
                areas = [area for area in areas if area.cell != cell]
            areas.append(Area(Box(x, y, x + width, y + height), fill, line, cell))
        else:
            label, (x1, y1, x2, y2), line = rest
            lines.append(Line((x1, y1), (x2, y2), line, cell, label))
    x, y, width, height = page
    name = path.removeprefix("/").removesuffix(".svg")
    return Moment(name, step, Box(x, y, x + width, y + height),
                  tuple(writings), tuple(areas), tuple(lines))  # fmt: skip

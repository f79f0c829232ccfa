"""The animated SVG in real browsers: each step is what the derivation says, nothing is fetched."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from figure_cases import GEOMETRIES, derived, elements
from tools import look

from benchmarks.browsers import BROWSERS
from symconv.figures.kinds import frames
from symconv.figures.layout import Style, lay_out
from symconv.figures.palette import LIGHT, Ink
from symconv.figures.scene import Rectangle
from symconv.figures.subject import Subject, element_at
from symconv.notation import Notation
from symconv.views import svg

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("browser", BROWSERS)]

# In each step: of every cell the uppermost visible rectangle and text, as the browser sees them.
PAGE = """<body>%s<script>
onload = async () => {
await frame();
const root = document.querySelector("svg"), steps = [];
root.pauseAnimations();
function text(node) {
  if (node.tagName === "text")
    return [...node.children].map(s => s.hasAttribute("font-size") ? `[${s.textContent}]`
                                                                   : s.textContent).join("");
  return [...node.children].map(c => c.tagName === "path" ? "/" : text(c)).join("");
}
for (let step = 0; step < %d; step++) {
  root.setCurrentTime(Number(root.dataset.begins.split(" ")[step]) + 0.1);
  await frame();
  const cells = {};
  for (const node of root.querySelectorAll("[data-cell]")) {
    if (getComputedStyle(node).visibility !== "visible") continue;
    const key = node.dataset.cell;
    if (node.tagName === "rect") {
      if (node.getAttribute("fill") !== "none") cells[key] = [node.getAttribute("fill"), ""];
    }
    else if (node.tagName !== "path") cells[key][1] = text(node);
  }
  steps.push(cells);
}
const fetched = performance.getEntriesByType("resource").map(r => r.name);
await tell({steps, fetched: fetched.filter(name => !name.startsWith("data:"))});
};
</script>"""


def looked_at(browser: str, drawn: str, steps: int) -> dict[str, Any]:
    seen, complaints = look(browser, PAGE % (drawn, steps))
    assert complaints == []
    assert isinstance(seen, dict)
    return seen


def test_the_browser_shows_the_derived_terms_in_every_step(browser: str) -> None:
    geometry = GEOMETRIES["H6R3u2"]
    scenes = lay_out(frames("input-gradient", Subject(geometry)), Style(Notation()))
    seen = looked_at(browser, svg.draw(scenes, LIGHT, Notation()), len(scenes))
    assert seen["fetched"] == []
    window = f"#{LIGHT[Ink.PRODUCT]}"
    for step, cells in enumerate(seen["steps"]):
        target = element_at("dX", step, geometry.input)
        products = Counter(elements(text) for fill, text in cells.values() if fill == window)
        assert products == Counter(derived(geometry).equation(target).terms), step
    assert len({json.dumps(cells) for cells in seen["steps"]}) == 36


def test_a_frame_that_never_changes_is_noticed(browser: str) -> None:
    scenes = lay_out(frames("forward", Subject(GEOMETRIES["H5R3u2"])), Style(Notation()))
    drawn = re.sub(r"<animate [^>]*>", "", svg.draw(scenes, LIGHT, Notation()))
    seen = looked_at(browser, drawn, len(scenes))
    assert len({json.dumps(cells) for cells in seen["steps"]}) == 1


# While nobody holds it, of each of two moments: the colours of the cells, and the window.
LOOSE = """<body>%s<script>
onload = async () => {
const root = document.querySelector("svg"), seen = [];
for (const seconds of [0.1, 20.1]) {
  root.setCurrentTime(seconds);
  await frame();
  const shown = node => getComputedStyle(node).visibility === "visible";
  const filled = "rect[data-cell]:not([fill=none])";
  const cells = [...root.querySelectorAll(filled)].filter(shown);
  const windows = [...root.querySelectorAll("rect:not([data-cell]):not(.page)")].filter(shown);
  seen.push([cells.map(c => [c.dataset.cell, c.getAttribute("fill")]),
             windows.map(w => [w.x.animVal.value, w.y.animVal.value])]);
}
await tell(seen);
};
</script>"""


@pytest.mark.parametrize("less", [False, True])
def test_who_asks_for_less_motion_sees_one_step_still(browser: str, less: bool) -> None:
    geometry = GEOMETRIES["H5R3u2"]
    scenes = lay_out(frames("input-gradient", Subject(geometry)), Style(Notation()))
    drawn = svg.draw(scenes, LIGHT, Notation(), still=12)
    (first, second), complaints = look(browser, LOOSE % drawn, less_motion=less)
    assert complaints == []
    assert (first == second) == less
    (window,) = second[1]
    (still,) = (item for item in scenes[12].items if isinstance(item, Rectangle) and item.window)
    assert (window == pytest.approx([still.x, still.y], abs=0.1)) == less
    if less:
        boxes = [i for i in scenes[12].items if isinstance(i, Rectangle) and i.cell and i.fill]
        colours = {",".join(map(str, box.cell)): f"#{LIGHT[box.fill]}" for box in boxes}
        assert dict(second[0]) == colours  # of each cell the uppermost

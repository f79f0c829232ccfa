"""The animated SVG in a real browser: each step is what the derivation says, nothing is fetched."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from figure_cases import GEOMETRIES, derived, elements

from symconv.figures.kinds import frames
from symconv.figures.layout import Style, lay_out
from symconv.figures.palette import LIGHT, Ink
from symconv.figures.subject import Subject, element_at
from symconv.notation import Notation
from symconv.views import svg

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: the animation is not looked at"),
]

# In each step: of every cell the uppermost visible rectangle and text, as the browser sees them.
PAGE = """<!doctype html><meta charset="utf-8"><body>%s<pre id="seen"></pre><script>
const drawn = () => new Promise(done => setTimeout(done, 100));
onload = async () => {
await drawn();
const root = document.querySelector("svg"), seen = [];
root.pauseAnimations();
function text(node) {
  if (node.tagName === "text")
    return [...node.children].map(s => s.hasAttribute("font-size") ? `[${s.textContent}]`
                                                                   : s.textContent).join("");
  return [...node.children].map(c => c.tagName === "path" ? "/" : text(c)).join("");
}
for (let step = 0; step < %d; step++) {
  root.setCurrentTime(step * %s + 0.5);
  await drawn();
  const cells = {};
  for (const node of root.querySelectorAll("[data-cell]")) {
    if (getComputedStyle(node).visibility !== "visible") continue;
    const key = node.dataset.cell;
    if (node.tagName === "rect") cells[key] = [node.getAttribute("fill"), ""];
    else if (node.tagName !== "path") cells[key][1] = text(node);
  }
  seen.push(cells);
}
document.getElementById("seen").textContent = JSON.stringify(
  {steps: seen, fetched: performance.getEntriesByType("resource").map(r => r.name)});
};
</script>"""


def looked_at(tmp_path: Path, drawn: str, steps: int) -> tuple[dict, str]:
    page = tmp_path / "page.html"
    page.write_text(PAGE % (drawn, steps, svg.SECONDS_A_STEP), encoding="utf-8")
    done = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
         f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=20000", "--dump-dom",
         page.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    found = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout, re.S)
    assert found
    console = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return json.loads(html.unescape(found[1])), console


def test_the_browser_shows_the_derived_terms_in_every_step(tmp_path: Path) -> None:
    geometry = GEOMETRIES["H6R3u2"]
    scenes = lay_out(frames("input-gradient", Subject(geometry)), Style(Notation()))
    drawn = svg.draw(scenes, LIGHT, Notation())
    seen, console = looked_at(tmp_path, drawn, len(scenes))
    assert console == ""
    assert seen["fetched"] == []
    window = f"#{LIGHT[Ink.WINDOW]}"
    for step, cells in enumerate(seen["steps"]):
        target = element_at("dX", step, geometry.input)
        terms = [elements(text) for fill, text in cells.values() if fill == window]
        assert len(terms) == 9
        products = Counter(term for term in terms if len(term) == 2)
        assert products == Counter(derived(geometry).equation(target).terms), step
    assert len({json.dumps(cells) for cells in seen["steps"]}) == 36


def test_a_frame_that_never_changes_is_noticed(tmp_path: Path) -> None:
    scenes = lay_out(frames("forward", Subject(GEOMETRIES["H5R3u2"])), Style(Notation()))
    drawn = re.sub(r"<animate [^>]*>", "", svg.draw(scenes, LIGHT, Notation()))
    seen, _ = looked_at(tmp_path, drawn, len(scenes))
    assert len({json.dumps(cells) for cells in seen["steps"]}) == 1

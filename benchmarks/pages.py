"""What a browser shows of slides and web pages: every line of text and every image, where it lies.

Slides are seen as on a projector of 1920 by 1080, a page in a window of that width.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.browsers import look
from benchmarks.pictures import Box

MODULES = Path(__file__).parent.parent / "tests" / "katex" / "node_modules"
"""Where reveal.js and KaTeX are."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of text, or an image.

    Attributes:
        text: what it says; of an image, its name.
        image: whether it is an image.
        size: how large its letters, or the smallest letters in the image, are in pixels.
        row: the number of its paragraph, or of its row of mathematics.
        capitals: whether a style sheet turns its letters into capitals.
        ink: where it is.
    """

    text: str
    image: bool
    size: float
    row: int
    capitals: bool
    ink: Box


@dataclass(frozen=True, slots=True)
class Sight:
    """A slide, or a whole page.

    Attributes:
        name: of which deck or page.
        title: of the slide.
        page: its page.
        pieces: what is on it.
    """

    name: str
    title: str
    page: Box
    pieces: tuple[Piece, ...]


REVEAL = """<!doctype html><meta charset="utf-8"><title>reveal.js</title>
<link rel="stylesheet" href="/modules/reveal.js/dist/reveal.css">
<link rel="stylesheet" href="/modules/reveal.js/dist/theme/white.css">
<div class="reveal"><div class="slides">{section}</div></div>
<script src="/modules/reveal.js/dist/reveal.js"></script>
<script src="/modules/reveal.js/plugin/markdown/markdown.js"></script>
<script src="/modules/reveal.js/plugin/math/math.js"></script>
<script>
window.ready = Reveal.initialize({
  transition: "none", backgroundTransition: "none",
  plugins: [RevealMarkdown, RevealMath.KaTeX],
  katex: {local: "/modules/katex", strict: "error", throwOnError: true},
}).then(async () => {
  const all = what => [...document.querySelectorAll(".slides " + what)];
  for (let k = 0; k < 100 && !all(".katex").length; k++) await new Promise(r => setTimeout(r, 50));
  await Promise.all(all("img").map(i => i.complete || new Promise(r => i.onload = i.onerror = r)));
});
</script>"""
"""A lecture as its first lines say, with a theme that comes with reveal.js."""

PAGE = """<body style="margin: 0"><script>
const brush = document.createElement("canvas").getContext("2d");
function inked(text, style, rect, scale) {  // of the box of a font, where there is ink
  brush.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const m = brush.measureText(text);
  const base = rect.top + scale * m.fontBoundingBoxAscent +
    (rect.height - scale * (m.fontBoundingBoxAscent + m.fontBoundingBoxDescent)) / 2;
  return [rect.left, base - scale * m.actualBoundingBoxAscent,
          rect.right, base + scale * m.actualBoundingBoxDescent];
}
function pieces(root, scale) {
  const page = root.ownerDocument, view = page.defaultView, found = [], rows = new Map();
  const row = node => {
    const block = node.closest("mtr, math, .katex-display, tr, p, li, pre, h1, h2, h3, h4") ?? root;
    if (!rows.has(block)) rows.set(block, rows.size);
    return rows.get(block);
  };
  const walker = page.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim(), parent = node.parentElement;
    if (!text || parent.closest(".katex-mathml, annotation, style, script, aside")) continue;
    const style = view.getComputedStyle(parent), range = page.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects())
      if (rect.width && style.visibility === "visible")
        found.push([text, false, parseFloat(style.fontSize) * scale, row(parent),
                    style.textTransform === "uppercase", inked(text, style, rect, scale)]);
  }
  for (const image of root.querySelectorAll("img")) {
    const rect = image.getBoundingClientRect();
    found.push([image.src, true, rect.width / image.naturalWidth, row(image), false,
                [rect.left, rect.top, rect.right, rect.bottom]]);
  }
  return found;
}
async function slides(view, name) {
  await view.ready;
  const told = [], deck = view.Reveal, screen = [0, 0, view.innerWidth, view.innerHeight];
  for (let k = 0; k < deck.getTotalSlides(); k++) {
    deck.slide(k);
    await frame();
    const slide = deck.getCurrentSlide(), title = slide.querySelector("h1, h2")?.innerText ?? "";
    told.push([name, title, screen, pieces(slide, deck.getScale())]);
  }
  return told;
}
onload = async () => {
  const told = [];
  for (const name of %s) {
    const place = document.createElement("iframe");
    place.style = "border: 0; width: 1920px; height: 1080px";
    const loaded = new Promise(done => place.onload = done);
    place.src = `/${name}.html`;
    document.body.append(place);
    await loaded;
    const view = place.contentWindow, root = place.contentDocument.documentElement;
    await fonts(place.contentDocument);
    await frame();
    if (view.ready) told.push(...await slides(view, name));
    else told.push([name, "", [0, 0, root.clientWidth, root.scrollHeight],
                    pieces(place.contentDocument.body, 1)]);
    place.remove();
  }
  await tell(told);
};
</script>"""


def sights(
    browser: str, pages: Mapping[str, bytes], decks: Mapping[str, Mapping[Path, bytes]]
) -> list[Sight]:
    """Return what a browser shows of some pages, and of every slide of some decks.

    Args:
        browser: one of `benchmarks.browsers.BROWSERS`.
        pages: web pages, by name.
        decks: lectures for reveal.js, by name: Markdown and figures, as they are written.

    Raises:
        LookupError: the browser, or reveal.js, is not installed.
    """
    if decks and not (MODULES / "reveal.js").is_dir():
        raise LookupError("reveal.js is not installed: run npm ci in tests/katex")
    served = {f"/{name}.html": data for name, data in pages.items()}
    for name, files in decks.items():
        (markdown,) = (path for path in files if path.suffix == ".md")
        section = re.search(r"<section.*?</section>", files[markdown].decode(), re.S)
        assert section
        served[f"/{name}.html"] = REVEAL.replace("{section}", section[0]).encode()
        served |= {f"/{Path(name).parent}/{path}": data for path, data in files.items()}

    def file(path: str) -> bytes | None:
        if path.startswith("/modules/"):
            return (MODULES / path.removeprefix("/modules/")).read_bytes()
        return served.get(path)

    told, complaints = look(browser, PAGE % json.dumps([*pages, *decks]), file)
    assert not complaints, complaints
    letters = {path: _smallest(data) for path, data in served.items() if path.endswith(".svg")}
    return [_sight(*one, letters) for one in told]


def _smallest(drawn: bytes) -> float:
    return min(map(float, re.findall(r'font-size="([0-9.]+)"', drawn.decode())), default=math.inf)


def _sight(
    name: str,
    title: str,
    page: Sequence[float],
    pieces: Sequence[Any],
    letters: Mapping[str, float],
) -> Sight:
    found = []
    for text, image, size, row, capitals, ink in pieces:
        path = urlsplit(text).path if image else ""
        size *= letters.get(path, 1)
        found.append(Piece(path or text, image, size, row, capitals, Box(*ink)))
    return Sight(name, title, Box(*page), tuple(found))

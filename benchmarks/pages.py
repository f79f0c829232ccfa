"""What a browser shows of slides and web pages: every line of text and every image, where it lies.

Slides are seen as on a projector of 1920 by 1080, a page in a window of that width.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.browsers import look
from benchmarks.pictures import Box


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
function lettering(text) {  // of a line of text in a drawing: its smallest letters, and its ink
  const view = text.ownerDocument.defaultView, svg = text.ownerSVGElement;
  const place = svg.getBoundingClientRect(), scale = place.width / svg.viewBox.baseVal.width;
  const sizes = [...text.children].map(run => parseFloat(view.getComputedStyle(run).fontSize));
  const size = parseFloat(view.getComputedStyle(text).fontSize), base = text.y.baseVal[0].value;
  const tail = /[gjpqy,;()]/.test(text.textContent) || sizes.some(own => own < size);
  const box = [text.getStartPositionOfChar(0).x, base - 0.68 * size,
               text.getEndPositionOfChar(text.getNumberOfChars() - 1).x, base + tail * 0.2 * size];
  const ink = box.map((at, k) => at * scale + (k & 1 ? place.top : place.left));
  return [Math.min(size, ...sizes) * scale, ink];
}
function pieces(root, scale) {
  const page = root.ownerDocument, view = page.defaultView, found = [], rows = new Map();
  const row = node => {
    const block = node.closest("svg, mtr, math, tr, p, li, pre, h1, h2, h3, h4") ?? root;
    if (!rows.has(block)) rows.set(block, rows.size);
    return rows.get(block);
  };
  const walker = page.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim(), parent = node.parentElement;
    if (!text || parent.closest("annotation, style, script, aside, title, desc, svg")) continue;
    const style = view.getComputedStyle(parent), range = page.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects())
      if (rect.width && style.visibility === "visible")
        found.push([text, false, parseFloat(style.fontSize) * scale, row(parent),
                    style.textTransform === "uppercase", inked(text, style, rect, scale)]);
  }
  for (const text of root.querySelectorAll("svg text")) {
    if (view.getComputedStyle(text).visibility !== "visible") continue;
    const [size, ink] = lettering(text);
    found.push([text.textContent, false, size, row(text), false, ink]);
  }
  for (const image of root.querySelectorAll("img")) {
    const rect = image.getBoundingClientRect();
    found.push([image.src, true, rect.width / image.naturalWidth, row(image), false,
                [rect.left, rect.top, rect.right, rect.bottom]]);
  }
  return found;
}
async function slides(view, name) {
  const deck = view.Reveal, screen = [0, 0, view.innerWidth, view.innerHeight], told = [];
  while (!deck.isReady()) await frame();
  for (let k = 0; k < deck.getTotalSlides(); k++) {
    deck.slide(k, 0, -1);
    const slide = deck.getCurrentSlide(), title = slide.querySelector("h1, h2")?.innerText ?? "";
    do {
      await frame();
      const number = pieces(view.document.querySelector(".slide-number"), 1);
      told.push([name, title, screen, [...pieces(slide, deck.getScale()), ...number]]);
    } while (deck.availableFragments().next && deck.nextFragment());
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
    if (view.Reveal) told.push(...await slides(view, name));
    else told.push([name, "", [0, 0, root.clientWidth, root.scrollHeight],
                    pieces(place.contentDocument.body, 1)]);
    place.remove();
  }
  await tell(told);
};
</script>"""


def sights(browser: str, pages: Mapping[str, bytes]) -> list[Sight]:
    """Return what a browser shows of some pages, and of every step of every slide of decks.

    Args:
        browser: one of `benchmarks.browsers.BROWSERS`.
        pages: web pages, and lectures for reveal.js, by name.

    Raises:
        LookupError: the browser is not installed.
    """
    served = {f"/{name}.html": data for name, data in pages.items()}
    told, complaints = look(browser, PAGE % json.dumps([*pages]), served)
    assert not complaints, complaints
    return [_sight(*one) for one in told]


def _sight(name: str, title: str, page: Sequence[float], pieces: Sequence[Any]) -> Sight:
    return Sight(name, title, Box(*page), tuple(Piece(*rest, Box(*ink)) for *rest, ink in pieces))

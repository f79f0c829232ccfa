"""The lecture for reveal.js in real browsers: one file, from which everything comes."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from figure_cases import GEOMETRIES, derived
from tools import KATEX, look, missing

from benchmarks.browsers import BROWSERS
from symconv.equation import Element
from symconv.lecture.slide import Drawing
from symconv.lecture.talk import Talk, tell
from symconv.notation import Notation
from symconv.views import reveal_deck, screen

TELL = """<script>
const all = what => [...document.querySelectorAll(".slides " + what)];
const seen = node => getComputedStyle(node).visibility === "visible";
async function walk() {
  while (!Reveal.isReady()) await frame();
  const steps = [];
  for (let k = 0; k < Reveal.getTotalSlides(); k++) {
    Reveal.slide(k, 0, -1);
    do {
      await frame();
      const shown = [...Reveal.getCurrentSlide().querySelectorAll("figure > div")].filter(seen);
      steps.push(shown.map(step => step.textContent));
    } while (Reveal.availableFragments().next && Reveal.nextFragment());
  }
  const fetched = performance.getEntriesByType("resource").map(r => r.name);
  await tell({steps, fetched, headings: all("h1, h2").map(h => h.textContent),
              wide: all("math").filter(m => !m.getBoundingClientRect).length});
}
onload = walk;
</script>"""


def talk(case: str = "H6R3u2", **given: Any) -> Talk:
    return Talk(derived(GEOMETRIES[case]), command="symconv slides --title 'a<b'", **given)


def lecture(told: Talk) -> str:
    return reveal_deck.deck(tell(told), Notation(), "A <b>", "sub & sub", "A_B", ["-- > note"])


@pytest.mark.slow
@pytest.mark.parametrize("browser", BROWSERS)
def test_the_browser_shows_every_step_and_fetches_nothing(browser: str) -> None:
    told = talk()
    seen, complaints = look(browser, lecture(told) + TELL)
    slides = [page for slide in tell(told) for page in screen.pages(slide, Notation())]
    figures = [[p.frames for p in slide.parts if isinstance(p, Drawing)] for slide in slides]
    expected = [len(frames[0]) if frames else 1 for frames in figures]
    assert complaints == []
    assert [name for name in seen["fetched"] if not name.startswith("data:")] == []
    assert len(seen["headings"]) == 1 + len(slides)
    assert seen["headings"][0] == "A <b>"
    assert len(seen["steps"]) == 1 + sum(expected)
    shown = [len(step) for step in seen["steps"][1:]]
    assert shown == [bool(frames) for frames, n in zip(figures, expected, strict=True)
                     for _ in range(n)]  # fmt: skip
    drawn = [step for step in seen["steps"] if step]
    assert all(one != other for one, other in pairwise(drawn))


def test_the_file_asks_for_nothing_and_takes_what_is_given_as_text() -> None:
    text = lecture(talk())
    outside = re.sub("<script>.*?</script>", "", text, flags=re.S)
    assert not re.search(r"<(script|link|img|iframe|image)[^>]*(src|href)=", outside)
    assert re.findall(r"url\((?!data:)", outside) == []
    assert "A &lt;b&gt;" in text
    assert "<b>A" not in text
    assert text.count("</script>") == 3
    assert outside.count("-->") == 1


def test_reveal_js_is_as_its_authors_built_it() -> None:
    package = KATEX / "node_modules" / "reveal.js"
    if not package.is_dir():
        missing("reveal.js is not installed: run npm ci in tests/katex")
    for name, built in (
        ("reveal.js", "dist"),
        ("reveal.css", "dist"),
        ("notes.js", "plugin/notes"),
    ):
        own = reveal_deck.resources.files("symconv.views").joinpath("reveal", name).read_bytes()
        assert own == (package / built / name).read_bytes()


def test_the_story_says_the_derived_gradient() -> None:
    told = talk(only="input", elements=(Element("X", (2, 2)),))
    shown = re.search(r"Thus.*?</p>\s*<div[^>]*>(<math.*?</math>)", lecture(told), re.S)
    assert shown
    _, gradient = shown[1].split("</mtr><mtr>")
    indices = re.findall(r"<mi>[yf]</mi><mn>(\d\d)</mn>", gradient)
    terms = told.derivation.equation(Element("dX", (2, 2))).terms
    assert indices == ["".join(map(str, f.index)) for term in terms for f in term]


def test_no_heading_is_set_in_capitals() -> None:
    look = reveal_deck._look()
    for heading in ("h1", "h2"):
        rule = re.search(rf"\.reveal {heading} \{{(.*?)\}}", look, re.S)
        assert rule
        assert "text-transform: none" in rule[1]

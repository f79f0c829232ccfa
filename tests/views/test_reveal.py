"""The lecture for reveal.js in real browsers, with reveal's own Markdown and KaTeX plugins."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from figure_cases import GEOMETRIES, derived
from tools import KATEX, look, missing

from benchmarks.browsers import BROWSERS
from symconv.lecture.talk import Talk, tell
from symconv.notation import Notation
from symconv.views import markdown_deck

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("browser", BROWSERS)]

# Plugins as they come, but for where KaTeX is and that it is to refuse what it does not know.
PAGE = """<link rel="stylesheet" href="/modules/reveal.js/dist/reveal.css">
<div class="reveal"><div class="slides">{section}</div></div>
<script src="/modules/reveal.js/dist/reveal.js"></script>
<script src="/modules/reveal.js/plugin/markdown/markdown.js"></script>
<script src="/modules/reveal.js/plugin/math/math.js"></script>
<script>
const all = what => [...document.querySelectorAll(".slides " + what)];
const texts = what => all(what).map(node => node.textContent);
const settled = image => image.complete || new Promise(r => image.onload = image.onerror = r);
Reveal.initialize({
  plugins: [RevealMarkdown, RevealMath.KaTeX],
  katex: {local: "/modules/katex", strict: "error", throwOnError: true},
}).then(async () => {
  for (let k = 0; k < 50 && !all(".katex").length; k++) await new Promise(r => setTimeout(r, 100));
  await Promise.all(all("img").map(settled));
  await tell({
    slides: Reveal.getTotalSlides(), headings: all("h1, h2").length,
    displays: texts(".katex-display annotation"), formulas: texts(".katex annotation"),
    refused: texts(".katex-error"),
    stills: all("img").map(image => [image.getAttribute("src"), image.naturalWidth]),
    fetched: performance.getEntriesByType("resource").map(r => r.name), own: location.href});
});
</script>"""


def lecture(form: str) -> dict[Path, bytes]:
    talk = Talk(derived(GEOMETRIES["H6R3u2"]), command="symconv slides", most_steps=4)
    return markdown_deck.deck(tell(talk), Notation(), form, Path("a.md"), "*Title*", "x_1", "A_B")


def opened(browser: str, files: dict[Path, bytes]) -> tuple[dict[str, Any], list[str]]:
    """Open a lecture as its first lines say; return what was seen, and what went wrong."""
    modules = KATEX / "node_modules"
    if not (modules / "reveal.js").is_dir():
        missing("reveal.js is not installed: run npm ci in tests/katex")
    section = re.search(r"<section.*?</section>", files[Path("a.md")].decode(), re.S)
    assert section

    def file(path: str) -> bytes | None:
        if path.startswith("/modules/"):
            return (modules / path.removeprefix("/modules/")).read_bytes()
        return files.get(Path(path.removeprefix("/")))

    return look(browser, PAGE.replace("{section}", section[0]), file)


def formulas(marp: str) -> tuple[list[str], list[str]]:
    """Return the displays, and all formulas, of the same lecture where Markdown leaves them be."""
    found = re.findall(r"\$\$([\s\S]*?)\$\$|\$([^$\n]+)\$", marp)
    bodies = [" ".join((display or inline).split()) for display, inline in found]
    return [body for body, (display, _) in zip(bodies, found, strict=True) if display], bodies


def test_the_browser_shows_every_slide_formula_and_still(browser: str) -> None:
    files = lecture("revealjs")
    seen, complaints = opened(browser, files)
    text = files.pop(Path("a.md")).decode()
    displays, bodies = formulas(lecture("marp")[Path("a.md")].decode())
    assert complaints == []
    assert seen["slides"] == seen["headings"] == text.count("\n---\n") + 1
    assert seen["refused"] == []
    assert len(displays) > 10
    assert [" ".join(body.split()) for body in seen["displays"]] == displays
    assert [" ".join(body.split()) for body in seen["formulas"]] == bodies
    assert {Path(name) for name, width in seen["stills"] if width > 0} == set(files)
    assert all(name.startswith((seen["own"], "data:")) for name in seen["fetched"])


@pytest.mark.parametrize("broken", [str, lambda latex: f"`{latex}`"], ids=["bare", "as-code"])
def test_formulas_that_markdown_spoils_are_noticed(
    browser: str, monkeypatch: pytest.MonkeyPatch, broken: Any
) -> None:
    monkeypatch.setattr(markdown_deck, "_kept", broken)
    seen, _ = opened(browser, lecture("revealjs"))
    _, bodies = formulas(lecture("marp")[Path("a.md")].decode())
    assert [" ".join(body.split()) for body in seen["formulas"]] != bodies


def test_a_still_that_is_missing_is_noticed(browser: str) -> None:
    files = lecture("revealjs")
    del files[Path("a-figures/example.svg")]
    seen, complaints = opened(browser, files)
    assert complaints != []
    assert ["a-figures/example.svg", 0] in seen["stills"]

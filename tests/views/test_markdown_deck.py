from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from figure_cases import GEOMETRIES, derived
from tools import KATEX, missing

from symconv.equation import Element
from symconv.lecture.talk import Talk, tell
from symconv.notation import Notation
from symconv.views import markdown_deck

NODE_PATH = str(KATEX / "node_modules")


@pytest.fixture
def node():
    modules = all(Path(NODE_PATH, name).is_dir() for name in ("katex", "markdown-it"))
    if shutil.which("node") is None or not modules:
        missing("katex and markdown-it are not installed: run npm ci in tests/katex")


RENDER = """
const katex = require("katex"), markdown = require("markdown-it")({html: true});
const text = require("fs").readFileSync(0, "utf8"), bodies = [];  // Marp takes mathematics first
for (const [, display, inline] of text.matchAll(/\\$\\$([\\s\\S]*?)\\$\\$|\\$([^$\\n]+)\\$/g)) {
  katex.renderToString(display ?? inline,
                       {displayMode: display !== undefined, strict: "error", throwOnError: true});
  bodies.push(display ?? inline);
}
const slides = markdown.render(text.replace(/^---[\\s\\S]*?---/, "")).split("<hr>").length;
console.log(JSON.stringify({bodies: bodies.length, slides}));
"""


def files(case: str = "H6R3u2", **given: object) -> dict[Path, bytes]:
    talk = Talk(derived(GEOMETRIES[case]), most_steps=9, **given)  # type: ignore[arg-type]
    target = Path("talks/lecture.md")
    return markdown_deck.deck(tell(talk), Notation(), target, "*Title*", "sub", "A <b>")


def test_every_figure_that_is_named_is_there() -> None:
    written = files()
    text = written.pop(Path("talks/lecture.md")).decode()
    named = re.findall(r"\]\(([^)]*\.svg)\)", text)
    assert {Path("talks", name) for name in named} == set(written)
    assert len(named) > 20
    for data in written.values():
        assert ElementTree.fromstring(data).tag.endswith("svg")


def test_what_a_person_gave_is_text() -> None:
    text = files()[Path("talks/lecture.md")].decode()
    assert "# \\*Title\\*" in text
    assert "A \\<b\\>" in text


def test_the_story_says_the_derived_gradient() -> None:
    element = Element("X", (2, 2))
    text = files(only="input", elements=(element,))[Path("talks/lecture.md")].decode()
    shown = re.search(r"Thus:\n\n\$\$\n(.*?)\n\$\$", text, re.S)
    assert shown
    chain, gradient = shown[1].split(r"\\")
    assert gradient.count("x_") == 1 < chain.count("x_")
    indices = re.findall(r"[yf]_\{(\d\d)\}", gradient)
    terms = derived(GEOMETRIES["H6R3u2"]).equation(Element("dX", (2, 2))).terms
    assert indices == ["".join(map(str, f.index)) for term in terms for f in term]


@pytest.mark.parametrize("case", ["H5R3u2", "H6R3u2"])
def test_the_remainder_has_a_slide_where_there_is_one(case: str) -> None:
    text = files(case)[Path("talks/lecture.md")].decode()
    assert ("What if the remainder is forgotten?" in text) == (case == "H6R3u2")
    assert ("**REFUTED**" in text) == (case == "H6R3u2")
    assert text.count("**PROVED** for every size") == 2


@pytest.mark.slow
@pytest.mark.usefixtures("node")
def test_markdown_and_mathematics_render() -> None:
    text = files()[Path("talks/lecture.md")].decode()
    done = subprocess.run(
        ["node", "-e", RENDER], input=text, capture_output=True, text=True, check=False,
        env={**os.environ, "NODE_PATH": NODE_PATH},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]
    seen = json.loads(done.stdout)
    assert seen["bodies"] > 30
    assert seen["slides"] == text.count("\n---\n")

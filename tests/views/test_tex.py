"""What a real TeX makes of the figures, the decks and the pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from figure_cases import GEOMETRIES, derived, elements
from tools import missing

from symconv.derivation import derive
from symconv.equation import Element
from symconv.figures.kinds import KINDS, frame
from symconv.figures.layout import Style, lay_out
from symconv.figures.palette import LIGHT
from symconv.figures.subject import Subject
from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Pad, Rotate
from symconv.geometry import Geometry, Layer
from symconv.lecture.legible import SMALLEST
from symconv.lecture.talk import Talk, tell
from symconv.notation import Notation
from symconv.views import beamer, standalone, tikz

pytestmark = pytest.mark.slow

XHTML = "{http://www.w3.org/1999/xhtml}"
SIDES = "xMin", "yMin", "xMax", "yMax"


@pytest.fixture(autouse=True)
def tex():
    for program in ("pdflatex", "pdftotext"):
        if not shutil.which(program):
            missing(f"{program} is not installed")


def compiled(tmp_path: Path, tex: str) -> str:
    """Compile, hold the log against boxes that stick out, and return the text of the PDF."""
    tex = tex.replace("\\usepackage{tikz}\n", f"\\usepackage{{tikz}}\n{WITH_MARGIN}\n")
    (tmp_path / "deck.tex").write_text(tex, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "deck.tex"],
        cwd=tmp_path, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    log = (tmp_path / "deck.log").read_text(encoding="latin-1")
    assert done.returncode == 0, [line for line in log.splitlines() if line.startswith("!")]
    assert sticking_out(log) == []
    assert "{beamer}" not in tex or illegible(tmp_path / "deck.pdf") == []
    said = subprocess.run(
        ["pdftotext", "-raw", "deck.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    )
    return said.stdout.decode()


SLIDE = 453.54, 255.12
"""How wide and high a slide is, in points of PDF."""

WITH_MARGIN = r"\AtBeginDocument{\pdfpagewidth=700pt \pdfpageheight=400pt }"
"""What makes the paper larger than the slide: poppler passes over letters beyond the paper."""

BOX = 0.888
"""How high poppler says that a letter of Computer Modern is, in sizes."""


def illegible(pdf: Path) -> list[str]:
    """Return words on slides that are too small for the last row, or lie beyond the page.

    What TikZ draws has a box of its own, so that TeX does not see what sticks out.
    """
    said = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, check=True)
    text = re.sub(r"[\x00-\x08\x0b-\x1f]", "", said.stdout.decode())
    found = []
    for number, page in enumerate(ElementTree.fromstring(text).iter(f"{XHTML}page"), 1):
        for word in page.iter(f"{XHTML}word"):
            left, top, right, bottom = (float(word.attrib[k]) for k in SIDES)
            size = (bottom - top) / BOX * 1080 / SLIDE[1]
            inside = min(left, top, SLIDE[0] - right, SLIDE[1] - bottom)
            if word.text and (size < SMALLEST or inside < 0):
                found.append(f"slide {number}: {word.text!r} {inside:.0f} pt in, {size:.1f} px")
    return found


def sticking_out(log: str) -> list[str]:
    boxes = re.findall(r"Overfull \\[hv]box \(([\d.]+)pt too \w+\)[^\n]*", log)
    return [points for points in boxes if float(points) > 1]


def deck(geometry: Geometry, **given: object) -> str:
    talk = Talk(derived(geometry), appendix=False, **given)  # type: ignore[arg-type]
    return "".join(beamer.deck(tell(talk), Notation(), "A title & more", "5% of it", "A_B"))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def told_gradients(pages: list[str]) -> dict[Element, list[tuple[Element, ...]]]:
    """Return the gradients that the stories of a deck end with, by their target."""
    found = {}
    for page in pages:
        if "Thus:" in page:
            equation, _ = page.split("Thus:")[1].strip().rsplit("\n", 1)  # the page's number
            before, terms = squeezed(equation).rsplit("=", 1)  # after the chain rule
            if terms != "0":
                target = before[before.rindex("∂L∂") :]
                found[read(target)[0]] = [read(term) for term in terms.split("+")]
    return found


def read(term: str) -> tuple[Element, ...]:
    return elements(re.sub(r"([xfy])(\d\d)", r"\1[\2]", term).replace("∂L∂", "∂L/∂"))


def closed_forms(pages: list[str]) -> dict[str, str]:
    """Return the closed forms that a deck states, without spaces and large brackets."""
    found = {}
    for page in pages:
        said = re.search(r"in closed form\n(.*?)\n(?:correlate\(A|The gradient)", page, re.S)
        if said:
            target, form = re.sub(r"[^\w∂,()=−-]", "", said[1]).split("=")
            found[target] = form.replace("−", "-")
    return found


def spelt(form: Node) -> str:
    """Return a closed form as `closed_forms` reads it."""
    match form:
        case Leaf(name=name):
            return {"dY": "∂L∂Y"}.get(name, name)
        case Rotate(of=of):
            return f"rotate({spelt(of)})"
        case Dilate(of=of, steps=given):
            return f"dilate{spelt(of)},{given}".replace(" ", "")
        case Pad(of=of, amounts=given):
            amounts = [amount for pair in given for amount in pair]
            if max(amounts) > 0 or not any(amounts):
                return f"pad{spelt(of)},{given}".replace(" ", "")
            taken = tuple((-before, -behind) for before, behind in given)
            return f"crop{spelt(of)},{taken}".replace(" ", "")
        case Correlate(of=of, by=by):
            return f"correlate{spelt(of)},{spelt(by)}"
    raise TypeError(type(form).__name__)


def unbracketed(text: str) -> str:
    """Return text without brackets: large ones are drawings, and no letters of the PDF."""
    return re.sub(r"[()]", "", text)


def tells_the_derivation(pages: list[str], geometry: Geometry) -> bool:
    derivation, told = derived(geometry), told_gradients(pages)
    assert len(told) >= 4
    forms = {name: unbracketed(form) for name, form in closed_forms(pages).items()}
    return forms == {
        f"∂L∂{name}": unbracketed(spelt(derivation.closed_forms[f"{wrt}_gradient"]))
        for name, wrt in (("X", "input"), ("F", "filter"))
    } and all(list(derivation.equation(target).terms) == terms for target, terms in told.items())


@pytest.mark.parametrize("case", ["H3R2u1", "H6R3u2"])
def test_a_deck_compiles_and_nothing_sticks_out(tmp_path: Path, case: str) -> None:
    geometry = GEOMETRIES[case]
    text = compiled(tmp_path, deck(geometry, command="symconv slides", most_steps=4))
    pages = text.split("\f")[:-1]
    talk = Talk(derived(geometry), command="symconv slides", most_steps=4, appendix=False)
    slides = [page for slide in tell(talk) for page in beamer.pages(slide, Notation())]
    steps = [max(len(getattr(p, "frames", (0,))) for p in slide.parts) for slide in slides]
    assert len(pages) == 1 + sum(steps)
    assert tells_the_derivation(pages, geometry)
    for right, wrong in (("rotate (F)", "F"), ("∂y00\nf00", "∂y00\nf01")):
        spoilt = [page.replace(right, wrong) for page in pages]
        assert right in text
        assert not tells_the_derivation(spoilt, geometry)
    assert "A title & more" in text
    assert "5% of it" in text
    assert ("What if the remainder is forgotten?" in text) == any(geometry.remainder)


def test_the_equations_in_the_pdf_are_the_derived_ones(tmp_path: Path) -> None:
    geometry = GEOMETRIES["H6R3u2"]
    element = Element("X", (2, 2))
    told = deck(geometry, only="input", elements=(element,), most_steps=1, command="a --b 'x[1,2]'")
    page = next(page for page in compiled(tmp_path, told).split("\f") if "Thus" in page)
    equation = squeezed(page.split("Thus")[1]).rsplit("=", 1)[1]
    terms = derived(geometry).equation(Element("dX", (2, 2))).terms
    found = re.findall(r"[fy]\D{0,3}?(\d\d)", equation)
    expected = sorted("".join(map(str, factor.index)) for term in terms for factor in term)
    assert sorted(found)[: len(expected)] == expected


def test_every_kind_of_figure_compiles_with_core_tikz(tmp_path: Path) -> None:
    subject = Subject(GEOMETRIES["H6R3u2"])
    pictures = [
        tikz.draw(lay_out([frame(name, subject, 0)], Style(Notation()))[0], LIGHT, Notation(), 400)
        for name in KINDS
    ]
    body = "\n".join(f"\\begin{{page}}\n{picture}\n\\end{{page}}" for picture in pictures)
    head = "\\documentclass[multi=page,border=2pt]{standalone}\n\\usepackage{amsmath,tikz}\n"
    head += "\\begin{document}\n"
    text = compiled(tmp_path, f"{head}{body}\n\\end{{document}}\n")
    assert text.count("\f") == len(KINDS)
    assert "\\usetikzlibrary" not in "".join(pictures)


def test_a_derivation_compiles_to_one_page(tmp_path: Path) -> None:
    from symconv.telling.exposition import tell as told

    page = "".join(standalone.page(told(derived(GEOMETRIES["H6R3u2"])), Notation()))
    assert compiled(tmp_path, page).count("\f") == 1


@pytest.mark.parametrize(
    "spoilt",
    [r"{\fontsize{4}{5}\selectfont small}", r"\tikz[overlay] \node at (13.6,0) {sticking out};"],
    ids=["small", "out"],
)
def test_a_word_that_nobody_can_read_is_noticed(tmp_path: Path, spoilt: str) -> None:
    told = "".join(beamer.deck([], Notation(), "A title", "", "")).replace(
        "\\end{document}", f"\\begin{{frame}}Here: {spoilt}\\end{{frame}}\\end{{document}}"
    )
    with pytest.raises(AssertionError, match="slide 2"):
        compiled(tmp_path, told)


def test_a_box_that_sticks_out_is_noticed(tmp_path: Path) -> None:
    wide = deck(GEOMETRIES["H3R2u1"], only="forward").replace(
        "\\end{document}", "\\begin{frame}\\leavevmode\\hbox to 500pt{x}\\end{frame}\\end{document}"
    )
    with pytest.raises(AssertionError):
        compiled(tmp_path, wide)


LAYER_DECKS = {
    "groups": Layer(Geometry.of(3, 2), 2, 4, 6, 2, bias=True),
    "transposed": Layer(Geometry.of(2, 2, 2, transposed=True, output_padding=1), 1, 3, 2),
}


@pytest.mark.parametrize("layer", LAYER_DECKS.values(), ids=LAYER_DECKS.keys())
def test_a_deck_of_a_layer_fits_its_slides(tmp_path: Path, layer: Layer) -> None:
    talk = Talk(derive(layer), only="forward", most_steps=1, appendix=False)
    tex = "".join(beamer.deck(tell(talk), Notation(), "A layer", "", ""))
    assert "whoissummed,andwhoiskept" in squeezed(compiled(tmp_path, tex))

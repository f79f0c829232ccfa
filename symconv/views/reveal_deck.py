"""Writes a lecture for reveal.js: one HTML file that holds everything and fetches nothing.

It opens from a disk as from a server.  reveal.js comes with symconv, as its authors built it;
formulas are MathML, which browsers set by themselves; figures are SVG within the page, their
letters cut out of one font for all of them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from html import escape, unescape
from importlib import resources
from itertools import groupby

from symconv.claims.verdict import Verdict
from symconv.figures.labels import Label, MathematicsLabel, Sign, Word, read
from symconv.figures.layout import Style
from symconv.figures.palette import LIGHT, Ink
from symconv.lecture.legible import Space, legible, scale
from symconv.lecture.slide import (
    Command,
    DisplayedSum,
    Drawing,
    JudgedStatement,
    Part,
    Prose,
    Slide,
    SlideTable,
)
from symconv.mathematics import mathml
from symconv.mathematics.mathml import MATHML, Elements
from symconv.mathematics.tree import Comparison
from symconv.notation import Notation
from symconv.readings.elements import Namer
from symconv.views import screen, svg, webfont

SIGNS = {"*": "⋆", "…": "⋯"}

CAPTION = 22.0
"""The size of a figure's caption before the figure is scaled to the slide."""

CLASSES = {Verdict.PROVED: "proved", Verdict.REFUTED: "refuted", Verdict.NOT_JUDGED: "open"}

LOOK = """
html, body { margin: 0; height: 100%; background: #PAPER; }
.reveal { font: TEXTpx/LINE "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans",
  sans-serif; color: #INK; }
.reveal .slides { text-align: left; }
.reveal .slides > section { box-sizing: border-box; height: 100%; padding: 50px 80px 70px; }
.reveal .slides > section.first { text-align: center; padding-top: 330px; }
.reveal h1 { font-size: 76px; line-height: 1.2; margin: 0 0 40px; color: #TARGET;
  font-weight: 600; text-transform: none; }
.reveal h2 { font-size: 50px; line-height: 60px; height: 60px; margin: 0 0 40px; color: #TARGET;
  font-weight: 600; white-space: nowrap; text-transform: none; }
.reveal .body { display: flex; flex-direction: column; gap: GAPpx; justify-content: center;
  height: HEIGHTpx; }
.reveal p { margin: 0; }
.reveal .small { font-size: SMALLpx; }
.reveal .proved { color: #RIGHT; }
.reveal .refuted { color: #WRONG; } .reveal .open { color: #FAINT; }
.reveal table { border-collapse: collapse; font-size: SMALLpx; line-height: 1.3; margin: 0 auto; }
.reveal td, .reveal th { padding: 5px 26px; text-align: center; font-weight: 400; }
.reveal td:first-child, .reveal th:first-child { text-align: left; }
.reveal th { border-bottom: 2px solid; color: #FAINT; }
.reveal pre { font: SMALLpx/LINE "DejaVu Sans Mono", Menlo, Consolas, monospace; margin: 0;
  padding: 20px 30px; background: #F3F5F7; white-space: pre-wrap; }
.reveal figure { margin: 0; display: grid; justify-content: center; }
.reveal figure > * { grid-area: 1 / 1; }
.reveal figure > .fragment { transition: none; }
.reveal svg { display: block; }
.reveal math { font-family: "STIX Two Math", "Latin Modern Math", "Cambria Math", math;
  font-size: 1.1em; }
.reveal math[display="block"] { margin: 0; font-size: 1em; }
.reveal mtd { padding: 0.12em 0.14em; }
.reveal mtd.left { text-align: right; text-align: -webkit-right; }
.reveal mtd.right { text-align: left; text-align: -webkit-left; }
.reveal .slide-number { font-size: 24px; line-height: 1; color: #FAINT; background: none;
  right: 30px; bottom: 22px; }
"""

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
{comments}<style>
{reveal}
</style>
<style>
{look}{font}
</style></head>
<body>
<div class="reveal"><div class="slides">
{slides}
</div></div>
<script>
{script}
</script>
<script>
{notes}
</script>
<script>
Reveal.initialize({{width: 1920, height: 1080, margin: 0, center: false, hash: true,
  transition: "none", backgroundTransition: "none", slideNumber: "c/t", controls: false,
  minScale: 0.1, maxScale: 4, plugins: [RevealNotes]}});
</script>
</body>
</html>
"""


def deck(
    slides: Iterable[Slide],
    notation: Notation,
    title: str,
    subtitle: str,
    author: str,
    comments: Sequence[str] = (),
) -> str:
    """Return the file of a lecture.

    Args:
        slides: what to write.
        notation: names and the first index.
        title: the title of the lecture.
        subtitle: the line below it.
        author: who holds it, or nothing.
        comments: lines for a reader of the source.
    """
    writer = _Writer(notation)
    lines = "".join(f"<p>{escape(line)}</p>" for line in (subtitle, author) if line)
    sections = [f'<section class="first"><h1>{escape(title)}</h1>{lines}</section>']
    for slide in slides:
        sections += [_section(page, writer) for page in screen.pages(slide, notation)]
    family, font = webfont.faces(writer.written)
    return PAGE.format(
        title=escape(title),
        comments="".join(f"<!-- {escape(comment)} -->\n" for comment in comments),
        reveal=_file("reveal.css"),
        look=_look(),
        font=font,
        slides="\n".join(sections).replace(FAMILY, family),
        script=_file("reveal.js"),
        notes=_file("notes.js"),
    )


FAMILY = "symconv-deck"
"""The font of all figures, until it is known which letters it has to have."""


def _look() -> str:
    numbers = {"TEXT": screen.TEXT, "SMALL": screen.SMALL, "HEIGHT": screen.HEIGHT,
               "LINE": screen.LINE, "GAP": screen.GAP}  # fmt: skip
    colours = {"#PAPER": Ink.PAPER, "#INK": Ink.TEXT, "#TARGET": Ink.TARGET, "#FAINT": Ink.FAINT,
               "#RIGHT": Ink.RIGHT_TEXT, "#WRONG": Ink.WRONG_TEXT}  # fmt: skip
    look = LOOK
    for name, ink in colours.items():
        look = look.replace(name, f"#{LIGHT[ink]}")
    return re.sub("TEXT|SMALL|HEIGHT|LINE|GAP", lambda match: f"{numbers[match[0]]:g}", look)


@functools.cache
def _file(name: str) -> str:
    """Return a file of reveal.js so that it may stand within a page."""
    text = resources.files("symconv.views").joinpath("reveal", name).read_text(encoding="utf-8")
    return re.sub(r"\n//# sourceMappingURL=.*", "", text).replace("</script", r"<\/script").strip()


class _Writer:
    """The context in which the parts are written.

    Attributes:
        written: all text of the figures, upright (False) and italic (True).
    """

    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.names = Namer(notation)
        self.written = {False: "", True: ""}
        self.figures = 0

    def sentence(self, label: Label) -> str:
        """Return a label as HTML: words as they are, what is between them as one formula."""
        parts = []
        for is_word, atoms in groupby(label, lambda atom: isinstance(atom, Word)):
            if is_word:
                parts += [escape(atom.text) for atom in atoms if isinstance(atom, Word)]
            else:
                parts.append(mathml.inline(self.math(tuple(atoms))))
        return "".join(parts)

    def math(self, label: Label) -> Elements:
        """Return a label as mathematics."""
        elements: Elements = ()
        for atom in label:
            match atom:
                case Sign(text):
                    elements += (mathml.operator(SIGNS.get(text, text)),) if text else ()
                case Word(text):
                    elements += (mathml.phrase(text),)
                case _:
                    elements += MATHML.write(read(atom, self.names))
        return elements

    def row(self, line: Label) -> tuple[Elements, Elements]:
        """Return a line of a display: what stands left of its sign, and the rest."""
        match line:
            case (Sign("+"), *_):
                return (), ('<mspace width="1em"/>', *self.math(line))
            case (MathematicsLabel(Comparison() as compared),):
                return mathml.comparison(compared)
            case (first, *rest):
                return self.math((first,)), self.math(tuple(rest))
        return (), ()


def _section(slide: Slide, writer: _Writer) -> str:
    space = screen.space(slide, writer.notation)
    shown = [
        _figure(part, space, writer) if isinstance(part, Drawing) else _show(part, writer)
        for part in slide.parts
    ]
    body = "\n".join(shown)
    notes = "".join(f"<p>{escape(note)}</p>" for note in slide.notes)
    aside = f'<aside class="notes">{notes}</aside>' if notes else ""
    heading = writer.sentence(slide.title)
    return f'<section><h2>{heading}</h2>\n<div class="body">{body}</div>{aside}</section>'


def _figure(part: Drawing, space: Space, writer: _Writer) -> str:
    """Return the steps of a figure one upon the other: each comes with a click, the last goes."""
    style = Style(writer.notation, heading=False, caption=CAPTION if part.caption else 0)
    scenes = legible(part.frames, style, space)
    width = scenes[0].width * scale(scenes[0], space)
    height = scenes[0].height * scale(scenes[0], space)
    steps = []
    for number, scene in enumerate(scenes):
        drawn = _within(svg.draw([scene], LIGHT, writer.notation, part.name), writer)
        drawn = re.sub(r' width="\d+" height="\d+"', f' width="{width:.0f}" height="{height:.0f}"',
                       drawn, count=1)  # fmt: skip
        steps.append(f"<div{_fragment(number, len(scenes))}>{drawn}</div>")
    return f"<figure>{''.join(steps)}</figure>"


def _fragment(number: int, of: int) -> str:
    """Return what shows a step in its turn alone."""
    if of == 1:
        return ""
    kind = "fade-out" if number == 0 else "" if number == of - 1 else "current-visible"
    return f' class="fragment {kind}" data-fragment-index="{max(number - 1, 0)}"'


def _within(drawn: str, writer: _Writer) -> str:
    """Return an SVG for a page that has many: names of its own, and the font of them all."""
    writer.figures += 1
    for attributes, text in re.findall(r"<tspan([^>]*)>([^<]*)</tspan>", drawn):
        writer.written["font-style" in attributes] += unescape(text)
    drawn = re.sub("<style>.*?</style>", "", drawn, flags=re.S)
    drawn = re.sub(r'font-family="symconv-[0-9a-f]+', f'font-family="{FAMILY}', drawn)
    return re.sub(
        r'(\bid="|url\(#|href="#|aria-labelledby="|aria-describedby=")',
        lambda match: f"{match[1]}f{writer.figures}-", drawn,
    )  # fmt: skip


@functools.singledispatch
def _show(part: Part, writer: _Writer) -> str:
    raise TypeError(f"a slide cannot show {type(part).__name__}")


@_show.register
def _(part: Prose, writer: _Writer) -> str:
    return f"<p>{writer.sentence(part.label)}</p>"


@_show.register
def _(part: DisplayedSum, writer: _Writer) -> str:
    size = screen.formula_size(part.lines, writer.notation)
    if len(part.lines) == 1:
        shown = mathml.display([writer.math(part.lines[0])])
    else:
        shown = mathml.aligned([writer.row(line) for line in part.lines])
    return f'<div style="font-size: {size:.1f}px">{shown}</div>'


@_show.register
def _(part: SlideTable, writer: _Writer) -> str:
    head, *rest = (
        "".join(f"<{cell}>{escape(text)}</{cell}>" for text in row)
        for cell, row in zip(["th", *["td"] * len(part.rows)], part.rows, strict=False)
    )
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rest)}</table>"


@_show.register
def _(part: JudgedStatement, writer: _Writer) -> str:
    verdict = f"<b>{part.verdict}</b>{escape(part.scope)}"
    lines = [writer.sentence(part.label)]
    lines.append(f'<span class="small {CLASSES[part.proof.verdict]}">{verdict}</span>')
    if part.consequence:
        lines.append(f'<span class="small">{escape(part.consequence)}</span>')
    return f"<p>{'<br>'.join(lines)}</p>"


@_show.register
def _(part: Command, writer: _Writer) -> str:
    return f"<pre>{escape(part.text)}</pre>"

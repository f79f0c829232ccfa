"""Writes a lecture as Markdown slides, for Marp, with SVG stills beside it.

Slides are separated by ``---``; displays stand between double dollars.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from symconv.figures.labels import Label, Word
from symconv.figures.layout import Style
from symconv.figures.palette import LIGHT
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
from symconv.notation import Notation
from symconv.telling.writers import Latex
from symconv.views import labels, screen, svg

MARP_HEAD = """---
marp: true
math: katex
paginate: true
style: |
  section { font-size: 26px; line-height: 1.35; padding: 34px 54px 46px; place-content: start; }
  section.first { place-content: center; text-align: center; }
  section h1 { font-size: 50px; color: #00568C; }
  section h2 { font-size: 32px; line-height: 40px; margin: 0 0 14px; color: #00568C; }
  section p { margin: 9px 0; }
  section img { display: block; margin: 0 auto; }
  section table { font-size: 21px; margin: 12px auto; width: max-content; }
  section pre { font-size: 21px; }
  section .katex { font-size: 1.1em; }
  section .katex-display { margin: 0; }
  section .katex-display > .katex { font-size: 1.12em; }
  section::after { font-size: 16px; }
---
"""

SCALE = 1280 / 1920
"""How large a pixel of a slide of Marp is, on a screen of 1920 by 1080."""

CAPTION = 22.0


class _Writer:
    """The context in which the parts are written."""

    def __init__(self, notation: Notation, folder: Path) -> None:
        self.notation = notation
        self.write = Latex(notation)
        self.folder = folder
        self.figures: dict[Path, bytes] = {}

    def display(self, body: str) -> str:
        return f"$$\n{body}\n$$"

    def sentence(self, label: Label) -> str:
        """Return a label as Markdown: words as they are, the rest as mathematics."""
        return "".join(
            atom.text if isinstance(atom, Word) else f"${labels.math((atom,), self.write)}$"
            for atom in label
        )


def deck(
    slides: Iterable[Slide],
    notation: Notation,
    target: Path,
    title: str,
    subtitle: str,
    author: str,
    comments: Sequence[str] = (),
) -> dict[Path, bytes]:
    """Return the files of a lecture: the Markdown at ``target`` and its figures in a folder.

    Args:
        slides: what to write.
        notation: names and the first index.
        target: where the Markdown goes; figures go to a folder beside it, named after it.
        title: the title of the lecture.
        subtitle: the line below it.
        author: who holds it, or nothing.
        comments: lines for a reader of the source; Marp shows them to the presenter.
    """
    writer = _Writer(notation, target.with_name(f"{target.stem}-figures"))
    noted = "\n".join(f"<!-- {comment} -->" for comment in comments)
    first = ["<!-- _class: first -->", noted, f"# {_safe(title)}", _safe(subtitle), _safe(author)]
    pages = ["\n\n".join(filter(None, first))]
    for slide in slides:
        for page in screen.pages(slide, notation):
            pages += _pages(page, writer)
    text = MARP_HEAD + "\n" + "\n\n---\n\n".join(pages) + "\n"
    return {target: text.encode(), **writer.figures}


def _pages(slide: Slide, writer: _Writer) -> Iterator[str]:
    """Yield the slide, once for every step of what moves on it."""
    space = screen.space(slide, writer.notation)
    shown = [
        _stills(part, space, writer) if isinstance(part, Drawing) else [_show(part, writer)]
        for part in slide.parts
    ]
    heading = f"## {writer.sentence(slide.title)}"
    notes = [f"<!-- {' '.join(slide.notes)} -->"] if slide.notes else []
    for step in range(max(map(len, shown))):
        yield "\n\n".join([heading, *(part[step % len(part)] for part in shown), *notes])


def _stills(part: Drawing, space: Space, writer: _Writer) -> list[str]:
    """Return the steps of a figure, each as the image that shows it."""
    style = Style(writer.notation, heading=False, caption=CAPTION if part.caption else 0)
    scenes = legible(part.frames, style, space)
    height = scenes[0].height * scale(scenes[0], space) * SCALE
    images = []
    for step, scene in enumerate(scenes):
        number = f"-{step + 1:02}" if len(scenes) > 1 else ""
        path = writer.folder / f"{part.name}{number}.svg"
        writer.figures[path] = svg.draw([scene], LIGHT, writer.notation, part.name).encode()
        images.append(f"![h:{height:.0f}]({writer.folder.name}/{path.name})")
    return images


@functools.singledispatch
def _show(part: Part, writer: _Writer) -> str:
    raise TypeError(f"Markdown slides cannot show {type(part).__name__}")


@_show.register
def _(part: Prose, writer: _Writer) -> str:
    return writer.sentence(part.label)


@_show.register
def _(part: DisplayedSum, writer: _Writer) -> str:
    return writer.display(labels.display(part.lines, writer.write))


@_show.register
def _(part: SlideTable, writer: _Writer) -> str:
    head, *rest = (f"| {' | '.join(row)} |" for row in part.rows)
    return "\n".join([head, f"|{' --- |' * len(part.rows[0])}", *rest])


@_show.register
def _(part: JudgedStatement, writer: _Writer) -> str:
    lines = [writer.sentence(part.label), f"**{part.verdict}**{part.scope}", part.consequence]
    return "  \n".join(filter(None, lines))


@_show.register
def _(part: Command, writer: _Writer) -> str:
    return f"```sh\n{part.text}\n```"


def _safe(text: str) -> str:
    """Return what a person gave so that Markdown and HTML take it as text."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|$~" else c for c in " ".join(text.split()))

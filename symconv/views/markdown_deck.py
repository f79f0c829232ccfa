"""Writes a lecture as Markdown slides, for Marp, with SVG stills beside it.

Slides are separated by ``---``; displays stand between double dollars.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from symconv.figures.labels import Label, Word
from symconv.figures.layout import Style, lay_out
from symconv.figures.palette import LIGHT
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
from symconv.views import labels, svg

MARP_HEAD = """---
marp: true
math: katex
paginate: true
style: |
  section { font-size: 24px; }
  h2 { color: #00568C; }
---
"""

HEIGHTS = {True: 470, False: 300}
"""How high a figure is drawn, in pixels, if it is alone on its slide, and with text below."""

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
    first = [noted, f"# {_safe(title)}", _safe(subtitle), _safe(author)]
    pages = ["\n\n".join(filter(None, first))]
    for slide in slides:
        pages += _pages(slide, writer)
    text = MARP_HEAD + "\n" + "\n\n---\n\n".join(pages) + "\n"
    return {target: text.encode(), **writer.figures}


def _pages(slide: Slide, writer: _Writer) -> Iterator[str]:
    """Yield the slide, once for every step of what moves on it."""
    steps = max([len(part.frames) for part in slide.parts if isinstance(part, Drawing)] or [1])
    heading = f"## {writer.sentence(slide.title)}"
    alone = len(slide.parts) == 1
    for step in range(steps):
        shown = [
            _still(part, step, alone, writer) if isinstance(part, Drawing) else _show(part, writer)
            for part in slide.parts
        ]
        yield "\n\n".join([heading, *shown])


def _still(part: Drawing, step: int, alone: bool, writer: _Writer) -> str:
    style = Style(writer.notation, heading=False, caption=CAPTION if part.caption else 0)
    scene = lay_out(part.frames, style)[step]
    number = f"-{step + 1:02}" if len(part.frames) > 1 else ""
    path = writer.folder / f"{part.name}{number}.svg"
    writer.figures[path] = svg.draw([scene], LIGHT, writer.notation, part.name).encode()
    place = f"{writer.folder.name}/{path.name}"
    return f"![h:{HEIGHTS[alone]}]({place})"


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

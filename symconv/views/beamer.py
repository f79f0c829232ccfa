r"""Writes a lecture as beamer: one .tex file that holds every figure, for any LaTeX with TikZ.

Heights and widths are reckoned before TeX sees them, so that a figure takes the room that the
text leaves and a long equation is set small enough; the log is to stay free of overfull boxes.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Sequence

from symconv.claims.verdict import Verdict
from symconv.errors import SymconvError
from symconv.figures.labels import Label, Word
from symconv.figures.layout import Style
from symconv.figures.palette import LIGHT
from symconv.figures.typeset import is_tall, typeset
from symconv.lecture.legible import SMALLEST, Space, legible
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
from symconv.mathematics.latex import escaped
from symconv.notation import Notation
from symconv.telling.writers import Latex
from symconv.views import labels, screen, tikz

WIDTH, HEIGHT = 396.0, 202.0
"""What a 16:9 slide has for text and figures, in points."""

TEXT_HEIGHT = 230.0
"""What it has for text alone, in which TeX takes back some of the room that is reckoned with."""

PIXELS = 1080 / 256.07
"""How many pixels a point is, where the slide is shown 1080 pixels high."""

LETTERS = 0.9
"""How large TeX sets the smallest letters of a figure: an index in a cell is smaller here."""

SIZE = 10.95
CAPTION = 25.0
"""The size of a figure's caption before the figure is scaled to the slide."""

SANS = 1.12
"""How much wider beamer's sans serif runs than what labels are measured in."""

SIZES = (("", 1.0), ("\\small", 0.91), ("\\footnotesize", 0.82), ("\\scriptsize", 0.73),
         ("\\tiny", 0.55))  # fmt: skip

PACKAGES = r"""\documentclass[aspectratio=169,11pt]{beamer}
\usepackage{amsmath}
\usepackage{tikz}
"""

LOOK = r"""\newsavebox{\symconvbase}
\usefonttheme[onlymath]{serif}
\setbeamertemplate{navigation symbols}{}
\setbeamertemplate{footline}{\hfill\footnotesize\insertframenumber\hspace{1em}\vspace{0.6em}}
\setbeamercolor{structure}{fg=sctarget}
\setbeamercolor{frametitle}{fg=sctarget}
"""

VERDICT_COLOURS = {Verdict.PROVED: "scrighttext", Verdict.REFUTED: "scwrongtext",
                   Verdict.NOT_JUDGED: "scfaint"}  # fmt: skip


def deck(
    slides: Iterable[Slide],
    notation: Notation,
    title: str,
    subtitle: str,
    author: str,
    comments: Sequence[str] = (),
) -> Iterator[str]:
    """Yield a .tex file, piece by piece, with its comments on top.

    Raises:
        SymconvError: a title or an author that LaTeX's standard fonts cannot show.
    """
    yield from (f"% {comment}\n" for comment in comments)
    yield PACKAGES
    yield "\n".join([*tikz.definitions(LIGHT), LOOK])
    yield f"\\title{{{_given(title)}}}\n\\subtitle{{{_given(subtitle)}}}\n"
    yield f"\\author{{{_given(author)}}}\n\\date{{}}\n\\begin{{document}}\n"
    yield "\\begin{frame}\n\\titlepage\n\\end{frame}\n"
    for slide in slides:
        for page in pages(slide, notation):
            yield _frame(page, notation)
    yield "\\end{document}\n"


def pages(slide: Slide, notation: Notation) -> Iterator[Slide]:
    """Yield the slide, or several if its parts do not fit on one."""
    heights = [_needed(part, notation) for part in slide.parts]
    drawn = any(isinstance(part, Drawing) for part in slide.parts)
    return screen.split(slide, heights, HEIGHT if drawn else TEXT_HEIGHT)


def _given(text: str) -> str:
    for character in text:
        if ord(character) > 0x17F and character not in "–—‘’“”…×≠→−":
            raise SymconvError(
                f"{text!r}: LaTeX's standard fonts have no {character!r}; use Latin letters"
            )
    return escaped(" ".join(text.split()))


def _frame(slide: Slide, notation: Notation) -> str:
    write = Latex(notation)
    room = HEIGHT - sum(_height(part, notation) for part in slide.parts)
    drawings = sum(isinstance(part, Drawing) for part in slide.parts)
    before, shown = "", []
    for part in slide.parts:
        if isinstance(part, Drawing):
            setup, picture = _drawn(part, notation, room / drawings)
            before += setup
            shown.append(f"\\begin{{center}}\n{picture}\\end{{center}}")
        else:
            shown.append(_show(part, notation))
    title = labels.mixed(slide.title, write)
    notes = [f"\\note{{{' '.join(map(escaped, slide.notes))}}}"] if slide.notes else []
    frame = ["\\begin{frame}", f"\\frametitle{{{title}}}", *shown, *notes, "\\end{frame}", ""]
    return before + "\n".join(frame)


def _drawn(part: Drawing, notation: Notation, room: float) -> tuple[str, str]:
    """Return what a drawing needs before its frame, and the picture in it."""
    style = Style(notation, heading=False, caption=CAPTION if part.caption else 0)
    space = Space(WIDTH * PIXELS, room * PIXELS, SMALLEST / LETTERS)
    scenes = legible(part.frames, style, space)
    width = min(WIDTH, room * scenes[0].width / scenes[0].height)
    if len(scenes) == 1:
        return "", tikz.draw(scenes[0], LIGHT, notation, width, colours=False)
    return tikz.overlaid(scenes, notation, width)


def _needed(part: Part, notation: Notation) -> float:
    """Return how high a part is, a figure at its lowest."""
    return screen.LEAST * HEIGHT if isinstance(part, Drawing) else _height(part, notation)


def _natural(lines: Sequence[Label], notation: Notation) -> float:
    return max(typeset(line, notation)[1] for line in lines) * SIZE


def _wrapped(label: Label, notation: Notation, scale: float = 1) -> int:
    """Return on how many lines a sentence is set."""
    return math.ceil(_natural([label], notation) * SANS * scale / (WIDTH - 20))


@functools.singledispatch
def _height(part: Part, notation: Notation) -> float:
    raise TypeError(f"beamer cannot show {type(part).__name__}")


@_height.register
def _(part: Drawing, notation: Notation) -> float:
    return 4


@_height.register
def _(part: Prose, notation: Notation) -> float:
    tall = 10 if is_tall(part.label) else 0
    return 13.6 * _wrapped(part.label, notation) + 7 + tall


@_height.register
def _(part: DisplayedSum, notation: Notation) -> float:
    _, scale = _fitting(part.lines, notation)
    return sum(28 if is_tall(line) else 17 for line in part.lines) * scale + 16


@_height.register
def _(part: SlideTable, notation: Notation) -> float:
    return 12 * len(part.rows) + 14


@_height.register
def _(part: JudgedStatement, notation: Notation) -> float:
    consequence = _wrapped((Word(part.consequence),), notation, 0.9) if part.consequence else 0
    tall = 12 if is_tall(part.label) else 0
    return 13.6 * (_wrapped(part.label, notation) + 1 + consequence) + 10 + tall


@_height.register
def _(part: Command, notation: Notation) -> float:
    return 40


def _fitting(lines: Sequence[Label], notation: Notation) -> tuple[str, float]:
    """Return the largest size in which lines fit the width of the slide."""
    natural = _natural(lines, notation) * 1.15 + 24
    return next(((name, s) for name, s in SIZES if natural * s <= WIDTH), SIZES[-1])


@functools.singledispatch
def _show(part: Part, notation: Notation) -> str:
    raise TypeError(f"beamer cannot show {type(part).__name__}")


@_show.register
def _(part: Prose, notation: Notation) -> str:
    return labels.mixed(part.label, Latex(notation)) + "\n"


@_show.register
def _(part: DisplayedSum, notation: Notation) -> str:
    size, _ = _fitting(part.lines, notation)
    body = labels.display(part.lines, Latex(notation))
    return f"{{{size}\n\\[\n{body}\n\\]}}%"


@_show.register
def _(part: SlideTable, notation: Notation) -> str:
    head, *rest = [" & ".join(map(escaped, row)) for row in part.rows]
    columns = "l" + "c" * (len(part.rows[0]) - 1)
    strut = "\\rule{0pt}{2.6ex}"  # the line below the head is not to touch what follows
    body = f"{head} \\\\ \\hline\n{strut}" + " \\\\\n".join(rest)
    return (
        "\\begin{center}\n\\footnotesize\n\\setlength{\\tabcolsep}{5pt}\n"
        f"\\begin{{tabular}}{{{columns}}}\n{body}\n\\end{{tabular}}\n\\end{{center}}"
    )


@_show.register
def _(part: JudgedStatement, notation: Notation) -> str:
    colour = VERDICT_COLOURS[part.proof.verdict]
    lines = [
        labels.mixed(part.label, Latex(notation)),
        f"\\textcolor{{{colour}}}{{\\small\\textbf{{{part.verdict}}}{escaped(part.scope)}}}",
        *([f"{{\\small {escaped(part.consequence)}}}"] if part.consequence else []),
    ]
    return "\\par\\smallskip\n" + "\\\\\n".join(lines) + "\n\\par\\smallskip"


@_show.register
def _(part: Command, notation: Notation) -> str:
    # The typewriter font has the straight apostrophe that a shell wants at 13.
    text = escaped(part.text).replace("'", r"\char13{}")
    return f"\\begin{{center}}\n\\texttt{{{text}}}\n\\end{{center}}"

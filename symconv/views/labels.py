r"""Writes labels as LaTeX: as text with mathematics between dollars, or as mathematics alone.

Everything is amsmath that KaTeX renders, too; what a person gave as text is escaped.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from symconv.figures.labels import Atom, Label, MathematicsLabel, Sign, Word, read
from symconv.mathematics.latex import LATEX, aligned, aligned_row, escaped
from symconv.mathematics.tree import Comparison, Phrase
from symconv.notation import Notation
from symconv.readings.elements import Namer
from symconv.telling.writers import Latex

SIGNS = {"≠": r"\neq", "…": r"\cdots"}


def mixed(label: Label, write: Latex, style: str = "") -> str:
    """Return a label as LaTeX text, its mathematics between dollars, in a style if given."""
    parts: list[str] = []
    for atom in label:
        if isinstance(atom, Word):
            parts.append(escaped(atom.text))
            continue
        text = math((atom,), write)
        if parts and parts[-1].endswith("$"):
            parts[-1] = f"{parts[-1][:-1]} {text}$"
        else:
            parts.append(f"${style} {text}$" if style else f"${text}$")
    return "".join(parts)


def math(label: Label, write: Latex) -> str:
    """Return a label as mathematics, its words in ``\\text``."""
    return " ".join(_math(atom, write.notation) for atom in label)


def display(lines: Sequence[Label], write: Latex) -> str:
    """Return lines as the body of one display; continued ones under the first one's right side."""
    if len(lines) == 1:
        return math(lines[0], write)
    return aligned(_row(line, write) for line in lines)


def _row(line: Label, write: Latex) -> str:
    match line:
        case (Sign("+"), *_):
            return f"&\\quad {math(line, write)}"
        case (MathematicsLabel(Comparison() as compared),):
            return aligned_row(compared)
        case (first, *rest):
            return f"{math((first,), write)} &{math(tuple(rest), write)}"
        case _:
            return ""


@functools.cache
def _math(atom: Atom, notation: Notation) -> str:
    """Return an atom as mathematics; in a lecture the same ones stand on many slides."""
    match atom:
        case Sign(text):
            return SIGNS.get(text, text) or "{}"
        case Word(text):
            return LATEX.write(Phrase(text))
        case _:
            return LATEX.write(read(atom, Namer(notation)))

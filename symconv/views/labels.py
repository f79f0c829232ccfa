r"""Writes labels as LaTeX: as text with mathematics between dollars, or as mathematics alone.

Everything is amsmath that KaTeX renders, too; what a person gave as text is escaped.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from symconv.equation import Element
from symconv.figures.labels import (
    PLUS,
    Atom,
    FormulaLabel,
    Label,
    LocalDerivativeLabel,
    Sign,
    Whole,
    Word,
)
from symconv.readings import latex as formula_latex
from symconv.telling.writers import Latex

SIGNS = {"·": r"\cdot", "≠": r"\neq", "*": r"\star", "…": r"\cdots"}

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"$<$", ">": r"$>$", "|": r"$|$", '"': r"\char34{}",
    "≠": r"$\neq$", "…": r"\ldots{}", "→": r"$\rightarrow$", "×": r"$\times$", "−": r"$-$",
    "–": "--", "—": "---", "’": "'", "‘": "`", "“": "``", "”": "''", "°": r"$^\circ$",
}  # fmt: skip


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
    return " ".join(_math(atom, write) for atom in label)


def display(lines: Sequence[Label], write: Latex) -> str:
    """Return lines as the body of one display; continued ones under the first one's right side."""
    if len(lines) == 1:
        return math(lines[0], write)
    rows = []
    for line in lines:
        if line[0] == PLUS:
            rows.append(f"&\\quad {math(line, write)}")
        else:
            rows.append(f"{math(line[:1], write)} &{math(line[1:], write)}")
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def escaped(text: str) -> str:
    """Return plain text as LaTeX; three spaces in a row are a gap."""
    return "".join(_SPECIAL.get(character, character) for character in text).replace(
        "   ", r"\quad "
    )


@functools.singledispatch
def _math(atom: Atom, write: Latex) -> str:
    raise TypeError(f"{type(atom).__name__} has no LaTeX")


@_math.register
def _(atom: Element, write: Latex) -> str:
    return write.element(atom)


@_math.register
def _(atom: Sign, write: Latex) -> str:
    return SIGNS.get(atom.text, atom.text) or "{}"


@_math.register
def _(atom: Word, write: Latex) -> str:
    return rf"\text{{{escaped(atom.text)}}}"


@_math.register
def _(atom: Whole, write: Latex) -> str:
    return write.tensor(atom.tensor)


@_math.register
def _(atom: LocalDerivativeLabel, write: Latex) -> str:
    return write.local(atom.output, atom.wrt)


@_math.register
def _(atom: FormulaLabel, write: Latex) -> str:
    return formula_latex.read(atom.node, write.tensor)

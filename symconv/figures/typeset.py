"""Sets a label as pieces of text at positions: what SVG and rasters draw (TeX sets its own).

The pieces are runs of upright or italic text on a baseline, lowered indices, and fractions: a
bar with one line of runs above it and one below.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from symconv.equation import Element
from symconv.figures.labels import (
    Atom,
    FormulaLabel,
    Label,
    LocalDerivativeLabel,
    Sign,
    Whole,
    Word,
)
from symconv.figures.metrics import width
from symconv.notation import LOSS, Notation
from symconv.readings import text as formula_text
from symconv.telling.writers import Pretty, separator

INDEX_SIZE = 0.68
"""The size of an index, in sizes of its letter."""

INDEX_DROP = 0.22
"""How far an index is lowered, in sizes of its letter."""

FRACTION_SIZE = 0.82
"""The size of what stands above and below a bar."""


@dataclass(frozen=True, slots=True)
class GlyphRun:
    """Text in one style on the baseline, or lowered and small as an index."""

    text: str
    italic: bool = False
    index: bool = False

    @property
    def width(self) -> float:
        """The width at size 1."""
        return width(self.text, self.italic) * (INDEX_SIZE if self.index else 1)


Runs = tuple[GlyphRun, ...]


@dataclass(frozen=True, slots=True)
class Fraction:
    """One line of runs over another."""

    above: Runs
    below: Runs

    @property
    def width(self) -> float:
        """The width of the bar at size 1."""
        return FRACTION_SIZE * max(_width(self.above), _width(self.below)) + 0.16


@dataclass(frozen=True, slots=True)
class TypesetLine:
    """Runs set one after the other."""

    runs: Runs

    @property
    def width(self) -> float:
        """The width at size 1."""
        return _width(self.runs)


Piece = TypesetLine | Fraction


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece and where its left end is, in sizes from the label's left end."""

    piece: Piece
    x: float


@functools.cache
def typeset(label: Label, notation: Notation) -> tuple[tuple[Placed, ...], float]:
    """Return the pieces of a label with their places, and the label's width, at size 1."""
    placed: list[Placed] = []
    x = 0.0
    for piece in _joined(spell(label, notation)):
        gap = 0.12 if placed else 0.0
        placed.append(Placed(piece, x + gap))
        x += gap + piece.width
    return tuple(placed), x


def is_tall(label: Label) -> bool:
    """Whether a label needs two lines' height: for a fraction, which TeX sets in formulas.

    A formula of dY holds one in LaTeX, where SVG writes the name.
    """
    return any(
        isinstance(atom, LocalDerivativeLabel | FormulaLabel)
        or (isinstance(atom, Element) and atom.tensor.startswith("d"))
        or (isinstance(atom, Whole) and atom.tensor.startswith("d"))
        for atom in label
    )


def spell(label: Label, notation: Notation) -> Iterator[Piece]:
    """Yield the pieces of a label, atom by atom."""
    write = Pretty(notation)
    for atom in label:
        yield _spell(atom, write)


@functools.singledispatch
def _spell(atom: Atom, write: Pretty) -> Piece:
    raise TypeError(f"{type(atom).__name__} cannot be set")


@_spell.register
def _(atom: Element, write: Pretty) -> Piece:
    bare = _bare(atom, write)
    if atom.tensor.startswith("d"):
        return Fraction(_partial((GlyphRun(LOSS, italic=True),)), _partial(bare))
    return TypesetLine(bare)


@_spell.register
def _(atom: LocalDerivativeLabel, write: Pretty) -> Piece:
    return Fraction(_partial(_bare(atom.output, write)), _partial(_bare(atom.wrt, write)))


@_spell.register
def _(atom: Whole, write: Pretty) -> Piece:
    name = (GlyphRun(write.tensor(atom.tensor.removeprefix("d")), italic=True),)
    if atom.tensor.startswith("d"):
        return Fraction(_partial((GlyphRun(LOSS, italic=True),)), _partial(name))
    return TypesetLine(name)


@_spell.register
def _(atom: Word, write: Pretty) -> Piece:
    return TypesetLine((GlyphRun(atom.text),))


@_spell.register
def _(atom: Sign, write: Pretty) -> Piece:
    return TypesetLine((GlyphRun(atom.text if atom.text == "·" else f" {atom.text} "),))


@_spell.register
def _(atom: FormulaLabel, write: Pretty) -> Piece:
    return TypesetLine((GlyphRun(formula_text.read(atom.node, write.tensor)),))


def _bare(element: Element, write: Pretty) -> Runs:
    index = write.notation.index(element.index)
    written = separator(index).join(map(str, index))
    return GlyphRun(write.letter(element.tensor), italic=True), GlyphRun(written, index=True)


def _partial(runs: Runs) -> Runs:
    return GlyphRun("∂"), *runs


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces with neighbouring lines made one."""
    runs: Runs = ()
    for piece in pieces:
        if isinstance(piece, TypesetLine):
            runs += piece.runs
            continue
        if runs:
            yield TypesetLine(runs)
            runs = ()
        yield piece
    if runs:
        yield TypesetLine(runs)


def _width(runs: Runs) -> float:
    return sum(run.width for run in runs)

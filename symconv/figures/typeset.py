"""Sets a label as pieces of text at positions: what SVG and rasters draw (TeX sets its own).

The pieces are runs of upright or italic text on a baseline, lowered indices, and fractions: a
bar with one line of runs above it and one below.  Names are italic, as in LaTeX; what a fraction
cannot hold, another fraction, lies on the line.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from symconv.errors import how_many
from symconv.figures import labels
from symconv.figures.labels import Atom, Label, Sign, Word
from symconv.figures.metrics import width
from symconv.mathematics.medium import Binding, Medium
from symconv.mathematics.text import UNICODE
from symconv.mathematics.tree import (
    Application,
    Below,
    BinarySign,
    Component,
    FloorRatio,
    Letter,
    LossGradient,
    Mathematics,
    Over,
    Partial,
    Ratio,
    RelationSign,
    Summation,
    Through,
    last_below,
    nodes,
)
from symconv.notation import LOSS, Notation
from symconv.readings.elements import Namer

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

    def joins(self, other: GlyphRun) -> bool:
        """Whether ``other`` is set in the same style."""
        return (self.italic, self.index) == (other.italic, other.index)


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
Pieces = tuple[GlyphRun | Fraction, ...]


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


class Glyphs(Medium[Pieces]):
    """Writes mathematics as runs of glyphs and fractions.

    Attributes:
        flat: whether fractions lie on the line, as within another fraction or an index.
    """

    signs: Mapping[BinarySign, str] = UNICODE.signs
    relations: Mapping[RelationSign, str] = {
        **UNICODE.relations,
        RelationSign.DIVIDES: " divides ",  # the bundled font has no bar for it
        RelationSign.MEANS: " if and only if ",
    }
    minus = UNICODE.minus

    def __init__(self, flat: bool = False) -> None:
        self.flat = flat

    def _join(self, *parts: Pieces | str) -> Pieces:
        joined: list[GlyphRun | Fraction] = []
        for part in parts:
            for run in (GlyphRun(part),) if isinstance(part, str) else part:
                last = joined[-1] if joined else None
                if isinstance(run, GlyphRun) and isinstance(last, GlyphRun) and last.joins(run):
                    joined[-1] = GlyphRun(last.text + run.text, run.italic, run.index)
                elif run != GlyphRun(""):
                    joined.append(run)
        return tuple(joined)

    def _letter(self, of: Letter) -> Pieces:
        return self._italic(UNICODE._letter(of))

    def _quantity(self, name: str) -> Pieces:
        return self._italic(UNICODE._quantity(name))

    def _italic(self, text: str) -> Pieces:
        return (GlyphRun(text, italic=True),)

    def _loss_gradient(self, of: Letter) -> Pieces:
        return self._partial(Letter(LOSS), of)

    def _partial(self, above: Mathematics, below: Mathematics) -> Pieces:
        return self._fraction(
            self._join("∂", FLAT.write(above)), self._join("∂", FLAT.write(below))
        )

    def _fraction(self, above: Pieces, below: Pieces) -> Pieces:
        if self.flat:
            return self._join(above, "/", below)
        return (Fraction(_runs(above), _runs(below)),)

    def _component(self, of: Component) -> Pieces:
        if isinstance(of.of, LossGradient):
            return self._partial(Letter(LOSS), Component(of.of.of, of.groups))
        groups = (self._indices(group.entries) for group in of.groups)
        index = self._listed(groups, ";")
        lowered = (replace(run, index=True) for run in _runs(index))
        return (*self.bracketed(of.of, Binding.WHOLE), *lowered)

    def _indices(self, entries: Sequence[Mathematics]) -> Pieces:
        written = [FLAT.write(entry) for entry in entries]
        lengths = {sum(len(run.text) for run in _runs(entry)) for entry in written}
        return FLAT._listed(written, "" if lengths <= {1} else ",")

    def juxtaposed(self, factors: Sequence[Pieces]) -> Pieces:
        """Return the product of written factors, 1 where there are none."""
        return self._join(*factors) or self._join("1")

    def _ratio(self, above: Mathematics, below: Mathematics) -> Pieces:
        if not self.flat:
            return self._fraction(FLAT.write(above), FLAT.write(below))
        divisor = self.bracketed(below, Binding.WHOLE)
        return self._join(self.bracketed(above, Binding.PRODUCT), "/", divisor)

    def _floor_ratio(self, above: Mathematics, below: Mathematics) -> Pieces:
        return self._join("floor(", FLAT._ratio(above, below), ")")

    def _series(self, entries: Sequence[Pieces]) -> Pieces:
        """Return written entries in brackets; a single one needs none."""
        return self._enclosed(entries) if len(entries) != 1 else entries[0]

    def _summation(self, of: Summation) -> Pieces:
        return self._join(*map(self._sum_sign, of.over), self.bracketed(of.body, Binding.PRODUCT))

    def _sum_sign(self, over: Through | Below | Over) -> Pieces:
        match over:
            case Below(index, start, stop):
                return self._sum_sign(Through(index, start, last_below(stop)))
            case Through(index, first, last):
                limits = FLAT._join(
                    FLAT.write(index), "=", FLAT.write(first), "..", FLAT.write(last)
                )
            case Over(indices, where):
                limits = FLAT._listed(map(FLAT.write, indices), "" if where is None else ",")
                limits = limits if where is None else FLAT._join(limits, ": ", FLAT.write(where))
        lowered = (replace(run, index=True) for run in _runs(limits))
        return (GlyphRun("∑"), *lowered, GlyphRun(" "))

    def _application(self, of: Application) -> Pieces:
        options = (self._join(f"{word}=", self.write(value)) for word, value in of.options)
        entries = [*map(self.write, of.arguments), *options]
        return self._join(of.operator, self._enclosed(entries))

    def _all_ones(self, shape: Sequence[Mathematics]) -> Pieces:
        return self._join("ones", self._enclosed([*map(self.write, shape)]))

    def _kronecker(self, left: Mathematics, right: Mathematics) -> Pieces:
        return self._join("δ", self._enclosed([self.write(left), self.write(right)]))

    def _restricted(self, of: Mathematics, conditions: Sequence[Mathematics]) -> Pieces:
        return self._join(self.write(of), "   where ", self._listed(map(self.write, conditions)))

    def omitted(self, count: int) -> Pieces:
        """Return dots for that many terms, with their number."""
        return self._join(f"… ({how_many(count, 'more term')})")

    def _emphasis(self, of: Mathematics) -> Pieces:
        return self.write(of)

    def _phrase(self, text: str) -> Pieces:
        return self._join(text)


FLAT = Glyphs(flat=True)
GLYPHS = Glyphs()


TALL = Partial | LossGradient | Ratio | FloorRatio | Summation


def is_tall(label: Label) -> bool:
    """Whether a label needs two lines' height: for a fraction, or for the limits of a sum."""
    return any(map(_is_tall, label))


@functools.cache
def _is_tall(atom: Atom) -> bool:
    if isinstance(atom, Word | Sign):
        return False
    tree = labels.read(atom, Namer(Notation()))
    return any(isinstance(node, TALL) for node in nodes(tree))


def spell(label: Label, notation: Notation) -> Iterator[Piece]:
    """Yield the pieces of a label, atom by atom."""
    for atom in label:
        for piece in _spell(atom, notation):
            yield piece if isinstance(piece, Fraction) else TypesetLine((piece,))


@functools.cache
def _spell(atom: Atom, notation: Notation) -> Pieces:
    match atom:
        case Word(text):
            return (GlyphRun(text),)
        case Sign(text):
            return (GlyphRun(f" {text} "),)
        case _:
            return GLYPHS.write(labels.read(atom, Namer(notation)))


def _runs(pieces: Pieces) -> Runs:
    """Return what is set without fractions."""
    return tuple(piece for piece in pieces if isinstance(piece, GlyphRun))


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

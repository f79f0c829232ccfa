"""The labels of figures, as the views' own typesetting will write them.

A label is a sequence of atoms that know what they mean, not how they look: an element is set as
``x_{22}`` by LaTeX, as a letter with a lowered index by SVG, and read back as the element by a
test.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from symconv.equation import Element, Equation, Term
from symconv.formula.nodes import Node
from symconv.mathematics.text import ASCII
from symconv.mathematics.tree import Mathematics
from symconv.notation import Notation
from symconv.readings.elements import Namer


@dataclass(frozen=True, slots=True)
class Word:
    """Upright text, spaces included."""

    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign between atoms, ``=`` or ``+``; or a word, or room, between panels."""

    text: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole tensor: X, F, Y, or dX, dF, dY as a derivative of the loss."""

    tensor: str


@dataclass(frozen=True, slots=True)
class LocalDerivativeLabel:
    """The local derivative of an output by an element of X or F."""

    output: Element
    wrt: Element


@dataclass(frozen=True, slots=True)
class FormulaLabel:
    """A tree of tensor operators."""

    node: Node


@dataclass(frozen=True, slots=True)
class MathematicsLabel:
    """Mathematics in which all names are those of a notation already."""

    tree: Mathematics


Atom = Element | Word | Sign | Whole | LocalDerivativeLabel | FormulaLabel | MathematicsLabel
Label = tuple[Atom, ...]

PLUS, EQUALS, OVER, SPACE = Sign("+"), Sign("="), Sign("over"), Sign("")
ZERO: Label = (Word("0"),)


def read(atom: Atom, names: Namer) -> Mathematics:
    """Return an atom that is more than a word or a sign, with the names of a notation."""
    match atom:
        case Element():
            return names.element(atom)
        case Whole(tensor):
            return names.tensor(tensor)
        case LocalDerivativeLabel(output, wrt):
            return names.local(output, wrt)
        case FormulaLabel(node):
            return names.formula(node)
        case MathematicsLabel(tree):
            return tree
    raise TypeError(f"{type(atom).__name__} is no mathematics")


def spoken(label: Label, notation: Notation) -> str:
    """Return a label as plain text, for those who hear a picture."""
    return "".join(_spoken(atom, notation) for atom in label)


def _spoken(atom: Atom, notation: Notation) -> str:
    match atom:
        case Word(text):
            return text
        case Sign(text):
            return f" {text} "
        case _:
            return f" {ASCII.write(read(atom, Namer(notation)))} "


def words(text: str, *atoms: Atom) -> Label:
    """Return a sentence with an atom in place of each pair of braces."""
    parts = text.split("{}")
    label: list[Atom] = [Word(parts[0])]
    for atom, part in zip(atoms, parts[1:], strict=True):
        label += [atom, Word(part)]
    return tuple(atom for atom in label if atom != Word(""))


def total(terms: Sequence[Term], more: int = 0) -> Label:
    """Return a sum of products, 0 where there are none; ``more`` counts those not shown."""
    label: list[Atom] = []
    for term in terms:
        label += [PLUS, *term] if label else list(term)
    if more:
        label += _more(more)
    return tuple(label) or ZERO


def lines_of(
    equation: Equation, rows: Iterable[Sequence[Term]], more: int = 0
) -> tuple[Label, ...]:
    """Return an equation as labels, one for each row of its terms, the target on the first."""
    first, *rest = list(rows) or [()]
    labels = [(equation.target, EQUALS, *total(first)), *((PLUS, *total(row)) for row in rest)]
    if more:
        labels.append(_more(more))
    return tuple(labels)


def _more(number: int) -> Label:
    return PLUS, Sign("…"), Word(f" ({number:,} more)")

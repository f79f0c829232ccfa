"""What a derivation is told in: the kinds of blocks that a view knows how to show."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from symconv.engines import Tensor
from symconv.equation import Element, Equation
from symconv.formula.nodes import Node
from symconv.geometry import Geometry
from symconv.proof.verdict import Proof
from symconv.readings.pictures import Grid


@dataclass(frozen=True, slots=True)
class Heading:
    """A section begins; names as in `Remark`."""

    text: str
    names: tuple[Element | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sizes:
    """The table of sizes."""

    geometry: Geometry


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence; in braces, the names of elements and tensors to be written by the view."""

    text: str
    names: tuple[Element | str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChainRule:
    """The chain rule for the elements of X or F."""

    wrt: str
    rank: int


@dataclass(frozen=True)
class Listing:
    """Equations of the elements of a tensor, one after the other.

    Attributes:
        name: Y, dX or dF.
        tensor: what the equations are taken from.
        equations: how many to show.
        terms: how many terms of each to show; the rest is counted.
    """

    name: str
    tensor: Tensor
    equations: int
    terms: int | None

    @property
    def total(self) -> int:
        """How many equations there are."""
        return int(np.prod(self.tensor.shape))

    def __iter__(self) -> Iterator[tuple[Equation, int]]:
        """Yield each shown equation with its first `terms` terms, and how many follow."""
        for index in itertools.islice(np.ndindex(*self.tensor.shape), self.equations):
            terms = self.tensor.terms(index, self.terms)
            more = self.tensor.count(index) - len(terms)
            yield Equation(Element(self.name, index), terms), more


@dataclass(frozen=True, slots=True)
class Displayed:
    """A single equation, with a term marked in it where the story is about that term."""

    equation: Equation
    more: int = 0
    marked: Element | None = None


@dataclass(frozen=True, slots=True)
class LocalDerivative:
    """dy/dx = f: what one output gives for one element."""

    output: Element
    wrt: Element
    value: Element


@dataclass(frozen=True, slots=True)
class ClosedForm:
    """A gradient as a formula."""

    gradient: str
    formula: Node


@dataclass(frozen=True, slots=True)
class Picture:
    """A grid with its caption (with names in braces, as in `Remark`)."""

    caption: str
    grid: Grid
    names: tuple[Element | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pictures:
    """Grids that belong together."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A sentence, its verdict, and what that means here."""

    sentence: str
    proof: Proof
    consequence: str = ""
    names: tuple[Element | str, ...] = ()


Block = (
    Heading
    | Sizes
    | Remark
    | ChainRule
    | Listing
    | Displayed
    | LocalDerivative
    | ClosedForm
    | Pictures
    | Judgement
)


def row_length(equation: Equation) -> int:
    """Return how many terms make a row of the sum: those whose first factors share a row.

    Where rows have different lengths, as at a padded border, a row is one term.
    """
    rows = [term[-1].index[:-1] for term in equation.terms if term]
    lengths = {len(list(group)) for _, group in itertools.groupby(rows)}
    return lengths.pop() if len(lengths) == 1 else 1

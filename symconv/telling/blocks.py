"""The blocks of which a derivation is told: the kinds that a view knows how to show."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from symconv.claims.verdict import Proof
from symconv.engines.engine import Tensor
from symconv.equation import Element, Equation, Term
from symconv.formula.nodes import Node
from symconv.geometry import Geometry, Layer
from symconv.mathematics.tree import Mathematics
from symconv.readings.pictures import Grid
from symconv.readings.values import Array, Number

if TYPE_CHECKING:
    from symconv.symbolic import steps


Part = TypeVar("Part")


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
    """A sentence; in braces, elements, tensors and mathematics to be written by the view."""

    text: str
    names: tuple[Element | str | Mathematics, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedCode:
    """What is typed in a library to the same effect.

    Attributes:
        library: its name.
        lines: one statement each.
    """

    library: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainRule:
    """The chain rule for the elements of X or F."""

    wrt: str
    rank: int


@dataclass(frozen=True, slots=True)
class Chained:
    """The chain rule for one element of X or F, written out: dL/dx = sum of dL/dy dy/dx.

    Attributes:
        equation: the gradient's equation; each term is dL/dy times what dy/dx is.
        more: how many terms follow that are not shown.
    """

    equation: Equation
    more: int = 0


@dataclass(frozen=True, slots=True)
class Computed:
    """An equation with numbers put in.

    Attributes:
        equation: the equation.
        products: the numbers of each term.
        total: what they add up to.
    """

    equation: Equation
    products: tuple[tuple[Number, ...], ...]
    total: Number


@dataclass(frozen=True)
class Arrays:
    """Tensors of numbers, each with its name: X, F, Y, dX, dF or dY."""

    arrays: tuple[tuple[str, Array], ...]


@dataclass(frozen=True)
class Listing:
    """Equations of the elements of a tensor, one after the other.

    Attributes:
        name: Y, dX or dF.
        tensor: what the equations are taken from.
        equations: how many to show.
        terms: how many terms of each to show; the rest is counted.
        chained: whether the chain rule stands before each, written out.
    """

    name: str
    tensor: Tensor
    equations: int
    terms: int | None
    chained: bool = False

    @property
    def total(self) -> int:
        """The number of equations."""
        return math.prod(self.tensor.shape)

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
class JudgedSentence:
    """A sentence, its verdict, and what that means here.

    Attributes:
        sentence: what is claimed.
        proof: the verdict on it.
        consequence: what the verdict means here.
        names: as in `Remark`.
        brief: whether it is told in one paragraph, without what stands behind the verdict.
    """

    sentence: str
    proof: Proof
    consequence: str = ""
    names: tuple[Element | str, ...] = ()
    brief: bool = False


@dataclass(frozen=True, slots=True)
class LayerShapes:
    """The tensors of a layer, their indices and their sizes."""

    layer: Layer


class LayerStatement(Enum):
    """What is said of a tensor of a layer."""

    CHANNELS = "who is summed, and who is kept"
    CHAIN_RULE = "the chain rule for its elements"
    CLOSED_FORM = "its closed form"


@dataclass(frozen=True)
class LayerFormula:
    """A statement about a tensor of a layer.

    Attributes:
        layer: the layer.
        states: which statement.
        tensor: Y, dX, dF or dB.
        note: what is to be said beside it.
        at: the values, counted from 0, of leading indices that are numbers instead of letters.
    """

    layer: Layer
    states: LayerStatement
    tensor: str
    note: str = ""
    at: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LayerFormulas:
    """Statements about a layer that belong together."""

    formulas: tuple[LayerFormula, ...]


@dataclass(frozen=True, slots=True)
class Judgements:
    """What is proved of gradients: each proof with its gradient."""

    proofs: tuple[tuple[str, Proof], ...]


@dataclass(frozen=True)
class Result:
    """A gradient as a formula, with its verdicts.

    Attributes:
        gradient: dX, dF or dB.
        formula: of one image and channel, with numbers or with letters for sizes; None for dB.
        proofs: the verdicts, each with its scope.
        layer: whose images and channels are summed, None for none.
    """

    gradient: str
    formula: Node | None
    proofs: tuple[Proof, ...]
    layer: Layer | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """Gradients with their verdicts, one under the other.

    Attributes:
        results: the gradients.
        evidence: whether what the verdicts rest on is told as well.
    """

    results: tuple[Result, ...]
    evidence: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """Grids side by side, drawn small."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class OfLayer:
    """A block in which names have the indices of one image, group and channel of a layer.

    Attributes:
        block: what is told.
        layer: the layer.
        at: the values, counted from 0, of the leading indices.
    """

    block: Block
    layer: Layer
    at: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RuleStep:
    """A step of the derivation for symbolic sizes.

    Attributes:
        number: which step it is.
        step: its rule, what it did, its verdict.
        evidence: whether it is told in full, with what its verdict rests on; else its idea alone.
    """

    number: int
    step: steps.Step
    evidence: bool = True


@dataclass(frozen=True, slots=True)
class Theorem:
    """The result of the derivation for symbolic sizes, judged for every size."""

    gradient: steps.Gradient


Block = (
    Heading
    | Sizes
    | Remark
    | TypedCode
    | ChainRule
    | Chained
    | Computed
    | Arrays
    | Listing
    | Displayed
    | LocalDerivative
    | ClosedForm
    | Pictures
    | JudgedSentence
    | LayerShapes
    | LayerFormulas
    | Judgements
    | Results
    | Sketch
    | OfLayer
    | RuleStep
    | Theorem
)


def row_length(equation: Equation) -> int:
    """Return how many terms make a row of the sum: those whose first factors share a row.

    Where rows have different lengths, as at a padded border, a row is one term.
    """
    products = equation.terms[alone(equation) :]
    rows = [term[-1].index[:-1] for term in products if term]
    lengths = {len(list(group)) for _, group in itertools.groupby(rows)}
    return lengths.pop() if len(lengths) == 1 else 1


def alone(equation: Equation) -> int:
    """Return how many terms at the beginning, a bias, belong to no row of the filter."""
    return sum(1 for _ in itertools.takewhile(lambda term: term[0].tensor == "b", equation.terms))


LONGEST_LINE = 4
"""A sum of more products than this is broken between rows."""


def sum_rows(equation: Equation) -> list[tuple[Term, ...]]:
    """Return the lines a sum is broken into: one for each filter row, where it has even rows."""
    terms = equation.terms
    if len(terms) <= LONGEST_LINE:
        return [terms]
    row = max(row_length(equation), 1)
    row = row if 1 < row <= 2 * LONGEST_LINE else LONGEST_LINE
    return in_rows(terms, row, alone(equation))


def in_rows(terms: Sequence[Part], row: int, before: int) -> list[tuple[Part, ...]]:
    """Return terms in rows of this length, those ``before`` the first row together with it."""
    ends = range(before + row, len(terms) + row, row)
    starts = (0, *ends)
    return [tuple(terms[a:b]) for a, b in zip(starts, ends, strict=False)]

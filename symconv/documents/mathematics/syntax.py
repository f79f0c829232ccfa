"""What mathematics in a document can say: a small tree, every node with its place.

The reader makes it (`symconv.documents.mathematics.reader`); what it means is told by the modules
that interpret it, for element equations, for index formulas, for operators and for sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symconv.documents.mathematics.tokens import Token
from symconv.documents.source.place import Place


@dataclass(frozen=True, slots=True)
class Number:
    """A number, written out."""

    value: Fraction
    place: Place


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name with its indices: x, x_{00}, x^{(1)}_{i+r,j}, out[0, 1].

    Attributes:
        name: the letter or word, with what stands above it, fonts left out.
        index: the parts of the subscript between commas, each as its words; None without one.
        place: all of it.
        index_place: what stands inside the subscript's braces.
    """

    name: str
    index: tuple[tuple[Token, ...], ...] | None
    place: Place
    index_place: Place | None = None


@dataclass(frozen=True, slots=True)
class Derivative:
    """d of / d wrt, as a fraction or inline; ``of`` is the loss or an element of the output."""

    of: Symbol
    wrt: Symbol
    place: Place


@dataclass(frozen=True, slots=True)
class Differential:
    """``dy_{00}`` outside of a fraction: a name for the gradient with respect to y_{00}.

    ``sign`` is ``d`` or ``\\partial``; ``of`` is None for a bare sign, as in d/dx L.
    """

    of: Symbol | None
    sign: str
    place: Place


@dataclass(frozen=True, slots=True)
class WrittenProduct:
    """Factors side by side; ``signs`` holds what stands between them ("" for nothing)."""

    factors: tuple[Expression, ...]
    signs: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class WrittenQuotient:
    """A fraction or an inline division."""

    above: Expression
    below: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class WrittenSum:
    """Terms with their signs, +1 or -1."""

    terms: tuple[tuple[int, Expression], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Power:
    """A base with what stands above it, as words: F^{rot180}, x_{00}^2."""

    base: Expression
    exponent: tuple[Token, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Floor:
    """The floor of an expression, or its ceiling."""

    of: Expression
    place: Place
    up: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A named operator with its arguments: conv(pad(dY), rot180(F)); a tuple has no name."""

    name: str
    arguments: tuple[Expression, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class BigSum:
    """A sum sign with what stands below and above it, as words, and what is summed."""

    below: tuple[Token, ...]
    above: tuple[Token, ...]
    of: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is 1 where a relation holds and 0 elsewhere, as words: [m = pu + r]."""

    words: tuple[Token, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of cells; an empty cell is None."""

    rows: tuple[tuple[Expression | None, ...], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class WordsNode:
    """Words inside a formula: ``\\text{Filter F}``."""

    text: str
    place: Place


Expression = (
    Number
    | Symbol
    | Derivative
    | Differential
    | WrittenProduct
    | WrittenQuotient
    | WrittenSum
    | Power
    | Floor
    | Call
    | BigSum
    | Indicator
    | Matrix
    | WordsNode
)


class UnreadableError(Exception):
    """Something in a formula is not understood; nothing is judged then.

    Attributes:
        reason: what, in one line.
        place: where.
    """

    def __init__(self, reason: str, start: int, end: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = Place(start, start + 1 if end is None else end)

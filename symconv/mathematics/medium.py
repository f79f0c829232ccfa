"""What all media share: how a tree is walked, and where brackets stand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Generic, TypeVar

from symconv.mathematics.tree import (
    Addition,
    AllOnes,
    Application,
    Below,
    BinarySign,
    Comparison,
    Component,
    Emphasis,
    FloorRatio,
    Juxtaposition,
    Kronecker,
    Letter,
    LossGradient,
    Mathematics,
    Negation,
    Numeral,
    Omitted,
    Operation,
    Partial,
    Phrase,
    Quantity,
    Ratio,
    RelationSign,
    Restricted,
    Series,
    Summation,
)

Written = TypeVar("Written")
"""What a medium makes of a tree: a string, or runs of glyphs."""


class Binding(IntEnum):
    """How tightly what is written holds together, the loosest first."""

    OPEN = 0
    SUM = 1
    PRODUCT = 2
    WHOLE = 3


class Medium(ABC, Generic[Written]):
    """Writes mathematics.

    Where a ``mod`` stands between two operands, these are in brackets unless they are whole, and
    it is in brackets itself unless it ends a sum: ``R - 1 + (H - R) mod u``.

    Attributes:
        typed: whether it is the claim language, where ``%`` and ``//`` bind as ``*`` does and a
            minus before a name binds tightest.
        signs: what stands between two operands, spaces included.
        relations: what stands between two sides, spaces included.
        minus: what stands before a negated operand.
        comma: what stands between the entries of a series.
    """

    typed: bool = False
    signs: Mapping[BinarySign, str]
    relations: Mapping[RelationSign, str]
    minus: str
    comma: str = ", "

    def write(self, tree: Mathematics) -> Written:
        """Return ``tree`` as this medium has it.

        Raises:
            TypeError: it is no tree.
        """
        match tree:
            case Numeral(value):
                return self._join(self.minus if value < 0 else "", str(abs(value)))
            case Letter():
                return self._letter(tree)
            case Quantity(name):
                return self._quantity(name)
            case LossGradient(of):
                return self._loss_gradient(of)
            case Partial(above, below):
                return self._partial(above, below)
            case Component():
                return self._component(tree)
            case Negation(of):
                least = Binding.WHOLE if self.typed else Binding.PRODUCT
                return self._join(self.minus, self.bracketed(of, least))
            case Operation():
                return self._operation(tree)
            case Addition(terms):
                return self.added([self._addend(term, term is terms[-1]) for term in terms])
            case Juxtaposition(factors):
                return self.juxtaposed([self.bracketed(f, Binding.PRODUCT) for f in factors])
            case Ratio(above, below):
                return self._ratio(above, below)
            case FloorRatio(above, below):
                return self._floor_ratio(above, below)
            case Summation():
                return self._summation(tree)
            case Application():
                return self._application(tree)
            case AllOnes(shape):
                return self._all_ones(shape)
            case Kronecker(left, right):
                return self._kronecker(left, right)
            case Series(entries):
                return self._series([self.write(entry) for entry in entries])
            case Comparison(sides, signs):
                return self._comparison(sides, signs)
            case Restricted(of, conditions):
                return self._restricted(of, conditions)
            case Omitted(count):
                return self.omitted(count)
            case Emphasis(of):
                return self._emphasis(of)
            case Phrase(text):
                return self._phrase(text)
        raise TypeError(f"{type(tree).__name__} is no mathematics")

    def _binding(self, tree: Mathematics) -> Binding:
        """Return how tightly ``tree`` holds together once it is written."""
        match tree:
            case Numeral(value):
                return Binding.SUM if value < 0 and not self.typed else Binding.WHOLE
            case Negation():
                return Binding.WHOLE if self.typed else Binding.SUM
            case Operation(_, BinarySign.PLUS, Operation(_, BinarySign.MODULO)):
                return Binding.SUM if self.typed else Binding.OPEN
            case Addition((*_, Summation())):
                return Binding.OPEN
            case Operation(_, BinarySign.PLUS | BinarySign.MINUS) | Addition():
                return Binding.SUM
            case Operation(_, BinarySign.MODULO):
                return Binding.PRODUCT if self.typed else Binding.OPEN
            case Operation() | Juxtaposition() | Ratio():
                return Binding.PRODUCT
            case FloorRatio():
                return Binding.PRODUCT if self.typed else Binding.WHOLE
            case Summation(over):
                called = self.typed and all(isinstance(index, Below) for index in over)
                return Binding.WHOLE if called else Binding.OPEN
            case Comparison() | Restricted():
                return Binding.OPEN
            case _:
                return Binding.WHOLE

    def bracketed(self, tree: Mathematics, least: Binding) -> Written:
        """Return ``tree``, in brackets unless it holds together at least as tightly."""
        written = self.write(tree)
        return written if self._binding(tree) >= least else self._enclosed([written])

    def _addend(self, tree: Mathematics, last: bool) -> Written:
        """Return a term of a sum; a sum over indices needs no brackets at its end."""
        return (
            self.write(tree)
            if last and isinstance(tree, Summation)
            else self.bracketed(tree, Binding.SUM)
        )

    def _operation(self, tree: Operation) -> Written:
        match tree.sign:
            case BinarySign.PLUS | BinarySign.MINUS:
                least = Binding.SUM
            case BinarySign.MODULO if not self.typed:
                least = Binding.WHOLE
            case _:
                least = Binding.PRODUCT
        left = self.bracketed(tree.left, least)
        ends_in_modulo = (
            tree.sign is BinarySign.PLUS
            and isinstance(tree.right, Operation)
            and tree.right.sign is BinarySign.MODULO
        )
        if ends_in_modulo:
            right = self.write(tree.right)
        else:
            right = self.bracketed(tree.right, Binding(min(least + 1, Binding.WHOLE)))
        return self._operated(left, tree.sign, right)

    def _operated(self, left: Written, sign: BinarySign, right: Written) -> Written:
        """Return two written operands with a sign between them."""
        return self._join(left, self.signs[sign], right)

    def _comparison(self, sides: Sequence[Mathematics], signs: Sequence[RelationSign]) -> Written:
        parts = [self.bracketed(sides[0], Binding.OPEN)]
        for sign, side in zip(signs, sides[1:], strict=True):
            parts += [self._join(self.relations[sign]), self.write(side)]
        return self._join(*parts)

    def _listed(self, entries: Iterable[Written], between: str | None = None) -> Written:
        """Return written entries with a comma between them, or with something else."""
        parts: list[Written | str] = []
        for entry in entries:
            parts += [self.comma if between is None else between, entry] if parts else [entry]
        return self._join(*parts)

    def _enclosed(self, entries: Sequence[Written]) -> Written:
        """Return written entries in brackets."""
        return self._join("(", self._listed(entries), ")")

    def _series(self, entries: Sequence[Written]) -> Written:
        """Return the written entries of a series."""
        return self._enclosed(entries)

    def added(self, terms: Sequence[Written]) -> Written:
        """Return the sum of written terms, 0 where there are none."""
        return self._listed(terms, self.signs[BinarySign.PLUS]) if terms else self._join("0")

    @abstractmethod
    def _join(self, *parts: Written | str) -> Written:
        """Return written parts, and signs, one after the other."""

    @abstractmethod
    def _letter(self, of: Letter) -> Written:
        """Return the name of a tensor, its elements or the loss."""

    @abstractmethod
    def _quantity(self, name: str) -> Written:
        """Return a named integer."""

    @abstractmethod
    def _loss_gradient(self, of: Letter) -> Written:
        """Return the derivative of the loss by a whole tensor."""

    @abstractmethod
    def _partial(self, above: Mathematics, below: Mathematics) -> Written:
        """Return a partial derivative."""

    @abstractmethod
    def _component(self, of: Component) -> Written:
        """Return an element."""

    @abstractmethod
    def juxtaposed(self, factors: Sequence[Written]) -> Written:
        """Return the product of written factors, 1 where there are none."""

    @abstractmethod
    def _ratio(self, above: Mathematics, below: Mathematics) -> Written:
        """Return a quotient."""

    @abstractmethod
    def _floor_ratio(self, above: Mathematics, below: Mathematics) -> Written:
        """Return a quotient that is rounded down."""

    @abstractmethod
    def _summation(self, of: Summation) -> Written:
        """Return a sum over indices."""

    @abstractmethod
    def _application(self, of: Application) -> Written:
        """Return an operator with its arguments."""

    @abstractmethod
    def _all_ones(self, shape: Sequence[Mathematics]) -> Written:
        """Return the tensor of ones."""

    @abstractmethod
    def _kronecker(self, left: Mathematics, right: Mathematics) -> Written:
        """Return Kronecker's delta."""

    @abstractmethod
    def _restricted(self, of: Mathematics, conditions: Sequence[Mathematics]) -> Written:
        """Return a statement with the conditions under which it holds."""

    @abstractmethod
    def omitted(self, count: int) -> Written:
        """Return dots for that many terms, with their number."""

    @abstractmethod
    def _emphasis(self, of: Mathematics) -> Written:
        """Return what the eye is to find."""

    @abstractmethod
    def _phrase(self, text: str) -> Written:
        """Return words."""

"""Reads elements, equations between them and the chain rule as a notation writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from symconv.equation import Element, Equation, Term
from symconv.formula.nodes import Node
from symconv.mathematics.tree import (
    Addition,
    BinarySign,
    Comparison,
    Component,
    Emphasis,
    IndexGroup,
    Juxtaposition,
    Letter,
    LossGradient,
    Mathematics,
    Numeral,
    Omitted,
    Operation,
    Over,
    Partial,
    Quantity,
    Summation,
    component,
    equation,
)
from symconv.notation import BIAS, LOSS, Notation
from symconv.readings import mathematics
from symconv.readings.mathematics import GRADIENTS, Lettering
from symconv.readings.pictures import PictureCell

TENSORS = ("X", "F", "Y")
"""What a notation has names for."""

NAMED = (*TENSORS, BIAS)
"""What has elements with a name that depends on the notation."""

DERIVATIVES = GRADIENTS | {"dB": BIAS}
"""The tensors that are derivatives of the loss, the bias among them, and by what."""


@dataclass(frozen=True, slots=True)
class Namer:
    """Gives elements, tensors and formulas the names of a notation, and its first index.

    Attributes:
        notation: names and the first index.
        places: of a layer, the indices of image, group and channel that X, F, Y and b have.
    """

    notation: Notation
    places: Mapping[str, tuple[Mathematics, ...]] = field(default_factory=dict)

    def letter(self, tensor: str, primes: int = 0) -> Letter:
        """Return the name of a tensor's elements."""
        base = DERIVATIVES.get(tensor, tensor)
        return Letter(self.notation.letter(base) if base in NAMED else base, primes)

    def whole(self, tensor: str, primes: int = 0) -> Letter | LossGradient:
        """Return the name of a whole tensor, of all images and channels; see `tensor`."""
        base = DERIVATIVES.get(tensor, tensor)
        named = Letter(self.notation.tensor(base) if base in TENSORS else base, primes)
        if base == BIAS:
            bias = self.letter(BIAS).name
            named = Letter(bias.upper() if tensor == "dB" and len(bias) == 1 else bias, primes)
        return LossGradient(named) if tensor in DERIVATIVES else named

    def tensor(self, tensor: str, index: tuple[Mathematics, ...] = ()) -> Mathematics:
        """Return the name of a whole tensor; dX, dF, dY and dB are derivatives of the loss.

        Args:
            tensor: X, F, Y, b, or the gradient of one.
            index: the indices in space, for an element of it.
        """
        return self._placed(self.whole(tensor), tensor, index)

    def _placed(self, of: Mathematics, tensor: str, index: tuple[Mathematics, ...]) -> Mathematics:
        """Return a name with the indices of its image, group and channel, and those in space."""
        leading = self.places.get(DERIVATIVES.get(tensor, tensor), ())
        both = IndexGroup(leading, raised=True), IndexGroup(index)
        groups = tuple(group for group in both if group.entries)
        return Component(of, groups) if groups else of

    def thing(self, thing: Element | str) -> Mathematics:
        """Return an element, or a whole tensor by its name."""
        return self.tensor(thing) if isinstance(thing, str) else self.element(thing)

    def formula(self, node: Node, square: bool = False) -> Mathematics:
        """Return a formula; ``square`` as in `symconv.readings.mathematics.Lettering`."""
        return mathematics.read(node, Lettering(self.tensor, square=square))

    def bare(self, element: Element) -> Mathematics:
        """Return the element itself; for one of dX, dF or dY the element it is taken by."""
        index = self.notation.index(element.index)
        return self.bare_at(element.tensor, tuple(map(Numeral, index)))

    def element(self, element: Element) -> Mathematics:
        """Return an element; one of dX, dF, dY or dB as a derivative of the loss."""
        index = self.notation.index(element.index)
        return self.at(element.tensor, tuple(map(Numeral, index)))

    def bare_at(self, tensor: str, index: tuple[Mathematics, ...]) -> Mathematics:
        """Return what `bare` does for an index that need not be numbers."""
        return self._placed(self.letter(tensor), tensor, index)

    def at(self, tensor: str, index: tuple[Mathematics, ...]) -> Mathematics:
        """Return what `element` does for an index that need not be numbers."""
        bare = self.bare_at(tensor, index)
        return Partial(Letter(LOSS), bare) if tensor in DERIVATIVES else bare

    def plane(self, tensor: str) -> Mathematics:
        """Return all elements of one image and channel: x[n,c], dL/dy[n,k], f[k,c]."""
        return self.at(tensor, ())

    def local(self, output: Element, wrt: Element) -> Mathematics:
        """Return the local derivative of an output: dy/dx."""
        return Partial(self.bare(output), self.bare(wrt))

    def term(self, term: Term) -> Mathematics:
        """Return a product; an empty one is 1."""
        return Juxtaposition(tuple(map(self.element, term)))

    def total(
        self, terms: Sequence[Term], more: int = 0, marked: Element | None = None
    ) -> Mathematics:
        """Return a sum of products.

        Args:
            terms: the products.
            more: how many products follow that are counted instead of shown.
            marked: the products that hold this element are emphasised.
        """
        products = (
            Emphasis(self.term(term)) if marked in term else self.term(term) for term in terms
        )
        rest = (Omitted(more),) if more else ()
        return Addition((*products, *rest))

    def equation(self, of: Equation, more: int = 0) -> Comparison:
        """Return an equation."""
        return equation(self.element(of.target), self.total(of.terms, more))

    def closed_form(self, gradient: str, node: Node) -> Comparison:
        """Return that a gradient is a formula."""
        return equation(self.tensor(gradient), self.formula(node))

    def local_value(self, output: Element, wrt: Element, value: Element) -> Comparison:
        """Return what the local derivative of an output is."""
        return equation(self.local(output, wrt), self.element(value))

    def chain_rule(self, wrt: str, rank: int) -> Comparison:
        """Return the chain rule for the elements of X or F on ``rank`` axes."""
        places = tuple(map(Quantity, "ijk"[:rank]))
        x = component(self.letter(wrt), tuple(map(Quantity, "mno"[:rank])))
        y = component(self.letter("Y"), places)
        loss = Letter(LOSS)
        chained = Juxtaposition((Partial(loss, y), Partial(y, x)))
        return equation(Partial(loss, x), Summation((Over(places),), chained))

    def chained(self, of: Equation, more: int = 0) -> Comparison:
        """Return the chain rule for one element, of the equation of its gradient."""
        wrt = Element(of.target.tensor.removeprefix("d"), of.target.index)
        steps = (self.chain(dy, wrt) for dy, _ in of.terms)
        rest = (Omitted(more),) if more else ()
        return equation(self.element(of.target), Addition((*steps, *rest)))

    def chain(self, dy: Element, wrt: Element) -> Mathematics:
        """Return what one output gives by the chain rule: dL/dy dy/dx."""
        return Juxtaposition((self.element(dy), self.local(Element("Y", dy.index), wrt)))

    def cell(self, cell: PictureCell) -> Mathematics:
        """Return what stands in a cell of a grid: a covered zero as a product with 0."""
        factors = [element for element in (cell.element, cell.over) if element]
        if len(factors) == 2:
            # As a lecturer writes it: dL/dy before what it is multiplied by.
            return self.term(tuple(sorted(factors, key=lambda e: e.tensor != "dY")))
        if not factors:
            return Numeral(0)
        written = self.element(factors[0])
        return Operation(Numeral(0), BinarySign.DOT, written) if cell.covered else written

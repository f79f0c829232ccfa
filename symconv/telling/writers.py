r"""Writes elements, products and equations in a notation, on one line of one medium.

`Plain` is ASCII, in the form that ``--element`` takes: ``dL/dx[2,2] = dL/dy[0,0] f[2,2]``.
`Pretty` is for a terminal: ``∂L/∂x₂₂ = ∂L/∂y₀₀ f₂₂``.
`Latex` is amsmath that KaTeX renders: ``\frac{\partial L}{\partial x_{22}} = ..``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from symconv.equation import Element, Equation, Term
from symconv.formula.nodes import Node
from symconv.geometry import Layer
from symconv.mathematics import tree
from symconv.mathematics.latex import LATEX, LatexMedium
from symconv.mathematics.text import ASCII, SHORT, UNICODE, TextMedium
from symconv.mathematics.tree import (
    Comparison,
    Letter,
    Mathematics,
    Numeral,
    RelationSign,
    component,
)
from symconv.notation import Notation
from symconv.readings.elements import Namer
from symconv.readings.pictures import PictureCell
from symconv.telling.blocks import LayerFormula, LayerStatement, Result

KEPT = 1 << 16
"""Of more elements than this it is not remembered how they are written."""


class Writer:
    """Writes in one medium; a subclass says in which."""

    medium: ClassVar[TextMedium | LatexMedium]

    def __init__(self, notation: Notation, names: Namer | None = None) -> None:
        self.notation = notation
        self.names = Namer(notation) if names is None else names
        self._elements: dict[Element, str] = {}  # one stands in many terms

    def of_layer(self, layer: Layer, at: Mapping[str, int]) -> Self:
        """Return the writer whose names have these leading indices of a layer."""
        from symconv.readings.layers import LayerReading

        return type(self)(self.notation, LayerReading(layer, self.notation, at).names)

    def in_space(self) -> Self:
        """Return the writer for the cells of a grid, which has no room for leading indices."""
        return type(self)(self.notation) if self.names.places else self

    def layer_formula(self, of: LayerFormula) -> Comparison:
        """Return a statement about a layer as mathematics in the names of the notation."""
        from symconv.readings.layers import LayerReading

        reading = LayerReading(of.layer, self.notation, of.at)
        match of.states:
            case LayerStatement.CHANNELS:
                return reading.channels(of.tensor)
            case LayerStatement.CHAIN_RULE:
                return reading.chain_rule(of.tensor.removeprefix("d"))
            case LayerStatement.CLOSED_FORM:
                return reading.closed_form(of.tensor)

    def __call__(self, shown: Mathematics) -> str:
        """Return mathematics as text of this medium."""
        return self.medium.write(shown)

    def name(self, thing: Element | str | Mathematics) -> str:
        """Return the name of an element or of a whole tensor, or mathematics as it is."""
        return self(thing if isinstance(thing, tree.Node) else self.names.thing(thing))

    def tensor(self, tensor: str) -> str:
        """Return the name of a whole tensor: X, F, Y, dX, dF, dY."""
        return self(self.names.tensor(tensor))

    def formula(self, node: Node) -> str:
        """Return a formula."""
        return self(self.names.formula(node))

    def element(self, element: Element) -> str:
        """Return an element; one of dX, dF or dY as a derivative of the loss."""
        written = self._elements.get(element)
        if written is None:
            if len(self._elements) >= KEPT:
                self._elements.clear()
            written = self._elements[element] = self(self.names.element(element))
        return written

    def cell(self, cell: PictureCell) -> str:
        """Return what stands in a cell of a grid."""
        return self(self.names.cell(cell))

    def term(self, term: Term) -> str:
        """Return a product; an empty one is 1."""
        return self.medium.juxtaposed([*map(self.element, term)])

    def sum(self, terms: Sequence[Term], more: int = 0, marked: Element | None = None) -> str:
        """Return a sum of products, 0 where there are none.

        Args:
            terms: the products.
            more: how many products follow that are not shown.
            marked: the products that hold this element are emphasised.
        """
        if marked is not None:
            return self(self.names.total(terms, more, marked))
        written = [*map(self.term, terms), *([self.medium.omitted(more)] if more else [])]
        return self.medium.added(written)

    def equation(self, equation: Equation, more: int = 0, marked: Element | None = None) -> str:
        """Return an equation on one line, as `sum` writes its right side."""
        sides = self.element(equation.target), self.sum(equation.terms, more, marked)
        return self.medium.relations[RelationSign.IS].join(sides)

    def index(self, name: str, index: Sequence[int]) -> str:
        """Return an element by the name of its tensor and an index that is given as it is shown."""
        return self(component(Letter(name), tuple(map(Numeral, index))))

    def local_value(self, output: Element, wrt: Element, value: Element) -> str:
        """Return what the local derivative of an output is: dy/dx = f."""
        return self(self.names.local_value(output, wrt, value))

    def closed_form(self, gradient: str, node: Node) -> str:
        """Return that a gradient is a formula."""
        return self(self.names.closed_form(gradient, node))

    def result(self, of: Result) -> str:
        """Return a gradient as a formula, what is the same on all axes written once."""
        if of.layer is not None:
            from symconv.readings.layers import LayerReading

            reading = LayerReading(of.layer, self.notation)
            return self(reading.form(of.gradient, of.formula, square=True))
        assert of.formula is not None  # only a layer has a bias
        formula = self.names.formula(of.formula, square=True)
        return self(tree.equation(self.names.tensor(of.gradient), formula))

    def chain_rule(self, wrt: str, rank: int) -> str:
        """Return the chain rule for the elements of X or F on ``rank`` axes."""
        return self(self.names.chain_rule(wrt, rank))


class Plain(Writer):
    """Writes ASCII, in the form that is typed on the command line."""

    medium = ASCII


class Pretty(Writer):
    """Writes for a terminal that shows Unicode."""

    medium = UNICODE


class Short(Writer):
    """Writes derivatives as ``dy₀₀``, for grids that would not fit otherwise."""

    medium = SHORT


class Latex(Writer):
    r"""Writes amsmath: plain ``\frac``, no spacing commands inside terms."""

    medium = LATEX

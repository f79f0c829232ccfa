"""The closed form that a derivation leads to, as the claim language states it."""

from __future__ import annotations

from symconv.formula.nodes import IndexSum, Leaf, Node, Range, Read
from symconv.formula.sizes import Name
from symconv.formula.words import LayerAxis
from symconv.mathematics.tree import (
    Below,
    Comparison,
    Mathematics,
    Numeral,
    Quantity,
    RelationSign,
    Summation,
    component,
)
from symconv.readings import mathematics
from symconv.readings.mathematics import Lettering
from symconv.symbolic.amounts import size
from symconv.symbolic.board import Board
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.expressions import RuleError, Summed, is_element, polynomial


def claimed(
    convolution: Convolution, name: str, form: Node, summed: tuple[LayerAxis, ...]
) -> Comparison:
    """Return the claim that a gradient is a formula, of a layer summed over leading axes.

    Args:
        convolution: whose gradient it is.
        name: dX, dF or dB.
        form: the formula, of one image, one channel and one filter; of a bias a whole one.
        summed: over what the formula is added up.
    """

    def called(leaf: str) -> Mathematics:
        letters = tuple(Quantity(axis.index) for axis in convolution.leading(leaf))
        tensor = mathematics.tensor(leaf)
        return component(tensor, letters) if letters else tensor

    names = mathematics.USUAL if isinstance(form, IndexSum) else Lettering(called)
    right = mathematics.read(form, names)
    if summed:
        loops = (Below(Quantity(a.index), Numeral(0), Quantity(a.size)) for a in summed)
        right = Summation(tuple(loops), right)
    return Comparison((called(name), right), (RelationSign.EQUAL,))


def bias_gradient(board: Board) -> IndexSum:
    """Return the sum on the board as a formula: dL/dy, over what a bias has no index for.

    Raises:
        RuleError: something else stands on the board.
    """
    summed = Summed.of(board.expression)
    if len(summed.factors) != 1 or not is_element(summed.factors[0], "dY"):
        raise RuleError("the rules do not lead to a closed form")
    read = Read(Leaf("dY"), tuple(Name(index.name) for index in summed.factors[0].indices))
    ranges = tuple(
        Range(index.name, size(polynomial(first)), size(polynomial(last) + 1))
        for index, first, last in summed.limits
    )
    shape = tuple(Name(axis.size) for axis in board.convolution.leading("b"))
    return IndexSum(shape, tuple(index.name for index in board.own), ranges, (read,))

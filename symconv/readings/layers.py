"""Reads the images, groups and channels of a layer: who is summed in Y, dX, dF and dB.

A tensor of a layer has leading indices before those in space; here three of four have the groups:

    X[n,g,c]   F[g,k,c]   Y[n,g,k]   b[g,k]

What a layer has one of gets no index: no n for one image, no g for one group.  A depthwise layer
has a group for each channel, which is then called c.  A name that a tensor lacks is summed: that
one rule says who is summed in Y and in every gradient.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from symconv.formula import closed_forms
from symconv.formula.nodes import Node
from symconv.formula.words import LEADING, Role, letters
from symconv.geometry import Layer
from symconv.mathematics.tree import (
    Addition,
    BinarySign,
    Comparison,
    Juxtaposition,
    Letter,
    Mathematics,
    Numeral,
    Operation,
    Over,
    Partial,
    Quantity,
    Summation,
    equation,
)
from symconv.notation import LOSS, Notation
from symconv.readings.elements import DERIVATIVES, Namer

OPERANDS: Mapping[str, tuple[str, ...]] = {
    "Y": ("X", "F"),
    "dX": ("dY", "F"),
    "dF": ("dY", "X"),
    "dB": ("dY",),
}
"""What is multiplied in each tensor, in the order of a lecturer."""

_SPACE = {"X": Role.INPUT, "F": Role.FILTER, "Y": Role.OUTPUT}


@dataclass(frozen=True, slots=True)
class CountedAxis:
    """A leading axis of one layer.

    Attributes:
        name: n, g, c or k.
        size: how many values its index has.
        noun: what it counts: image, group, channel or filter.
    """

    name: str
    size: int
    noun: str


def leading_axes(layer: Layer) -> dict[str, tuple[CountedAxis, ...]]:
    """Return the leading axes of X, F, Y and b, in order."""
    index = {axis.size: axis.index for axis in LEADING}
    found = {"N": CountedAxis(index["N"], layer.batch, "image")} if layer.batch > 1 else {}
    if layer.channels > 1 or layer.filters > 1:
        found["C"] = CountedAxis(index["C"], layer.group_channels, "channel")
        found["K"] = CountedAxis(index["K"], layer.group_filters, "filter")
        if layer.depthwise:
            found["G"] = CountedAxis(index["C"], layer.groups, "channel")
            del found["C"]
            if layer.group_filters == 1:
                del found["K"]
        elif layer.groups > 1:
            found["G"] = CountedAxis(index["G"], layer.groups, "group")
    axes = {
        tensor: tuple(
            found[axis.size] for axis in LEADING if leaf in axis.tensors and axis.size in found
        )
        for tensor, leaf in (("X", "X"), ("F", "F"), ("Y", "dY"), ("b", "b"))
    }
    if layer.geometry.transposed and {"C", "K"} <= found.keys():
        *group, k, c = axes["F"]
        axes["F"] = (*group, c, k)
    return axes


def space(tensor: str, rank: int) -> tuple[str, ...]:
    """Return the indices in space of X, F or Y on this many axes: h, w; r, s; p, q.

    >>> space("X", 2), space("F", 3)
    (('h', 'w'), ('t', 'r', 's'))
    """
    return tuple(letter.lower() for letter in letters(_SPACE[tensor], rank=rank))


@dataclass(frozen=True)
class LayerReading:
    """Reads one layer in the names of a notation.

    Attributes:
        layer: the layer.
        notation: names and the first index.
        at: the values, counted from 0, of leading indices that are numbers instead of letters.
    """

    layer: Layer
    notation: Notation
    at: Mapping[str, int] = field(default_factory=dict)

    @functools.cached_property
    def axes(self) -> dict[str, tuple[CountedAxis, ...]]:
        """The leading axes of X, F, Y and b."""
        return leading_axes(self.layer)

    @functools.cached_property
    def names(self) -> Namer:
        """The names of elements and tensors, leading indices included."""
        places = {
            tensor: tuple(self._index(axis) for axis in axes) for tensor, axes in self.axes.items()
        }
        return Namer(self.notation, places)

    def summed(self, tensor: str) -> tuple[CountedAxis, ...]:
        """Return the leading axes that are summed in Y, dX, dF or dB."""
        kept = self._of(tensor)
        found = (axis for operand in OPERANDS[tensor] for axis in self._of(operand))
        return tuple(dict.fromkeys(axis for axis in found if axis not in kept))

    def count(self, tensor: str) -> int:
        """Return how many elements are added up over leading axes, and for dB over windows."""
        windows = self.layer.geometry.output if tensor == "dB" else ()
        return math.prod((*(axis.size for axis in self.summed(tensor)), *windows))

    def channels(self, tensor: str) -> Comparison:
        """Return who is summed in Y, dX, dF or dB, and who is kept: y[n,k] = sum_c x * f."""
        if tensor == "dB":
            return self._bias_gradient(self.names.plane(tensor), self.names.at("dY", self._windows))
        left, right = map(self.names.plane, OPERANDS[tensor])
        total = self._total(tensor, Operation(left, BinarySign.SPATIAL, right))
        if tensor == "Y" and self.layer.bias:
            total = Addition((self.names.plane("b"), total))
        return equation(self.names.plane(tensor), total)

    def chain_rule(self, wrt: str) -> Comparison:
        """Return the chain rule for an element of X or F, sums over channels and windows."""
        x = self.names.bare_at(wrt, self._indices(wrt))
        y = self.names.bare_at("Y", self._windows)
        loss = Letter(LOSS)
        chained = Juxtaposition((Partial(loss, y), Partial(y, x)))
        summed = self._letters(self.summed(f"d{wrt}"))
        over = (*((Over(summed),) if summed else ()), Over(self._windows))
        return equation(Partial(loss, x), Summation(over, chained))

    def closed_form(self, gradient: str) -> Comparison:
        """Return dX, dF or dB as a formula of whole images and filters."""
        forms = {"dX": closed_forms.input_gradient, "dF": closed_forms.filter_gradient}
        form = forms[gradient](self.layer.geometry) if gradient in forms else None
        return self.form(gradient, form)

    def form(self, gradient: str, node: Node | None, square: bool = False) -> Comparison:
        """Return dX, dF or dB by what one image and channel adds to it.

        Args:
            gradient: dX, dF or dB.
            node: the formula in space, with numbers or letters; None for dB, which has none.
            square: as in `Namer.formula`.
        """
        whole = self.names.tensor(gradient)
        if node is None:
            return self._bias_gradient(whole, self.names.tensor("dY", index=self._windows))
        return equation(whole, self._total(gradient, self.names.formula(node, square)))

    def _bias_gradient(self, target: Mathematics, summand: Mathematics) -> Comparison:
        over = Over((*self._letters(self.summed("dB")), *self._windows))
        return equation(target, Summation((over,), summand))

    def _total(self, tensor: str, body: Mathematics) -> Mathematics:
        summed = self._letters(self.summed(tensor))
        return Summation((Over(summed),), body) if summed else body

    def _of(self, tensor: str) -> tuple[CountedAxis, ...]:
        return self.axes[DERIVATIVES.get(tensor, tensor)]

    @property
    def _windows(self) -> tuple[Mathematics, ...]:
        return self._indices("Y")

    def _indices(self, tensor: str) -> tuple[Mathematics, ...]:
        return tuple(map(Quantity, space(tensor, len(self.layer.geometry.axes))))

    def _index(self, axis: CountedAxis) -> Mathematics:
        if axis.name not in self.at:
            return Quantity(axis.name)
        (shown,) = self.notation.index((self.at[axis.name],))
        return Numeral(shown)

    def _letters(self, axes: Sequence[CountedAxis]) -> tuple[Mathematics, ...]:
        return tuple(Quantity(axis.name) for axis in axes)

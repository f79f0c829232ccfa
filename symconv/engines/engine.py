"""The two engines that can say what a tensor is made of at one size.

Both give a tensor by name, ``Y``, ``dX`` or ``dF``, along the derivative road (the forward pass
from its definition, differentiated), or by formula, along the closed-form road.  The roads share
the records in which results are written down, and nothing else.

* `SympyEngine`: expressions that sympy differentiates; the ground truth, for what fits a screen.
* `TermEngine`: tables of terms in numpy, one for each axis; for every size.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

from symconv.equation import Equation, Term
from symconv.formula.nodes import Node
from symconv.geometry import Geometry
from symconv.tensors.places import Place

if TYPE_CHECKING:
    from symconv.tensors.expressions import Expressions
    from symconv.tensors.factored import FactoredTable
    from symconv.tensors.table import SortedTable

Defined = Literal["Y", "dX", "dF"]
Side = Defined | Node
"""A tensor to compare: one of the defined ones, or what a formula gives."""


class Tensor(Protocol):
    """A tensor as an engine knows it: for each element, the products that add up to it."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The tensor's extents."""

    def __len__(self) -> int:
        """Return the number of products in all elements together."""

    def __getitem__(self, index: Place) -> Any:
        """Return the sum of products at ``index`` as a sympy expression.

        Raises:
            IndexError: it lies outside the tensor.
        """

    def count(self, index: Sequence[int]) -> int:
        """Return how many products add up to the element at ``index``."""

    def terms(self, index: Sequence[int], most: int | None = None) -> tuple[Term, ...]:
        """Return the first ``most`` products, or all, that add up to the element at ``index``."""

    def equations(self, tensor: str) -> Iterator[Equation]:
        """Yield one equation for each element of the tensor, row-major, zeros included."""


class Engine(Protocol):
    """A way to say what tensors are made of at one geometry."""

    name: str
    geometry: Geometry

    def tensor(self, side: Side) -> Any:
        """Return the `Tensor`; raise `FormulaError` where a formula has no meaning."""

    def first_difference(self, left: Any, right: Any) -> tuple[int, ...] | None:
        """Return the first index at which two tensors of one shape differ, or None."""


def leaf_shapes(geometry: Geometry) -> dict[str, tuple[int, ...]]:
    """Return the shapes of X, F and dY."""
    return {"X": geometry.input, "F": geometry.filter, "dY": geometry.output}


class SympyEngine:
    """Builds expressions and differentiates them with sympy."""

    name = "sympy"

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry

    @functools.cached_property
    def _defined(self) -> dict[Defined, Expressions]:
        """Y, and the gradients that sympy obtains from it."""
        from symconv.engines.forward import forward
        from symconv.engines.gradient import gradient

        y = forward(self.geometry)
        return {
            "Y": y,
            "dX": gradient(y, "X", self.geometry.input),
            "dF": gradient(y, "F", self.geometry.filter),
        }

    def tensor(self, side: Side) -> Expressions:
        """Return the tensor as sympy expressions, shape as its name or formula says."""
        from symconv.readings import equations
        from symconv.tensors.expressions import Expressions

        if isinstance(side, str):
            return self._defined[side]
        return Expressions(equations.read(side, leaf_shapes(self.geometry)))

    def first_difference(self, left: Expressions, right: Expressions) -> tuple[int, ...] | None:
        """Return the first index at which ``expand(left - right)`` is not 0, or None."""
        from symconv.tensors.expressions import first_difference

        return first_difference(left, right)


class TermEngine:
    """Enumerates which elements meet on each axis, and compares tables axis by axis.

    A formula that couples axes is read as one table, and what it is compared with is multiplied
    out.
    """

    name = "term tables"

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry

    @functools.cached_property
    def _defined(self) -> dict[Defined, FactoredTable]:
        """Y, dX and dF from the one relation."""
        from symconv.engines.contributions import contributions

        found = contributions(self.geometry)
        return {
            "Y": found.forward(),
            "dX": found.input_gradient(),
            "dF": found.filter_gradient(),
        }

    def defined(self, name: Defined) -> FactoredTable:
        """Return Y, dX or dF, along the derivative road."""
        return self._defined[name]

    def tensor(self, side: Side) -> FactoredTable | SortedTable:
        """Return the tensor's terms, shape as its name or formula says."""
        if isinstance(side, str):
            return self.defined(side)
        return read_by_axes(side, leaf_shapes(self.geometry))

    def first_difference(
        self, left: FactoredTable | SortedTable, right: FactoredTable | SortedTable
    ) -> tuple[int, ...] | None:
        """Return the first index at which the terms differ, or None."""
        from symconv.tensors import factored, table
        from symconv.tensors.factored import FactoredTable

        if isinstance(left, FactoredTable) and isinstance(right, FactoredTable):
            return factored.first_difference(left, right)
        return table.first_difference(_whole(left), _whole(right))


def read_by_axes(node: Node, shapes: Mapping[str, tuple[int, ...]]) -> FactoredTable | SortedTable:
    """Return the terms of a formula: a table for each axis, or one where it couples axes.

    Raises:
        FormulaError: a step of the formula has no meaning at these sizes.
        TooLargeError: it couples axes, and has too many terms for one table.
    """
    from symconv.formula.axes import on_axis
    from symconv.readings import shapes as extents
    from symconv.readings import terms
    from symconv.tensors.factored import FactoredTable

    blocks = []
    for k in range(len(extents.read(node, shapes))):
        of_axis = on_axis(node, k)
        if of_axis is None:
            return terms.read(node, shapes).sorted()
        blocks.append(terms.read(of_axis, {name: (n[k],) for name, n in shapes.items()}).sorted())
    return FactoredTable(tuple(blocks))


def _whole(tensor: FactoredTable | SortedTable) -> SortedTable:
    from symconv.engines.memory import check_terms
    from symconv.tensors.factored import FactoredTable

    if not isinstance(tensor, FactoredTable):
        return tensor
    check_terms(len(tensor))
    return tensor.multiplied_out()

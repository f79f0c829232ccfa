"""The two engines that can say what a tensor is made of at one size.

Both give a tensor by name, ``Y``, ``dX`` or ``dF``, along the derivative road (the forward pass
from its definition, differentiated), or by formula, along the closed-form road.  The roads share
the records in which results are written down, and nothing else.

* `SympyEngine`: expressions that sympy differentiates; the ground truth, for what fits a screen.
* `TermEngine`: tables of terms in numpy; for every size that fits the memory.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

from symconv.equation import Equation, Term
from symconv.formula.nodes import Node
from symconv.geometry import Geometry

if TYPE_CHECKING:
    from symconv.tensors.expressions import Expressions
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
    """Enumerates which elements meet and compares sorted tables."""

    name = "term tables"

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry

    @functools.cached_property
    def _defined(self) -> dict[Defined, SortedTable]:
        """Y, dX and dF, sorted once; the unsorted relation is let go."""
        from symconv.engines.contributions import contributions

        found = contributions(self.geometry)
        return {
            "Y": found.forward().sorted(),
            "dX": found.input_gradient().sorted(),
            "dF": found.filter_gradient().sorted(),
        }

    def tensor(self, side: Side) -> SortedTable:
        """Return the tensor as sorted rows, shape as its name or formula says."""
        from symconv.readings import terms

        if isinstance(side, str):
            return self._defined[side]
        return terms.read(side, leaf_shapes(self.geometry)).sorted()

    def first_difference(self, left: SortedTable, right: SortedTable) -> tuple[int, ...] | None:
        """Return the first index at which the sorted rows differ, or None."""
        from symconv.tensors.table import first_difference

        return first_difference(left, right)

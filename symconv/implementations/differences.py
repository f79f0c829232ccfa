"""Where the terms that came out differ from those that belong: one element, told term by term."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from symconv.errors import how_many
from symconv.implementations import probes
from symconv.implementations.gradients import terms_of
from symconv.implementations.opaque import UNINITIALISED
from symconv.implementations.report import ElementTerms, GradientTerm, TermDifference
from symconv.implementations.sizes import TrialSizes
from symconv.implementations.truth import Products

Terms = dict[tuple[int, int], float]
"""Products by the numbers of their leaves, with their coefficients."""

_OTHERS = {"dX": "f", "dF": "x"}
"""What dL/dY is multiplied by in the products of a gradient."""


def difference(
    name: str, sizes: TrialSizes, table: NDArray[np.float64], products: Products
) -> TermDifference | None:
    """Return the element of a gradient that shows best where its terms differ; None: nowhere.

    Args:
        name: dX, dF or db.
        sizes: those of the run.
        table: the terms that came out (`opaque.table`).
        products: the forward pass.
    """
    right = _by_element(terms_of(name, products))
    found = _by_element(table)
    differing = [k for k in sorted({*right, *found}) if right.get(k) != found.get(k)]
    if not differing:
        return None
    # An element with few terms is read most easily, one with some on each side shows most.
    best = min(
        differing,
        key=lambda k: (not right.get(k) or not found.get(k), len(right.get(k, ()))),
    )
    leaves = _Leaves(sizes, products.output)
    computes, belongs = found.get(best, {}), right.get(best, {})
    told = [leaves.several(name, terms) for terms in (computes, belongs)]
    shape = leaves.shape(name)
    whole = None
    if told[0] is not None and told[1] is not None:
        at = frozenset(_index(shape, k) for k in differing)
        whole = ElementTerms(
            name, shape, products.output, _index(shape, best), told[0], told[1], at
        )
    return TermDifference(
        f"{name}[{_indices(shape, best)}]", leaves.said(computes), leaves.said(belongs), whole
    )


def _by_element(table: NDArray[np.float64]) -> dict[int, Terms]:
    found: dict[int, Terms] = {}
    for element, first, second, coefficient in table:
        terms = found.setdefault(int(element), {})
        terms[int(first), int(second)] = round(float(coefficient), 9)
    return found


class _Leaves:
    """What the numbers of leaves stand for, at some sizes."""

    def __init__(self, sizes: TrialSizes, output: tuple[int, ...]) -> None:
        layer = sizes.layer
        self.shapes = {
            "x": layer.input,
            "f": layer.filter,
            "b": (layer.filters,),
            "dy": output,
        }
        self.first = {name: probes.first_leaf(layer, name) for name in self.shapes}

    def shape(self, gradient: str) -> tuple[int, ...]:
        """Return the extents of a gradient."""
        return self.shapes[{"dX": "x", "dF": "f", "db": "b"}[gradient]]

    def several(self, gradient: str, terms: Terms) -> tuple[GradientTerm, ...] | None:
        """Return terms by their elements; None: some are no products of dL/dY and the other."""
        made = [self._term(gradient, leaves, c) for leaves, c in sorted(terms.items())]
        return None if None in made else tuple(each for each in made if each is not None)

    def _term(
        self, gradient: str, leaves: tuple[int, int], coefficient: float
    ) -> GradientTerm | None:
        if min(leaves) < 0 and (gradient != "db" or leaves[0] < 0):
            return None
        named = dict(self._named(leaf) for leaf in leaves if leaf >= 0)
        other = _OTHERS.get(gradient)
        if {*named} != {"dy", other} - {None}:
            return None
        return GradientTerm(named["dy"], named[other] if other else None, coefficient)

    def said(self, terms: Terms) -> str:
        """Return a sum in words, cut after some terms."""
        said = [self._said(key, value) for key, value in sorted(terms.items())]
        if not said:
            return "0"
        more = f" + .. ({how_many(len(said), 'term')})" if len(said) > 8 else ""
        return " + ".join(said[:8]) + more

    def _said(self, leaves: tuple[int, int], coefficient: float) -> str:
        words = [self._word(leaf) for leaf in sorted(leaves, reverse=True) if leaf != -2]
        factor = [] if coefficient == 1 and words else [f"{coefficient:g}"]
        return " ".join([*factor, *words])

    def _word(self, leaf: int) -> str:
        if leaf == UNINITIALISED:
            return "(unwritten memory)"
        if leaf < 0:
            return "(a product of three)"
        name, index = self._named(leaf)
        written = {"dy": "dY", "b": "b", "f": "F", "x": "X"}[name]
        return f"{written}[{','.join(map(str, index))}]"

    def _named(self, leaf: int) -> tuple[str, tuple[int, ...]]:
        name = next(each for each in ("dy", "b", "f", "x") if leaf >= self.first[each])
        return name, _index(self.shapes[name], leaf - self.first[name])


def _index(shape: tuple[int, ...], number: int) -> tuple[int, ...]:
    return tuple(int(k) for k in np.unravel_index(number, shape))


def _indices(shape: tuple[int, ...], number: int) -> str:
    return "" if math.prod(shape) == 0 else ",".join(map(str, _index(shape, number)))

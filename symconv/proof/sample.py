"""Checks large term tables against sympy on a sample of outputs.

An output is written out from the definition of the forward pass and differentiated by sympy with
respect to every symbol in it; the tables must hold exactly those terms for that output: in Y, and
in dX and dF among the products with its dL/dy.  Of a large filter some elements are taken, since
differentiating a sum of n products by each of its symbols takes sympy n*n steps.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symconv.geometry import Geometry
from symconv.tensors.table import SortedTable

if TYPE_CHECKING:
    from symconv.engines.engine import TermEngine

RANDOM_OUTPUTS = 4
MOST_TAPS = 25

Index = tuple[int, ...]
Products = Counter[tuple[int, int, int]]
"""Counted numbers of (x, f, y): a product x f of y, dL/dy f of dL/dx, dL/dy x of dL/df."""


@dataclass(frozen=True, slots=True)
class SampleCheck:
    """The outcome of a check against sympy.

    Attributes:
        outputs: the outputs that were written out and differentiated.
        terms: how many terms were compared.
        agrees: whether all of them agreed.
    """

    outputs: tuple[Index, ...]
    terms: int
    agrees: bool


def check_sample(engine: TermEngine) -> SampleCheck:
    """Whether the engine's tables agree with sympy at the corners and some other outputs."""
    geometry = engine.geometry
    windows, taps = _outputs(geometry.output), _taps(geometry.filter)
    expected = _differentiated(geometry, windows, taps)
    sampled = (
        _numbers(windows, geometry.output),
        _numbers(taps, geometry.filter),
    )
    found = {
        "Y": _listed(engine.tensor("Y"), ("X", "F", "target"), *sampled),
        "dX": _listed(engine.tensor("dX"), ("target", "F", "dY"), *sampled),
        "dF": _listed(engine.tensor("dF"), ("X", "target", "dY"), *sampled),
    }
    compared = sum(counted.total() for counted in expected.values())
    return SampleCheck(tuple(windows), compared, found == expected)


def _differentiated(
    geometry: Geometry, windows: list[Index], taps: list[Index]
) -> dict[str, Products]:
    """Return the products of the sampled outputs, and of their derivatives, that sympy gives."""
    from symconv.engines.forward import outputs
    from symconv.engines.gradient import local_derivatives
    from symconv.tensors.expressions import terms

    shapes = {"X": geometry.input, "F": geometry.filter}
    products: dict[str, Products] = {"Y": Counter(), "dX": Counter(), "dF": Counter()}
    for window, expression in outputs(geometry, windows, taps):
        (y,) = _numbers([window], geometry.output)
        pairs = [("Y", term) for term in terms(expression)]
        for symbol, derivative in local_derivatives(expression).items():
            ((element,),) = terms(symbol)
            pairs += [(f"d{element.tensor}", (element, *term)) for term in terms(derivative)]
        for tensor, elements in pairs:
            number = {e.tensor: _numbers([e.index], shapes[e.tensor])[0] for e in elements}
            products[tensor][number["X"], number["F"], y] += 1
    return products


def _listed(
    table: SortedTable, names: tuple[str, str, str], outputs: list[int], taps: list[int]
) -> Products:
    """Return the products (x, f, y) of a table that belong to the sample."""
    columns = table.columns()
    x, f, y = (columns[name] for name in names)
    chosen = np.isin(y, outputs) & np.isin(f, taps)
    return Counter(zip(x[chosen].tolist(), f[chosen].tolist(), y[chosen].tolist(), strict=True))


def _numbers(indices: list[Index], shape: Index) -> list[int]:
    """Return the row-major numbers of indices."""
    return [int(np.ravel_multi_index(index, shape)) for index in indices]


def _outputs(shape: Index) -> list[Index]:
    """Return the first, the middle and the last output, and a few at random (always the same)."""
    draw = random.Random(0)
    fixed = [(0,) * len(shape), tuple(n // 2 for n in shape), tuple(n - 1 for n in shape)]
    drawn = [tuple(draw.randrange(n) for n in shape) for _ in range(RANDOM_OUTPUTS)]
    return sorted({*fixed, *drawn})


def _taps(shape: Index) -> list[Index]:
    """Return the filter's elements, or of a large filter the corners and some at random."""
    if math.prod(shape) <= MOST_TAPS:
        return list(np.ndindex(*shape))
    draw = random.Random(0)
    corners = {(0,) * len(shape), tuple(n - 1 for n in shape)}
    while len(corners) < MOST_TAPS:
        corners.add(tuple(draw.randrange(n) for n in shape))
    return sorted(corners)

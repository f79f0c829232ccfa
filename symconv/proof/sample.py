"""Checks large term tables against sympy on a sample of outputs.

An output is written out from the definition of the forward pass and differentiated by sympy with
respect to every symbol in it; the tables must hold exactly those terms for that output: in Y, and
in dX and dF among the products with its dL/dy.  Of a large filter some elements are taken, since
differentiating a sum of n products by each of its symbols takes sympy n*n steps.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symconv.geometry import Geometry
from symconv.tensors.factored import FactoredTable

if TYPE_CHECKING:
    from symconv.engines.engine import TermEngine

RANDOM_OUTPUTS = 4
MOST_TAPS = 16

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
    found = {
        "Y": _listed(engine.defined("Y"), ("X", "F", "target"), windows, taps),
        "dX": _listed(engine.defined("dX"), ("target", "F", "dY"), windows, taps),
        "dF": _listed(engine.defined("dF"), ("X", "target", "dY"), windows, taps),
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
        y = _number(window, geometry.output)
        pairs = [("Y", term) for term in terms(expression)]
        for symbol, derivative in local_derivatives(expression).items():
            ((element,),) = terms(symbol)
            pairs += [(f"d{element.tensor}", (element, *term)) for term in terms(derivative)]
        for tensor, elements in pairs:
            number = {e.tensor: _number(e.index, shapes[e.tensor]) for e in elements}
            products[tensor][number["X"], number["F"], y] += 1
    return products


def _listed(
    tensor: FactoredTable, names: tuple[str, str, str], windows: list[Index], taps: list[Index]
) -> Products:
    """Return the products (x, f, y) of a tensor that belong to the sample."""
    axes = [[table.columns()[name] for name in names] for table in tensor.blocks]
    extents = [dict(table.factors) | {"target": table.shape} for table in tensor.blocks]
    shape = {name: tuple(sizes[name][0] for sizes in extents) for name in names}
    found: Products = Counter()
    for window, tap in itertools.product(windows, taps):
        f, y = _number(tap, shape[names[1]]), _number(window, shape[names[2]])
        along = [
            xs[(fs == r) & (ys == p)].tolist()
            for (xs, fs, ys), r, p in zip(axes, tap, window, strict=True)
        ]
        for x in itertools.product(*along):
            found[_number(x, shape[names[0]]), f, y] += 1
    return found


def _number(index: Index, shape: Index) -> int:
    """Return the row-major number of an index."""
    return int(np.ravel_multi_index(index, shape))


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

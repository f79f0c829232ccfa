"""The terms of a gradient by calls alone, for code through which opaque scalars do not pass.

One element of dL/dY is 1 and all others are 0; eight elements of F (of X, for dF) are the powers of
64 and all others are 0.  Each element of the gradient is then a number whose digits in base 64 are
the coefficients of its products.  A table is returned only where it gives, on other numbers, what
the code gives: what it says was tested there, and nowhere else.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from symconv.geometry import Layer
from symconv.implementations.calls import Ending, Run
from symconv.implementations.probes import TAPS, CodedProbe, Probe, first_leaf

_BASE = 64
_MOST = 700
"""More calls are not made for one table."""

_AT_ONCE = 50
"""So many calls are asked for together: each answer has a limit of time."""


def table(
    name: str,
    layer: Layer,
    output: tuple[int, ...],
    run: Callable[[Sequence[Probe]], list[Run]],
    probe: Probe,
) -> NDArray[np.float64] | None:
    """Return the terms of a gradient, as `symconv.implementations.opaque.table`; None: not known.

    Args:
        name: dX, dF or db.
        layer: the sizes.
        output: shape of Y.
        run: runs the code on probes.
        probe: the numbers that a table has to agree on.
    """
    windows = range(math.prod(output))
    coded = {"dX": "f", "dF": "x", "db": "dy"}[name]
    size = {"f": math.prod(layer.filter), "x": math.prod(layer.input), "dy": len(windows)}[coded]
    asked = [
        CodedProbe(probe.seed, "float64", coded, window, first)
        for window, first in itertools.product(
            windows if coded != "dy" else (0,), range(0, size, TAPS)
        )
    ]
    if len(asked) > _MOST:
        return None
    runs: list[Run] = []
    for start in range(0, len(asked), _AT_ONCE):
        runs += run(asked[start : start + _AT_ONCE])
        if any(each.ending is not Ending.DONE or name not in each.arrays for each in runs):
            return None
    if {(each.arrays[name].shape, each.arrays[name].dtype.kind) for each in runs} != {
        (_extents(name, layer), "f")
    }:
        return None
    (plain,) = run([probe])
    if plain.ending is not Ending.DONE or name not in plain.arrays:
        return None
    images, space = layer.batch, math.prod(output[2:])
    numbers = np.stack([each.arrays[name].ravel() for each in runs]).astype(np.float64)
    for scale in dict.fromkeys((1, images, 2, space, images * space, layer.filters)):
        whole = _terms(asked, layer, numbers * scale)
        if whole is None:
            continue  # a mean of other numbers, or no sum of products at all
        whole[:, 3] /= scale
        if _agrees(whole, layer, output, plain.arrays[name], probe):
            return whole
    return None


def _extents(name: str, layer: Layer) -> tuple[int, ...]:
    return {"dX": layer.input, "dF": layer.filter, "db": (layer.filters,)}[name]


def _terms(
    asked: Sequence[CodedProbe], layer: Layer, numbers: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return the terms that calls show, a row of numbers each; None where they are no digits."""
    digits = np.round(numbers)
    near = np.abs(numbers - digits) <= 1e-12 * np.abs(numbers)
    if not (near.all() and (np.abs(numbers) < 2.0**53).all()):
        return None
    left = digits.astype(np.int64)
    coded, dy = asked[0].coded, first_leaf(layer, "dy")
    first = np.array([first_leaf(layer, coded) + each.first for each in asked])
    second = np.array([-2 if coded == "dy" else dy + each.window for each in asked])
    rows = []
    for k in range(TAPS):
        digit = (left + _BASE // 2) % _BASE - _BASE // 2
        left = (left - digit) // _BASE
        call, element = np.nonzero(digit)
        rows.append(
            np.stack([element, first[call] + k, second[call], digit[call, element]], axis=1)
        )
    if left.any():
        return None
    whole = np.concatenate(rows).astype(np.float64)
    ordered: NDArray[np.float64] = whole[np.lexsort(whole[:, 2::-1].T)]
    return ordered


def _agrees(
    whole: NDArray[np.float64],
    layer: Layer,
    output: tuple[int, ...],
    found: NDArray[np.generic],
    probe: Probe,
) -> bool:
    """Whether a table gives, on other numbers, what the code gives."""
    shapes = {"x": layer.input, "f": layer.filter, "b": (layer.filters,), "dy": output}
    drawn = [probe.draw(each, shape).astype(float).ravel() for each, shape in shapes.items()]
    leaves = np.concatenate([*drawn, [1.0]])  # the last one stands for no leaf
    first, second = (np.where(whole[:, k] < 0, -1, whole[:, k]).astype(np.int64) for k in (1, 2))
    products = whole[:, 3] * leaves[first] * leaves[second]
    given = np.bincount(whole[:, 0].astype(np.int64), products, minlength=found.size)
    return given.size == found.size and np.allclose(given, found.ravel().astype(float), rtol=1e-9)

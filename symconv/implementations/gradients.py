"""What belongs in each gradient at one size: its numbers on a probe, and its terms."""

from __future__ import annotations

import functools
import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symconv.implementations.probes import Probe
from symconv.implementations.truth import Leaves, Numbers, Products

GRADIENTS = ("dX", "dF", "db")


def belongs(name: str, products: Products, leaves: Leaves, dy: Numbers) -> Numbers:
    """Return what a gradient should be.

    Args:
        name: dX, dF or db.
        products: the forward pass.
        leaves: X and F.
        dy: dL/dY.
    """
    match name:
        case "dX":
            return products.input_gradient(dy, leaves.f)
        case "dF":
            return products.filter_gradient(dy, leaves.x)
        case _:
            return np.asarray(dy.sum(axis=(0, *range(2, dy.ndim))))


@functools.lru_cache(maxsize=4096)
def on_probe(name: str, products: Products, probe: Probe) -> tuple[Numbers, Numbers]:
    """Return what a gradient should be on the numbers of a probe, and the sum of the amounts.

    Y is the output without a bias.
    """
    x, f, dy = (
        probe.draw(each, shape).astype(float)
        for each, shape in (("x", products.input), ("f", products.filter), ("dy", products.output))
    )
    positive = replace(products, weight=np.abs(products.weight))
    if name == "Y":
        return products.forward(x, f), positive.forward(np.abs(x), np.abs(f))
    amounts = Leaves(np.abs(x), np.abs(f), None)
    return (
        belongs(name, products, Leaves(x, f, None), dy),
        belongs(name, positive, amounts, np.abs(dy)),
    )


@functools.lru_cache(maxsize=1024)
def terms_of(name: str, products: Products) -> NDArray[np.float64]:
    """Return the terms that a gradient should have, as `symconv.implementations.opaque.table`."""
    x, f, b = 0, math.prod(products.input), math.prod(products.filter)
    dy = f + b + products.output[1]
    weight = products.weight
    match name:
        case "dX":
            columns = products.x, f + products.f, dy + products.y
        case "dF":
            columns = products.f, x + products.x, dy + products.y
        case _:
            n, k, *space = products.output
            every = np.arange(n * k * math.prod(space))
            element = every // math.prod(space) % k
            columns = element, dy + every, np.full(len(every), -2)
            weight = np.ones(len(every))
    rows = np.stack([*columns, weight], axis=1).astype(np.float64)
    return rows[np.lexsort(rows[:, 2::-1].T)]

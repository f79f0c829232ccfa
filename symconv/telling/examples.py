"""The one element that is shown of many."""

from __future__ import annotations

import math

import numpy as np

from symconv.derivation import Derivation

FEW = 1024
"""Of more elements the most telling one is looked for near the middle."""

NEARBY = 3
"""How many elements beside the middle one are tried on each axis."""


def busiest(derivation: Derivation, name: str) -> tuple[int, ...]:
    """Return the index of the element of Y, dX or dF with the most products, the first of them.

    Where there are many, it is the one with the most near the middle.
    """
    tensor = derivation.tensor(name)
    if math.prod(tensor.shape) <= FEW:
        return max(np.ndindex(*tensor.shape), key=tensor.count)
    near = [
        range(n // 2, min(n // 2 + min(axis.stride, NEARBY), n))
        for n, axis in zip(tensor.shape, derivation.geometry.axes, strict=True)
    ]
    found = np.ndindex(*map(len, near))
    places = [tuple(r[k] for r, k in zip(near, at, strict=True)) for at in found]
    return max(places, key=tensor.count)

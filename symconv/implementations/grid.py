"""Many sizes at once, as arrays of letters: conditions are compared on them, and nothing is run."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symconv.implementations.interface import Form, Interface
from symconv.implementations.sizes import DILATIONS, PADDINGS, SPATIAL, STRIDES, TAPS, WINDOWS

Columns = dict[str, NDArray[Any]]

_NUMBER = 20_000


@functools.lru_cache(maxsize=16)
def letters(face: Interface) -> Columns | None:
    """Return the letters of many sizes that an interface can say, rare ones among them.

    None where its padding is not said in numbers, or its input is dilated: these sizes are drawn.
    """
    own = bool(face.names) or face.fixed_name is not None or face.transposed
    if own or face.input_dilation is not Form.FIXED:
        return None
    rng = np.random.default_rng(0)

    def some(most: int, least: int = 1) -> NDArray[Any]:
        return rng.integers(least, most + 1, _NUMBER)

    def said(form: Form, fixed: int, most: int, least: int = 1) -> list[NDArray[Any]]:
        """Return one size for each axis, as it is said."""
        if form is Form.FIXED:
            return [np.full(_NUMBER, fixed)] * face.rank
        first = some(most, least)
        return [first if form is Form.ONE else some(most, least) for _ in range(face.rank)]

    rank = face.rank
    groups = some(3) if face.groups else np.ones(_NUMBER, int)
    found: Columns = {
        "N": some(4) if face.batch else np.ones(_NUMBER, int),
        "C": groups * (some(4) if face.channels else 1),
        "K": groups * (some(4) if face.filters else 1),
        "G": groups,
    }
    sides = face.padding in (Form.PAIRS, Form.FLAT)
    strides, dilations = said(face.stride, face.fixed_stride, 4), said(face.dilation, 1, 3)
    taps = said(face.kernel, 1, 5)
    before = said(face.padding, face.fixed_padding, 5, 0)
    fits = np.ones(_NUMBER, bool)
    for k in range(rank):
        u, d, R, lo = strides[k], dilations[k], taps[k], before[k]
        hi = some(5, 0) if sides else lo
        H = some(9)
        rest = H + lo + hi - d * (R - 1) - 1
        fits &= rest >= 0
        found |= {SPATIAL[rank][k]: H, TAPS[rank][k]: R, WINDOWS[rank][k]: rest // u + 1}
        found |= {STRIDES[rank][k]: u, DILATIONS[rank][k]: d}
        found |= dict(zip(PADDINGS[rank][k], (lo, hi), strict=True))
    found |= {"stride": strides[0], "pad": before[0], "dilation": dilations[0]}
    return {name: column[fits] for name, column in found.items()}

"""The order of axes in somebody's arrays, and the way there and back.

A layout is a word: ``NCHW``, ``HWC``, ``RSCK``.  What it lacks is 1.  Ours are NCHW, KCRS and NKPQ
with as many spatial letters as there are axes; ``1`` is an axis of one element.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

OURS = {
    1: ("NCH", "KCR", "NKP"),
    2: ("NCHW", "KCRS", "NKPQ"),
    3: ("NCDHW", "KCTRS", "NKZPQ"),
}
"""X, F and Y as this package orders them."""

INPUTS = {
    1: ("NCH", "NHC", "CH", "HC", "H", "NH"),
    2: ("NCHW", "NHWC", "CHW", "HWC", "HW", "NHW", "CHWN", "HWCN"),
    3: ("NCDHW", "NDHWC", "CDHW", "DHWC", "DHW", "NDHW"),
}
FILTERS = {
    1: ("KCR", "RCK", "CKR", "KRC", "RKC", "KR", "CR", "RC", "RK", "R", "CRK"),
    2: (
        "KCRS", "RSCK", "CKRS", "KRSC", "RSKC", "CRSK", "KRS", "CRS", "RSC", "RSK", "RS",
    ),
    3: ("KCTRS", "TRSCK", "CKTRS", "KTRSC", "KTRS", "CTRS", "TRSC", "TRS"),
}  # fmt: skip
BIASES = {
    1: ("K", "", "K1", "1K", "1K1", "11K"),
    2: ("K", "", "111K", "K1", "1K", "1K11", "K11", "11K"),
    3: ("K", "", "K1", "1K", "1K111", "1111K"),
}


def to_theirs(array: NDArray[Any], ours: str, theirs: str) -> NDArray[Any]:
    """Return an array of our layout in theirs; what theirs lacks must be 1."""
    lacking = tuple(k for k, letter in enumerate(ours) if letter not in theirs)
    kept = [letter for letter in ours if letter in theirs]
    moved = array.reshape([n for k, n in enumerate(array.shape) if k not in lacking])
    moved = moved.transpose([kept.index(letter) for letter in theirs if letter != "1"])
    for k, letter in enumerate(theirs):
        if letter == "1":
            moved = np.expand_dims(moved, k)
    return moved


def to_ours(array: NDArray[Any], ours: str, theirs: str) -> NDArray[Any] | None:
    """Return an array of their layout in ours, or None where it has not as many axes."""
    if array.ndim != len(theirs):
        return None
    ones = [k for k, letter in enumerate(theirs) if letter == "1"]
    if any(array.shape[k] != 1 for k in ones):
        return None
    letters = theirs.replace("1", "")
    array = array.reshape([n for k, n in enumerate(array.shape) if k not in ones])
    present = [letter for letter in ours if letter in letters]
    array = array.transpose([letters.index(letter) for letter in present])
    for k, letter in enumerate(ours):
        if letter not in letters:
            array = np.expand_dims(array, k)
    return array


def outputs(shape: Sequence[int], known: dict[str, int], spatial: str) -> Iterator[str]:
    """Yield the layouts in which an output of this shape may be.

    Args:
        shape: its extents.
        known: the extents of N and K.
        spatial: the letters of its spatial axes.
    """
    for length in range(len(spatial), len(spatial) + 3):
        if length != len(shape):
            continue
        leading = ["NK", "KN", "N", "K", ""]
        for word in leading:
            if len(word) + len(spatial) != length:
                continue
            if any(known[letter] != 1 for letter in "NK" if letter not in word):
                continue
            for places in itertools.combinations(range(length), len(word)):
                rest = iter(spatial)
                letters = [
                    word[places.index(k)] if k in places else next(rest) for k in range(length)
                ]
                if all(shape[k] == known[word[i]] for i, k in enumerate(places)):
                    yield "".join(letters)

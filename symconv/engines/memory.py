"""Refuses work that would not fit the memory, before anything is allocated."""

from __future__ import annotations

import math

from symconv.errors import TooLargeError, how_many
from symconv.geometry import Geometry, Layer
from symconv.limits.memory import SMALL, available, gigabytes

BYTES_PER_ROW = 250
"""Peak of both roads for one row of the table of an axis."""

BYTES_PER_TERM = 120
"""Peak for one product where a tensor is multiplied out."""

BYTES_PER_ELEMENT = 60
"""Peak for one element of the longest axis: positions, counts, padded copies."""


def products(geometry: Geometry) -> int:
    """Return an upper bound on the products of the forward pass: windows times filter elements."""
    return math.prod(geometry.output) * math.prod(geometry.filter)


def check_memory(geometry: Geometry) -> None:
    """Refuse a geometry whose term tables would not fit the memory that is available.

    There is one table for each axis, so that it is the longest axis that counts.

    Raises:
        TooLargeError: with the estimate, what is there, and the way out.
    """
    rows = sum(axis.output * axis.filter for axis in geometry.axes)
    elements = sum(
        max(axis.padded, axis.spread, axis.output * axis.stride + axis.extent)
        for axis in geometry.axes
    )
    sizes = " x ".join(map(str, geometry.input)), " x ".join(map(str, geometry.filter))
    _check(
        BYTES_PER_ROW * rows + BYTES_PER_ELEMENT * elements,
        f"{sizes[0]} input with {sizes[1]} filter",
        "use a smaller input or filter, or a larger stride",
    )


def check_layer_memory(layer: Layer) -> None:
    """Refuse a layer whose images and channels would not fit the memory that is available.

    Raises:
        TooLargeError: with the estimate, what is there, and the way out.
    """
    pairs = layer.filters * layer.group_channels
    _check(
        BYTES_PER_ROW * (layer.batch + pairs),
        f"{how_many(layer.batch, 'image')} and {how_many(pairs, 'filter')} of one channel",
        "use fewer images, channels or filters",
    )


def check_terms(terms: int) -> None:
    """Refuse to multiply out more terms than fit the memory that is available.

    Raises:
        TooLargeError: with the estimate, what is there, and the way out.
    """
    _check(BYTES_PER_TERM * terms, f"{how_many(terms, 'term')} in one table", "use smaller sizes")


def _check(needed: int, what: str, way_out: str) -> None:
    if needed <= SMALL:
        return
    there = available()
    if needed > there:
        raise TooLargeError(
            f"{what}: about {gigabytes(needed)}, but only {gigabytes(there)} are available; "
            f"{way_out}"
        )

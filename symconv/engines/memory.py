"""Refuses work that would not fit the memory, before anything is allocated."""

from __future__ import annotations

import math
import sys

from symconv.errors import TooLargeError, how_many
from symconv.geometry import Geometry

BYTES_PER_TERM = 120
"""Peak of both roads for one product, measured from 64x64 with a 33x33 filter to 896x896."""

BYTES_PER_ELEMENT = 60
"""Peak for one element of the largest tensor: positions, counts, padded copies."""

SMALL = 200 * 2**20
"""Less than this is not compared with the memory that is available."""


def products(geometry: Geometry) -> int:
    """Return an upper bound on the products of the forward pass: windows times filter elements."""
    return math.prod(geometry.output) * math.prod(geometry.filter)


def check_memory(geometry: Geometry) -> None:
    """Refuse a geometry whose term tables would not fit the memory that is available.

    Raises:
        TooLargeError: with the estimate, what is there, and the way out.
    """
    elements = math.prod(max(axis.input, axis.padded, axis.extent) for axis in geometry.axes)
    needed = BYTES_PER_TERM * products(geometry) + BYTES_PER_ELEMENT * elements
    if needed <= SMALL:
        return
    there = available()
    if needed > there:
        sizes = " x ".join(map(str, geometry.input)), " x ".join(map(str, geometry.filter))
        raise TooLargeError(
            f"{sizes[0]} input with {sizes[1]} filter: about {_gigabytes(needed)} for "
            f"{how_many(products(geometry), 'product')}, but only {_gigabytes(there)} are "
            "available; use a smaller input or filter, or a larger stride"
        )


def available() -> int:
    """Return how many bytes may still be allocated."""
    import psutil

    there = int(psutil.virtual_memory().available)
    if sys.platform != "win32":
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            there = min(there, limit - psutil.Process().memory_info().vms)
    return there


def _gigabytes(size: int) -> str:
    return f"{size / 2**30:,.1f} GiB"

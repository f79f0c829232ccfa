"""How much memory may be taken, asked before it is: what is held, and what is to be allocated.

Who allocates says how much by `reserve`; who keeps something while others go on working says so by
`hold`, inside of a `scope` that lets it go.  A claim may take `LARGEST` bytes; where nobody has
set a limit, what the machine has is the limit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from symconv.errors import TooLargeError

LARGEST = 600 * 2**20
"""Bytes that one claim may take: with the interpreter and its libraries, less than 1 GB."""

SMALL = 200 * 2**20
"""Less than this is not compared with the memory that is available."""

_LIMIT: ContextVar[int | None] = ContextVar("limit", default=None)
_HELD: ContextVar[int] = ContextVar("held", default=0)


def reserve(size: int) -> None:
    """Refuse an allocation that does not fit beside what is held.

    Args:
        size: bytes, a shape's worth of them rather than a measurement.

    Raises:
        TooLargeError: it does not fit.
    """
    needed, limit = size + _HELD.get(), _LIMIT.get()
    if needed <= (SMALL if limit is None else limit):
        return
    if limit is not None:
        raise TooLargeError(
            f"about {gigabytes(needed)} would be needed, and {gigabytes(limit)} is what a claim "
            "may take; use smaller sizes"
        )
    there = available()
    if needed > there:
        raise TooLargeError(
            f"about {gigabytes(needed)} would be needed, and {gigabytes(there)} are available; "
            "use smaller sizes"
        )


def hold(size: int) -> None:
    """Reserve ``size`` bytes, and count them as taken until the `scope` around this ends.

    Raises:
        TooLargeError: they do not fit.
    """
    reserve(size)
    _HELD.set(_HELD.get() + size)


@contextmanager
def scope() -> Iterator[None]:
    """Let go of what is held inside of a ``with``."""
    held = _HELD.get()
    try:
        yield
    finally:
        _HELD.set(held)


@contextmanager
def limited(size: int = LARGEST) -> Iterator[None]:
    """Let at most ``size`` bytes be taken inside of a ``with``."""
    token = _LIMIT.set(size)
    try:
        yield
    finally:
        _LIMIT.reset(token)


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


def gigabytes(size: int) -> str:
    """Return a number of bytes in words."""
    return f"{size / 2**30:,.1f} GiB" if size < 2**60 else f"2^{size.bit_length() - 31} GiB"

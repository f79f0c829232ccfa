"""A line on the terminal that says how far long work is; never in a pipe, nor for quick work."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 1.0
"""After so many seconds of work the line is shown."""


def with_progress(items: Iterable[T], total: int, doing: str, quiet: bool = False) -> Iterator[T]:
    """Yield from ``items``; a bar on stderr tells how many are done, if that is a terminal.

    Args:
        items: what is worked on, one after the other.
        total: how many there are; of a single one nothing is told.
        doing: what is done, such as ``Judging``.
        quiet: whether nothing is to be told.
    """
    if not sys.stderr.isatty() or total < 2 or quiet:
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress

    progress = Progress(console=Console(stderr=True), transient=True, redirect_stdout=False)
    task = progress.add_task(doing, total=total)
    begin = threading.Timer(PATIENCE, progress.start)  # also in the midst of the first one
    begin.daemon = True
    begin.start()
    try:
        for each in items:
            progress.advance(task)
            yield each
    finally:
        begin.cancel()
        begin.join()
        progress.stop()

"""The three standard streams where one of them is closed, or cannot be written to.

A shell closes them by ``<&-``, ``>&-`` and ``2>&-``; Python then has None in their place, and the
next file that is opened gets their number.  Here each gets a stand-in: to need a closed input or
output is an error in one line, and what cannot be said on standard error is not said.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import IO, Any, NoReturn

from symconv.errors import SymconvError


class ClosedStream(io.TextIOBase):
    """A standard stream that is closed: to read or write it is an error."""

    encoding = "utf-8"

    def __init__(self, name: str, use: str) -> None:
        self._message = f"standard {name} is closed, and {use}"

    @property
    def buffer(self) -> ClosedStream:
        """The stream of bytes, as closed as the stream itself."""
        return self

    def _refuse(self, *_: object) -> NoReturn:
        raise SymconvError(self._message)

    read = readline = write = writelines = _refuse


class LenientStream:
    """Standard error: what cannot be written there is lost, and the command goes on."""

    def __init__(self, stream: IO[str] | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write ``text`` if there is somebody to read it."""
        with self._forgiven():
            if self._stream is not None:
                self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush what was written."""
        with self._forgiven():
            if self._stream is not None:
                self._stream.flush()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream is not None and self._stream.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @contextlib.contextmanager
    def _forgiven(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError):
            # What is left in its buffer would fail once more when Python ends, and change the
            # exit status.
            if self._stream is not None:
                silence(self._stream)
            self._stream = None


@contextlib.contextmanager
def stand_ins() -> Iterator[None]:
    """Put stand-ins in place of standard streams that are closed, and be lenient with errors."""
    streams = sys.stdin, sys.stdout, sys.stderr
    for number, stream in enumerate(streams):
        if stream is None:
            with contextlib.suppress(OSError):
                _occupy_if_closed(number)
    sys.stdin = streams[0] or ClosedStream("input", "- reads it")
    sys.stdout = streams[1] or ClosedStream("output", "the result would go there")
    sys.stderr = LenientStream(streams[2])
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams


def silence(stream: IO[str]) -> None:
    """Let what is written to ``stream``, and what is left in its buffer, go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        _occupy(stream.fileno())


def _occupy_if_closed(number: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        _occupy(number)


def _occupy(number: int) -> None:
    """Let a file descriptor be that of the null device."""
    null = os.open(os.devnull, os.O_RDWR)
    if null != number:
        os.dup2(null, number)
        os.close(null)

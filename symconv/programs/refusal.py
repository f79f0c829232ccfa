"""What the reader does not read: a line and a reason, never a guess."""

from __future__ import annotations

from symconv.errors import SymconvError


class UnreadError(SymconvError):
    """A program, or a part of it, that is not read.

    Attributes:
        reason: what is not read, and why.
        line: where it stands in the file, or None.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.reason = reason
        self.line = line


class PathRefusedError(Exception):
    """The program raises at the sizes that are looked at: it refuses them."""

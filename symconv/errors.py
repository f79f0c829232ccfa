"""The one family of errors that symconv raises on purpose.

A message is one line: the fact, what was given, and the way out.
"""

from __future__ import annotations

import os
from collections.abc import Sequence


class SymconvError(ValueError):
    """Something given to symconv cannot be used; the message says what and how to mend it."""


class GeometryError(SymconvError):
    """The sizes do not describe a convolution."""


class FormulaError(SymconvError):
    """A formula has no meaning at the sizes at hand."""


class ParseError(SymconvError):
    """A text is not a formula; ``column`` says where, counted from 1, or is None."""

    def __init__(self, message: str, column: int | None = None) -> None:
        super().__init__(message if column is None else f"column {column}: {message}")
        self.column = column


class TooLargeError(SymconvError):
    """The work would need more memory than there is."""


class OutOfReachError(SymconvError):
    """A claim is not of the kind that can be proved for every size; it may still be true."""


class InternalError(RuntimeError):
    """Two parts of symconv contradict each other; the message says which."""


PLURALS = {"axis": "axes", "index": "indices", "entry": "entries"}
"""The plurals that are not made by an s."""


def how_many(number: int, noun: str) -> str:
    """Return a number and what it counts, in agreement.

    >>> how_many(1, "claim"), how_many(1200, "random size"), how_many(2, "axis")
    ('1 claim', '1,200 random sizes', '2 axes')
    """
    *before, last = noun.split(" ")
    word = last if number == 1 else PLURALS.get(last, f"{last}s")
    return " ".join((f"{number:,}", *before, word))


def listed(words: Sequence[str]) -> str:
    """Return words, at least one, as they are listed in a sentence.

    >>> listed(["row"]), listed(["row", "column"]), listed(["slice", "row", "column"])
    ('row', 'row and column', 'slice, row and column')
    """
    *firsts, last = words
    return f"{', '.join(firsts)} and {last}" if firsts else last


def to_install(extra: str) -> str:
    """Return how to install what an extra brings: symconv is on no package index."""
    return f"in a checkout of symconv run: pip install '.[{extra}]'"


DEBUG = "SYMCONV_DEBUG"
"""The environment variable under which an error of symconv itself shows where it arose."""


def described(error: Exception) -> str:
    """Return ``error`` in one line; what is not raised on purpose is an error of symconv itself."""
    text = " ".join(str(error).split())
    match error:
        case SymconvError() | InternalError():
            return text
        case MemoryError():
            return "out of memory; use smaller sizes"
    said = f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
    return f"internal error: {said}; please report this ({DEBUG}=1 shows where)"


def traced(error: Exception) -> Exception:
    """Return ``error``, its traceback on standard error where somebody debugs."""
    if os.environ.get(DEBUG, "0") not in ("", "0") and not isinstance(error, SymconvError):
        import traceback

        traceback.print_exception(error)
    return error

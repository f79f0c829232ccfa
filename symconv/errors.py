"""The one family of errors that symconv raises on purpose.

A message is one line: the fact, what was given, and the way out.
"""


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

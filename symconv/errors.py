"""The one family of errors that symconv raises on purpose.

A message is one line: the fact, what was given, and the way out.
"""


class SymconvError(ValueError):
    """Something given to symconv cannot be used; the message says what and how to mend it."""


class GeometryError(SymconvError):
    """The sizes do not describe a convolution."""


class FormulaError(SymconvError):
    """A formula has no meaning at the sizes at hand."""


class TooLargeError(SymconvError):
    """The work would need more memory than there is."""

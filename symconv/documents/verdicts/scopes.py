"""Where a verdict holds, in words: a verdict without its scope would claim what is false."""

from __future__ import annotations

from collections.abc import Collection

from symconv.formula.words import PADDING, Role, letters_on

ODD_FILTERS = "for filters of odd extent"
AT_THE_EXAMPLE = "at the example's sizes"
UP_TO_ACTIVATION = "up to the derivative of the activation"
WITH_NUMBERS = "with the numbers given"


def counting_from(base: int) -> str:
    """Return what limits a verdict where nothing shows the first index."""
    return f"where indices count from {base}"


def dividing(general: Collection[str] = (), symmetric: bool = True, axis: int = 0) -> str:
    """Return what limits a verdict to sizes at which windows reach every element.

    Args:
        general: what the convolution has of padding and dilation.
        symmetric: whether as much is padded behind as before.
        axis: 0 where rows are meant, 1 where columns are.
    """
    extent, filter_, dilation = letters_on(axis, Role.INPUT, Role.FILTER, Role.DILATION)
    padding = "2p" if symmetric else " + ".join(letters_on(axis, *PADDING))
    padded = f" + {padding}" if "padding" in general else ""
    spread = f"{dilation}({filter_} - 1) - 1" if "dilation" in general else filter_
    return f"where the stride divides {extent}{padded} - {spread}"

"""Where a verdict holds, in words: a verdict without its scope would claim what is false."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from symconv.formula.words import PADDING, Role, letters_on

ODD_FILTERS = "for filters of odd extent"
AT_THE_EXAMPLE = "at the example's sizes"
UP_TO_ACTIVATION = "up to the derivative of the activation"
WITH_NUMBERS = "with the numbers given"
WITH_NUMBERS_THERE = "with the numbers before it"


def counting_from(base: int) -> str:
    """Return what limits a verdict where nothing shows the first index."""
    return f"where indices count from {base}"


_OWN: Mapping[str, str] = {}


def dividing(
    general: Collection[str] = (),
    symmetric: bool = True,
    axis: int = 0,
    spelled: Mapping[str, str] = _OWN,
) -> str:
    """Return what limits a verdict to sizes at which windows reach every element.

    Args:
        general: what the convolution has of padding and dilation.
        symmetric: whether as much is padded behind as before.
        axis: 0 where rows are meant, 1 where columns are.
        spelled: the letters of a document by the canonical ones of sizes, where they are known.
    """
    extent, filter_, dilation = letters_on(axis, Role.INPUT, Role.FILTER, Role.DILATION)
    low, high = letters_on(axis, *PADDING)
    one = {"X": extent, "R": filter_, "d": dilation, "p": "p", "l": low, "h": high, **spelled}
    padding = f"2{one['p']}" if symmetric else f"{one['l']} + {one['h']}"
    padded = f" + {padding}" if "padding" in general else ""
    spread = f"{one['d']}({one['R']} - 1) - 1" if "dilation" in general else one["R"]
    return f"where the stride divides {one['X']}{padded} - {one.get('D', spread)}"

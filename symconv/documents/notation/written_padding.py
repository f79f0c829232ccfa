"""Elements of the padding that a document writes out: x_{0} where x_{1} is the first, a zero."""

from __future__ import annotations

from collections.abc import Sequence

from symconv.documents.notation.reading import NotationReading
from symconv.equation import Element


def is_padding(elements: Sequence[Element], reading: NotationReading) -> bool:
    """Whether elements that a window brings together are 0 by one in the padding."""
    if not any(reading.padded):
        return False
    at = {element.tensor.removeprefix("d"): element.index for element in elements}
    if at.keys() != {"X", "F", "Y"} or not lies_beside(at["X"], reading):
        return False
    axes = zip(reading.geometry.axes, reading.padded, at["X"], at["F"], at["Y"], strict=True)
    return all(
        m == p * axis.stride + r * axis.dilation - axis.padding[0]
        and (padded or 0 <= m < axis.input)
        for axis, padded, m, r, p in axes
    )


def lies_beside(index: tuple[int, ...], reading: NotationReading) -> bool:
    """Whether an index of the input, counted from 0, lies in the padding around it."""
    axes = list(zip(reading.geometry.axes, index, strict=True))
    inside = all(0 <= m < axis.input for axis, m in axes)
    return not inside and all(
        -axis.padding[0] <= m < axis.input + axis.padding[1] for axis, m in axes
    )

"""Pictures of the dilated, padded gradient: whether as many zeros surround it as dX needs.

    dX = correlate(pad(dilate(dY, u), (D - 1 - lo, D - 1 - hi + rem)), rotate(F), dilation=d)

A picture that begins as that operand does and ends too early, or too late, gives a dX of another
size.  It may be meant as a part, so that this is said and not called wrong.
"""

from __future__ import annotations

from symconv.documents.elements.equations import GRADIENT
from symconv.documents.elements.grids import Grid, layout_of
from symconv.documents.notation.reading import NotationReading
from symconv.documents.verdicts.verdict import EquationVerdict, not_judged
from symconv.errors import how_many
from symconv.geometry import Axis

Margins = tuple[int, int]
"""Rows of zeros before and behind."""


def judge_margins(grid: Grid, reading: NotationReading, kind: str) -> EquationVerdict | None:
    """Return what is to be said of a picture of the padded gradient, None of any other grid."""
    shown = _margins(grid, reading)
    if shown is None:
        return None
    needed = [_needed(axis) for axis in reading.geometry.axes]
    begins = [before for before, _ in needed]
    if not any(begins) or [before for before, _ in shown] != begins or shown == needed:
        return None
    sizes = [
        "x".join(str((p - 1) * u + 1 + sum(margins)) for p, u, margins in zip(
            reading.geometry.output, reading.geometry.stride, each, strict=True))
        for each in (shown, needed)
    ]  # fmt: skip
    ends = " and ".join(
        how_many(after, "row" if k == 0 else "column") for k, (_, after) in enumerate(needed)
    )
    reason = (
        f"this picture is {sizes[0]}; the gradient dilated and padded for dX is {sizes[1]}, "
        f"with {ends} of zeros at the end"
    )
    return not_judged(kind, grid.place, reason)


def _needed(axis: Axis) -> Margins:
    reach = axis.dilation * (axis.filter - 1)
    lo, hi = axis.padding
    return reach - lo, reach - hi + axis.remainder


def _margins(grid: Grid, reading: NotationReading) -> list[Margins] | None:
    """Return the zeros around the output's gradient, None where a grid shows anything else."""
    tensors = grid.tensors()
    if reading.rank != 2 or len(tensors) != 1:
        return None
    (tensor, count) = tensors.popitem()
    gradient = tensor[1] in reading.gradients or (
        tensor[0] == GRADIENT and reading.role(tensor[1]) == "Y"
    )
    found = layout_of(grid, tensor, 2)
    p, q = reading.geometry.output
    if not gradient or found is None or not found[1] == found[2] == count == p * q:
        return None
    sides = [sorted({c.row for c in grid.cells}), sorted({c.column for c in grid.cells})]
    if len(grid.cells) != len(sides[0]) * len(sides[1]):
        return None
    margins = []
    for side, layout, extent, stride in zip(
        sides, found[0], (p, q), reading.geometry.stride, strict=True
    ):
        if (extent > 1 and layout.step != stride) or side[-1] - side[0] + 1 != len(side):
            return None
        first = layout.offset + layout.step * reading.base
        margins.append((first - side[0], side[-1] - first - layout.step * (extent - 1)))
    return margins

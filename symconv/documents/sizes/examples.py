"""The example that a size stands beside: a formula without a letter for its padding says none."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from symconv.documents.verdicts.verdict import EquationVerdict, not_judged
from symconv.geometry import Axis, Geometry


def axes_of(geometry: Geometry | None, axis: int) -> tuple[Axis, ...]:
    """Return the axes of an example that a size is about; 2 stands for any."""
    if geometry is None:
        return ()
    return geometry.axes if axis == 2 else geometry.axes[axis : axis + 1]


def unspoken(used: Collection[str], axes: Sequence[Axis]) -> str:
    """Return what an example has that a size leaves out, "" where there is nothing.

    ``used`` holds the canonical letters of the statement (`symconv.documents.sizes.letters`).
    """
    mine: list[str] = []
    shown: list[str] = []
    for letters, own, name, values in (
        ("u", "with stride 1", "stride", {axis.stride for axis in axes} - {1}),
        ("plh", "without padding", "padding", {max(axis.padding) for axis in axes} - {0}),
        ("dD", "without dilation", "dilation", {axis.dilation for axis in axes} - {1}),
    ):
        if values and not set(letters) & set(used):
            mine.append(own)
            shown.append(f"with {name} {' and '.join(map(str, sorted(values)))}")
    return f"right {', '.join(mine)}; the example here is {', '.join(shown)}" if mine else ""


def held(
    judgement: EquationVerdict, used: Collection[str], axes: Sequence[Axis]
) -> EquationVerdict:
    """Return a verdict on what is right, unless the example beside it is another."""
    reason = unspoken(used, axes)
    if judgement.scope and any(axis.remainder for axis in axes):
        reason = f"right {judgement.scope}, as it does not in the example here"
    return not_judged(judgement.kind, judgement.place, reason) if reason else judgement

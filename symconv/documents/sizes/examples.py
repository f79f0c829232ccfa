"""The example that a size stands beside: a formula without a letter for its padding says none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from symconv.documents.verdicts.verdict import EquationVerdict, not_judged
from symconv.geometry import Axis, Geometry

_PARTS = (
    ("u", "with stride 1", "stride"),
    ("plh", "without padding", "padding"),
    ("dD", "without dilation", "dilation"),
)


@dataclass(frozen=True, slots=True)
class ShownParts:
    """What hints or a forward formula say of a convolution that a size stands beside.

    Attributes:
        stride, padding, dilation: as a document spells them, "" for what there is not.
        where: what says so.
        transposed: whether the convolution is a transposed one.
    """

    stride: str = ""
    padding: str = ""
    dilation: str = ""
    where: str = "the forward formula here"
    transposed: bool = False


def axes_of(geometry: Geometry | None, axis: int) -> tuple[Axis, ...]:
    """Return the axes of an example that a size is about; 2 stands for any."""
    if geometry is None:
        return ()
    return geometry.axes if axis == 2 else geometry.axes[axis : axis + 1]


def unspoken(used: Collection[str], axes: Sequence[Axis]) -> str:
    """Return what an example has that a size leaves out, "" where there is nothing.

    ``used`` holds the canonical letters of the statement (`symconv.documents.sizes.letters`).
    """
    values = (
        {axis.stride for axis in axes} - {1},
        {max(axis.padding) for axis in axes} - {0},
        {axis.dilation for axis in axes} - {1},
    )
    said = [" and ".join(map(str, sorted(found))) for found in values]
    return _left_out(used, said, "the example here")


def unspoken_beside(used: Collection[str], shown: ShownParts) -> str:
    """Return what hints or a forward formula have that a size leaves out, "" for nothing.

    ``used`` holds the canonical letters of the statement, which is no transposed convolution's.
    """
    if shown.transposed:
        return f"right of a convolution; {shown.where} is a transposed one"
    return _left_out(used, (shown.stride, shown.padding, shown.dilation), shown.where)


def _left_out(used: Collection[str], said: Sequence[str], where: str) -> str:
    mine: list[str] = []
    shown: list[str] = []
    for (letters, own, name), value in zip(_PARTS, said, strict=True):
        if value and not set(letters) & set(used):
            mine.append(own)
            shown.append(f"with {name} {value}")
    return f"right {', '.join(mine)}; {where} is {', '.join(shown)}" if mine else ""


def held(
    judgement: EquationVerdict,
    used: Collection[str],
    axes: Sequence[Axis],
    beside: ShownParts | None = None,
) -> EquationVerdict:
    """Return a verdict on what is right, unless what stands beside it is another convolution."""
    reason = unspoken(used, axes) or (unspoken_beside(used, beside) if beside is not None else "")
    if judgement.scope and any(axis.remainder for axis in axes):
        reason = f"right {judgement.scope}, as it does not in the example here"
    return not_judged(judgement.kind, judgement.place, reason) if reason else judgement

"""Zeros between and around the elements of an image of known size, and only where there are some.

Padding comes before cropping: where a crop is larger than the image, the other order would leave
nothing to pad.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symconv.targets.program import Amounts, Steps
from symconv.targets.source import Bracketed, statement


@dataclass(frozen=True, slots=True)
class PaddingSource:
    """How a target writes zeros around an image of shape (N, C, ..).

    Attributes:
        zeros: an image of zeros, by the name of one of the same type, N and C, and its extents.
        pad: an image padded by amounts that are not negative.
    """

    zeros: Callable[[str, Steps], Bracketed]
    pad: Callable[[str, Amounts], Bracketed]

    def spread(self, name: str, extents: Steps, steps: Steps, amounts: Amounts) -> list[str]:
        """Return the lines that dilate an image, then pad and crop it; none where all is as it is.

        Args:
            name: of the image, which is assigned anew.
            extents: its spatial extents.
            steps: l - 1 zeros stand between neighbours.
            amounts: negative: crop.
        """
        zeros = _positive(amounts)
        if max(steps) == 1:
            lines = statement(f"{name} = ", self.pad(name, zeros)) if _any(zeros) else []
        else:
            sizes = tuple(
                (n - 1) * step + 1 + sum(around)
                for n, step, around in zip(extents, steps, zeros, strict=True)
            )
            lines = statement("spread = ", self.zeros(name, sizes))
            lines += [f"    spread{index(zeros, steps)} = {name}", f"    {name} = spread"]
        crops = _positive(_negated(amounts))
        if _any(crops):
            lines += [f"    {name} = {name}{index(crops)}"]
        return lines

    def cut(self, name: str, padding: Amounts, steps: Steps) -> list[str]:
        """Return the lines that undo `spread`: the padding away, and every l-th element taken."""
        zeros = _positive(_negated(padding))
        lines = statement(f"{name} = ", self.pad(name, zeros)) if _any(zeros) else []
        taken = index(_positive(padding), steps)
        return [*lines, f"    {name} = {name}{taken}"] if taken else lines

    def cut_away(self, name: str, padding: Amounts, steps: Steps) -> str:
        """Return what `cut` assigns as one expression."""
        zeros = _positive(_negated(padding))
        of = self.pad(name, zeros).line if _any(zeros) else name
        return f"{of}{index(_positive(padding), steps)}"


def index(cuts: Amounts, steps: Steps | None = None) -> str:
    """Return what takes ``cuts`` away from an image, then every element by ``steps``.

    >>> index(((1, 2), (0, 0)), (1, 2))
    '[:, :, 1:-2, ::2]'
    """
    slices = []
    for (first, last), step in zip(cuts, steps or (1,) * len(cuts), strict=True):
        ends = f"{first or ''}:{-last if last else ''}"
        slices.append(ends if step == 1 else f"{ends}:{step}")
    while slices and slices[-1] == ":":
        slices.pop()
    return f"[:, :, {', '.join(slices)}]" if slices else ""


def _positive(amounts: Amounts) -> Amounts:
    return tuple((max(lo, 0), max(hi, 0)) for lo, hi in amounts)


def _negated(amounts: Amounts) -> Amounts:
    return tuple((-lo, -hi) for lo, hi in amounts)


def _any(amounts: Amounts) -> bool:
    return any(map(any, amounts))

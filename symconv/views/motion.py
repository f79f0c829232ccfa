"""How an animated SVG moves: when each step begins, what is seen in it, how the window glides.

All of it is SMIL.  A step rests as long as its scene asks for; at its end the window glides to the
next place, slowly at first and at last, and the rays are gone while it does.  Who asks for less
motion sees one step, still: a style sheet says so, which wins over the animation.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

GLIDE = 0.3
"""How many seconds the window takes to its next place."""

EASED, STEADY = "0.45 0 0.25 1", "0 0 1 1"

STILL, MOVING = "still", "moving"
"""The classes of what is seen, and of what is not, where less motion is asked for."""

REDUCED = (
    f"@media (prefers-reduced-motion:reduce){{.{MOVING}{{visibility:hidden!important}}"
    f".{STILL}{{visibility:visible!important}}}}"
)


@dataclass(frozen=True)
class Timetable:
    """When the steps of an endless round begin.

    Attributes:
        begins: when each step begins, in seconds, and when the last one ends.
    """

    begins: tuple[float, ...]

    @classmethod
    def of(cls, rests: Sequence[float]) -> Timetable:
        """Return the timetable of steps that take so many seconds each."""
        return cls(tuple(itertools.accumulate(rests, initial=0.0)))

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.begins) - 1

    @property
    def _round(self) -> str:
        return f"{self.begins[-1]:g}s"

    def shown(self, steps: Collection[int], brief: bool = False) -> Element:
        """Return what shows its parent in some steps only; briefly: not while the window glides."""
        changes: list[tuple[float, bool]] = []
        for k, (begin, end) in enumerate(itertools.pairwise(self.begins)):
            changes.append((begin, k in steps))
            if brief and k in steps:
                changes.append((end - GLIDE, False))
        kept = [one for k, one in enumerate(changes) if k == 0 or one[1] != changes[k - 1][1]]
        return Element(
            "animate",
            {
                "attributeName": "visibility",
                "calcMode": "discrete",
                "dur": self._round,
                "repeatCount": "indefinite",
                "keyTimes": ";".join(self._part(time) for time, _ in kept),
                "values": ";".join("visible" if seen else "hidden" for _, seen in kept),
            },
        )

    def glide(self, attribute: str, values: Sequence[str]) -> Element:
        """Return what takes an attribute of its parent from value to value, one for each step."""
        times, held, splines = [], [], []
        for value, (begin, end) in zip(values, itertools.pairwise(self.begins), strict=True):
            times += [begin, end - GLIDE]
            held += [value, value]
            splines += [STEADY, EASED]
        return Element(
            "animate",
            {
                "attributeName": attribute,
                "calcMode": "spline",
                "dur": self._round,
                "repeatCount": "indefinite",
                "keyTimes": ";".join(map(self._part, [*times, self.begins[-1]])),
                "values": ";".join([*held, values[0]]),
                "keySplines": ";".join(splines),
            },
        )

    def _part(self, seconds: float) -> str:
        """Return a time as a part of the whole round."""
        return f"{seconds / self.begins[-1]:.5f}".rstrip("0").rstrip(".") or "0"

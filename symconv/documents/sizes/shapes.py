r"""Shapes of tensors: X \in \mathbb{R}^{5 \times 5}.

They say how far tensors reach where the equations of a few elements do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symconv.documents.elements.extents import Extents
from symconv.documents.notation.reading import Region
from symconv.documents.sizes.numbers import SIZE
from symconv.documents.source.place import Place
from symconv.documents.source.spans import Span
from symconv.documents.verdicts.verdict import AGREE, EquationVerdict, not_judged

_SHAPE = re.compile(
    r"""(?<![A-Za-z\\]) (?P<name>[A-Za-z]) (?:_\{?\w{1,9}\}?)? \}* \s*
        \\in \s* \\(?:mathbb|mathbf|Bbb|R|RR|Real|Reals)\b \s* \{? \s* R? \s* \}?
        \s* \^ \s* \{? \s* (?P<sizes>\d{1,4} (?:\s* \\times \s* \d{1,4})?)
        \s* (?:\}|(?=[^\s\d\\]))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class StatedShape:
    """A tensor and its extents, as a document states them."""

    name: str
    sizes: tuple[int, ...]
    place: Place

    def extents(self) -> Iterator[Extents]:
        """Yield the grids that would show the same, for either first index and either case."""
        for name in dict.fromkeys((self.name, self.name.swapcase())):
            for base in (0, 1):
                least = (base,) * len(self.sizes)
                yield Extents(
                    name, self.place.start, least, tuple(n + base - 1 for n in self.sizes)
                )


def shapes(text: str, spans: Sequence[Span]) -> list[StatedShape]:
    """Return the shapes that formulas state."""
    if "\\in" not in text:
        return []
    return [
        StatedShape(
            found["name"], tuple(map(int, found["sizes"].split("\\times"))), Place(*found.span())
        )
        for span in spans
        for found in _SHAPE.finditer(text, span.start, span.end)
    ]


def judge_shape(shape: StatedShape, regions: Sequence[Region]) -> EquationVerdict | None:
    """Return the verdict on a shape: one that no example has may be about something else."""
    said = [verdict for region in regions if (verdict := _of_region(shape, region))]
    return next((j for j in said if j.verdict == AGREE), said[0] if said else None)


def _of_region(shape: StatedShape, region: Region) -> EquationVerdict | None:
    """Return the verdict by one region's notations, None where the tensor is none of them."""
    if not region.readings:
        return None
    first, *others = region.readings
    if first.rank != len(shape.sizes):
        return None
    role = first.role(shape.name) or first.role(shape.name.swapcase())
    if role is None:
        return None
    if first.extents(role) != shape.sizes:
        shown = "x".join(map(str, first.extents(role)))
        return not_judged(SIZE, shape.place, f"{shape.name} is {shown} in the example here")
    if any(reading.extents(role) != shape.sizes for reading in others):
        ask = first.hints.ask("input", "filter")
        return not_judged(SIZE, shape.place, f"two readings fit{ask}")
    if any(min(axis.padding) < 0 for axis in first.geometry.axes):
        reason = f"right only if the input is cropped{first.hints.ask('padding')}"
        return not_judged(SIZE, shape.place, reason)
    return EquationVerdict(AGREE, SIZE, shape.place, f"{role.lower()} shape")

"""How the equations of one system fare in a part of the document, and whether it is an example."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from symconv.documents.elements.equations import GRADIENT, ElementEquation
from symconv.documents.elements.extents import Extents
from symconv.documents.notation.fit import nearly
from symconv.documents.notation.inference import readings
from symconv.documents.notation.reading import Hints, Region
from symconv.documents.notation.systems import TensorSystem
from symconv.documents.notation.truth import agrees


@dataclass(frozen=True, slots=True)
class Context:
    """A system in its stretch of the document.

    Attributes:
        system: the names, and the numbers of the equations that use them.
        equations: all equations of the document.
        extents: the grids of the stretch that show a whole tensor.
        hints: what is said of its notation.
    """

    system: TensorSystem
    equations: Sequence[ElementEquation]
    extents: Sequence[Extents]
    hints: Hints

    def region(self, members: Sequence[int]) -> Region:
        """Return some neighbouring equations with every notation that explains them best."""
        found, reason = readings(
            [self.equations[n] for n in members], self.system, self._near(members), self.hints
        )
        return Region(self.system, tuple(members), found, reason, self._start(members[0]))

    def as_one(self, members: Sequence[int], tries: Sequence[Region]) -> Region:
        """Return some equations with the notation, of those tried, that most of them agree with.

        What is read off all of them may be worse than what is read off a part without slips.
        Forward equations come first here, too.
        """
        forward = [n for n in members if self.equations[n].is_forward]
        ahead = [self.held(region, forward) for region in tries]
        enough = nearly(max(ahead))
        likely = [r for r, held in zip(tries, ahead, strict=True) if held >= enough]
        best = max(likely, key=lambda region: self.held(region, members))
        return replace(best, members=tuple(members), start=self._start(members[0]))

    def _start(self, n: int) -> int:
        return self.equations[n].target.place.start

    def _near(self, part: Sequence[int]) -> list[Extents]:
        """Return the grids that stand in a part, or close before or behind it."""
        members = self.system.members
        i, j = bisect_left(members, part[0]), bisect_right(members, part[-1])
        low = self._start(members[i - 1]) if i else -1
        first, last = self._start(part[0]), self._start(part[-1])
        middle = (last + self._start(members[j])) // 2 if j < len(members) else None
        return [
            e
            for e in self.extents
            if e.offset > low and (middle is None or e.offset < max(middle, first))
        ]

    def holds(self, region: Region, n: int) -> bool:
        """Whether an equation agrees with the first reading of a region."""
        return bool(region.readings) and agrees(self.equations[n], region.readings[0])

    def held(self, region: Region, members: Iterable[int]) -> int:
        """Return how many of some equations agree with a region."""
        return sum(self.holds(region, n) for n in members)

    def agreement(self, region: Region) -> list[bool]:
        """Say of each equation of a region whether it agrees."""
        return [self.holds(region, n) for n in region.members]

    def has_forward(self, region: Region, denied_by: Region | None = None) -> bool:
        """Whether a forward equation or a local derivative agrees, but not with another."""
        return any(kind != GRADIENT for kind, *_ in self.targets(region, denied_by))

    def forward(self, region: Region) -> set[int]:
        """Return the numbers of the forward equations and local derivatives that agree."""
        return {n for n in region.members if self.equations[n].is_forward and self.holds(region, n)}

    def targets(self, region: Region, denied_by: Region | None = None) -> set[tuple[object, ...]]:
        """Return what the equations that agree, but not with another region, say something of."""
        return {
            (t.kind, t.name, t.index, t.of_index)
            for n in region.members
            if self.holds(region, n) and not (denied_by and self.holds(denied_by, n))
            for t in (self.equations[n].target,)
        }

    def resized(self, one: Region, other: Region) -> bool:
        """Whether two regions differ in nothing but how far input and output reach."""
        first, second = (region.readings[0].geometry for region in (one, other))
        return all(
            getattr(first, name) == getattr(second, name)
            for name in ("filter", "stride", "padding", "dilation")
        )

    def speaks(self, region: Region) -> bool:
        """Whether a region is an example of its own.

        It needs equations of three elements that agree, or of two outputs: a slip that is copied
        from slide to slide is still one slip.
        """
        agreeing = sum(self.agreement(region))
        targets = self.targets(region)
        forward = any(kind != GRADIENT for kind, *_ in targets)
        return 2 * agreeing > len(region.members) and len(targets) >= (2 if forward else 3)

    def contradict(self, one: Region, other: Region) -> bool:
        """Whether gradients alone deny a forward pass: of the same sizes, or a turned filter.

        That is no new example, but a mistake in all of them.
        """
        first, second = one.readings[0], other.readings[0]
        same = all(first.extents(role) == second.extents(role) for role in "XFY")
        return (same or first.flipped != second.flipped) and not (
            self.has_forward(one) and self.has_forward(other)
        )

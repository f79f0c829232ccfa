"""A convolution as formulas speak of it: stride, dilation and padding on each axis, in letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from symconv.documents.formulas import affine
from symconv.formula.words import moved_to
from symconv.polynomial import ONE, ZERO, Polynomial

_LETTERS = re.compile(r"[A-Za-z]+")
_SECOND = moved_to(1)
"""The letters of the first axis, each with that of the second."""


def mirrored(size: Polynomial) -> Polynomial:
    """Return a size as it is on the other axis; in a remainder letters stand inside a name."""
    return Polynomial({
        tuple(sorted(_LETTERS.sub(_twin, name) for name in m)): n for m, n in size.terms.items()
    })  # fmt: skip


def equation(name: str, value: Polynomial) -> Iterator[str]:
    """Yield u == 2 as a hypothesis; nothing where a letter only stands for itself."""
    if value != Polynomial.name(name):
        yield f"{name} == {affine.text(value)}"


def _twin(letters: re.Match[str]) -> str:
    return _SECOND.get(letters[0], letters[0])


@dataclass(frozen=True, slots=True)
class OneAxis:
    """The relation on one axis, in the names of the claim language."""

    stride: Polynomial
    dilation: Polynomial
    low: Polynomial


PLAIN = OneAxis(ONE, ONE, ZERO)


@dataclass(frozen=True, slots=True)
class Setting:
    """A convolution that a formula may be about.

    Attributes:
        axes: the relation on each axis; letters of the formula stand for themselves.
        base: the first index.
        flipped: whether the filter runs backwards.
        filter: extents of the filter that are given by numbers in limits.
        first: the first index on the left side, where it is another one.
        where: what is said of the extents in it, R == S.
        spelled: what the document calls the letters of its axes.
    """

    axes: tuple[OneAxis, ...]
    base: int
    flipped: bool = False
    filter: tuple[int | None, ...] = ()
    first: int | None = None
    where: tuple[str, ...] = field(default=(), compare=False)
    spelled: Mapping[str, str] = field(default_factory=dict, compare=False)

    def over(self, rank: int) -> tuple[OneAxis, ...]:
        """Return its relation on so many axes: what holds on one axis holds on each alike."""
        if len(self.axes) == rank:
            return self.axes
        first = self.axes[0]
        other = OneAxis(*map(mirrored, (first.stride, first.dilation, first.low)))
        return (first, other)[:rank]

    @property
    def plain(self) -> bool:
        """Whether there is neither stride, padding, dilation nor a flip."""
        return not self.flipped and all(axis == PLAIN for axis in self.axes)

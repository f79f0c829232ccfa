"""What is known of a notation where no elements show an example: what is said, and convention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from symconv.documents.formulas.letters import Meaning
from symconv.documents.formulas.setting import Setting
from symconv.documents.notation.names import conventional
from symconv.documents.notation.reading import Hints, NotationReading
from symconv.errors import GeometryError
from symconv.geometry import Geometry


class Roles(NamedTuple):
    """Which tensor is which; ``gradient`` is an own name of the output's gradient, or "".

    A name that is not known is "".
    """

    input: str
    filter: str
    output: str
    gradient: str = ""

    def names(self) -> frozenset[str]:
        """Return the names that are known."""
        return frozenset(self) - {""}


@dataclass(frozen=True, slots=True)
class Convention:
    """A notation without an example.

    Attributes:
        hints: what the user says.
        roles: which tensor is which; None where convention alone tells.
        setting: the convolution that the formulas of the document agree on, if they show one.
        ahead: whether a forward formula of the document shows it.
        strict: whether nothing beside that formula speaks of a special case.
        confirmed: whether words say the numbers in it, so that they are meant in general.
        counted: whether it tells the first index.
        letters: what letters mean by their places in forward formulas.
        transposed: whether the convolution is a transposed one: the gradient of a convolution's
            input, whose tensors have exchanged their parts.
    """

    hints: Hints = field(default_factory=Hints)
    roles: Roles | None = None
    setting: Setting | None = None
    ahead: bool = False
    strict: bool = False
    confirmed: bool = False
    counted: bool = True
    letters: Mapping[str, Meaning] = field(default_factory=dict)
    transposed: bool = False

    def role(self, name: str) -> str | None:
        """Return X, F or Y for a tensor's name, in either case; None for an unknown one."""
        if self.roles is None:
            return conventional(name)
        own = dict(zip(self.roles[:3], "XFY", strict=True))
        found = {role for known, role in own.items() if known.casefold() == name.casefold()}
        return own.get(name) or (found.pop() if len(found) == 1 else None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of input, filter and output."""
        return self.roles[:3] if self.roles is not None else ()

    @property
    def gradients(self) -> tuple[str, ...]:
        """Own names of the output's gradient."""
        return (self.roles.gradient,) if self.roles is not None and self.roles.gradient else ()

    @property
    def base(self) -> int | None:
        """The first index, if it is known."""
        if self.hints.base is not None:
            return self.hints.base
        return self.setting.base if self.setting is not None and self.counted else None

    @property
    def flipped(self) -> bool:
        """Whether the forward pass is said or shown to flip the filter."""
        if self.hints.flipped is not None:
            return self.hints.flipped
        return self.setting is not None and self.setting.flipped

    @property
    def rank(self) -> int:
        """The number of axes that hints speak of."""
        sizes = self.hints.input or self.hints.filter or (0, 0)
        return len(sizes)

    @property
    def geometry(self) -> Geometry | None:
        """The sizes, where hints say them."""
        said = self.hints
        if said.input is None or said.filter is None or len(said.input) != len(said.filter):
            return None
        shown = self._shown(len(said.input))
        if shown is None:
            return None
        stride, dilation, low = shown
        try:
            return Geometry.of(
                said.input,
                said.filter,
                said.stride or stride,
                said.padding or tuple((n, n) for n in low),
                said.dilation or dilation,
            )
        except GeometryError:
            return None

    def _shown(self, rank: int) -> Sequence[tuple[int, ...]] | None:
        """Return stride, dilation and padding on each axis, None where a letter stands for one."""
        if self.setting is None:
            return (1,) * rank, (1,) * rank, (0,) * rank
        parts = [(axis.stride, axis.dilation, axis.low) for axis in self.setting.over(rank)]
        hinted = (self.hints.stride, self.hints.dilation, self.hints.padding)
        for of_axis in parts:
            for part, hint in zip(of_axis, hinted, strict=True):
                if hint is None and part.names:
                    return None
        return [tuple(part.value or 0 for part in of_part) for of_part in zip(*parts, strict=True)]

    def extents(self, role: str) -> tuple[int, ...] | None:
        """Return the shape of X, F or Y, None where hints do not say it."""
        if self.geometry is not None:
            return {
                "X": self.geometry.input, "F": self.geometry.filter, "Y": self.geometry.output
            }[role]  # fmt: skip
        return {"X": self.hints.input, "F": self.hints.filter}.get(role)

    @property
    def sized(self) -> bool:
        """Whether hints say how far input and padding reach."""
        return self.geometry is not None and self.hints.padding is not None


UNKNOWN = Convention()
"""Nothing is said."""

Notation = NotationReading | Convention

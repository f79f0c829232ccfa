"""A convolution as formulas speak of it: stride, dilation and padding on each axis, in letters."""

from __future__ import annotations

from dataclasses import dataclass

from symconv.documents.formulas import affine
from symconv.documents.formulas.affine import Polynomial

_ONE = affine.constant(1)


@dataclass(frozen=True, slots=True)
class OneAxis:
    """The relation on one axis, in the names of the claim language."""

    stride: Polynomial
    dilation: Polynomial
    low: Polynomial


PLAIN = OneAxis(_ONE, _ONE, {})


@dataclass(frozen=True, slots=True)
class Setting:
    """A convolution that a formula may be about.

    Attributes:
        axes: the relation on each axis; letters of the formula stand for themselves.
        base: the first index.
        flipped: whether the filter runs backwards.
        filter: extents of the filter that are given by numbers in limits.
        first: the first index on the left side, where it is another one.
    """

    axes: tuple[OneAxis, ...]
    base: int
    flipped: bool = False
    filter: tuple[int | None, ...] = ()
    first: int | None = None

    @property
    def plain(self) -> bool:
        """Whether there is neither stride, padding, dilation nor a flip."""
        return not self.flipped and all(axis == PLAIN for axis in self.axes)

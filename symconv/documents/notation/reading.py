"""A notation as a record: which letter is which, and the sizes behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from symconv.documents.elements.equations import WrittenFactor
from symconv.documents.notation.systems import TensorSystem
from symconv.geometry import Geometry

Index = tuple[int, ...]
SIZES = ("input", "filter", "stride", "padding", "dilation")
"""The hints that have a number for each axis."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What a user says about the notation; None where it is to be inferred."""

    input: tuple[int, ...] | None = None
    filter: tuple[int, ...] | None = None
    stride: tuple[int, ...] | None = None
    padding: tuple[tuple[int, int], ...] | None = None
    dilation: tuple[int, ...] | None = None
    names: tuple[str, str, str] | None = None
    base: int | None = None
    flipped: bool | None = None

    def complete(self, rank: int) -> bool:
        """Whether nothing about the sizes is left to be inferred."""
        sizes = [getattr(self, name) for name in SIZES]
        return all(given is not None and len(given) == rank for given in sizes)

    def along(self, rank: int) -> Hints:
        """Return these hints for so many axes: one number, or the same ones, serve every axis."""
        sizes: dict[str, Any] = {
            name: _along(given, rank)
            for name in SIZES
            if (given := getattr(self, name)) is not None
        }
        return replace(self, **sizes)

    def ask(self, *names: str, joined: str = " and ") -> str:
        """Return ``; say --input and --filter`` without what is given already, "" for nothing.

        Args:
            names: options without their dashes, perhaps with a value: ``stride 2``.
            joined: what stands before the last one.
        """
        known = {option for option, field_ in _OPTIONS.items() if getattr(self, field_) is not None}
        unsaid = [f"--{name}" for name in names if name.split(" ")[0] not in known]
        *most, last = unsaid or [""]
        before = f"{', '.join(most)}{joined}" if most else ""
        return f"; say {before}{last}" if last else ""

    def wish(self) -> str:
        """Return which sizes to say: first those that nearly always tell; "" where all are said."""
        unsaid = [name for name in SIZES if getattr(self, name) is None]
        first = [name for name in unsaid if name in SIZES[:3]]
        return f"; say {options(first or unsaid)}" if unsaid else ""

    def said(self) -> str:
        """Return what is given, in words."""
        words = {"base": "index base", "flipped": "the forward pass"}
        return ", ".join(
            words.get(name, name) for name in Hints.__slots__ if getattr(self, name) is not None
        )

    def over(self, other: Hints) -> Hints:
        """Return these hints, and the other's where these are silent."""
        pairs = {
            name: getattr(self, name) if getattr(self, name) is not None else getattr(other, name)
            for name in Hints.__slots__
        }
        return Hints(**pairs)


_OPTIONS = {
    **{name: name for name in (*SIZES, "names")}, "index-base": "base", "forward": "flipped",
}  # fmt: skip
"""The options with the fields of what they say."""


def options(names: Sequence[str]) -> str:
    """Return options in words: --input, --filter and --stride."""
    *most, last = [f"--{name}" for name in names]
    return f"{', '.join(most)} and {last}" if most else last


def _along(sizes: tuple[object, ...], rank: int) -> tuple[object, ...]:
    same = len(set(sizes)) == 1
    return sizes[:1] * rank if same and len(sizes) != rank else sizes


@dataclass(frozen=True, slots=True)
class NotationReading:
    """One notation.

    Attributes:
        input: the name of X.
        filter: the name of F.
        outputs: the names of Y (more than one where they differ in case only).
        gradients: names of dY of its own, such as delta.
        base: the first index, 0 or 1.
        geometry: sizes, stride, padding, dilation.
        flipped: whether the forward pass is a mathematician's convolution (filter reversed).
        support: products explained and products in all.
        evidence: how it was found, in words.
        unseen: the indices of input, filter and output on each axis, counted as the document
            does, that occur nowhere: the tensors reach there by inference only.
        sized: whether the document or a hint shows how far input and padding reach.
        padded: for each axis whether the document writes elements of the padding out.
        samples: for each name an element of that tensor, as the document writes it.
        told: whether hints say all of the sizes.
        letters: what letters mean by their places in forward formulas.
        hints: what is said of it.
    """

    input: str
    filter: str
    outputs: tuple[str, ...]
    gradients: tuple[str, ...]
    base: int
    geometry: Geometry
    flipped: bool
    support: tuple[int, int]
    evidence: tuple[str, ...] = ()
    unseen: Mapping[str, tuple[frozenset[int], ...]] = field(default_factory=dict, compare=False)
    sized: bool = field(default=False, compare=False)
    padded: tuple[bool, ...] = ()
    samples: Mapping[str, WrittenFactor] = field(default_factory=dict, compare=False)
    told: bool = False
    letters: Mapping[str, Any] = field(default_factory=dict, compare=False)
    hints: Hints = field(default_factory=Hints, compare=False)

    @property
    def transposed(self) -> bool:
        """Whether the convolution is a transposed one; examples of such are read as gradients."""
        return False

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.geometry.axes)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of input, filter and output."""
        return self.input, self.filter, *self.outputs

    def role(self, name: str) -> str | None:
        """Return X, F or Y for a tensor's name, None for an unknown one."""
        if name == self.input:
            return "X"
        if name == self.filter:
            return "F"
        return "Y" if name in self.outputs else None

    def extents(self, role: str) -> tuple[int, ...]:
        """Return the shape of X, F or Y."""
        g = self.geometry
        return {"X": g.input, "F": g.filter, "Y": g.output}[role]


@dataclass(frozen=True, slots=True)
class Region:
    """A run of equations that one notation explains.

    Attributes:
        system: the names.
        members: numbers of the equations, in order.
        readings: every notation that explains them best; empty where none does.
        reason: why there is none.
        start: where the region begins in the document.
    """

    system: TensorSystem
    members: tuple[int, ...]
    readings: tuple[NotationReading, ...]
    reason: str = ""
    start: int = 0

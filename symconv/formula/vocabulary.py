"""What the names in a formula mean: the tensors, sizes and strides of one convolution.

    X (H, W)   F (R, S)   dY (P, Q)                  the leaves
    Y = correlate(pad(X, ((pt, pb), (pl, pr))), F, stride=(u, v), dilation=(d, e))
    dX = vjp(Y, X, dY)   dF = vjp(Y, F, dY)
    P = (H + pt + pb - d*(R-1) - 1)//u + 1           likewise Q

The lecture's convolution has neither padding nor dilation; pt pb pl pr and d e are words only
where they are asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symconv.errors import ParseError
from symconv.formula.extents import dilated
from symconv.formula.nodes import Correlate, Leaf, Node, Pad, Vjp
from symconv.formula.sizes import Name, Size, minus, over, plus
from symconv.formula.walk import parts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

GENERAL = ("padding", "dilation", "crop")
"""What may be asked for beyond the lecture's convolution; crop lets the padding be negative."""

TWINS = {"H": "W", "R": "S", "P": "Q", "u": "v", "d": "e", "pt": "pl", "pb": "pr"}
"""What belongs to the height, and what plays its part on the width."""

AXIS = dict.fromkeys(TWINS, 0) | dict.fromkeys(TWINS.values(), 1)
"""The axis to which a size belongs."""

OPERATORS = (
    "pad",
    "crop",
    "dilate",
    "rotate",
    "subsample",
    "correlate",
    "convolve",
    "conv_transpose",
    "vjp",
    "ones",
    "shape",
    "sum",
    "range",
    "min",
    "max",
)
"""The words that are called."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names a formula may use.

    Attributes:
        leaves: the shape of every leaf.
        tensors: defined tensors, written out.
        integers: free integers in the order a person would list them, each with its least
            value, or None where it has none.
        definitions: integers that the free ones define.
        fits: what has to be at least 0 on each axis so that the filter fits the input.
    """

    leaves: Mapping[str, tuple[Size, ...]]
    tensors: Mapping[str, Node]
    integers: Mapping[str, int | None]
    definitions: Mapping[str, Size]
    fits: tuple[Size, ...]

    def names(self) -> tuple[str, ...]:
        """Return every word, operators included."""
        return (*self.leaves, *self.tensors, *self.integers, *self.definitions, *OPERATORS)

    def declare(
        self,
        tensors: Mapping[str, tuple[Size, ...]] | None = None,
        integers: Mapping[str, int | None] | None = None,
    ) -> Vocabulary:
        """Return the vocabulary with more leaves and more free integers.

        An extent that is a new name declares that name, an integer of at least 1.

        Raises:
            ParseError: a name that is taken or cannot be one.
        """
        free = dict(self.integers)
        for name, least in (integers or {}).items():
            self._check_new(name)
            free[name] = least
        for shape in (tensors or {}).values():
            for new in (part.name for part in parts(shape) if isinstance(part, Name)):
                if new not in free and new not in self.definitions:
                    self._check_new(new)
                    free[new] = 1
        for name in tensors or {}:
            self._check_new(name)
            if name in free:
                raise ParseError(f"{name} is declared as a tensor and as an integer")
        leaves = {**self.leaves, **(tensors or {})}
        return Vocabulary(leaves, self.tensors, free, self.definitions, self.fits)

    def _check_new(self, name: str) -> None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,30}", name):
            raise ParseError(f"{name[:40]!r} is no name; use a letter, then letters or digits")
        if name in self.names():
            raise ParseError(f"{name} cannot be declared: it has a meaning already")


def vocabulary(general: Collection[str] = ()) -> Vocabulary:
    """Return the words of the lecture's convolution, or of the general one.

    Args:
        general: any of `GENERAL`.

    Raises:
        ParseError: something else in ``general``.
    """
    for word in general:
        if word not in GENERAL:
            raise ParseError(f"general is {word!r}; it is made of {', '.join(GENERAL)}")
    padded = "padding" in general or "crop" in general
    spread = "dilation" in general
    integers: dict[str, int | None] = dict.fromkeys(("H", "W", "R", "S", "u", "v"), 1)
    if spread:
        integers |= dict.fromkeys(("d", "e"), 1)
    if padded:
        least = None if "crop" in general else 0
        integers |= dict.fromkeys(("pt", "pb", "pl", "pr"), least)
    padding = (("pt", "pb"), ("pl", "pr")) if padded else ()
    return _words(integers, padding, ("d", "e") if spread else ())


def _words(
    integers: dict[str, int | None],
    padding: tuple[tuple[str, str], ...],
    dilation: tuple[str, ...],
) -> Vocabulary:
    X, F, dY = Leaf("X"), Leaf("F"), Leaf("dY")
    amounts: tuple[tuple[Size, Size], ...] = tuple((Name(lo), Name(hi)) for lo, hi in padding)
    steps: tuple[Size, ...] = tuple(map(Name, dilation)) or (1, 1)
    forward = Correlate(Pad(X, amounts) if amounts else X, F, (Name("u"), Name("v")), steps)
    margins = amounts or ((0, 0), (0, 0))
    fits = tuple(
        _room(Name(n), margin, Name(r), d)
        for n, margin, r, d in zip("HW", margins, "RS", steps, strict=True)
    )
    return Vocabulary(
        leaves={
            "X": (Name("H"), Name("W")),
            "F": (Name("R"), Name("S")),
            "dY": (Name("P"), Name("Q")),
        },
        tensors={"Y": forward, "dX": Vjp(forward, "X", dY), "dF": Vjp(forward, "F", dY)},
        integers=integers,
        definitions={
            p: plus(over(room, Name(u)), 1) for p, room, u in zip("PQ", fits, "uv", strict=True)
        },
        fits=fits,
    )


def _room(extent: Size, padding: tuple[Size, Size], filter_: Size, dilation: Size) -> Size:
    """Return H + lo + hi - D, by how much the padded input is larger than the filter spans."""
    padded = plus(plus(extent, padding[0]), padding[1])
    return minus(padded, dilated(filter_, dilation))

"""The names in a formula: the tensors, sizes and strides of one convolution.

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
from symconv.formula.words import AXES, CALLED, PADDING, Role, letters, letters_on

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

GENERAL = ("padding", "dilation", "crop")
"""Extensions of the lecture's convolution; crop lets the padding be negative."""

NEEDS: Mapping[str, str] = {
    **dict.fromkeys(letters(*PADDING), "padding"),
    **dict.fromkeys(letters(Role.DILATION), "dilation"),
}
"""The extension that makes a letter known."""


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
        return (*self.leaves, *self.tensors, *self.integers, *self.definitions, *CALLED)

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
    integers: dict[str, int | None] = dict.fromkeys(
        letters(Role.INPUT, Role.FILTER, Role.STRIDE), 1
    )
    dilation = letters(Role.DILATION) if spread else ()
    integers |= dict.fromkeys(dilation, 1)
    padding = tuple(letters_on(axis, *PADDING) for axis in AXES) if padded else ()
    least = None if "crop" in general else 0
    integers |= {amount: least for amounts in padding for amount in amounts}
    return _words(integers, padding, dilation)


def _words(
    integers: dict[str, int | None],
    padding: tuple[tuple[str, ...], ...],
    dilation: tuple[str, ...],
) -> Vocabulary:
    X, F, dY = Leaf("X"), Leaf("F"), Leaf("dY")
    amounts: tuple[tuple[Size, Size], ...] = tuple((Name(lo), Name(hi)) for lo, hi in padding)
    extents, filters, outputs, strides = (
        tuple(map(Name, letters(role)))
        for role in (Role.INPUT, Role.FILTER, Role.OUTPUT, Role.STRIDE)
    )
    steps: tuple[Size, ...] = tuple(map(Name, dilation)) or (1,) * len(AXES)
    forward = Correlate(Pad(X, amounts) if amounts else X, F, strides, steps)
    margins = amounts or ((0, 0),) * len(AXES)
    fits = tuple(map(_room, extents, margins, filters, steps))
    return Vocabulary(
        leaves={"X": extents, "F": filters, "dY": outputs},
        tensors={"Y": forward, "dX": Vjp(forward, "X", dY), "dF": Vjp(forward, "F", dY)},
        integers=integers,
        definitions={
            output.name: plus(over(room, stride), 1)
            for output, room, stride in zip(outputs, fits, strides, strict=True)
        },
        fits=fits,
    )


def _room(extent: Size, padding: tuple[Size, Size], filter_: Size, dilation: Size) -> Size:
    """Return H + lo + hi - D, by how much the padded input is larger than the filter spans."""
    padded = plus(plus(extent, padding[0]), padding[1])
    return minus(padded, dilated(filter_, dilation))

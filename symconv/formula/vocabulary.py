"""The names in a formula: the tensors, sizes and strides of one convolution.

    X (H, W)   F (R, S)   dY (P, Q)                  the leaves
    Y = correlate(pad(X, ((pt, pb), (pl, pr))), F, stride=(u, v), dilation=(d, e))
    dX = vjp(Y, X, dY)   dF = vjp(Y, F, dY)
    P = (H + pt + pb - d*(R-1) - 1)//u + 1           likewise Q

The lecture's convolution has neither padding nor dilation; pt pb pl pr and d e are words only
where they are asked for.  So are the leading axes of a layer (`symconv.formula.words.LEADING`):

    X (N, G, C, H, W)   F (G, K, C, R, S)   dY (N, G, K, P, Q)   b (G, K)
    Y[n,g,k] = sum(correlate(pad(X[n,g,c], ..), F[g,k,c], ..) for c in range(C)) + b[g,k]
    dB = vjp(Y, b, dY)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from symconv.errors import ParseError
from symconv.formula.extents import dilated
from symconv.formula.nodes import (
    Added,
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Pad,
    Range,
    Read,
    Vjp,
)
from symconv.formula.sizes import Name, Size, minus, over, plus
from symconv.formula.slices import Slices
from symconv.formula.walk import parts
from symconv.formula.words import (
    CALLED,
    LEADING,
    PADDING,
    RANKS,
    LayerAxis,
    Role,
    axes,
    letters,
    letters_on,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

SPATIAL = ("padding", "dilation", "crop", "input-dilation")
"""Extensions of the lecture's convolution in space; crop lets the padding be negative."""

BIAS = "bias"
"""The extension by a number for each output channel."""

GENERAL = (*SPATIAL, *dict.fromkeys(axis.word for axis in LEADING), BIAS)
"""Extensions of the lecture's convolution."""

NEEDS: Mapping[str, str] = {
    **dict.fromkeys(letters(*PADDING), "padding"),
    **dict.fromkeys(letters(Role.DILATION), "dilation"),
    **dict.fromkeys(letters(Role.INPUT_DILATION), "input-dilation"),
    **{axis.size: axis.word for axis in LEADING},
    "b": BIAS,
    "dB": BIAS,
}
"""The extension that makes a name known."""


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
        rank: how many axes the convolution has.
    """

    leaves: Mapping[str, tuple[Size, ...]]
    tensors: Mapping[str, Node]
    integers: Mapping[str, int | None]
    definitions: Mapping[str, Size]
    fits: tuple[Size, ...]
    rank: int = 2

    def names(self) -> tuple[str, ...]:
        """Return every word, operators included."""
        return (*self.leaves, *self.tensors, *self.integers, *self.definitions, *CALLED)

    def sizes(self) -> frozenset[str]:
        """Return the names of all integers."""
        return frozenset((*self.integers, *self.definitions))

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
        return replace(self, leaves=leaves, integers=free)

    def _check_new(self, name: str) -> None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,30}", name):
            raise ParseError(f"{name[:40]!r} is no name; use a letter, then letters or digits")
        if name in self.names():
            raise ParseError(f"{name} cannot be declared: it has a meaning already")


def vocabulary(general: Collection[str] = (), rank: int = 2) -> Vocabulary:
    """Return the words of the lecture's convolution, or of the general one.

    Args:
        general: any of `GENERAL`.
        rank: how many axes, 1 to 3.

    Raises:
        ParseError: something else in ``general``, or another rank.
    """
    for word in general:
        if word not in GENERAL:
            raise ParseError(f"general is {word!r}; it is made of {', '.join(GENERAL)}")
    if BIAS in general and not _leading("b", general):
        raise ParseError(
            "a bias is one number for each output channel: general needs channels or groups, too"
        )
    if rank not in RANKS:
        raise ParseError(f"rank is {rank}; a convolution has 1, 2 or 3 axes")
    free = [Role.INPUT, Role.FILTER, Role.STRIDE]
    free += [role for role, word in _ASKED.items() if word in general]
    asked = [axis.size for axis in LEADING if axis.word in general]
    integers: dict[str, int | None] = dict.fromkeys((*asked, *letters(*free, rank=rank)), 1)
    padded = "padding" in general or "crop" in general
    if padded:
        least = None if "crop" in general else 0
        integers |= {a: least for axis in axes(rank) for a in letters_on(axis, *PADDING)}
    return _words(integers, rank, general)


_ASKED = {Role.DILATION: "dilation", Role.INPUT_DILATION: "input-dilation"}
"""The steps that are 1 unless they are asked for."""


def _leading(tensor: str, general: Collection[str]) -> tuple[LayerAxis, ...]:
    """Return the axes of a tensor that are not spatial."""
    return tuple(axis for axis in LEADING if axis.word in general and tensor in axis.tensors)


def _words(integers: dict[str, int | None], rank: int, general: Collection[str]) -> Vocabulary:
    X, F, dY = Leaf("X"), Leaf("F"), Leaf("dY")
    extents, filters, outputs, strides, steps, spreads, before, after = (
        tuple(
            Name(letter) if letter in integers or role is Role.OUTPUT else default
            for letter in letters(role, rank=rank)
        )
        for role, default in (
            (Role.INPUT, 1), (Role.FILTER, 1), (Role.OUTPUT, 1), (Role.STRIDE, 1),
            (Role.DILATION, 1), (Role.INPUT_DILATION, 1), (Role.BEFORE, 0), (Role.AFTER, 0),
        )
    )  # fmt: skip
    margins = tuple(zip(before, after, strict=True))
    fits = tuple(map(_room, map(dilated, extents, spreads), margins, filters, steps))
    definitions = {
        letter: plus(over(room, stride), 1)
        for letter, room, stride in zip(letters(Role.OUTPUT, rank=rank), fits, strides, strict=True)
    }
    leaves = {
        tensor: (*(Name(axis.size) for axis in _leading(tensor, general)), *spatial)
        for tensor, spatial in (("X", extents), ("F", filters), ("dY", outputs))
    }
    slices = Slices(leaves, {*integers, *definitions})
    axes = [axis for axis in LEADING if axis.word in general]
    index = {axis.size: slices.fresh(axis.index, 1)[0] for axis in axes}
    image, weights = (
        slices.add(leaf, tuple(Name(index[axis.size]) for axis in _leading(leaf.name, general)))
        if _leading(leaf.name, general)
        else leaf
        for leaf in (X, F)
    )
    spread = Dilate(image, spreads) if any(step != 1 for step in spreads) else image
    padded = Pad(spread, margins) if any(map(any, margins)) else spread
    forward: Node = Correlate(padded, weights, strides, steps)
    if axes:
        kept = _leading("dY", general)
        summed = tuple(
            Range(index[axis.size], 0, Name(axis.size)) for axis in axes if axis not in kept
        )
        windows = slices.fresh(letters_on(0, Role.WINDOW)[0], rank)
        found = slices.inner(forward, tuple(map(Name, windows)))
        names = (*(index[axis.size] for axis in kept), *windows)
        forward = IndexSum(leaves["dY"], names, summed + found.ranges, found.reads)
    tensors = {"Y": forward, "dX": Vjp(forward, "X", dY), "dF": Vjp(forward, "F", dY)}
    if BIAS in general:
        channels = _leading("b", general)
        leaves["b"] = tuple(Name(axis.size) for axis in channels)
        read = Read(Leaf("b"), tuple(Name(index[axis.size]) for axis in channels))
        biased = IndexSum(leaves["dY"], names, (), (read,))
        tensors |= {"Y": Added((forward, biased)), "dB": Vjp(biased, "b", dY)}
    return Vocabulary(
        leaves=leaves,
        tensors=tensors,
        integers=integers,
        definitions=definitions,
        fits=fits,
        rank=rank,
    )


def _room(extent: Size, padding: tuple[Size, Size], filter_: Size, dilation: Size) -> Size:
    """Return Hl + lo + hi - D, by how much the padded input is larger than the filter spans."""
    padded = plus(plus(extent, padding[0]), padding[1])
    return minus(padded, dilated(filter_, dilation))

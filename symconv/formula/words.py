"""The words of the claim language, each of them once: letters of the axes, and operators.

    axis     input  filter  output  stride  dilation  input dilation  padding  remainder  indices
    height   H      R       P       u       d         lh              pt pb    rem_H      m p r k i
    width    W      S       Q       v       e         lw              pl pr    rem_W      n q s l j
    depth    D      T       Z       w       g         ld              pf pk    rem_D      o z t c a

One axis is the height, two are height and width, three are depth, height and width.

    of a layer   size   index   an axis of
    batch        N      n       X, dY
    groups       G      g       X, F, dY, b
    filters      K      k       F, dY, b       in each group
    channels     C      c       X, F           in each group

Leading axes stand in this order, before the spatial ones: X[n,g,c], F[g,k,c], dY[n,g,k], b[g,k].

Whoever needs letters or operators asks here, so that one more axis is one more letter in each
row of `LETTERS`, and one more thing that letters stand for is one more `Role` and row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from symconv.geometry import Geometry


class Role(Enum):
    """The thing that a letter stands for on its axis."""

    INPUT = "the input's extent"
    FILTER = "the filter's extent"
    OUTPUT = "the output's extent"
    STRIDE = "the stride"
    DILATION = "the filter's dilation"
    INPUT_DILATION = "the input's dilation"
    BEFORE = "the padding before the input"
    AFTER = "the padding after the input"
    REMAINDER = "how many elements at the end no window reaches"
    ELEMENT = "the index of an input element"
    WINDOW = "the index of an output element"
    WEIGHT = "the index of a filter element"
    TURNED = "the index of an element of the rotated filter"
    SPREAD = "the index of an element of the dilated output"


LETTERS: Mapping[Role, tuple[str, ...]] = {
    Role.INPUT: ("H", "W", "D"),
    Role.FILTER: ("R", "S", "T"),
    Role.OUTPUT: ("P", "Q", "Z"),
    Role.STRIDE: ("u", "v", "w"),
    Role.DILATION: ("d", "e", "g"),
    Role.INPUT_DILATION: ("lh", "lw", "ld"),
    Role.BEFORE: ("pt", "pl", "pf"),
    Role.AFTER: ("pb", "pr", "pk"),
    Role.REMAINDER: ("rem_H", "rem_W", "rem_D"),
    Role.ELEMENT: ("m", "n", "o"),
    Role.WINDOW: ("p", "q", "z"),
    Role.WEIGHT: ("r", "s", "t"),
    Role.TURNED: ("k", "l", "c"),
    Role.SPREAD: ("i", "j", "a"),
}
"""The letters of each role, one for each axis: height, width and depth."""

_AXES: Mapping[int, tuple[int, ...]] = {1: (0,), 2: (0, 1), 3: (2, 0, 1)}

RANKS = tuple(_AXES)
"""How many axes a convolution may have."""


def axes(rank: int = 2) -> tuple[int, ...]:
    """Return the columns of `LETTERS` on which a convolution of this rank stands, in its order."""
    return _AXES[rank]


AXES = axes()
"""The two axes of the lecture, by their number."""

PADDING = (Role.BEFORE, Role.AFTER)

SIZES = (
    Role.INPUT, Role.FILTER, Role.OUTPUT, Role.STRIDE, Role.DILATION, Role.INPUT_DILATION, *PADDING,
)  # fmt: skip
"""What has a letter in claims; the other letters are those of the derivation rule by rule."""


def letters(*roles: Role, rank: int = 2) -> tuple[str, ...]:
    """Return the letters of these roles on every axis.

    >>> letters(Role.INPUT, Role.FILTER)
    ('H', 'W', 'R', 'S')
    >>> letters(Role.INPUT, rank=3)
    ('D', 'H', 'W')
    """
    return tuple(LETTERS[role][axis] for role in roles for axis in axes(rank))


def letters_on(axis: int, *roles: Role) -> tuple[str, ...]:
    """Return the letters of these roles on one axis, given by its column.

    >>> letters_on(1, Role.INPUT, Role.FILTER)
    ('W', 'S')
    """
    return tuple(LETTERS[role][axis] for role in roles)


def moved_to(axis: int, roles: Iterable[Role] = SIZES, rank: int = 2) -> dict[str, str]:
    """Return the letters of the other axes of a rank, each with that of its role on this axis.

    >>> moved_to(0, [Role.INPUT, Role.STRIDE])
    {'W': 'H', 'v': 'u'}
    """
    return {
        letter: LETTERS[role][axis]
        for role in roles
        for k in axes(rank)
        if k != axis
        for letter in (LETTERS[role][k],)
    }


def values(geometry: Geometry) -> dict[str, int]:
    """Return the values of the letters that are free in claims where the sizes are these.

    >>> from symconv.geometry import Geometry
    >>> values(Geometry.of((6, 7), 3, stride=2))["W"]
    7
    """
    roles = (Role.INPUT, Role.FILTER, Role.STRIDE, Role.DILATION, Role.INPUT_DILATION, *PADDING)
    return {
        letter: value
        for k, axis in zip(axes(len(geometry.axes)), geometry.axes, strict=True)
        for letter, value in zip(
            letters_on(k, *roles),
            (
                axis.input,
                axis.filter,
                axis.stride,
                axis.dilation,
                axis.input_dilation,
                *axis.padding,
            ),
            strict=True,
        )
    }


@dataclass(frozen=True, slots=True)
class LayerAxis:
    """An axis of a layer that is not spatial.

    Attributes:
        word: what brings it in: an entry of ``general``.
        size: the letter of its extent.
        index: the letter of its index.
        tensors: the leaves that have it; where one of X, F and dY has not, its gradient sums.
        noun: what it counts.
    """

    word: str
    size: str
    index: str
    tensors: tuple[str, ...]
    noun: str


LEADING = (
    LayerAxis("batch", "N", "n", ("X", "dY"), "image"),
    LayerAxis("groups", "G", "g", ("X", "F", "dY", "b"), "group"),
    LayerAxis("channels", "K", "k", ("F", "dY", "b"), "filter"),
    LayerAxis("channels", "C", "c", ("X", "F"), "channel"),
)
"""The axes of a layer that are not spatial, in their order."""

BESIDE_LEADING: Mapping[Role, tuple[str, ...]] = {
    Role.ELEMENT: ("i", "j"),
    Role.TURNED: ("m", "o"),
    Role.SPREAD: ("m", "o"),
}
"""Letters of height and width that are free where n and k are those of leading axes."""


def axis_of(rank: int = 2) -> Mapping[str, int]:
    """Return the axis, by its column, to which each letter of a size belongs."""
    return {letter: k for k in axes(rank) for letter in letters_on(k, *SIZES)}


@dataclass(frozen=True, slots=True)
class Operator:
    """A word that is called.

    Attributes:
        name: the word.
        usage: an example of a call.
        synonyms: what it is called in documents, the name aside; ``upsamp-`` is every word that
            begins so.
    """

    name: str
    usage: str
    synonyms: tuple[str, ...] = ()

    @property
    def spellings(self) -> str:
        """A regular expression of the name and its synonyms."""
        return "|".join(
            f"{word[:-1]}[a-z]*" if word.endswith("-") else word
            for word in (self.name, *self.synonyms)
        )

    @property
    def stems(self) -> tuple[str, ...]:
        """The beginnings of the name and its synonyms."""
        return tuple(word.removesuffix("-") for word in (self.name, *self.synonyms))


PAD = Operator("pad", "pad(T, ((top, bottom), (left, right)))", ("padding", "padded"))
CROP = Operator("crop", "crop(T, ((top, bottom), (left, right)))", ("cropped",))
DILATE = Operator("dilate", "dilate(T, (u, v))", ("dil", "dilat-", "upsamp-"))
ROTATE = Operator("rotate", "rotate(T)", ("rotated", "rot", "flip"))
SUBSAMPLE = Operator("subsample", "subsample(T, (u, v))")
CORRELATE = Operator(
    "correlate", "correlate(A, B, stride=(u, v), dilation=(d, e))", ("corr", "correlation")
)
CONVOLVE = Operator("convolve", "convolve(A, B, mode='full')", ("conv", "convolution"))
CONV_TRANSPOSE = Operator(
    "conv_transpose", "conv_transpose(dY, F, stride=(u, v), padding=.., output_padding=..)"
)
VJP = Operator("vjp", "vjp(Y, X, dY)")
ONES = Operator("ones", "ones(R, S)")
SHAPE = Operator("shape", "shape(Y)")
SUM = Operator("sum", "sum(.. for p in range(P))")
RANGE = Operator("range", "range(P)")
LEAST = Operator("min", "min(H, R)")
GREATEST = Operator("max", "max(H, R)")

TENSOR_OPERATORS = (
    PAD, CROP, DILATE, ROTATE, SUBSAMPLE, CORRELATE, CONVOLVE, CONV_TRANSPOSE, VJP, ONES,
)  # fmt: skip
"""The operators that make a tensor."""

EXTREMES = {operator.name: operator for operator in (LEAST, GREATEST)}
"""The operators that make a size of two or more, by their names."""

MEANT = {
    "conv": CORRELATE.name, "conv1d": CORRELATE.name, "conv2d": CORRELATE.name,
    "conv3d": CORRELATE.name, "xcorr": CORRELATE.name, "corr": CORRELATE.name,
    "correlate2d": CORRELATE.name, "cross_correlate": CORRELATE.name, "convolve2d": CONVOLVE.name,
    "conv_transpose2d": CONV_TRANSPOSE.name, "deconv": CONV_TRANSPOSE.name,
    "flip": ROTATE.name, "rot": ROTATE.name, "rot180": ROTATE.name, "rotate180": ROTATE.name,
    "upsample": DILATE.name, "spread": DILATE.name, "unpool": DILATE.name,
    "downsample": SUBSAMPLE.name, "decimate": SUBSAMPLE.name,
    "zeropad": PAD.name, "zero_pad": PAD.name, "slice": CROP.name, "size": SHAPE.name,
    "dW": "dF", "dK": "dF", "dO": "dY", "dZ": "dY", "dout": "dY", "grad_output": "dY",
    "grad_input": "dX", "grad_weight": "dF", "weight": "F", "kernel": "F", "input": "X", "x": "X",
    "output": "Y", "out": "Y", "O": "Y",
}  # fmt: skip
"""What others call an operator or a tensor of claims.  ``conv`` of a framework does not rotate."""

CALLED = tuple(
    operator.name for operator in (*TENSOR_OPERATORS, SHAPE, SUM, RANGE, LEAST, GREATEST)
)
"""Every word that is called."""

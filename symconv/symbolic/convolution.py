"""A convolution whose sizes are letters: its names, its forward sum, and what is known of them.

On each axis, with D = d*(R - 1) + 1:

    Hl + lo + hi - D = (P - 1)*u + rem,   0 <= rem <= u - 1

which is the division with remainder that P = floor((Hl + lo + hi - D)/u) + 1 rounds down.  Hl is H
unless the input is spread: then E = dilate(X, l), of extent Hl = l*(H - 1) + 1, is read for X.

A layer has leading indices before those in space, X[n,g,c], F[g,k,c], Y[n,g,k], b[g,k], as far as
they are asked for; a tensor that is made of another one has the same ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from math import lcm

import sympy

from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Pad
from symconv.formula.vocabulary import BIAS, vocabulary
from symconv.formula.words import (
    AXES,
    BESIDE_LEADING,
    LEADING,
    LETTERS,
    PADDING,
    LayerAxis,
    Role,
    letters_on,
)
from symconv.polynomial import ONE, Polynomial
from symconv.readings.relation import Bound
from symconv.symbolic.amounts import size
from symconv.symbolic.expressions import Expr, Limit, element, expression, symbol

PLACES = (Role.ELEMENT, Role.WINDOW, Role.WEIGHT, Role.TURNED, Role.SPREAD)
ELEMENT, WINDOW, WEIGHT, TURNED, SPREAD = range(len(PLACES))
"""The places of an axis's indices: element, output, filter, turned filter, dilated output."""

SPACE = ("padding", "dilation", "crop")
"""What the lecture derives on one axis."""

SPREADS = "input-dilation"
"""The word for zeros between the elements of the input."""

SPREAD_INPUT = "E"
"""The name of the spread input."""

MADE_OF = {SPREAD_INPUT: "X", "Y": "dY", "D": "dY", "dX": "X", "dF": "F", "dB": "b"}
"""Tensors that have the leading indices of another one, primes aside."""

_SIZES = (Role.INPUT, Role.FILTER, Role.STRIDE, Role.OUTPUT, Role.REMAINDER)

LARGEST = 3
"""Up to this extent of output and filter, and this stride, steps are checked."""

PADDINGS = {
    "none": ((0, 0),),
    "padding": ((0, 0), (1, 0), (0, 2), (2, 1)),
    "crop": ((0, 0), (1, 2), (-1, 0), (0, -2), (2, -1)),
}


def _letter(place: Role, axis: int, general: Collection[str]) -> str:
    """Return the letter of an index in space; n and k may be those of image and filter."""
    leading = any(one.word in general for one in LEADING)
    return (BESIDE_LEADING if leading and place in BESIDE_LEADING else LETTERS)[place][axis]


@dataclass(frozen=True, slots=True)
class SymbolicAxis:
    """The names on one axis: sizes, and the indices of the derivation.

    Attributes:
        sizes: extent, filter, stride, output and remainder: H R u P rem_H.
        padding: the names of what is padded before and after, or () for none.
        dilation: the name of the dilation, or "" for 1.
        spread: the name of the input's dilation, or "" for 1.
        crop: whether the padding may be negative.
        indices: one letter for each place: m p r k i.
    """

    sizes: tuple[str, ...]
    padding: tuple[str, ...]
    dilation: str
    spread: str
    crop: bool
    indices: tuple[str, ...]

    @classmethod
    def of(cls, axis: int, general: Collection[str]) -> SymbolicAxis:
        """Return axis ``axis`` of the lecture's convolution, or of the general one."""
        crop = "crop" in general
        return cls(
            letters_on(axis, *_SIZES),
            letters_on(axis, *PADDING) if crop or "padding" in general else (),
            LETTERS[Role.DILATION][axis] if "dilation" in general else "",
            LETTERS[Role.INPUT_DILATION][axis] if SPREADS in general else "",
            crop,
            tuple(_letter(place, axis, general) for place in PLACES),
        )

    @property
    def H(self) -> Polynomial:
        """The extent of the input."""
        return Polynomial.name(self.sizes[0])

    @property
    def R(self) -> Polynomial:
        """The extent of the filter."""
        return Polynomial.name(self.sizes[1])

    @property
    def u(self) -> Polynomial:
        """The stride."""
        return Polynomial.name(self.sizes[2])

    @property
    def P(self) -> Polynomial:
        """The extent of the output."""
        return Polynomial.name(self.sizes[3])

    @property
    def rem(self) -> Polynomial:
        """The number of elements that no window reaches."""
        return Polynomial.name(self.sizes[4])

    @property
    def lo(self) -> Polynomial:
        """The padding before the first element."""
        return Polynomial.name(self.padding[0]) if self.padding else Polynomial({})

    @property
    def hi(self) -> Polynomial:
        """The padding after the last element."""
        return Polynomial.name(self.padding[1]) if self.padding else Polynomial({})

    @property
    def d(self) -> Polynomial:
        """The dilation of the filter."""
        return Polynomial.name(self.dilation) if self.dilation else ONE

    @property
    def l(self) -> Polynomial:  # noqa: E743
        """How far apart the elements of the input are."""
        return Polynomial.name(self.spread) if self.spread else ONE

    @property
    def Hl(self) -> Polynomial:
        """The extent of the input with zeros between its elements."""
        return self.l * (self.H - 1) + 1

    @property
    def room(self) -> Polynomial:
        """Hl + lo + hi - D, by how much the window can be moved."""
        return self.Hl + self.lo + self.hi - self.d * (self.R - 1) - 1

    @property
    def division(self) -> Bound:
        """The equation Hl + lo + hi - D - (P - 1)*u - rem = 0."""
        zero = self.room - (self.P - 1) * self.u - self.rem
        return Bound(f"{self.room} = ({self.P} - 1)*{self.u} + {self.rem}", zero)

    @property
    def known(self) -> tuple[Bound, ...]:
        """The polynomials that are >= 0 whatever the sizes."""
        least = [(f"{n} >= 1", n - 1) for n in (self.H, self.R, self.P, self.u)]
        least += [(f"{self.rem} >= 0", self.rem)]
        least += [(f"{self.rem} <= {self.u} - 1", self.u - 1 - self.rem)]
        if self.dilation:
            least.append((f"{self.d} >= 1", self.d - 1))
        if self.spread:
            least.append((f"{self.l} >= 1", self.l - 1))
        if self.padding and not self.crop:
            least += [(f"{n} >= 0", n) for n in (self.lo, self.hi)]
        return tuple(Bound(words, bound) for words, bound in least)

    def index(self, place: int) -> Expr:
        """Return one of the indices, by its place."""
        return symbol(self.indices[place])

    @property
    def read(self) -> Polynomial:
        """p*u + r*d - lo: where output p meets filter element r."""
        p, r = (Polynomial.name(self.indices[place]) for place in (WINDOW, WEIGHT))
        return p * self.u + r * self.d - self.lo

    def choices(self, each: int = 2) -> Iterator[dict[str, int]]:
        """Yield small sizes, every remainder among them, ``each`` with so many paddings."""
        H, R, u, P, rem = self.sizes
        small = range(1, LARGEST + 1)
        kind = "crop" if self.crop else "padding" if self.padding else "none"
        kinds = list(itertools.product((1, 2) if self.dilation else (1,), PADDINGS[kind]))
        # Each of the sizes meets some ways to pad and dilate; all of these occur in turn.
        turns = itertools.cycle(kinds)
        for r, step, p in itertools.product(small, small, small):
            for left, (d, (lo, hi)) in itertools.product(
                range(step), itertools.islice(turns, min(each, len(kinds)))
            ):
                extent = (p - 1) * step + left + d * (r - 1) + 1 - lo - hi
                # The input is spread as far as the extent allows, by 1 to 3.
                l = max(n for n in (1, 2, 3) if (extent - 1) % n == 0) if self.spread else 1  # noqa: E741
                if extent >= 1:
                    values = {H: (extent - 1) // l + 1, R: r, u: step, P: p, rem: left}
                    values |= dict(zip(self.padding, (lo, hi), strict=False))
                    values |= {self.dilation: d} if self.dilation else {}
                    yield values | ({self.spread: l} if self.spread else {})

    def weight(self, sizes: dict[str, int]) -> int:
        """Return how large a choice of sizes is, strides and paddings counting more."""
        H, R, u, *_ = self.sizes
        amounts = sum(abs(sizes[name]) for name in self.padding)
        return sizes[H] + sizes[R] + 2 * sizes[u] + 3 * sizes.get(self.dilation, 0) + 4 * amounts


@dataclass(frozen=True, slots=True)
class Convolution:
    """Y = correlate(pad(X, ..), F, stride, dilation) for symbolic sizes, on one axis or two.

    Attributes:
        axes: those in space.
        general: what it has beyond the lecture's convolution.
    """

    axes: tuple[SymbolicAxis, ...]
    general: tuple[str, ...]

    @classmethod
    def of(cls, general: Collection[str] = (), rank: int = 2) -> Convolution:
        """Return the lecture's convolution, or the general one.

        Args:
            general: any of `symconv.formula.vocabulary.GENERAL`.
            rank: 1 for the height alone, or 2.

        Raises:
            ParseError: something else in ``general``, or a bias without output channels.
        """
        vocabulary(general)
        return cls(tuple(SymbolicAxis.of(axis, general) for axis in AXES[:rank]), tuple(general))

    @property
    def padded(self) -> bool:
        """Whether X is read outside, where it is 0."""
        return any(axis.padding for axis in self.axes)

    @property
    def image(self) -> str:
        """What the filter slides over: X, or the spread input."""
        return SPREAD_INPUT if SPREADS in self.general else "X"

    @property
    def spread(self) -> Node:
        """X with zeros between its elements as a formula, or X itself."""
        X = Leaf("X")
        return Dilate(X, tuple(size(a.l) for a in self.axes)) if SPREADS in self.general else X

    @property
    def biased(self) -> bool:
        """Whether a number is added for each output channel."""
        return BIAS in self.general

    def leading(self, tensor: str) -> tuple[LayerAxis, ...]:
        """Return the axes before those in space of a tensor, by its name on the board."""
        base = tensor.rstrip("'=")
        base = MADE_OF.get(base, base)
        return tuple(a for a in LEADING if a.word in self.general and base in a.tensors)

    def places(self, tensor: str, apart: Collection[str] = ()) -> tuple[Expr, ...]:
        """Return the leading indices of a tensor, those whose letter is in ``apart`` primed."""
        letters = (axis.index for axis in self.leading(tensor))
        return tuple(symbol(f"{n}'" if n in apart else n) for n in letters)

    def extents(self, tensor: str) -> tuple[Polynomial, ...]:
        """Return the extents of the leading axes of a tensor."""
        return tuple(Polynomial.name(axis.size) for axis in self.leading(tensor))

    @property
    def summed(self) -> tuple[LayerAxis, ...]:
        """The leading axes over which Y sums: those that it lacks."""
        kept = self.leading("Y")
        found = dict.fromkeys((*self.leading("X"), *self.leading("F")))
        return tuple(axis for axis in found if axis not in kept)

    @property
    def formula(self) -> Node:
        """Y as a formula, of one image, one channel and one filter."""
        amounts = tuple((size(axis.lo), size(axis.hi)) for axis in self.axes)
        X = Pad(self.spread, amounts) if self.padded else self.spread
        strides, dilations = (tuple(size(getattr(a, n)) for a in self.axes) for n in "ud")
        return Correlate(X, Leaf("F"), strides, dilations)

    def shape(self, tensor: str) -> tuple[Polynomial, ...]:
        """Return the extents in space of X, E, F, Y, dY or b, which has none."""
        if tensor == "b":
            return ()
        return tuple(
            {"X": axis.H, SPREAD_INPUT: axis.Hl, "F": axis.R, "Y": axis.P, "dY": axis.P}[tensor]
            for axis in self.axes
        )

    def indices(self, place: int) -> tuple[Expr, ...]:
        """Return one index of each axis, by its place."""
        return tuple(axis.index(place) for axis in self.axes)

    @property
    def forward(self) -> Expr:
        """The sum that y[p,q] is, the bias added."""
        x = element(self.image, (*self.places("X"), *(expression(axis.read) for axis in self.axes)))
        f = element("F", (*self.places("F"), *self.indices(WEIGHT)))
        limits = (
            *through(self.summed),
            *((a.index(WEIGHT), 0, expression(a.R - 1)) for a in self.axes),
        )
        total = sympy.Sum(x * f, *limits)
        return total + element("b", self.places("b")) if self.biased else total

    def grid(self) -> tuple[dict[str, int], ...]:
        """Return small sizes on which steps are checked, the smallest first.

        Every choice for an axis occurs on each axis; the two are different ones.  Of images,
        groups, channels and filters there are one or two, in every combination.
        """
        letters = [axis.size for axis in LEADING if axis.word in self.general]
        if not letters:
            return self._spatial_grid(each=2)
        counts = list(itertools.product((1, 2), repeat=len(letters)))
        turns = itertools.cycle(counts)
        found = [
            at | dict(zip(letters, next(turns), strict=True)) for at in self._spatial_grid(each=1)
        ]
        return tuple(sorted(found, key=self._weight))

    def _weight(self, at: dict[str, int]) -> int:
        counts = sum(at[axis.size] for axis in LEADING if axis.word in self.general)
        return counts + sum(axis.weight(at) for axis in self.axes)

    def _spatial_grid(self, each: int) -> tuple[dict[str, int], ...]:
        own = [sorted(axis.choices(each), key=axis.weight) for axis in self.axes]
        if len(own) == 1:
            return tuple(own[0])
        count = len(own[0])
        step = next(n for n in range(5, count) if lcm(n, count) == n * count)
        pairs = [own[0][k] | own[1][(k * step + 1) % count] for k in range(count)]
        return tuple(sorted(pairs, key=lambda at: sum(axis.weight(at) for axis in self.axes)))


def through(axes: Iterable[LayerAxis]) -> tuple[Limit, ...]:
    """Return the limits of sums over all of these leading axes."""
    return tuple((symbol(a.index), 0, expression(Polynomial.name(a.size) - 1)) for a in axes)

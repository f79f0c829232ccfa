"""The sizes of a convolution, one axis at a time.

A convolution on one, two or three axes is that many independent axes.  On an axis of ``input`` H
elements spread by the input dilation l, with a filter of R elements, stride u, dilation d and
padding (lo, hi), negative padding being a crop:

    extent of the spread input     Hl = l*(H - 1) + 1           l = 1: Hl = H
    extent of the dilated filter   D = d*(R - 1) + 1
    output                         P = floor((Hl + lo + hi - D) / u) + 1
    remainder                      (Hl + lo + hi - D) mod u    elements at the end no window reaches

A transposed convolution scatters instead: y[m*u + r*d - lo] += x[m] f[r].  With an output padding
0 <= op < max(u, d), as in PyTorch, its output has P = (H - 1)*u + D - lo - hi + op elements.

A layer is a geometry for a batch of images with channels, filters in groups, and a bias.

Everything is validated here, once, where the sizes are put together.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import SupportsIndex

from symconv.errors import GeometryError, how_many

Sizes = int | Sequence[int]
"""One size for all axes, or one for each."""

Padding = str | int | Sequence["int | Sequence[int]"]
"""``valid``, ``same``, ``full``, one number, one for each axis, or a (lo, hi) pair for each."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One spatial axis of a convolution.

    Attributes:
        input: input extent H (or W), at least 1.
        filter: filter extent R (or S), at least 1.
        stride: u >= 1, the step between windows.
        padding: (lo, hi) zeros before and after the input; negative numbers crop it.
        dilation: d >= 1, the step between filter elements.
        input_dilation: l >= 1, the step between input elements: l - 1 zeros lie between them.
        transposed: whether the convolution is a transposed one; it has no input dilation.
        output_padding: elements at the end of a transposed convolution's output, 0..max(u, d)-1.

    Raises:
        GeometryError: a size below 1, an output padding that is out of range, or a filter that
            does not fit the padded input.

    >>> axis = Axis(input=6, filter=3, stride=2)
    >>> axis.extent, axis.output, axis.remainder
    (3, 2, 1)
    """

    input: int
    filter: int
    stride: int = 1
    padding: tuple[int, int] = (0, 0)
    dilation: int = 1
    input_dilation: int = 1
    transposed: bool = False
    output_padding: int = 0

    def __post_init__(self) -> None:
        for name in ("input", "filter", "stride", "dilation", "input_dilation"):
            size = getattr(self, name)
            if size < 1:
                raise GeometryError(f"{name.replace('_', ' ')} is {size}; it must be at least 1")
        if self.transposed:
            self._check_transposed()
        elif self.output_padding:
            raise GeometryError("an output padding belongs to a transposed convolution")
        elif self.padded < self.extent:
            raise GeometryError(
                f"the filter does not fit: it spans {_span(self)}, the padded input only "
                f"{self.padded}; use a larger input, a smaller filter or more padding"
            )

    def _check_transposed(self) -> None:
        most = max(self.stride, self.dilation) - 1
        if self.input_dilation != 1:
            raise GeometryError(
                "a transposed convolution has no input dilation: its stride spreads the input"
            )
        if not 0 <= self.output_padding <= most:
            raise GeometryError(
                f"output padding is {self.output_padding}; it must be smaller than the stride "
                f"or the dilation, 0 to {most} here"
            )
        if self.output < 1:
            raise GeometryError(
                f"the padding {self.padding} takes the whole output away; use less padding"
            )

    @property
    def extent(self) -> int:
        """D, how many input elements the dilated filter spans."""
        return self.dilation * (self.filter - 1) + 1

    @property
    def spread(self) -> int:
        """Hl, the input extent with the zeros of the input dilation between its elements."""
        return self.input_dilation * (self.input - 1) + 1

    @property
    def padded(self) -> int:
        """Hl + lo + hi, the input extent after input dilation and padding."""
        return self.spread + sum(self.padding)

    @property
    def output(self) -> int:
        """P (or Q), the number of windows; of a transposed convolution, what it scatters into."""
        if self.transposed:
            scattered = (self.input - 1) * self.stride + self.extent
            return scattered - sum(self.padding) + self.output_padding
        return (self.padded - self.extent) // self.stride + 1

    @property
    def remainder(self) -> int:
        """How many elements at the end of the padded input no window reaches (0..u-1).

        A transposed convolution reads every element of its input: 0.
        """
        return 0 if self.transposed else (self.padded - self.extent) % self.stride


@dataclass(frozen=True, slots=True, repr=False)
class Geometry:
    """The geometry of a convolution: one `Axis` for each spatial axis, height first.

    >>> g = Geometry.of(input=5, filter=3, stride=2)
    >>> g.output, g.remainder
    ((2, 2), (0, 0))
    """

    axes: tuple[Axis, ...]

    @classmethod
    def of(
        cls,
        input: Sizes = (5, 5),
        filter: Sizes = (3, 3),
        stride: Sizes = 1,
        padding: Padding = 0,
        dilation: Sizes = 1,
        input_dilation: Sizes = 1,
        *,
        transposed: bool = False,
        output_padding: Sizes = 0,
        rank: int | None = None,
    ) -> Geometry:
        """Return the geometry with these sizes; a single number serves every axis.

        Args:
            input: (H, W), each at least 1.
            filter: (R, S), each at least 1.
            stride: (u, v), each at least 1.
            padding: ``"valid"`` (none), ``"same"`` (as TensorFlow: the output has ceil(H/u)
                elements, an odd zero goes to the end), ``"full"`` (D - 1 on every side), one
                number, one for each axis, or a (lo, hi) pair for each axis; negative crops.
            dilation: (d, e), each at least 1.
            input_dilation: each at least 1; what stride is to a transposed convolution.
            transposed: whether the convolution is a transposed one.
            output_padding: of a transposed convolution, each 0..max(stride, dilation) - 1.
            rank: how many axes, 1 to 3; None: as many as there are sizes, 2 if each is a number.

        Raises:
            GeometryError: a size that is no integer or below 1, sizes for different numbers of
                axes, or a filter that does not fit the padded input.
        """
        if rank is None:
            rank = _rank(input, filter, stride, dilation, input_dilation, output_padding, padding)
        if rank < 1:
            raise GeometryError("no sizes are given; there must be one for each axis")
        sizes = zip(
            _each("input", input, rank),
            _each("filter", filter, rank),
            _each("stride", stride, rank),
            _each("dilation", dilation, rank),
            _each("input dilation", input_dilation, rank),
            _each("output padding", output_padding, rank),
            strict=True,
        )
        if transposed and isinstance(padding, str):
            raise GeometryError(
                f"padding is {padding!r}; a transposed convolution needs its padding in numbers"
            )
        axes = []
        for k, (H, R, u, d, spread, more) in enumerate(sizes):
            try:
                amounts = _axis_padding(padding, k, rank, (spread * (H - 1) + 1, R, u, d))
                axes.append(Axis(H, R, u, amounts, d, spread, transposed, more))
            except GeometryError as error:
                raise GeometryError(f"{axis_name(k, rank)}: {error}") from None
        return cls(tuple(axes))

    def __repr__(self) -> str:
        """Return the call of `of` that makes this, without what it does not need to say."""
        rank = len(self.axes)
        given = [repr(_shortest(sizes, rank)) for sizes in (self.input, self.filter)]
        for name in ("stride", "padding", "dilation", "input_dilation", "output_padding"):
            said = _shortest(tuple(getattr(axis, name) for axis in self.axes), rank)
            usual = 0 if "padding" in name else 1
            if said not in (usual, (usual,) * rank, ((0, 0),) * rank):
                given.append(f"{name}={said!r}")
        if self.transposed:
            given.append("transposed=True")
        return f"Geometry.of({', '.join(given)})"

    @property
    def input(self) -> tuple[int, ...]:
        """(H, W), the extents of X."""
        return tuple(axis.input for axis in self.axes)

    @property
    def filter(self) -> tuple[int, ...]:
        """(R, S), the extents of F."""
        return tuple(axis.filter for axis in self.axes)

    @property
    def stride(self) -> tuple[int, ...]:
        """(u, v), the strides."""
        return tuple(axis.stride for axis in self.axes)

    @property
    def padding(self) -> tuple[tuple[int, int], ...]:
        """((top, bottom), (left, right)); negative numbers crop."""
        return tuple(axis.padding for axis in self.axes)

    @property
    def dilation(self) -> tuple[int, ...]:
        """(d, e), the filter's dilations."""
        return tuple(axis.dilation for axis in self.axes)

    @property
    def input_dilation(self) -> tuple[int, ...]:
        """The input's dilations; 1 on every axis for the lecture's convolution."""
        return tuple(axis.input_dilation for axis in self.axes)

    @property
    def transposed(self) -> bool:
        """Whether the convolution is a transposed one."""
        return any(axis.transposed for axis in self.axes)

    @property
    def output_padding(self) -> tuple[int, ...]:
        """The output paddings; 0 on every axis but for a transposed convolution."""
        return tuple(axis.output_padding for axis in self.axes)

    @property
    def output(self) -> tuple[int, ...]:
        """(P, Q), the extents of Y."""
        return tuple(axis.output for axis in self.axes)

    @property
    def remainder(self) -> tuple[int, ...]:
        """The rows and columns at the end of the padded input that no window reaches."""
        return tuple(axis.remainder for axis in self.axes)


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolution of a batch of images with channels: a `Geometry`, and who is summed.

    An output channel sums over the input channels of its group; groups are independent.

    Attributes:
        geometry: the spatial axes.
        batch: N, how many images.
        channels: C, the channels of the input, in all groups together.
        filters: K, the channels of the output, in all groups together.
        groups: G, how many groups; it divides channels and filters.
        bias: whether each output channel has a number added.

    Raises:
        GeometryError: a size below 1, or groups that do not divide channels and filters.

    >>> layer = Layer(Geometry.of(5, 3, 2), batch=2, channels=6, filters=4, groups=2)
    >>> layer.input, layer.filter, layer.output
    ((2, 6, 5, 5), (4, 3, 3, 3), (2, 4, 2, 2))
    """

    geometry: Geometry
    batch: int = 1
    channels: int = 1
    filters: int = 1
    groups: int = 1
    bias: bool = False

    def __post_init__(self) -> None:
        for name in ("batch", "channels", "filters", "groups"):
            size = getattr(self, name)
            if size < 1:
                raise GeometryError(f"{name} is {size}; it must be at least 1")
        for name in ("channels", "filters"):
            size = getattr(self, name)
            if size % self.groups:
                near = max(size // self.groups, 1) * self.groups
                raise GeometryError(
                    f"groups is {self.groups}, which does not divide {size} {name}; "
                    f"use {near} or {near + self.groups} {name}, or other groups"
                )

    @property
    def group_channels(self) -> int:
        """C/G, the input channels that one output channel sums over."""
        return self.channels // self.groups

    @property
    def group_filters(self) -> int:
        """K/G, the output channels that one input channel contributes to."""
        return self.filters // self.groups

    @property
    def depthwise(self) -> bool:
        """Whether each channel has filters of its own: no sum over channels."""
        return self.groups == self.channels > 1

    @property
    def input(self) -> tuple[int, ...]:
        """(N, C, H, W), the extents of X."""
        return (self.batch, self.channels, *self.geometry.input)

    @property
    def filter(self) -> tuple[int, ...]:
        """(K, C/G, R, S), the extents of F; of a transposed convolution (C, K/G, R, S)."""
        if self.geometry.transposed:
            return (self.channels, self.group_filters, *self.geometry.filter)
        return (self.filters, self.group_channels, *self.geometry.filter)

    @property
    def output(self) -> tuple[int, ...]:
        """(N, K, P, Q), the extents of Y."""
        return (self.batch, self.filters, *self.geometry.output)


def spatial(sizes: Geometry | Layer) -> Geometry:
    """Return the spatial axes of sizes: a geometry itself, or that of a layer."""
    return sizes.geometry if isinstance(sizes, Layer) else sizes


_AXIS_NAMES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def axis_name(k: int, rank: int) -> str:
    """Return what axis ``k`` of ``rank`` is called: height, width; depth, height, width; length."""
    return _AXIS_NAMES[rank][k] if rank in _AXIS_NAMES else f"axis {k}"


def _span(axis: Axis) -> str:
    if axis.dilation == 1:
        return str(axis.extent)
    return f"{axis.extent} (filter {axis.filter}, dilation {axis.dilation})"


def _rank(*sizes: object) -> int:
    for size in sizes:
        if isinstance(size, Sequence) and not isinstance(size, str):
            return len(size)
    return 2


def _integer(name: str, value: SupportsIndex) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise GeometryError(f"{name} is {value!r}; it must be an integer") from None


def _shortest(sizes: tuple[object, ...], rank: int) -> object:
    """Return the one value that serves both axes where it may stand for them, else all."""
    same = rank == 2 and len({*sizes}) == 1
    match sizes[0]:
        case (before, after) if same and before == after:
            return before
        case int() as size if same:
            return size
    return sizes


def _each(name: str, sizes: Sizes, rank: int) -> tuple[int, ...]:
    if isinstance(sizes, str) or not isinstance(sizes, Sequence):
        return (_integer(name, sizes),) * rank
    if len(sizes) != rank:
        raise GeometryError(
            f"{name} has {how_many(len(sizes), 'size')} for {how_many(rank, 'axis')}"
        )
    return tuple(_integer(name, size) for size in sizes)


def _axis_padding(
    padding: Padding, k: int, rank: int, sizes: tuple[int, int, int, int]
) -> tuple[int, int]:
    if isinstance(padding, str):
        return _named_padding(padding, *sizes)
    if not isinstance(padding, Sequence):
        return (_integer("padding", padding),) * 2
    if len(padding) != rank:
        raise GeometryError(
            f"padding has {how_many(len(padding), 'entry')} for {how_many(rank, 'axis')}"
        )
    entry = padding[k]
    if not isinstance(entry, Sequence):
        return (_integer("padding", entry),) * 2
    if isinstance(entry, str) or len(entry) != 2:
        raise GeometryError(f"padding {entry!r} is not a (before, after) pair")
    return _integer("padding", entry[0]), _integer("padding", entry[1])


def _named_padding(name: str, H: int, R: int, u: int, d: int) -> tuple[int, int]:
    extent = d * (R - 1) + 1
    match name:
        case "valid":
            return 0, 0
        case "full":
            return extent - 1, extent - 1
        case "same":
            # tf.nn.conv2d: ceil(H/u) windows, and the odd zero comes after the input.
            total = max((-(-H // max(u, 1)) - 1) * u + extent - H, 0)
            return total // 2, total - total // 2
        case _:
            raise GeometryError(f"padding is {name!r}; it must be valid, same, full or numbers")

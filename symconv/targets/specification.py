"""What is to be exported: the sizes that are put in, or none of them, and where channels stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from symconv.formula.words import Role, letters
from symconv.geometry import Geometry


class ChannelLayout(Enum):
    """Where the channels of an image stand: before the spatial axes, or behind them."""

    NCHW = "NCHW"
    NHWC = "NHWC"


@dataclass(frozen=True, slots=True)
class FixedSizes:
    """The sizes of one layer; its batch and its channels are those of the arrays.

    Attributes:
        geometry: the spatial axes.
        groups: G.
    """

    geometry: Geometry
    groups: int = 1


@dataclass(frozen=True, slots=True)
class AnySizes:
    """Every size, from the arrays and the arguments.

    Attributes:
        rank: how many spatial axes.
        transposed: whether the convolution is a transposed one.
    """

    rank: int = 2
    transposed: bool = False


@dataclass(frozen=True, slots=True)
class Specification:
    """What is to be exported, for whatever target.

    Attributes:
        sizes: those that are put in, or any.
        layout: that of images and filters.
    """

    sizes: FixedSizes | AnySizes
    layout: ChannelLayout = ChannelLayout.NCHW

    @property
    def rank(self) -> int:
        """How many spatial axes there are."""
        sizes = self.sizes
        return sizes.rank if isinstance(sizes, AnySizes) else len(sizes.geometry.axes)

    @property
    def transposed(self) -> bool:
        """Whether the convolution is a transposed one."""
        sizes = self.sizes
        return sizes.transposed if isinstance(sizes, AnySizes) else sizes.geometry.transposed

    @property
    def channels_last(self) -> bool:
        """Whether channels stand behind the spatial axes."""
        return self.layout is ChannelLayout.NHWC

    @property
    def image_axes(self) -> str:
        """The axes of an image, such as NCHW; one axis has W, three have D, H and W."""
        space = "DHW"[-self.rank :]
        return f"N{space}C" if self.channels_last else f"NC{space}"

    @property
    def filter_axes(self) -> str:
        """The axes of a filter that gathers, such as OIHW: its outputs O sum over its inputs I.

        A transposed convolution gathers in its input gradient, so that O are its input channels.
        """
        space = "DHW"[-self.rank :]
        if not self.channels_last:
            return f"OI{space}"
        return f"{space}OI" if self.transposed else f"{space}IO"

    def shape(self, tensor: str) -> str:
        """Return the shape of x, y, f or b, in letters and in the numbers that are fixed.

        >>> Specification(AnySizes(2)).shape("f")
        '(K, C/G, R, S)'
        """
        sizes = self.sizes
        role = {"x": Role.INPUT, "y": Role.OUTPUT, "f": Role.FILTER}
        if tensor == "b":
            return "(K,)"
        if isinstance(sizes, AnySizes):
            space, groups = letters(role[tensor], rank=self.rank), "/G"
        else:
            geometry = sizes.geometry
            extents = {"x": geometry.input, "y": geometry.output, "f": geometry.filter}
            space = tuple(map(str, extents[tensor]))
            groups = f"/{sizes.groups}" if sizes.groups > 1 else ""
        if tensor == "f":
            first, second = ("C", f"K{groups}") if self.transposed else ("K", f"C{groups}")
            if self.channels_last:
                behind = (first, second) if self.transposed else (second, first)
                return f"({', '.join((*space, *behind))})"
            return f"({', '.join((first, second, *space))})"
        channels = "C" if tensor == "x" else "K"
        axes = (*space, channels) if self.channels_last else (channels, *space)
        return f"({', '.join(('N', *axes))})"

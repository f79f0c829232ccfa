"""What an implementation lets one say of sizes: which arguments it has, and in what form."""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass
from typing import Any


class Form(enum.Enum):
    """How a size is said to an implementation."""

    FIXED = "fixed"  # not at all: it is a constant of the code
    ONE = "one"  # one number for all axes
    EACH = "each"  # a tuple, one number for each axis
    PAIRS = "pairs"  # (before, after) for each axis
    FLAT = "flat"  # (top, bottom, left, right)
    NAME = "name"  # a word: same, valid


@dataclass(frozen=True, slots=True)
class Interface:
    """What can be asked of an implementation.

    Attributes:
        rank: how many spatial axes.
        batch: whether it takes several images.
        channels: whether its input has channels.
        filters: whether it has several filters.
        bias: whether it takes a bias.
        groups: whether it has an argument for groups.
        stride: how strides are said.
        padding: how padding is said in numbers, or `Form.FIXED`.
        dilation: how dilations are said.
        input_dilation: how the dilation of the input is said.
        output_padding: how the output padding of a transposed convolution is said.
        kernel: `Form.ONE` where the filter's size is one number.
        names: words that it takes as padding.
        fixed_stride: the stride where it is a constant.
        fixed_padding: the padding where it is a constant.
        fixed_name: ``same`` where the code pads so by itself.
        transposed: whether its forward pass is a transposed convolution.
    """

    rank: int
    batch: bool = True
    channels: bool = True
    filters: bool = True
    bias: bool = True
    groups: bool = False
    stride: Form = Form.FIXED
    padding: Form = Form.FIXED
    dilation: Form = Form.FIXED
    input_dilation: Form = Form.FIXED
    output_padding: Form = Form.FIXED
    kernel: Form = Form.EACH
    names: tuple[str, ...] = ()
    fixed_stride: int = 1
    fixed_padding: int = 0
    fixed_name: str | None = None
    transposed: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return the interface as JSON data."""
        return {k: v.value if isinstance(v, Form) else v for k, v in asdict(self).items()}


def interface(data: dict[str, Any]) -> Interface:
    """Return the interface that `Interface.as_data` made data of."""
    forms = ("stride", "padding", "dilation", "input_dilation", "output_padding", "kernel")
    read: dict[str, Any] = {k: Form(v) if k in forms else v for k, v in data.items()}
    return Interface(**{**read, "names": tuple(read["names"])})

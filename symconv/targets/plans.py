"""The layers at which an exported module is compared with the term tables.

A module for fixed sizes has one; a module for any size has some in which everything occurs that
goes wrong: remainders, steps longer than the filter, crops, also larger than what is cropped, one
element, padding beyond the filter, dilations, groups and depthwise layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symconv.errors import listed
from symconv.geometry import Axis, Geometry, Layer
from symconv.targets.specification import AnySizes, Specification

_AXES = (
    Axis(6, 3, 2),
    Axis(5, 3, 2, (1, 1)),
    Axis(8, 2, 4, (1, 0)),
    Axis(5, 1, 3),
    Axis(1, 1, 3, (2, 0)),
    Axis(5, 2, 1, (-1, -2)),
    Axis(4, 2, 2, (2, 1), 2),
    Axis(3, 2, 2, (1, 1), 1, 3),
    Axis(4, 2, 1, (3, 2)),
    Axis(3, 3, 3, (0, 2), 2, 2),
    Axis(1, 1),
)

_TRANSPOSED = (
    Axis(3, 3, 2, (1, 1), 1, 1, True, 1),
    Axis(2, 2, 3, (0, 0), 1, 1, True, 2),
    Axis(4, 1, 2, (1, 2), 1, 1, True),
    Axis(2, 2, 1, (0, 0), 3, 1, True, 2),
    Axis(3, 2, 1, (-1, -2), 2, 1, True),
    Axis(1, 2, 4, (2, 0), 1, 1, True, 3),
    Axis(1, 1, 1, (0, 0), 1, 1, True),
    Axis(3, 3, 3, (2, 5), 2, 1, True, 1),
)

_COUNTS = ((2, 3, 2, 1), (1, 4, 2, 2), (2, 3, 3, 3), (1, 1, 1, 1), (2, 2, 4, 2))
"""Images, channels, filters and groups; one of them depthwise."""

MOST = 3
"""Channels and filters in each group that are compared at most, of a module for fixed sizes."""


def planned(specification: Specification, given: Layer | None = None) -> list[Layer]:
    """Return the layers to compare at.

    Args:
        specification: what is exported.
        given: the layer of a module for fixed sizes; its channels count where they are few.
    """
    sizes = specification.sizes
    if isinstance(sizes, AnySizes):
        axes = _TRANSPOSED if sizes.transposed else _AXES
        return [
            Layer(
                Geometry(tuple(axes[(k + 3 * j) % len(axes)] for j in range(sizes.rank))),
                *_COUNTS[k % len(_COUNTS)],
            )
            for k in range(len(axes))
        ]
    groups = sizes.groups
    batch, channels, filters = (2, 2, 3) if groups <= MOST else (1, 1, 2)
    if given is not None:
        batch = min(given.batch, batch)
        channels, filters = (min(n, MOST) for n in (given.group_channels, given.group_filters))
    return [Layer(sizes.geometry, batch, groups * channels, groups * filters, groups)]


def told(layers: Sequence[Layer]) -> str:
    """Return in words what occurs in these layers."""
    return listed(list(_told(layers)))


def _told(layers: Sequence[Layer]) -> Iterator[str]:
    axes = [axis for layer in layers for axis in layer.geometry.axes]
    span = {
        "remainder": [axis.remainder for axis in axes],
        "stride": [axis.stride for axis in axes],
        "dilation": [axis.dilation for axis in axes],
        "input dilation": [axis.input_dilation for axis in axes],
        "output padding": [axis.output_padding for axis in axes],
        "padding": [amount for axis in axes for amount in axis.padding],
        "groups": [layer.groups for layer in layers],
    }
    for name, values in span.items():
        usual = 0 if name in ("remainder", "padding", "output padding") else 1
        if {*values} != {usual}:
            least, most = min(values), max(values)
            yield f"{name} {least}" if least == most else f"{name} {least} to {most}"
    if any(layer.depthwise for layer in layers):
        yield "depthwise"
    least, most = (f([axis.input for axis in axes]) for f in (min, max))
    yield f"input {least} to {most}" if least < most else f"input {least}"

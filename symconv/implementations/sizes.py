"""The sizes at which an implementation is run, in the letters that verdicts are written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symconv.formula.words import PADDING, RANKS, Role, letters
from symconv.geometry import Axis, Geometry, Layer

SPATIAL = {rank: letters(Role.INPUT, rank=rank) for rank in RANKS}
TAPS = {rank: letters(Role.FILTER, rank=rank) for rank in RANKS}
WINDOWS = {rank: letters(Role.OUTPUT, rank=rank) for rank in RANKS}
STRIDES = {rank: letters(Role.STRIDE, rank=rank) for rank in RANKS}
DILATIONS = {rank: letters(Role.DILATION, rank=rank) for rank in RANKS}
PADDINGS = {
    rank: tuple(zip(*(letters(role, rank=rank) for role in PADDING), strict=True)) for rank in RANKS
}


@dataclass(frozen=True)
class TrialSizes:
    """One choice of sizes.

    Attributes:
        layer: the sizes, with the padding in numbers.
        named: ``valid``, ``same`` or ``full`` where an implementation is told its padding so.
    """

    layer: Layer
    named: str | None = None

    @property
    def geometry(self) -> Geometry:
        """The spatial axes."""
        return self.layer.geometry

    @property
    def rank(self) -> int:
        """How many spatial axes there are."""
        return len(self.geometry.axes)

    @cached_property
    def cost(self) -> int:
        """How many products the forward pass adds up, about."""
        products = self.layer.batch * self.layer.filters * self.layer.group_channels
        for axis in self.geometry.axes:
            products *= axis.output * axis.filter
        return products

    @cached_property
    def _hash(self) -> int:
        return hash((self.layer, self.named))

    def __hash__(self) -> int:
        """Return the hash, which is asked for often, as it was first."""
        return self._hash

    @cached_property
    def letters(self) -> Mapping[str, int]:
        """Every size by its letter, and by its word where one number says it."""
        layer, rank = self.layer, self.rank
        found = {"N": layer.batch, "C": layer.channels, "K": layer.filters, "G": layer.groups}
        for k, axis in enumerate(layer.geometry.axes):
            found[SPATIAL[rank][k]] = axis.input
            found[TAPS[rank][k]] = axis.filter
            found[WINDOWS[rank][k]] = axis.output
            found[STRIDES[rank][k]] = axis.stride
            found[DILATIONS[rank][k]] = axis.dilation
            for name, amount in zip(PADDINGS[rank][k], axis.padding, strict=True):
                found[name] = amount
        first = layer.geometry.axes[0]
        found |= {"stride": first.stride, "pad": first.padding[0], "dilation": first.dilation}
        found["output_padding"] = max(layer.geometry.output_padding)
        return found

    def as_data(self) -> dict[str, object]:
        """Return the sizes as JSON data."""
        layer, geometry = self.layer, self.geometry
        return {
            "batch": layer.batch,
            "channels": layer.channels,
            "filters": layer.filters,
            "groups": layer.groups,
            "input": list(geometry.input),
            "filter": list(geometry.filter),
            "stride": list(geometry.stride),
            "padding": self.named or [list(pair) for pair in geometry.padding],
            "dilation": list(geometry.dilation),
            "output": list(geometry.output),
        } | self._unusual()

    def _unusual(self) -> dict[str, object]:
        """Return what few layers have."""
        geometry = self.geometry
        found: dict[str, object] = {}
        if any(step > 1 for step in geometry.input_dilation):
            found["input_dilation"] = list(geometry.input_dilation)
        if geometry.transposed:
            found |= {"transposed": True, "output_padding": list(geometry.output_padding)}
        return found

    def __str__(self) -> str:
        """Return the sizes in one line, without what is 1 or 0."""
        layer, geometry = self.layer, self.geometry
        parts = [f"x {_by(layer.input)}", f"w {_by(layer.filter)}"]
        for word, sizes, usual in (
            ("stride", geometry.stride, 1),
            ("dilation", geometry.dilation, 1),
            ("groups", (layer.groups,), 1),
            ("output padding", geometry.output_padding, 0),
        ):
            if {*sizes} != {usual}:
                parts.append(f"{word} {_by(sizes) if len({*sizes}) > 1 else sizes[0]}")
        if self.named:
            parts.append(f"pad {self.named}")
        elif any(map(any, geometry.padding)):
            flat = [n for pair in geometry.padding for n in pair]
            parts.append(f"pad {flat[0] if len({*flat}) == 1 else ','.join(map(str, flat))}")
        return ", ".join(parts)


def _by(sizes: tuple[int, ...]) -> str:
    return "x".join(map(str, sizes))


def packed(sizes: TrialSizes) -> dict[str, Any]:
    """Return sizes as JSON data from which `unpacked` makes them again."""
    layer = sizes.layer
    axes = [[getattr(axis, name) for name in _FIELDS] for axis in layer.geometry.axes]
    return {
        "axes": axes,
        "layer": [layer.batch, layer.channels, layer.filters, layer.groups, layer.bias],
        "named": sizes.named,
    }


def unpacked(data: Mapping[str, Any]) -> TrialSizes:
    """Return the sizes that `packed` made data of.

    Raises:
        GeometryError: a size below 1, or a filter that does not fit.
    """
    axes = []
    for row in data["axes"]:
        fields = dict(zip(_FIELDS, row, strict=True))
        axes.append(Axis(**{**fields, "padding": tuple(fields["padding"])}))
    return TrialSizes(Layer(Geometry(tuple(axes)), *data["layer"]), data["named"])


_FIELDS = (
    "input",
    "filter",
    "stride",
    "padding",
    "dilation",
    "input_dilation",
    "transposed",
    "output_padding",
)

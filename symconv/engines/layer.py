"""The engine of a whole layer: a batch of images with channels, groups and a bias.

Images, channels and each spatial axis go by themselves, so that a tensor of a layer is a product of
their tables; see `symconv.tensors.factored`.  The derivative road takes them from the relation J,
the closed-form road from the formulas of `symconv.formula.layer_forms`.
"""

from __future__ import annotations

import functools

from symconv.engines.contributions import bias_gradient, contributions
from symconv.engines.engine import leaf_shapes, read_by_axes
from symconv.formula.layer_forms import LayerForm, LayerTensor
from symconv.geometry import Layer
from symconv.readings import terms
from symconv.tensors import factored
from symconv.tensors.factored import FactoredTable
from symconv.tensors.table import SortedTable


class LayerEngine:
    """The tables of a whole layer: images, channels, and one block for each spatial axis.

    Indices are flat, as frameworks have them: x[n,c,h,w], f[k,c,r,s], y[n,k,p,q], b[k].
    """

    name = "term tables"

    def __init__(self, layer: Layer) -> None:
        self.layer = layer

    @functools.cached_property
    def _defined(self) -> dict[LayerTensor, FactoredTable]:
        """Y without its bias, dX, dF and dB, from the one relation."""

        found = contributions(self.layer)
        return {
            "Y": found.forward(),
            "dX": found.input_gradient(),
            "dF": found.filter_gradient(),
            "dB": bias_gradient(self.layer),
        }

    def tensor(self, side: LayerTensor | LayerForm) -> FactoredTable:
        """Return the tensor's terms, by its name or as a closed form gives them."""
        if isinstance(side, str):
            return self._defined[side]
        spatial = read_by_axes(side.space, leaf_shapes(self.layer.geometry))
        assert isinstance(spatial, FactoredTable)  # every operator acts on each axis by itself
        images, channels = (
            terms.read(form, self._shapes(block)).sorted()
            for block, form in ((0, side.images), (1, side.channels))
        )
        space = spatial.blocks
        if side.tensor == "dB":  # one element in space: no index
            space = tuple(SortedTable((), axis.factors, axis.rows) for axis in space)
        return FactoredTable((images, channels, *space))

    def first_difference(self, left: FactoredTable, right: FactoredTable) -> tuple[int, ...] | None:
        """Return the first flat index at which the terms differ, or None."""
        return factored.first_difference(left, right)

    def _shapes(self, block: int) -> dict[str, tuple[int, ...]]:
        """Return the leaves' shapes in the block of images, 0, or of channels, 1."""
        layer = self.layer
        if block == 0:
            return {"X": layer.input[:1], "F": (), "dY": layer.output[:1]}
        return {"X": layer.input[1:2], "F": layer.filter[:2], "dY": layer.output[1:2]}

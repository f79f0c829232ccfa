"""The one relation J between the elements of input, filter and output of a convolution.

    J = {(m, r, p) : m = p*u + r*d - lo, 0 <= m < H, 0 <= r < R, 0 <= p < P}

The forward pass sums over J at fixed p, the gradient with respect to the input at fixed m, the
one with respect to the filter at fixed r; differentiating y = sum x f by an x or an f leaves the
other factor, and the chain rule multiplies it by dL/dy.  Two axes are independent: their J is
the product of both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symconv.geometry import Axis, Geometry
from symconv.tensors.table import Column, LeafFactor, Table


@dataclass(frozen=True, eq=False, slots=True)
class Contributions:
    """J as columns of row-major numbers, one row for each product of the forward pass."""

    geometry: Geometry
    x: Column
    f: Column
    y: Column

    def __len__(self) -> int:
        return len(self.y)

    def forward(self) -> Table:
        """Return Y: y = sum x f, shape (P, Q)."""
        return self._table(self.geometry.output, self.y, X=self.x, F=self.f)

    def input_gradient(self) -> Table:
        """Return dX: dL/dx = sum dL/dy f, shape (H, W)."""
        return self._table(self.geometry.input, self.x, dY=self.y, F=self.f)

    def filter_gradient(self) -> Table:
        """Return dF: dL/df = sum dL/dy x, shape (R, S)."""
        return self._table(self.geometry.filter, self.f, dY=self.y, X=self.x)

    def _table(self, shape: tuple[int, ...], target: Column, **columns: Column) -> Table:
        g = self.geometry
        shapes = {"X": g.input, "F": g.filter, "dY": g.output}
        factors = tuple(LeafFactor(name, shapes[name]) for name in columns)
        return Table(shape, target, factors, tuple(columns.values()))


def contributions(geometry: Geometry) -> Contributions:
    """Return the relation J of ``geometry``."""
    x = f = y = np.zeros(1, dtype=np.int64)
    for axis in geometry.axes:
        m, r, p = _meet(axis)
        x = (x[:, None] * axis.input + m).ravel()
        f = (f[:, None] * axis.filter + r).ravel()
        y = (y[:, None] * axis.output + p).ravel()
    return Contributions(geometry, x, f, y)


def _meet(axis: Axis) -> tuple[Column, Column, Column]:
    """Return J on one axis: input m, filter element r and window p of every product."""
    p, r = np.divmod(np.arange(axis.output * axis.filter), axis.filter)
    m = p * axis.stride + r * axis.dilation - axis.padding[0]
    inside = (m >= 0) & (m < axis.input)
    return m[inside], r[inside], p[inside]

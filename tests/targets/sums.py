"""The truth about a layer in plain sums: the relation tried at every triple of indices."""

from __future__ import annotations

import itertools

import numpy as np


def relation(axis):
    """Return J[m, r, p]: 1 where input m, filter element r and output p meet."""
    meets = np.zeros((axis.input, axis.filter, axis.output), int)
    before, _ = axis.padding
    for m, r, p in itertools.product(*map(range, meets.shape)):
        if axis.transposed:
            meets[m, r, p] = p == m * axis.stride + r * axis.dilation - before
        else:
            place = p * axis.stride + r * axis.dilation - before
            meets[m, r, p] = m * axis.input_dilation == place
    return meets


def tensors(layer, x, f, dy, b):
    """Return y with its bias, dX, dF and dB."""
    G, rank = layer.groups, len(layer.geometry.axes)
    X = x.reshape(layer.batch, G, layer.group_channels, *layer.geometry.input)
    dY = dy.reshape(layer.batch, G, layer.group_filters, *layer.geometry.output)
    F = f.reshape(G, -1, *f.shape[1:])
    m, r, p = "hwd"[:rank], "rst"[:rank], "pqz"[:rank]
    filters = f"gck{r}" if layer.geometry.transposed else f"gkc{r}"
    axes = [relation(axis) for axis in layer.geometry.axes]
    meet = ",".join(map("".join, zip(m, r, p, strict=True)))

    def total(one, other, of):
        (A, a), (B, b) = one, other
        return np.einsum(f"{a},{b},{meet}->{of}", A, B, *axes, optimize=True)

    images, outputs = (X, f"ngc{m}"), (dY, f"ngk{p}")
    y = total(images, (F, filters), f"ngk{p}").reshape(layer.output)
    return (
        y + b.reshape(-1, *(1,) * rank),
        total(outputs, (F, filters), f"ngc{m}").reshape(layer.input),
        total(outputs, images, filters).reshape(layer.filter),
        dy.sum(axis=(0, *range(2, 2 + rank))),
    )

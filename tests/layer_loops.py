"""A layer and its gradients as plain loops over images, groups, channels and windows.

Sizes come as anything with batch, channels, filters, groups and geometry.  Nothing is taken from
symconv: the spatial part is `loops`, a transposed one is the loop below.
"""

from __future__ import annotations

import itertools
from collections import Counter

import loops


def scattered(geometry):
    """Yield (output, pixel, tap) of a transposed convolution: y[m*u + r*d - lo] += x[m] f[r]."""
    along = []
    for H, R, u, (before, after), d, more in zip(
        geometry.input,
        geometry.filter,
        geometry.stride,
        geometry.padding,
        geometry.dilation,
        geometry.output_padding,
        strict=True,
    ):
        length = (H - 1) * u + (R - 1) * d + 1 - before - after + more
        along.append(
            [
                (m * u + r * d - before, m, r)
                for m in range(H)
                for r in range(R)
                if 0 <= m * u + r * d - before < length
            ]
        )
    for triples in itertools.product(*along):
        yield tuple(zip(*triples, strict=True))


def products(layer):
    """Yield the whole indices (y, x, f) of each product of the forward pass."""
    geometry = layer.geometry
    spatial = list(scattered(geometry) if geometry.transposed else loops.products(geometry))
    C, K = layer.channels // layer.groups, layer.filters // layer.groups
    for n, g, c, k in itertools.product(
        range(layer.batch), range(layer.groups), range(C), range(K)
    ):
        for out, pixel, tap in spatial:
            f = (g * C + c, k, *tap) if geometry.transposed else (g * K + k, c, *tap)
            yield (n, g * K + k, *out), (n, g * C + c, *pixel), f


def terms(layer):
    """Return the counted (target, factors) of Y without bias, dX, dF and dB."""
    found = {"Y": Counter(), "dX": Counter(), "dF": Counter(), "dB": Counter()}
    for y, x, f in products(layer):
        found["Y"][y, (("X", x), ("F", f))] += 1
        found["dX"][x, (("dY", y), ("F", f))] += 1
        found["dF"][f, (("dY", y), ("X", x))] += 1
    for y in itertools.product(*map(range, layer.output)):
        found["dB"][(y[1],), (("dY", y),)] += 1
    return found

"""A convolution and its gradients as plain loops, from the definition and from nothing else.

    y[p,q] = sum over r, s of x[p*u + r*d - top, q*v + s*e - left] * f[r,s]

where x is 0 outside the input.  Sizes come as anything with the attributes input, filter, stride,
padding and dilation; no output size is computed: a window is slid until it falls off the end.
Elements are written as (tensor, index), products as tuples of those.
"""

from __future__ import annotations

import math
import random
from collections import Counter


def windows(length, taps, step, spread, before, after):
    """Return where each window begins in the padded axis."""
    begins, begin = [], 0
    while begin + (taps - 1) * spread < length + before + after:
        begins.append(begin)
        begin += step
    return begins


def products(sizes):
    """Yield (output, pixel, tap) for each product that the forward pass adds up."""
    H, W = sizes.input
    R, S = sizes.filter
    d, e = sizes.dilation
    (top, bottom), (left, right) = sizes.padding
    for p, row in enumerate(windows(H, R, sizes.stride[0], d, top, bottom)):
        for q, column in enumerate(windows(W, S, sizes.stride[1], e, left, right)):
            for r in range(R):
                for s in range(S):
                    m, n = row + r * d - top, column + s * e - left
                    if 0 <= m < H and 0 <= n < W:
                        yield (p, q), (m, n), (r, s)


def output_shape(sizes):
    """Return (P, Q) by counting windows."""
    return tuple(
        len(windows(length, taps, step, spread, before, after))
        for length, taps, step, spread, (before, after) in zip(
            sizes.input, sizes.filter, sizes.stride, sizes.dilation, sizes.padding, strict=True
        )
    )


def terms(sizes):
    """Return the counted (target, factors) of Y, dX and dF, factors in the lecturer's order."""
    found = {"Y": Counter(), "dX": Counter(), "dF": Counter()}
    for out, pixel, tap in products(sizes):
        found["Y"][out, (("X", pixel), ("F", tap))] += 1
        found["dX"][pixel, (("dY", out), ("F", tap))] += 1
        found["dF"][tap, (("dY", out), ("X", pixel))] += 1
    return found


def forward(sizes, x, f):
    """Return y as a dict by index, for x and f as dicts by index."""
    P, Q = output_shape(sizes)
    y = {(p, q): 0 for p in range(P) for q in range(Q)}
    for out, pixel, tap in products(sizes):
        y[out] += x[pixel] * f[tap]
    return y


def input_gradient(sizes, dy, f):
    """Return dL/dx by index, for dL/dy and f."""
    H, W = sizes.input
    dx = {(m, n): 0 for m in range(H) for n in range(W)}
    for out, pixel, tap in products(sizes):
        dx[pixel] += dy[out] * f[tap]
    return dx


def filter_gradient(sizes, dy, x):
    """Return dL/df by index, for dL/dy and x."""
    R, S = sizes.filter
    df = {(r, s): 0 for r in range(R) for s in range(S)}
    for out, pixel, tap in products(sizes):
        df[tap] += dy[out] * x[pixel]
    return df


def indices(shape):
    """Return all indices of a shape of two axes, row by row."""
    return [(i, j) for i in range(shape[0]) for j in range(shape[1])]


def integers(sizes, seed=0):
    """Return X, F and dY filled with integers so large that no two sums are equal by chance."""
    draw = random.Random(seed)
    shapes = {"X": sizes.input, "F": sizes.filter, "dY": output_shape(sizes)}
    return {
        name: {index: draw.randrange(-(10**9), 10**9) for index in indices(shape)}
        for name, shape in shapes.items()
    }


def value(products, arrays):
    """Return what a sum of products is where the tensors have these elements."""
    return sum(math.prod(arrays[name][index] for name, index in term) for term in products)

"""A convolution and its gradients as plain loops, from the definition and from nothing else.

    y[p,q] = sum over r, s of x[p*u + r*d - top, q*v + s*e - left] * f[r,s]

where x is 0 outside the input, on as many axes as there are; with an input dilation l the input
stands at every l-th place of a longer axis of zeros.  Sizes come as anything with the attributes
input, filter, stride, padding, dilation and input_dilation; no output size is computed: a window
is slid until it falls off the end.  Elements are written as (tensor, index), products as tuples of
those.
"""

from __future__ import annotations

import itertools
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


def axes(sizes):
    """Return (input, filter, stride, padding, dilation, input dilation) of each axis."""
    return list(
        zip(
            sizes.input,
            sizes.filter,
            sizes.stride,
            sizes.padding,
            sizes.dilation,
            sizes.input_dilation,
            strict=True,
        )
    )


def places(axis):
    """Return (output, pixel, tap) for each product on one axis."""
    H, R, u, (before, after), d, spread = axis
    standing = {m * spread: m for m in range(H)}  # where each pixel stands
    length = max(standing) + 1
    return [
        (p, standing[begin + r * d - before], r)
        for p, begin in enumerate(windows(length, R, u, d, before, after))
        for r in range(R)
        if begin + r * d - before in standing
    ]


def products(sizes):
    """Yield (output, pixel, tap) for each product that the forward pass adds up."""
    for along in itertools.product(*map(places, axes(sizes))):
        yield tuple(zip(*along, strict=True))


def output_shape(sizes):
    """Return (P, Q) by counting windows."""
    return tuple(
        len(windows((H - 1) * spread + 1, R, u, d, before, after))
        for H, R, u, (before, after), d, spread in axes(sizes)
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
    y = dict.fromkeys(indices(output_shape(sizes)), 0)
    for out, pixel, tap in products(sizes):
        y[out] += x[pixel] * f[tap]
    return y


def input_gradient(sizes, dy, f):
    """Return dL/dx by index, for dL/dy and f."""
    dx = dict.fromkeys(indices(sizes.input), 0)
    for out, pixel, tap in products(sizes):
        dx[pixel] += dy[out] * f[tap]
    return dx


def filter_gradient(sizes, dy, x):
    """Return dL/df by index, for dL/dy and x."""
    df = dict.fromkeys(indices(sizes.filter), 0)
    for out, pixel, tap in products(sizes):
        df[tap] += dy[out] * x[pixel]
    return df


def indices(shape):
    """Return all indices of a shape, row by row."""
    return list(itertools.product(*map(range, shape)))


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

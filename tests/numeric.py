"""Formulas evaluated on integer arrays, each operator by its definition: a third opinion.

`evaluate` returns None where a formula has no meaning: an extent below 1, a filter that does not
fit.  Arrays are dicts by index, with their shape beside them.
"""

from __future__ import annotations

from loops import indices

from symconv.formula.nodes import Correlate, Dilate, Leaf, Ones, Pad, Rotate, Subsample


def evaluate(node, arrays, shapes):
    """Return (values by index, shape) of ``node``, or None."""
    if isinstance(node, Leaf):
        return arrays[node.name], tuple(shapes[node.name])
    if isinstance(node, Ones):
        return dict.fromkeys(indices(node.shape), 1), tuple(node.shape)
    below = evaluate(node.of, arrays, shapes)
    if below is None:
        return None
    of, (H, W) = below
    match node:
        case Pad(amounts=((top, bottom), (left, right))):
            shape = H + top + bottom, W + left + right
            return _made(shape, lambda i, j: of.get((i - top, j - left), 0))
        case Dilate(steps=(u, v)):
            shape = (H - 1) * u + 1, (W - 1) * v + 1
            return _made(shape, lambda i, j: 0 if i % u or j % v else of[i // u, j // v])
        case Rotate():
            return _made((H, W), lambda i, j: of[H - 1 - i, W - 1 - j])
        case Subsample(steps=(u, v)):
            shape = len(range(0, H, u)), len(range(0, W, v))
            return _made(shape, lambda i, j: of[i * u, j * v])
        case Correlate(stride=(u, v), dilation=(d, e)):
            return _correlated(of, (H, W), evaluate(node.by, arrays, shapes), (u, v), (d, e))
    raise TypeError(node)


def _correlated(of, shape, filtered, steps, spreads):
    if filtered is None:
        return None
    by, (R, S) = filtered
    (H, W), (u, v), (d, e) = shape, steps, spreads
    rows = range(0, H - (R - 1) * d, u)
    columns = range(0, W - (S - 1) * e, v)
    return _made(
        (len(rows), len(columns)),
        lambda p, q: sum(
            of[p * u + r * d, q * v + s * e] * by[r, s] for r in range(R) for s in range(S)
        ),
    )


def _made(shape, element):
    if min(shape) < 1:
        return None
    return {index: element(*index) for index in indices(shape)}, tuple(shape)

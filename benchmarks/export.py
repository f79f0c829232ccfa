"""How fast exported code is, and its export: ``python -m benchmarks.export``.

NumPy's code is compared with an im2col that is tuned by hand: windows copied to columns once,
matrix products for the forward pass and dF, and for dX one whose columns are added in place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from benchmarks.timing import best, compare
from symconv.geometry import Geometry, Layer
from symconv.targets.modules import export

Array = NDArray[Any]

LAYERS = {
    "3x3": Layer(Geometry.of(32, 3, 1, 1), 8, 16, 32),
    "3x3, stride 2": Layer(Geometry.of(32, 3, 2, 1), 8, 16, 32),
    "3x3, stride 2, wide": Layer(Geometry.of(16, 3, 2, 1), 8, 64, 64),
    "ResNet's first": Layer(Geometry.of(112, 7, 2, 3), 4, 3, 64),
    "1x1": Layer(Geometry.of(28, 1), 8, 64, 64),
    "4 groups": Layer(Geometry.of(32, 3, 2, 1), 8, 16, 32, 4),
    "depthwise": Layer(Geometry.of(32, 3, 1, 1), 8, 32, 32, 32),
}


def main() -> None:
    print("Start-up, median of alternating runs")
    command = ["-m", "symconv", "export", "--target", "numpy", "--stride", "2"]
    baseline = ["-m", "symconv", "derive", "--stride", "2", "-q"]
    seconds, ratio = compare(command, baseline)
    print(f"  export --target numpy: {seconds:.3f} s, {ratio:.2f} x derive -q (<= 1.3)")
    print("\nNumPy's code against im2col by hand (<= 3): forward, dX, dF, all three")
    for name, layer in LAYERS.items():
        print(f"  {name:20} {'  '.join(f'{ratio:5.2f}' for ratio in ratios(layer))}")


def ratios(layer: Layer) -> list[float]:
    names: dict[str, Any] = {}
    exec(export("numpy", layer), names)
    numbers = np.random.default_rng(0)
    x, f, dy = (numbers.standard_normal(s) for s in (layer.input, layer.filter, layer.output))
    own = (
        lambda: names["forward"](x, f),
        lambda: names["input_gradient"](dy, f),
        lambda: names["filter_gradient"](x, dy),
    )
    by_hand = (
        lambda: forward(x, f, layer),
        lambda: input_gradient(dy, f, layer),
        lambda: filter_gradient(x, dy, layer),
    )
    for ours, theirs in zip(own, by_hand, strict=True):
        assert np.allclose(ours(), theirs())
    times = [
        tuple(map(min, zip(*((best(ours, 1), best(theirs, 1)) for _ in range(15)), strict=True)))
        for ours, theirs in zip(own, by_hand, strict=True)
    ]
    whole = sum(ours for ours, _ in times) / sum(theirs for _, theirs in times)
    return [*(ours / theirs for ours, theirs in times), whole]


def columns(x: Array, layer: Layer) -> Array:
    """Return im2col: (N, G, C/G*R*S, P*Q), of padding that is the same everywhere."""
    (R, S), (u, v) = layer.geometry.filter, layer.geometry.stride
    around = layer.geometry.padding[0][0]
    x = np.pad(x, ((0, 0), (0, 0), (around, around), (around, around))) if around else x
    seen = sliding_window_view(x, (R, S), axis=(2, 3))[:, :, ::u, ::v].transpose(0, 1, 4, 5, 2, 3)
    return np.ascontiguousarray(seen).reshape(
        len(x), layer.groups, layer.group_channels * R * S, -1
    )


def forward(x: Array, f: Array, layer: Layer) -> Array:
    rows = f.reshape(layer.groups, layer.group_filters, -1)
    return np.matmul(rows, columns(x, layer)).reshape(layer.output)


def input_gradient(dy: Array, f: Array, layer: Layer) -> Array:
    (R, S), (u, v), (P, Q) = (layer.geometry.filter, layer.geometry.stride, layer.geometry.output)
    N, G = layer.batch, layer.groups
    around = layer.geometry.padding[0][0]
    H, W = (n + 2 * around for n in layer.geometry.input)
    rows = f.reshape(G, layer.group_filters, -1).swapaxes(1, 2)
    products = np.matmul(rows, dy.reshape(N, G, layer.group_filters, P * Q))
    products = products.reshape(N, layer.channels, R, S, P, Q)
    padded = np.zeros((N, layer.channels, H, W))
    for r in range(R):
        for s in range(S):
            padded[:, :, r : r + (P - 1) * u + 1 : u, s : s + (Q - 1) * v + 1 : v] += products[
                :, :, r, s
            ]
    return padded[:, :, around : H - around, around : W - around]


def filter_gradient(x: Array, dy: Array, layer: Layer) -> Array:
    N, G, k = layer.batch, layer.groups, layer.group_filters
    seen = columns(x, layer)
    if G == 1:  # images and windows are one axis of one product
        rows = dy.reshape(N, k, -1).swapaxes(0, 1).reshape(k, -1)
        return (rows @ seen[:, 0].transpose(0, 2, 1).reshape(rows.shape[1], -1)).reshape(
            layer.filter
        )
    product = np.matmul(dy.reshape(N, G, k, -1), seen.swapaxes(2, 3)).sum(axis=0)
    return product.reshape(layer.filter)


if __name__ == "__main__":
    main()

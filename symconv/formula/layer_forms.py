"""The formulas of a layer's images and channels: who is summed in Y, dX, dF and dB.

A name that a tensor lacks is summed: dX sums over the filters k of its group, dF over the images n,
dB over images and windows.  In flat channels, with c' = C/G and k' = K/G channels in a group:

    Y[n,k]  = sum over c < c'   X[n, k//k' * c' + c] * F[k, c]
    dX[n,c] = sum over k < k'   dY[n, c//c' * k' + k] * F[c//c' * k' + k, c % c']
    dF[k,c] = sum over n        dY[n, k] * X[n, k//k' * c' + c]
    dB[k]   = sum over n, p     dY[n, k, p]

Each * stands for the spatial formula (`symconv.formula.closed_forms`), which is the same for every
image and channel.  A transposed convolution has its filter as F[c, k % k'], (C, K/G).

Images, channels and space go by themselves, so that a layer's closed form is one formula for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate, IndexSum, Node, Ones, Range, Read
from symconv.formula.sizes import Name, Quotient, Remainder, Size, Sum, times
from symconv.geometry import Layer

LayerTensor = Literal["Y", "dX", "dF", "dB"]


@dataclass(frozen=True, slots=True)
class LayerForm:
    """A tensor of a layer, as a formula for its images, one for its channels, and one in space.

    Attributes:
        tensor: Y, dX, dF or dB.
        images: shape (N,), or () where the tensor has no images.
        channels: shape (K,), (C,) or the filter's two.
        space: shape as the spatial tensor; one element for dB.
    """

    tensor: LayerTensor
    images: Node
    channels: Node
    space: Node


X, F, dY = closed_forms.X, closed_forms.F, closed_forms.dY


def layer_form(layer: Layer, tensor: LayerTensor) -> LayerForm:
    """Return the closed form of a tensor of ``layer``."""
    spatial = {
        "Y": closed_forms.forward,
        "dX": closed_forms.input_gradient,
        "dF": closed_forms.filter_gradient,
    }
    space = _summed_gradient(layer) if tensor == "dB" else spatial[tensor](layer.geometry)
    return LayerForm(tensor, _images(layer, tensor), _channels(layer, tensor), space)


def _images(layer: Layer, tensor: LayerTensor) -> Node:
    n, every = Name("n"), (Range("n", 0, layer.batch),)
    match tensor:
        case "Y":
            return IndexSum((layer.batch,), ("n",), (), (Read(X, (n,)), Read(F, ())))
        case "dX":
            return IndexSum((layer.batch,), ("n",), (), (Read(dY, (n,)), Read(F, ())))
        case "dF":
            return IndexSum((), (), every, (Read(dY, (n,)), Read(X, (n,))))
        case "dB":
            return IndexSum((), (), every, (Read(dY, (n,)),))


def _channels(layer: Layer, tensor: LayerTensor) -> Node:
    c, k = Name("c"), Name("k")
    inputs, outputs = layer.group_channels, layer.group_filters
    match tensor:
        case "Y":
            x = Sum(times(Quotient(k, outputs), inputs), c)
            reads = Read(X, (x,)), Read(F, _filter_index(layer, x, k))
            return IndexSum((layer.filters,), ("k",), (Range("c", 0, inputs),), reads)
        case "dX":
            y = Sum(times(Quotient(c, inputs), outputs), k)
            reads = Read(dY, (y,)), Read(F, _filter_index(layer, c, y))
            return IndexSum((layer.channels,), ("c",), (Range("k", 0, outputs),), reads)
        case "dF" if layer.geometry.transposed:
            y = Sum(times(Quotient(c, inputs), outputs), k)
            return IndexSum(layer.filter[:2], ("c", "k"), (), (Read(dY, (y,)), Read(X, (c,))))
        case "dF":
            x = Sum(times(Quotient(k, outputs), inputs), c)
            return IndexSum(layer.filter[:2], ("k", "c"), (), (Read(dY, (k,)), Read(X, (x,))))
        case "dB":
            return IndexSum((layer.filters,), ("k",), (), (Read(dY, (k,)),))


def _filter_index(layer: Layer, x: Size, y: Size) -> tuple[Size, Size]:
    """Return where the filter between two flat channels stands."""
    if layer.geometry.transposed:
        return x, Remainder(y, layer.group_filters)
    return y, Remainder(x, layer.group_channels)


def _summed_gradient(layer: Layer) -> Node:
    """Return the sum of dY over its windows, a tensor of one element."""
    output = layer.geometry.output
    ones = (1,) * len(output)
    return Correlate(dY, Ones(output), ones, ones)

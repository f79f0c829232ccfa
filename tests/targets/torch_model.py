"""PyTorch as far as exported code calls it, in NumPy, with what PyTorch refuses refused.

Written from its documentation; `test_torch.py` compares it with PyTorch where that is installed.
"""

from __future__ import annotations

import itertools
import sys
from types import ModuleType

import numpy as np


class Tensor:
    """An array with the methods of a tensor that exported code calls."""

    def __init__(self, array) -> None:
        self.array = np.asarray(array)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    def __len__(self) -> int:
        return len(self.array)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.array, dtype)

    def __getitem__(self, index):
        return Tensor(self.array[_forwards(index)])

    def __setitem__(self, index, value) -> None:
        self.array[_forwards(index)] = value.array

    def __add__(self, other):
        return Tensor(self.array + other.array)

    def transpose(self, one, other):
        return Tensor(self.array.swapaxes(one, other))

    def permute(self, *order):
        if len(order) != self.array.ndim:
            raise RuntimeError("permute: the number of dimensions does not match")
        return Tensor(self.array.transpose(order))

    def reshape(self, *shape):
        return Tensor(self.array.reshape(shape))

    def flatten(self, first, last):
        return Tensor(self.array.reshape(*self.shape[:first], -1, *self.shape[last + 1 :]))

    def new_zeros(self, size):
        return Tensor(np.zeros(size, self.array.dtype))

    def sum(self, dim):
        return Tensor(self.array.sum(axis=dim))


def _forwards(index):
    for one in index if isinstance(index, tuple) else (index,):
        if isinstance(one, slice) and one.step is not None and one.step < 1:
            raise ValueError("step must be greater than zero")
    return index


def pad(tensor, amounts):
    """Return a tensor padded with zeros, last axis first; negative amounts crop, before padding."""
    if len(amounts) % 2 or len(amounts) > 2 * tensor.array.ndim:
        raise RuntimeError("padding length is odd, or too long")
    pairs = list(zip(amounts[::2], amounts[1::2], strict=True))[::-1]
    lead = tensor.array.ndim - len(pairs)
    kept, zeros = [slice(None)] * lead, [(0, 0)] * lead
    for n, (lo, hi) in zip(tensor.shape[lead:], pairs, strict=True):
        first, last = max(-lo, 0), n - max(-hi, 0)
        if first > n or last - first < 0:
            raise RuntimeError(f"narrow: start {first} and length {last - first} exceed size {n}")
        if n + lo + hi < 0:
            raise RuntimeError(f"the padding gives an invalid size {n + lo + hi}")
        kept.append(slice(first, last))
        zeros.append((max(lo, 0), max(hi, 0)))
    return Tensor(np.pad(tensor.array[tuple(kept)], zeros))


def _each(value, rank):
    each = (value,) * rank if isinstance(value, int) else tuple(value)
    if len(each) != rank:
        raise RuntimeError(f"expected {rank} numbers, got {each}")
    return each


def _steps(rank, stride, padding, dilation):
    each = [_each(value, rank) for value in (stride, padding, dilation)]
    if min(each[1]) < 0:
        raise RuntimeError("negative padding is not supported")
    if min((*each[0], *each[2])) < 1:
        raise RuntimeError("non-positive stride or dilation is not supported")
    return each


def _taps(sizes, ends, stride, dilation):
    """Yield each filter element with the places that it meets."""
    for tap in itertools.product(*map(range, sizes)):
        meets = zip(tap, ends, stride, dilation, strict=True)
        yield tap, tuple(slice(r * d, r * d + (n - 1) * u + 1, u) for r, n, u, d in meets)


def _convolution(rank):
    def conv(x, w, bias=None, stride=1, padding=0, dilation=1, groups=1):
        u, p, d = _steps(rank, stride, padding, dilation)
        if x.shape[1] != w.shape[1] * groups or len(w) % groups:
            raise RuntimeError(f"{groups} groups, weight {w.shape}, input {x.shape}")
        X = np.pad(x.array, [(0, 0), (0, 0), *((n, n) for n in p)])
        spans = [(r - 1) * e + 1 for r, e in zip(w.shape[2:], d, strict=True)]
        if any(n < span for n, span in zip(X.shape[2:], spans, strict=True)):
            raise RuntimeError("Kernel size can't be greater than actual input size")
        ends = [(n - s) // k + 1 for n, s, k in zip(X.shape[2:], spans, u, strict=True)]
        out = np.zeros((len(x), len(w), *ends), X.dtype)
        grouped = w.array.reshape(groups, -1, *w.shape[1:])
        for tap, at in _taps(w.shape[2:], ends, u, d):
            seen = X[(..., *at)].reshape(len(x), groups, -1, *ends)
            one = grouped[(..., *tap)]
            out += np.einsum("ngc...,gkc->ngk...", seen, one).reshape(out.shape)
        return Tensor(out if bias is None else out + bias.array.reshape(-1, *(1,) * rank))

    return conv


def _transposed(rank):
    def conv_transpose(
        x, w, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
    ):
        u, p, d = _steps(rank, stride, padding, dilation)
        more = _each(output_padding, rank)
        if any(n >= max(k, e) or n < 0 for n, k, e in zip(more, u, d, strict=True)):
            raise RuntimeError("output padding must be smaller than either stride or dilation")
        if x.shape[1] != len(w) or len(w) % groups:
            raise RuntimeError(f"{groups} groups, weight {w.shape}, input {x.shape}")
        ends = x.shape[2:]
        whole = [
            (n - 1) * k + (r - 1) * e + 1 + m
            for n, k, r, e, m in zip(ends, u, w.shape[2:], d, more, strict=True)
        ]
        if any(n - 2 * around < 1 for n, around in zip(whole, p, strict=True)):
            raise RuntimeError("calculated output size is too small")
        outputs = groups * w.shape[1]
        out = np.zeros((len(x), outputs, *whole), x.array.dtype)
        seen = x.array.reshape(len(x), groups, -1, *ends)
        grouped = w.array.reshape(groups, -1, *w.shape[1:])
        for tap, at in _taps(w.shape[2:], ends, u, d):
            part = np.einsum("ngk...,gkc->ngc...", seen, grouped[(..., *tap)])
            out[(..., *at)] += part.reshape(len(x), outputs, *ends)
        out = out[(..., *(slice(n, m - n) for n, m in zip(p, whole, strict=True)))]
        return Tensor(out if bias is None else out + bias.array.reshape(-1, *(1,) * rank))

    return conv_transpose


def modules() -> dict[str, ModuleType]:
    """Return the modules that stand for PyTorch's."""
    functional = ModuleType("torch.nn.functional")
    functional.pad = pad
    for rank in (1, 2, 3):
        setattr(functional, f"conv{rank}d", _convolution(rank))
        setattr(functional, f"conv_transpose{rank}d", _transposed(rank))
    torch, nn = ModuleType("torch"), ModuleType("torch.nn")
    torch.Tensor, torch.nn, nn.functional = Tensor, nn, functional
    return {"torch": torch, "torch.nn": nn, "torch.nn.functional": functional}


def put_in_place(monkeypatch) -> None:
    """Let ``import torch`` find the model."""
    for name, module in modules().items():
        monkeypatch.setitem(sys.modules, name, module)

"""Formulas evaluated by their definitions in plain Python, at any integers: no numpy, no bounds.

A tensor is its shape and, for each element that is no empty sum, the counted products that add up
to it; a product is a sorted tuple of (leaf, index).  Only elements that are there are looked at,
so that a tensor may have 2**100 of them.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import NamedTuple

from symconv.formula.nodes import (
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Rotate,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import evaluate

Index = tuple[int, ...]
Product = tuple[tuple[str, Index], ...]


class UndefinedError(Exception):
    """A formula has no meaning: an extent or divisor below 1, a filter that does not fit."""


class Plain(NamedTuple):
    shape: Index
    at: dict[Index, Counter[Product]]


def plain(node: Node, leaves: dict[str, Index]) -> Plain:
    """Return what ``node`` is, all sizes in it numbers."""
    match node:
        case Leaf(name):
            shape = _checked(leaves[name])
            return Plain(shape, {i: Counter({((name, i),): 1}) for i in _indices(shape)})
        case Ones(sizes):
            shape = _checked(tuple(sizes))
            return Plain(shape, {i: Counter({(): 1}) for i in _indices(shape)})
        case Pad(of, amounts):
            return _moved(
                plain(of, leaves),
                lambda n, k: n + sum(amounts[k]),
                lambda i, n, k: i + amounts[k][0],
            )
        case Dilate(of, steps):
            _checked(steps)
            return _moved(
                plain(of, leaves),
                lambda n, k: (n - 1) * steps[k] + 1,
                lambda i, n, k: i * steps[k],
            )
        case Rotate(of):
            return _moved(plain(of, leaves), lambda n, k: n, lambda i, n, k: n - 1 - i)
        case Subsample(of, steps):
            _checked(steps)
            return _moved(
                plain(of, leaves),
                lambda n, k: (n - 1) // steps[k] + 1,
                lambda i, n, k: i // steps[k] if i % steps[k] == 0 else -1,
            )
        case Correlate():
            return _correlated(node, plain(node.of, leaves), plain(node.by, leaves))
        case Vjp():
            return _differentiated(node, leaves)
        case IndexSum():
            return _summed(node, leaves)
    raise TypeError(type(node).__name__)


def _moved(of, extent, place) -> Plain:
    shape = _checked(tuple(extent(n, k) for k, n in enumerate(of.shape)))
    at = {}
    for index, products in of.at.items():
        moved = tuple(place(i, n, k) for k, (i, n) in enumerate(zip(index, of.shape, strict=True)))
        if all(0 <= i < n for i, n in zip(moved, shape, strict=True)):
            at[moved] = products
    return Plain(shape, at)


def _correlated(node, of: Plain, by: Plain) -> Plain:
    _checked((*node.stride, *node.dilation))
    spans = [d * (n - 1) + 1 for n, d in zip(by.shape, node.dilation, strict=True)]
    rooms = [n - span for n, span in zip(of.shape, spans, strict=True)]
    if min(rooms) < 0:
        raise UndefinedError
    shape = tuple(room // u + 1 for room, u in zip(rooms, node.stride, strict=True))
    at: dict[Index, Counter[Product]] = {}
    for (i, left), (r, right) in product(of.at.items(), by.at.items()):
        begins = [a - b * d for a, b, d in zip(i, r, node.dilation, strict=True)]
        window = tuple(begin // u for begin, u in zip(begins, node.stride, strict=True))
        inside = all(0 <= p < n for p, n in zip(window, shape, strict=True))
        if inside and all(b % u == 0 for b, u in zip(begins, node.stride, strict=True)):
            at.setdefault(window, Counter()).update(_times(left, right))
    return Plain(shape, at)


def _differentiated(node, leaves) -> Plain:
    of, cotangent = plain(node.of, leaves), plain(node.cotangent, leaves)
    if of.shape != cotangent.shape:
        raise UndefinedError
    at: dict[Index, Counter[Product]] = {}
    for index in of.at.keys() & cotangent.at.keys():
        for term, count in of.at[index].items():
            ((_, wrt),) = [factor for factor in term if factor[0] == node.wrt]
            rest = Counter({tuple(f for f in term if f[0] != node.wrt): count})
            at.setdefault(wrt, Counter()).update(_times(rest, cotangent.at[index]))
    return Plain(leaves[node.wrt], at)


def _summed(node, leaves) -> Plain:
    tensors = [plain(read.of, leaves) for read in node.reads]
    shape = _checked(tuple(node.shape))
    at: dict[Index, Counter[Product]] = {}
    for index in _indices(shape):
        for chosen in _chosen(node.ranges, dict(zip(node.indices, index, strict=True))):
            term = Counter({(): 1})
            for tensor, read in zip(tensors, node.reads, strict=True):
                place = tuple(_value(entry, chosen) for entry in read.index)
                term = _times(term, tensor.at.get(place, Counter()))
            if term:
                at.setdefault(index, Counter()).update(term)
    return Plain(shape, at)


def _chosen(ranges, chosen):
    if not ranges:
        yield chosen
        return
    first, *rest = ranges
    value, stop = _value(first.start, chosen), _value(first.stop, chosen)
    while value < stop:
        yield from _chosen(rest, {**chosen, first.index: value})
        value += 1


def _value(size, at) -> int:
    try:
        return evaluate(size, at)
    except ValueError:
        raise UndefinedError from None


def _times(left: Counter[Product], right: Counter[Product]) -> Counter[Product]:
    made: Counter[Product] = Counter()
    for (a, x), (b, y) in product(left.items(), right.items()):
        made[tuple(sorted((*a, *b)))] += x * y
    return made


def _indices(shape: Index):
    return product(*map(range, shape))


def _checked(sizes: Index) -> Index:
    if min(sizes) < 1:
        raise UndefinedError
    return tuple(sizes)

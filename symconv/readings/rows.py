"""Reads a formula of one axis, at one small size, as plain rows: the fastest way to look at many.

The same meaning as the term tables (`symconv.readings.terms`), told a second time in loops over
dictionaries: numpy is slow where a tensor has five elements.  Tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from itertools import product
from math import prod

from symconv.errors import FormulaError, TooLargeError, how_many
from symconv.formula.nodes import (
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Range,
    Rotate,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import Size, evaluate, weight
from symconv.limits.budget import spend
from symconv.limits.memory import hold, scope

Values = Mapping[str, int]
"""The value of every named integer."""

Leaves = Mapping[str, int]
"""The extent of every leaf."""

Products = list[tuple[int, ...]]
"""Products that are added up, each the index of every factor."""

MOST = 200_000
"""The most products that are looked at in one step; larger sizes are for the term tables."""

LOOP = 3
"""Steps for one choice of the indices of a sum."""

BATCH = 64
"""After how many choices their steps are counted."""

BYTES = 300
"""What one product takes: its tuple, its list, and its entry under an element."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A tensor of one axis.

    Attributes:
        extent: the number of its elements.
        factors: the leaves that every product holds.
        at: the products that add up to an element, where there are any.
    """

    extent: int
    factors: tuple[str, ...]
    at: Mapping[int, Products]

    @property
    def size(self) -> int:
        """Bytes of the products, roughly."""
        return BYTES * sum(map(len, self.at.values()))


@singledispatch
def read(node: Node, leaves: Leaves, values: Values) -> Rows:
    """Return the products of every element of ``node``.

    Raises:
        FormulaError: ``node`` has no meaning at this size.
        TooLargeError: more than `MOST` products in one step.
    """
    raise TypeError(f"rows cannot be read from {type(node).__name__}")


@read.register
def _(node: Leaf, leaves: Leaves, values: Values) -> Rows:
    extent = _extent(node, leaves[node.name])
    _check_work(extent)
    return Rows(extent, (node.name,), {i: [(i,)] for i in range(extent)})


@read.register
def _(node: Ones, leaves: Leaves, values: Values) -> Rows:
    extent = _extent(node, evaluate(node.shape[0], values))
    _check_work(extent)
    return Rows(extent, (), {i: [()] for i in range(extent)})


@read.register
def _(node: Pad, leaves: Leaves, values: Values) -> Rows:
    of = read(node.of, leaves, values)
    before, after = (evaluate(amount, values) for amount in node.amounts[0])
    spend(len(of.at))
    extent = _extent(node, of.extent + before + after)
    moved = {i + before: rows for i, rows in of.at.items() if 0 <= i + before < extent}
    return Rows(extent, of.factors, moved)


@read.register
def _(node: Dilate, leaves: Leaves, values: Values) -> Rows:
    of = read(node.of, leaves, values)
    step = _step(node, node.steps[0], values)
    extent = _extent(node, (of.extent - 1) * step + 1)
    return Rows(extent, of.factors, {i * step: rows for i, rows in of.at.items()})


@read.register
def _(node: Rotate, leaves: Leaves, values: Values) -> Rows:
    of = read(node.of, leaves, values)
    return Rows(of.extent, of.factors, {of.extent - 1 - i: rows for i, rows in of.at.items()})


@read.register
def _(node: Subsample, leaves: Leaves, values: Values) -> Rows:
    of = read(node.of, leaves, values)
    step = _step(node, node.steps[0], values)
    kept = {i // step: rows for i, rows in of.at.items() if i % step == 0}
    return Rows((of.extent - 1) // step + 1, of.factors, kept)


@read.register
def _(node: Correlate, leaves: Leaves, values: Values) -> Rows:
    with scope():
        of = read(node.of, leaves, values)
        hold(of.size)
        by = read(node.by, leaves, values)
    stride = _step(node, node.stride[0], values)
    dilation = _step(node, node.dilation[0], values)
    _check_once(of.factors, by.factors)
    room = of.extent - (dilation * (by.extent - 1) + 1)
    if room < 0:
        raise FormulaError(f"correlate: the filter spans {of.extent - room}, of {of.extent}")
    extent = room // stride + 1
    _check_work(len(of.at) * len(by.at))
    at: dict[int, Products] = {}
    made = 0
    for r, filter_rows in by.at.items():
        for i, rows in of.at.items():
            p, between = divmod(i - r * dilation, stride)
            if between or not 0 <= p < extent:
                continue
            made += len(rows) * len(filter_rows)
            if made > MOST:
                raise _too_many()
            for row in rows:
                at.setdefault(p, []).extend(row + other for other in filter_rows)
    spend(made)
    return Rows(extent, of.factors + by.factors, at)


@read.register
def _(node: Vjp, leaves: Leaves, values: Values) -> Rows:
    with scope():
        of = read(node.of, leaves, values)
        hold(of.size)
        cotangent = read(node.cotangent, leaves, values)
    if of.extent != cotangent.extent:
        raise FormulaError(
            f"vjp: {how_many(of.extent, 'element')}, the cotangent has {cotangent.extent}"
        )
    if node.wrt not in of.factors:
        raise FormulaError(f"vjp: {node.wrt} does not occur in what is differentiated")
    k = of.factors.index(node.wrt)
    others = of.factors[:k] + of.factors[k + 1 :]
    _check_once(others, cotangent.factors)
    met = [(rows, cotangent.at[i]) for i, rows in of.at.items() if i in cotangent.at]
    _check_work(sum(len(rows) * len(by) for rows, by in met))
    at: dict[int, Products] = {}
    for rows, by in met:
        for row in rows:
            rest = row[:k] + row[k + 1 :]
            at.setdefault(row[k], []).extend(rest + other for other in by)
    return Rows(leaves[node.wrt], others + cotangent.factors, at)


@read.register
def _(node: IndexSum, leaves: Leaves, values: Values) -> Rows:
    with scope():
        tensors: list[Rows] = []
        for each in node.reads:
            tensors.append(read(each.of, leaves, values))
            hold(tensors[-1].size)
    factors = tuple(name for tensor in tensors for name in tensor.factors)
    _check_once(factors)
    extent = _extent(node, evaluate(node.shape[0], values))
    _check_work(extent)
    steps = LOOP + sum(weight(each.index[0]) for each in node.reads)
    at: dict[int, Products] = {}
    looked = made = 0
    for i in range(extent):
        runs = _runs(node.ranges, {**values, node.indices[0]: i})
        if looked + len(runs) > MOST:
            raise _too_many()
        for chosen in runs:
            looked += 1
            if looked % BATCH == 0:
                spend(BATCH * steps)
            read_at = [
                tensor.at.get(evaluate(each.index[0], chosen), [])
                for each, tensor in zip(node.reads, tensors, strict=True)
            ]
            made += prod(map(len, read_at))
            if made > MOST:
                raise _too_many()
            for rows in product(*read_at):
                at.setdefault(i, []).append(tuple(k for row in rows for k in row))
    spend(looked % BATCH * steps + made)
    return Rows(extent, factors, at)


def _runs(ranges: tuple[Range, ...], chosen: dict[str, int]) -> list[dict[str, int]]:
    """Return every choice of the summation indices, added to what is chosen already."""
    every = [chosen]
    for run in ranges:
        bounds = [(evaluate(run.start, each), evaluate(run.stop, each)) for each in every]
        spend(len(every) * (weight(run.start) + weight(run.stop)))
        _check_work(sum(max(0, stop - start) for start, stop in bounds))
        every = [
            {**each, run.index: value}
            for each, limits in zip(every, bounds, strict=True)
            for value in range(*limits)
        ]
    return every


def _extent(node: Node, extent: int) -> int:
    if extent < 1:
        raise FormulaError(f"{type(node).__name__.lower()} leaves {how_many(extent, 'element')}")
    return extent


def _step(node: Node, size: Size, values: Values) -> int:
    step = evaluate(size, values)
    if step < 1:
        raise FormulaError(f"{type(node).__name__.lower()} by {step}; a step is at least 1")
    return step


def _check_once(*factors: tuple[str, ...]) -> None:
    names = [name for each in factors for name in each]
    if len(set(names)) != len(names):
        raise FormulaError("a product would hold one tensor twice")


def _check_work(products: int) -> None:
    """Refuse to look at more than `MOST` products, before they are made."""
    if products > MOST:
        raise _too_many()
    spend(1 + products)


def _too_many() -> TooLargeError:
    return TooLargeError(f"more than {MOST} products on one axis; use smaller sizes")

"""A formula on one axis alone: what it is a product of.

Every operator acts on each axis by itself, so the terms of a formula are all combinations of
the terms that it has on each axis.  An index sum is such a product only if every index belongs
to one axis: ``F[m-p*u, n-q*v]`` does, ``X[n, m]`` does not.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from symconv.formula.nodes import (
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Read,
    Rotate,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import Size, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@singledispatch
def on_axis(node: Node, k: int) -> Node | None:
    """Return what ``node`` is on axis ``k``, or None where it is no product of axes."""
    raise TypeError(f"the axes of {type(node).__name__} are not known")


@on_axis.register
def _(node: Leaf, k: int) -> Node | None:
    return node


@on_axis.register
def _(node: Ones, k: int) -> Node | None:
    return Ones((node.shape[k],))


@on_axis.register
def _(node: Pad, k: int) -> Node | None:
    of = on_axis(node.of, k)
    return of and Pad(of, (node.amounts[k],))


@on_axis.register
def _(node: Dilate, k: int) -> Node | None:
    of = on_axis(node.of, k)
    return of and Dilate(of, (node.steps[k],))


@on_axis.register
def _(node: Rotate, k: int) -> Node | None:
    of = on_axis(node.of, k)
    return of and Rotate(of)


@on_axis.register
def _(node: Subsample, k: int) -> Node | None:
    of = on_axis(node.of, k)
    return of and Subsample(of, (node.steps[k],))


@on_axis.register
def _(node: Correlate, k: int) -> Node | None:
    of, by = on_axis(node.of, k), on_axis(node.by, k)
    return of and by and Correlate(of, by, (node.stride[k],), (node.dilation[k],))


@on_axis.register
def _(node: Vjp, k: int) -> Node | None:
    of, cotangent = on_axis(node.of, k), on_axis(node.cotangent, k)
    return of and cotangent and Vjp(of, node.wrt, cotangent)


@on_axis.register
def _(node: IndexSum, k: int) -> Node | None:
    owner = _owners(node)
    if owner is None:
        return None
    reads: list[Read] = []
    for read in node.reads:
        if _is_condition(read, node):
            if _axis_of(read.index, owner) == k:
                reads.append(read)
            continue
        of = on_axis(read.of, k)
        if of is None:
            return None
        reads.append(Read(of, (read.index[k],)))
    ranges = tuple(run for run in node.ranges if owner[run.index] == k)
    return IndexSum((node.shape[k],), (node.indices[k],), ranges, tuple(reads))


def _is_condition(read: Read, node: IndexSum) -> bool:
    """Whether ``read`` only says where the product is not 0: it lies on one axis, whole."""
    return isinstance(read.of, Ones) and len(read.index) == 1 != len(node.indices)


def _owners(node: IndexSum) -> dict[str, int] | None:
    """Return the axis of every index, or None where the sum is no product of axes."""
    if any(len(r.index) != len(node.indices) and not _is_condition(r, node) for r in node.reads):
        return None
    owner = {index: k for k, index in enumerate(node.indices)}
    groups = list(_together(node))
    for _ in range(len(node.ranges) + 1):  # every round places one more index, if one can be
        for axis, group in groups:
            known = axis | {owner[name] for name in group if name in owner}
            if len(known) > 1:
                return None
            for k in known:
                owner |= dict.fromkeys(group, k)
    unused = {run.index: 0 for run in node.ranges}  # what is tied to no axis goes with the first
    return unused | owner


def _together(node: IndexSum) -> Iterable[tuple[frozenset[int], frozenset[str]]]:
    """Yield indices that have to lie on one axis, and that axis where it is known."""
    bound = {*node.indices, *(run.index for run in node.ranges)}
    for run in node.ranges:
        yield frozenset(), frozenset({run.index} | (names(run.start) | names(run.stop)) & bound)
    for read in node.reads:
        whole = not _is_condition(read, node)
        for k, entry in enumerate(read.index):
            yield frozenset({k} if whole else ()), names(entry) & bound


def _axis_of(index: tuple[Size, ...], owner: Mapping[str, int]) -> int:
    """Return the axis of a condition; one without an index goes with the first."""
    used = frozenset[str]().union(*map(names, index)) & owner.keys()
    return owner[min(used)] if used else 0

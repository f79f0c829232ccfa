"""The operators a formula is made of: a closed set of frozen records, without behaviour.

What a formula *means* is told by the readings (`symconv.readings`), one module for each way to
read a tree.  Every operator acts on all spatial axes at once; its arguments hold one entry for
each axis, height first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from fractions import Fraction

    from symconv.formula.sizes import Size


@dataclass(frozen=True, slots=True)
class Leaf:
    """A named tensor that is given: X, F or dY."""

    name: str


@dataclass(frozen=True, slots=True)
class Ones:
    """The tensor of this shape that is 1 everywhere."""

    shape: tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A tensor of numbers that a claim gives, such as a matrix of Winograd's.

    Attributes:
        name: what the claim calls it.
        shape: its extents, each at least 1.
        entries: its elements, the last index running fastest.
    """

    name: str
    shape: tuple[int, ...]
    entries: tuple[int | Fraction, ...]


@dataclass(frozen=True, slots=True)
class Pad:
    """``of`` shifted into a tensor of zeros, (before, after) elements larger on each axis.

    Negative amounts crop.  It is a shift, not a crop followed by a padding: element i of the
    result is element i - before of ``of``, or 0 where there is none.
    """

    of: Node
    amounts: tuple[tuple[Size, Size], ...]


@dataclass(frozen=True, slots=True)
class Dilate:
    """``of`` with ``steps - 1`` zeros between neighbours."""

    of: Node
    steps: tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class Rotate:
    """``of`` turned by 180 degrees: reversed along every axis."""

    of: Node


@dataclass(frozen=True, slots=True)
class Subsample:
    """Every ``steps``-th element of ``of``, the first one included."""

    of: Node
    steps: tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class Correlate:
    """The convolution of deep learning: the filter ``by`` slides over ``of``, not rotated.

    y[p] = sum_r of[p*stride + r*dilation] * by[r], for the windows that lie inside ``of``
    (scipy.signal.correlate with mode='valid', operands never swapped).
    """

    of: Node
    by: Node
    stride: tuple[Size, ...]
    dilation: tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class Vjp:
    """The gradient of sum(cotangent * of) with respect to the leaf ``wrt``.

    Shape of the leaf; ``of`` holds the leaf once in every product, ``cotangent`` has its shape.
    """

    of: Node
    wrt: str
    cotangent: Node


@dataclass(frozen=True, slots=True)
class Range:
    """A summation index that runs through start, start + 1, .., stop - 1."""

    index: str
    start: Size
    stop: Size


@dataclass(frozen=True, slots=True)
class Read:
    """The element of ``of`` at this index, 0 outside of it."""

    of: Node
    index: tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class IndexSum:
    """The tensor of ``shape`` whose element at ``indices`` is the sum of products of ``reads``.

    dX[m,n] == sum(dY[p,q] * F[m-p*u, n-q*v] for p in range(P) for q in range(Q)) has indices
    (m, n), the ranges of p and q, and two reads.
    """

    shape: tuple[Size, ...]
    indices: tuple[str, ...]
    ranges: tuple[Range, ...]
    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """The sum of tensors of one shape."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Scaled:
    """``of``, every element multiplied by a number: -1 where it is taken away."""

    of: Node
    factor: int | Fraction


Node = (
    Leaf
    | Ones
    | Constant
    | Pad
    | Dilate
    | Rotate
    | Subsample
    | Correlate
    | Vjp
    | IndexSum
    | Added
    | Scaled
)


def scaled(node: Node, factor: int | Fraction) -> Node:
    """Return ``node`` multiplied by a number, a sum term by term."""
    match node:
        case _ if factor == 1:
            return node
        case Added(terms):
            return Added(tuple(scaled(term, factor) for term in terms))
        case Scaled(of, known):
            return scaled(of, known * factor)
        case _:
            return Scaled(node, factor)


def multiple(node: Node) -> tuple[Size, Node] | None:
    """Return n and T where ``node`` is n*T, the sum of T for every one of n values of an index."""
    match node:
        case IndexSum(_, indices, (Range(index, 0, number),), (Read(of, entries),)):
            if index not in indices and [getattr(e, "name", None) for e in entries] == [*indices]:
                return number, of
    return None


def children(node: Node) -> tuple[Node, ...]:
    """Return the formulas of which ``node`` is made, in the order in which they are written."""
    match node:
        case Leaf() | Ones() | Constant():
            return ()
        case Pad() | Dilate() | Rotate() | Subsample() | Scaled():
            return (node.of,)
        case Correlate():
            return node.of, node.by
        case Vjp():
            return node.of, node.cotangent
        case IndexSum():
            return tuple(read.of for read in node.reads)
        case Added():
            return node.terms
        case _:
            raise _unknown(node)


def rebuild(node: Node, children: Iterable[Node]) -> Node:
    """Return ``node`` made of other formulas, as many as its `children`."""
    match node:
        case Leaf() | Ones() | Constant():
            () = children
            return node
        case Pad() | Dilate() | Rotate() | Subsample() | Scaled():
            (of,) = children
            return replace(node, of=of)
        case Correlate():
            of, by = children
            return replace(node, of=of, by=by)
        case Vjp():
            of, cotangent = children
            return replace(node, of=of, cotangent=cotangent)
        case IndexSum():
            reads = zip(node.reads, children, strict=True)
            return replace(node, reads=tuple(replace(read, of=of) for read, of in reads))
        case Added():
            return Added(tuple(children))
        case _:
            raise _unknown(node)


def with_sizes(node: Node, change: Callable[[Size], Size]) -> Node:
    """Return ``node`` with every size in it changed, those of its `children` left as they are."""

    def each(sizes: tuple[Size, ...]) -> tuple[Size, ...]:
        return tuple(map(change, sizes))

    match node:
        case Leaf() | Constant() | Rotate() | Vjp() | Added() | Scaled():
            return node
        case Ones():
            return Ones(each(node.shape))
        case Pad():
            amounts = tuple((change(lo), change(hi)) for lo, hi in node.amounts)
            return replace(node, amounts=amounts)
        case Dilate() | Subsample():
            return replace(node, steps=each(node.steps))
        case Correlate():
            return replace(node, stride=each(node.stride), dilation=each(node.dilation))
        case IndexSum():
            return replace(
                node,
                shape=each(node.shape),
                ranges=tuple(
                    replace(run, start=change(run.start), stop=change(run.stop))
                    for run in node.ranges
                ),
                reads=tuple(replace(read, index=each(read.index)) for read in node.reads),
            )
        case _:
            raise _unknown(node)


def _unknown(node: object) -> TypeError:
    return TypeError(f"{type(node).__name__} is no part of a formula")

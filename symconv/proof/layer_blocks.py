"""Whether a layer's closed form is what a theorem about one axis says, with numbers put in.

A theorem speaks of groups and of the channels in each, X[n,g,c], a layer's form of flat channels,
x[n, g*C + c], as frameworks do.  Images, channels and each spatial axis go by themselves
(`symconv.formula.blocks`), and on each of them both have to be one sum: the same ranges, and the
same tensors read at the same places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symconv.formula.axes import on_axis
from symconv.formula.blocks import Blocks
from symconv.formula.layer_forms import LayerForm
from symconv.formula.nodes import (
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Range,
    Read,
    children,
    rebuild,
)
from symconv.formula.sizes import Name, Quotient, Remainder, Size, integers
from symconv.formula.sizes import children as operands
from symconv.formula.sizes import rebuild as rebuilt
from symconv.formula.slices import Slices
from symconv.geometry import Layer
from symconv.polynomial import ZERO, Polynomial
from symconv.proof.certificate import CertificateError
from symconv.readings.quotients import Arithmetic

Places = Mapping[str, Polynomial]
"""What indices stand for."""


@dataclass(frozen=True, slots=True)
class _BlockSum:
    """A sum on one block, whatever its indices are called.

    Attributes:
        shape: its extents.
        stops: where its summation indices end; they begin at 0.
        reads: what is multiplied, and at which index.
    """

    shape: tuple[int, ...]
    stops: tuple[int, ...]
    reads: frozenset[tuple[Node, tuple[Polynomial, ...]]]


def is_instance(theorem: Node, form: LayerForm, layer: Layer, k: int) -> bool:
    """Whether ``form`` is, in images, channels and on spatial axis ``k``, what a theorem says.

    Args:
        theorem: the formula of a theorem about a layer on one axis, every size a number, of the
            leaves X, F and dY.
        form: a closed form of ``layer``.
        layer: the sizes.
        k: the spatial axis whose numbers were put in.
    """
    images, channels, space = _blocks(theorem)
    return (
        _sum(images, "n") == _sum(form.images, "n")
        and _grouped(channels, form, layer) == _flat(form, layer)
        and _sum(space, "i") == _spatial(form, layer, k)
    )


def shortened(node: Node) -> Node:
    """Return ``node`` without the operators that change nothing: pad by 0, dilate by 1."""
    match node:
        case Pad(of, amounts) if not any(map(any, amounts)):
            return shortened(of)
        case Dilate(of, steps) if all(step == 1 for step in steps):
            return shortened(of)
        case _:
            return rebuild(node, map(shortened, children(node)))


_AXES = {"X": 4, "F": 4, "dY": 4}
"""How many axes a leaf of a theorem has: F a group and two channels, X and dY an image before."""


def _blocks(theorem: Node) -> tuple[IndexSum, IndexSum, IndexSum]:
    """Return a theorem's formula in images, in groups and channels, and on its axis."""
    blocks = Blocks(_AXES)
    placed = blocks.place(theorem)
    image, *channels, place = blocks.of_leaf("dY")
    channels += [*blocks.of_leaf("X")[1:-1], *blocks.of_leaf("F")[:-1]]
    blocks.tie(channels[1:], channels[:-1])
    parts = (blocks.part(placed, blocks.block(axis)).node for axis in (image, channels[0], place))
    found = tuple(part for part in parts if isinstance(part, IndexSum))
    return found[0], found[1], found[2]


def _sum(node: Node, stem: str) -> _BlockSum:
    """Return a sum of one index at most, with numbers for its other sizes."""
    assert isinstance(node, IndexSum)
    names = (*node.indices, *(run.index for run in node.ranges))
    at = {name: Polynomial.name(f"{stem}{n}") for n, name in enumerate(names)}
    return _read(node, at, node.shape)


def _read(node: IndexSum, at: Places, shape: tuple[Size, ...]) -> _BlockSum:
    assert all(run.start == 0 for run in node.ranges)
    arithmetic = Arithmetic((), {})
    reads = (
        (shortened(read.of), tuple(arithmetic.polynomial(entry, at) for entry in read.index))
        for read in node.reads
    )
    stops = integers(tuple(run.stop for run in node.ranges))
    return _BlockSum(integers(shape), stops, frozenset(reads))


def _spatial(form: LayerForm, layer: Layer, k: int) -> _BlockSum:
    """Return a layer's form on one spatial axis, written as a sum over a filter's elements."""
    alone = on_axis(form.space, k)
    assert alone is not None  # every operator of a closed form acts on each axis by itself
    geometry = layer.geometry
    leaves = {"X": geometry.input[k], "F": geometry.filter[k], "dY": geometry.output[k]}
    slices = Slices({name: (extent,) for name, extent in leaves.items()}, {"i"})
    node = _sliced(alone, slices)
    shape = slices.extents(node)
    index: tuple[Size, ...] = (Name("i"),)
    if form.tensor == "dB":  # one element
        if shape != (1,):
            raise CertificateError(f"an axis of the bias gradient has size {shape}, not one")
        shape, index = (), (0,)
    found = slices.inner(node, index)
    reads = tuple(read for read in found.reads if not _is_one(read, found.ranges))
    names = tuple(entry.name for entry in index if isinstance(entry, Name))
    return _sum(IndexSum(shape, names, found.ranges, reads), "i")


def _sliced(node: Node, slices: Slices) -> Node:
    """Return ``node`` with every leaf as a tensor none of whose indices are fixed."""
    if isinstance(node, Leaf):
        return slices.add(node, ())
    return rebuild(node, (_sliced(child, slices) for child in children(node)))


def _is_one(read: Read, ranges: tuple[Range, ...]) -> bool:
    """Whether a read is one of ones over all of which the sum runs."""
    return isinstance(read.of, Ones) and any(
        read.index == (Name(run.index),) and read.of.shape == (run.stop,) for run in ranges
    )


def _grouped(block: IndexSum, form: LayerForm, layer: Layer) -> _BlockSum:
    """Return a theorem's sum over groups and channels, in flat channels."""
    counts = _Counts.of(layer)
    at = counts.named((*"g", *counts.order(form)), block)
    found = _read(block, at, block.shape)
    reads = frozenset(
        (of, (counts.flat(of, index[0], index[1]), *index[2:])) for of, index in found.reads
    )
    first, second, *others = found.shape
    return _BlockSum((first * second, *others), found.stops, reads)


def _flat(form: LayerForm, layer: Layer) -> _BlockSum:
    """Return a layer's form in its channels, each of them a group and a channel in it."""
    assert isinstance(form.channels, IndexSum)
    counts, node = _Counts.of(layer), form.channels
    at = dict(counts.named(counts.order(form), node))
    first, within = node.indices[0], counts.order(form)[0]
    at[first] = counts.name("g") * counts.of_name[within] + at[first]
    reads = frozenset(
        (read.of, tuple(counts.value(entry, at) for entry in read.index)) for read in node.reads
    )
    stops = integers(tuple(run.stop for run in node.ranges))
    return _BlockSum(integers(node.shape), stops, reads)


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many groups there are, channels in each and filters in each, and which lie flat.

    Attributes:
        of_name: the counts of g, c and k.
        first: c or k, whichever comes first in the filter.
    """

    of_name: Mapping[str, int]
    first: str

    @classmethod
    def of(cls, layer: Layer) -> _Counts:
        counts = {"g": layer.groups, "c": layer.group_channels, "k": layer.group_filters}
        return cls(counts, "c" if layer.geometry.transposed else "k")

    def order(self, form: LayerForm) -> tuple[str, ...]:
        """Return the indices of a tensor in its group, then those over which it sums."""
        second = "k" if self.first == "c" else "c"
        every = {"dX": ("c", "k"), "dF": (self.first, second), "dB": ("k",)}
        return every[form.tensor]

    def name(self, name: str) -> Polynomial:
        """Return an index; of one group or channel it is 0."""
        return Polynomial.name(name) if self.of_name[name] > 1 else ZERO

    def named(self, names: tuple[str, ...], node: IndexSum) -> Places:
        """Return what the indices of a sum stand for, those of the result first.

        Raises:
            CertificateError: it has more or fewer.
        """
        found = (*node.indices, *(run.index for run in node.ranges))
        if len(found) != len(names):
            raise CertificateError(f"not {', '.join(names)} are the indices of the channels")
        return {index: self.name(name) for index, name in zip(found, names, strict=True)}

    def flat(self, of: Node, group: Polynomial, channel: Polynomial) -> Polynomial:
        """Return the flat channel of a tensor that is read at a group and a channel in it."""
        assert isinstance(of, Leaf)
        within = {"X": "c", "dY": "k", "F": self.first}[of.name]
        return group * self.of_name[within] + channel

    def value(self, size: Size, at: Places) -> Polynomial:
        """Return an index of a form, the group of a flat channel and the channel in it known."""
        match size:
            case Quotient(left, int(divisor)) | Remainder(left, int(divisor)):
                whole, rest = self._divided(self.value(left, at), divisor)
                return whole if isinstance(size, Quotient) else rest
            case _:
                known = {f"{n}": self.value(each, at) for n, each in enumerate(operands(size))}
                names = rebuilt(size, map(Name, known)) if known else size
                return Arithmetic((), {}).polynomial(names, known or at)

    def _divided(self, of: Polynomial, divisor: int) -> tuple[Polynomial, Polynomial]:
        """Return quotient and remainder of g*divisor + c, for a c that is smaller.

        Raises:
            CertificateError: it is nothing of this kind.
        """
        whole = {names: n // divisor for names, n in of.terms.items() if n % divisor == 0}
        rest = Polynomial({names: n for names, n in of.terms.items() if n % divisor})
        below = [name for name, count in self.of_name.items() if count <= divisor]
        if rest and rest not in map(Polynomial.name, below):
            raise CertificateError(f"the channel {of} is not divided by {divisor}")
        return Polynomial(whole), rest

"""Reads a formula at a symbolic index as a relation: for every size at once.

Element i of a formula is a sum of products, one for every choice of the summation indices for
which the guards are >= 0 and the equations are 0; each product reads every leaf at one index:

    pad(T, lo, hi)   i - lo in T, guarded by 0 <= i - lo < size of T
    dilate(T, u)     j in T, for a fresh j with i = j*u: the quotient is the new index
    rotate(T)        size of T - 1 - i
    subsample(T, u)  i*u in T
    correlate(A, B)  a fresh k, guarded by 0 <= k < size of B: i*stride + k*dilation in A, k in B
    vjp(T, X, dT)    a fresh o in T and in dT; X is not read, but read at i: one more equation
    sum(.. for ..)   the ranges are guards, and so is that each read stays inside

An index that is asked for lies inside the tensor; whoever asks has guarded it.  What follows from
that and from the guards is kept as a fact.  Shapes are polynomials, and what gives a formula a
meaning (extents, steps >= 1, filters that fit) is kept as a list of requirements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import singledispatch

from symconv.errors import FormulaError, OutOfReachError
from symconv.formula.nodes import (
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Range,
    Read,
    Rotate,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import Difference, Name, Size, minus
from symconv.polynomial import Polynomial
from symconv.readings.extremes import At, moving, not_negative
from symconv.readings.quotients import Arithmetic
from symconv.readings.text import size as size_text

Index = tuple[Polynomial, ...]
"""One polynomial for each axis: an index, or a shape."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A polynomial that is >= 0, and what that says."""

    words: str
    polynomial: Polynomial


@dataclass(frozen=True, slots=True)
class LeafRead:
    """A leaf, and the index at which it is read."""

    leaf: str
    index: Index


@dataclass(frozen=True, slots=True)
class MixedRadix:
    """number = quotient*base + digit with 0 <= digit < base, which is so for one of each."""

    number: Polynomial
    base: Polynomial
    quotient: Polynomial
    digit: Polynomial

    @property
    def text(self) -> str:
        """It as a comparison."""
        base = str(self.base) if len(self.base.terms) == 1 else f"({self.base})"
        t = str(self.quotient) if len(self.quotient.terms) == 1 else f"({self.quotient})"
        return (
            f"{self.number} = {t}*{base} + {self.digit} in one way, 0 <= {self.digit} < {self.base}"
        )


@dataclass(frozen=True, slots=True)
class Relation:
    """The products of which an element is the sum.

    Attributes:
        factors: the leaves of each product, with the index at which each is read.
        guards: what has to be >= 0 for the product to occur.
        facts: what is >= 0 wherever it occurs.
        equations: what has to be 0.
        sums: the summation indices.
        radix: how numbers were taken apart, in order, so that indices could be removed.
    """

    factors: tuple[LeafRead, ...] = ()
    guards: tuple[Bound, ...] = ()
    facts: tuple[Bound, ...] = ()
    equations: tuple[Polynomial, ...] = ()
    sums: tuple[str, ...] = ()
    radix: tuple[MixedRadix, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The names in its guards, facts and equations."""
        bounds = (bound.polynomial for bound in (*self.guards, *self.facts))
        return frozenset[str]().union(*(p.names for p in (*bounds, *self.equations)))

    def __add__(self, other: Relation) -> Relation:
        return Relation(
            self.factors + other.factors,
            self.guards + other.guards,
            self.facts + other.facts,
            self.equations + other.equations,
            self.sums + other.sums,
            self.radix + other.radix,
        )


@dataclass(slots=True)
class RelationReader:
    """Reads formulas over one set of leaves; collects what gives them a meaning.

    Attributes:
        arithmetic: where sizes become polynomials.
        leaves: the shape of each leaf.
        requirements: what has to be >= 0 for the shapes that were asked for to exist.
        equal: what has to be 0 for that.
    """

    arithmetic: Arithmetic
    leaves: Mapping[str, Index]
    requirements: list[Bound] = field(default_factory=list)
    equal: list[Bound] = field(default_factory=list)
    _shapes: dict[Node, Index] = field(default_factory=dict)

    def shape(self, node: Node) -> Index:
        """Return the shape of ``node``; what it takes for it to exist is added once.

        Raises:
            FormulaError: an unknown leaf or name.
            OutOfReachError: a construct that has no reading for every size.
        """
        if node not in self._shapes:
            self._shapes[node] = _shape(node, self)
        return self._shapes[node]

    def at(self, node: Node, index: Index) -> Relation:
        """Return the products of element ``index`` of ``node``, which lies inside of it.

        Raises:
            FormulaError: an unknown leaf or name.
            OutOfReachError: a product that holds a leaf twice, or another construct that has no
                reading for every size.
        """
        return _at(node, index, self)

    def require(self, words: str, polynomial: Polynomial) -> None:
        """Note that ``polynomial`` has to be >= 0."""
        bound = Bound(words, polynomial)
        if bound not in self.requirements:
            self.requirements.append(bound)

    def index(self, stem: str, node: Node) -> tuple[tuple[str, ...], Index]:
        """Return fresh names for an index of ``node``, and the index itself."""
        names = tuple(self.arithmetic.index(stem) for _ in self.shape(node))
        return names, tuple(map(Polynomial.name, names))


def inside(index: Index, shape: Index, words: str) -> tuple[Bound, ...]:
    """Return the bounds 0 <= index < shape; ``words`` says what they mean."""
    bounds = []
    for i, n in zip(index, shape, strict=True):
        bounds += [Bound(words, i), Bound(words, n - i - 1)]
    return tuple(bounds)


@singledispatch
def _shape(node: Node, reader: RelationReader) -> Index:
    raise TypeError(f"the reading for every size does not know {type(node).__name__}")


@_shape.register
def _(node: Leaf, reader: RelationReader) -> Index:
    if node.name not in reader.leaves:
        raise FormulaError(f"unknown tensor {node.name}; known are {', '.join(reader.leaves)}")
    return _extents(f"{node.name} has an element", reader.leaves[node.name], reader)


@_shape.register
def _(node: Ones, reader: RelationReader) -> Index:
    return _extents("ones has an element", _sizes(node.shape, reader), reader)


@_shape.register
def _(node: Pad, reader: RelationReader) -> Index:
    of = reader.shape(node.of)
    before = _sizes(tuple(lo for lo, _ in node.amounts), reader)
    after = _sizes(tuple(hi for _, hi in node.amounts), reader)
    shape = tuple(n + lo + hi for n, lo, hi in zip(of, before, after, strict=True))
    return _extents("pad leaves an element", shape, reader)


@_shape.register
def _(node: Dilate, reader: RelationReader) -> Index:
    of, steps = reader.shape(node.of), _steps("dilate", node.steps, reader)
    return tuple((n - 1) * step + 1 for n, step in zip(of, steps, strict=True))


@_shape.register
def _(node: Rotate, reader: RelationReader) -> Index:
    return reader.shape(node.of)


@_shape.register
def _(node: Subsample, reader: RelationReader) -> Index:
    of, steps = reader.shape(node.of), _steps("subsample", node.steps, reader)
    quotient = reader.arithmetic.quotient
    return tuple(quotient(n - 1, step) + 1 for n, step in zip(of, steps, strict=True))


@_shape.register
def _(node: Correlate, reader: RelationReader) -> Index:
    of, by = reader.shape(node.of), reader.shape(node.by)
    stride = _steps("correlate", node.stride, reader)
    dilation = _steps("correlate", node.dilation, reader)
    rooms = [n - (r - 1) * d - 1 for n, r, d in zip(of, by, dilation, strict=True)]
    for room in rooms:
        reader.require("the filter fits into the tensor it slides over", room)
    return tuple(reader.arithmetic.quotient(n, u) + 1 for n, u in zip(rooms, stride, strict=True))


@_shape.register
def _(node: Vjp, reader: RelationReader) -> Index:
    shapes = zip(reader.shape(node.of), reader.shape(node.cotangent), strict=True)
    for extent, other in shapes:
        bound = Bound("the cotangent has the shape of what is differentiated", extent - other)
        if bound not in reader.equal:
            reader.equal.append(bound)
    return reader.shape(Leaf(node.wrt))


@_shape.register
def _(node: IndexSum, reader: RelationReader) -> Index:
    for read in node.reads:
        reader.shape(read.of)
    return _extents("the sum has an element", _sizes(node.shape, reader), reader)


def _sizes(sizes: tuple[object, ...], reader: RelationReader) -> Index:
    return tuple(reader.arithmetic.polynomial(size) for size in sizes)  # type: ignore[arg-type]


def _extents(words: str, shape: Index, reader: RelationReader) -> Index:
    for extent in shape:
        reader.require(words, extent - 1)
    return shape


def _steps(operator: str, steps: tuple[object, ...], reader: RelationReader) -> Index:
    read = _sizes(steps, reader)
    for step in read:
        if step.value is None or step.value < 1:
            reader.require(f"the step of {operator} is at least 1", step - 1)
    return read


@singledispatch
def _at(node: Node, index: Index, reader: RelationReader) -> Relation:
    raise TypeError(f"the reading for every size does not know {type(node).__name__}")


@_at.register
def _(node: Leaf, index: Index, reader: RelationReader) -> Relation:
    facts = inside(index, reader.shape(node), f"{node.name} is read inside")
    return Relation(factors=(LeafRead(node.name, index),), facts=facts)


@_at.register
def _(node: Ones, index: Index, reader: RelationReader) -> Relation:
    return Relation(facts=inside(index, reader.shape(node), "ones is read inside"))


@_at.register
def _(node: Pad, index: Index, reader: RelationReader) -> Relation:
    before = _sizes(tuple(lo for lo, _ in node.amounts), reader)
    moved = tuple(i - lo for i, lo in zip(index, before, strict=True))
    guards = inside(moved, reader.shape(node.of), "pad reads inside")
    return Relation(guards=guards) + reader.at(node.of, moved)


@_at.register
def _(node: Dilate, index: Index, reader: RelationReader) -> Relation:
    names, inner = reader.index("j", node.of)
    steps = _sizes(node.steps, reader)
    equations = tuple(i - j * step for i, j, step in zip(index, inner, steps, strict=True))
    facts = inside(inner, reader.shape(node.of), "dilate reads inside")
    return Relation(facts=facts, equations=equations, sums=names) + reader.at(node.of, inner)


@_at.register
def _(node: Rotate, index: Index, reader: RelationReader) -> Relation:
    shape = reader.shape(node.of)
    return reader.at(node.of, tuple(n - i - 1 for i, n in zip(index, shape, strict=True)))


@_at.register
def _(node: Subsample, index: Index, reader: RelationReader) -> Relation:
    steps = _sizes(node.steps, reader)
    inner = tuple(i * step for i, step in zip(index, steps, strict=True))
    facts = inside(inner, reader.shape(node.of), "subsample reads inside")
    return Relation(facts=facts) + reader.at(node.of, inner)


@_at.register
def _(node: Correlate, index: Index, reader: RelationReader) -> Relation:
    names, k = reader.index("k", node.by)
    stride, dilation = _sizes(node.stride, reader), _sizes(node.dilation, reader)
    inner = tuple(i * u + j * d for i, j, u, d in zip(index, k, stride, dilation, strict=True))
    window = Relation(
        guards=inside(k, reader.shape(node.by), "the filter is read inside"),
        facts=inside(inner, reader.shape(node.of), "the window lies inside"),
        sums=names,
    )
    return window + _multiplied(reader.at(node.of, inner), reader.at(node.by, k))


@_at.register
def _(node: Vjp, index: Index, reader: RelationReader) -> Relation:
    names, o = reader.index("o", node.of)
    guards = inside(o, reader.shape(node.of), "an element of the output")
    within = Relation(guards=guards, sums=names)
    of = reader.at(node.of, o)
    read = [factor for factor in of.factors if factor.leaf == node.wrt]
    if len(read) != 1:
        raise OutOfReachError(f"vjp: every product must hold {node.wrt} exactly once")
    equations = tuple(a - i for a, i in zip(read[0].index, index, strict=True))
    rest = tuple(factor for factor in of.factors if factor.leaf != node.wrt)
    local = Relation(rest, of.guards, of.facts, of.equations + equations, of.sums)
    return within + _multiplied(local, reader.at(node.cotangent, o))


@_at.register
def _(node: IndexSum, index: Index, reader: RelationReader) -> Relation:
    at = dict(zip(node.indices, index, strict=True))
    total = Relation()
    for each in node.ranges:
        name = reader.arithmetic.index(each.index)
        k, here = Polynomial.name(name), Name(each.index)
        at[each.index] = k
        within = (Difference(here, each.start), Difference(Difference(each.stop, here), 1))
        total = _guarded(total, within, f"{name} is in its range", reader, at)
        total += Relation(sums=(name,))
        _note_digit(each, name, reader, at)
    for read in node.reads:
        if isinstance(read.of, Ones):  # a condition: only where it is read counts
            reader.shape(read.of)
            total = _guarded(total, _within(read), "a condition holds", reader, at)
            continue
        place = tuple(_place(size, read, reader, at) for size in read.index)
        guards = inside(place, reader.shape(read.of), "what is summed is read inside")
        total = _multiplied(total + Relation(guards=guards), reader.at(read.of, place))
    return total


def _note_digit(run: Range, name: str, reader: RelationReader, at: At) -> None:
    """Note that a summation index from 0 on is a digit, if its stop is the same for all others."""
    if run.start == 0 and not moving(run.stop, at):
        stop = reader.arithmetic.polynomial(run.stop, at)
        if not stop.names & reader.arithmetic.indices:
            reader.arithmetic.digits[name] = stop


def _within(read: Read) -> Iterator[Size]:
    """Yield what is >= 0 where ones are read inside."""
    assert isinstance(read.of, Ones)
    for place, extent in zip(read.index, read.of.shape, strict=True):
        yield place
        yield minus(minus(extent, 1), place)


def _place(size: Size, read: Read, reader: RelationReader, at: At) -> Polynomial:
    if extremes := moving(size, at):
        raise OutOfReachError(
            f"a tensor is read at {size_text(extremes[0])}: a min or max of an index may stand in "
            "a range or a condition, not in brackets; write a sum for each of the two"
        )
    return reader.arithmetic.polynomial(size, at)


def _guarded(
    relation: Relation, sizes: Iterable[Size], words: str, reader: RelationReader, at: At
) -> Relation:
    """Return ``relation`` with guards that say that ``sizes`` are >= 0, too."""
    for size in sizes:
        known = [guard.polynomial for guard in relation.guards]
        found = not_negative(size, reader.arithmetic, at, known)
        relation += Relation(guards=tuple(Bound(words, polynomial) for polynomial in found))
    return relation


def _multiplied(left: Relation, right: Relation) -> Relation:
    """Return the products of both; a product that holds one leaf twice is not multilinear."""
    twice = {factor.leaf for factor in left.factors} & {factor.leaf for factor in right.factors}
    if twice:
        raise OutOfReachError(f"a product holds {', '.join(sorted(twice))} twice")
    return left + right

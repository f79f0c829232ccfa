"""What the equations of one convolution state, gathered for the inference of its notation.

Two axes are independent: an equation that adds up exactly the products of two sets of pairs says
something of each axis by itself, and what it says there is a `AxisFact`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

from symconv.documents.elements.equations import (
    LOCAL,
    VALUE,
    ElementEquation,
    WrittenFactor,
    WrittenTerm,
    read_index,
)
from symconv.documents.notation.fit import AxisFit, Triple
from symconv.documents.notation.names import is_bias
from symconv.documents.notation.reading import Index
from symconv.documents.notation.systems import TensorSystem

Joint = tuple[Index, Index, Index]
"""(m, r, p): a product x[m] f[r] that adds to y[p], as the document counts."""

M, R, P = 0, 1, 2
"""The places of input, filter and output in a triple."""
_OTHER = (R, M, P)
_FEW_FORWARD = 3
"""Of so few forward equations a single one may tell how the window moves along an axis."""
T = TypeVar("T")


class AxisFact(NamedTuple):
    """What a sum says of one axis: which triples meet at one index of one tensor.

    Attributes:
        place: whose index it is: M, R or P.
        at: the index on this axis.
        triples: all that meet there.
    """

    place: int
    at: int
    triples: frozenset[Triple]

    def exchanged(self) -> AxisFact:
        """Return what is said where input and filter change places."""
        return AxisFact(
            _OTHER[self.place], self.at, frozenset((r, m, p) for m, r, p in self.triples)
        )


@dataclass(slots=True)
class Facts:
    """What a stretch of a document says about one system, under one order of input and filter.

    Attributes:
        forward: for each axis, how often a triple occurs in forward equations and local
            derivatives.
        others: the same in gradients.
        joint: how often a product occurs.
        ahead: how often in forward equations and local derivatives.
        sums: how often an equation says these sides of the axes, and so a whole sum.
        zeros: the elements that are said to be 0, as (place, index).
        targets: the indices of input, filter and output on the left of equations.
        equations: how many equations say something new.
        products: how many products there are, in all equations.
        products_ahead: how many in forward equations and local derivatives.
        said_ahead: the products of each of these that holds any.
    """

    forward: list[Counter[Triple]]
    others: list[Counter[Triple]]
    joint: Counter[Joint] = field(default_factory=Counter)
    ahead: Counter[Joint] = field(default_factory=Counter)
    sums: Counter[tuple[AxisFact, ...]] = field(default_factory=Counter)
    zeros: Counter[tuple[int, Index]] = field(default_factory=Counter)
    targets: tuple[set[Index], set[Index], set[Index]] = field(
        default_factory=lambda: (set(), set(), set())
    )
    equations: int = 0
    products: int = 0
    products_ahead: int = 0
    said_ahead: list[frozenset[Joint]] = field(default_factory=list)

    @property
    def speaking(self) -> int:
        """How many equations speak for a notation."""
        return self.equations + len(self.zeros)

    @property
    def has_little_forward(self) -> bool:
        """Whether a slip in a forward equation or two would outvote the products of many others."""
        few = 0 < len(self.said_ahead) <= _FEW_FORWARD
        return few and self.products >= 2 * self.products_ahead

    def exchanged(self) -> Facts:
        """Return the facts where the names of input and filter change places."""
        sides = {side: side.exchanged() for sum_ in self.sums for side in sum_}
        m, r, p = self.targets
        return replace(
            self,
            forward=list(map(_exchanged, self.forward)),
            others=list(map(_exchanged, self.others)),
            joint=_exchanged(self.joint),
            ahead=_exchanged(self.ahead),
            said_ahead=[frozenset((r, m, p) for m, r, p in said) for said in self.said_ahead],
            sums=Counter({tuple(sides[s] for s in sum_): n for sum_, n in self.sums.items()}),
            zeros=Counter({(_OTHER[place], i): n for (place, i), n in self.zeros.items()}),
            targets=(r, m, p),
        )

    def obeying(self, k: int, fit: AxisFit) -> set[Joint]:
        """Return the products that obey a relation on axis ``k``."""
        u, d, c = fit.stride, fit.dilation, fit.constant
        return {t for t in self.joint if t[M][k] == t[P][k] * u + t[R][k] * d + c}

    def support(self, products: Set[Joint]) -> tuple[int, int]:
        """Return how often these products occur: ahead, and in all equations."""
        ahead = sum(times for t, times in self.ahead.items() if t in products)
        return ahead, sum(map(self.joint.__getitem__, products))

    def sides(self, k: int) -> Counter[AxisFact]:
        """Return what the sums say of axis ``k``, and how many of them.

        An element that is 0 says that nothing meets at its index on this axis, where sums that
        are not 0 stand at its indices on the others.
        """
        found = Counter[AxisFact]()
        alive = [
            {(side.place, side.at) for side in sides} for sides in zip(*self.sums, strict=True)
        ]
        for sides, times in self.sums.items():
            found[sides[k]] += times
        for (place, index), times in self.zeros.items():
            others = (n for n in range(len(index)) if n != k)
            if all(alive and (place, index[n]) in alive[n] for n in others):
                found[AxisFact(place, index[k], frozenset())] += times
        return found


def _exchanged(counted: Counter[tuple[T, T, T]]) -> Counter[tuple[T, T, T]]:
    return Counter({(r, m, p): times for (m, r, p), times in counted.items()})


@dataclass(slots=True)
class _Elements:
    """What a factor is an element of, with names of input and filter and the system's others.

    Attributes:
        known: the elements met so far, by kind, name and index as the document writes them.
    """

    input: str
    filter: str
    system: TensorSystem
    rank: int
    known: dict[tuple[str, str, tuple[str, ...]], tuple[int, Index] | None] = field(
        default_factory=dict
    )

    def place(self, factor: WrittenFactor) -> int | None:
        """Return M, R or P for a tensor, None for an unknown one."""
        name = factor.name
        if name in self.system.outputs or (factor.kind == VALUE and name in self.system.gradients):
            return P
        if name == self.input:
            return M
        return R if name == self.filter else None

    def element(self, factor: WrittenFactor) -> tuple[int, Index] | None:
        """Return the place and the index of a factor, None where either is not understood."""
        written = factor.kind, factor.name, factor.index
        if written not in self.known:
            place, index = self.place(factor), read_index(factor.index, self.rank)
            self.known[written] = None if place is None or index is None else (place, index)
        return self.known[written]

    def above(self, local: WrittenFactor) -> tuple[int, Index] | None:
        """Return the element that a local derivative differentiates."""
        index = read_index(local.of_index, self.rank)
        return None if index is None else (P, index)

    def factor(self, factor: WrittenFactor) -> tuple[int, Index] | None:
        """Return the element that a factor is, None for a local derivative."""
        return None if factor.kind == LOCAL else self.element(factor)


def rank_of(equations: Sequence[ElementEquation]) -> int:
    """Return how many indices most elements have: 1 or 2, more where they are written out."""
    written = Counter(
        index
        for equation in equations
        for factor in equation.elements()
        for index in (factor.index, factor.of_index)
        if index
    )
    votes = Counter[int]()
    for index, times in written.items():
        votes[len(index) if len(index) > 1 else len(index[0].lstrip("-"))] += times
    return votes.most_common(1)[0][0] if votes else 2


def gather(
    equations: Sequence[ElementEquation], names: tuple[str, str], system: TensorSystem, rank: int
) -> Facts:
    """Return the facts that equations state, with (input, filter) named so."""
    facts = Facts([Counter() for _ in range(rank)], [Counter() for _ in range(rank)])
    elements = _Elements(*names, system, rank)
    for equation in _distinct(equations):
        _add(facts, equation, elements)
    return facts


def _distinct(equations: Sequence[ElementEquation]) -> Iterator[ElementEquation]:
    """Yield every equation once: a slip that is copied from slide to slide has one vote."""
    seen: set[tuple[object, ...]] = set()
    for equation in equations:
        t = equation.target
        key = (
            t.kind, t.name, t.index, t.of_index,
            *((f.name, f.index, f.of_index) for term in equation.terms for f in term.factors),
        )  # fmt: skip
        if key not in seen:
            seen.add(key)
            yield equation


def _joint(elements: Sequence[tuple[int, Index] | None]) -> Joint | None:
    """Return the triple of a product with what stands left of it, None where it is none."""
    if len(elements) != 3:
        return None
    places = dict(filter(None, elements))
    return (places[M], places[R], places[P]) if len(places) == 3 else None


def _add(facts: Facts, equation: ElementEquation, elements: _Elements) -> None:
    target = equation.target
    stated = [elements.element(target)]
    if target.kind == LOCAL:
        stated.append(elements.above(target))
    on_left = stated if target.of in elements.system.outputs else stated[:1]
    for place, index in filter(None, on_left):
        facts.targets[place].add(index)
    triples = []
    whole = True
    for term in equation.terms:
        triple = _joint([*stated, *map(elements.factor, term.factors)])
        if triple is not None:
            triples.append(triple)
        if triple is None or term.coefficient != 1:
            whole &= _says_nothing(term, target)
    axes = [[(m[k], r[k], p[k]) for m, r, p in triples] for k in range(elements.rank)]
    is_forward = equation.is_forward
    known = len(facts.joint)
    facts.joint.update(triples)
    facts.products += len(triples)
    if is_forward:
        facts.ahead.update(triples)
        facts.products_ahead += len(triples)
        if triples:
            facts.said_ahead.append(frozenset(triples))
    for counter, along in zip(facts.forward if is_forward else facts.others, axes, strict=True):
        counter.update(along)
    facts.equations += len(facts.joint) > known
    if whole and target.kind != LOCAL:
        _add_sum(facts, target, axes, elements)


def _says_nothing(term: WrittenTerm, target: WrittenFactor) -> bool:
    """Whether a term is 0, or the bias of a forward equation."""
    if not term.factors:
        return not term.coefficient
    return target.kind == VALUE and len(term.factors) == 1 and is_bias(term.factors[0])


def _add_sum(
    facts: Facts, target: WrittenFactor, axes: Sequence[Sequence[Triple]], elements: _Elements
) -> None:
    """Add what a whole sum says: an element that is 0, or a side for each axis."""
    element = elements.element(target)
    if element is None or (element[0] == P) != (target.kind == VALUE):
        return
    place, index = element
    if place == P and target.name not in elements.system.outputs:
        return
    if not axes[0]:
        facts.zeros[element] += 1
        return
    sides = tuple(
        AxisFact(place, i, frozenset(along)) for i, along in zip(index, axes, strict=True)
    )
    products = len(set(zip(*axes, strict=True)))
    if len(axes[0]) == products == math.prod(len(side.triples) for side in sides):
        facts.sums[sides] += 1

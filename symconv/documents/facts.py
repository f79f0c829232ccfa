"""What the equations of one convolution state, gathered for the inference of its notation.

Two axes are independent: an equation that adds up exactly the products of two sets of pairs says
something of each axis by itself, and what it says there is a `Side`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from symconv.documents.elements import (
    GRADIENT,
    LOCAL,
    VALUE,
    ElementEquation,
    Factor,
    Term,
    read_index,
)
from symconv.documents.fit import Triple
from symconv.documents.names import System, is_bias
from symconv.documents.reading import Index

Joint = tuple[Index, Index, Index]
"""(m, r, p): a product x[m] f[r] that adds to y[p], as the document counts."""

M, R, P = 0, 1, 2
"""The places of input, filter and output in a triple."""


class Side(NamedTuple):
    """What a sum says of one axis: which triples meet at one index of one tensor.

    Attributes:
        place: whose index it is: M, R or P.
        at: the index on this axis.
        triples: all that meet there.
    """

    place: int
    at: int
    triples: frozenset[Triple]


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
    """

    forward: list[Counter[Triple]]
    others: list[Counter[Triple]]
    joint: Counter[Joint] = field(default_factory=Counter)
    ahead: Counter[Joint] = field(default_factory=Counter)
    sums: Counter[tuple[Side, ...]] = field(default_factory=Counter)
    zeros: Counter[tuple[int, Index]] = field(default_factory=Counter)
    targets: tuple[set[Index], set[Index], set[Index]] = field(
        default_factory=lambda: (set(), set(), set())
    )
    equations: int = 0

    @property
    def speaking(self) -> int:
        """How many equations speak for a notation."""
        return self.equations + len(self.zeros)

    def sides(self, k: int) -> Counter[Side]:
        """Return what the sums say of axis ``k``, and how many of them.

        An element that is 0 says that nothing meets at its index on this axis, where sums that
        are not 0 stand at its indices on the others.
        """
        found = Counter[Side]()
        alive = [
            {(side.place, side.at) for side in sides} for sides in zip(*self.sums, strict=True)
        ]
        for sides, times in self.sums.items():
            found[sides[k]] += times
        for (place, index), times in self.zeros.items():
            others = (n for n in range(len(index)) if n != k)
            if all(alive and (place, index[n]) in alive[n] for n in others):
                found[Side(place, index[k], frozenset())] += times
        return found


@dataclass(frozen=True, slots=True)
class _Names:
    """Whose index a factor has: names of input and filter, and the system's others."""

    input: str
    filter: str
    system: System
    rank: int

    def place(self, factor: Factor) -> int | None:
        """Return M, R or P for a tensor, None for an unknown one."""
        name = factor.name
        if name in self.system.outputs or (factor.kind == VALUE and name in self.system.gradients):
            return P
        if name == self.input:
            return M
        return R if name == self.filter else None

    def joint(self, target: Factor, term: Term) -> Joint | None:
        """Return the triple of a product, None where it is none."""
        places: dict[int, Index] = {}
        sources = (target, *term.factors)
        if target.kind == LOCAL and (above := read_index(target.of_index, self.rank)) is not None:
            places[P] = above
        for factor in sources:
            place = self.place(factor)
            index = read_index(factor.index, self.rank)
            if place is None or index is None or (factor.kind == LOCAL and factor is not target):
                return None
            places[place] = index
        if len(places) != 3 or len(sources) != 3 - (target.kind == LOCAL):
            return None
        return places[M], places[R], places[P]

    def mentions(self, factor: Factor) -> Iterator[tuple[int, Index]]:
        """Yield the elements that a factor names."""
        place, index = self.place(factor), read_index(factor.index, self.rank)
        if place is not None and index is not None:
            yield place, index
        if factor.kind == LOCAL and factor.of in self.system.outputs:
            above = read_index(factor.of_index, self.rank)
            if above is not None:
                yield P, above


def rank_of(equations: Sequence[ElementEquation]) -> int:
    """Return how many indices most elements have: 1 or 2, more where they are written out."""
    votes: Counter[int] = Counter()
    for equation in equations:
        for factor in (equation.target, *(f for t in equation.terms for f in t.factors)):
            for index in (factor.index, factor.of_index):
                if index:
                    votes[len(index) if len(index) > 1 else len(index[0])] += 1
    return votes.most_common(1)[0][0] if votes else 2


def gather(
    equations: Sequence[ElementEquation], names: tuple[str, str], system: System, rank: int
) -> Facts:
    """Return the facts that equations state, with (input, filter) named so."""
    facts = Facts([Counter() for _ in range(rank)], [Counter() for _ in range(rank)])
    known = _Names(*names, system, rank)
    for equation in _distinct(equations):
        _add(facts, equation, known)
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


def _add(facts: Facts, equation: ElementEquation, names: _Names) -> None:
    target = equation.target
    for place, index in names.mentions(target):
        facts.targets[place].add(index)
    triples = []
    whole = True
    for term in equation.terms:
        triple = names.joint(target, term)
        if triple is not None:
            triples.append(triple)
        if triple is None or term.coefficient != 1:
            whole &= _says_nothing(term, target)
    is_forward = target.kind != GRADIENT
    counted = facts.forward if is_forward else facts.others
    known = len(facts.joint)
    if is_forward:
        facts.ahead.update(triples)
    for triple in triples:
        facts.joint[triple] += 1
        for axis, along in enumerate(zip(*triple, strict=True)):
            counted[axis][along] += 1
    facts.equations += len(facts.joint) > known
    if whole and target.kind != LOCAL:
        _add_sum(facts, target, triples, names)


def _says_nothing(term: Term, target: Factor) -> bool:
    """Say whether a term is 0, or the bias of a forward equation."""
    if not term.factors:
        return not term.coefficient
    return target.kind == VALUE and len(term.factors) == 1 and is_bias(term.factors[0])


def _add_sum(facts: Facts, target: Factor, triples: Sequence[Joint], names: _Names) -> None:
    """Add what a whole sum says: an element that is 0, or a side for each axis."""
    place, index = names.place(target), read_index(target.index, names.rank)
    computed = target.name in names.system.outputs if place == P else place is not None
    if index is None or place is None or not computed or (place == P) != (target.kind == VALUE):
        return
    if not triples:
        facts.zeros[place, index] += 1
        return
    sides = tuple(
        Side(place, i, frozenset(zip(*axis, strict=True)))
        for i, axis in zip(
            index,
            (tuple(tuple(part[k] for part in column) for column in zip(*triples, strict=True))
             for k in range(names.rank)),
            strict=True,
        )
    )  # fmt: skip
    if len(triples) == len(set(triples)) == math.prod(len(side.triples) for side in sides):
        facts.sums[sides] += 1

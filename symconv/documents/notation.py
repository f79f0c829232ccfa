"""The notation of a document: names, index base, sizes, stride, padding and dilation.

All of it is read off the equations: forward equations first, then what makes most equations
agree.  A deck may change its example half-way, so a notation holds for a region; where several
explain a region equally well, all of them are kept, and nothing is called wrong that one of them
calls right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from symconv.documents.elements import (
    GRADIENT,
    LOCAL,
    VALUE,
    ElementEquation,
    Factor,
    read_index,
)
from symconv.documents.extent import axis_of, denied
from symconv.documents.fit import AxisFit, Triple, fits
from symconv.documents.names import System, orders
from symconv.documents.reading import Extents, Hints, Index, Reading
from symconv.geometry import Geometry

_ENOUGH = 0.6
"""The share of products that a reading has to explain before anything is judged by it."""
_FEW_PRODUCTS = 4
"""Fewer products than these speak for no notation by themselves."""
_FEW_EQUATIONS = 3
"""Fewer equations than these speak for no padding, dilation or flipped filter."""
_FEW_ZEROS = 3
"""So many elements may be said to be 0 by mistake."""
_MOST_READINGS = 8
_LARGEST = 6_000_000
"""The most products a geometry may have."""


@dataclass(slots=True)
class Facts:
    """What a stretch of a document says about one system, under one order of input and filter."""

    forward: list[Counter[Triple]] = field(default_factory=list)
    others: list[Counter[Triple]] = field(default_factory=list)
    joint: Counter[tuple[Index, Index, Index]] = field(default_factory=Counter)
    outputs: Counter[Index] = field(default_factory=Counter)
    idle: list[Index] = field(default_factory=list)
    empty: list[Index] = field(default_factory=list)
    equations: int = 0


def rank_of(equations: Sequence[ElementEquation]) -> int:
    """Return how many indices most elements have: 1 or 2, more where they are written out."""
    votes: Counter[int] = Counter()
    for equation in equations:
        for factor in (equation.target, *(f for t in equation.terms for f in t.factors)):
            for index in (factor.index, factor.of_index):
                if index:
                    votes[len(index) if len(index) > 1 else len(index[0])] += 1
    return votes.most_common(1)[0][0] if votes else 2


def triples(
    equation: ElementEquation, names: tuple[str, str], system: System, rank: int
) -> Iterator[tuple[bool, Index, Index, Index]]:
    """Yield (whether forward, m, r, p) for every product of an equation that can be read."""
    target = equation.target
    for term in equation.terms:
        forward = target.kind != GRADIENT
        places: dict[str, Index] = {}
        sources = (target, *term.factors)
        if target.kind == LOCAL:
            above = read_index(target.of_index, rank)
            if above is not None:
                places["p"] = above
        for factor in sources:
            key = _key(factor, names, system)
            index = read_index(factor.index, rank)
            own = factor.kind != LOCAL or factor is target
            if own and key and index is not None:
                places[key] = index
        if len(places) == 3 and len(sources) == 3 - (target.kind == LOCAL):
            yield forward, places["m"], places["r"], places["p"]


def _key(factor: Factor, names: tuple[str, str], system: System) -> str:
    if factor.name in system.gradients and factor.kind == VALUE:
        return "p"
    if factor.name in system.outputs:
        return "p"
    if factor.name == names[0]:
        return "m"
    return "r" if factor.name == names[1] else ""


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


def gather(
    equations: Sequence[ElementEquation], names: tuple[str, str], system: System, rank: int
) -> Facts:
    """Return the facts that equations state."""
    facts = Facts([Counter() for _ in range(rank)], [Counter() for _ in range(rank)])
    for equation in _distinct(equations):
        target = equation.target
        if target.kind == GRADIENT and target.name == names[0]:
            index = read_index(target.index, rank)
            if index is not None and not any(t.factors for t in equation.terms):
                facts.idle.append(index)
        if target.kind == VALUE and target.name in system.outputs:
            index = read_index(target.index, rank)
            if index is not None and not any(t.factors for t in equation.terms):
                facts.empty.append(index)
        known = len(facts.joint)
        for forward, m, r, p in triples(equation, names, system, rank):
            facts.joint[m, r, p] += 1
            for axis, triple in enumerate(zip(m, r, p, strict=True)):
                (facts.forward if forward else facts.others)[axis][triple] += 1
        facts.equations += len(facts.joint) > known
        for term in equation.terms:
            for factor in term.factors:
                if factor.kind == GRADIENT and factor.name in system.outputs:
                    index = read_index(factor.index, rank)
                    if index is not None:
                        facts.outputs[index] += 1
    return facts


def readings(
    equations: Sequence[ElementEquation],
    system: System,
    extents: Sequence[Extents],
    hints: Hints,
) -> tuple[tuple[Reading, ...], str]:
    """Return the notations that explain some equations best, or none and the reason."""
    rank = rank_of(equations)
    if rank not in (1, 2):
        return (), f"elements with {rank} indices are not read yet"
    best: list[Reading] = []
    most: tuple[int, int] | None = None
    reason = "no stride, padding and dilation explain these products"
    for names in _orders(system, hints):
        facts = gather(equations, names, system, rank)
        for reading in _explanations(facts, names, system, extents, hints, rank):
            found = (
                _weight(reading),
                -denied(reading.geometry, reading.base, facts.idle, facts.empty),
            )
            if most is None or found > most:
                best, most = [reading], found
            elif (
                reading.support == best[0].support
                and found[1] == most[1]
                and not _stranger(best[0], reading)
            ):
                best.append(reading)
    if not best:
        return (), reason
    if best[0].flipped and hints.flipped is None and not _shows_forward(equations):
        return (), (
            "two readings fit: gradients of a true convolution, or gradients with the filter not "
            "turned; say --forward convolution or correlation"
        )
    return tuple(best[:_MOST_READINGS]), ""


def _shows_forward(equations: Sequence[ElementEquation]) -> bool:
    """Say whether a forward equation or a local derivative stands among the equations."""
    return any(e.target.kind != GRADIENT for e in equations)


def _weight(reading: Reading) -> int:
    """Return how much speaks for a reading; a flipped forward pass needs clearly more."""
    return reading.support[0] * (9 if reading.flipped else 10)


def _stranger(known: Reading, other: Reading) -> bool:
    """Say whether a reading needs more than one that explains as much: then it is dropped."""
    a, b = known.geometry, other.geometry
    return (
        other.flipped > known.flipped
        or any(x > y for x, y in zip(b.dilation, a.dilation, strict=True))
        or any(sum(x) > sum(y) for x, y in zip(b.padding, a.padding, strict=True))
        or known.input != other.input
    )


def _orders(system: System, hints: Hints) -> list[tuple[str, str]]:
    if hints.names is not None and system.pair <= set(hints.names[:2]):
        return [hints.names[:2]]
    return orders(system.pair, system.outputs)


def _explanations(
    facts: Facts,
    names: tuple[str, str],
    system: System,
    extents: Sequence[Extents],
    hints: Hints,
    rank: int,
) -> Iterator[Reading]:
    total = sum(facts.joint.values())
    if not total or (len(facts.joint) < _FEW_PRODUCTS and hints == Hints()):
        return
    for flipped in (False, True):
        if hints.flipped not in (None, flipped):
            continue
        axes = [
            [
                fit
                for fit in fits(facts.forward[k], facts.others[k], flipped)
                if fit.support[1] >= _ENOUGH * total and _allowed(fit, hints, k)
            ]
            for k in range(rank)
        ]
        if hints.stride or hints.dilation:
            axes = [options or _hinted(facts, flipped, hints, k) for k, options in enumerate(axes)]
        for combination in product(*(options[:6] for options in axes)):
            reading = _reading(facts, combination, names, system, extents, hints, total)
            if reading is not None:
                yield reading


def _allowed(fit: AxisFit, hints: Hints, k: int) -> bool:
    stride = hints.stride is None or k >= len(hints.stride) or hints.stride[k] == fit.stride
    dilation = (
        hints.dilation is None or k >= len(hints.dilation) or hints.dilation[k] == abs(fit.dilation)
    )
    return stride and dilation


def _hinted(facts: Facts, flipped: bool, hints: Hints, k: int) -> list[AxisFit]:
    """Return the best constant for the stride and dilation that a user gives."""
    u = hints.stride[k] if hints.stride and k < len(hints.stride) else 1
    d = hints.dilation[k] if hints.dilation and k < len(hints.dilation) else 1
    d = -d if flipped else d
    constants: Counter[int] = Counter()
    for counter in (facts.forward[k], facts.others[k]):
        for (m, r, p), times in counter.items():
            constants[m - p * u - r * d] += times
    c, times = constants.most_common(1)[0]
    return [AxisFit(u, d, c, (0, times))]


def _reading(
    facts: Facts,
    combination: tuple[AxisFit, ...],
    names: tuple[str, str],
    system: System,
    extents: Sequence[Extents],
    hints: Hints,
    total: int,
) -> Reading | None:
    explained = [
        (m, r, p)
        for m, r, p in facts.joint
        if all(
            fit.explains(t) for fit, t in zip(combination, zip(m, r, p, strict=True), strict=True)
        )
    ]
    support = sum(facts.joint[triple] for triple in explained)
    if support < _ENOUGH * total:
        return None
    base = hints.base
    if base is None:
        base = 0 if any(0 in index for triple in explained for index in triple) else 1
    axes = []
    for k, fit in enumerate(combination):
        columns = [(m[k], r[k], p[k]) for m, r, p in explained]
        shown = _shown(facts, names, system, extents, k, base)
        idle = [index[k] + 1 - base for index in facts.idle]
        empty = [index[k] + 1 - base for index in facts.empty]
        axis = axis_of(fit, columns, shown, base, hints, k, idle, empty)
        if axis is None:
            return None
        axes.append(axis)
    size = 1
    for axis in axes:
        size *= axis.output * axis.filter
    if size > _LARGEST:
        return None
    geometry = Geometry(tuple(axes))
    flipped = combination[0].dilation < 0
    plain = not flipped and all(a.dilation == 1 and a.padding == (0, 0) for a in axes)
    speaking = facts.equations + len({*facts.idle, *facts.empty})
    if not plain and speaking < _FEW_EQUATIONS and hints == Hints():
        return None
    return Reading(
        *names, tuple(system.outputs), tuple(sorted(system.gradients)), base, geometry, flipped,
        (support, total), _words(facts, support, total, base, shown_names(extents, names, system)),
        _unseen(geometry, explained, base, names, extents, hints),
        _sized(names, system, extents, hints),
    )  # fmt: skip


def _unseen(
    geometry: Geometry,
    explained: Sequence[tuple[Index, Index, Index]],
    base: int,
    names: tuple[str, str],
    extents: Sequence[Extents],
    hints: Hints,
) -> dict[str, tuple[frozenset[int], ...]]:
    """Return the indices of input and filter that no product, grid or hint shows."""
    shown = {e.name for e in extents}
    roles = (
        ("X", 0, geometry.input, hints.input is not None or names[0] in shown),
        ("F", 1, geometry.filter, hints.filter is not None or names[1] in shown),
    )
    return {
        role: tuple(
            frozenset()
            if known
            else frozenset(range(base, base + extent)) - {triple[place][k] for triple in explained}
            for k, extent in enumerate(sizes)
        )
        for role, place, sizes, known in roles
    }


def _sized(
    names: tuple[str, str], system: System, extents: Sequence[Extents], hints: Hints
) -> bool:
    """Say whether input and padding are given, not guessed from the elements that occur."""
    shown = {e.name for e in extents}
    has_input = hints.input is not None or names[0] in shown
    return has_input and (hints.padding is not None or not shown.isdisjoint(system.outputs))


def shown_names(
    extents: Sequence[Extents], names: tuple[str, str], system: System
) -> tuple[str, ...]:
    """Return the tensors that a grid shows whole."""
    known = {*names, *system.outputs}
    return tuple(sorted({e.name for e in extents if e.name in known}))


def _words(
    facts: Facts, support: int, total: int, base: int, shown: tuple[str, ...]
) -> tuple[str, ...]:
    forward = sum(facts.forward[0].values())
    words = [f"{support} of {total} products agree ({forward} of forward equations)"]
    words.append(f"indices count from {base}")
    if shown:
        words.append(f"shown whole: {', '.join(shown)}")
    return tuple(words)


def _shown(
    facts: Facts,
    names: tuple[str, str],
    system: System,
    extents: Sequence[Extents],
    k: int,
    base: int,
) -> Mapping[str, int]:
    """Return the extents that grids show, and the output's from what gradients are summed."""
    result: dict[str, int] = {}
    roles = {names[0]: "X", names[1]: "F", **dict.fromkeys(system.outputs, "Y")}
    for e in extents:
        if e.name in roles and k < len(e.greatest) and set(e.least) == {base}:
            result[roles[e.name]] = max(result.get(roles[e.name], 0), e.greatest[k] + 1 - base)
    repeated = [index[k] for index, times in facts.outputs.items() if times > 1]
    if repeated:
        result["seen Y"] = max(repeated) + 1 - base
    return result

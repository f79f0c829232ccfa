"""Hypotheses by the names of their tensors, so that each formula meets its own alone."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.hypothesis.hypotheses import Hypothesis
from symconv.documents.hypothesis.indexed_sums import stem
from symconv.documents.hypothesis.meeting import Meeting, Slot, SlotRun
from symconv.documents.mathematics.syntax import Symbol
from symconv.documents.mathematics.walk import walk

_MOST_NAMES = 16
_MOST_KINDS = 4
_MOST = 32
_DELTA = "\\delta"
Labels = frozenset[frozenset[Slot]]
Slots = frozenset[tuple[str, int]]


@dataclass(slots=True)
class _Row:
    """The hypotheses of three names in order, and one of each kind."""

    found: list[Hypothesis] = field(default_factory=list)
    kinds: list[Hypothesis] = field(default_factory=list)

    def take(self, own: Hypothesis) -> None:
        self.found.append(own)
        alike = any(
            own.shown and own.meeting.slots == one.meeting.slots and own.meeting.same(one.meeting)
            for one in self.kinds
        )
        if not alike and len(self.kinds) < _MOST_KINDS:
            self.kinds.append(own)


class HypothesisShelf:
    """The hypotheses of a document, and how its sums lay tensors out.

    Attributes:
        rows: the hypotheses by their three names.
        having: the names beside one that is input or filter.
        layouts: how often tensors with these slots have them equal in one way.
        runs: the limits that sums give a slot.
    """

    def __init__(self, found: Sequence[Hypothesis]) -> None:
        self.rows: dict[frozenset[str], _Row] = {}
        self.having: dict[str, list[frozenset[str]]] = {}
        self.layouts: dict[Slots, Counter[Labels]] = {}
        self.runs: dict[tuple[Slots, Slot], set[SlotRun]] = {}
        for own in found:
            if own.names not in self.rows:
                for name in (own.input, own.filter):
                    self.having.setdefault(name, []).append(own.names)
            self.rows.setdefault(own.names, _Row()).take(own)

    def names(self) -> tuple[str, str, str] | None:
        """Return input, filter and output where all hypotheses are of operators, on one three."""
        found = [one for row in self.rows.values() for one in row.found]
        names = {(one.input, one.filter, one.output) for one in found}
        return names.pop() if len(names) == 1 and not any(one.shown for one in found) else None

    def note(self, met: Meeting) -> None:
        """Note where the elements of one more sum meet."""
        slots = frozenset(met.slots.items())
        self.layouts.setdefault(slots, Counter())[met.labels] += 1
        for name, run in met.runs.items():
            self.runs.setdefault((slots, name), set()).add(run)

    def votes(self, met: Meeting) -> int:
        """Return how many sums lay these tensors out in this way."""
        return self.layouts.get(frozenset(met.slots.items()), Counter())[met.labels]

    def is_outvoted(self, met: Meeting) -> bool:
        """Whether more sums lay these tensors out in another way, or give a slot other limits."""
        slots = frozenset(met.slots.items())
        if self.votes(met) < max(self.layouts.get(slots, Counter()).values(), default=0):
            return True
        return any(self.runs.get((slots, name), {run}) != {run} for name, run in met.runs.items())

    def near(self, formula: StatedFormula, own: Mapping[str, str]) -> Iterator[Hypothesis]:
        """Yield what may be about a formula: of each name the last one before it first."""
        names = _names(formula, own)
        threes = map(frozenset, combinations(sorted(names), 3))
        keys = [three for three in threes if three in self.rows]
        if _DELTA in names or not keys:  # a tensor goes by the name of another layer, or by none
            keys += [key for name in sorted(names) for key in self.having.get(name, [])[:_MOST]]
            keys.sort(key=lambda key: -len(key & names))
        for key in dict.fromkeys(keys):
            row = self.rows[key]
            before = bisect_right(row.found, formula.place.start, key=lambda one: one.place.start)
            first = row.found[before - 1] if before else row.found[0]
            yield first
            yield from (one for one in row.kinds if one is not first)


def _names(formula: StatedFormula, own: Mapping[str, str]) -> set[str]:
    found = set()
    for side in formula.sides:
        for node in walk(side):
            if isinstance(node, Symbol):
                name = stem(node.name)
                below = "".join(t.text for t in node.index[0]) if node.index else ""
                found |= {own.get(name, name), own.get(f"{name}_{below}", name)}
    if len(found) > _MOST_NAMES:
        return set()
    return found | {name.swapcase() for name in found if len(name) == 1}

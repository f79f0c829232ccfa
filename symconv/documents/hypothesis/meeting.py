r"""Where elements of three tensors meet: the relation that a sum of products says.

Each entry of an index is a *slot* of its tensor.  Letters are eliminated from a sum, and what is
left are equations between slots,

    y_i = \sum_r x_{si+r} w_r        x.0 - s*y.0 - w.0 = 0

which the forward pass and both gradients share: two sums over a relation are the two gradients of
one forward pass if their equations are the same.  Channels, batches and groups are equations of
two slots, x.0 - w.1 = 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from symconv.documents.hypothesis.indexed_sums import ElementRead, IndexedSum
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.source.place import Place
from symconv.polynomial import Polynomial

Slot = str
"""A tensor's name, a dot and the number of an entry: x.0."""


class UnboundError(Exception):
    """A letter that a sum does not bind, or binds twice: what it says is nothing.

    Attributes:
        reason: in one line.
        place: where.
        slot: where the letter stands that is never bound, "" for one that is bound twice.
    """

    def __init__(self, reason: str, place: Place, slot: Slot = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.slot = slot


@dataclass(frozen=True, slots=True)
class SlotRun:
    """From where to where a slot runs."""

    low: Polynomial
    high: Polynomial


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where elements meet.

    Attributes:
        slots: the number of slots of each tensor.
        labels: the slots that are equal: channels, filters, batches.
        equations: polynomials in slots and in letters for sizes that are 0 where elements meet,
            labels put in one for the other.
        runs: the slots whose limits are written.
        solved: each slot that a letter stands in alone, with that letter.
    """

    slots: Mapping[str, int]
    labels: frozenset[frozenset[Slot]]
    equations: frozenset[Polynomial]
    runs: Mapping[Slot, SlotRun]
    solved: Mapping[Slot, str]

    @property
    def slides(self) -> bool:
        """Whether an index adds up two others, as in every sum over windows."""
        return bool(self.equations)

    @property
    def tied(self) -> bool:
        """Whether every slot is tied to another one: a sum over no more than its filter."""
        names = {name for equation in self.equations for name in equation.names}
        names |= {name for group in self.labels for name in group}
        return all(slot(tensor, k) in names for tensor, n in self.slots.items() for k in range(n))

    @property
    def parameters(self) -> frozenset[str]:
        """The letters for sizes in it."""
        return frozenset(
            name for equation in self.equations for name in equation.names if "." not in name
        )

    @classmethod
    def of(cls, slots: Mapping[str, int], equations: Iterable[Polynomial]) -> Meeting:
        """Return a relation without labels and limits."""
        return cls(slots, frozenset(), frozenset(map(_signed, equations)), {}, {})

    def with_sizes(self, known: Mapping[str, Polynomial]) -> Meeting:
        """Return this relation with numbers for some of its letters."""
        if not known:
            return self
        equations = frozenset(_signed(equation.substitute(known)) for equation in self.equations)
        runs = {
            name: SlotRun(run.low.substitute(known), run.high.substitute(known))
            for name, run in self.runs.items()
        }
        return replace(self, equations=equations, runs=runs)

    def same(self, other: Meeting) -> bool:
        """Whether the same elements meet."""
        return self.labels == other.labels and self.equations == other.equations


def slot(tensor: str, entry: int) -> Slot:
    """Return the name of a slot."""
    return f"{tensor}.{entry}"


def meeting(said: IndexedSum) -> Meeting:
    """Return where the elements of a sum meet.

    Raises:
        UnboundError: a letter is bound twice or never.
        UnreadableError: a tensor stands in it twice, or a letter stands alone nowhere.
    """
    elements = (said.target, *said.reads)
    if len({one.tensor for one in elements}) < len(elements):
        raise UnreadableError("a tensor stands twice in it", *said.place)
    free = list(_free(said.target))
    _bound_once(said, free)
    letters = [*free, *(run.letter for run in said.summed)]
    entries = {slot(one.tensor, k): entry for one in elements for k, entry in enumerate(one.index)}
    equations = [
        entry.below * Polynomial.name(name) - entry.above for name, entry in entries.items()
    ]
    solved: dict[Slot, str] = {}
    values: dict[str, Polynomial] = {}
    equations, values = _eliminated(equations, letters, solved)
    missing = [letter for letter in letters if letter not in values]
    if missing:
        raise UnreadableError(f"{missing[0]} is the index of no tensor alone", *said.place)
    runs = dict(_runs(said, values))
    labels, rest = _labels(equations)
    slots = {one.tensor: len(one.index) for one in elements}
    return Meeting(slots, labels, frozenset(map(_signed, rest)), runs, solved)


def _free(target: ElementRead) -> Iterator[str]:
    """Yield the letters of the target's index."""
    for entry in target.index:
        yield from entry.above.names


def _bound_once(said: IndexedSum, free: list[str]) -> None:
    """Refuse a letter that is summed and stands on the left, is summed twice, or not at all."""
    bound = list(free)
    for run in said.summed:
        if run.letter in free:
            raise UnboundError(
                f"the sum runs over {run.letter}, which stands on the left", run.place
            )
        if run.letter in bound:
            raise UnboundError(f"two sums run over {run.letter}", run.place)
        bound.append(run.letter)
    if not said.summed:
        return
    for one in said.reads:
        for k, entry in enumerate(one.index):
            if len(entry.above.terms) != 1 or entry.above.names.intersection(bound):
                continue
            for name in entry.above.names:
                if entry.above == Polynomial.name(name):
                    reason = f"{name} is neither summed nor on the left"
                    raise UnboundError(reason, one.place, slot(one.tensor, k))


def _eliminated(
    equations: list[Polynomial], letters: Iterable[str], solved: dict[Slot, str]
) -> tuple[list[Polynomial], dict[str, Polynomial]]:
    """Return equations without letters, and what letters are in terms of slots."""
    values: dict[str, Polynomial] = {}
    waiting = list(letters)
    while waiting:
        found = next(
            (
                (letter, k)
                for letter in waiting
                for k, equation in enumerate(equations)
                if _alone(equation, letter, waiting)
            ),
            None,
        )
        if found is None:
            break
        letter, k = found
        equation = equations.pop(k)
        sign = equation.coefficient_of(letter)
        rest = equation.substitute({letter: Polynomial({})})
        value = -rest if sign is not None and sign.value == 1 else rest
        names = [name for name in value.names if "." in name]
        if len(names) == 1:
            solved[names[0]] = letter
        values[letter] = value
        equations = [other.substitute({letter: value}) for other in equations]
        waiting.remove(letter)
    return equations, values


def _alone(equation: Polynomial, letter: str, letters: Iterable[str]) -> bool:
    """Whether a letter, once or less it, is all that an equation has of letters, beside a slot."""
    if equation.names.intersection(letters) != {letter}:
        return False
    factor = equation.coefficient_of(letter)
    slots = [name for name in equation.names if "." in name]
    return factor is not None and factor.value in (1, -1) and len(slots) == 1


def _runs(said: IndexedSum, values: Mapping[str, Polynomial]) -> Iterator[tuple[Slot, SlotRun]]:
    for run in said.summed:
        if run.low is None or run.high is None:
            continue
        value = values[run.letter]
        (name,) = (name for name in value.names if "." in name)
        sign = value.coefficient_of(name)
        rest = value.substitute({name: Polynomial({})})
        ends = [run.low - rest, run.high - rest]
        if sign is not None and sign.value == -1:
            ends = [-end for end in reversed(ends)]
        yield name, SlotRun(*ends)


def _labels(
    equations: Iterable[Polynomial],
) -> tuple[frozenset[frozenset[Slot]], list[Polynomial]]:
    """Return the slots that are equal, and the other equations in one slot of each."""
    groups: list[set[Slot]] = []
    rest = []
    for equation in equations:
        one, *others = sorted(equation.names) or [""]
        if (
            len(others) == 1
            and sorted(equation.terms.values()) == [-1, 1]
            and all(len(monomial) == 1 for monomial in equation.terms)
        ):
            joined = [group for group in groups if not group.isdisjoint((one, *others))]
            groups = [group for group in groups if group not in joined]
            groups.append({one, *others}.union(*joined))
        else:
            rest.append(equation)
    first = {name: Polynomial.name(min(group)) for group in groups for name in group}
    return frozenset(map(frozenset, groups)), [equation.substitute(first) for equation in rest]


def _signed(equation: Polynomial) -> Polynomial:
    """Return an equation or its negative, whichever begins with a plus."""
    monomial = min(equation.terms, default=())
    return -equation if equation.terms.get(monomial, 0) < 0 else equation

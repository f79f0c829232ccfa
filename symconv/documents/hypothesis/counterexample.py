"""Where two relations differ, at small sizes: a product that one sum has and the other has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from symconv.documents.hypothesis.hypotheses import Hypothesis
from symconv.documents.hypothesis.meeting import Meeting, Slot

_MOST = 5_000
"""So many meetings are tried: two axes of three elements at some sizes need fewer."""
_SIZES = (2, 3, 1)
_FEW = 3


@dataclass(frozen=True, slots=True)
class Unmet:
    """Elements that meet, and that a sum keeps apart.

    Attributes:
        sizes: what letters are.
        slots: the entry of each slot.
    """

    sizes: Mapping[str, int]
    slots: Mapping[Slot, int]

    def element(self, tensor: str, entries: int) -> str:
        """Return an element: x[0,1]."""
        return f"{tensor}[{','.join(str(self.slots[f'{tensor}.{k}']) for k in range(entries))}]"

    def where(self) -> str:
        """Return the sizes in words, "" without any."""
        return ", ".join(f"{name} = {n}" for name, n in sorted(self.sizes.items()))


def unmet(own: Meeting, here: Hypothesis) -> Unmet | None:
    """Return elements that meet here and not in a sum's own relation, None where none are found."""
    for found in islice(_meetings(here, own.parameters), _MOST):
        at = {**found.sizes, **found.slots}
        kept = all(equation.evaluate(at) == 0 for equation in own.equations)
        if not kept or any(len({at[name] for name in group}) > 1 for group in own.labels):
            return found
    return None


def _meetings(here: Hypothesis, more: frozenset[str]) -> Iterator[Unmet]:
    """Yield what meets in the forward formula: every filter element in every window."""
    met, first = here.meeting, here.base or 0
    letters = sorted(met.parameters | more)
    alone = [name for axis in here.axes for name in axis.slots[1:]]
    spatial = {name for axis in here.axes for name in axis.slots}
    groups = [sorted(group) for group in met.labels]
    rest = [
        [name]
        for tensor, entries in met.slots.items()
        for k in range(entries)
        if (name := f"{tensor}.{k}") not in spatial and not any(name in group for group in groups)
    ]
    for values in product(_SIZES, repeat=len(letters)):
        sizes = dict(zip(letters, values, strict=True))
        for entries in product(range(first, first + _FEW), repeat=len(alone)):
            slots = dict(zip(alone, entries, strict=True))
            # Labels differ from one another, so that what exchanges them is seen.
            for k, group in enumerate([*groups, *rest]):
                slots |= dict.fromkeys(group, first + k % _FEW)
            for axis in here.axes:
                x = axis.slots[0]
                at = {**sizes, **slots, x: 0}
                (equation,) = (e for e in met.equations if x in e.names)
                own = equation.coefficient_of(x)
                slots[x] = equation.evaluate(at) * (-1 if own is not None and own.value == 1 else 1)
            if all(slots[axis.slots[0]] >= first for axis in here.axes):
                yield Unmet(sizes, slots)

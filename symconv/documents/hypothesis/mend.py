r"""Mends of a sum: the one index that makes it right, in the letters of the document."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from symconv.documents.hypothesis.hypotheses import Hypothesis
from symconv.documents.hypothesis.indexed_sums import ElementRead, IndexedSum, IndexEntry
from symconv.documents.hypothesis.meeting import UnboundError, meeting
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.verdicts.verdict import Edit
from symconv.polynomial import ONE, Polynomial


def mended_index(said: IndexedSum, here: Hypothesis) -> tuple[ElementRead, str, Edit | None] | None:
    """Return the read whose index has to be another, that index, and the edit; None without one.

    Where another index of either read would do, the one that holds fewer letters stays.
    """
    found = []
    for read in said.reads:
        index = _index(said, read, here)
        if index is None or index == tuple(entry.above for entry in read.index):
            continue
        made = replace(read, index=tuple(map(IndexEntry, index)))
        reads = tuple(made if one is read else one for one in said.reads)
        try:
            right = meeting(replace(said, reads=reads)).same(here.meeting)
        except (UnboundError, UnreadableError):
            continue
        if right:
            letters = {run.letter for run in said.summed}
            letters |= {name for entry in said.target.index for name in entry.above.names}
            found.append((read, ",".join(written_index(part, letters) for part in index)))
    found.sort(key=lambda one: -sum(len(entry.above.terms) for entry in one[0].index))
    if not found:
        return None
    read, text = found[0]
    place = read.index_place
    return read, text, Edit(place, text) if place is not None else None


def _index(said: IndexedSum, read: ElementRead, here: Hypothesis) -> tuple[Polynomial, ...] | None:
    """Return the index of a read that the others ask for, None where they do not tell."""
    known = {
        f"{one.tensor}.{k}": entry.above
        for one in (said.target, *said.reads)
        if one is not read
        for k, entry in enumerate(one.index)
        if entry.below == ONE
    }
    found = []
    for k in range(len(read.index)):
        value = next(_values(f"{read.tensor}.{k}", known, here), None)
        if value is None:
            return None
        found.append(value)
    return tuple(found)


def _values(name: str, known: dict[str, Polynomial], here: Hypothesis) -> Iterator[Polynomial]:
    for group in here.meeting.labels:
        if name in group:
            yield from (known[other] for other in sorted(group) if other in known)
    for equation in here.meeting.equations:
        own = equation.coefficient_of(name)
        if own is None or own.value not in (1, -1):
            continue
        rest = equation.substitute({name: Polynomial({})})
        if {other for other in rest.names if "." in other} <= known.keys():
            yield rest.substitute(known) * -own.value


def written_index(index: Polynomial, letters: AbstractSet[str]) -> str:
    """Return an index as LaTeX writes it, sa+r-p, its letters behind sizes."""
    text = ""
    order = sorted(index.terms.items(), key=lambda term: (term[1] < 0, not term[0], -len(term[0])))
    for monomial, n in order:
        names = "".join(
            f"{name} " if name.startswith("\\") else name
            for name in sorted(monomial, key=lambda name: name in letters)
        ).strip()
        number = "" if abs(n) == 1 and names else str(abs(n))
        text += ("-" if n < 0 else "+" if text else "") + number + names
    return text or "0"

"""Arrays as somebody's program sees them: buffers, whose elements are sums of terms, and views.

A view says which element of a buffer each of its elements is; what is written through one view is
seen through all others.  What a loop adds to a buffer that is older than the loop is summed over
the rounds when the loop ends.  That is exact where rounds only add; where they read such a buffer
as well (and a plain assignment reads what it replaces), each round must keep to a part of its own:
one axis is read and written at places that differ from round to round.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction

from symconv.formula.sizes import (
    Name,
    Quotient,
    Remainder,
    Size,
    minus,
    names,
    plus,
    substitute,
    times,
)
from symconv.polynomial import Polynomial
from symconv.programs.knowledge import Knowledge, SizeComparison
from symconv.programs.refusal import UnreadError
from symconv.programs.terms import ProductTerm, Within, collected
from symconv.readings.text import size as size_text

MOST_TERMS = 64
"""How many products an element may add."""

Index = tuple[Size, ...]

Radix = tuple[Size, ...] | None
"""The extents of axes that were merged into one, the last one running fastest."""


@dataclass(frozen=True, slots=True)
class IndexRun:
    """An index of one axis, made of new names that run from 0 on.

    Attributes:
        names: the names, each with the number of its values.
        place: the index, in these names.
        extent: how many values it has.
        radix: as in `View`.
    """

    names: tuple[tuple[str, Size], ...]
    place: Size
    extent: Size
    radix: Radix = None


@dataclass(eq=False, slots=True)
class Buffer:
    """The memory of an array.

    Attributes:
        shape: its extents.
        names: its indices, in which its terms are written.
        terms: what its elements are, added up.
        given: the array that is given, whose elements nobody may change; or None.
        unwritten: whether it holds anything at first (`np.empty`).
        regions: where it was written since, each a term without reads.
        loops: the loops inside of which it was made.
        writes: how often it was written.
    """

    shape: Index
    names: tuple[str, ...]
    terms: list[ProductTerm]
    given: str | None = None
    unwritten: bool = False
    regions: list[ProductTerm] = field(default_factory=list)
    loops: tuple[Round, ...] = ()
    writes: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """Some elements of a buffer, in some order.

    Attributes:
        buffer: where they are.
        shape: the extents of the view.
        names: its indices.
        index: for each axis of the buffer, where element ``names`` is on it.
        radix: for each axis, the extents of the axes that it was merged from, or None.
        frozen: why nothing may be written through it, or None.
        version: how often the buffer was written, where it may be a copy or not.
    """

    buffer: Buffer
    shape: Index
    names: tuple[str, ...]
    index: Index
    radix: tuple[Radix, ...]
    frozen: str | None = None
    version: int | None = None

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.shape)


class AccessKind(enum.Enum):
    """What is done with elements of a buffer."""

    READ = "reads"
    ADD = "adds to"


@dataclass(frozen=True, slots=True)
class Access:
    """What is done with a part of a buffer.

    Attributes:
        kind: what is done.
        runs: for each axis the first place and how many follow each other; None: something else.
        line: where.
    """

    kind: AccessKind
    runs: tuple[tuple[Size, Size] | None, ...]
    line: int | None


@dataclass(eq=False, slots=True)
class Round:
    """The rounds of one loop.

    Attributes:
        name: its index, which runs from 0 on.
        extent: how many rounds there are; none where that is negative.
        accesses: what is done with older buffers in one round.
        marks: how many terms and regions each of them had before.
    """

    name: str
    extent: Size
    accesses: dict[Buffer, list[Access]] = field(default_factory=dict)
    marks: dict[Buffer, tuple[int, int]] = field(default_factory=dict)


class Memory:
    """All arrays of a program, while it is read.

    Attributes:
        knowledge: what is known of sizes.
        loops: the loops that are open, the outermost first.
        guards: the conditions under which the line at hand is reached.
        line: which line that is.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.loops: list[Round] = []
        self.guards: list[Within] = []
        self.line: int | None = None

    def refuse(self, reason: str) -> UnreadError:
        """Return the error that the line at hand is not read."""
        return UnreadError(reason, self.line)

    # Making arrays.

    def allocated(self, shape: Sequence[Size], unwritten: bool = False) -> View:
        """Return a new array of zeros, or one that holds anything."""
        shape = tuple(map(self.knowledge.tidy, shape))
        for extent in shape:
            if not self.knowledge.at_least(extent):
                raise self.refuse(f"an extent may be negative: {size_text(extent)}")
        return self.whole(self._buffer(shape, [], unwritten=unwritten))

    def given(self, name: str, shape: Sequence[Size]) -> View:
        """Return an array that is given, named ``name``."""
        buffer = self._buffer(tuple(shape), [], name)
        buffer.terms.append(ProductTerm(reads=((name, tuple(map(Name, buffer.names))),)))
        return self.whole(buffer)

    def made(self, runs: Sequence[IndexRun], terms: list[ProductTerm]) -> View:
        """Return a new array whose element at the places of ``runs`` is the sum of ``terms``."""
        tidied = (term.tidied(self.knowledge.tidy) for term in terms)
        terms = collected(term for term in tidied if not term.impossible)
        if len(terms) > MOST_TERMS:
            raise self.refuse(f"an element adds more than {MOST_TERMS} different products")
        names = tuple(name for run in runs for name, _ in run.names)
        extents = tuple(self.knowledge.tidy(n) for run in runs for _, n in run.names)
        buffer = Buffer(extents, names, terms, loops=tuple(self.loops))
        shape = tuple(self.knowledge.tidy(run.extent) for run in runs)
        outer = self.indices(shape)
        index: list[Size] = []
        for run, name in zip(runs, outer, strict=True):
            index += parts_of(Name(name), [extent for _, extent in run.names])
        tidy = tuple(map(self.knowledge.tidy, index))
        return View(buffer, shape, outer, tidy, tuple(run.radix for run in runs))

    def number(self, value: Fraction | int) -> View:
        """Return a number as an array without axes."""
        return self.made([], [ProductTerm(Fraction(value))] if value else [])

    def _buffer(
        self,
        shape: Index,
        terms: list[ProductTerm],
        given: str | None = None,
        unwritten: bool = False,
    ) -> Buffer:
        indices = self.indices(shape)
        return Buffer(shape, indices, terms, given, unwritten, loops=tuple(self.loops))

    def indices(self, extents: Sequence[Size]) -> tuple[str, ...]:
        """Return new names for indices of these extents."""
        return tuple(self.knowledge.index("i", extent) for extent in extents)

    def run(self, extent: Size, radix: Radix = None, stem: str = "i") -> IndexRun:
        """Return a new index of one axis."""
        parts = (extent,) if radix is None else radix
        names = tuple((self.knowledge.index(stem, part), part) for part in parts)
        place: Size = 0
        for name, part in names:
            place = plus(times(place, part), Name(name)) if place != 0 else Name(name)
        return IndexRun(names, place, extent, radix)

    def runs(self, of: View) -> list[IndexRun]:
        """Return a new index for each axis of an array."""
        return [self.run(n, radix) for n, radix in zip(of.shape, of.radix, strict=True)]

    def whole(self, buffer: Buffer) -> View:
        """Return the view of all of a buffer."""
        indices = self.indices(buffer.shape)
        plain = (None,) * len(indices)
        return View(buffer, buffer.shape, indices, tuple(map(Name, indices)), plain)

    def view(
        self,
        of: View,
        shape: Sequence[Size],
        indices: Sequence[str],
        at: Sequence[Size],
        radix: Sequence[Radix] | None = None,
    ) -> View:
        """Return the view whose element ``indices`` is element ``at`` of ``of``."""
        places = dict(zip(of.names, at, strict=True))
        index = tuple(self.knowledge.tidy(substitute(entry, places)) for entry in of.index)
        shape = tuple(map(self.knowledge.tidy, shape))
        radices = (None,) * len(shape) if radix is None else tuple(radix)
        return replace(of, shape=shape, names=tuple(indices), index=index, radix=radices)

    # Reading and writing.

    def element(self, view: View, at: Sequence[Size]) -> list[ProductTerm]:
        """Return element ``at`` of a view, which has to be inside of it, as a sum of terms."""
        buffer = view.buffer
        if view.version is not None and view.version != buffer.writes:
            raise self.refuse("an array is read that may share memory with one that was changed")
        self._note(view, AccessKind.READ)
        if buffer.unwritten and not any(self._covers(each, buffer) for each in buffer.regions):
            raise self.refuse("an array of np.empty is read that is not seen to be written whole")
        return self._terms(view, at)

    def _terms(self, view: View, at: Sequence[Size]) -> list[ProductTerm]:
        places = dict(zip(view.names, at, strict=True))
        index = (substitute(entry, places) for entry in view.index)
        values = dict(zip(view.buffer.names, index, strict=True))
        terms = (t.substituted(values, self.knowledge.index) for t in view.buffer.terms)
        return list(terms)

    def add(self, view: View, value: View, factor: Fraction | int = 1) -> None:
        """Add to each element of a view that of an array, which is broadcast to it."""
        self._write(view, value, factor, instead=False)

    def assign(self, view: View, value: View, factor: Fraction | int = 1) -> None:
        """Put elements of an array, which is broadcast, in place of those of a view."""
        self._write(view, value, factor, instead=True)

    def _write(self, view: View, value: View, factor: Fraction | int, instead: bool) -> None:
        self._check_writable(view)
        buffer = view.buffer
        if instead and self.guards and buffer.unwritten:
            raise self.refuse("an array of np.empty is written under a condition")
        axes = range(view.ndim - value.ndim, view.ndim)
        radix = dict(zip(axes, value.radix, strict=True))
        places, region = self._inverse(view, [radix.get(n) for n in range(view.ndim)])
        at = [0 if value.shape[n] == 1 else places[axis] for n, axis in enumerate(axes)]
        terms = [replace(t, factor=t.factor * factor) for t in self.element(value, at)]
        if instead:
            self._note(view, AccessKind.READ)
            terms += [replace(t, factor=-t.factor) for t in self._terms(view, places)]
            terms = collected(term.tidied(self.knowledge.tidy) for term in terms)
        self._note(view, AccessKind.ADD)
        buffer.writes += 1
        guards = ProductTerm(conditions=tuple(self.guards))
        for term in terms:
            moved = (region * term * guards).tidied(self.knowledge.tidy)
            if not moved.impossible:
                buffer.terms.append(moved)
        if len(buffer.terms) > 4 * MOST_TERMS:
            raise self.refuse("an array is written in too many places")
        if instead and buffer.unwritten:
            buffer.regions.append(region.tidied(self.knowledge.tidy))

    def _check_writable(self, view: View) -> None:
        if view.buffer.given is not None:
            raise self.refuse(f"the array {view.buffer.given} that is given is changed in place")
        if view.frozen is not None:
            raise self.refuse(view.frozen)

    def _inverse(self, view: View, radix: Sequence[Radix]) -> tuple[list[Size], ProductTerm]:
        """Return indices of a view and, in those of its buffer, where they lead to.

        Args:
            view: what is written.
            radix: into which parts its axes are taken apart, if they are.
        """
        extents = dict(zip(view.names, view.shape, strict=True))
        whole = {
            entry.name: name
            for entry, name, n in zip(view.index, view.buffer.names, view.buffer.shape, strict=True)
            if isinstance(entry, Name) and extents.get(entry.name) == n
        }
        places: list[Size] = []
        sums: list[tuple[str, Size]] = []
        for axis, (name, extent) in enumerate(extents.items()):
            parts = view.radix[axis] or radix[axis]
            if name in whole and parts is None:
                places.append(Name(whole[name]))
            elif extent == 1:
                places.append(0)
            else:
                run = self.run(extent, parts, "t")
                places.append(run.place)
                sums += run.names
        at = dict(zip(extents, places, strict=True))
        conditions = []
        for name, entry in zip(view.buffer.names, view.index, strict=True):
            place = self.knowledge.tidy(substitute(entry, at))
            if place != Name(name):
                conditions.append(Within(minus(Name(name), place), 1))
        self._check_distinct(view)
        return places, ProductTerm(sums=tuple(sums), conditions=tuple(conditions))

    def _check_distinct(self, view: View) -> None:
        """Check that no two elements of a view are the same element of its buffer.

        Each of its indices has to stand by itself on an axis, or be taken apart into axes.
        """
        extents = dict(zip(view.names, view.shape, strict=True))
        seen: dict[str, list[int]] = {name: [] for name in extents}
        for axis, entry in enumerate(view.index):
            moving = names(entry) & extents.keys()
            if len(moving) > 1:
                raise self.refuse("one element is written in several places of a view")
            for name in moving:
                seen[name].append(axis)
        for (name, axes), radix in zip(seen.items(), view.radix, strict=True):
            entries = [view.index[axis] for axis in axes]
            if len(axes) == 1:
                step = self.knowledge.step(entries[0], name, among=set(extents))
                if step is None or not any(self.knowledge.at_least(each, 1) for each in step):
                    raise self.refuse("one element is written in several places of a view")
            elif not axes and extents[name] != 1:
                raise self.refuse("one element is written in several places of a view")
            elif axes:
                parts = [self.knowledge.tidy(p) for p in parts_of(Name(name), radix or ())]
                if entries != parts:
                    raise self.refuse("one element is written in several places of a view")

    def _covers(self, region: ProductTerm, buffer: Buffer) -> bool:
        """Whether a region is all of a buffer: each axis whole, or written by a loop over it."""
        left = dict(region.sums)
        extents = dict(zip(buffer.names, buffer.shape, strict=True))
        for condition in region.conditions:
            inside = names(condition.place)
            axis, index = inside & extents.keys(), inside & left.keys()
            if condition.extent != 1 or len(axis) != 1 or len(index) != 1:
                return False
            (name,), (loop,) = axis, index
            difference = self.knowledge.polynomial(condition.place)
            if difference not in (_gap(name, loop), _gap(loop, name)):
                return False
            if not self.knowledge.same(left.pop(loop), extents.pop(name)):
                return False
        return not left

    # Loops.

    @contextmanager
    def looping(self, stem: str, extent: Size) -> Iterator[str]:
        """Read the body of a loop inside of a ``with``, given its number of rounds."""
        extent = self.knowledge.tidy(extent)
        round_ = Round(self.knowledge.index(stem, extent), extent)
        self.loops.append(round_)
        try:
            with self.knowledge.looping(round_.name, extent):
                yield round_.name
        finally:
            self.loops.pop()
        for buffer, accesses in round_.accesses.items():
            self._end(round_, buffer, accesses)

    def _end(self, round_: Round, buffer: Buffer, accesses: list[Access]) -> None:
        """Sum over the rounds of a loop what it has added to a buffer."""
        adds = [each for each in accesses if each.kind is AccessKind.ADD]
        reads = [each for each in accesses if each.kind is AccessKind.READ]
        if not adds:
            return
        if reads and not self._apart(round_, accesses):
            self.line = reads[-1].line
            raise self.refuse("a round of a loop reads or overwrites what another round writes")
        terms, regions = round_.marks[buffer]
        every = ((round_.name, round_.extent),)
        for found, mark in ((buffer.terms, terms), (buffer.regions, regions)):
            found[mark:] = [
                replace(term, sums=(*every, *term.sums)) for term in collected(found[mark:])
            ]

    def _apart(self, round_: Round, accesses: list[Access]) -> bool:
        """Whether an axis is always taken in one run of places, another one in each round."""
        for axis in range(len(accesses[0].runs)):
            runs = {self.knowledge.hull(each.runs[axis], round_.name) for each in accesses}
            run = runs.pop()
            if run is None or runs:
                continue
            place, extent = run
            step = self.knowledge.step(place, round_.name)
            if step is not None and any(
                self.knowledge.at_least(each, extent) and self.knowledge.at_least(each, 1)
                for each in step
            ):
                return True
        return False

    def _note(self, view: View, kind: AccessKind) -> None:
        """Note an access in every loop that is younger than the buffer."""
        buffer = view.buffer
        runs = tuple(self._run(entry, view) for entry in view.index)
        for round_ in self.loops:
            if round_ not in buffer.loops:
                accesses = round_.accesses.setdefault(buffer, [])
                accesses.append(Access(kind, runs, self.line))
                if kind is AccessKind.ADD:
                    round_.marks.setdefault(buffer, (len(buffer.terms), len(buffer.regions)))

    def _run(self, entry: Size, view: View) -> tuple[Size, Size] | None:
        """Return where a view is on one axis of its buffer, if its elements follow each other."""
        extents = dict(zip(view.names, view.shape, strict=True))
        moving = names(entry) & extents.keys()
        if not moving:
            return entry, 1
        (index, *others) = moving
        step = self.knowledge.polynomial(entry).coefficient_of(index)
        if others or step is None or step.value != 1:
            return None
        return self.knowledge.tidy(substitute(entry, {index: 0})), extents[index]

    def under_guards(self, of: View, since: int) -> View:
        """Return an array that is 0 where a condition fails that was set since then."""
        guards = ProductTerm(conditions=tuple(self.guards[since:]))
        return self.mapped(of, lambda term: term * guards)

    def over_rounds(self, of: View, index: str, extent: Size) -> View:
        """Return the sum of an array over the rounds of a loop that has ended."""
        return self.mapped(of, lambda t: replace(t, sums=((index, extent), *t.sums)))

    def mapped(self, of: View, change: Callable[[ProductTerm], ProductTerm]) -> View:
        """Return a new array with every term changed."""
        runs = self.runs(of)
        return self.made(runs, [change(t) for t in self.element(of, [r.place for r in runs])])

    @contextmanager
    def guarded(self, conditions: Sequence[Within]) -> Iterator[None]:
        """Read what is done under conditions on indices of loops inside of a ``with``."""
        facts = [SizeComparison(each.place) for each in conditions]
        for each in conditions:
            if each.extent is not None:
                facts.append(SizeComparison(minus(minus(each.extent, each.place), 1)))
        before = len(self.guards)
        self.guards.extend(conditions)
        try:
            with self.knowledge.within(facts):
                yield
        finally:
            del self.guards[before:]


def parts_of(place: Size, extents: Sequence[Size]) -> list[Size]:
    """Return the digits of a number, the last one with the base ``extents[-1]``."""
    found: list[Size] = []
    for extent in reversed(extents[1:]):
        found.append(Remainder(place, extent))
        place = Quotient(place, extent)
    return [place, *reversed(found)] if extents else []


def _gap(left: str, right: str) -> Polynomial:
    return Polynomial.name(left) - Polynomial.name(right)

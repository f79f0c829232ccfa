"""Arrays as somebody's program sees them: buffers, whose elements are sums of terms, and views.

A view says which element of a buffer each of its elements is; what is written through one view is
seen through all others.  What a loop adds to a buffer that is older than the loop is summed over
the rounds when the loop ends.  That is exact where rounds only add; where they read such a buffer
as well (and a plain assignment reads what it replaces), each round must keep to a part of its own:
one axis is read and written at places that differ from round to round.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction

from symconv.formula.sizes import Name, Size, minus, names, substitute
from symconv.polynomial import Polynomial
from symconv.programs.knowledge import Knowledge, SizeComparison
from symconv.programs.refusal import UnreadError
from symconv.programs.terms import ProductTerm, Within, collected
from symconv.readings.text import size as size_text

MOST_TERMS = 64
"""How many products an element may add."""

Index = tuple[Size, ...]


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
        frozen: why nothing may be written through it, or None.
        version: how often the buffer was written, where it may be a copy or not.
    """

    buffer: Buffer
    shape: Index
    names: tuple[str, ...]
    index: Index
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

    def made(self, shape: Sequence[Size], indices: Sequence[str], terms: list[ProductTerm]) -> View:
        """Return a new array whose element at ``indices`` is the sum of ``terms``."""
        tidied = (term.tidied(self.knowledge.tidy) for term in terms)
        terms = collected(term for term in tidied if not term.impossible)
        if len(terms) > MOST_TERMS:
            raise self.refuse(f"an element adds more than {MOST_TERMS} different products")
        shape = tuple(map(self.knowledge.tidy, shape))
        return self.whole(Buffer(shape, tuple(indices), terms, loops=tuple(self.loops)))

    def number(self, value: Fraction | int) -> View:
        """Return a number as an array without axes."""
        return self.made((), (), [ProductTerm(Fraction(value))] if value else [])

    def _buffer(
        self,
        shape: Index,
        terms: list[ProductTerm],
        given: str | None = None,
        unwritten: bool = False,
    ) -> Buffer:
        indices = self.indices(len(shape))
        return Buffer(shape, indices, terms, given, unwritten, loops=tuple(self.loops))

    def indices(self, rank: int) -> tuple[str, ...]:
        """Return new names for the indices of an array."""
        return tuple(self.knowledge.index("i") for _ in range(rank))

    def whole(self, buffer: Buffer) -> View:
        """Return the view of all of a buffer."""
        indices = self.indices(len(buffer.shape))
        return View(buffer, buffer.shape, indices, tuple(map(Name, indices)))

    def view(
        self, of: View, shape: Sequence[Size], indices: Sequence[str], at: Sequence[Size]
    ) -> View:
        """Return the view whose element ``indices`` is element ``at`` of ``of``."""
        places = dict(zip(of.names, at, strict=True))
        index = tuple(self.knowledge.tidy(substitute(entry, places)) for entry in of.index)
        shape = tuple(map(self.knowledge.tidy, shape))
        return replace(of, shape=shape, names=tuple(indices), index=index)

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

    def add(self, view: View, terms: list[ProductTerm]) -> None:
        """Add to each element ``view.names`` the sum of ``terms``."""
        self._check_writable(view)
        self._note(view, AccessKind.ADD)
        view.buffer.writes += 1
        places, region = self._inverse(view)
        guards = ProductTerm(conditions=tuple(self.guards))
        for term in terms:
            moved = term.substituted(places, self.knowledge.index)
            moved = (region * moved * guards).tidied(self.knowledge.tidy)
            if not moved.impossible:
                view.buffer.terms.append(moved)
        if len(view.buffer.terms) > 4 * MOST_TERMS:
            raise self.refuse("an array is written in too many places")

    def assign(self, view: View, terms: list[ProductTerm]) -> None:
        """Put the sum of ``terms`` in place of each element ``view.names``."""
        self._check_writable(view)
        if self.guards and view.buffer.unwritten:
            raise self.refuse("an array of np.empty is written under a condition")
        self._note(view, AccessKind.READ)
        before = self._terms(view, tuple(map(Name, view.names)))
        tidied = [
            term.tidied(self.knowledge.tidy)
            for term in (*terms, *(replace(t, factor=-t.factor) for t in before))
        ]
        self.add(view, collected(tidied))
        if view.buffer.unwritten:
            _, region = self._inverse(view)
            view.buffer.regions.append(region.tidied(self.knowledge.tidy))

    def _check_writable(self, view: View) -> None:
        if view.buffer.given is not None:
            raise self.refuse(f"the array {view.buffer.given} that is given is changed in place")
        if view.frozen is not None:
            raise self.refuse(view.frozen)

    def _inverse(self, view: View) -> tuple[dict[str, Size], ProductTerm]:
        """Return the indices of a view in those of its buffer, and where there are any."""
        places: dict[str, Size] = {}
        sums: list[tuple[str, Size]] = []
        conditions: list[Within] = []
        extents = dict(zip(view.names, view.shape, strict=True))
        for name, at, full in zip(view.buffer.names, view.index, view.buffer.shape, strict=True):
            moving = [each for each in names(at) if each in extents]
            if not moving:
                conditions.append(Within(minus(Name(name), at), 1))
                continue
            if len(moving) > 1 or moving[0] in places:
                raise self.refuse("one element is written in several places of a view")
            (index,) = moving
            if at == Name(index) and extents[index] == full:
                places[index] = Name(name)
                continue
            new = self.knowledge.index("t")
            sums.append((new, extents[index]))
            places[index] = Name(new)
            where = substitute(at, {index: Name(new)})
            conditions.append(Within(minus(Name(name), where), 1))
        for name, extent in extents.items():
            if name not in places:
                if extent != 1:
                    raise self.refuse("one element is written in several places of a view")
                places[name] = 0
        return places, ProductTerm(sums=tuple(sums), conditions=tuple(conditions))

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
        round_ = Round(self.knowledge.index(stem), extent)
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
        for axis, run in enumerate(accesses[0].runs):
            if run is None or any(each.runs[axis] != run for each in accesses):
                continue
            place, extent = run
            step = self.knowledge.step(place, round_.name)
            if step is None or self.knowledge.step(extent, round_.name) is not None:
                continue
            if self.knowledge.is_fixed(extent) and any(
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
        indices = self.indices(of.ndim)
        terms = self.element(of, tuple(map(Name, indices)))
        return self.made(of.shape, indices, [term * guards for term in terms])

    def over_rounds(self, of: View, index: str, extent: Size) -> View:
        """Return the sum of an array over the rounds of a loop that has ended."""
        indices = self.indices(of.ndim)
        terms = self.element(of, tuple(map(Name, indices)))
        every = ((index, extent),)
        return self.made(of.shape, indices, [replace(t, sums=(*every, *t.sums)) for t in terms])

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


def _gap(left: str, right: str) -> Polynomial:
    return Polynomial.name(left) - Polynomial.name(right)

"""What is gathered of one formula while it is read: tensors, indices, ranges, sizes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from symconv.documents.formulas import affine
from symconv.documents.formulas.convention import Notation
from symconv.documents.formulas.counted import Counted
from symconv.documents.formulas.index_words import index_parts, names_in, written
from symconv.documents.formulas.layers import role_of
from symconv.documents.formulas.letters import (
    AFTER,
    AMBIGUOUS,
    BEFORE,
    EITHER,
    EXTENTS,
    HALVES,
    INPUT,
    NAMES,
    OUTPUT,
    PADDING,
    Meaning,
    meaning,
)
from symconv.documents.formulas.parts import Guard, LocalFactor, StatedRange, TensorRead
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.syntax import (
    Expression,
    Floor,
    Symbol,
    UnreadableError,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.source.place import Place
from symconv.formula.words import SIZES, letters
from symconv.polynomial import Polynomial

_EXCHANGED = {"X": "dY", "Y": "dX", "dX": "Y", "dY": "X"}
"""What the tensors of a transposed convolution are in the convolution that it transposes."""
_RESERVED = frozenset([*letters(*SIZES), "X", "F", "Y", "dX", "dF", "dY"])
_LETTERS = "ijklmnpqrstabcxyzfghow"


@dataclass(slots=True)
class GatheredFormula:
    """What is gathered of one formula while it is read.

    Attributes:
        reading: the notation, as far as it is known.
        rank: the number of axes.
        base: the first index.
        second: letters that are read in their second meaning.
        names: indices, as written, with their names in the claim.
        ranges: summation indices.
        reads: factors.
        conditions: polynomials that are 0 wherever a sum has a term.
        guards: polynomials that are at least 0 there.
        where: hypotheses that follow from the letters.
        used: the families that letters stand for, each with its style.
        guessed: letters whose meaning is guessed.
        supposed: letters that count a tensor's elements, with the tensor, though nothing says so.
        from_middle: whether the filter's indices count from its middle.
        ambiguous: letters with a second meaning that occur.
        seen: the sizes that occur, by their names in the claim.
        spelled: what the sizes of the claim are called.
        axes: the axis of each index on the left, as written.
        axis: the axis whose index is being read; None in limits.
        only: which axis the letters speak of where there is but one; None as long as none does.
        locals: factors that are local derivatives.
        loss: the name of the loss, once a gradient has been read.
        halves: letters for half a filter, as in \\sum_{r=-k}^{k}.
        layers: the layers of its tensors, where names have some.
        kronecker: whether a delta with two indices is 1 where they are equal, and no gradient.
    """

    reading: Notation
    rank: int
    base: int
    second: AbstractSet[str] = frozenset()
    names: dict[str, str] = field(default_factory=dict)
    ranges: list[StatedRange] = field(default_factory=list)
    reads: list[TensorRead] = field(default_factory=list)
    conditions: list[Polynomial] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    where: dict[str, None] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    guessed: dict[str, str] = field(default_factory=dict)
    supposed: dict[tuple[str, str], None] = field(default_factory=dict)
    from_middle: bool = False
    ambiguous: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    spelled: dict[str, str] = field(default_factory=dict)
    axes: dict[str, int] = field(default_factory=dict)
    axis: int | None = None
    only: int | None = None
    locals: list[LocalFactor] = field(default_factory=list)
    loss: str = ""
    kronecker: bool = False
    halves: set[str] = field(default_factory=set)
    layers: dict[str, str] = field(default_factory=dict)

    def role(self, name: str, place: Place) -> str:
        """Return X, F or Y for a tensor's name."""
        in_layers = role_of(name, self.reading, self.layers, place)
        role = "Y" if name in self.reading.gradients else in_layers
        if role is None:
            ask = self.reading.hints.ask("names")
            raise UnreadableError(
                f"'{name}' is not a name of input, filter or output here{ask}", *place
            )
        return role

    def tensor(self, name: str) -> str:
        """Return the part of a tensor X, F, Y, dX, dF or dY, which others have where transposed."""
        return _EXCHANGED.get(name, name) if self.reading.transposed else name

    def derived(self, loss: Symbol) -> None:
        """Note the loss of a gradient; there is one, and it is no tensor."""
        known = self.reading.role(loss.name)
        if (known and loss.name != "L") or (self.loss or loss.name) != loss.name:
            raise UnreadableError(f"'{loss.name}' is not the loss here", *loss.place)
        self.loss = loss.name

    def symbol(self, symbol: Symbol) -> str:
        """Return what a letter in an index is called: an index, a size, a stride or padding."""
        name = written(symbol)
        if name in self.names:
            return self.names[name]
        if name in self.halves:
            return name if self.axis is None else self.middle(self.axis)
        if (counted := Counted.of(name)) is not None:
            return self.extent_of(counted, symbol.place)
        known = self.reading.letters.get(name) or meaning(name, name in self.second)
        if known is None:
            raise UnreadableError(
                f"'{name}' is neither an index nor a size that is known", *symbol.place
            )
        if self.reading.transposed and known.family in (INPUT, OUTPUT):
            known = replace(known, family=OUTPUT if known.family == INPUT else INPUT)
        if name in AMBIGUOUS:
            self.ambiguous.add(name)
        if self.used.setdefault(known.family, known.style) != known.style:
            raise UnreadableError(
                f"'{name}' is a second letter for the {known.family}", *symbol.place
            )
        if known.guessed:
            self.guessed[name] = known.family
        if self.rank == 1 and known.axis is not None and name not in EITHER:
            if self.only not in (None, known.axis):
                raise UnreadableError(f"'{name}' speaks of a second axis", *symbol.place)
            self.only, known = known.axis, replace(known, axis=0)
        self._suppose(known, name)
        self.spelled.setdefault(known.name(), name)
        return known.name()

    def extent_of(self, counted: Counted, place: Place) -> str:
        """Return the extent that a letter counts."""
        extents = EXTENTS[self.tensor(self.role(counted.tensor, place)).removeprefix("d")]
        if counted.axis >= self.rank:
            raise UnreadableError(f"what {counted.letter} counts is not known", *place)
        if counted.square and self.rank > 1:
            self.where[f"{extents[0]} == {extents[1]}"] = None
        self.guessed[counted.letter] = f"extent of {counted.tensor}"
        if not counted.said:
            self.supposed[counted.letter, counted.tensor] = None
        return extents[counted.axis]

    def _suppose(self, known: Meaning, name: str) -> None:
        """Note what one letter for two sizes says of them."""
        first, second = NAMES[known.family]
        self.seen.add(known.name())
        alone = known.axis is None or (name in EITHER and self.axis == 1)
        if self.rank == 2 and alone:
            self.where[f"{first} == {second}"] = None
        if {first, second} <= self.seen:  # a letter for each axis
            self.where.pop(f"{first} == {second}", None)
        if known.family == PADDING and known.symmetric:
            for before, after in list(zip(BEFORE, AFTER, strict=True))[: self.rank]:
                self.where[f"{after} == {before}"] = None

    def squared(self) -> None:
        """Take R for both extents of a square filter, where it stands for the second one alone.

        Beside an index s it does not: who writes r and s means R and S.
        """
        rows, columns = EXTENTS["F"]
        if self.rank != 2 or columns in self.seen or "s" in self.names:
            return
        second = [part for read in self.reads for part in read.index[1:]]
        for range_ in self.ranges:
            if columns in self.extents(range_.name):
                second += [bound for bound in (range_.low, range_.high) if bound is not None]
        if any(rows in part.names for part in second):
            self.where[f"{rows} == {columns}"] = None

    def declare(self, name: str) -> str:
        """Give an index a name that a claim may use."""
        if name not in self.names:
            taken = {*self.names.values(), *_RESERVED}
            own = name if name in _LETTERS and name not in taken else None
            self.names[name] = own or next(c for c in _LETTERS if c not in taken)
        return self.names[name]

    def index(self, symbol: Symbol) -> list[Polynomial]:
        """Return the index of an element, one polynomial for each axis."""
        result = []
        for axis, part in enumerate(index_parts(symbol, self.rank)):
            self.axis = axis
            result.append(self.checked(self.entry(read(part)), symbol))
        self.axis = None
        return result

    def polynomial(self, expression: Expression) -> Polynomial:
        """Return an index, a limit or a size; half a filter is a size of its own."""
        return affine.polynomial(expression, self.symbol, self.half)

    def beside(self, words: Sequence[Token]) -> None:
        """Read what follows on the axis of the left side's index that stands in these words."""
        own = {self.axes[token.text] for token in words if token.text in self.axes}
        self.axis = own.pop() if len(own) == 1 else None

    def half(self, quotient: Floor | WrittenQuotient) -> Polynomial:
        """Return half a filter's extent, rounded down: of an odd filter, as (R - 1)/2 needs.

        Raises:
            UnreadableError: another quotient.
        """
        inside = quotient.of if isinstance(quotient, Floor) else quotient
        up = isinstance(quotient, Floor) and quotient.up
        if isinstance(inside, WrittenQuotient):
            above, below = self.polynomial(inside.above), self.polynomial(inside.below)
            for extent, name in HALVES.items():
                exact = above == Polynomial.name(extent) - 1
                whole = isinstance(quotient, Floor) and above == Polynomial.name(extent)
                if below.value == 2 and not up and (exact or whole):
                    self._one_style(quotient, "R - 1" if exact else "R")
                    self.where[f"{extent} % 2 == 1"] = None
                    return Polynomial.name(name)
        raise UnreadableError("this is not understood in an index", *quotient.place)

    def _one_style(self, quotient: Expression, style: str) -> None:
        """Refuse two ways to halve a filter: they differ where it is even."""
        if self.used.setdefault("half", style) != style:
            raise UnreadableError("a second way to halve the filter", *quotient.place)

    def middle(self, axis: int) -> str:
        """Return half the filter on an axis; one letter for both says that they are equal."""
        extent, name = list(HALVES.items())[axis]
        self.where[f"{extent} % 2 == 1"] = None
        if len(self.halves) == 1 and self.rank == 2:
            self.where["R == S"] = None
        return name

    def is_size(self, expression: Expression) -> bool:
        """Whether no index stands in an expression."""
        return not set(names_in(expression)) & self.names.keys()

    def entry(self, expression: Expression) -> Polynomial:
        """Return one entry of an index; (m - r)/u + 1 is the t with u*(t - 1) = m - r."""
        match expression:
            case WrittenSum(((1, WrittenQuotient() as quotient), *rest), place) if rest:
                others = WrittenSum(tuple(rest), place)
            case WrittenQuotient() as quotient:
                others = WrittenSum((), quotient.place)
            case _:
                return self.polynomial(expression)
        if self.is_size(quotient):
            return self.polynomial(expression)
        above = affine.polynomial(quotient.above, self.symbol)
        below = affine.polynomial(quotient.below, self.symbol)
        above = above + below * self.polynomial(others)
        name = self.declare(f"quotient {len(self.ranges)}")
        index = Polynomial.name(name)
        self.ranges.append(StatedRange(name, expression.place))
        self.conditions.append(above - below * index)
        return index

    def extent(self, name: str) -> str | None:
        """Return the extent of the tensor that an index reads by itself."""
        return next(iter(self.extents(name)), None)

    def extents(self, name: str) -> Iterator[str]:
        """Yield the extents of all tensors that an index reads by itself, or from the end."""
        reads = [(r.tensor.removeprefix("d"), r.index) for r in self.reads]
        for local in self.locals:
            reads += [("Y", local.above), (local.wrt, local.below)]
        alone = Polynomial.name(name)
        for role, index in reads:
            for axis, part in enumerate(index if role in EXTENTS else ()):
                extent = EXTENTS[role][axis]
                if part == alone or self._is_mirrored(part, name, EXTENTS[role], axis):
                    yield extent

    def _is_mirrored(
        self, part: Polynomial, name: str, extents: tuple[str, ...], axis: int
    ) -> bool:
        """Whether an index runs backwards: R - 1 - r, where one letter may stand for both."""
        one = f"{extents[0]} == {extents[1]}" in self.where
        whole = part + Polynomial.name(name)
        last = 2 * self.base - 1
        ends = {extents[axis], extents[0] if one else extents[axis]}
        return any(whole == Polynomial.name(end) + last for end in ends)

    def checked(self, index: Polynomial, symbol: Symbol) -> Polynomial:
        """Refuse a product of two indices: w_{ki} where one axis is read.

        An index that also stands for the padding, as in x_{pu+r-p}, is refused as well.
        """
        letters = set(self.names.values())
        here = Counter(name for monomial in index.terms for name in monomial if name in letters)
        if len(here) > 2 or any(times > 1 for times in here.values()):
            raise UnreadableError(
                "an index seems to stand for something else, too; give the padding its own letter",
                *(symbol.index_place or symbol.place),
            )
        extents = {name for names in EXTENTS.values() for name in names}
        if any(not letters.isdisjoint(m) and not extents.isdisjoint(m) for m in index.terms):
            raise UnreadableError(
                "a step as large as a size is not judged; give the stride its own letter",
                *(symbol.index_place or symbol.place),
            )
        if any(sum(name in letters for name in monomial) > 1 for monomial in index.terms):
            raise UnreadableError(
                "a product of two indices in an index", *(symbol.index_place or symbol.place)
            )
        return index

"""Which notations a formula is judged in: of the example, of hints, of the formulas themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from symconv.documents.formulas import relation
from symconv.documents.formulas.convention import Convention, Notation, Roles
from symconv.documents.formulas.definitions import defined
from symconv.documents.formulas.roles import element, is_forward, is_odd, is_output
from symconv.documents.formulas.setting import Setting
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.index_formulas.bias_gradients import bias_of
from symconv.documents.mathematics.syntax import (
    Derivative,
    Expression,
    Symbol,
)
from symconv.documents.mathematics.walk import walk
from symconv.documents.meanings.ahead import ForwardFormula, ForwardFormulas
from symconv.documents.meanings.families import Family, best, families, settings
from symconv.documents.notation.comments import Directives
from symconv.documents.notation.names import conventional
from symconv.documents.notation.reading import Hints, NotationReading
from symconv.documents.notation.surroundings import Surroundings
from symconv.documents.sizes.examples import ShownParts
from symconv.documents.source.place import Place
from symconv.documents.verdicts.judge import differences

_AROUND = 250
"""So many characters before and behind a formula tell what it is about."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a formula is judged in.

    Attributes:
        notations: every notation that may be meant; there is at least one.
        sure: whether more than the formula itself tells which tensor is which.
        odd: whether the names mean something else by convention, and nothing else tells.
        words: what is said around it, in small letters.
        others: notations that other forward formulas show, further away.
        general: what a forward formula says in letters where an example says it in numbers.
        unread: whether the forward formula of its tensors is not understood.
        sizes: what hints or the forward formulas before it say of stride, padding and dilation;
            None where nothing does.
    """

    notations: tuple[Notation, ...]
    sure: bool = True
    odd: bool = False
    words: str = ""
    others: tuple[Notation, ...] = ()
    general: tuple[Convention, ...] = ()
    unread: bool = False
    sizes: ShownParts | None = None


def difference(notations: Sequence[Notation]) -> str:
    """Return in what notations differ, and the option that decides between them."""
    known = [n for n in notations if isinstance(n, NotationReading)]
    if len(known) == len(notations):
        return differences(known)
    first, second = notations[:2]
    if first.names[:2] != second.names[:2]:
        return f"{first.names[0]} or {second.names[0]} is the input{first.hints.ask('names')}"
    if first.names != second.names:
        return f"{first.names[2]} or {second.names[2]} is the output{first.hints.ask('names')}"
    one, other = _settings(first, second)
    mine, theirs = relation.differences(one, other, lettered=True)
    if not mine:
        ask = first.hints.ask("index-base")
        return f"indices count from {one.base} or {other.base}{ask}"
    ask = first.hints.ask(*relation.options(one, other), joined=", ")
    return f"{mine} or {theirs}{ask}"


def special(notation: Notation, usual: Notation) -> str:
    """Return what one notation has that another one has not: ``with stride 1``."""
    one, other = _settings(notation, usual)
    said, _ = relation.differences(one, other, lettered=True)
    return said or f"counting from {one.base}"


def _settings(first: Notation, second: Notation) -> tuple[Setting, Setting]:
    """Return the convolutions of two notations, on as many axes."""
    known = next(n.setting for n in (first, second) if isinstance(n, Convention) and n.setting)
    one, other = (relation.shown(n, len(known.axes), n.base or 0) or known for n in (first, second))
    return one, other


class Meanings:
    """What the formulas of a document are judged in.

    Attributes:
        near: the notations that element equations show.
        said: the hints of the document's comments.
        hints: the user's.
        text: the document's, without its comments.
        found: what the formulas show of themselves.
        ahead: what the forward formulas among them say.
    """

    def __init__(
        self,
        formulas: Sequence[StatedFormula],
        near: Surroundings,
        said: Directives,
        hints: Hints,
        text: str,
    ) -> None:
        self.near = near
        self.text = text
        self.said = said
        self.hints = hints
        self.defined = frozenset(_defined(formulas))
        own = [f for f in formulas if self.defined.isdisjoint(map(str.upper, tensors_of(f)))]
        self.found = families(own, hints)
        self.ahead = ForwardFormulas(own, self.found, hints, self.text)
        self.known: dict[tuple[Roles, Hints, int], list[Convention]] = {}

    def of(self, formula: StatedFormula) -> Meant:
        """Return what a formula is judged in."""
        found = replace(self._of(formula), words=self._around(formula.place))
        if tensors_of(formula) & {n for family in self.found for n in family.roles.names()}:
            return found
        return replace(found, sizes=self._beside(formula.place))

    def _beside(self, place: Place) -> ShownParts | None:
        """Return what hints say of the convolution that a size is about, or forward formulas."""
        _, given = self.said.at(place.start)
        hints = self.hints.over(given)
        padding = None if hints.padding is None else [n for pair in hints.padding for n in pair]
        plain = (hints.stride, 1), (padding, 0), (hints.dilation, 1)
        if all(values is None for values, _ in plain):
            return self.ahead.sizes(place)
        said = (sorted({*(values or ())} - {usual}) for values, usual in plain)
        stride, padded, dilation = (" and ".join(map(str, values)) for values in said)
        return ShownParts(stride, padded, dilation, "what is said")

    def _around(self, place: Place) -> str:
        """Return the words of the paragraphs that a formula stands in and behind."""
        before = self.text[max(0, place.start - _AROUND) : place.start]
        after = self.text[place.end : place.end + _AROUND].split("\n\n")[0]
        return "\n\n".join([*before.split("\n\n")[-2:], after]).lower()

    def _of(self, formula: StatedFormula) -> Meant:
        names = frozenset(n for n in tensors_of(formula) if n.upper() not in self.defined)
        if bias := bias_of(*formula.sides[:2]):
            names -= {bias.name}
        start, given = self.said.at(formula.place.start)
        hints = self.hints.over(given)
        own = best(self.found, names)
        sure = _is_sure(own, names)
        if hints.names is not None and _share(names, hints.names):
            own, sure = [Family(Roles(*hints.names))], True
        letters = self.ahead.letters
        if (itself := self.ahead.at(formula.place)) is not None and itself.transposed:
            return Meant((Convention(hints, itself.roles, letters=letters, transposed=True),))
        region = self.near.last(formula.place.start, names)
        if region is not None and (given == Hints() or region.start >= start):
            reading = replace(region.readings[0], letters=letters)
            if _is_numbered(formula.sides[0]):
                return Meant(region.readings)
            beside = tuple(self._general(formula, own, names, hints))
            if not own or _share(names, (*reading.names, *reading.gradients)):
                one = _cased(reading, names) if element(formula.sides[0]) else reading
                return Meant((one,), general=beside)
            renamed = tuple(_renamed(reading, family.roles) for family in own)
            return Meant(renamed, sure, _is_odd(own, sure), general=beside)
        if is_forward(formula.sides[0]) or bias_of(*formula.sides[:2]):
            forwards: list[ForwardFormula] = []
        else:
            whole = _is_whole_output(formula.sides[0], own)
            forwards = self.ahead.about(formula.place, names, counted=whole)
        if forwards:
            return self._held(formula, forwards, own, hints, sure)
        if not own:
            return Meant((Convention(hints, letters=letters),))
        rank = rank_of(formula)
        notations: list[Notation] = [
            n for family in own for n in self._conventions(family, hints, rank)
        ]
        return Meant(tuple(notations), sure, _is_odd(own, sure))

    def _general(
        self,
        formula: StatedFormula,
        own: Sequence[Family],
        names: frozenset[str],
        hints: Hints,
    ) -> Iterator[Convention]:
        """Yield what a forward formula beside an example says with letters: for every stride."""
        if is_forward(formula.sides[0]) or bias_of(*formula.sides[:2]):
            return
        for forward in self.ahead.about(formula.place, names, counted=True)[:1]:
            for notation in self._shown_by(forward, formula, own, hints):
                if any(relation.lettered(notation)):
                    yield notation

    def _held(
        self,
        formula: StatedFormula,
        forwards: Sequence[ForwardFormula],
        own: Sequence[Family],
        hints: Hints,
        sure: bool,
    ) -> Meant:
        """Return the notations of a formula that is held to the forward formulas of its tensors."""
        first, *others = (
            tuple(self._shown_by(forward, formula, own, hints)) for forward in forwards
        )
        sure = sure or not any(is_odd(family.roles) for family in own)
        odd = bool(own) and _is_odd(own, sure)
        if not first:
            roles = [family.roles for family in own] or [forwards[0].roles]
            letters = self.ahead.letters
            plain = tuple(Convention(hints, names, letters=letters) for names in roles)
            return Meant(plain, sure, odd, unread=True)
        rest = tuple(notation for found in others for notation in found if notation not in first)
        return Meant(first, sure, odd, others=rest)

    def _shown_by(
        self,
        forward: ForwardFormula,
        formula: StatedFormula,
        own: Sequence[Family],
        hints: Hints,
    ) -> Iterator[Convention]:
        """Yield the notations that a forward formula shows for a formula behind it."""
        strict = self.ahead.is_general(forward, formula.place)
        confirmed = strict and self.ahead.confirms(forward)
        known = [f.roles for f in own if f.ahead or not _are_exchanged(f.roles, forward.roles)]
        for roles in [forward.roles] if forward.transposed or not known else known:
            for setting in forward.settings:
                yield Convention(
                    hints,
                    roles,
                    setting,
                    ahead=True,
                    strict=strict,
                    confirmed=confirmed,
                    counted=forward.counted,
                    letters=self.ahead.letters,
                    transposed=forward.transposed,
                )

    def conventions(self, family: Family, formula: StatedFormula, rank: int) -> list[Convention]:
        """Return every notation without an example that a family's formula may be meant in."""
        _, given = self.said.at(formula.place.start)
        return self._conventions(family, self.hints.over(given), rank)

    def _conventions(self, family: Family, hints: Hints, rank: int) -> list[Convention]:
        key = family.roles, hints, rank
        if key not in self.known:
            self.known[key] = [
                Convention(hints, family.roles, setting, letters=self.ahead.letters)
                for setting in settings(family, hints, rank, self.ahead.letters)
            ]
        return self.known[key]


def _are_exchanged(one: Roles, other: Roles) -> bool:
    """Whether what is the input to one is the filter to the other."""
    return (one.input, one.filter) == (other.filter, other.input)


def _is_whole_output(left: Expression, own: Sequence[Family]) -> bool:
    """Whether an operator formula of the output stands here: Y = X * W."""
    outputs = {family.roles.output.casefold() for family in own}
    match left:
        case Symbol(name, None):
            return name.casefold() in outputs or conventional(name) == "Y"
    return False


def _share(names: Collection[str], others: Collection[str]) -> bool:
    """Whether a name stands in both, in either case, with a layer above it or without."""
    names = {*names, *(name.split("^")[0] for name in names)}
    return not {name.casefold() for name in names}.isdisjoint(map(str.casefold, others))


def _is_sure(own: Sequence[Family], names: frozenset[str]) -> bool:
    """Whether two formulas say which tensor is which, or convention does."""
    if any(len(family.formulas) > 1 for family in own):
        return True
    if any(is_odd(family.roles) for family in own):
        return False
    return not own or all(conventional(name) or name == "\\delta" for name in names)


def _is_odd(own: Sequence[Family], sure: bool) -> bool:
    """Whether names mean something else by convention than they would have to."""
    roles = own[0].roles
    return is_output(roles.gradient) or (not sure and is_odd(roles))


def _cased(reading: NotationReading, names: frozenset[str]) -> NotationReading:
    """Return an example whose letters are written in the other case: X_{ij} of x_{00}."""

    def written(name: str) -> str:
        other = name.swapcase()
        return other if name not in names and other in names else name

    return replace(
        reading,
        input=written(reading.input),
        filter=written(reading.filter),
        outputs=tuple(dict.fromkeys([*reading.outputs, *map(written, reading.outputs)])),
    )


def _renamed(reading: NotationReading, roles: Roles) -> NotationReading:
    """Return an example in other letters."""
    return replace(
        reading,
        input=roles.input,
        filter=roles.filter,
        outputs=(roles.output,),
        gradients=(roles.gradient,) if roles.gradient else (),
    )


def _defined(formulas: Sequence[StatedFormula]) -> Iterator[str]:
    """Yield the names that a document defines; their elements are written in small letters, too."""
    for formula in formulas:
        left, right = formula.sides[:2]
        own = isinstance(left, Symbol) and not conventional(left.name)
        if isinstance(left, Symbol) and own and defined(left, right) is not None:
            yield left.name.upper()


def tensors_of(formula: StatedFormula) -> frozenset[str]:
    """Return the names of what may be tensors in a formula."""
    return frozenset(name for side in formula.sides for name in tensors(side))


def tensors(expression: Expression) -> Iterator[str]:
    """Yield the names of what may be tensors in an expression; a loss is none."""
    for node in walk(expression, into=lambda node: not isinstance(node, Derivative)):
        match node:
            case Symbol(name):
                yield name
            case Derivative(of, wrt):
                yield from (s.name for s in (of, wrt) if s is wrt or s.index is not None)


def _is_numbered(left: Expression) -> bool:
    """Whether an element with numbers for indices stands on the left."""
    found = element(left)
    return found is not None and all(
        token.kind == "number" for part in found.symbol.index or () for token in part
    )


def rank_of(formula: StatedFormula) -> int:
    """Return the number of axes of the element on the left, 2 where no element stands there."""
    found = element(formula.sides[0])
    parts = found.symbol.index if found is not None else None
    if not parts:
        return 2
    written = sum(len(t.text) if t.kind == "number" else 1 for t in parts[0])
    return len(parts) if len(parts) > 1 else 1 + (written == 2)

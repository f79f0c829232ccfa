r"""What the forward formulas of a document say of stride, padding, dilation, flip and first index.

Gradients are held to the forward formula of their tensors: what it leaves open is not known, and
what it says counts in letters, too, \sum_m X_{si+m} W_m for every stride s.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from symconv.documents.formulas import relation
from symconv.documents.formulas.convention import Convention, Roles
from symconv.documents.formulas.letters import EXTENTS, SECOND_MEANINGS, Meaning
from symconv.documents.formulas.own_letters import own_letters
from symconv.documents.formulas.roles import (
    axes_of_index,
    element,
    factors_of,
    indices_of,
    is_forward,
)
from symconv.documents.formulas.setting import PLAIN, OneAxis, Setting
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.index_formulas.indices import bases, index_formula, is_index_formula
from symconv.documents.mathematics.syntax import BigSum, Expression, Symbol, UnreadableError
from symconv.documents.meanings.families import Family, roles_of
from symconv.documents.meanings.special_cases import NEAR, SpecialCases
from symconv.documents.meanings.transposed import transposed_forward
from symconv.documents.notation.names import conventional
from symconv.documents.notation.reading import Hints
from symconv.documents.operators.formula import is_operator_formula
from symconv.documents.operators.forward import forward_letters, forward_operands, operator_forward
from symconv.documents.sizes.examples import ShownParts
from symconv.documents.source.place import Place

_MOST_KINDS = 4
_FEWEST = 2
"""A formula is about the tensors of another one if they share so many names."""


@dataclass(frozen=True, slots=True)
class ForwardFormula:
    """A forward formula, and what it says.

    Attributes:
        place: where it stands.
        roles: which tensor is which.
        settings: the convolutions that it may speak of; none where its indices are not understood.
        counted: whether it tells the first index.
        transposed: whether it is a transposed convolution.
    """

    place: Place
    roles: Roles
    settings: tuple[Setting, ...]
    counted: bool = True
    transposed: bool = False


class ForwardFormulas:
    """The forward formulas of a document.

    Attributes:
        letters: what letters mean by their places in them.
        found: what they say, in order.
        special: what words say of special cases.
    """

    def __init__(
        self, formulas: Sequence[StatedFormula], found: Sequence[Family], hints: Hints, text: str
    ) -> None:
        self.letters = dict(_letters(formulas, hints, text))
        self.found = [
            one for formula in formulas for one in _said(formula, found, hints, self.letters, text)
        ]
        self.found.sort(key=lambda one: one.place.start)
        self.special = SpecialCases(text if self.found else "")
        self._at = {one.place: one for one in self.found}
        self._groups: dict[tuple[frozenset[str], bool], _Group] = {}
        for one in self.found:
            key = frozenset(map(str.casefold, one.roles.names())), one.counted
            self._groups.setdefault(key, _Group()).take(one)

    def at(self, place: Place) -> ForwardFormula | None:
        """Return what the formula at a place says, None for no forward formula."""
        return self._at.get(place)

    def sizes(self, place: Place) -> ShownParts | None:
        """Return stride, padding and dilation that all forward formulas have, and one before it.

        None where there is none, or where the words speak of a special case.
        """
        known = [one for (_, counted), group in self._groups.items() if counted
                 for one in group.kinds if one.settings]  # fmt: skip
        before = [one for one in known if one.place.start < place.start]
        if not before or not self.is_general(before[-1], place):
            return None
        said = [relation.spoken(setting) for one in known for setting in one.settings]
        common = [all(parts) for parts in zip(*said, strict=True)]
        last = relation.spoken(before[-1].settings[-1])
        stride, padding, dilation = (
            part if everywhere else "" for part, everywhere in zip(last, common, strict=True)
        )
        transposed = all(one.transposed for one in known)
        return ShownParts(stride, padding, dilation, transposed=transposed)

    def about(
        self, place: Place, names: Collection[str], counted: bool = False
    ) -> list[ForwardFormula]:
        """Return those about a formula's tensors, first the last one before it, else the next one.

        What is written with indices says more than operators do, whose stride may go unsaid;
        ``counted`` asks for nothing else.  Behind the first one stands one of every other kind.
        """
        wanted = {name.casefold() for name in names}
        groups = [
            (group, indexed)
            for (own, indexed), group in self._groups.items()
            if len(own & wanted) >= _FEWEST and (indexed or not counted)
        ]
        indexed_ones = [group for group, indexed in groups if indexed]
        chosen = indexed_ones or [group for group, _ in groups]
        nearest = [one for group in chosen if (one := group.nearest(place)) is not None]
        if not nearest:
            return []
        first = min(nearest, key=lambda one: (one.place.start > place.start, -one.place.start))
        others = [one for group in chosen for one in group.kinds if one.place != place]
        return [first, *(one for one in others if one.settings != first.settings)]

    def is_general(self, forward: ForwardFormula, place: Place) -> bool:
        """Whether nothing makes what is behind a forward formula a special case of it."""
        letters = {own for setting in forward.settings for own in setting.spelled.values()}
        return self.special.is_general(forward.place, place, letters)

    def confirms(self, forward: ForwardFormula) -> bool:
        """Whether words beside a forward formula say the numbers of its relation."""
        near = self.special.text[
            max(0, forward.place.start - NEAR) : forward.place.end + NEAR
        ].lower()
        plain = [Setting((PLAIN,) * len(one.axes), one.base) for one in forward.settings]
        needed = [
            relation.needed(one, other, Convention())
            for one, other in zip(forward.settings, plain, strict=True)
        ]
        return all(parts and relation.are_said(parts, near) for parts in needed)


@dataclass(slots=True)
class _Group:
    """The forward formulas of the same tensors, in order, and one of each kind."""

    found: list[ForwardFormula] = field(default_factory=list)
    kinds: list[ForwardFormula] = field(default_factory=list)

    def take(self, one: ForwardFormula) -> None:
        """Take the next one."""
        self.found.append(one)
        kinds = {(other.settings, other.transposed) for other in self.kinds}
        if len(self.kinds) < _MOST_KINDS and (one.settings, one.transposed) not in kinds:
            self.kinds.append(one)

    def nearest(self, place: Place) -> ForwardFormula | None:
        """Return the last one before a place, else the first one behind it."""
        k = bisect_left(self.found, place.start, key=lambda one: one.place.start)
        if k:
            return self.found[k - 1]
        behind = (one for one in self.found[:2] if one.place != place)
        return next(behind, None)


def _letters(
    formulas: Sequence[StatedFormula], hints: Hints, text: str
) -> Iterator[tuple[str, Meaning]]:
    """Yield what letters mean by their places, where all forward formulas give them one meaning."""
    said: dict[str, set[Meaning]] = {}
    for formula in formulas:
        left, right = formula.sides[:2]
        own: Mapping[str, Meaning] = {}
        if _is_output(left) and is_operator_formula(right):
            own = forward_letters(right)
        elif is_forward(left) and (shown := transposed_forward(formula, text)) is not None:
            own = shown.letters
        elif is_forward(left):
            for roles in roles_of(formula, hints):
                own = own_letters(left, right, roles)
        for letter, meaning in own.items():
            said.setdefault(letter, set()).add(meaning)
    for letter, meanings in said.items():
        if len(meanings) == 1:
            yield letter, meanings.pop()


def _said(
    formula: StatedFormula,
    found: Sequence[Family],
    hints: Hints,
    letters: Mapping[str, Meaning],
    text: str,
) -> Iterator[ForwardFormula]:
    left, right = formula.sides[:2]
    if is_forward(left) and (shown := transposed_forward(formula, text)) is not None:
        notation = Convention(hints, shown.roles, letters=letters, transposed=True)
        known = tuple(_of_indices(left, right, notation))
        yield ForwardFormula(formula.place, shown.roles, known, transposed=True)
        return
    if isinstance(left, Symbol) and _is_output(left) and is_operator_formula(right):
        for roles in _of_operators(left.name, right, found):
            notation = Convention(replace(hints, flipped=None), roles, letters=letters)
            if (one := operator_forward(right, notation)) is not None:
                named = Roles(one.input, one.filter, left.name)
                yield ForwardFormula(formula.place, named, one.settings, counted=False)
                return
    elif is_forward(left) and is_index_formula(right):
        for roles in roles_of(formula, hints):
            settings = _of_indices(left, right, Convention(hints, roles, letters=letters))
            yield ForwardFormula(formula.place, roles, tuple(settings))
        if formula.refused is None and (unread := _unread(left, right)) is not None:
            yield ForwardFormula(formula.place, unread, ())


def _unread(left: Expression, right: Expression) -> Roles | None:
    """Return the tensors of a sum of products whose indices are not understood, None for others."""
    target = element(left)
    factors = [one.symbol for factor in factors_of(right) if (one := element(factor)) is not None]
    if target is None or len(factors) != 2 or not isinstance(right, BigSum):
        return None
    axes = axes_of_index(target.symbol)
    for symbol in (target.symbol, *factors):
        try:
            indices_of(symbol, axes)
        except UnreadableError:
            a, b = (symbol.name for symbol in factors)
            turned = conventional(a) == "F" or conventional(b) == "X"
            return Roles(*((b, a) if turned else (a, b)), target.symbol.name)
    return None


def _is_output(left: Expression) -> bool:
    return isinstance(left, Symbol) and left.index is None


def _of_operators(
    output: str, right: Expression, found: Sequence[Family]
) -> Iterator[Roles | None]:
    """Yield which tensor may be which beside an output.

    That is as in other formulas, by convention, or by what is padded and what is turned.
    """
    for family in found:
        if family.roles.output.casefold() == output.casefold():
            yield family.roles
    if conventional(output) == "Y":
        yield None
    if (operands := forward_operands(right)) is not None:
        yield Roles(*operands, output)


def _of_indices(left: Expression, right: Expression, notation: Convention) -> list[Setting]:
    """Return every convolution that an index formula of the output may speak of.

    That indices count from 1 is not thought of where it makes the padding no less.
    """
    found = list(_readings(left, right, notation))
    first = min((_oddities(one) for one in found if not one.base), default=None)
    return [one for one in found if not one.base or first is None or _oddities(one) < first]


def _oddities(setting: Setting) -> int:
    return sum(
        part != plain
        for axis in setting.axes
        for part, plain in zip(
            (axis.stride, axis.dilation, axis.low),
            (PLAIN.stride, PLAIN.dilation, PLAIN.low),
            strict=True,
        )
    )


def _readings(left: Expression, right: Expression, notation: Convention) -> Iterator[Setting]:
    """Yield it in every meaning of its letters, counted from 0 and from 1."""
    found: list[Setting] = []
    base = notation.hints.base
    for first, second in product(
        bases(right, notation) if base is None else (base,), SECOND_MEANINGS
    ):
        try:
            stated = index_formula(left, right, notation, first, second)
        except UnreadableError:
            continue
        target = "dX" if notation.transposed else "Y"
        if stated.target != target or not second <= stated.formula.ambiguous:
            continue
        setting = relation.own(stated.target, stated.free, stated.formula, first)
        if setting is None or any(map(_is_of_output, setting.axes)):
            continue
        setting = replace(setting, filter=())
        if setting not in found:
            found.append(setting)
            yield setting


def _is_of_output(axis: OneAxis) -> bool:
    """Whether the padding would be as large as the output, which nobody means."""
    return not axis.low.names.isdisjoint(EXTENTS["Y"])

r"""What the forward formulas of a document say of stride, padding, dilation, flip and first index.

Gradients are held to the forward formula of their tensors: what it leaves open is not known, and
what it says counts in letters, too, \sum_m X_{si+m} W_m for every stride s.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from symconv.documents.formulas import relation
from symconv.documents.formulas.convention import Convention, Roles
from symconv.documents.formulas.letters import EXTENTS, SECOND_MEANINGS, Meaning
from symconv.documents.formulas.own_letters import own_letters
from symconv.documents.formulas.roles import is_forward
from symconv.documents.formulas.setting import PLAIN, OneAxis, Setting
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.index_formulas.indices import bases, index_formula, is_index_formula
from symconv.documents.mathematics.syntax import Expression, Symbol, UnreadableError
from symconv.documents.meanings.families import Family, roles_of
from symconv.documents.meanings.transposed import transposed_roles
from symconv.documents.notation.names import conventional
from symconv.documents.notation.reading import Hints
from symconv.documents.operators.formula import is_operator_formula
from symconv.documents.operators.forward import forward_letters, operator_forward
from symconv.documents.source.place import Place

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

    def shared(self, names: Collection[str]) -> int:
        """Return how many of some names are its own, in either case."""
        own = {name.casefold() for name in self.roles.names()}
        return len(own & {name.casefold() for name in names})


class ForwardFormulas:
    """The forward formulas of a document.

    Attributes:
        letters: what letters mean by their places in them.
        found: what they say, in order.
    """

    def __init__(
        self, formulas: Sequence[StatedFormula], found: Sequence[Family], hints: Hints, text: str
    ) -> None:
        self.letters = dict(_letters(formulas, found, hints))
        self.found = [
            one for formula in formulas for one in _said(formula, found, hints, self.letters, text)
        ]
        self.found.sort(key=lambda one: one.place.start)

    def at(self, place: Place) -> ForwardFormula | None:
        """Return what the formula at a place says, None for no forward formula."""
        return next((one for one in self.found if one.place == place), None)

    def sizes(self, place: Place, text: str) -> tuple[str, ...] | None:
        """Return stride, padding and dilation that all forward formulas have, and one before it.

        None where there is none, or where the words speak of a special case.
        """
        known = [one for one in self.found if one.counted and one.settings]
        before = [one for one in known if one.place.start < place.start]
        if not before or not is_general(text, before[-1], place):
            return None
        said = [relation.spoken(setting) for one in known for setting in one.settings]
        return tuple(
            part if all(parts) else ""
            for part, parts in zip(said[-1], zip(*said, strict=True), strict=True)
        )

    def about(self, place: Place, names: Collection[str]) -> list[ForwardFormula]:
        """Return those about a formula's tensors, first the last one before it.

        What is written with indices says more than operators do, whose stride may go unsaid.
        """
        near = [one for one in self.found if one.place != place and one.shared(names) >= _FEWEST]
        near = [one for one in near if one.counted] or near
        before = bisect_right(near, place.start, key=lambda one: one.place.start)
        return [*reversed(near[:before]), *near[before:]]


def _letters(
    formulas: Sequence[StatedFormula], found: Sequence[Family], hints: Hints
) -> Iterator[tuple[str, Meaning]]:
    """Yield what letters mean by their places, where all forward formulas give them one meaning."""
    said: dict[str, set[Meaning]] = {}
    for formula in formulas:
        left, right = formula.sides[:2]
        own: Mapping[str, Meaning] = {}
        if _is_output(left) and is_operator_formula(right):
            own = forward_letters(right)
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
    if is_forward(left) and (roles_ := transposed_roles(formula, text)) is not None:
        notation = Convention(hints, roles_, letters=letters, transposed=True)
        known = tuple(_of_indices(left, right, notation))
        yield ForwardFormula(formula.place, roles_, known, transposed=True)
        return
    if isinstance(left, Symbol) and _is_output(left) and is_operator_formula(right):
        for roles in _of_operators(left.name, found):
            notation = Convention(replace(hints, flipped=None), roles, letters=letters)
            if (one := operator_forward(right, notation)) is not None:
                named = Roles(one.input, one.filter, left.name)
                yield ForwardFormula(formula.place, named, one.settings, counted=False)
                return
    elif is_forward(left) and is_index_formula(right):
        for roles in roles_of(formula, hints):
            settings = _of_indices(left, right, Convention(hints, roles, letters=letters))
            yield ForwardFormula(formula.place, roles, tuple(settings))


def _is_output(left: Expression) -> bool:
    return isinstance(left, Symbol) and left.index is None


def _of_operators(output: str, found: Sequence[Family]) -> Iterator[Roles | None]:
    """Yield which tensor may be which beside an output: as in other formulas, or by convention."""
    for family in found:
        if family.roles.output.casefold() == output.casefold():
            yield family.roles
    if conventional(output) == "Y":
        yield None


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
    return any(name in EXTENTS["Y"] for monomial in axis.low for name in monomial)


_SPECIAL = re.compile(
    r"\b(?:simplicity|simplif\w+|simplest|(?:simple|special|particular|plain) case|assum\w+"
    r"|suppos\w+|ignor\w+|omit\w*|neglect\w*|drop(?:s|ped|ping)?\b|unit (?:stride|step)"
    r"|undilated|unpadded|unstrided|non-strided|(?:without|no)\s+(?:\w+\s+)?"
    r"(?:padding|strid\w+|dilation)|(?:valid|same)\s+(?:padding|convolution)"
    r"|(?:stride|padding|dilation|step)\s*(?:is|of|=|:|being|equal\s+to)?\s*\$?(?:0|1|one|zero)\b)",
    re.IGNORECASE,
)
_NEAR = 400


def is_general(text: str, forward: ForwardFormula, place: Place) -> bool:
    """Whether nothing between a forward formula and a gradient behind it speaks of a special case.

    Neither do the paragraphs around them, nor does a letter of the forward formula get a number.
    """
    start, end = forward.place.start, place.start
    if start > end:
        return False
    near = text[max(0, start - _NEAR) : end] + text[place.end : place.end + _NEAR]
    letters = {own for setting in forward.settings for own in setting.spelled.values()}
    numbered = any(
        re.search(rf"(?<![A-Za-z\\]){re.escape(letter)}\s*(?:=|\\equiv|:=)\s*[01]\b", text)
        for letter in letters
    )
    return not numbered and _SPECIAL.search(near) is None

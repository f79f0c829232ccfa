"""The convolutions that formulas speak of: their names, and what they agree on.

Forward formulas say which tensor is which; where there is none, gradients do.  A formula whose
names differ from a family's by one holds a slip, and founds no family of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from symconv.documents.formulas.convention import Convention, Roles
from symconv.documents.formulas.letters import SECOND_MEANINGS, Meaning
from symconv.documents.formulas.relation import is_size, own, shown
from symconv.documents.formulas.roles import is_forward, is_odd, roles
from symconv.documents.formulas.setting import PLAIN, Setting
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.index_formulas.indices import bases, index_formula
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.notation.reading import Hints

_MOST = 4
_FEWEST = 2
"""So many results have to speak for a stride, a padding, a flip that nothing else shows."""


@dataclass(slots=True, eq=False)
class Family:
    """The formulas about one convolution.

    Attributes:
        roles: which tensor is which.
        formulas: those that say so themselves.
        gradients: own names of the output's gradient, with how often they occur.
    """

    roles: Roles
    formulas: list[StatedFormula] = field(default_factory=list)
    gradients: Counter[str] = field(default_factory=Counter)

    @property
    def ahead(self) -> bool:
        """Whether a forward formula speaks for it."""
        return any(is_forward(formula.sides[0]) for formula in self.formulas)

    def says(self, roles: Roles) -> bool:
        """Whether it has these roles, as far as both are known."""
        known = not self.roles.output or not roles.output or self.roles.output == roles.output
        return self.roles[:2] == roles[:2] and known

    def take(self, formula: StatedFormula, roles: Roles) -> None:
        """Take a formula that says the same; most have to agree on the gradient's own name."""
        self.formulas.append(formula)
        output = self.roles.output or roles.output
        self.gradients[roles.gradient] += roles.gradient not in ("", output)
        (name, most), *others = [*self.gradients.most_common(2), ("", 0)]
        gradient = name if most > others[0][1] else ""
        self.roles = self.roles._replace(output=output, gradient=gradient)


def families(formulas: Sequence[StatedFormula], hints: Hints) -> list[Family]:
    """Return the families of a document; two that share names are two readings of it."""
    said = [(formula, option) for formula in formulas for option in roles_of(formula, hints)]
    said.sort(key=lambda pair: not pair[1].output)
    found: list[Family] = []
    for formula, option in said:
        home = next((family for family in found if family.says(option)), None)
        if home is None:
            found.append(home := Family(option))
        home.take(formula, option)
    return [f for f in found if not any(_rivals(f, g) and _beats(g, f) for g in found)]


def roles_of(formula: StatedFormula, hints: Hints) -> tuple[Roles, ...]:
    """Return what the indices of a formula say of its tensors, without what is unlikely."""
    left, *others = formula.sides
    found = next((said for side in others if (said := roles(left, side))), ())
    told = [option for option in found if option[:3] == hints.names]
    likely = [option for option in found if not is_odd(option)]
    return tuple(told or likely or found)


def _rivals(one: Family, other: Family) -> bool:
    """Whether two families may be one: by a slip in a name, or by exchanged roles."""
    names, others = one.roles.names(), other.roles.names()
    two = one.ahead and other.ahead and names != others
    common = len(names & others) + (not one.roles.output or not other.roles.output)
    return one is not other and common > 1 and not two


def _beats(one: Family, other: Family) -> bool:
    """Whether more formulas speak for one of two rivals; a forward formula defines roles."""
    same = one.roles.names() == other.roles.names()
    if same and one.ahead != other.ahead:
        return one.ahead and len(one.formulas) >= len(other.formulas)
    return len(one.formulas) > len(other.formulas)


def best(found: Sequence[Family], names: frozenset[str]) -> list[Family]:
    """Return the families that a formula with these names may belong to.

    Matrices are often written in capitals, and their elements in small letters.
    """
    common = [len(names & family.roles.names()) for family in found]
    if not any(common):
        names = frozenset(name.casefold() for name in names)
        common = [len(names & {own.casefold() for own in f.roles.names()}) for f in found]
    most = max(common, default=0)
    if most < min(2, len(names)) or most == 0:
        return []
    homes = [family for family, n in zip(found, common, strict=True) if n == most]
    return [f for f in found if f in homes or any(_rivals(f, home) for home in homes)][:_MOST]


def settings(
    family: Family, hints: Hints, rank: int, letters: Mapping[str, Meaning]
) -> list[Setting | None]:
    """Return the convolutions that a family may be about, None for the plain one.

    What two of its results need is shown; what one alone needs is not, but denies what the
    others need.
    """
    votes: list[tuple[Setting, set[str]]] = []
    notation = Convention(hints, family.roles, letters=letters)
    for formula in family.formulas:
        for target, needed in _needed(formula, notation, rank):
            targets = next((known for setting, known in votes if setting == needed), None)
            if targets is None:
                votes.append((needed, targets := set()))
            targets.add(target)
    votes.sort(key=lambda vote: (-len(vote[1]), _strangeness(vote[0])))
    if not votes:
        return [None]
    likeliest, targets = votes[0]
    if len(targets) >= _FEWEST or (hints.flipped and likeliest.flipped):
        return [likeliest]
    ahead = [setting for setting, targets in votes if "Y" in targets]
    if len(ahead) < len(votes) and ahead and not ahead[0].plain:
        return [ahead[0], None]
    return [None]


def _needed(
    formula: StatedFormula, notation: Convention, rank: int
) -> Iterator[tuple[str, Setting]]:
    """Yield what a formula computes, and every convolution of which its indices speak."""
    left, right = formula.sides[0], formula.sides[1]
    found: list[Setting] = []
    base = notation.hints.base
    tried = bases(right, notation) if base is None else (base,)
    for first, second in product(tried, SECOND_MEANINGS):
        try:
            stated = index_formula(left, right, notation, first, second)
        except UnreadableError:
            continue
        setting = own(stated.target, stated.free, stated.formula, first)
        if setting is None or len(setting.axes) != rank or not _is_sized(setting):
            continue
        setting = replace(setting, filter=())
        known = shown(replace(notation, setting=setting), rank, first)
        if setting not in found and known == setting:
            found.append(setting)
            yield stated.target, setting


def _is_sized(setting: Setting) -> bool:
    """Whether a setting is made of numbers and extents, and no letter stands for itself."""
    return all(
        is_size(part) for axis in setting.axes for part in (axis.stride, axis.dilation, axis.low)
    )


def _strangeness(setting: Setting) -> tuple[bool, int, int]:
    """What a reader would assume last."""
    plain = (PLAIN.stride, PLAIN.dilation, PLAIN.low)
    odd = [(axis.stride, axis.dilation, axis.low) for axis in setting.axes]
    others = sum(a != b for parts in odd for a, b in zip(parts, plain, strict=True))
    return setting.flipped, others, setting.base

"""What formulas show of a notation where no elements do, for a reader to hold against his own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symconv.documents.formulas.convention import Convention, Roles
from symconv.documents.formulas.relation import differences
from symconv.documents.formulas.setting import PLAIN, Setting
from symconv.documents.meanings.families import Family
from symconv.documents.meanings.meant import Meanings, rank_of
from symconv.errors import how_many


@dataclass(frozen=True, slots=True)
class Shown:
    """A notation for any sizes.

    Attributes:
        start: where the first of its formulas stands.
        formulas: how many formulas tell which tensor is which.
        rank: the number of axes.
        readings: each way to read them, with its evidence.
    """

    start: int
    formulas: int
    rank: int
    readings: tuple[tuple[Convention, tuple[str, ...]], ...]


def shown(meanings: Meanings) -> tuple[Shown, ...]:
    """Return the notations that only formulas show, in order; those of one set of names as one."""
    alike: dict[frozenset[str], list[Family]] = {}
    for family in meanings.found:
        if not family.roles.names() <= meanings.near.names:
            alike.setdefault(family.roles.names(), []).append(family)
    found = [_shown(families, meanings) for families in alike.values()]
    return tuple(sorted(found, key=lambda one: one.start))


def _shown(families: Sequence[Family], meanings: Meanings) -> Shown:
    formulas = [formula for family in families for formula in family.formulas]
    first = min(formulas, key=lambda formula: formula.place.start)
    rank = rank_of(first)
    readings = tuple(
        (convention, _evidence(family))
        for family in families
        for convention in meanings.conventions(family, first, rank)
    )
    return Shown(first.place.start, len({id(f) for f in formulas}), rank, readings)


def _evidence(family: Family) -> tuple[str, ...]:
    n = len(family.formulas)
    says = "1 formula says" if n == 1 else f"{n} formulas say"
    ahead = "; a forward formula is among them" if n > 1 and family.ahead else ""
    return (f"{says} which tensor is which{ahead}",)


def line(convention: Convention, rank: int) -> str:
    """Return a notation in one line: any sizes on 2 axes, input x, filter w, output y."""
    roles = convention.roles or Roles("?", "?", "?")
    words = [f"any sizes on {how_many(rank, 'axis')}"]
    words += [f"{what} {name or '?'}" for what, name in zip(_TENSORS, roles, strict=False)]
    if roles.gradient:
        words.append(f"gradient of the output {roles.gradient}")
    if (setting := convention.setting) is not None:
        plain = Setting((PLAIN,) * len(setting.axes), setting.base)
        if special := differences(setting, plain)[0]:
            words.append(special)
        words.append(f"indices from {setting.base}")
    return ", ".join(words)


_TENSORS = ("input", "filter", "output")

"""Which convolution a formula is about: what the document shows, or what the formula itself needs.

Every product x[a] f[r] that adds to y[p] says a = u*p + d*r - lo.  Put the three indices of a
formula in, and what is left over is the padding: a formula that is right for another convolution
than the document's example is not wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from symconv.documents.formulas import affine
from symconv.documents.formulas.convention import Convention, Notation
from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.letters import (
    BEFORE,
    DILATION,
    DILATIONS,
    EXTENTS,
    HALVES,
    PADDING,
    STRIDE,
    STRIDES,
)
from symconv.documents.formulas.setting import PLAIN, OneAxis, Setting
from symconv.formula.words import Role, letters, moved_to
from symconv.geometry import Axis
from symconv.polynomial import ZERO, Polynomial

_STEPS = range(1, 5)
_SPELLED = {"one": 1, "two": 2, "three": 3, "four": 4}
_NUMBERED = (
    r"\b{}s?\b[\s\-]*(?:(?:of|is|are|=|:|equals?|to)\s*)*"
    rf"\$?(?:(?:\\[a-z]+|[a-z])\s*=\s*)?(\d{{{{1,9}}}}|{'|'.join(_SPELLED)})\b"
)
"""How words say the number of a stride, of padding or of a dilation."""
_LARGE = dict.fromkeys([*letters(Role.INPUT, Role.FILTER, Role.OUTPUT), *HALVES.values()], 100)
"""Sizes at which padding cannot be below 0."""


def differences(
    own: Setting, example: Setting, spoken: Collection[str] = (), lettered: bool = False
) -> tuple[str, str]:
    """Return in words how two settings differ: ``with stride 2, without padding``, and back.

    ``spoken`` holds what a formula has letters for, so that it does not matter; nor do letters
    that stand for themselves in ``own``, unless ``lettered`` asks for them.
    """
    mine: list[str] = []
    other: list[str] = []
    for said, setting in ((mine, own), (other, example)):
        for name, part in _PARTS.items():
            if name in spoken:
                continue
            needed = [part(axis) for axis in own.axes]
            differ = needed != [*map(part, example.axes)]
            if differ and (lettered or all(map(is_size, needed))):
                said.append(_named(name, [*map(part, setting.axes)], setting))
        if own.flipped != example.flipped:
            said.append("with a flipped filter" if setting.flipped else "without flipping")
        if any(own.filter) and setting is own:
            extents = " x ".join(str(n or "?") for n in own.filter)
            said.append(f"with a filter of {extents} elements")
    return ", ".join(mine), ", ".join(other)


def options(own: Setting, example: Setting) -> tuple[str, ...]:
    """Return the options that say what one setting has and the other has not: stride 2."""
    said = []
    for name, part in _PARTS.items():
        needed = [part(axis) for axis in own.axes]
        if needed != [*map(part, example.axes)] and not any(n.names for n in needed):
            said.append(f"{name} {'x'.join(dict.fromkeys(map(affine.text, needed)))}")
        elif needed != [*map(part, example.axes)] and not own.flipped:
            said += [name, "filter"]
    if own.flipped != example.flipped:
        said.append(f"forward {'convolution' if own.flipped else 'correlation'}")
    if any(own.filter):
        said.append(f"filter {'x'.join(str(n or '?') for n in own.filter)}")
    return tuple(dict.fromkeys(said)) or ("padding",)


def lettered(convention: Convention) -> Iterator[bool]:
    """Yield for every part of a convolution whether a letter stands for it."""
    axes = convention.setting.axes if convention.setting is not None else ()
    yield from (bool(part(axis).names) for axis in axes for part in _PARTS.values())


def spoken(setting: Setting) -> tuple[str, ...]:
    """Return stride, padding and dilation as a document spells them, "" for what there is not."""
    plain = {name: part(PLAIN) for name, part in _PARTS.items()}
    values = {name: [part(axis) for axis in setting.axes] for name, part in _PARTS.items()}
    return tuple(
        _spelt(values[name], setting) if any(v != plain[name] for v in values[name]) else ""
        for name in values
    )


def _named(name: str, values: list[Polynomial], setting: Setting) -> str:
    if name == "padding" and not any(values):
        return "without padding"
    return f"with {name} {_spelt(values, setting)}"


def _spelt(values: Sequence[Polynomial], setting: Setting) -> str:
    spelled = {own: Polynomial.name(a) for own, a in setting.spelled.items()}
    said = [affine.text(value.substitute(spelled)) for value in values]
    return " and ".join(dict.fromkeys(said))


_PARTS: Mapping[str, Callable[[OneAxis], Polynomial]] = {
    "stride": lambda axis: axis.stride,
    "padding": lambda axis: axis.low,
    "dilation": lambda axis: axis.dilation,
}


def shown(reading: Notation, rank: int, base: int) -> Setting | None:
    """Return the document's convolution; None where its example has other axes."""
    if isinstance(reading, Convention):
        return _told(reading, rank, base)
    axes: Sequence[Axis] = reading.geometry.axes
    if len(axes) != rank:
        alike = {(a.stride, a.padding, a.dilation) for a in axes}
        if len(alike) > 1:
            return None
        axes = (axes[0],) * rank
    return Setting(tuple(map(_one_axis, axes)), base, reading.flipped)


def _told(convention: Convention, rank: int, base: int) -> Setting | None:
    """Return what hints say of a convolution, and what formulas show where hints are silent."""
    known = convention.setting
    axes = known.over(rank) if known is not None else (PLAIN,) * rank
    said = convention.hints
    lows = None if said.padding is None else tuple(low for low, _ in said.padding)
    sizes = [_spread(values, rank) for values in (said.stride, said.dilation, lows)]
    if None in sizes:
        return None
    return Setting(
        tuple(
            OneAxis(*(b if a is None else Polynomial.constant(a) for a, b in zip(
                own, (one.stride, one.dilation, one.low), strict=True)))
            for own, one in zip(zip(*(s or () for s in sizes), strict=True), axes, strict=True)
        ),
        base,
        convention.flipped,
        where=known.where if known is not None else (),
        spelled=_spelled(known) if known is not None else {},
    )  # fmt: skip


def _spelled(setting: Setting) -> dict[str, str]:
    """Return what the letters of a setting are called, one letter on both axes where it is one."""
    second = moved_to(1)
    return {second.get(name, name): own for name, own in setting.spelled.items()} | {
        **setting.spelled
    }


def _spread(values: Sequence[int] | None, rank: int) -> Sequence[int | None] | None:
    """Return one value for each axis; None where values for other axes differ."""
    if values is None or len(values) == rank:
        return values or (None,) * rank
    return (values[0],) * rank if len(set(values)) == 1 else None


def _one_axis(axis: Axis) -> OneAxis:
    return OneAxis(*map(Polynomial.constant, (axis.stride, axis.dilation, axis.padding[0])))


def own(
    target: str, free: Sequence[str], formula: GatheredFormula, base: int, loose: bool = False
) -> Setting | None:
    """Return the convolution whose relation the indices of a formula obey; None without one.

    A letter for the padding has to be the padding, unless the relation is looked at loosely.
    """
    indices = _three(target, free, formula)
    if indices is None:
        return None
    letters = frozenset(formula.names.values())
    equal = squares(formula.where)
    for flipped in (False, True):
        axes = []
        for axis, (x, f, y) in enumerate(zip(*indices, strict=True)):
            x, f, y = (index - base for index in (x, f, y))
            if flipped:
                f = _last(axis).substitute(equal) - f
            axes.append(next(_solutions((x, f, y), letters, formula, axis, loose), None))
        if all(axes):
            return Setting(
                tuple(a for a in axes if a),
                base,
                flipped,
                _numbers(formula, base),
                where=extents_of(formula),
                spelled=dict(formula.spelled),
            )
    return None


def extents_of(formula: GatheredFormula) -> tuple[str, ...]:
    """Return what a formula says of extents: R == S, R % 2 == 1."""
    named = {*(name for pair in EXTENTS.values() for name in pair)}
    return tuple(said for said in formula.where if {*said.split()} & named)


def _last(axis: int) -> Polynomial:
    return Polynomial.name(EXTENTS["F"][axis]) - 1


def squares(where: Collection[str]) -> dict[str, Polynomial]:
    """Return S = R where one letter stands for both."""
    equal = {b: a for a, b in EXTENTS.values() if f"{a} == {b}" in where}
    if "S" in equal:
        equal[HALVES["S"]] = HALVES["R"]
    return {second: Polynomial.name(first) for second, first in equal.items()}


def _three(
    target: str, free: Sequence[str], formula: GatheredFormula
) -> tuple[list[Polynomial], list[Polynomial], list[Polynomial]] | None:
    """Return the indices of input, filter and output; None where one is missing or read twice."""
    found: dict[str, list[Polynomial]] = {
        target.removeprefix("d"): [Polynomial.name(name) for name in free]
    }
    for read_ in formula.reads:
        role = read_.tensor.removeprefix("d")
        if role in found:
            return None
        found[role] = read_.index
    if set(found) != {"X", "F", "Y"}:
        return None
    return found["X"], found["F"], found["Y"]


def _numbers(formula: GatheredFormula, base: int) -> tuple[int | None, ...]:
    """Return the filter's extents that numbers in limits say, where nothing else shows them."""
    if formula.reading.extents("F") is not None:
        return ()
    said: list[int | None] = [None] * formula.rank
    for range_ in formula.ranges:
        last = range_.high.value if range_.high is not None else None
        if last is None:
            continue
        alone = Polynomial.name(range_.name)
        for read_ in formula.reads:
            if read_.tensor == "F" and alone in read_.index:
                said[read_.index.index(alone)] = last + 1 - base
    return tuple(said)


def _solutions(
    indices: tuple[Polynomial, Polynomial, Polynomial],
    letters: frozenset[str],
    formula: GatheredFormula,
    axis: int,
    loose: bool,
) -> Iterator[OneAxis]:
    """Yield stride, dilation and padding that make a = u*p + d*r - lo an identity."""
    x, f, y = indices
    steps = sorted({*_STEPS, *(abs(n) for monomial, n in x.terms.items() if monomial)})
    for u in _candidates(STRIDE, STRIDES, formula, axis, steps):
        for d in _candidates(DILATION, DILATIONS, formula, axis, steps):
            inside = u * y + d * f
            low = _reduced(inside - x, formula, letters)
            if low is None:
                continue
            if (value(low, _LARGE) or 0) < 0:
                continue
            padding = (Polynomial.name(BEFORE[axis]), Polynomial.name(BEFORE[0]))
            if loose or PADDING not in formula.used or low in padding:
                yield OneAxis(u, d, low)


def _reduced(
    low: Polynomial, formula: GatheredFormula, indices: Collection[str]
) -> Polynomial | None:
    """Return a padding, as it is or by what is 0 wherever the sum has a term; None without one."""
    for sign in (0, 1, -1):
        for condition in formula.conditions if sign else [ZERO]:
            padding = low + condition * sign
            if _is_padding(padding, indices):
                return padding
    return None


def _is_padding(low: Polynomial, indices: Collection[str]) -> bool:
    """Whether a padding is made of extents and letters of its own, not of steps alone."""
    names = low.names
    steps = names & {*STRIDES, *DILATIONS}
    extents = {name for pair in EXTENTS.values() for name in pair}
    return names.isdisjoint(indices) and (
        not steps or (names.isdisjoint(STRIDES) and not names.isdisjoint(extents))
    )


def _candidates(
    family: str,
    names: tuple[str, ...],
    formula: GatheredFormula,
    axis: int,
    steps: Sequence[int],
) -> Iterator[Polynomial]:
    if family in formula.used:
        for name in dict.fromkeys((names[axis], names[0])):
            yield Polynomial.name(name)
    else:
        yield from map(Polynomial.constant, steps)


def agrees(own: Setting, example: Setting, reading: Notation) -> bool:
    """Whether what a formula needs is what the example shows, at the example's sizes."""
    return _alike_but_axes(own, example) and not any(_differing(own, example, reading))


def unshown(own: Setting, example: Setting, reading: Notation) -> bool:
    """Whether two settings differ only in what the example cannot show.

    Its one output on an axis shows no stride, its one filter element no dilation.
    """
    single = {"stride": reading.extents("Y") or (), "dilation": reading.extents("F") or ()}
    return _alike_but_axes(own, example) and all(
        single.get(name, ())[axis : axis + 1] == (1,)
        for name, axis in _differing(own, example, reading)
    )


def needed(own: Setting, example: Setting, reading: Notation) -> set[tuple[str, int | None]]:
    """Return what a formula needs and an example does not have: stride 2; None for no number."""
    return {
        (name, value(_PARTS[name](own.axes[axis]), {}))
        for name, axis in _differing(own, example, reading)
    }


def are_said(parts: Collection[tuple[str, int | None]], words: str) -> bool:
    """Whether words say every one of some parts, stride 2; None is no number."""
    return all(number is not None and number in numbers_said(name, words) for name, number in parts)


def numbers_said(name: str, words: str) -> list[int]:
    """Return the numbers that words say of a stride, of padding or of a dilation."""
    found = (said[1] for said in re.finditer(_NUMBERED.format(name), words))
    return [_SPELLED[said] if said in _SPELLED else int(said) for said in found]


class Authority(NamedTuple):
    """What says another convolution than the one that a formula needs.

    Attributes:
        said: its words, before what it says.
        sure: whether the formula is wrong by it; what a number in a forward formula says may be
            meant there only.
    """

    said: str
    sure: bool


def authority(
    own: Setting, example: Setting, convention: Convention, spoken: Collection[str] = ()
) -> Authority | None:
    """Return what denies that the document is about the convolution that a formula needs.

    A hint is not argued against; letters of a forward formula stand for every stride and padding.
    """
    said = convention.hints
    differing = [
        (name, axis) for name, axis in _differing(own, example, convention) if name not in spoken
    ]
    hinted = {
        "stride": said.stride, "padding": said.padding, "dilation": said.dilation,
    }  # fmt: skip
    turned = own.flipped != example.flipped
    if any(hinted[name] for name, _ in differing) or (turned and said.flipped is not None):
        return Authority("what is said is", True)
    if not convention.ahead or not (differing or turned):
        return None
    general = convention.confirmed or all(
        _PARTS[name](example.axes[axis]).names for name, axis in differing
    )
    return Authority("the forward formula here is", convention.strict and general and not turned)


def assumed(reading: Notation, spoken: Collection[str]) -> str:
    """Return what is assumed of a convolution that nothing shows, "" where all of it is shown.

    ``spoken`` holds what a formula has letters for.
    """
    if not isinstance(reading, Convention) or reading.setting is not None:
        return ""
    said = reading.hints
    hinted = {"stride": said.stride, "padding": said.padding, "dilation": said.dilation}
    *most, last = [name for name, hint in hinted.items() if not hint and name not in spoken] or [""]
    before = f"{', '.join(most)} and " if most else ""
    return f"without {before}{last}" if last else ""


def denied_by_words(reading: Notation, spoken: Collection[str], words: str) -> str:
    """Return which stride or dilation words say that a formula has not, "" where none.

    An example, a hint and a forward formula with indices count for more than words.
    """
    if not isinstance(reading, Convention) or (reading.ahead and reading.counted):
        return ""
    hinted = {"stride": reading.hints.stride, "dilation": reading.hints.dilation}
    axes = reading.setting.axes if reading.setting is not None else (PLAIN,)
    for name, hint in hinted.items():
        own = [value(_PARTS[name](axis), {}) for axis in axes]
        said = numbers_said(name, words)
        if hint or name in spoken or None in own or not said or {*said} & {*own}:
            continue
        return f"right with {name} {own[0]}; the words beside it say {name} {said[0]}"
    return ""


def _alike_but_axes(own: Setting, example: Setting) -> bool:
    return own.flipped == example.flipped and own.base == example.base


def _differing(own: Setting, example: Setting, reading: Notation) -> Iterator[tuple[str, int]]:
    """Yield what a formula needs on an axis that the example does not have there."""
    equal = squares((*own.where, *example.where))
    for k, (a, b) in enumerate(zip(own.axes, example.axes, strict=True)):
        sizes = {**_sizes(reading, k), **(_sizes(reading, 0) if equal else {})}
        for name, part in _PARTS.items():
            mine, theirs = (part(axis).substitute(equal) for axis in (a, b))
            if mine == theirs or not is_size(mine):
                continue
            known = value(mine, sizes)
            if known is None or known != value(theirs, {}):
                yield name, k


def is_size(polynomial: Polynomial) -> bool:
    """Whether a polynomial is made of extents, and not a letter that stands for itself."""
    extents = {name for names in EXTENTS.values() for name in names} | {*HALVES.values()}
    return polynomial.names <= extents


def _sizes(reading: Notation, axis: int) -> Mapping[str, int]:
    """Return the extents on an axis that are known."""
    sizes = {
        names[axis]: extents[axis]
        for role, names in EXTENTS.items()
        if (extents := reading.extents(role)) is not None and axis < len(extents)
    }
    return sizes | {half: sizes[name] // 2 for name, half in HALVES.items() if name in sizes}


def value(polynomial: Polynomial, sizes: Mapping[str, int]) -> int | None:
    """Return a polynomial's value, None where a size is not known."""
    return polynomial.evaluate(sizes) if polynomial.names <= sizes.keys() else None


def alike(setting: Setting) -> bool:
    """Whether both axes are treated alike, as an author would."""
    if len(setting.axes) < 2:
        return True
    extents = {a: Polynomial.name(b) for a, b in EXTENTS.values()}
    letters = {a: Polynomial.name(b) for a, b in (STRIDES, DILATIONS, BEFORE)}
    first, second = setting.axes
    return all(
        other in (mine, mine.substitute(extents), mine.substitute(extents | letters))
        for mine, other in (
            (first.stride, second.stride),
            (first.dilation, second.dilation),
            (first.low, second.low),
        )
    )

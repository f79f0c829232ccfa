r"""Letters of an author's own: in z_i = \sum_m v_{qi+m} k_m the q can only be the stride.

A letter means what its place in a forward formula makes of it: what multiplies the output's index
is the stride, what multiplies the filter's is the dilation, what is subtracted is the padding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symconv.documents.formulas.convention import Roles
from symconv.documents.formulas.letters import (
    AMBIGUOUS,
    DILATION,
    EITHER,
    PADDING,
    STRIDE,
    Meaning,
    meaning,
)
from symconv.documents.formulas.roles import (
    axes_of_index,
    element,
    factors_of,
    indices_of,
    one_letter,
)
from symconv.documents.mathematics.syntax import BigSum, Expression, UnreadableError
from symconv.documents.mathematics.walk import walk
from symconv.polynomial import Polynomial


def own_letters(left: Expression, right: Expression, roles: Roles) -> dict[str, Meaning]:
    """Return what the letters of a forward formula mean that nothing else gives a meaning."""
    target = element(left)
    found = {f.symbol.name: f.symbol for factor in factors_of(right) if (f := element(factor))}
    if target is None or not {roles.input, roles.filter} <= found.keys():
        return {}
    try:
        output, source, filter_ = (
            indices_of(symbol, axes_of_index(target.symbol))
            for symbol in (target.symbol, found[roles.input], found[roles.filter])
        )
    except UnreadableError:
        return {}
    bounds = _bounds(right)
    axes = [
        {
            letter: f
            for letter, f in _places(x, one_letter(p), one_letter(r))
            if letter not in bounds
        }
        for p, x, r in zip(output, source, filter_, strict=True)
    ]
    return meanings(axes)


def _bounds(right: Expression) -> frozenset[str]:
    """Return the letters in the limits of sums: what bounds an index is a size."""
    sums = (node for node in walk(right) if isinstance(node, BigSum))
    words = (word for node in sums for word in (*node.below, *node.above))
    return frozenset(word.text for word in words if word.kind == "letter")


def meanings(axes: Sequence[Mapping[str, str]]) -> dict[str, Meaning]:
    """Return what letters mean, by the families that their places on each axis give them.

    A letter whose usual meaning is another one keeps it where a second letter has exchanged its
    place with it: two letters that are exchanged are a slip.
    """
    families: dict[str, set[str]] = {}
    for places in axes:
        for letter, family in places.items():
            families.setdefault(letter, set()).add(family)
    usual = {letter: known.family for letter in families if (known := meaning(letter))}
    found: dict[str, Meaning] = {}
    for letter, places_ in families.items():
        (family, *others) = sorted(places_)
        exchanged = any(
            usual.get(other) == family and families[other] == {usual.get(letter)}
            for other in families
            if other != letter
        )
        own = [k for k, places in enumerate(axes) if letter in places]
        askew = _is_askew(letter, own) if len(axes) > 1 else _is_of_another_axis(letter)
        if others or exchanged or not (_is_free(letter, family) or askew):
            continue
        pair = "".join(c for places in axes for c, f in places.items() if f == family)
        alone = len(axes) > 1 and len(own) == 1
        found[letter] = Meaning(family, own[0] if alone else None, pair if alone else letter)
    return found


def _is_free(letter: str, family: str) -> bool:
    """Whether a place may give a letter a meaning that it does not have already."""
    known = meaning(letter)
    if known is None or letter in AMBIGUOUS:
        return known is None and letter not in AMBIGUOUS
    step = known.guessed or known.family in (STRIDE, DILATION, PADDING)
    return known.family != family and (step or family in (STRIDE, DILATION))


def _is_askew(letter: str, axes: Sequence[int]) -> bool:
    """Whether a letter for one axis stands on the other one, v for the stride of both."""
    known = meaning(letter)
    return (
        known is not None
        and known.axis is not None
        and letter not in EITHER
        and (list(axes) != [known.axis])
    )


def _is_of_another_axis(letter: str) -> bool:
    """Whether a letter for a step on the second axis stands on the only one."""
    known = meaning(letter)
    step = known is not None and known.family in (STRIDE, DILATION)
    return step and known is not None and known.axis == 1 and "_" not in letter


def _places(index: Polynomial, output: str, filter_: str) -> Iterator[tuple[str, str]]:
    """Yield the letters of the input's index on one axis, each with what its place makes of it."""
    steps = {
        letter: family
        for monomial in index.terms
        for own, family in ((output, STRIDE), (filter_, DILATION))
        if own and len(monomial) > 1 and own in monomial
        for letter in monomial
        if letter not in (output, filter_)
    }
    yield from steps.items()
    for monomial, n in index.terms.items():
        if len(monomial) == 1 and n == -1 and monomial[0] not in (*steps, output, filter_):
            yield monomial[0], PADDING

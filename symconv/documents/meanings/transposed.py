r"""Transposed convolutions, shown by their indices: y_n = \sum_k x_k w_{n-sk}.

What is summed is an index of the input, and the filter is read at the output's place less s steps
for each.  That is the gradient of a convolution's input, in other letters: x is there the output's
gradient and y the input's, dL/dy the input and dL/dx the output.  So it is judged.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from symconv.documents.formulas.convention import Roles
from symconv.documents.formulas.letters import STRIDE, Meaning, meaning
from symconv.documents.formulas.own_letters import meanings
from symconv.documents.formulas.roles import (
    VALUE,
    LetteredElement,
    axes_of_index,
    element,
    factors_of,
    indices_of,
    one_letter,
)
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.notation.names import conventional
from symconv.polynomial import ZERO, Polynomial

NAMED = re.compile(
    r"transpos\w*[- ]+(?:\w+[- ]+)?convol|convol\w*[- ]+transpos|conv_?transpose|deconv"
    r"|fractionally[- ]strided|up-?convol",
    re.IGNORECASE,
)
"""What words call such a layer."""
_NEAR = 500
_TENSORS = 2


class TransposedForward(NamedTuple):
    """What the indices of a transposed convolution show: its tensors, the letters of its steps."""

    roles: Roles
    letters: Mapping[str, Meaning]


def transposed_forward(formula: StatedFormula, text: str) -> TransposedForward | None:
    """Return what a transposed convolution shows, None for another formula.

    Args:
        formula: what is stated.
        text: the words of the document.
    """
    left, right = formula.sides[:2]
    target = element(left)
    found = [one for factor in factors_of(right) if (one := element(factor))]
    kinds = {one.kind for one in (*found, target) if one is not None}
    if target is None or len(found) != _TENSORS or kinds != {VALUE}:
        return None
    for source, filter_ in (found, found[::-1]):
        try:
            steps = list(_steps(target, source, filter_))
        except UnreadableError:
            return None
        if not steps or not all(steps):
            continue
        roles = Roles(source.symbol.name, filter_.symbol.name, target.symbol.name)
        names = [[name for monomial in (step or ZERO).terms for name in monomial] for step in steps]
        if _is_meant(roles, {name for own in names for name in own}, text, formula):
            places = [dict.fromkeys(own, STRIDE) for own in names]
            return TransposedForward(roles, meanings(places))
    return None


def _is_meant(roles: Roles, letters: Collection[str], text: str, formula: StatedFormula) -> bool:
    """Whether names, letters or words say that a convolution is transposed, and not dilated."""
    usual = conventional(roles.input), conventional(roles.filter)
    if usual[0] == "F" or usual[1] == "X":
        return False
    near = text[max(0, formula.place.start - _NEAR) : formula.place.end + _NEAR]
    if usual != (None, None) or NAMED.search(near):
        return True
    return any((known := meaning(name)) and known.family == STRIDE for name in letters)


def _steps(
    target: LetteredElement, source: LetteredElement, filter_: LetteredElement
) -> Iterator[Polynomial | None]:
    """Yield by how much the filter is moved for each input, on each axis; None for another index.

    Raises:
        UnreadableError: an index that is not understood.
    """
    rank = axes_of_index(target.symbol)
    for n, k, index in zip(*(indices_of(e.symbol, rank) for e in (target, source, filter_)),
                           strict=True):  # fmt: skip
        output, summed = one_letter(n), one_letter(k)
        if not output or not summed or index.terms.get((output,)) != 1:
            yield None
            continue
        step = {
            tuple(name for name in monomial if name != summed): -times
            for monomial, times in index.terms.items()
            if summed in monomial
        }
        wide = len(step) == 1 and (step.get((), 2) > 1) and min(step.values()) > 0
        yield Polynomial(step) if wide else None

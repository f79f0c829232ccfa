"""Where a document may begin another example: an element that is stated anew, as another sum."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from symconv.documents.elements.equations import VALUE, ElementEquation, WrittenFactor

Said = frozenset[object]


def runs(members: Sequence[int], equations: Sequence[ElementEquation]) -> list[tuple[int, ...]]:
    """Return the numbers of equations in runs, in each of which no element is two sums.

    A run begins with the forward pass in which an output stands again, or with the least element
    of the tensor that is stated anew: y_{00} of y_{00}, y_{01}, where y_{01} is the first that
    differs.  A slip in a copy begins a run, too; whether it is another example its notation
    tells.  A chain rule says of no sum that it is another.
    """
    starts, forward = [0], 0
    ever, stated = set[object](), dict[object, Said]()
    for k, n in enumerate(members):
        element, said = _element(equations[n].target), _said(equations[n])
        if equations[n].target.kind != VALUE:
            forward = k + 1
        if said is None:
            continue
        again = starts[-1] < forward <= k and element in ever
        ever.add(element)
        if again or stated.setdefault(element, said) != said:
            starts.append(forward if again else _least(members, equations, k, starts[-1]))
            anew = [equations[m] for m in members[starts[-1] : k + 1]]
            sums = {_element(equation.target): _said(equation) for equation in anew}
            stated = {element: said for element, said in sums.items() if said is not None}
    return [tuple(members[a:b]) for a, b in pairwise([*starts, len(members)])]


def _least(members: Sequence[int], equations: Sequence[ElementEquation], k: int, low: int) -> int:
    """Return where the ascent to an element begins, behind ``low``."""
    while k - 1 > low:
        before, here = (equations[members[i]].target for i in (k - 1, k))
        if (before.kind, before.name) != (here.kind, here.name) or _order(before) >= _order(here):
            break
        k -= 1
    return k


def _order(target: WrittenFactor) -> tuple[tuple[int, str], ...]:
    return tuple((len(part), part) for part in target.index)


def _said(equation: ElementEquation) -> Said | None:
    """Return what stands right, whatever its order; None where local derivatives stand for it."""
    if equation.adds_locals:
        return None
    return frozenset(
        (term.coefficient, frozenset(map(_element, term.factors))) for term in equation.terms
    )


def _element(factor: WrittenFactor) -> object:
    return factor.kind, factor.name, factor.index, factor.of, factor.of_index

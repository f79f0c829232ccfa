r"""Windows about their middle: \sum_{r=-1}^{1} x_{i+r} f_{r+1}, and \sum_{r=-k}^{k} x_{i+r} f_r.

The summed index is counted anew from the first index of the document; a filter that is read by it
alone is counted from its middle, as the sum is.
"""

from __future__ import annotations

from dataclasses import replace

from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.parts import StatedRange
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.polynomial import Polynomial


def centred(formula: GatheredFormula) -> None:
    """Count every summed index that begins below 0 anew.

    Raises:
        UnreadableError: a sum that begins below 0 and is not about its middle.
    """
    from_middle: set[bool] = set()
    for range_ in formula.ranges:
        if range_.low is None or range_.high is None or not _is_below(range_.low):
            continue
        _resolve(range_, formula)
        if range_.low + range_.high:
            raise UnreadableError(
                "a sum that begins below 0 is read where it is about its middle", *range_.place
            )
        base = Polynomial.constant(formula.base)
        alone = Polynomial.name(range_.name)
        moved = alone + range_.low - base
        from_middle |= {alone in read.index for read in formula.reads if read.tensor == "F"}
        formula.from_middle |= True in from_middle
        if len(from_middle) > 1:
            reason = "the filter is counted from its middle on one axis only"
            raise UnreadableError(reason, *range_.place)
        for read in formula.reads:
            read.index[:] = [
                part if read.tensor == "F" and part == alone
                else part.substitute({range_.name: moved}) for part in read.index
            ]  # fmt: skip
        for local in formula.locals:
            local.above[:] = [p.substitute({range_.name: moved}) for p in local.above]
            local.below[:] = [p.substitute({range_.name: moved}) for p in local.below]
        formula.conditions[:] = [
            condition.substitute({range_.name: moved}) for condition in formula.conditions
        ]
        formula.guards[:] = [
            replace(guard, least=guard.least.substitute({range_.name: moved}))
            for guard in formula.guards
        ]
        range_.high = range_.high - range_.low + base
        range_.low = base
        range_.moved = True


def _is_below(low: Polynomial) -> bool:
    return any(n < 0 for n in low.terms.values())


def _resolve(range_: StatedRange, formula: GatheredFormula) -> None:
    """Put in half the filter of its axis for a letter that only limits have named."""
    if not formula.halves or range_.low is None or range_.high is None:
        return
    axis = next(
        (k for read in formula.reads for k, part in enumerate(read.index)
         if range_.name in part.names), 0,
    )  # fmt: skip
    half = Polynomial.name(formula.middle(axis))
    values = dict.fromkeys(formula.halves, half)
    range_.low = range_.low.substitute(values)
    range_.high = range_.high.substitute(values)

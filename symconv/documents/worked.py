"""What a document works out in numbers, beside the equations of elements that say how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symconv.documents.collect import Collected, StatedEquation
from symconv.documents.notation.reading import Region
from symconv.documents.notation.surroundings import Surroundings
from symconv.documents.verdicts.judge import is_credible
from symconv.documents.verdicts.numbers import (
    NOT_GIVEN,
    WorkedExamples,
    compared,
    is_number,
    judge_in_numbers,
    judge_tensor,
    total,
)
from symconv.documents.verdicts.scopes import WITH_NUMBERS_THERE
from symconv.documents.verdicts.verdict import WRONG, EquationVerdict, not_judged


class WorkedNumbers:
    """The numbers of a document, evaluated in the notation that stands nearest."""

    def __init__(self, collected: Collected, near: Surroundings) -> None:
        self.collected = collected
        self.near = near
        self.examples = examples_of(collected)
        alone = [one for one in collected.equations if one.matrix is None]
        self.summed = {one.place for one in alone if not is_number(one.equation)}
        self.first = {one.place: one.equation for one in reversed(alone) if is_number(one.equation)}

    def judged(
        self, stated: StatedEquation, region: Region | None, found: EquationVerdict | None
    ) -> EquationVerdict | None:
        """Return the verdict on an equation, in numbers where it is not right in symbols."""
        if found is None:
            return None
        if region is None and is_number(stated.equation):
            around = self.near.around(stated.place.start, {stated.equation.target.name})
            region = next(iter(around), None)
        if region is None or not region.readings:
            return found
        first = self.first.get(stated.place, stated.equation)
        judged = judge_in_numbers(stated.equation, region.readings, self.examples, found)
        if judged.reason == NOT_GIVEN and is_number(stated.equation) and first != stated.equation:
            said, right = total(stated.equation.terms), total(first.terms)
            agreed = replace(judged, scope=WITH_NUMBERS_THERE)
            return compared(agreed, said, right, stated.equation.place)
        if judged.verdict == WRONG and is_number(stated.equation) and self._is_chained(stated):
            return (
                judged
                if self.examples.numbers
                else not_judged(judged.kind, judged.place, NOT_GIVEN)
            )
        return judged

    def _is_chained(self, stated: StatedEquation) -> bool:
        """Whether a number is said to be the value of a sum: dL/dx_1 = .. = 0."""
        return stated.matrix is None and stated.place in self.summed

    def tensors(self) -> Iterator[EquationVerdict]:
        """Yield the verdicts on tensors of numbers that follow from others."""
        for numbers in self.collected.numbers:
            names = {name for _, name in numbers.tensors}
            names |= {name.swapcase() for name in names}
            around = self.near.around(numbers.place.start, names)
            regions = [region for region in around if is_credible(region.readings[0])]
            if regions:
                yield from judge_tensor(numbers, regions[0].readings, self.examples)


def examples_of(collected: Collected) -> WorkedExamples:
    """Return what a document gives in numbers."""
    return WorkedExamples(collected.numbers, [s.equation for s in collected.equations])


def is_value(stated: StatedEquation, numeric: bool) -> bool:
    """Whether an equation gives a number, and so says nothing of a notation.

    A 0 says that nothing adds to an element, unless the document has other numbers (``numeric``).
    """
    if not is_number(stated.equation):
        return False
    values = any(term.coefficient for term in stated.equation.terms)
    return values or numeric

"""The equations that count and that no reader took: they are listed, none is passed over."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from symconv.documents.census import Census
from symconv.documents.collect import Collected, StatedEquation
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.mathematics.syntax import Matrix
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import EquationVerdict, not_judged

_UNKNOWN = (
    "no convolution that is known here has these elements; write its forward equations, or say "
    "--input, --filter and --names"
)


def leftovers(
    collected: Collected,
    equations: Sequence[StatedEquation],
    formulas: Sequence[StatedFormula],
    names: tuple[Iterable[str], Iterable[str]],
    found: Sequence[EquationVerdict],
) -> Iterator[EquationVerdict]:
    """Yield verdicts on what counts and has none.

    Args:
        collected: what the document states.
        equations: the equations of elements that have no verdict.
        formulas: the other equations that have none.
        names: what is known to be a tensor, and to be a gradient.
        found: the verdicts that there are.
    """
    stated = (*collected.formulas, *collected.given)
    census = Census.of(
        *names,
        (stated.equation for stated in collected.equations),
        [formula.sides for formula in stated],
    )
    counted = (one for one in equations if census.counts_element(one.equation))
    # All cells of one matrix are one equation.
    for place in dict.fromkeys(one.matrix or one.place for one in counted):
        yield not_judged("element", place, _UNKNOWN)
    starts = sorted(judgement.place.start for judgement in found)
    numbers = {numbers.place for numbers in collected.numbers}
    for formula in (*formulas, *collected.given):
        shown = formula.place in numbers or any(isinstance(s, Matrix) for s in formula.sides)
        if shown and _holds_one(formula.place, starts):
            continue  # its cells are judged
        if (about := census.counts(formula.sides[0], formula.sides[1:])) is not None:
            # Documents of element equations alone need not wait for the road to the prover.
            from symconv.documents.obstacles import left_over

            yield left_over(formula, about)
    for unread in collected.unread:
        counts = unread.sure or (unread.left is not None and census.counts(unread.left, ()))
        if counts:
            yield not_judged("element", unread.place, unread.reason, unread.reason_place)


def _holds_one(place: Place, starts: Sequence[int]) -> bool:
    """Whether a verdict on something begins within a place."""
    k = bisect_left(starts, place.start)
    return k < len(starts) and starts[k] < place.end

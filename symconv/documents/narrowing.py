"""Notations that the elements of an example leave open, narrowed by the forward formulas beside it.

Few products may fit two strides; a formula ``y_{ij} = \\sum_{r,s} x_{i+r,j+s} f_{rs}`` of the same
tensors fits one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.mathematics.syntax import BigSum, Symbol
from symconv.documents.mathematics.walk import walk
from symconv.documents.notation.reading import NotationReading, Region
from symconv.documents.verdicts.verdict import AGREE

_MOST = 2
"""So many of the nearest formulas are asked."""


def narrowed(regions: Sequence[Region], formulas: Sequence[StatedFormula]) -> list[Region]:
    """Return regions, each with those of its notations in which most forward formulas are right."""
    return [_narrowed(region, formulas) if region.readings[1:] else region for region in regions]


def _narrowed(region: Region, formulas: Sequence[StatedFormula]) -> Region:
    outputs = region.readings[0].outputs
    forward = [formula for formula in formulas if _is_forward(formula, outputs)]
    forward.sort(key=lambda formula: abs(formula.place.start - region.start))
    near = forward[:_MOST]
    right = [sum(_holds(formula, reading) for formula in near) for reading in region.readings]
    best = [r for n, r in zip(right, region.readings, strict=True) if n == max(right)]
    return replace(region, readings=tuple(best))


def _is_forward(formula: StatedFormula, outputs: Sequence[str]) -> bool:
    """Whether a formula says with a sum what an element of an output is."""
    left, right = formula.sides[:2]
    named = isinstance(left, Symbol) and left.index is not None and left.name in outputs
    return named and any(isinstance(node, BigSum) for node in walk(right))


def _holds(formula: StatedFormula, reading: NotationReading) -> bool:
    # Documents of element equations alone need not wait for the road to the prover.
    from symconv.documents.every_size import judge_formula
    from symconv.documents.formulas.definitions import Definitions
    from symconv.documents.meanings.meant import Meant

    found = judge_formula(formula, Meant((reading,)), Definitions())
    return found is not None and found.verdict == AGREE

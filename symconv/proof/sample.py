"""Checks large term tables against sympy on a sample of outputs.

An output is written out from the definition of the forward pass and differentiated by sympy with
respect to every symbol in it; the tables must hold exactly those terms for that output: in Y, and
in dX and dF among the products with its dL/dy.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symconv.equation import Element

if TYPE_CHECKING:
    from symconv.engines import Defined, TermEngine

RANDOM_OUTPUTS = 4


@dataclass(frozen=True, slots=True)
class SampleCheck:
    """The outcome of a check against sympy.

    Attributes:
        outputs: the outputs that were written out and differentiated.
        terms: how many terms were compared.
        agrees: whether all of them agreed.
    """

    outputs: tuple[tuple[int, ...], ...]
    terms: int
    agrees: bool


def check_sample(engine: TermEngine) -> SampleCheck:
    """Return whether the engine's tables agree with sympy at the corners and some other outputs."""
    from symconv.expressions import terms
    from symconv.forward import outputs
    from symconv.gradient import local_derivatives

    chosen = _outputs(engine.geometry.output)
    compared, agrees = 0, True
    for window, expression in outputs(engine.geometry, chosen):
        expected: dict[Defined, Counter[tuple[Element, ...]]] = {"dX": Counter(), "dF": Counter()}
        for s, derivative in local_derivatives(expression).items():
            ((element,),) = terms(s)
            expected["dX" if element.tensor == "X" else "dF"][element, *terms(derivative)[0]] += 1
        agrees &= engine.tensor("Y").terms(window) == terms(expression)
        for name, pairs in expected.items():
            found = Counter(engine.tensor(name).through("dY", window))
            agrees &= found == pairs
            compared += len(pairs)
        compared += len(engine.tensor("Y").terms(window))
    return SampleCheck(tuple(chosen), compared, agrees)


def _outputs(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the first, the middle and the last output, and a few at random (always the same)."""
    import random

    draw = random.Random(0)
    fixed = [(0,) * len(shape), tuple(n // 2 for n in shape), tuple(n - 1 for n in shape)]
    drawn = [tuple(draw.randrange(n) for n in shape) for _ in range(RANDOM_OUTPUTS)]
    return sorted({*fixed, *drawn})

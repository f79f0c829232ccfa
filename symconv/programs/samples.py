"""Sizes that fulfil all that is known, to see quickly that something does not follow."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from symconv.polynomial import Polynomial
from symconv.readings.quotients import Arithmetic

SAMPLES, TRIES, LARGEST = 20, 40, 7
"""How many samples of sizes there are, drawn how often each, and the largest size in them."""


class SizeSamples:
    """Samples of sizes and of the indices of open loops, the same ones whenever they are asked for.

    Attributes:
        arithmetic: whose quotients they give values to.
        least: the least value of each size.
    """

    def __init__(self, arithmetic: Arithmetic, least: Mapping[str, int]) -> None:
        self.arithmetic, self.least = arithmetic, dict(least)
        self._known: dict[tuple[object, ...], list[dict[str, int]]] = {}

    def at(
        self,
        extents: Mapping[str, Polynomial],
        bounds: Sequence[Polynomial],
        equations: Sequence[Polynomial],
    ) -> Iterator[dict[str, int]]:
        """Yield samples at which ``bounds`` are >= 0 and ``equations`` are 0, with quotients.

        Args:
            extents: the indices of the open loops, from the outermost on, which run below these.
            bounds: what is known to be >= 0.
            equations: what is known to be 0.
        """
        key = (tuple(extents.items()), tuple(bounds), tuple(equations))
        if key not in self._known:
            drawn = random.Random(1)
            found = (self._sample(drawn, extents, bounds, equations) for _ in range(SAMPLES))
            self._known[key] = [each for each in found if each is not None]
        for sample in self._known[key]:
            self._complete(sample)
            yield sample

    def _sample(
        self,
        drawn: random.Random,
        extents: Mapping[str, Polynomial],
        bounds: Sequence[Polynomial],
        equations: Sequence[Polynomial],
    ) -> dict[str, int] | None:
        for _ in range(TRIES):
            sample = {
                name: drawn.randint(least, max(least, LARGEST))
                for name, least in self.least.items()
            }
            self._complete(sample)
            for name, extent in extents.items():
                most = extent.evaluate(sample) if extent.names <= sample.keys() else 0
                sample[name] = drawn.randint(0, most - 1) if most > 0 else 0
                self._complete(sample)
            known = all(fact.names <= sample.keys() for fact in (*bounds, *equations))
            if (
                known
                and all(bound.evaluate(sample) >= 0 for bound in bounds)
                and not any(equation.evaluate(sample) for equation in equations)
            ):
                return sample
        return None

    def _complete(self, sample: dict[str, int]) -> None:
        """Give the quotients values that have one."""
        for name, witness in self.arithmetic.witnesses.items():
            if name in sample:
                continue
            if witness.numerator.names <= sample.keys() >= witness.divisor.names:
                divisor = witness.divisor.evaluate(sample)
                if divisor > 0:
                    sample[name] = witness.numerator.evaluate(sample) // divisor

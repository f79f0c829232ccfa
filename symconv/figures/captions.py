"""Equations as captions: a long sum is broken one filter row a line, a very long one is cut."""

from __future__ import annotations

from symconv.equation import Equation
from symconv.figures.labels import Label, lines_of
from symconv.telling.blocks import sum_rows

LONGEST_CAPTION = 36
"""Of a sum of more terms than this the caption shows the first ones."""


def equation_lines(equation: Equation) -> tuple[Label, ...]:
    """Return an equation as lines, the rest of a very long one counted."""
    shown = Equation(equation.target, equation.terms[:LONGEST_CAPTION])
    return lines_of(shown, sum_rows(shown), len(equation.terms) - len(shown.terms))

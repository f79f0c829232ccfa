"""Certificates of obligations: multipliers under which the hypotheses contradict the denial.

To show g >= 0 for integers, suppose that it is not: then h0 = -g - 1 >= 0.  If

    -1  =  sum of a * h  +  sum of b * h * h'  +  sum of c * e * m

for hypotheses h, h' >= 0 (h0 among them), multipliers a, b >= 0, equations e = 0, any numbers c
and any monomials m, the supposition is impossible.  Anybody can check that by expanding.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symconv.errors import SymconvError
from symconv.polynomial import Monomial, Polynomial

DENIAL = -1
"""The place of -goal - 1 among the hypotheses; the given ones are 0, 1, .., lemmas follow."""


class CertificateError(SymconvError):
    """A certificate is not of the form that it should have, or proves nothing."""


@dataclass(frozen=True, slots=True)
class Multiple:
    """``multiplier`` times a product of hypotheses, multiplier > 0.

    Attributes:
        multiplier: a positive rational number.
        hypotheses: the places of one or two hypotheses, `DENIAL` for the denial of the goal.
    """

    multiplier: Fraction
    hypotheses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EquationTerm:
    """``multiplier`` (any sign) times an equation times a monomial."""

    multiplier: Fraction
    equation: int
    monomial: Monomial


@dataclass(frozen=True, slots=True)
class Combination:
    """Multipliers that make -1 of hypotheses and equations."""

    terms: tuple[Multiple, ...]
    equations: tuple[EquationTerm, ...] = ()


@dataclass(frozen=True, slots=True)
class Lemma:
    """A polynomial that is >= 0 by the hypotheses and the lemmas before it."""

    goal: Polynomial
    proof: Combination


@dataclass(frozen=True, slots=True)
class Certificate:
    """The proof of one obligation: lemmas, and what contradicts its denial.

    ``proof`` is None for an equation that is the polynomial 0, or a goal that is no smaller
    number than 0: then nothing has to be combined.
    """

    lemmas: tuple[Lemma, ...] = ()
    proof: Combination | None = None

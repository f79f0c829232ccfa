"""Statements about the extent of a dilated filter: ``k' = d(k - 1) + 1``, ``k + (k-1)(d-1)``."""

from __future__ import annotations

from itertools import product

from symconv.documents.formulas import affine
from symconv.documents.formulas.index_words import names_in, written
from symconv.documents.mathematics.syntax import Expression, Symbol, UnreadableError
from symconv.documents.sizes.letters import PADDING, namer
from symconv.documents.sizes.mends import mend
from symconv.documents.sizes.numbers import SIZE
from symconv.documents.sizes.windows import SMALL
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import AGREE, WRONG, EquationVerdict, Finding, not_judged
from symconv.polynomial import Polynomial

_LETTERS = {**PADDING, "D": "d", "r": "d", "rate": "d"}
_WANTED = Polynomial.name("d") * (Polynomial.name("R") - 1) + 1


def is_spread(symbol: Symbol) -> bool:
    """Whether a name is one for the extent of a dilated filter: k', K_{eff}, \\\\hat{k}."""
    return written(symbol) in SPREADS


SPREADS = frozenset(
    f"{letter}{mark}" for letter in "kK" for mark in ("'", "_eff", "_e", "_dilated", "_d")
) | {f"\\{accent}{{{letter}}}" for accent in ("hat", "tilde", "bar") for letter in "kK"}
"""The names of such an extent."""


def judge_spread(left: Symbol, right: Expression, place: Place) -> EquationVerdict | None:
    """Return the verdict on a statement about a dilated filter, None where it says nothing."""
    if {"d", "R"} != {_LETTERS.get(name) for name in names_in(right)}:
        return None
    try:
        said = affine.polynomial(right, namer(_LETTERS))
    except UnreadableError:
        return None
    agreed = EquationVerdict(AGREE, SIZE, place, written(left).lower())
    if said == _WANTED:
        return agreed
    spelled = {_LETTERS[name]: name for name in names_in(right)}
    for R, d in product(SMALL["R"], SMALL["d"]):
        true = d * (R - 1) + 1
        if said.evaluate({"R": R, "d": d}) != true:
            shown = f"at {spelled['R']}={R}, {spelled['d']}={d}"
            message = f"{shown}: a dilated filter reaches over {true}"
            finding = Finding("SC240", right.place, message, edit=mend(right, _is_right))
            return EquationVerdict(WRONG, SIZE, place, agreed.target, findings=(finding,))
    return not_judged(SIZE, place, "no small size decides this", right.place)


def _is_right(right: Expression) -> bool:
    try:
        return affine.polynomial(right, namer(_LETTERS)) == _WANTED
    except UnreadableError:
        return False

"""Which limit of a sum is wrong, and what it should be, in the letters of the document."""

from __future__ import annotations

from collections.abc import Callable

from symconv.documents.formulas import affine
from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.parts import Guard, StatedRange
from symconv.documents.formulas.prover import ClaimText
from symconv.documents.index_formulas.claims import Ends, IndexClaim
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import Finding
from symconv.polynomial import Polynomial

CODE = "SC221"


def past(range_: StatedRange, claim: IndexClaim, formula: GatheredFormula) -> Finding:
    """Return the slip of limits that run past the tensor that their index reads."""
    name, ends = _name(range_, formula), claim.ends.get(range_.name)
    if ends is not None and _sign(ends.over) > 0:
        last = _spelled(ends.last, formula)
        message = f"this sum runs past the tensor that it reads: the last {name} is {last}"
        return _at(range_.high_place, range_, message, last)
    first = _spelled(Polynomial.constant(formula.base), formula)
    message = f"this sum runs past the tensor that it reads: the first {name} is {first}"
    return _at(range_.low_place, range_, message, first)


def short(
    claim: IndexClaim,
    formula: GatheredFormula,
    holds: Callable[[ClaimText], bool],
    where: Place,
    why: str,
) -> Finding:
    """Return the slip of the limits that leave elements out."""
    for alone, part in claim.alone:
        if holds(alone):
            continue
        if isinstance(part, Guard):
            return Finding(CODE, part.place, f"this bound leaves elements out: {why}")
        if (ends := claim.ends.get(part.name)) is not None:
            return _short(part, ends, formula, why)
    return Finding(CODE, where, f"the limits leave elements out: {why}")


def _short(range_: StatedRange, ends: Ends, formula: GatheredFormula, why: str) -> Finding:
    name, first = _name(range_, formula), Polynomial.constant(formula.base)
    last = _spelled(ends.last, formula)
    if _sign(ends.over) < 0 or (ends.over and not ends.under):
        message = f"{name} has to run to {last}; as it stands, {why}"
        return _at(range_.high_place, range_, message, last)
    if _sign(ends.under) > 0:
        start = _spelled(first, formula)
        message = f"{name} has to begin at {start}; as it stands, {why}"
        return _at(range_.low_place, range_, message, start)
    message = f"{name} has to run from {_spelled(first, formula)} to {last}; as it stands, {why}"
    return Finding(CODE, range_.place, message)


def _at(place: Place | None, range_: StatedRange, message: str, fix: str) -> Finding:
    told = fix if place is not None and range_.closed and not range_.moved else ""
    return Finding(CODE, range_.place if range_.moved else place or range_.place, message, told)


def _sign(polynomial: Polynomial) -> int:
    """Return the sign of a constant, 0 for what depends on the sizes."""
    value = polynomial.value or 0
    return (value > 0) - (value < 0)


def _name(range_: StatedRange, formula: GatheredFormula) -> str:
    return next((w for w, name in formula.names.items() if name == range_.name), range_.name)


def _spelled(polynomial: Polynomial, formula: GatheredFormula) -> str:
    """Return a limit in the letters of the document."""
    names = {n: Polynomial.name(w) for n, w in formula.spelled.items()}
    return affine.text(polynomial.substitute(names))

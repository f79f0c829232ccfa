"""Reads ``size >= 0`` where min and max of indices stand in it: as polynomials, all of them >= 0.

    a - max(b, c) >= 0    where    a - b >= 0 and a - c >= 0
    min(a, b) - c >= 0    where    a - c >= 0 and b - c >= 0

So a sum may start at a max, end at a min, and be guarded by any comparison of these.  Every size
is the least of some greatest ones: sums and quotients (floor, by what is at least 1) go through
both, and a negative factor exchanges them.  The least is >= 0 where all are, the greatest where one
is: which one has to be seen, as in k < max(0, n) where k >= 0; else it has no reading here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import product

from symconv.errors import OutOfReachError
from symconv.formula.sizes import (
    Difference,
    Greatest,
    Least,
    Product,
    Quotient,
    Size,
    Sum,
    children,
    names,
)
from symconv.polynomial import Polynomial
from symconv.readings.quotients import Arithmetic
from symconv.readings.text import size as size_text

MOST = 64
"""How many polynomials a comparison may come to."""

Clauses = tuple[tuple[Polynomial, ...], ...]
"""The least of the greatest of polynomials."""

At = Mapping[str, Polynomial]
"""What the indices in a size stand for."""


def not_negative(
    size: Size, arithmetic: Arithmetic, at: At, known: Collection[Polynomial] = ()
) -> tuple[Polynomial, ...]:
    """Return the polynomials that are all >= 0 exactly where ``size`` is; numbers are left out.

    Args:
        size: what is to be >= 0.
        arithmetic: where sizes become polynomials.
        at: what the indices in ``size`` stand for.
        known: what is >= 0 anyhow.

    Raises:
        FormulaError: a name that is not declared.
        OutOfReachError: one of two has to be >= 0, and nothing says which.
    """
    if not moving(size, at):
        found: Clauses = ((arithmetic.polynomial(size, at),),)
    else:
        found = _clauses(size, arithmetic, at)
    bounds = []
    for clause in found:
        if any(arm.value is not None and arm.value >= 0 for arm in clause):
            continue
        arms = tuple(dict.fromkeys(arm for arm in clause if not _impossible(arm, known)))
        if len(arms) > 1:
            raise OutOfReachError(_either(size, at))
        bounds.append(arms[0] if arms else clause[0])
    return tuple(dict.fromkeys(bounds))


def _impossible(arm: Polynomial, known: Collection[Polynomial]) -> bool:
    """Whether ``arm`` is a number below 0, or so with something that is known added to it."""
    sums = (arm, *(arm + bound for bound in known))
    return any(total.value is not None and total.value < 0 for total in sums)


def moving(size: Size, at: At) -> tuple[Least | Greatest, ...]:
    """Return every min and max in ``size`` that depends on an index."""
    return tuple(extreme for extreme in _extremes(size) if names(extreme) & at.keys())


def _extremes(size: Size) -> Iterator[Least | Greatest]:
    if isinstance(size, Least | Greatest):
        yield size
    for child in children(size):
        yield from _extremes(child)


def _clauses(size: Size, arithmetic: Arithmetic, at: At) -> Clauses:
    if not moving(size, at):
        return ((arithmetic.polynomial(size, at),),)
    match size:
        case Least(left, right):
            return _few(size, _clauses(left, arithmetic, at) + _clauses(right, arithmetic, at))
        case Greatest(left, right):
            pairs = product(_clauses(left, arithmetic, at), _clauses(right, arithmetic, at))
            return _few(size, tuple(a + b for a, b in pairs))
        case Sum(left, right):
            return _sum(size, _clauses(left, arithmetic, at), _clauses(right, arithmetic, at))
        case Difference(left, right):
            negative = _negated(size, _clauses(right, arithmetic, at))
            return _sum(size, _clauses(left, arithmetic, at), negative)
        case Product(int(factor), of) | Product(of, int(factor)):
            clauses = _clauses(of, arithmetic, at)
            if factor < 0:
                clauses = _negated(size, clauses)
            return _each(clauses, lambda arm: arm * abs(factor))
        case Quotient(left, right) if not moving(right, at):
            divisor = arithmetic.polynomial(right, at)
            return _each(
                _clauses(left, arithmetic, at), lambda arm: arithmetic.quotient(arm, divisor)
            )
        case _:
            raise OutOfReachError(
                f"{size_text(size)}: a min or max of an index is added and divided, and no more"
            )


def _sum(size: Size, left: Clauses, right: Clauses) -> Clauses:
    pairs = product(left, right)
    return _few(size, tuple(tuple(a + b for a, b in product(*pair)) for pair in pairs))


def _negated(size: Size, clauses: Clauses) -> Clauses:
    """Return minus the least of the greatest: the greatest of the least, turned inside out."""
    return _few(size, tuple(tuple(-arm for arm in chosen) for chosen in product(*clauses)))


def _each(clauses: Clauses, change: Callable[[Polynomial], Polynomial]) -> Clauses:
    return tuple(tuple(map(change, clause)) for clause in clauses)


def _few(size: Size, clauses: Clauses) -> Clauses:
    if sum(map(len, clauses)) > MOST:
        raise OutOfReachError(f"{size_text(size)} compares too many sizes at once")
    return clauses


def _either(size: Size, at: At) -> str:
    extreme = size_text(moving(size, at)[0])
    return (
        f"{extreme} asks for one of two, and a sum for every size for both: let a range start at "
        "a max and end at a min, and a guard be below a min and above a max"
    )

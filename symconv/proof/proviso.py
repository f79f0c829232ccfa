"""Under which usual hypotheses a claim holds that does not hold everywhere.

What gives both sides a meaning is looked for first: an obligation of that kind which stays open is
a hypothesis itself.  Then come those that people forget: the stride divides, nothing is padded, the
stride or the dilation is 1, the filter fits.  Whatever is found is proved before it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from symconv.claims.claim import Claim, Condition
from symconv.claims.mathematics import condition_text
from symconv.formula.sizes import Name, Quotient, Remainder, Sum
from symconv.formula.words import PADDING, RANKS, Role, letters
from symconv.polynomial import Polynomial

if TYPE_CHECKING:
    from symconv.claims.statement import StatedClaim

ROUNDS = 3
"""How many hypotheses that give both sides a meaning are added."""

ATTEMPTS = 8
"""How many claims are put to the proof, at most."""


@dataclass(frozen=True, slots=True)
class Proviso:
    """Hypotheses under which a claim is proved for every size.

    Attributes:
        where: the hypotheses, beside those that the claim states itself.
    """

    where: tuple[str, ...]


def proviso(
    stated: StatedClaim,
    holds: Callable[[StatedClaim], bool],
    lacks: Callable[[StatedClaim], str | None],
) -> Proviso | None:
    """Return what ``stated`` lacks, or None where no usual hypothesis makes it hold.

    Args:
        stated: a claim that is refuted, or has no meaning somewhere.
        holds: tells whether a claim is proved for every size.
        lacks: returns, as a hypothesis, what gives a claim a meaning and cannot be proved of it.
    """
    meant: list[str] = []
    while len(meant) < ROUNDS:
        lacking = lacks(_where(stated, meant))
        if lacking is None or lacking in meant:
            break
        meant.append(lacking)
    if meant and holds(_where(stated, meant)):
        return Proviso(tuple(meant))
    attempts = ATTEMPTS
    for usual in _usual(stated.claim()):
        added = [text for text in usual if text not in stated.where]
        attempts -= 1
        if attempts and added and holds(_where(stated, [*meant, *added])):
            return Proviso(tuple(_needed(stated, [*meant, *added], holds)))
    return None


def _needed(
    stated: StatedClaim, where: list[str], holds: Callable[[StatedClaim], bool]
) -> list[str]:
    """Return the hypotheses without those that are not needed."""
    for each in where if len(where) > 1 else ():
        fewer = [text for text in where if text != each]
        if fewer and holds(_where(stated, fewer)):
            where = fewer
    return where


def _where(stated: StatedClaim, more: list[str]) -> StatedClaim:
    return replace(stated, where=(*stated.where, *more))


def _usual(claim: Claim) -> Iterator[list[str]]:
    """Yield hypotheses that people forget, on all axes that the claim speaks of."""
    divided = []
    for size in claim.definitions.values():
        match size:
            case Sum(Quotient(left, right), 1):
                divided.append(condition_text(Condition(Remainder(left, right), "==", 0)))
    yield divided
    unpadded = _each(PADDING, 0, claim)
    yield unpadded
    yield [*divided, *unpadded]
    yield _each((Role.STRIDE,), 1, claim)
    yield _each((Role.DILATION,), 1, claim)
    sizes = (letters(role, rank=max(RANKS)) for role in (Role.INPUT, Role.FILTER))
    known = [pair for pair in zip(*sizes, strict=True) if claim.integers.keys() >= {*pair}]
    fits = [Condition(Name(H), ">=", Name(R)) for H, R in known]
    yield [condition_text(each) for each in fits if each not in claim.assumptions]


def _each(roles: tuple[Role, ...], value: int, claim: Claim) -> list[str]:
    """Return that each size of these roles which a claim speaks of has a value."""
    names = (name for name in letters(*roles, rank=max(RANKS)) if name in claim.integers)
    return [condition_text(Condition(Name(name), "==", value)) for name in names]


def at_least(goal: Polynomial) -> str:
    """Return ``goal`` >= 0 as a hypothesis: ``H >= 3``, or ``2*u <= H``."""
    constant = goal.terms.get((), 0)
    rest = goal - constant
    if constant < 0 and all(factor > 0 for factor in rest.terms.values()):
        return f"{rest} >= {-constant}"
    return goal.compared(">=")

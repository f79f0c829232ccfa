"""Verdicts: what may be said of a claim, and the evidence for it.

PROVED names its scope.  REFUTED carries a counterexample that was evaluated.  Everything else is
NOT JUDGED, with the reason: a time-out is not a proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from symconv.equation import Equation


class Verdict(StrEnum):
    """The three things that can be said of a claim."""

    PROVED = "proved"
    REFUTED = "refuted"
    NOT_JUDGED = "not-judged"


class Scope(StrEnum):
    """The sizes for which a verdict holds."""

    THIS_SIZE = "this size"
    EVERY_SIZE = "every size"
    LISTED_SIZES = "listed sizes"


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The difference of two tensors at one size.

    Attributes:
        shapes: (left, right); None for a side that is undefined.
        equations: the first differing element as the left and the right side give it, or None
            where the shapes differ or a side is undefined.
        undefined: why a side has no meaning at this size, or None.
    """

    shapes: tuple[tuple[int, ...] | None, tuple[int, ...] | None]
    equations: tuple[Equation, Equation] | None = None
    undefined: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """A verdict with what stands behind it.

    Attributes:
        claim: a short name, such as ``input-gradient``.
        statement: what is claimed, in words or as a formula.
        scope: the sizes it was judged for.
        verdict: proved, refuted or not judged.
        elements: how many elements were compared.
        terms: how many products those elements are made of.
        engine: what compared them.
        seconds: how long that took.
        obligations: how many identities were checked, for a proof for every size.
        counterexample: where the claim fails; present iff refuted.
        reason: why nothing was judged; present iff not judged.
    """

    claim: str
    statement: str
    scope: Scope
    verdict: Verdict
    elements: int
    terms: int
    engine: str
    seconds: float
    obligations: int = 0
    counterexample: Counterexample | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.REFUTED) != (self.counterexample is not None):
            raise ValueError("a claim is refuted by a counterexample, and by nothing else")
        if (self.verdict is Verdict.NOT_JUDGED) != (self.reason is not None):
            raise ValueError("what is not judged needs a reason, and only that")

    @property
    def proved(self) -> bool:
        """Whether the claim is proved in its scope."""
        return self.verdict is Verdict.PROVED


def not_judged(claim: str, reason: str) -> Proof:
    """Return the verdict that nothing can be said of ``claim`` at this size, and why."""
    return Proof(claim, "", Scope.THIS_SIZE, Verdict.NOT_JUDGED, 0, 0, "", 0.0, reason=reason)

"""The one way from documents to proofs: a claim's text in, what can be said of it out.

The prover is imported only when a document states something for every size, and each distinct
claim is proved once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from symconv.documents.verdicts.verdict import AGREE, NOT_JUDGED, WRONG
from symconv.errors import SymconvError

_TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class ClaimText:
    """A claim in the words of the claim language: two sides, and where it is said to hold.

    ``general`` says what Y has beyond the lecture's convolution; ``sizes`` is a listed scope.
    """

    statement: str
    where: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    sizes: str | None = None

    def at_small_sizes(self) -> ClaimText:
        """Return the claim for a few small sizes, to be refuted there if it cannot be proved."""
        return self._at("H=2,R=1..2,u=1..2", "0..1")

    def without_remainder(self) -> Iterator[ClaimText]:
        """Yield the claim for sizes at which windows reach every element, one size each."""
        for stride, padding in product((1, 2), (0, 1)):
            yield self._at(f"H=7,R=3,u={stride}", f"{padding}")

    def _at(self, sizes: str, padding: str) -> ClaimText:
        sizes += ",d=1" if "dilation" in self.general else ""
        sizes += f",pt={padding},pb={padding}" if "padding" in self.general else ""
        if "W == 1" in self.where:  # one axis
            sizes += ",W=1,S=1,v=1"
            sizes += ",pl=0,pr=0" if "padding" in self.general else ""
        return replace(self, sizes=sizes)

    def __str__(self) -> str:
        if self.sizes is not None:
            return f"{self.statement} at {self.sizes}"
        return self.statement + (f" where {', '.join(self.where)}" if self.where else "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the prover says: ``agree``, ``wrong`` or ``not-judged``, and why, in one line."""

    verdict: str
    reason: str


def ask(claim: ClaimText) -> Answer:
    """Return what the prover says of a claim for every size.

    What the clock cut short is said, and asked anew the next time.
    """
    try:
        return _asked(claim)
    except _LateError as error:
        return error.answer


class _LateError(Exception):
    """An answer that must not be remembered: another time the prover may say more."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


@lru_cache(maxsize=4096)
def _asked(claim: ClaimText) -> Answer:
    from symconv.claims.statement import StatedClaim
    from symconv.proof.prover import judge

    try:
        found = judge(
            StatedClaim(
                claim.statement, where=claim.where, general=claim.general, sizes=claim.sizes
            ),
            timeout=_TIMEOUT,
        )
    except SymconvError as error:
        return Answer(NOT_JUDGED, f"{error} ({claim})")
    verdict = {"proved": AGREE, "refuted": WRONG}.get(str(found.verdict), NOT_JUDGED)
    answer = Answer(verdict, f"{found.summary} ({claim})")
    if found.late:
        raise _LateError(answer)
    return answer

"""Shows certificates that were checked: each claim in full, or why it is rejected."""

from __future__ import annotations

from collections.abc import Iterator

from symconv.claims.verdict import Scope, Verdict
from symconv.errors import how_many
from symconv.proof.certificate_claims import CertifiedClaim
from symconv.telling.words import VERDICTS
from symconv.views.judgements import INDENT, Line, assumed, claimed, sizes


def holding(told: CertifiedClaim, obligations: int) -> Iterator[Line]:
    """Yield what a certificate proves that holds."""
    verdict = f"{VERDICTS[Verdict.PROVED]} for {Scope.EVERY_SIZE}"
    yield Verdict.PROVED.value, f"{verdict}  {told.stated.id}"
    claim = told.stated.claim()
    yield from claimed(told.stated, claim)
    yield from assumed(claim)
    verb = "holds" if obligations == 1 else "hold"
    such = f"; there are such sizes: {sizes(dict(told.witness))}" if told.witness else ""
    yield "aside", f"{INDENT}{how_many(obligations, 'obligation')} {verb}{such}"


def rejected(file: str, why: str) -> Line:
    """Return the one line that rejects a claim; ``why`` names it."""
    return "unexpected", f"REJECTED {file}: {why}"


def count(hold: int, rejections: int) -> Iterator[Line]:
    """Yield how many claims hold, unless it is one alone."""
    if hold + rejections > 1:
        role = "unexpected" if rejections else "statement"
        verb = "holds" if hold == 1 else "hold"
        total = how_many(hold + rejections, "claim")
        yield role, f"{total}: {hold} {verb}, {rejections} rejected"

"""Verdicts on claims as annotations of GitHub Actions (workflow commands)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symconv.claims.verdict import Verdict
from symconv.errors import how_many
from symconv.proof.run import JudgedClaim
from symconv.views.judgements import reason

_WORST_FIRST = (Verdict.REFUTED, Verdict.PROVED, Verdict.NOT_JUDGED)


def lines(judged: Sequence[JudgedClaim]) -> Iterator[str]:
    """Yield one ``::error`` for each claim that is not as expected, and a notice with the count."""
    wrong = [each for each in judged if not each.judgement.as_expected]
    for each in sorted(wrong, key=lambda e: _WORST_FIRST.index(e.judgement.verdict)):
        where = f",file={_escaped(each.file, ':,')},line={each.line}" if each.file else ""
        title = _escaped(f"symconv: {each.judgement.stated.id}", ":,")
        said = f"expected {each.judgement.claim.expected}, {reason(each)}"
        yield f"::error title={title}{where}::{_escaped(said)}"
    yield f"::notice title=symconv::{how_many(len(judged), 'claim')}, {len(wrong)} not as expected"


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text

"""How many slips were found, how many of them can be mended, and how many are ignored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from symconv.documents.check import Report


@dataclass(frozen=True, slots=True)
class Tally:
    """The slips of some documents, counted.

    Attributes:
        codes: how many each code has, most first; what is ignored is left out.
        fixable: how many stand in equations whose every slip has a mend.
        ignored: how many are ignored.
    """

    codes: dict[str, int]
    fixable: int
    ignored: int

    @property
    def errors(self) -> int:
        """How many slips there are; what is ignored is left out."""
        return sum(self.codes.values())


def tally(reports: Sequence[Report]) -> Tally:
    """Return the slips of some documents, counted."""
    judgements = [judgement for report in reports for judgement in report.verdicts]
    findings = [finding for judgement in judgements for finding in judgement.findings]
    counted = Counter(finding.code for finding in findings if not finding.ignored)
    return Tally(
        codes=dict(sorted(counted.items(), key=lambda each: (-each[1], each[0]))),
        fixable=sum(len(j.findings) for j in judgements if j.edits),
        ignored=sum(finding.ignored for finding in findings),
    )

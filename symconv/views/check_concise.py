"""Verdicts on documents in one line each, for editors and for `grep`; and how many of each code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symconv.documents.check import Report
from symconv.documents.codes import CODES
from symconv.documents.report import message, where
from symconv.documents.tally import tally
from symconv.documents.verdicts.verdict import NOT_JUDGED
from symconv.views.check_text import Line, summary


def lines(reports: Sequence[Report], verbose: bool) -> Iterator[Line]:
    """Yield ``path:line:column: CODE message`` for each slip, then the summary.

    Args:
        reports: one for each document.
        verbose: whether what is not judged is listed, too.
    """
    for report in reports:
        for judgement in report.verdicts:
            said = [(f.place, f"{f.code} {f.message}") for f in judgement.findings if not f.ignored]
            if verbose and judgement.verdict == NOT_JUDGED:
                said.append((where(judgement), f"not judged: {message(judgement)}"))
            for place, text in said:
                yield [(f"{report.document.where(place.start)}: ", "bold"), (text, "")]
    yield from summary(reports)


def statistics(reports: Sequence[Report]) -> Iterator[Line]:
    """Yield how many slips each code has, most first, then the summary."""
    codes = tally(reports).codes
    wide = max((len(f"{number:,}") for number in codes.values()), default=0)
    for code, number in codes.items():
        yield [(f"{number:>{wide},}", "bold"), (f"  {code}  {CODES[code].name}", "")]
    yield from summary(reports)

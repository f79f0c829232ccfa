"""Verdicts on a document as lines of text: where, what, the caret, the way out, the count."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from symconv.documents.check import Report
from symconv.documents.report import message, notation_line, where
from symconv.documents.source.place import Place
from symconv.documents.source.text import Document
from symconv.documents.verdicts.verdict import NOT_JUDGED, Finding, Judgement

_WIDEST = 240


def lines(reports: Sequence[Report], verbose: bool, notation: bool) -> Iterator[str]:
    """Yield the lines of a report.

    Args:
        reports: one for each document.
        verbose: whether what is not judged is listed.
        notation: whether the notations found are listed.
    """
    for report in reports:
        if notation:
            yield from _notations(report)
        for judgement in report.judgements:
            for finding in judgement.findings:
                yield from _finding(finding, report.document)
            if verbose and judgement.verdict == NOT_JUDGED:
                yield from _unjudged(judgement, report.document)
    yield _count(reports)


def _notations(report: Report) -> Iterator[str]:
    path = report.document.path
    for region in report.regions:
        line = report.document.line(region.start)
        if not region.readings:
            yield f"{path}:{line}: notation: none found: {region.reason}"
        for k, reading in enumerate(region.readings):
            also = "or " if k else ""
            yield f"{path}:{line}: notation: {also}{notation_line(reading)}"
            yield f"  = evidence: {'; '.join(reading.evidence)}"


def _finding(finding: Finding, document: Document) -> Iterator[str]:
    line, column = document.place(finding.place.start)
    yield f"{document.path}:{line}:{column}: error {finding.code}: {finding.message}"
    yield from _shown(document, finding.place)
    if finding.fix:
        yield f"  = help: write {finding.fix}"


def _unjudged(judgement: Judgement, document: Document) -> Iterator[str]:
    place = where(judgement)
    line, column = document.place(place.start)
    yield f"{document.path}:{line}:{column}: not judged: {message(judgement)}"
    yield from _shown(document, place)


def _shown(document: Document, place: Place) -> Iterator[str]:
    """Yield the source line with a caret under a place; a very long line is cut around it."""
    line, column = document.place(place.start)
    begin, stop = document.line_range(line)
    length = stop - begin
    start = column - 1
    end = min(start + max(place.end - place.start, 1), max(length, start + 1))
    first = max(0, min(start - _WIDEST // 4, length - _WIDEST))
    text = document.text[begin + first : min(stop, begin + first + _WIDEST)].replace("\t", " ")
    before, under = text[: start - first], text[start - first : end - first] or " "
    gutter = " " * len(str(line))
    yield f"{gutter} |"
    yield f"{line} | {text}"
    yield f"{gutter} | {' ' * _width(before)}{'^' * max(_width(under), 1)}"


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _count(reports: Sequence[Report]) -> str:
    agree, wrong, other = (sum(n) for n in zip(*(r.counts for r in reports), strict=True))
    files = f" in {len(reports)} documents" if len(reports) > 1 else ""
    return f"{agree} agree, {wrong} wrong, {other} not judged{files}"

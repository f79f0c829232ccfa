"""Verdicts on documents as annotations of GitHub Actions (workflow commands)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symconv.documents.check import Report
from symconv.documents.source.text import Document
from symconv.documents.tally import tally
from symconv.documents.verdicts.verdict import Finding


def lines(reports: Sequence[Report]) -> Iterator[str]:
    """Yield one ``::error`` for each slip, and a notice with the count."""
    for report in reports:
        for judgement in report.verdicts:
            for finding in judgement.findings:
                if not finding.ignored:
                    yield _annotation(finding, report.document)
    agree, wrong, other = (sum(n) for n in zip(*(r.counts for r in reports), strict=True))
    ignored = tally(reports).ignored
    said = f", {ignored} ignored" if ignored else ""
    yield f"::notice title=symconv::{agree} agree, {wrong} wrong, {other} not judged{said}"


def _annotation(finding: Finding, document: Document) -> str:
    line, column = document.place(finding.place.start)
    end_line, end_column = document.place(finding.place.end)
    if cell := document.cell(finding.place.start):  # no line of the file
        at = f"::error title=symconv ({finding.code}),file={property_value(document.path)}::"
        return f"{at}{escaped(f'cell {cell}, line {line}: {_said(finding)}')}"
    where = f"file={property_value(document.path)},line={line}"
    # A column is refused where a span crosses lines.
    where += (
        f",col={column},endLine={line},endColumn={end_column}"
        if line == end_line
        else f",endLine={end_line}"
    )
    return f"::error title=symconv ({finding.code}),{where}::{escaped(_said(finding))}"


def _said(finding: Finding) -> str:
    return finding.message + (f"; write {finding.fix}" if finding.fix else "")


def escaped(text: str) -> str:
    """Return a message as a workflow command has it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def property_value(text: str) -> str:
    """Return the value of a property of a workflow command."""
    return escaped(text).replace(":", "%3A").replace(",", "%2C")

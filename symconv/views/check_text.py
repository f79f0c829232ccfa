"""Verdicts on a document as lines of text: where, what, the caret, the way out, the count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from symconv.claims.verdict import Verdict
from symconv.documents.check import Report
from symconv.documents.report import message, notation_line, where
from symconv.documents.source.place import Place
from symconv.documents.source.text import Document
from symconv.documents.tally import tally
from symconv.documents.verdicts.verdict import NOT_JUDGED, EquationVerdict, Finding
from symconv.errors import how_many
from symconv.views import hues

if TYPE_CHECKING:
    from rich.console import Console

Line = list[tuple[str, str]]
"""Pieces of a line, each with its style on a terminal."""

WIDEST = 240
"""How much of a long source line is shown where no terminal says less."""
MANY = 3
"""So many slips of one document that are alike are shown as one, with the lines of the others."""
_CUT = "..."
_NUMBER = re.compile(r"\d+")
_PLACE, _ERROR, _UNJUDGED = (
    "bold",
    hues.VERDICTS[Verdict.REFUTED],
    hues.VERDICTS[Verdict.NOT_JUDGED],
)
_HELP, _RIGHT = hues.HELP, hues.RIGHT


def show(shown: Iterable[Line], console: Console) -> None:
    """Print lines on a terminal, in colours."""
    from rich.text import Text

    for line in shown:  # as Text: in markup rich would swallow x[2,2]
        console.print(Text.assemble(*line, overflow="fold"), highlight=False)


def plain(shown: Iterable[Line]) -> Iterator[str]:
    """Yield lines as text."""
    for line in shown:
        yield "".join(text for text, _ in line)


def lines(
    reports: Sequence[Report],
    verbose: bool,
    notation: bool,
    width: int = WIDEST,
    unfolded: bool = False,
) -> Iterator[Line]:
    """Yield the lines of a report: what was found, and how much of it.

    Args:
        reports: one for each document.
        verbose: whether what is not judged is listed, and how words were read.
        notation: whether the notations found are listed.
        width: how many columns a line of the document may take.
        unfolded: whether each repeat of a slip is shown, and not its line alone; as ``verbose``.
    """
    yield from found(reports, verbose, notation, width, unfolded)
    yield from summary(reports)


def found(
    reports: Sequence[Report],
    verbose: bool = False,
    notation: bool = False,
    width: int = WIDEST,
    unfolded: bool = False,
) -> Iterator[Line]:
    """Yield the lines of what was found; see `lines`."""
    for report in reports:
        if notation:
            yield from _notations(report)
        repeats = {} if verbose or unfolded else _repeats(report)
        for judgement in report.verdicts:
            for finding in judgement.findings:
                first, *others = repeats.get(_likeness(finding), [finding])
                if finding.ignored or finding is not first:
                    continue
                yield from _finding(finding, report.document, width)
                if others:
                    yield _more(others, report.document)
            if verbose and judgement.verdict == NOT_JUDGED:
                yield from _unjudged(judgement, report.document, width)
            if judgement.scope or (verbose and judgement.note):
                yield from _agreement(judgement, report.document, verbose)


def _repeats(report: Report) -> dict[tuple[str, str], list[Finding]]:
    """Return the slips of a document that are alike, where they are many."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for judgement in report.verdicts:
        for finding in judgement.findings:
            alike.setdefault(_likeness(finding), []).append(finding)
    return {likeness: found for likeness, found in alike.items() if len(found) >= MANY}


def _likeness(finding: Finding) -> tuple[str, str]:
    """Return what is the same in two findings of one slip: all but the numbers."""
    return finding.code, _NUMBER.sub("0", finding.message)


def _more(others: Sequence[Finding], document: Document) -> Line:
    """Return how often a slip is repeated, and on which lines."""
    noun, count = ("cell", document.cell) if document.cells else ("line", document.line)
    numbers = sorted({count(finding.place.start) for finding in others})
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    where = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    noun += "s" * (len(numbers) > 1)
    return [("  = ", _HELP), (f"and {len(others)} more like it: {noun} {where}", "")]


def _notations(report: Report) -> Iterator[Line]:
    for region in report.regions:
        place = (f"{report.document.where(region.start, column=False)}:", _PLACE)
        if not region.readings:
            yield [place, (f" notation: none found: {region.reason}", "")]
        for k, reading in enumerate(region.readings):
            also = "or " if k else ""
            yield [place, (f" notation: {also}{notation_line(reading)}", "")]
            yield [("  = evidence: ", _HELP), ("; ".join(reading.evidence), "")]
    for shown in report.shown:
        from symconv.documents.meanings.shown import line

        place = (f"{report.document.where(shown.start, column=False)}:", _PLACE)
        for k, (convention, evidence) in enumerate(shown.readings):
            also = "or " if k else ""
            yield [place, (f" notation: {also}{line(convention, shown.rank)}", "")]
            yield [("  = evidence: ", _HELP), ("; ".join(evidence), "")]


def _finding(finding: Finding, document: Document, width: int) -> Iterator[Line]:
    yield [
        (f"{document.where(finding.place.start)}: ", _PLACE),
        (f"error {finding.code}", _ERROR),
        (f": {finding.message}", ""),
    ]
    yield from _shown(document, finding.place, _ERROR, width)
    if finding.fix:
        yield [("  = help: ", _HELP), (f"write {finding.fix}", "")]


def _unjudged(judgement: EquationVerdict, document: Document, width: int) -> Iterator[Line]:
    place = where(judgement)
    yield [
        (f"{document.where(place.start)}: ", _PLACE),
        ("not judged", _UNJUDGED),
        (f": {message(judgement)}", ""),
    ]
    yield from _shown(document, place, _UNJUDGED, width)


def _agreement(judgement: EquationVerdict, document: Document, verbose: bool) -> Iterator[Line]:
    """Yield where alone an equation agrees, and how its words were read."""
    said = ", ".join(filter(None, (judgement.note if verbose else "", judgement.scope)))
    at = f"{document.where(judgement.place.start)}: "
    yield [(at, _PLACE), ("agrees", _RIGHT), (f" {said}", "")]


def _shown(document: Document, place: Place, style: str, width: int) -> Iterator[Line]:
    """Yield the source line with a caret under a place; a long line is cut around it."""
    line, column = document.place(place.start)
    begin, stop = document.line_range(document.line(place.start))
    start = column - 1
    end = min(start + max(place.end - place.start, 1), max(stop - begin, start + 1))
    room = max(width - len(f"{line} | "), 2 * len(_CUT) + 8)
    first, last = _window(document.text[begin:stop], start, room)
    text = document.text[begin + first : begin + last].replace("\t", " ")
    before, under = text[: start - first], text[start - first : end - first] or " "
    head, tail = (_CUT if cut else "" for cut in (first > 0, begin + last < stop))
    gutter = " " * len(str(line))
    yield [(f"{gutter} |", _HELP)]
    yield [(f"{line} | ", _HELP), (f"{head}{text}{tail}", "")]
    yield [
        (f"{gutter} | ", _HELP),
        (" " * (len(head) + _width(before)) + "^" * max(_width(under), 1), style),
    ]


def _window(text: str, start: int, room: int) -> tuple[int, int]:
    """Return which part of a line is shown, so that it fits with the marks of what is cut."""
    if len(text) <= room and _width(text) <= room:
        return 0, len(text)
    room -= 2 * len(_CUT)
    first = max(0, min(start - room // 4, len(text) - room))
    part = text[first : first + room]
    if _width(part) > room:  # wide characters: half as many fit
        first = max(first, start - room // 8)
        part = text[first : first + room // 2]
    return first, first + len(part)


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def summary(reports: Sequence[Report]) -> Iterator[Line]:
    """Yield how many equations have each verdict, then how many slips were found, if any."""
    yield count(reports)
    counted = tally(reports)
    if counted.errors or counted.ignored:
        said = [(f"Found {how_many(counted.errors, 'error')}", _ERROR if counted.errors else "")]
        if counted.errors:
            said.append((f", {counted.fixable:,} fixable with --fix", ""))
        ignored = f" ({counted.ignored:,} ignored)" if counted.ignored else ""
        yield [*said, (f"{ignored}.", "")]


def count(reports: Sequence[Report]) -> Line:
    """Return how many equations agree, are wrong, are not judged."""
    agree, wrong, other = (sum(n) for n in zip(*(r.counts for r in reports), strict=True))
    files = f" in {how_many(len(reports), 'document')}" if len(reports) > 1 else ""
    return [
        (f"{agree} agree", _RIGHT if agree else ""),
        (", ", ""),
        (f"{wrong} wrong", _ERROR if wrong else ""),
        (", ", ""),
        (f"{other} not judged", _UNJUDGED if other else ""),
        (files, ""),
    ]

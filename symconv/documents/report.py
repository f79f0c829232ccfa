"""Reports as data: the contract ``symconv.check/1``, and what every view shows.

    {"schema": "symconv.check/1", "files": [{"path", "notation": [..], "counts": {..},
      "warnings": [..], "equations": [{"line", "column", "end_line", "end_column", "source",
        "target", "kind", "verdict", "scope", "code", "found", "expected", "message",
        "fix", "findings": [..]}], "sentences": [..]}]}

Lines and columns count from 1, in each "cell" of a notebook, indices from 0; line and column are
those of the wrong term, of what is not understood, or of the equation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from symconv.documents.check import Report
from symconv.documents.notation.reading import NotationReading, Region
from symconv.documents.source.place import Place
from symconv.documents.source.text import Document
from symconv.documents.verdicts.verdict import (
    AGREE,
    WRONG,
    EquationVerdict,
    Finding,
    canonical_name,
)
from symconv.equation import Term

if TYPE_CHECKING:
    from symconv.documents.formulas.convention import Convention

SCHEMA = "symconv.check/1"


def as_data(reports: Sequence[Report]) -> dict[str, object]:
    """Return reports as JSON data."""
    return {"schema": SCHEMA, "files": [_file(report) for report in reports]}


def _file(report: Report) -> dict[str, object]:
    agree, wrong, other = report.counts
    return {
        "path": report.document.path,
        "notation": list(notations(report)),
        "counts": {"agree": agree, "wrong": wrong, "not-judged": other},
        "warnings": list(report.warnings),
        "equations": [_equation(j, report.document) for j in report.judgements],
        "sentences": [_finding(f, report.document) for j in report.sentences for f in j.findings],
    }


def notations(report: Report) -> Iterator[dict[str, object]]:
    """Yield the notation of each region, then those of formulas alone, with their evidence."""
    for region in report.regions:
        yield _notation(region, report.document)
    for shown in report.shown:
        yield {
            "line": report.document.place(shown.start)[0],
            "equations": shown.formulas,
            "readings": [_any_sizes(*reading) for reading in shown.readings],
        }


def _notation(region: Region, document: Document) -> dict[str, object]:
    data: dict[str, object] = {
        "line": document.place(region.start)[0],
        "equations": len(region.members),
        "readings": [_reading(reading) for reading in region.readings],
    }
    if region.reason:
        data["reason"] = region.reason
    return data


def _reading(reading: NotationReading) -> dict[str, object]:
    g = reading.geometry
    return {
        "names": {
            "input": reading.input,
            "filter": reading.filter,
            "output": list(reading.outputs),
            "output_gradient": list(reading.gradients),
        },
        "index_base": reading.base,
        "input": list(g.input),
        "filter": list(g.filter),
        "output": list(g.output),
        "stride": list(g.stride),
        "padding": [list(pair) for pair in g.padding],
        "dilation": list(g.dilation),
        "forward": "convolution" if reading.flipped else "correlation",
        "evidence": list(reading.evidence),
    }


def _any_sizes(convention: Convention, evidence: Sequence[str]) -> dict[str, object]:
    """Return a notation without an example: its sizes are null, as is what is not known."""
    x, f, y, dy = convention.roles or ("", "", "", "")
    return {
        "names": {
            "input": x or None,
            "filter": f or None,
            "output": [y] if y else [],
            "output_gradient": [dy] if dy else [],
        },
        "index_base": convention.base,
        **dict.fromkeys(("input", "filter", "output", "stride", "padding", "dilation")),
        "forward": "convolution" if convention.flipped else "correlation",
        "evidence": list(evidence),
    }


def _equation(judgement: EquationVerdict, document: Document) -> dict[str, object]:
    first = judgement.findings[0] if judgement.findings else None
    start_line, start_column = document.place(judgement.place.start)
    return {
        **_range(where(judgement), document),
        "equation": {"line": start_line, "column": start_column},
        "source": source(document, judgement.place),
        "target": judgement.target,
        "kind": judgement.kind,
        "verdict": judgement.verdict,
        "scope": judgement.scope or None,
        "code": first.code if first else None,
        "found": _products(judgement.found),
        "expected": _products(judgement.expected),
        "message": message(judgement),
        "fix": (first.fix or None) if first else None,
        "findings": [_finding(f, document) for f in judgement.findings],
    }


def _finding(finding: Finding, document: Document) -> dict[str, object]:
    return {
        **_range(finding.place, document),
        "code": finding.code,
        "message": finding.message,
        "fix": finding.fix or None,
        "ignored": finding.ignored,
    }


def _range(place: Place, document: Document) -> dict[str, object]:
    """Return a place as data, with its cell where there are cells."""
    line, column = document.place(place.start)
    end_line, end_column = document.place(place.end)
    cell = document.cell(place.start)
    return {
        **({"cell": cell} if cell else {}),
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


def _products(products: Sequence[Term]) -> list[list[str]]:
    return [[canonical_name(element) for element in product] for product in products]


def where(judgement: EquationVerdict) -> Place:
    """Return what a verdict points at: a wrong term, what is not understood, or the equation."""
    if judgement.findings:
        return judgement.findings[0].place
    return judgement.reason_place or judgement.place


def message(judgement: EquationVerdict) -> str:
    """Return a verdict in one line."""
    if judgement.verdict == WRONG:
        return "; ".join(f.message for f in judgement.findings)
    return judgement.note if judgement.verdict == AGREE else judgement.reason


def source(document: Document, place: Place) -> str:
    """Return what stands in a place, on one line."""
    return " ".join(document.text[place.start : place.end].split())


def notation_line(reading: NotationReading) -> str:
    """Return a notation in one line: 5x5 input x, 3x3 filter f, stride 2, indices from 0."""
    g = reading.geometry
    words = [
        f"{by(g.input)} input {reading.input or '?'}",
        f"{by(g.filter)} filter {reading.filter or '?'}",
        f"{by(g.output)} output {' and '.join(reading.outputs) or '?'}",
    ]
    words.append(f"stride {step(g.stride)}")
    if any(lo or hi for lo, hi in g.padding):
        words.append("padding " + "x".join(f"{lo},{hi}" for lo, hi in g.padding))
    if any(d != 1 for d in g.dilation):
        words.append(f"dilation {step(g.dilation)}")
    if reading.flipped:
        words.append("forward pass a true convolution (filter flipped)")
    words.append(f"indices from {reading.base}")
    return ", ".join(words)


def by(sizes: Sequence[int]) -> str:
    """Return sizes as 5x5."""
    return "x".join(map(str, sizes))


def step(sizes: Sequence[int]) -> str:
    """Return steps as 2x1, or 2 where they are equal."""
    return by(sizes if len(set(sizes)) > 1 else sizes[:1])

"""Verdicts on documents as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path, PurePath
from urllib.parse import quote

from symconv import __version__
from symconv.documents.check import Report
from symconv.documents.codes import CODES
from symconv.documents.report import source
from symconv.documents.source.text import Document
from symconv.documents.verdicts.verdict import Finding

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_data(reports: Sequence[Report]) -> dict[str, object]:
    """Return one run with a rule for each code and a result for each slip."""
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "symconv",
                        "version": __version__,
                        "rules": [
                            {
                                "id": c.code,
                                "name": c.name.title().replace(" ", "").replace("-", ""),
                                "shortDescription": {"text": c.name},
                                "fullDescription": {"text": c.meaning},
                                "help": {"text": f"{c.meaning}\n{c.example}"},
                            }
                            for c in CODES.values()
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(finding, report.document)
                    for report in reports
                    for judgement in report.verdicts
                    for finding in judgement.findings
                    if not finding.ignored
                ],
            }
        ],
    }


def _result(finding: Finding, document: Document) -> dict[str, object]:
    line, column = document.place(finding.place.start)
    end_line, end_column = document.place(finding.place.end)
    text = finding.message + (f"; write {finding.fix}" if finding.fix else "")
    region = {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(document.path)}}
    if cell := document.cell(finding.place.start):  # no line of the file
        text = f"cell {cell}, line {line}: {text}"
    else:
        physical["region"] = region
    return {
        "ruleId": finding.code,
        "ruleIndex": list(CODES).index(finding.code),
        "level": "error",
        "message": {"text": text},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"symconv/v1": _fingerprint(finding, document)},
    }


def _uri(path: str) -> str:
    """Return a relative address where the file lies below the working directory."""
    pure = PurePath(path)
    if pure.is_absolute():
        try:
            pure = pure.relative_to(Path.cwd())
        except ValueError:
            return Path(path).as_uri()
    return quote(pure.as_posix())


def _fingerprint(finding: Finding, document: Document) -> str:
    """Return what stays the same when lines above are added."""
    line = document.line(finding.place.start)
    parts = (finding.code, source(document, finding.place), document.source_line(line))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]

"""Verdicts on implementations for machines: JUnit XML, annotations of GitHub, SARIF 2.1.0."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote
from xml.etree import ElementTree as ET

from symconv import __version__
from symconv.implementations.codes import FAULTS
from symconv.implementations.lines import SourceLine
from symconv.implementations.report import (
    GradientReport,
    GradientVerdict,
    ImplementationReport,
    VerifyReport,
    counts,
)
from symconv.views.github import escaped, property_value
from symconv.views.sarif import SCHEMA


@dataclass(frozen=True, slots=True)
class SaidFault:
    """One fault as these formats have it: a code, a place and a sentence."""

    path: str
    code: str
    line: SourceLine | None
    said: str

    @property
    def in_file(self) -> SourceLine | None:
        """The line, where it is one of the file: that of a notebook is a line of its cell."""
        return None if self.line is None or self.line.place.cell is not None else self.line

    @property
    def message(self) -> str:
        """The sentence, which begins with the place in a notebook."""
        if self.line is None or self.in_file is not None:
            return self.said
        return f"cell {self.line.place.cell}, line {self.line.number}: {self.said}"


def faults(each: ImplementationReport) -> Iterator[SaidFault]:
    """Yield all that is wrong in an implementation."""
    for gradient in each.gradients:
        if gradient.is_fault:
            yield SaidFault(each.path, gradient.code or "V101", gradient.line, _said(gradient))
    for fault in each.faults:
        yield SaidFault(each.path, fault.code, fault.line, fault.message)


def _said(gradient: GradientReport) -> str:
    parts = [f"{gradient.name} is wrong: {gradient.message}"]
    if gradient.where:
        parts.append(gradient.where)
    if gradient.formula:
        parts.append(f"it computes {gradient.formula}")
    if gradient.belongs:
        parts.append(f"what belongs is {gradient.belongs}")
    return "; ".join(parts)


def junit(report: VerifyReport) -> str:
    """Return the XML document: one test case for each gradient and each other fault."""
    suites = ET.Element("testsuites")
    suite = ET.SubElement(suites, "testsuite", {"name": "symconv verify"})
    failures = 0
    for each in report.implementations:
        owner = f"{each.path}:{each.name}"
        for gradient in each.gradients:
            case = ET.SubElement(suite, "testcase", {"classname": owner, "name": gradient.name})
            if gradient.is_fault:
                failures += 1
                failure = ET.SubElement(
                    case, "failure", {"message": _said(gradient), "type": gradient.code or ""}
                )
                failure.text = _said(gradient)
            elif gradient.verdict is not GradientVerdict.RIGHT:
                ET.SubElement(case, "skipped", {"message": gradient.verdict.value})
            elif gradient.scope is not None:
                ET.SubElement(case, "system-out").text = gradient.scope.value
        for fault in each.faults:
            failures += 1
            case = ET.SubElement(suite, "testcase", {"classname": owner, "name": fault.code})
            ET.SubElement(case, "failure", {"message": fault.message, "type": fault.code})
    for error in report.errors:
        case = ET.SubElement(suite, "testcase", {"classname": "symconv verify", "name": "error"})
        ET.SubElement(case, "error", {"message": error})
    numbers = {
        "tests": str(len(suite)),
        "failures": str(failures),
        "errors": str(len(report.errors)),
    }
    for element in (suites, suite):
        element.attrib.update(numbers)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def github(report: VerifyReport) -> Iterator[str]:
    """Yield one ``::error`` for each fault, and a notice with the count."""
    for each in report.implementations:
        for fault in faults(each):
            where = f"file={property_value(fault.path)}"
            if (line := fault.in_file) is not None:
                where += f",line={line.number},col={line.column}"
                where += f",endLine={line.number},endColumn={line.end}"
            yield f"::error title=symconv ({fault.code}),{where}::{escaped(fault.message)}"
    for error in report.errors:
        yield f"::error title=symconv::{escaped(error)}"
    right, wrong, other = counts(report.implementations)
    yield f"::notice title=symconv::{right} right, {wrong} wrong, {other} not judged"


def sarif(report: VerifyReport) -> dict[str, object]:
    """Return one run with a rule for each code and a result for each fault."""
    rules = [
        {
            "id": c.code,
            "name": c.name.title().replace(" ", "").replace("-", ""),
            "shortDescription": {"text": c.name},
            "fullDescription": {"text": c.meaning},
            "help": {"text": f"{c.meaning}\n{c.example}"},
        }
        for c in FAULTS.values()
    ]
    driver = {"name": "symconv", "version": __version__, "rules": rules}
    results = [_result(fault) for each in report.implementations for fault in faults(each)]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
        ],
    }


def _result(fault: SaidFault) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": {"uri": quote(PurePath(fault.path).as_posix())}}
    text = fault.line.text.strip() if fault.line is not None else ""
    if (line := fault.in_file) is not None:
        place["region"] = {
            "startLine": line.number,
            "startColumn": line.column,
            "endLine": line.number,
            "endColumn": line.end,
        }
    print_of = hashlib.sha256(f"{fault.code} {fault.path} {text}".encode()).hexdigest()
    return {
        "ruleId": fault.code,
        "level": "error",
        "message": {"text": fault.message},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"symconv/1": print_of},
    }

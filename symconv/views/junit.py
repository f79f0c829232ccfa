"""Verdicts on claims as JUnit XML: one test case a claim, failed where it is not as expected.

A claim that an error of symconv itself kept from being judged is an error, not a failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from symconv.proof.run import JudgedClaim
from symconv.views.judgements import lines, reason


def text(judged: Sequence[JudgedClaim]) -> str:
    """Return the XML document of all verdicts."""
    errors = sum(each.judgement.fault is not None for each in judged)
    failed = sum(not each.judgement.as_expected for each in judged) - errors
    seconds = sum(each.judgement.seconds for each in judged)
    counts = {"tests": str(len(judged)), "failures": str(failed), "errors": str(errors)}
    suites = ET.Element("testsuites", counts)
    suite = ET.SubElement(suites, "testsuite", {"name": "symconv prove", **counts})
    suite.set("time", f"{seconds:.3f}")
    for each in judged:
        suite.append(_case(each))
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _case(each: JudgedClaim) -> ET.Element:
    judgement = each.judgement
    names = {"classname": each.file or "symconv", "name": judgement.stated.id}
    case = ET.Element("testcase", names | {"time": f"{judgement.seconds:.3f}"})
    told = "\n".join(line for _, line in lines([each]))
    if judgement.as_expected:
        ET.SubElement(case, "system-out").text = told
    else:
        expected = f"expected {judgement.claim.expected}, {reason(each)}"
        kind = "failure" if judgement.fault is None else "error"
        failure = ET.SubElement(case, kind, {"message": expected})
        failure.set("type", judgement.verdict.value)
        failure.text = told
    return case

"""JUnit XML: what CI servers read."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from symconv.claims.catalogue import entries
from symconv.proof.run import judge_all
from symconv.views.junit import text

FILE = """
[[claim]]
id = "true"
statement = "rotate(rotate(X)) == X"

[[claim]]
id = "false-as-expected"
statement = "rotate(X) == X"
expected = "refuted"

[[claim]]
id = "false"
statement = "dF == correlate(X, dilate(dY, (u, v)))"
where = ["H < 9 and W < 9"]

[[claim]]
id = "true-against-expectation"
statement = "X == X"
expected = "refuted"

[[claim]]
id = "open"
statement = "Y == correlate(X, X)"
"""


@pytest.fixture(scope="module")
def root():
    return ET.fromstring(text(list(judge_all(entries(FILE, "a&b/<c>.toml"), timeout=20))))


def test_counts_are_those_of_the_cases(root):
    (suite,) = root
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    cases = suite.findall("testcase")
    failures = suite.findall("testcase/failure")
    for counted in (root, suite):
        assert int(counted.get("tests")) == len(cases) == 5
        assert int(counted.get("failures")) == len(failures) == 3
        assert counted.get("errors") == "0"
    assert float(suite.get("time")) == pytest.approx(
        sum(float(case.get("time")) for case in cases), abs=0.01
    )


def test_a_case_fails_where_the_verdict_is_not_as_expected(root):
    failed = {case.get("name"): case.find("failure") for case in root.iter("testcase")}
    assert [name for name, failure in failed.items() if failure is None] == [
        "true", "false-as-expected",
    ]  # fmt: skip
    assert {case.get("classname") for case in root.iter("testcase")} == {"a&b/<c>.toml"}
    assert failed["false"].get("type") == "refuted"
    message = failed["false"].get("message")
    assert message.startswith("expected proved, refuted at H=2, W=1")
    assert "dF is 1x1, the right side 2x1" in message
    assert "\n" not in message
    assert "  where H < 9 and W < 9" in failed["false"].text.splitlines()
    assert "Repair" in failed["false"].text
    assert failed["true-against-expectation"].get("message") == (
        "expected refuted, proved for every size (where sizes are positive: H, W >= 1)"
    )
    assert failed["open"].get("type") == "not-judged"
    assert "a product holds X twice" in failed["open"].get("message")
    assert "where the filter fits: H >= R, W >= S" in message


def test_a_case_that_passes_tells_its_verdict_and_what_is_assumed(root):
    told = {case.get("name"): case.findtext("system-out") for case in root.iter("testcase")}
    assert [name for name, text in told.items() if text] == ["true", "false-as-expected"]
    assert told["true"].startswith("PROVED for every size  true\n")
    assert "\n  where sizes are positive: H, W >= 1\n" in told["true"]

"""Annotations of GitHub Actions: one line each, at the line of the claim's id."""

from __future__ import annotations

import re

import pytest

from symconv.claims.catalogue import entries
from symconv.proof.run import judge_all
from symconv.views.annotations import lines

FILE = """
[[claim]]
id = "open"
statement = "Y == correlate(X, X)"

[[claim]]
id = "true"
statement = "rotate(rotate(X)) == X"

[[claim]]
id = "false"
statement = "H % 100 == H"
where = ["H >= 90", "R % 2 == 0"]

[[claim]]
id = "open-too"
statement = "X == correlate(F, F)"
"""


@pytest.fixture(scope="module")
def told():
    return list(lines(list(judge_all(entries(FILE, "a,b:c%/d.toml"), timeout=20))))


def test_what_is_not_as_expected_gets_an_error_worst_first(told):
    assert len(told) == 4
    assert told[0].startswith(
        "::error title=symconv%3A false,file=a%2Cb%3Ac%25/d.toml,line=11::"
        "expected proved, refuted at H=100"
    )
    assert told[1].startswith("::error title=symconv%3A open,file=a%2Cb%3Ac%25/d.toml,line=3::")
    assert told[3] == "::notice title=symconv::4 claims, 3 not as expected"


def test_what_is_assumed_is_told_with_the_verdict(told):
    assert told[0].endswith("(where sizes are positive: H, R >= 1)")
    assert "(where the filter fits: H >= R, W >= S; sizes are positive: " in told[1]


def test_percent_signs_and_line_ends_are_escaped(told):
    for line in told:
        assert "\n" not in line
        assert "\r" not in line
        assert not re.search(r"%(?!0A|0D|25|2C|3A)", line)


def test_what_is_as_expected_is_counted_alone():
    text = FILE[FILE.index('[[claim]]\nid = "true"') : FILE.index('[[claim]]\nid = "false"')]
    assert list(lines(list(judge_all(entries(text, "d.toml"), timeout=20)))) == [
        "::notice title=symconv::1 claim, 0 not as expected"
    ]

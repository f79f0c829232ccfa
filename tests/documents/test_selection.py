"""Which codes count, and what is counted: no verdict changes by what is selected or ignored."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symconv.documents.check import check
from symconv.documents.codes import CODES, UnknownCodeError
from symconv.documents.fix import mend
from symconv.documents.report import as_data
from symconv.documents.selection import Selection, codes
from symconv.documents.source.text import Document
from symconv.documents.tally import tally

RIGHT = [f"$$o_{{{p}}} = x_{{{p}}}w_{{1}} + x_{{{p + 1}}}w_{{2}}$$" for p in range(1, 9)]
SLIP = RIGHT[1].replace("x_{3}", "x_{1}")
TWICE = RIGHT[4].replace("w_{2}", "w_{2} + x_{6}w_{2}")
NOTES = "\n\n".join([RIGHT[0], SLIP, *RIGHT[2:4], TWICE, *RIGHT[5:]])
BEGINS = sorted({code[:k] for code in CODES for k in range(2, 6)})


def report(text: str = NOTES):
    return check(Document("notes.md", "markdown", text))


def test_the_longer_beginning_decides_and_a_draw_is_ignored():
    assert Selection(("SC2",), ("SC21",)).counts("SC201")
    assert not Selection(("SC2",), ("SC21",)).counts("SC210")
    assert Selection(("SC201",), ("SC2",)).counts("SC201")
    assert not Selection(("SC201",), ("SC201",)).counts("SC201")
    assert not Selection(("SC24",)).counts("SC201")
    assert all(map(Selection().counts, CODES))


@given(*(st.lists(st.sampled_from(BEGINS), max_size=3) for _ in "si"), st.sampled_from([*CODES]))
def test_what_is_selected_counts_unless_something_as_long_ignores_it(select, ignore, code):
    longest = [
        max((begin for begin in begins if code.startswith(begin)), key=len, default=None)
        for begins in (select, ignore)
    ]
    expected = (not select or longest[0] is not None) and (
        longest[1] is None or len(longest[0] or "") > len(longest[1])
    )
    assert Selection(tuple(select), tuple(ignore)).counts(code) == expected


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("SC291", "'SC291'; did you mean SC221? ("),
        ("SC2,sc2010", "'sc2010'; did you mean SC210? ("),
        ("E501", "'E501' (symconv explain"),
        ("", "'' ("), ("SC2,", "'' ("),
        ("x" * 900, "'" + "x" * 37 + "...' ("),
    ],
)  # fmt: skip
def test_an_unknown_code_is_answered_with_the_nearest(written, says):
    with pytest.raises(UnknownCodeError, match=re.escape(f"there is no code {says}")):
        codes(written)


@pytest.mark.parametrize(
    ("ignore", "errors", "fixable", "ignored"),
    [((), 2, 2, 0), (("SC201",), 1, 1, 1), (("SC204",), 1, 1, 1), (("SC",), 0, 0, 2)],
)
def test_what_is_ignored_is_counted_and_changes_no_verdict(ignore, errors, fixable, ignored):
    plain = report()
    assert plain.counts == (6, 2, 0)
    marked = Selection(ignore=ignore).marked(plain)
    assert marked.counts == plain.counts
    counted = tally([marked])
    assert (counted.errors, counted.fixable, counted.ignored) == (errors, fixable, ignored)
    assert sum(j.ignored for j in marked.judgements) == ignored
    (file,) = as_data([marked])["files"]
    assert sum(f["ignored"] for e in file["equations"] for f in e["findings"]) == ignored


def test_codes_are_counted_most_first():
    found = tally([report(), report(NOTES.replace(SLIP, RIGHT[1]))])
    assert list(found.codes.items()) == [("SC204", 2), ("SC201", 1)]
    assert [*tally([report()]).codes] == ["SC201", "SC204"]


def test_what_is_ignored_is_not_mended():
    plain = report()
    assert mend(plain).equations == tally([plain]).fixable == 2
    marked = Selection(ignore=("SC201",)).marked(plain)
    assert mend(marked).text == NOTES.replace(TWICE, RIGHT[4])


def test_an_equation_with_an_ignored_slip_is_left_whole():
    two = RIGHT[2].replace("x_{3}", "x_{5}").replace("w_{2}", "w_{2} + x_{9}w_{1}")
    text = "\n\n".join([*RIGHT[:2], two, *RIGHT[3:]])
    (judgement,) = [j for j in report(text).judgements if j.findings]
    codes_found = {finding.code for finding in judgement.findings}
    assert len(codes_found) == 2
    for code in codes_found:
        marked = Selection(ignore=(code,)).marked(report(text))
        (judgement,) = [j for j in marked.judgements if j.findings]
        assert not judgement.ignored
        assert judgement.edits == ()

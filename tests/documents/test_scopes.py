"""Where a verdict holds: it is said with the verdict, and is true."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.report import as_data
from symconv.documents.source.text import Document
from symconv.documents.verdicts.verdict import AGREE, EquationVerdict, worst
from symconv.views import check_text

EXAMPLE = "\n\n".join(
    f"$$y_{{{p}}} = " + " + ".join(f"x_{{{2 * p + r}}} f_{{{r}}}" for r in range(3)) + "$$"
    for p in range(3)
)
"""Windows of three with stride 2 over seven, or eight, elements."""
EIGHT = f"<!-- symconv: input=8 filter=3 stride=2 -->\n\n{EXAMPLE}"
FULL = r"dX = \text{corr}(\text{pad}(\text{dilate}(dY, u), AMOUNT), \text{rot180}(F))"


def report(text: str):
    return check(Document("notes.md", "markdown", f"{text}\n"))


def last(text: str) -> EquationVerdict:
    return report(text).judgements[-1]


@pytest.mark.parametrize(
    ("statement", "scope"),
    [
        (
            FULL.replace("AMOUNT", "R - 1"),
            "without padding and dilation; where the stride divides H - R",
        ),
        (
            FULL.replace("AMOUNT", "R - 1 - p"),
            "without dilation; where the stride divides H + 2p - R",
        ),
        (r"P = \frac{H - R}{u} + 1", "where the stride divides H - R"),
        (r"Q = (W + 2p - S)/v + 1", "where the stride divides W + 2p - S"),
        (
            r"P = \frac{H + 2p - d(R - 1) - 1}{u} + 1",
            "where the stride divides H + 2p - d(R - 1) - 1",
        ),
        (r"H = (P - 1)u + R - 2p", "where the stride divides H + 2p - R"),
        (r"p = \frac{R - 1}{2}", "for stride 1 and odd filters"),
        (r"P = \left\lfloor \frac{H - R}{u} \right\rfloor + 1", ""),
        (r"P = H - R + 1", ""),
        (r"dX = dY *_{\text{full}} F", "without stride, padding and dilation"),
        (r"dF_r = \sum_i dY_i X_{ui + r}", "without padding and dilation"),
        (r"Y = X * F \text{ gives } dX = dY *_{\text{full}} F", ""),
        (r"y_i = \sum_r x_{i+r} f_r \text{ gives } df_r = \sum_i dy_i x_{i + r}", ""),
        (r"y_t = \sum_{i=0}^{T-1} w_i x_{t+i}", "where T is the extent of w"),
        (r"y_t = \sum_{i=0}^{R-1} w_i x_{t+i}", ""),
        (r"w \in \mathbb{R}^T, \quad y_t = \sum_{i=0}^{T-1} w_i x_{t+i}", ""),
        (r"y_i = \sum_r x_{(i-1)u + r} w_r", "where indices count from 1"),
    ],
)  # fmt: skip
def test_a_verdict_says_where_it_holds(statement, scope):
    found = last(f"$$ {statement} $$")
    if found.verdict == AGREE or scope:
        assert (found.verdict, found.scope) == (AGREE, scope)


@pytest.mark.parametrize(
    "statement",
    [
        r"P = \frac{H - R}{u} + 1",
        r"\frac{\partial L}{\partial x} = \text{corr}(\text{pad}(\text{dilate}("
        r"\frac{\partial L}{\partial y}, u), R - 1), \text{rot180}(f))",
    ],
)
def test_an_example_outside_of_the_scope_does_not_agree(statement):
    inside = last(f"{EXAMPLE}\n\n$$ {statement} $$")
    assert (inside.verdict, inside.scope) == (AGREE, "where the stride divides H - R")
    assert last(f"{EIGHT}\n\n$$ {statement} $$").verdict != AGREE


def test_numbers_hold_at_the_sizes_of_the_example():
    found = last(f"{EXAMPLE}\n\n" r"$$ y_i = \sum_{r=0}^{2} x_{2i + r} f_r $$")
    assert (found.verdict, found.scope) == (AGREE, "at the example's sizes")
    assert last(f"{EXAMPLE}\n\n" r"$$ y_i = \sum_{r=0}^{1} x_{2i + r} f_r $$").verdict != AGREE


def test_windows_about_their_middle_say_so():
    padded = "<!-- symconv: input=5 filter=3 stride=1 padding=1 names=x,f,y -->\n\n"
    shifted = r"$$ y_i = \sum_{r=-k}^{k} x_{i + r} f_{r + k} $$"
    assert last(padded + shifted).scope == "for filters of odd extent"
    middle = "where the filter's indices count from its middle"
    found = last(padded + shifted.replace("r + k}", "r}"))
    assert (found.verdict, found.scope) == (AGREE, f"for filters of odd extent; {middle}")
    assert last(padded + shifted.replace("r + k}", "r - 1 + k}")).verdict != AGREE


def test_a_sum_with_dots_agrees_as_far_as_it_is_written():
    found = last(f"{EXAMPLE}\n\n" r"$$ y_{0} = x_{0} f_{0} + \dots + x_{2} f_{2} $$")
    assert (found.verdict, found.scope) == (AGREE, "as far as it is written out")


def test_a_sign_keeps_its_meaning_where_the_stride_divides():
    full = r"$$ dX = \text{pad}(\text{dilate}(dY, u), R - 1) * \text{rot180}(F) $$"
    agreeing = report(f"$$ Y = X * F $$\n\n{full}").judgements[-1]
    assert agreeing.note == "as correlation and as convolution"
    assert agreeing.scope == "with stride u; where the stride divides H - R"
    turned = full.replace(r"\text{rot180}(F)", "F")
    forward = r"$$ dF = X * \text{dilate}(dY, u) $$"
    both = report(f"{forward}\n\n{turned}").judgements
    assert not all(j.verdict == AGREE for j in both)


def test_scopes_of_several_statements_are_all_said():
    first = EquationVerdict(AGREE, "size", (0, 1), note="as correlation", scope="for odd filters")
    second = EquationVerdict(AGREE, "size", (0, 1), scope="where indices count from 1")
    both = worst([first, second])
    assert (both.note, both.scope) == (
        "as correlation",
        "for odd filters; where indices count from 1",
    )
    assert worst([first, first]).scope == "for odd filters"


def test_the_scope_is_shown_and_the_note_where_it_is_asked_for():
    found = report(r"Notes: $dX = dY *_{\text{full}} F$ and $P = \frac{H - R}{u} + 1$.")
    plain = "without stride, padding and dilation"
    limited = "notes.md:1:41: agrees where the stride divides H - R"
    assert [*check_text.plain(check_text.lines([found], False, False))] == [
        f"notes.md:1:9: agrees {plain}", limited, "2 agree, 0 wrong, 0 not judged",
    ]  # fmt: skip
    shown = [*check_text.plain(check_text.lines([found], True, False))]
    assert shown[:2] == [f"notes.md:1:9: agrees as convolution, {plain}", limited]
    equations = as_data([found])["files"][0]["equations"]
    assert [e["scope"] for e in equations] == [plain, "where the stride divides H - R"]


@pytest.mark.parametrize("formula", [r"y_i = \sum_{r=0}^{R-1} x_{i+r} w_{r+1}",
                                     r"dx_h = \sum_{0 \le i < P} w_{h-i} dy_{i+1}"])  # fmt: skip
def test_a_sum_from_0_over_what_counts_from_1_needs_a_hint(formula):
    assert last(f"$$ {formula} $$").verdict == "not-judged"
    assert last(f"<!-- symconv: index-base=1 -->\n\n$$ {formula} $$").verdict == AGREE
    for old, new in (("+1", "+2"), ("w_{r", "w_{-r"), ("w_{h-i", "w_{i-h")):
        assert last(f"$$ {formula.replace(old, new)} $$").verdict != AGREE or old not in formula

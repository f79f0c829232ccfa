r"""Sums with dots: what is written out is judged, and mutants of it never agree."""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.fix import mend
from symconv.documents.source.text import Document

FORWARD = r"""
$$y_{00} = x_{00}f_{00} + x_{01}f_{01} + x_{02}f_{02} + x_{10}f_{10} + x_{11}f_{11} + x_{12}f_{12}$$

$$y_{11} = x_{21}f_{00} + x_{22}f_{01} + x_{23}f_{02} + x_{31}f_{10} + x_{32}f_{11} + x_{33}f_{12}$$

"""

D = r"\frac{\partial L}{\partial y_{%s}}"
RIGHT = {
    "first and last": r"y_{01} = x_{01}f_{00} + x_{02}f_{01} + \dots + x_{13}f_{12}",
    "first ones": r"y_{01} = x_{01}f_{00} + x_{02}f_{01} + \cdots",
    "counted": r"y_{01} = x_{01}f_{00} + x_{02}f_{01} + \cdots\;\text{(4 more terms)}",
    "counted, last ones": r"y_{01} = x_{01}f_{00} + \cdots \text{ (3 more)} + x_{12}f_{11} + x_{13}f_{12}",
    "three points": r"y_{01} = x_{01}f_{00} + ... + x_{13}f_{12}",
    "columns first": r"y_{01} = x_{01}f_{00} + x_{11}f_{10} + \ldots + x_{13}f_{12}",
    "with a bias": r"y_{01} = x_{01}f_{00} + x_{02}f_{01} + \dots + x_{13}f_{12} + b",
    "gradient": rf"\frac{{\partial L}}{{\partial f_{{00}}}} = {D % '00'} x_{{00}} + \dots + {D % '11'} x_{{21}}",
    "broken": r"\begin{aligned} y_{01} &= x_{01}f_{00} + x_{02}f_{01} \\ &\quad + \cdots \text{ (4 more)} \end{aligned}",
}  # fmt: skip
MUTANTS = {
    "index": (r"y_{01} = x_{01}f_{00} + x_{03}f_{01} + \dots + x_{13}f_{12}", "SC201"),
    "last index": (r"y_{01} = x_{01}f_{00} + x_{02}f_{01} + \dots + x_{13}f_{11}", "SC201"),
    "only index": (r"y_{01} = x_{02}f_{00} + \dots", "SC201"),
    "target": (r"y_{10} = x_{01}f_{00} + x_{02}f_{01} + \dots + x_{13}f_{12}", "SC201"),
    "sign": (r"y_{01} = x_{01}f_{00} - x_{02}f_{01} + \dots + x_{13}f_{12}", "SC205"),
    "twice": (r"y_{01} = x_{01}f_{00} + x_{01}f_{00} + \dots + x_{13}f_{12}", None),
    "term left out": (r"y_{01} = x_{01}f_{00} + x_{03}f_{02} + \dots + x_{13}f_{12}", None),
    "count": (r"y_{01} = x_{01}f_{00} + x_{02}f_{01} + \cdots\;\text{(5 more terms)}", None),
    "nothing left": (FORWARD.split("$$")[1] + r" + \dots", None),
    "name": (r"y_{01} = x_{01}f_{00} + x_{02}g_{01} + \dots + x_{13}f_{12}", None),
    "dots in a product": (r"y_{01} = x_{01}f_{00} \cdots x_{13}f_{12}", None),
    "two gaps": (r"y_{01} = x_{01}f_{00} + \dots + x_{11}f_{10} + \dots + x_{13}f_{12}", None),
    "no dots": (r"y_{01} = x_{01}f_{00} + x_{02}f_{01} + x_{13}f_{12}", "SC202"),
}  # fmt: skip


def judged(line):
    report = check(Document("n", "markdown", f"{FORWARD}$${line}$$\n"))
    assert len(report.judgements) == 3
    assert [j.verdict for j in report.judgements[:2]] == ["agree", "agree"]
    return report.judgements[-1]


@pytest.mark.parametrize("form", RIGHT)
def test_what_is_written_out_agrees(form):
    assert judged(RIGHT[form]).verdict == "agree"


@pytest.mark.parametrize("form", MUTANTS)
def test_a_slip_in_what_is_written_out_does_not(form):
    line, code = MUTANTS[form]
    found = judged(line)
    assert found.verdict == ("wrong" if code else "not-judged"), found
    assert {f.code for f in found.findings} == ({code} if code else set())


@pytest.mark.parametrize("form", ["index", "last index", "sign"])
def test_a_mend_makes_it_agree(form):
    document = Document("n", "markdown", f"{FORWARD}$${MUTANTS[form][0]}$$\n")
    mended = mend(check(document)).report
    assert mended.counts == (3, 0, 0)
    assert MUTANTS[form][0] not in mended.document.text


def test_dots_have_no_say_in_the_notation():
    """A document of dots alone is not judged: they hide what would contradict a reading."""
    report = check(Document("n", "markdown", "\n\n".join(f"$${line}$$" for line in RIGHT.values())))
    assert report.count("agree") == report.count("wrong") == 0
    assert "write all of them" in report.judgements[0].reason

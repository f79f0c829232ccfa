r"""Slips in dressed terms: what is shown and mended keeps fonts, brackets, colours and remarks."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.fix import mend
from symconv.documents.source.text import Document

FORWARD = (
    r"<y>[1] = <x>[1] \cdot <w>[1] + <x>[2] \cdot <w>[2]",
    r"<y>[2] = <x>[2] \cdot <w>[1] + <x>[3] \cdot <w>[2]",
    r"<y>[3] = <x>[3] \cdot <w>[1] + <x>[4] \cdot <w>[2]",
)
NAMES = {
    "bold": {n: rf"\mathbf{{{n}}}" for n in "xwy"},
    "calligraphic": {n: rf"\mathcal{{{n.upper()}}}" for n in "xwy"},
    "words": {"x": r"\text{in}", "w": r"\text{ker}", "y": r"\text{out}"},
    "accents": {n: rf"\hat{{{n}}}" for n in "xwy"},
    "layers": {n: f"{n}^{{(l)}}" for n in "xwy"},
}
SPELLINGS = {"bracket": "[%s]", "subscript": "_{%s}", "round below": "_{(%s)}"}
SLIPS = {
    "an index": (r"<x>[3] \cdot <w>[2]", r"<x>[4] \cdot <w>[2]"),
    "a product": (r"<y>[2] = <x>[2] \cdot <w>[1] + ", "<y>[2] = "),
    "a sign": (r" + <x>[3] \cdot <w>[2]", r" - <x>[3] \cdot <w>[2]"),
    "two indices": (r"<x>[3] \cdot <w>[2]", r"<x>[2] \cdot <w>[3]"),
}


def written(lines, names, spelling="[%s]") -> str:
    """Return lines with ``<x>[1]`` in somebody's spelling."""
    text = "\n\n".join(f"$${line}$$" for line in lines)
    for name, dressed in names.items():
        for k in "12345":
            text = text.replace(f"<{name}>[{k}]", dressed + spelling % k)
        text = text.replace(f"<{name}>", dressed)
    return text


def report(text: str):
    return check(Document("notes.md", "markdown", text))


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_mended_in_the_hand_of_the_document(names, spelling, slip):
    right = written(FORWARD, NAMES[names], SPELLINGS[spelling])
    before, after = SLIPS[slip]
    wrong = written([line.replace(before, after) if "<y>[2]" in line else line for line in FORWARD],
                    NAMES[names], SPELLINGS[spelling])  # fmt: skip
    found = report(wrong)
    assert found.counts == (2, 1, 0)
    if slip == "a sign":
        assert found.judgements[1].findings[0].fix.startswith("+ ")
    for finding in found.judgements[1].findings:
        shown = wrong[finding.place.start : finding.place.end]
        for piece in (shown, finding.fix, finding.message):
            assert piece.count("{") == piece.count("}")
        assert not shown.startswith("{")
    mended = mend(found)
    assert mended.report.counts == (3, 0, 0)
    if slip != "a product":  # which is put behind the other
        assert mended.text == right


DRESSES = {
    "brackets": r"(%s)",
    "grown brackets": r"\left( %s \right)",
    "colour": r"{\color{red} %s}",
    "bold": r"\boldsymbol{%s}",
    "remark": r"\underbrace{%s}_{\text{corner}}",
}


@pytest.mark.parametrize("dress", DRESSES)
def test_what_is_around_a_term_stays_or_goes_with_it(dress):
    term = r"<x>[3] \cdot <w>[2]"
    dressed = [
        FORWARD[0],
        FORWARD[1].replace(term, DRESSES[dress] % term).replace("%", ""),
        FORWARD[2],
    ]
    right = written(dressed, NAMES["bold"])
    assert report(right).counts == (3, 0, 0)
    exchanged = right.replace(r"{x}[3] \cdot \mathbf{w}[2]", r"{x}[2] \cdot \mathbf{w}[3]")
    assert mend(report(exchanged)).text == right
    opening = DRESSES[dress].partition("%s")[0]
    negative = right.replace(f" + {opening}", f" - {opening}")
    assert negative != right
    assert mend(report(negative)).text == right
    twice = right.replace(
        DRESSES[dress] % r"\mathbf{x}[3] \cdot \mathbf{w}[2]",
        r"\mathbf{x}[3] \cdot \mathbf{w}[2] + "
        + DRESSES[dress] % r"\mathbf{x}[3] \cdot \mathbf{w}[2]",
    )
    assert mend(report(twice)).text == written(FORWARD, NAMES["bold"])


LOCAL = {
    "0 for an element": (
        r"\frac{\partial <y>[1]}{\partial <x>[1]} = <w>[1]",
        r"\frac{\partial <y>[1]}{\partial <x>[1]} = 0",
    ),
    "an element for 0": (
        r"\frac{\partial <y>[1]}{\partial <x>[4]} = 0",
        r"\frac{\partial <y>[1]}{\partial <x>[4]} = <w>[1]",
    ),
}


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("form", LOCAL)
def test_zeros_of_local_derivatives_are_mended(names, form):
    right, wrong = (written([*FORWARD, line], NAMES[names]) for line in LOCAL[form])
    found = report(wrong)
    assert found.judgements[-1].findings[0].code == "SC208"
    assert mend(found).text == right


def test_a_gradient_that_gets_nothing_is_mended_to_0():
    forward = [f"y_{{{p}}} = x_{{{3 * p - 2}}}w_1 + x_{{{3 * p - 1}}}w_2" for p in (1, 2, 3)]
    line = r"\frac{\partial L}{\partial x_{3}} = %s"
    text = "\n\n".join(f"$${one}$$" for one in [*forward, line])
    wrong = text.replace("%s", r"\frac{\partial L}{\partial y_{1}}w_1")
    assert report(wrong).counts == (3, 1, 0)
    assert mend(report(wrong)).text == text.replace("%s", "0")


def test_a_product_that_a_chain_rule_lacks_is_named_as_one():
    chain = (
        r"\frac{\partial L}{\partial <x>[2]} = \frac{\partial L}{\partial <y>[1]}"
        r" \frac{\partial <y>[1]}{\partial <x>[2]}"
    )
    rest = r" + \frac{\partial L}{\partial <y>[2]} \frac{\partial <y>[2]}{\partial <x>[2]}"
    found = report(written([*FORWARD, chain], NAMES["bold"]))
    assert found.counts == (3, 1, 0)
    assert mend(found).text == written([*FORWARD, chain + rest], NAMES["bold"])


def test_a_minus_at_the_beginning_of_a_cell_is_taken_off():
    cells = [f"x_{{{p}}}w_1 + x_{{{p + 1}}}w_2" for p in (1, 2, 3)]
    text = r"$$y = \begin{bmatrix}" + "\n" + r" \\ ".join(cells) + r"\end{bmatrix}$$"
    for cell in cells:
        wrong = text.replace(cell, "-" + cell)
        assert report(wrong).counts == (2, 1, 0)
        assert mend(report(wrong)).text == text


def test_a_line_that_holds_nothing_but_a_term_too_many_goes_whole():
    lines = [
        r"y_1 &= x_1w_1 + x_2w_2",
        r"y_2 &= x_2w_1 + x_3w_2\\ &\quad + x_3w_1",
        r"y_3 &= x_3w_1 + x_4w_2",
    ]
    text = r"$$\begin{aligned}" + " \\\\\n".join(lines) + r"\end{aligned}$$"
    assert report(text).counts == (2, 1, 0)
    assert mend(report(text)).text == text.replace(r"\\ &\quad + x_3w_1", "")


def test_a_cell_that_holds_another_cells_sum_is_named_by_it():
    cells = [f"x_{{{p}}}w_1 + x_{{{p + 1}}}w_2" for p in (1, 2, 2, 4, 5)]
    found = report(r"$$y = \begin{bmatrix}" + r" \\ ".join(cells) + r"\end{bmatrix}$$")
    assert found.counts == (4, 1, 0)
    finding = found.judgements[2].findings[0]
    assert finding.code == "SC206"
    assert finding.message == "this is y_{2}, which belongs into another cell"
    assert finding.edit is None

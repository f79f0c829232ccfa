"""Documents in which few equations tell the notation."""

# ruff: noqa: E501
from __future__ import annotations

from dataclasses import replace

import pytest
from documents.styles import STYLES, sizes

from symconv.documents.check import check
from symconv.documents.source.text import Document

LOCAL = r"""
$$\frac{\partial y_4}{\partial w_1} = x_4$$

$$\frac{\partial y_3}{\partial w_1} = x_3$$

$$\frac{\partial y_1}{\partial w_1} = x_1$$

$$\frac{\partial y_3}{\partial x_4} = w_2$$
"""
GRADIENTS = r"""
$$\frac{\partial L}{\partial x_1} = \frac{\partial L}{\partial y_1}w_1$$

$$\frac{\partial L}{\partial x_2} = \frac{\partial L}{\partial y_1}w_2 + \frac{\partial L}{\partial y_2}w_1$$

$$\frac{\partial L}{\partial x_3} = \frac{\partial L}{\partial y_2}w_2 + \frac{\partial L}{\partial y_3}w_1$$

$$\frac{\partial L}{\partial x_4} = \frac{\partial L}{\partial y_3}w_2 + \frac{\partial L}{\partial y_4}w_1$$

$$\frac{\partial L}{\partial x_5} = \frac{\partial L}{\partial y_4}w_2$$
"""


def report(text: str):
    return check(Document("notes", "markdown", text))


def test_one_local_derivative_does_not_outvote_all_gradients():
    assert report(LOCAL + GRADIENTS).counts == (9, 0, 0)
    found = report(LOCAL.replace("x_4} = w_2", "x_5} = w_2") + GRADIENTS)
    assert found.counts == (8, 1, 0)
    assert found.judgements[3].verdict == "wrong"


@pytest.mark.parametrize("bias", ["b", "b_0"])
def test_a_bias_with_an_index_moves_no_matrix(bias):
    cells = [
        rf"x_{{{i}{j}}}w_{{11}} + x_{{{i}{j + 1}}}w_{{12}} + {bias}" for i in (1, 2) for j in (1, 2)
    ]
    text = r"$$y = \begin{bmatrix} %s & %s \\ %s & %s \end{bmatrix}$$"
    assert report(text % tuple(cells)).counts == (4, 0, 0)
    cells[3] = cells[2]
    assert report(text % tuple(cells)).counts == (3, 1, 0)


def test_windows_in_the_padding_say_so_beside_the_bias():
    rows = ["0 + b", "x_1 w_1 + x_2 w_2 + b", "x_3 w_1 + x_4 w_2 + b", "0 + b"]
    text = "\n\n".join(f"$$y_{k} = {row}$$" for k, row in enumerate(rows, 1))
    assert report(text).counts == (4, 0, 0)
    slip = report(text.replace("y_4 = 0", "y_4 = x_4 w_2"))
    assert slip.judgements[3].verdict != "agree"


ONE_WINDOW = [
    r"y_{11} = x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22}",
    *(
        rf"\frac{{\partial L}}{{\partial x_{{{i}{j}}}}} = \frac{{\partial L}}{{\partial y_{{11}}}}w_{{{i}{j}}}"
        for i in (1, 2)
        for j in (1, 2)
    ),
    *(rf"\frac{{\partial L}}{{\partial x_{{{i}3}}}} = 0" for i in (1, 2, 3)),
    *(
        rf"\frac{{\partial L}}{{\partial w_{{{i}{j}}}}} = \frac{{\partial L}}{{\partial y_{{11}}}}x_{{{i}{j}}}"
        for i in (1, 2)
        for j in (1, 2)
    ),
]


@pytest.mark.parametrize("hints", ["", "input=3x3 padding=0", "input=3x3 filter=2x2"])
def test_one_equation_with_other_windows_does_not_make_the_rest_wrong(hints):
    lines = ONE_WINDOW.copy()
    lines[8] = (
        lines[8]
        + r" + \frac{\partial L}{\partial y_{12}}x_{12} + \frac{\partial L}{\partial y_{21}}x_{21}"
    )
    text = f"<!-- symconv: {hints} -->\n\n" if hints else ""
    text += "\n\n".join(f"$${line}$$" for line in lines)
    verdicts = [j.verdict for j in report(text).judgements]
    assert [k for k, verdict in enumerate(verdicts) if verdict == "wrong"] == [8]
    assert verdicts[8] != "agree"


LONE = [
    r"$$\frac{\partial L}{\partial x_0} = \frac{\partial L}{\partial y_0}w_0$$",
    r"$$\frac{\partial L}{\partial x_1} = \frac{\partial L}{\partial y_0}w_1$$",
]
SLIP = [LONE[0], LONE[1].replace("w_1", "w_0")]
HINTS = {"input": "2", "filter": "2", "stride": "1", "padding": "0", "dilation": "1"}
FORWARD_HINT = {"forward": "correlation"}


def hinted(lines, values) -> list:
    told = " ".join(f"{name}={given}" for name, given in values.items())
    return list(report(f"<!-- symconv: {told} -->\n\n" + "\n\n".join(lines)).judgements)


def test_a_reason_asks_for_what_is_not_said_yet():
    asked = [report("\n\n".join(SLIP)).judgements[0].reason]
    for names in (["input"], ["input", "filter"], ["input", "filter", "stride"]):
        asked.append(hinted(SLIP, {name: HINTS[name] for name in names})[0].reason)
    assert [reason.partition("; say ")[2] for reason in asked] == [
        "--input, --filter and --stride", "--filter and --stride", "--stride",
        "--padding and --dilation",
    ]  # fmt: skip


def test_what_hints_say_whole_judges_equations_however_few():
    assert [j.verdict for j in hinted(LONE, HINTS)] == ["agree", "agree"]
    assert [j.verdict for j in hinted(SLIP, HINTS)] == ["agree", "wrong"]


def test_equations_that_hardly_fit_what_hints_say_are_another_example():
    unturned = [
        r"$$\frac{\partial L}{\partial x_1} = \frac{\partial L}{\partial y_1}w_1$$",
        r"$$\frac{\partial L}{\partial x_2} = \frac{\partial L}{\partial y_1}w_1 + \frac{\partial L}{\partial y_2}w_2$$",
        r"$$\frac{\partial L}{\partial x_3} = \frac{\partial L}{\partial y_2}w_1 + \frac{\partial L}{\partial y_3}w_2$$",
    ]  # fmt: skip
    found = hinted(unturned, HINTS | FORWARD_HINT | {"input": "3"})
    assert [j.verdict for j in found] == ["agree", "not-judged", "not-judged"]
    assert found[1].reason == "only 2 of 5 products agree with the sizes that are said"


def test_a_reason_names_the_hints_that_fit_nothing():
    text = LOCAL + GRADIENTS
    found = report("<!-- symconv: dilation=3 -->\n\n" + text)
    assert "with what is said of dilation no notation explains" in found.judgements[0].reason


@pytest.mark.parametrize("sizes", ["input=5 filter=2 stride=1", "input=5x5 filter=2x2 stride=1x1"])
def test_one_number_serves_every_axis(sizes):
    plane = ONE_WINDOW[0].replace("y_{11}", "y_{%s}")
    forward = [
        plane % "11",
        r"y_{12} = x_{12}w_{11} + x_{13}w_{12} + x_{22}w_{21} + x_{23}w_{22}",
    ]
    text = "\n\n".join(f"$${line}$$" for line in forward)
    reading = report(f"<!-- symconv: {sizes} -->\n\n" + text).regions[0].readings[0]
    assert reading.geometry.input == (5, 5)
    line = report(f"<!-- symconv: {sizes} -->\n\n" + LOCAL + GRADIENTS).regions[0].readings[0]
    assert line.geometry.input == (5,)


def test_two_readings_are_told_as_the_option_takes_them():
    lines = [
        ONE_WINDOW[0],
        r"y_{12} = x_{12}w_{11} + x_{13}w_{12} + x_{22}w_{21} + x_{23}w_{22}",
        r"\frac{\partial L}{\partial x_{12}} = \frac{\partial L}{\partial y_{11}}w_{12}"
        r" + \frac{\partial L}{\partial y_{12}}w_{11}",
    ]
    text = "\n\n".join(f"$${line}$$" for line in lines)
    found = report("<!-- symconv: index-base=0 -->\n\n" + text).judgements
    choices = [j.reason.partition("padding ")[2].partition(";")[0] for j in found]
    assert any(choices)
    for choice in filter(None, choices):
        for padding in choice.split(" or "):
            told = report(f"<!-- symconv: index-base=0 padding={padding} -->\n\n" + text)
            assert all("padding" not in j.reason for j in told.judgements)


def test_a_letter_that_one_equation_adds_may_be_a_bias_by_its_name():
    text = "\n\n".join(f"$${line}$$" for line in [ONE_WINDOW[0] + " + %s", *ONE_WINDOW[1:]])
    unknown = report(text % "t").judgements[0]
    assert unknown.reason == "'t' is not known here; a bias that one equation adds is called b"
    assert report(text % "b").counts[1:] == (0, report(text % "t").counts[2] - 1)


SHIFTED = [
    r"y_1 = x_1w_1 + x_2w_2 + x_3w_3",
    r"\frac{\partial L}{\partial x_2} = \frac{\partial L}{\partial y_1}w_1",
    r"\frac{\partial L}{\partial x_3} = \frac{\partial L}{\partial y_1}w_2 + \frac{\partial L}{\partial y_2}w_1",
    r"\frac{\partial L}{\partial x_4} = \frac{\partial L}{\partial y_1}w_3 + \frac{\partial L}{\partial y_2}w_2 + \frac{\partial L}{\partial y_3}w_1",
    r"\frac{\partial L}{\partial x_5} = \frac{\partial L}{\partial y_2}w_3 + \frac{\partial L}{\partial y_3}w_2",
]


def test_one_forward_equation_against_all_gradients_is_judged_by_a_hint():
    text = "\n\n".join(f"$${line}$$" for line in SHIFTED)
    found = report(text)
    assert found.counts == (0, 0, 5)
    assert "the one forward equation, or the gradients" in found.judgements[0].reason
    hint = "<!-- symconv: input=5 filter=3 stride=1 dilation=1 padding=%s -->\n\n"
    assert report(hint % "0" + text).judgements[0].verdict == "agree"
    moved = report(hint.replace("input=5", "input=7") % "-1,-1" + text)
    assert [j.verdict for j in moved.judgements] == ["not-judged", *["agree"] * 4]
    assert report(text.replace("x_1w_1 + x_2w_2 + x_3w_3", "x_2w_1 + x_3w_2 + x_4w_3")).counts == (
        5,
        0,
        0,
    )


def test_windows_of_zeros_do_not_count_a_matrix_by_its_bias():
    def value(i: int, j: int) -> str:
        return rf"x_{{{i}{j}}}w_{{11}} + b_0" if i < 3 and j < 3 else "0 + b_0"

    lines = [rf"y_{{{i}{j}}} = {value(i, j)}" for i in (1, 2, 3) for j in (1, 2, 3)]
    rows = [[value(i, j) for j in (1, 2, 3)] for i in (1, 2, 3)]
    whole = r"y = \begin{bmatrix} %s \end{bmatrix}"
    matrix = whole % r" \\ ".join(" & ".join(row) for row in rows)
    text = "\n\n".join(f"$${line}$$" for line in [*lines, matrix])
    found = report(text)
    assert found.counts == (18, 0, 0)
    assert {r.base for region in found.regions for r in region.readings} == {1}
    rows[1][0], rows[2][0] = rows[2][0], rows[1][0]
    slip = whole % r" \\ ".join(" & ".join(row) for row in rows)
    assert report(text.replace(matrix, slip)).count("agree") == 16


def test_a_matrix_of_one_sum_counts_as_its_element_does():
    style = replace(STYLES[0], sizes=sizes((4, 4), (3, 3), stride=2, padding=1, dilation=2))
    first, *lines = style.lines()
    name, products = first.split("_{00} = ")
    whole = rf"{name} = \begin{{bmatrix}} {products} \end{{bmatrix}}"
    assert "0" not in products
    right = style.document([first, *lines, whole])
    assert report(right).counts == (len(lines) + 2, 0, 0)
    slip = report(style.document([first, *lines, whole.replace("{13}", "{12}")]))
    assert slip.judgements[-1].verdict == "wrong"


def test_gradients_that_count_outputs_otherwise_than_the_forward_pass_do_not_agree():
    forward = [
        rf"y_{{{i - 1}{j - 1}}} = " + (rf"w_{{11}}x_{{{i}{j}}} + b" if i < 3 and j < 3 else "0 + b")
        for i in (1, 2, 3)
        for j in (1, 2, 3)
    ]
    upstream = {k: rf"\frac{{\partial L}}{{\partial y_{{{k}}}}}" for k in (11, 12, 21, 22)}
    gradients = [
        rf"\frac{{\partial L}}{{\partial x_{{{k}}}}} = w_{{11}}{dy}" for k, dy in upstream.items()
    ]
    gradients.append(
        r"\frac{\partial L}{\partial w_{11}} = "
        + " + ".join(f"x_{{{k}}}{dy}" for k, dy in upstream.items())
    )
    found = report("\n\n".join(f"$${line}$$" for line in gradients + forward))
    assert found.counts == (9, 0, 5)


@pytest.mark.parametrize("rank", [1, 2])
def test_an_element_that_no_filter_b_has_is_the_bias(rank):
    style = replace(
        STYLES[0],
        sizes=sizes((4,) * rank, (2,) * rank),
        base=1,
        names={"X": "a", "F": "b", "Y": "c"},
    )
    lines = [f"{line} + b_0" if line.startswith("c") else line for line in style.lines()]
    assert report(style.document(lines)).counts == (len(lines), 0, 0)
    lines[1] = lines[1].replace("b_0", style.element("F", (0,) * rank))
    assert report(style.document(lines)).judgements[1].verdict != "agree"


def test_a_hint_that_denies_most_forward_equations_makes_nothing_wrong():
    # A gradient that no forward pass tells from a value: its sizes are not those of an output.
    style = replace(STYLES[0], sizes=sizes((4, 4), (2, 3)), base=1, own_gradient=r"\bar{y}")
    style = replace(style, gradient=lambda e: rf"\bar{{{e[0]}}}{e[1:]}", wrt=("dX",))
    lines = style.lines()
    hint = "<!-- symconv: input=4x4 filter=2x3 stride=1x1 dilation=1x1 -->\n\n"
    assert report(hint + style.document(lines)).count("wrong") == 0
    forward = replace(style, wrt=("Y", "dX"))
    lines = forward.lines()
    assert report(hint + forward.document(lines)).counts == (len(lines), 0, 0)
    lines[-1] = lines[-1].replace("{23}", "{13}")
    assert report(hint + forward.document(lines)).judgements[-1].verdict == "wrong"


def test_a_filter_that_counts_from_below_0_is_said_to_be_so():
    def told(first: int) -> str:
        lines = [
            " + ".join(
                f"h_{{{k + first}}} u_{{{n + k - 1}}}" for k in range(3) if 0 <= n + k - 1 < 5
            )
            for n in range(5)
        ]
        text = "\n\n".join(f"$$ v_{{{n}}} = {line} $$" for n, line in enumerate(lines))
        found = check(Document("notes", "markdown", text + "\n"))
        return found.judgements[0].reason

    assert told(-1) == "h counts from below 0; number its elements from 0 or 1"
    assert told(0) == ""

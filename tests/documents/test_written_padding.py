r"""Documents that write the padding's zeros out: $w_1 x_0$ where $x_1$ is the first element."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.fix import mend
from symconv.documents.source.text import Document


def report(text: str):
    return check(Document("notes", "markdown", text))


def document(base: int, low: int, high: int, said: str = "") -> list[str]:
    """Return the equations of 4 elements, a filter of 3 and a padding, every product written."""
    size, windows = 4, 4 + low + high - 2

    def at(i: int) -> str:
        return f"_{{{i + base}}}"

    def gradient(name: str, i: int) -> str:
        return rf"\frac{{\partial L}}{{\partial {name}{at(i)}}}"

    lines = [said] if said else []
    for p in range(windows):
        lines.append(
            f"$y{at(p)} = " + " + ".join(f"w{at(r)}x{at(p + r - low)}" for r in (0, 1, 2)) + "$"
        )
    for m in range(size):
        met = [(p, m - p + low) for p in range(windows) if 0 <= m - p + low < 3]
        right = " + ".join(f"{gradient('y', p)}w{at(r)}" for p, r in met)
        lines.append(f"${gradient('x', m)} = {right}$")
    for r in range(3):
        met = [(p, p + r - low) for p in range(windows) if 0 <= p + r - low < size]
        right = " + ".join(f"{gradient('y', p)}x{at(m)}" for p, m in met)
        lines.append(f"${gradient('w', r)} = {right}$")
    return lines  # fmt: skip


CASES = [(1, 1, 1), (0, 1, 1), (1, 2, 0), (0, 2, 0), (1, 2, 2)]


@pytest.mark.parametrize("case", CASES)
def test_zeros_of_the_padding_agree(case):
    lines = document(*case)
    assert report("\n\n".join(lines)).counts == (len(lines), 0, 0)


def test_what_says_that_the_padding_is_zero_is_no_equation_to_judge():
    lines = document(1, 1, 1, "Let $x_0 = x_5 = 0$.")
    assert report("\n\n".join(lines)).counts == (len(lines) - 1, 0, 0)
    lines = document(1, 1, 1, "Let $x_2 = 0$.")
    assert report("\n\n".join(lines)).counts == (len(lines) - 1, 0, 1)


SLIPS = [
    ("w_{1}x_{0} +", "w_{2}x_{0} +"),
    ("w_{1}x_{0} +", "w_{1}x_{1} +"),
    ("w_{2}x_{1} +", "w_{2}x_{0} +"),
    ("w_{3}x_{5}", "w_{3}x_{4}"),
    ("+ w_{3}x_{2}$", "+ w_{2}x_{0}$"),
    ("= w_{1}x_{0}", "= - w_{2}x_{1} + w_{1}x_{0}"),
]


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_beside_the_zeros_of_the_padding_is_found(slip):
    lines = document(1, 1, 1)
    slipped = "\n\n".join(lines).replace(*slip, 1).split("\n\n")
    changed = [k for k, line in enumerate(lines) if slipped[k] != line]
    found = report("\n\n".join(slipped))
    wrong = [found.document.line(j.place.start) for j in found.judgements if j.verdict == "wrong"]
    assert wrong == [2 * changed[0] + 1]
    assert found.counts[0] >= len(lines) - 3


def test_an_element_behind_the_input_is_none_of_the_padding_where_no_zero_is_written():
    lines = [line.replace("w_{1}x_{0} + ", "") for line in document(1, 1, 1)]
    right = [line.replace(" + w_{3}x_{5}", "") for line in lines]
    assert report("\n\n".join(right)).counts == (len(lines), 0, 0)
    wrong = [line.replace("+ w_{2}x_{4}$", "+ w_{2}x_{4} + w_{3}x_{6}$") for line in right]
    assert report("\n\n".join(wrong)).counts == (len(lines) - 1, 1, 0)


def test_elements_that_no_window_leaves_out_are_not_believed():
    y = " ".join(f"$y_{{{p}}} = x_{{{2 * p}}}w_0 + x_{{{2 * p + 1}}}w_1$\n\n" for p in range(4))
    w = " ".join(
        rf"$\frac{{\partial L}}{{\partial w_{r}}} = "
        + " + ".join(rf"\frac{{\partial L}}{{\partial y_{p}}}x_{2 * p + r}" for p in range(4))
        + "$\n\n"
        for r in range(2)
    )
    assert report(y + w + r"$\frac{\partial L}{\partial x_8} = 0$").counts == (7, 0, 0)
    assert report(y + w + r"$\frac{\partial L}{\partial x_9} = 0$").counts[0] == 6


def test_a_leading_minus_is_taken_off():
    right = r"$\frac{\partial L}{\partial x_{1}} = \frac{\partial L}{\partial y_{1}}w_{2}"
    text = "\n\n".join(document(1, 1, 1))
    assert right in text
    assert mend(report(text.replace(right, right.replace("= ", "= -")))).text == text

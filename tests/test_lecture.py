from __future__ import annotations

import lecture
import pytest
from reading_back import latex_equations, text_equations

EXAMPLES = {
    "single": (lecture.SINGLE, lecture.SINGLE_EQUATIONS),
    "strided": (lecture.STRIDED, lecture.STRIDED_EQUATIONS),
}
EQUATIONS = [
    pytest.param(example, printed, id=f"{name}-{printed.equation.split(' ')[0]}")
    for name, (example, equations) in EXAMPLES.items()
    for printed in equations
]


def shown(run, example, form):
    done = run("derive", *example["arguments"], "--format", form, *["--all"] * (form == "text"))
    assert (done.status, done.err) == (0, "")
    match form:
        case "text":
            return text_equations(done.out)
        case "latex":
            return latex_equations(done.out)
        case _:
            return latex_equations(done.out, "$$", "$$")


@pytest.mark.parametrize("form", ["text", "latex", "markdown"])
@pytest.mark.parametrize(("example", "printed"), EQUATIONS)
def test_an_equation_of_the_lecture_is_shown(run, example, printed, form):
    target, products = lecture.parse(printed.equation)
    assert shown(run, example, form)[target] == products


@pytest.mark.parametrize("form", ["text", "latex", "markdown"])
@pytest.mark.parametrize("misprint", lecture.MISPRINTS, ids=lambda m: m.slide)
def test_what_the_lecture_misprints_is_shown_right(run, misprint, form):
    (target, wrong), (same, right) = map(lecture.parse, (misprint.wrong, misprint.right))
    assert target == same
    assert wrong != right
    example = lecture.SINGLE if "O" in misprint.right else lecture.STRIDED
    assert shown(run, example, form)[target] == right


@pytest.mark.parametrize("form", ["text", "latex"])
@pytest.mark.parametrize(
    ("example", "elements"),
    [(lecture.SINGLE, 4 + 9 + 4), (lecture.STRIDED, 4 + 25 + 9)],
    ids=EXAMPLES,
)
def test_every_element_of_both_examples_is_shown(run, example, elements, form):
    assert len(shown(run, example, form)) == elements


def test_the_fixture_covers_the_first_example_entirely():
    targets = {lecture.parse(printed.equation)[0] for printed in lecture.SINGLE_EQUATIONS}
    assert len(targets) == 4 + 9 + 4


@pytest.mark.parametrize(("window", "row", "wrong", "right"), lecture.MISPRINTED_ROWS)
def test_misprinted_rows_of_windows_are_shown_right(run, window, row, wrong, right):
    out = run("derive", *lecture.STRIDED["arguments"], "--all").out.splitlines()
    first = out.index(f"y[{window[1]},{window[2]}]:") + 1
    cells = [cell.strip() for cell in out[first + row].strip("| ").split("|")]
    assert cells == lecture.row(right)
    assert cells != lecture.row(wrong)


def test_the_picture_of_the_lecture_for_x22(run):
    out = run("derive", "--stride", "2", "--element", "x[2,2]").out
    rows = [line.strip(" |") for line in out.splitlines() if line.startswith("  |")]
    cells = [[cell.strip() for cell in row.split("|")] for row in rows]
    assert len(cells) == 7
    assert all(len(row) == 7 for row in cells)
    assert cells[2][2:5] == ["dL/dy[0,0] f[2,2]", "0*f[2,1]", "dL/dy[0,1] f[2,0]"]
    assert cells[3][2:5] == ["0*f[1,2]", "0*f[1,1]", "0*f[1,0]"]
    assert cells[4][2:5] == ["dL/dy[1,0] f[0,2]", "0*f[0,1]", "dL/dy[1,1] f[0,0]"]
    outside = [cell for m, row in enumerate(cells) for n, cell in enumerate(row)
               if not (2 <= m <= 4 and 2 <= n <= 4)]  # fmt: skip
    assert set(outside) == {"0"}


def test_the_operands_of_the_lecture_are_drawn(run):
    out = run("derive", "--stride", "2", "--all").out
    assert "dX = correlate(pad(dilate(dY, (2, 2)), ((2, 2), (2, 2))), rotate(F))" in out
    assert "dF = correlate(X, dilate(dY, (2, 2)))" in out
    assert "F rotated:\n  | f[2,2]  |  f[2,1]  |  f[2,0] |" in out
    assert "dY dilated by (2, 2):\n  | dL/dy[0,0]  |  0  |  dL/dy[0,1] |" in out


def test_the_rotated_filter_of_the_first_example_is_drawn(run):
    out = run("derive", *lecture.SINGLE["arguments"], "--all").out
    assert "F rotated:\n  | F[2,2]  |  F[2,1] |\n  | F[1,2]  |  F[1,1] |" in out
    assert "dX = correlate(pad(dO, ((1, 1), (1, 1))), rotate(F))" in out
    assert "dF = correlate(X, dO)" in out

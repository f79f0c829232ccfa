from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console
from strategies import CASES, derived

from symconv.equation import Element
from symconv.geometry import Geometry
from symconv.notation import Notation
from symconv.telling.exposition import tell
from symconv.views import terminal

USUAL = Notation()

ELEMENTS = [Element("X", (0, 0)), Element("F", (0, 0)), Element("Y", (0, 0))]


def shown(sizes, width=80, encoding="utf-8", notation=USUAL, color=None, **options):
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding=encoding)
    console = Console(
        file=stream, width=width, force_terminal=True, color_system=color, legacy_windows=False
    )
    terminal.show(tell(derived(sizes), **options), notation, console)
    stream.flush()
    return buffer.getvalue().decode(encoding)


def widest(text):
    return max(cell_len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in text.splitlines())


WIDE = [
    *((name, CASES[name]) for name in ("H5R3u2", "H6R3u2", "H9R3u3d2p1", "H4R3u2p4", "H1R1u3p20")),
    ("H16R2", Geometry.of(16, 2)),
    ("H40R9", Geometry.of(40, 9)),
    ("H2000", Geometry.of((20000, 1), (3, 1), 1, ((1000, 1000), (0, 0)))),
]


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize(("name", "sizes"), WIDE, ids=[name for name, _ in WIDE])
def test_lines_fit_the_terminal_and_nothing_is_cut_off(name, sizes, width):
    """rich ends what does not fit with an ellipsis; ours says how many terms follow."""
    for options in ({}, {"elements": ELEMENTS}):
        text = shown(sizes, width, **options)
        assert widest(text) <= width
        assert "…" not in text.replace("… (", "")


@pytest.mark.parametrize("sizes", [
    Geometry.of(12, 3, 2, transposed=True, output_padding=1),
    Geometry.of((12,), (3,), 2, transposed=True),
    Geometry.of(12, 3, input_dilation=2),
])  # fmt: skip
def test_no_word_in_the_table_of_sizes_is_broken(sizes):
    axis = "height" if len(sizes.axes) > 1 else "length"
    head = shown(sizes).split(axis)[0]
    assert {"padding", "dilation", "output", "remainder"} <= set(head.split())


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize("sizes", [CASES["H5R3u2"], CASES["H6R3u2"], Geometry.of(40, 9)], ids=str)
def test_a_terminal_without_unicode_gets_ascii(sizes, encoding):
    notation = Notation((r"\delta", "f", "y"))
    for options in ({}, {"elements": ELEMENTS}):
        text = shown(sizes, 80, encoding, notation, **options)
        assert text.isascii()
        assert "delta[0,0]" in text


def test_brackets_are_not_taken_for_markup():
    text = shown(CASES["H5R3u2"], 200, "ascii")
    assert "dL/dx[2,2] = dL/dy[0,0] f[2,2] + dL/dy[0,1] f[2,0]" in text
    assert "y[0,0] = x[0,0] f[0,0]" in text


def test_indices_are_subscripts():
    text = shown(CASES["H5R3u2"], 200)
    assert "∂L/∂x₂₂ = ∂L/∂y₀₀ f₂₂ + ∂L/∂y₀₁ f₂₀ + ∂L/∂y₁₀ f₀₂ + ∂L/∂y₁₁ f₀₀" in text
    assert "∂L/∂xₘₙ = Σᵢⱼ ∂L/∂yᵢⱼ ∂yᵢⱼ/∂xₘₙ" in text


def test_long_sums_are_broken_one_filter_row_a_line():
    text = shown(CASES["H5R3u2"], 60)
    lines = text.splitlines()
    first = next(k for k, line in enumerate(lines) if "y₀₀ = " in line)
    assert lines[first].rstrip() == "  y₀₀ = x₀₀f₀₀ + x₀₁f₀₁ + x₀₂f₀₂ + x₁₀f₁₀ + x₁₁f₁₁ + x₁₂f₁₂"
    assert lines[first + 1].rstrip() == "        + x₂₀f₂₀ + x₂₁f₂₁ + x₂₂f₂₂"


def test_a_sum_is_broken_before_it_is_too_long():
    lines = [line.rstrip() for line in shown(CASES["H5R3u2"], 40).splitlines()]
    first = lines.index("  y₀₀ = x₀₀f₀₀ + x₀₁f₀₁ + x₀₂f₀₂")
    assert lines[first + 1] == "        + x₁₀f₁₀ + x₁₁f₁₁ + x₁₂f₁₂"
    assert lines[first + 2] == "        + x₂₀f₂₀ + x₂₁f₂₁ + x₂₂f₂₂"


def test_grids_are_boxed_and_stand_side_by_side_where_they_fit():
    narrow, wide = shown(CASES["H5R3u2"], 80), shown(CASES["H5R3u2"], 200)
    assert "┌" in narrow
    assert max(line.count("┌") for line in narrow.splitlines()) < max(
        line.count("┌") for line in wide.splitlines()
    )


def test_a_grid_that_does_not_fit_says_so_and_what_to_do():
    text = " ".join(shown(Geometry.of(12, 3, 2), 60).split())
    assert re.search(r"not drawn, \d+ columns wide where the terminal has 60", text)
    assert "use a wider terminal, or -o FILE" in text


def test_short_derivatives_are_explained():
    assert "(dy = ∂L/∂y)" in shown(CASES["H5R3u2"], 40)
    assert "(dO = ∂L/∂O)" in shown(CASES["H5R3u2"], 40, notation=Notation(("X", "F", "O")))


# A style of rich keeps the codes of the first terminal that it is shown on in a process: of 256
# colours or of all.


def test_verdicts_are_coloured_and_worded():
    text = shown(CASES["H6R3u2"], 80, color="truecolor")
    assert re.search(r"\x1b\[1;38;(2;0;136;0|5;\d+)mPROVED", text)
    assert re.search(r"\x1b\[1;38;(2;236;0;0|5;\d+)mREFUTED", text)
    assert "It gives 5x5 instead of 6x6" in text


def test_zeros_of_the_remainder_have_a_colour_of_their_own():
    brown = r"\x1b\[1;38;(2;175;95;95|5;131)m0"
    assert re.search(brown, shown(CASES["H6R3u2"], 120, color="truecolor"))
    assert not re.search(brown, shown(CASES["H5R3u2"], 120, color="truecolor"))


def test_the_term_of_the_story_is_marked():
    text = shown(CASES["H5R3u2"], 200, color="truecolor", elements=[Element("X", (2, 2))])
    marked = r"\x1b\[1;38;(?:2;0;0;0|5;16);48;(?:2;255;215;95|5;221)m"
    assert len(re.findall(marked, text)) >= 4


def test_two_filter_rows_of_a_narrow_window_survive_a_very_narrow_terminal():
    assert widest(shown(CASES["H3R2u1"], 20)) <= 20


def test_one_axis_is_shown():
    text = shown(Geometry.of((5,), (3,), (2,)), 80)
    assert "y₀ = x₀f₀ + x₁f₁ + x₂f₂" in text


def test_an_unknown_block_is_an_error():
    with pytest.raises(TypeError, match="cannot show"):
        terminal.show(["block"], Notation(), Console(file=io.StringIO()))

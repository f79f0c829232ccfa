"""The first screen, at every kind of geometry and layer."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from strategies import CASES, LAYERS, SPREAD, TRANSPOSED, derived

from symconv.geometry import Geometry
from symconv.notation import Notation
from symconv.telling import overview
from symconv.views import plain, terminal

EVERY = CASES | SPREAD | TRANSPOSED | LAYERS


def lines(sizes, wrt="all", **options):
    return list(plain.lines(overview.tell(derived(sizes), wrt, **options), Notation()))


@pytest.mark.parametrize("sizes", EVERY.values(), ids=EVERY.keys())
def test_every_gradient_stands_there_with_both_verdicts(sizes):
    text = lines(sizes)
    told = overview.gradients(derived(sizes), "all")
    for scope in ("this size", "every size"):
        verdicts = [line for line in text if line.endswith(f"PROVED for {scope}")]
        assert [line.strip()[:2] for line in verdicts] == told
    console = Console(width=80, file=io.StringIO(), force_terminal=True, color_system=None)
    terminal.show(overview.tell(derived(sizes)), Notation(), console)
    shown = console.file.getvalue().splitlines()
    assert max(map(cell_len, shown)) <= 80
    assert len(shown) <= 45


def test_what_textbooks_get_wrong_stands_under_the_results():
    text = lines(Geometry.of(6, 3, 2))
    assert text[0].endswith("give Y of 2x2; 1 row and 1 column are left over.")
    assert [line.split(":")[0] for line in text[3:5]] == ["  REFUTED for this size"] * 2
    assert "it gives 4x4 instead of 3x3" in text[4]
    assert any("at --input 6x6 something is" in line for line in lines(Geometry.of(5, 3, 2)))
    assert any("with stride 1" in line for line in lines(Geometry.of(5, 3)))
    assert not any("textbook" in line.casefold() for line in lines(TRANSPOSED["H3R3u2t"]))


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        (Geometry.of(5, 3, 2), "and W >= S, without padding or dilation:"),
        (Geometry.of(5, 3, 2, 1), "+ pr >= S, without dilation:"),
        (Geometry.of(7, 3, 1, 0, 2), "+ 1, without padding or input dilation:"),
        (Geometry.of(7, 3, 1, 1, 2, 2), "+ 1, on each axis:"),
        (TRANSPOSED["H3R3u2t"], ", without padding, output padding or dilation, on each axis:"),
    ],
)
def test_what_the_theorem_is_shown_without_is_a_condition_of_it(sizes, said):
    (line,) = (line for line in lines(sizes) if line.startswith("For every size"))
    assert line.endswith(said)


def test_one_gradient_is_told_alone():
    text = "\n".join(lines(Geometry.of(6, 3, 2), "filter"))
    assert "dX" not in text
    assert "textbook form of dF" in text
    assert "--element 'f[0,0]'" in text


def test_the_element_with_the_most_products_is_shown():
    assert any(line.startswith("  dL/dx[2,2] = ") for line in lines(Geometry.of(6, 3, 2)))
    large = lines(Geometry.of(64, 5, 2, 2))
    assert any(line.endswith("+ ... (6 more terms)") for line in large)


def test_evidence_is_shown_where_it_is_asked_for():
    text = lines(Geometry.of(5, 3, 2), evidence=True)
    assert "    for this size: 25 elements, 36 terms, by sympy" in text
    assert any("each certificate checked again" in line for line in text)


def test_the_screen_ends_with_what_is_typed():
    *_, line, more = lines(Geometry.of(6, 3, 2, 1))
    assert line == ("PyTorch: dX = conv_transpose2d(dy, w, stride=2, padding=1, output_padding=1)")
    assert more.startswith("More: ")
    *_, first, second, _ = lines(Geometry.of(6, 3, 2, ((1, 2), (0, -1))))
    assert first == "PyTorch: dX = conv_transpose2d(dy, w, stride=2)"
    assert second == "         dX = pad(dX, (0, 1, 0, 0))[:, :, 1:-2]"
    assert not any("PyTorch" in line for line in lines(Geometry.of(6, 3, 2), "filter"))

"""A formula has one reading: as text it can be read again, and all media mean the same by it."""

from __future__ import annotations

import re

import pytest
from formula_strategies import SIZES, TENSORS, index_sums
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from latex_arithmetic import value
from mutants import MUTANTS
from strategies import CASES, geometries
from tools import katex_failures

from symconv.claims.mathematics import claim_text, statement
from symconv.claims.parse import parse_sides
from symconv.errors import FormulaError
from symconv.figures.typeset import GLYPHS, Fraction, GlyphRun
from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Ones, Pad, Rotate, Subsample
from symconv.formula.parse import parse_size, parse_tensor
from symconv.formula.sizes import Name, Size, evaluate
from symconv.formula.vocabulary import vocabulary
from symconv.mathematics.latex import LATEX
from symconv.mathematics.text import ASCII, UNICODE
from symconv.mathematics.tree import Letter, LossGradient, Mathematics
from symconv.readings import mathematics, text
from symconv.readings.mathematics import Lettering
from symconv.views.raster import _has

WORDS = vocabulary()
X, F, dY = Leaf("X"), Leaf("F"), Leaf("dY")


@settings(max_examples=300, deadline=None)
@given(SIZES)
def test_a_size_is_read_back_as_it_was_written(size: Size) -> None:
    assert parse_size(text.size(size), WORDS) == size


@settings(max_examples=150, deadline=None)
@given(TENSORS)
def test_a_tensor_is_read_back_as_it_was_written(node: Node) -> None:
    assert parse_tensor(text.read(node), WORDS) == node


@settings(max_examples=100, deadline=None)
@given(index_sums())
def test_an_index_sum_is_read_back_as_it_was_written(node: Node) -> None:
    written = claim_text(X, node, WORDS)
    assert written.startswith("X[m,n] == ")
    assert parse_sides(written, WORDS) == (X, node)


@settings(max_examples=300, deadline=None)
@given(SIZES, st.lists(st.integers(1, 9), min_size=8, max_size=8))
def test_brackets_keep_the_meaning_in_every_medium(size: Size, values: list[int]) -> None:
    at = dict(zip("HWRSuvPQ", values, strict=True))
    try:
        expected = evaluate(size, at)
    except FormulaError:
        assume(False)
    tree = mathematics.size(size)
    assert value(LATEX.write(tree), at) == expected
    assert value(UNICODE.write(tree), at) == expected


def test_brackets_that_are_missing_are_noticed() -> None:
    """The check can fail."""
    at = {"H": 7, "R": 3, "u": 2}
    size = parse_size("(H - R)*u", WORDS)
    assert value(LATEX.write(mathematics.size(size)), at) == 8
    assert value("H - R u", at) != 8
    assert value(r"(H - R) \bmod u", at) != value(r"H - R \bmod u", at)


@pytest.mark.parametrize(
    ("written", "again"),
    [
        ("R-1+(H-R)%u", "R - 1 + (H - R) % u"),
        ("H-(R-1)", "H - (R - 1)"),
        ("H*(R//u)", "H*(R//u)"),
        ("-(H%u)", "-(H % u)"),
        ("-H*u", "-H*u"),
        ("min(H,R)//2", "min(H, R)//2"),
    ],
)
def test_brackets_stand_only_where_they_are_needed(written: str, again: str) -> None:
    assert text.size(parse_size(written, WORDS)) == again


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Ones((2, 3)), "ones(2, 3)"),
        (Ones((Name("R"), 1)), "ones(R, 1)"),
        (Subsample(X, (2, 1)), "subsample(X, (2, 1))"),
        (Pad(X, ((0, -1), (2, 3))), "pad(X, ((0, -1), (2, 3)))"),
        (Pad(X, ((0, -1), (-2, 0))), "crop(X, ((0, 1), (2, 0)))"),
        (Pad(X, ((0, 0), (0, 0))), "pad(X, ((0, 0), (0, 0)))"),
        (Dilate(X, (2,)), "dilate(X, (2,))"),
        (Correlate(X, F, (1, 1), (1, 1)), "correlate(X, F)"),
        (Correlate(X, F, (2, 1), (1, 1)), "correlate(X, F, stride=(2, 1))"),
        (Correlate(X, Rotate(F), (1, 1), (1, 3)), "correlate(X, rotate(F), dilation=(1, 3))"),
    ],
)
def test_a_formula_is_written_as_it_is_typed(node: Node, expected: str) -> None:
    assert text.read(node) == expected


@pytest.mark.parametrize(
    "formula",
    [
        "crop(X, ((0, (H - R) % u), (1, 0)))",
        "correlate(X, F, stride=(u, v), dilation=(2, 1))",
        "vjp(rotate(X), X, dY)",
    ],
)
def test_a_formula_is_written_as_a_person_would(formula: str) -> None:
    assert text.read(parse_tensor(formula, WORDS)) == formula


FORMULAS = {
    f"{name}-{form.__name__}": form(sizes)
    for name, sizes in CASES.items()
    for form in (closed_forms.forward, closed_forms.input_gradient, closed_forms.filter_gradient)
} | {name: mutant.formula(mutant.sizes) for name, mutant in MUTANTS.items()}


@pytest.mark.parametrize("node", FORMULAS.values(), ids=FORMULAS.keys())
def test_a_formula_that_is_written_can_be_read_back(node: Node) -> None:
    assert parse_tensor(text.read(node), WORDS) == node


@given(geometries())
@settings(max_examples=25)
def test_closed_forms_can_be_read_back_at_any_size(sizes) -> None:  # type: ignore[no-untyped-def]
    for form in (closed_forms.input_gradient, closed_forms.filter_gradient):
        assert parse_tensor(text.read(form(sizes)), WORDS) == form(sizes)


LETTERS = {
    "pad(X, ((R-1, R-1 + (H-R) % u), (0, 0)))": (
        r"\operatorname{pad}\left(X,\ ((R - 1, R - 1 + (H - R) \bmod u), (0, 0))\right)"
    ),
    "vjp(rotate(X), X, dY)": (
        r"\operatorname{vjp}\left(\operatorname{rotate}\left(X\right),\ X,\ "
        r"\frac{\partial L}{\partial Y}\right)"
    ),
    "ones(R, S)": r"\mathbf{1}_{R \times S}",
    "subsample(dilate(dY, (u, v)), (H//u, 1))": (
        r"\operatorname{subsample}\left(\operatorname{dilate}\left(\frac{\partial L}{\partial Y},\ "
        r"(u, v)\right),\ (\left\lfloor \frac{H}{u} \right\rfloor, 1)\right)"
    ),
    "correlate(X, F, stride=(u, v))": (
        r"\operatorname{correlate}\left(X,\ F,\ \text{stride}=(u, v)\right)"
    ),
}


@pytest.mark.parametrize(("formula", "latex"), LETTERS.items(), ids=LETTERS.keys())
def test_a_formula_in_letters_has_latex(formula: str, latex: str) -> None:
    assert LATEX.write(mathematics.read(parse_tensor(formula, WORDS))) == latex


def test_a_claim_in_index_notation_has_latex() -> None:
    claim = "dX[m,n] == sum(dY[p,q] * F[m-p*u, n-q*v] for p in range(P) for q in range(Q))"
    sides = parse_sides(claim, WORDS)
    assert LATEX.write(statement(*sides, WORDS)) == (
        r"\frac{\partial L}{\partial X_{mn}} = \sum_{p=0}^{P - 1} \sum_{q=0}^{Q - 1} "
        r"\frac{\partial L}{\partial Y_{pq}} F_{m - p u,\,n - q v}"
    )
    assert ASCII.write(statement(*sides, WORDS)) == (
        "dX[m,n] == sum(dY[p,q]*F[m - p*u, n - q*v] for p in range(P) for q in range(Q))"
    )


@settings(max_examples=4, deadline=None)
@given(st.lists(st.one_of(TENSORS, index_sums()), min_size=20, max_size=40))
@pytest.mark.katex
def test_katex_renders_every_formula(nodes: list[Node]) -> None:
    assert katex_failures([LATEX.write(mathematics.read(node)) for node in nodes]) == []


@settings(max_examples=100, deadline=None)
@given(st.one_of(TENSORS, index_sums()))
def test_a_figure_has_all_glyphs_of_every_formula(node: Node) -> None:
    for run in _runs(mathematics.read(node)):
        for character in run.text:
            assert _has(character, run.italic), run
        assert run.width > 0


def _runs(tree: Mathematics) -> list[GlyphRun]:
    found: list[GlyphRun] = []
    for piece in GLYPHS.write(tree):
        found += [*piece.above, *piece.below] if isinstance(piece, Fraction) else [piece]
    return found


def test_a_figure_says_what_the_terminal_says() -> None:
    tree = mathematics.read(parse_tensor("pad(X, ((R-1, (H-R) % u), (0, 0)))", WORDS))
    said = "".join(run.text for run in _runs(tree))
    assert said == UNICODE.write(tree) == "pad(X, ((R − 1, (H − R) mod u), (0, 0)))"


def test_names_are_those_that_are_given() -> None:
    form = closed_forms.input_gradient(CASES["H3R2u1"])
    given_names = {"dY": LossGradient(Letter("O")), "F": Letter(r"\omega")}
    tree = mathematics.read(form, Lettering(given_names.__getitem__))
    assert ASCII.write(tree) == "correlate(pad(dO, ((1, 1), (1, 1))), rotate(omega))"
    assert UNICODE.write(tree) == "correlate(pad(dO, ((1, 1), (1, 1))), rotate(ω))"


def test_defined_tensors_are_called_by_name() -> None:
    names = Lettering(defined={node: Letter(name) for name, node in WORDS.tensors.items()})
    assert ASCII.write(mathematics.read(Rotate(WORDS.tensors["dX"]), names)) == "rotate(dX)"


def test_a_derivation_may_call_a_crop_a_padding() -> None:
    cropped = Pad(X, ((0, -1), (0, -1)))
    assert ASCII.write(mathematics.read(cropped, Lettering(crops=False))) == (
        "pad(X, ((0, -1), (0, -1)))"
    )


@pytest.mark.parametrize("read", [mathematics.read, mathematics.size])
def test_what_is_no_formula_is_an_error(read) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TypeError, match=re.escape("str is no")):
        read("X")

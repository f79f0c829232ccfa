"""What each medium writes, node by node; that brackets are right is a test of the readings."""

from __future__ import annotations

import re
from typing import get_args
from xml.etree import ElementTree

import pytest
from tools import katex_failures

from symconv.figures.typeset import GLYPHS, Fraction
from symconv.mathematics import mathml
from symconv.mathematics.latex import INLINE, LATEX, escaped
from symconv.mathematics.mathml import MATHML
from symconv.mathematics.text import ASCII, BOARD, SHORT, UNICODE
from symconv.mathematics.tree import (
    Addition,
    AllOnes,
    Application,
    Below,
    BinarySign,
    Comparison,
    Component,
    Emphasis,
    FloorRatio,
    IndexGroup,
    Juxtaposition,
    Kronecker,
    Letter,
    LossGradient,
    Mathematics,
    Negation,
    Numeral,
    Omitted,
    Operation,
    Over,
    Partial,
    Phrase,
    Quantity,
    Ratio,
    RelationSign,
    Restricted,
    Series,
    Summation,
    Through,
    component,
    equation,
    last_below,
    nodes,
)

H, R, u, p, m, n = map(Quantity, ("H", "R", "u", "p", "m", "n"))
ONE, TWO = Numeral(1), Numeral(2)
x, f, y = map(Letter, "xfy")
PLUS, MINUS, TIMES, DOT, MODULO, SPATIAL = BinarySign


def less(left: Mathematics, right: Mathematics) -> Operation:
    return Operation(left, MINUS, right)


x22 = component(x, (TWO, TWO))
dy00 = Partial(Letter("L"), component(y, (Numeral(0), Numeral(0))))
rest = Operation(less(H, R), MODULO, u)
pairs = Series((Series((ONE, rest)), Series((Numeral(0), Negation(rest)))))

SHOWN = {
    "negative": (Numeral(-3), "-3", "−3", "-3"),
    "greek": (Letter(r"\delta", 1), "delta'", "δ'", r"\delta'"),
    "word": (Letter("w_1"), "w_1", "w_1", r"\mathit{w\_1}"),
    "size": (Quantity("rem_H"), "rem_H", "rem_H", r"\mathrm{rem}_{H}"),
    "padding": (Quantity("pt"), "pt", "pt", r"p_{\mathrm{t}}"),
    "numbered": (Quantity("n12"), "n12", "n12", "n_{12}"),
    "long": (Quantity("extra"), "extra", "extra", r"\mathit{extra}"),
    "gradient": (LossGradient(Letter("X")), "dX", "dX", r"\frac{\partial L}{\partial X}"),
    "element": (x22, "x[2,2]", "x₂₂", "x_{22}"),
    "two-digits": (component(x, (ONE, Numeral(12))), "x[1,12]", "x₁,₁₂", "x_{1,12}"),
    "derivative": (
        dy00, "dL/dy[0,0]", "∂L/∂y₀₀", r"\frac{\partial L}{\partial y_{00}}",
    ),
    "gradient's-element": (
        component(LossGradient(Letter("Y")), (p, less(m, ONE))),
        "dY[p, m - 1]", "dY[p, m − 1]", r"\frac{\partial L}{\partial Y_{p,\,m - 1}}",
    ),
    "symbolic": (component(x, (m, n)), "x[m,n]", "xₘₙ", "x_{mn}"),
    "not-lowered": (component(x, (p, m)), "x[p,m]", "x[p,m]", "x_{pm}"),
    "groups": (
        Component(x, (IndexGroup((Quantity("c"),)), IndexGroup((m, n)))),
        "x[c,m,n]", "x[c,m,n]", "x_{c;mn}",
    ),
    "raised": (
        Component(x, (IndexGroup((n, Quantity("c")), raised=True), IndexGroup((p, ONE)))),
        "x[n,c][p,1]", "x[n,c][p,1]", "x^{nc}_{p1}",
    ),
    "product": (Juxtaposition((x22, component(f, (ONE, ONE)))), "x[2,2] f[1,1]", "x₂₂f₁₁",
                "x_{22}f_{11}"),
    "chained": (Juxtaposition((dy00, x22)), "dL/dy[0,0] x[2,2]", "∂L/∂y₀₀ x₂₂",
                r"\frac{\partial L}{\partial y_{00}} x_{22}"),
    "empty-product": (Juxtaposition(()), "1", "1", "1"),
    "empty-sum": (Addition(()), "0", "0", "0"),
    "sum": (
        Addition((x22, Emphasis(x22), Omitted(1234))),
        "x[2,2] + [x[2,2]] + ... (1,234 more terms)", "x₂₂ + [x₂₂] + … (1,234 more terms)",
        r"x_{22} + \boldsymbol{x_{22}} + \cdots\;\text{(1,234 more terms)}",
    ),
    "zero": (Operation(Numeral(0), DOT, x22), "0*x[2,2]", "0·x₂₂", r"0 \cdot x_{22}"),
    "times": (Operation(u, TIMES, less(R, ONE)), "u*(R - 1)", "u·(R − 1)", "u (R - 1)"),
    "two-numbers": (Operation(TWO, TIMES, Numeral(3)), "2*3", "2·3", r"2 \cdot 3"),
    "ratio": (Ratio(less(m, R), u), "(m - R)/u", "(m − R)/u", r"\frac{m - R}{u}"),
    "floor": (FloorRatio(less(H, R), u), "(H - R)//u", "⌊(H − R)/u⌋",
              r"\left\lfloor \frac{H - R}{u} \right\rfloor"),
    "modulo": (less(R, rest), "R - (H - R) % u", "R − ((H − R) mod u)",
               r"R - ((H - R) \bmod u)"),
    "modulo-last": (Operation(less(R, ONE), PLUS, rest), "R - 1 + (H - R) % u",
                    "R − 1 + (H − R) mod u", r"R - 1 + (H - R) \bmod u"),
    "modulo-first": (less(rest, ONE), "(H - R) % u - 1", "((H − R) mod u) − 1",
                     r"((H - R) \bmod u) - 1"),
    "least": (Application("min", (H, R), known=True), "min(H, R)", "min(H, R)",
              r"\min\left(H,\ R\right)"),
    "call": (
        Application("pad", (Letter("X"), pairs), (("stride", Series((u, ONE))),)),
        "pad(X, ((1, (H - R) % u), (0, -((H - R) % u))), stride=(u, 1))",
        "pad(X, ((1, (H − R) mod u), (0, −((H − R) mod u))), stride=(u, 1))",
        r"\operatorname{pad}\left(X,\ ((1, (H - R) \bmod u), (0, -((H - R) \bmod u))),\ "
        r"\text{stride}=(u, 1)\right)",
    ),
    "one-entry": (Application("dilate", (x, Series((u,)))), "dilate(x, (u,))", "dilate(x, (u,))",
                  r"\operatorname{dilate}\left(x,\ u\right)"),
    "ones": (AllOnes((R, less(H, ONE))), "ones(R, H - 1)", "ones(R, H − 1)",
             r"\mathbf{1}_{R \times (H - 1)}"),
    "one-of-ones": (component(AllOnes((R,)), (p,)), "ones(R)[p]", "ones(R)[p]",
                    r"(\mathbf{1}_{R})_{p}"),
    "delta": (Kronecker(m, p), "delta(m, p)", "δ(m, p)", r"\delta_{m,\,p}"),
    "letters": (Summation((Over((m, n)),), x22), "sum_mn x[2,2]", "Σₘₙ x₂₂", r"\sum_{mn} x_{22}"),
    "related": (
        Summation((Over((p, m), equation(m, p)),), x22),
        "sum_{(p, m): m = p} x[2,2]", "Σ_{(p, m): m = p} x₂₂", r"\sum_{(p,m)\,:\,m = p} x_{22}",
    ),
    "limits": (
        Summation((Through(p, ONE, less(R, ONE)),), x22),
        "sum_{p=1..R-1} x[2,2]", "Σ_{p=1..R−1} x₂₂", r"\sum_{p=1}^{R - 1} x_{22}",
    ),
    "ranges": (
        Summation((Below(p, Numeral(0), R), Below(m, p, H)), x22),
        "sum(x[2,2] for p in range(R) for m in range(p, H))",
        "Σ_{p=0..R−1} Σ_{m=p..H−1} x₂₂", r"\sum_{p=0}^{R - 1} \sum_{m=p}^{H - 1} x_{22}",
    ),
    "between": (
        Comparison((Numeral(0), m, H), (RelationSign.AT_MOST, RelationSign.BELOW)),
        "0 <= m < H", "0 ≤ m < H", r"0 \le m < H",
    ),
    "claimed": (Comparison((m, H), (RelationSign.EQUAL,)), "m == H", "m == H", "m = H"),
    "unequal": (Comparison((m, H), (RelationSign.UNEQUAL,)), "m != H", "m ≠ H", r"m \neq H"),
    "at-least": (Comparison((m, H), (RelationSign.AT_LEAST,)), "m >= H", "m ≥ H", r"m \ge H"),
    "means": (
        Comparison((equation(m, H), equation(m, R)), (RelationSign.MEANS,)),
        "m = H <=> m = R", "m = H ⟺ m = R", r"m = H \iff m = R",
    ),
    "where": (
        Restricted(equation(m, H), (Comparison((u, m), (RelationSign.DIVIDES,)), equation(u, R))),
        "m = H  where u divides m, u = R", "m = H  where u ∣ m, u = R",
        r"m = H \quad \text{where } u \mid m,\ u = R",
    ),
    "words": (Phrase("50% of it"), "50% of it", "50% of it", r"\text{50\% of it}"),
}  # fmt: skip


@pytest.mark.parametrize(("tree", "plain", "pretty", "latex"), SHOWN.values(), ids=SHOWN.keys())
def test_each_medium_has_its_own_way(
    tree: Mathematics, plain: str, pretty: str, latex: str
) -> None:
    assert (ASCII.write(tree), UNICODE.write(tree), LATEX.write(tree)) == (plain, pretty, latex)
    assert plain.isascii()
    assert latex.isascii()
    assert GLYPHS.write(tree)


def test_every_kind_of_node_is_shown() -> None:
    shown = {type(node) for tree, *_ in SHOWN.values() for node in nodes(tree)}
    assert set(get_args(Mathematics)) <= shown


@pytest.mark.katex
def test_katex_renders_every_kind_of_node() -> None:
    trees = [tree for tree, *_ in SHOWN.values()]
    assert katex_failures([*map(LATEX.write, trees), *map(INLINE.write, trees)]) == []


def test_a_fraction_lies_where_it_stands_in_a_line() -> None:
    assert INLINE.write(Ratio(less(m, R), u)) == "(m - R)/u"
    assert LATEX.write(component(y, (Ratio(less(m, R), u),))) == "y_{(m - R)/u}"
    assert LATEX.write(Operation(ONE, PLUS, Ratio(m, u))) == r"1 + \frac{m}{u}"


def test_a_board_has_indices_in_brackets() -> None:
    assert BOARD.write(component(x, (m, n))) == "x[m,n]"


def test_short_derivatives_have_no_loss() -> None:
    assert SHORT.write(dy00) == "dy₀₀"
    assert SHORT.write(Partial(component(y, (ONE,)), x22)) == "∂y₁/∂x₂₂"


def test_glyphs_hold_one_fraction_and_no_other_in_it() -> None:
    (outer,) = GLYPHS.write(Ratio(dy00, u))
    assert isinstance(outer, Fraction)
    assert "".join(run.text for run in outer.above) == "∂L/∂y00"


@pytest.mark.parametrize(
    ("stop", "last"),
    [("R", "R - 1"), (5, "4"), (("R", PLUS, 1), "R"), (("R", PLUS, 3), "R + 2"),
     (("R", MINUS, 1), "R - 2"), (("R", TIMES, 2), "R*2 - 1")],
)  # fmt: skip
def test_the_last_index_is_one_below(stop: object, last: str) -> None:
    def tree(of: object) -> Mathematics:
        match of:
            case (left, sign, right):
                return Operation(tree(left), sign, tree(right))
            case int():
                return Numeral(of)
            case _:
                return Quantity(str(of))

    assert ASCII.write(last_below(tree(stop))) == last


@pytest.mark.parametrize("medium", [ASCII, LATEX, GLYPHS])
def test_what_is_no_mathematics_is_an_error(medium: object) -> None:
    with pytest.raises(TypeError, match="is no mathematics"):
        medium.write("X")  # type: ignore[attr-defined]


def test_words_are_escaped() -> None:
    assert escaped("50% of x_1   more") == r"50\% of x\_1\quad more"


def alphanumeric(text: str) -> list[str]:
    return sorted(c for c in text if c.isascii() and c.isalnum())


@pytest.mark.parametrize("case", SHOWN)
def test_mathml_is_well_formed_and_has_the_letters_of_latex(case):
    tree = SHOWN[case][0]
    page = ElementTree.fromstring(mathml.inline(MATHML.write(tree)))
    latex = re.sub(r"\\(min|bmod)", lambda m: m[1].removeprefix("b"), SHOWN[case][3])
    latex = re.sub(r"\\[a-zA-Z]+", " ", latex)
    if not re.search(r"\\(delta|sum|alpha)", SHOWN[case][3]):
        assert alphanumeric("".join(page.itertext())) == alphanumeric(latex)


MATHML_SHOWN = {
    "negative": '<mo form="prefix" lspace="0" rspace="0">−</mo><mn>3</mn>',
    "greek": "<msup><mi>δ</mi><mo>′</mo></msup>",
    "element": "<msub><mi>x</mi><mn>22</mn></msub>",
    "two-digits": (
        '<msub><mi>x</mi><mrow><mn>1</mn><mo lspace="0" rspace="0.17em">,</mo><mn>12</mn></mrow>'
        "</msub>"
    ),
    "derivative": (
        '<mfrac><mrow><mo form="prefix" lspace="0" rspace="0">∂</mo><mi>L</mi></mrow><mrow>'
        '<mo form="prefix" lspace="0" rspace="0">∂</mo><msub><mi>y</mi><mn>00</mn></msub>'
        "</mrow></mfrac>"
    ),
}


@pytest.mark.parametrize("case", MATHML_SHOWN)
def test_mathml_of_what_stands_on_slides(case):
    assert "".join(MATHML.write(SHOWN[case][0])) == MATHML_SHOWN[case]

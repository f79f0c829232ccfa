"""Operator formulas with stride, padding, dilation and a flipped filter, beside their mutants."""

from __future__ import annotations

import re

import pytest
from documents.test_index_formulas import EXAMPLES, example, judged

from symconv.documents.check import check
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import Document

DY, DF = r"\frac{\partial L}{\partial Y}", r"\frac{\partial L}{\partial F}"

RIGHT = [
    ("", r"dX = \text{conv}(\text{pad}(dY, R-1-p), \text{rot180}(F))"),
    ("padded", r"dX = \text{conv}(\text{pad}(dY, R-1-p), \text{rot180}(F))"),
    ("", r"dX = \text{conv}(\text{pad}(\text{dilate}(dY, u), dR - d - pad), rot180(F), "
         r"dilation=d)"),
    ("strided", r"dX = \text{conv}(\text{pad}(\text{dilate}(dY, u), R - 1 - p), rot180(F))"),
    ("strided", rf"{DF} = \operatorname{{correlate}}(\operatorname{{pad}}(X, 1), "
                rf"\operatorname{{dilate}}({DY}, 2))"),
    ("", r"dF = conv(pad(X, p), dY)"),
    ("padded", r"dF = conv(pad(X, p), dY)"),
    ("padded", r"dX = \text{conv}(\text{pad}(dY, 1), \text{rot180}(F))"),
    ("padded", r"dX = \text{conv}(dY, \text{rot180}(F), padding=1)"),
    ("", r"Y = conv(pad(X, p), F)"),
    ("padded", r"Y = \text{pad}(X, 1) * F + b"),
    ("", r"Y = X * F + b"),
    ("", r"Y = \text{conv}(X, F, stride=u, padding=p, dilation=d)"),
    ("", r"Y = \text{conv}(X, F, stride=s, padding=P)"),
    ("strided", r"Y = \text{conv}(X, F, stride=2, padding=1)"),
    ("", r"dX = dY \underset{full}{*} \text{rot180}(F)"),
    ("", r"dX = dY *_{\text{full}} F"),
    ("", r"dX = \text{conv}(dY, F, \text{mode}='full')"),
    ("", r"dX = \text{correlate}(dY, \text{rot180}(F), \text{mode=full})"),
    ("", r"dX = \text{conv}_{\text{full}}(dY, F)"),
    ("flipped", r"Y = \text{convolve}(X, F)"),
    ("flipped", r"dX = \text{full cross-correlation}(dY, F)"),
    ("flipped", r"dF = \text{rot180}(\text{correlate}(X, dY))"),
    ("dilated", r"Y = \text{conv}(X, F, dilation=2)"),
    ("", r"Y = F * X + b"),
    ("plain", r"Y = F \otimes X"),
    ("plain", rf"{DF} = {DY} * X"),
    ("plain", rf"dX = \text{{rot}}_{{180}}(F) *_{{valid}} \text{{pad}}_{{R-1}}({DY})"),
    ("plain", rf"dX = \text{{pad}}_{{2}}({DY}) * \text{{rot}}_{{180}}(F)"),
    ("", rf"{DF} = \text{{pad}}_P(X) \star {DY}"),
    ("plain", r"dX = \text{crop}_{p}(\text{pad}_{R-1}(dY) * \text{rot}_{180}(F))"),
    ("padded", r"dX = \text{crop}_{1}(\text{pad}_{R-1}(dY) * \text{rot}_{180}(F))"),
    ("plain", rf"{DF} = X * \delta"),
    ("", r"dF = \text{conv}(X, dY, stride=d)"),
    ("", r"dX = \text{xcorr}(\text{zeropad}(dY, R-1), F^{180^\circ})"),
    ("", r"dX = \text{conv}(\text{pad}(dY, (R-1, R-1)), \text{rot180}(F))"),
    ("", r"dX = \text{conv}(\text{pad}(dY, (R-1, S-1)), \text{rot180}(F))"),
    ("", r"dX = \text{conv}(\text{pad}(\text{dilate}(dY, u), (R-1, R-1 + (H-R) \bmod u)), "
         r"\text{rot180}(F))"),
]  # fmt: skip

MUTANTS = [
    ("", r"dX = \text{conv}(\text{pad}(dY, R-1+p), \text{rot180}(F))", "wrong"),
    ("padded", r"dX = \text{conv}(\text{pad}(dY, R-p), \text{rot180}(F))", "wrong"),
    ("", r"dX = \text{correlate}(\text{pad}(\text{dilate}(dY, u), dR - d - pad), F, "
         r"dilation=d)", "wrong"),
    ("strided", r"dX = \text{conv}(\text{pad}(dY, R - 1 - p), rot180(F))", "not-judged"),
    ("", r"dX = \text{conv}(\text{pad}(\text{dilate}(dY, u), u - 1 - p), rot180(F))", "wrong"),
    ("", r"dF = conv(pad(F, p), dY)", "wrong"),
    ("padded", r"dF = correlate(pad(X, p), rot180(dY))", "wrong"),
    ("padded", r"dX = \text{conv}(\text{pad}(dY, 2), \text{rot180}(F))", "not-judged"),
    ("", r"Y = correlate(pad(X, p), rot180(F))", "not-judged"),
    ("plain", r"Y = correlate(X, rot180(F))", "wrong"),
    ("", r"Y = correlate(pad(X, p + 1), F)", "wrong"),
    ("padded", r"Y = \text{pad}(X, 2) * F + b", "not-judged"),
    ("", r"Y = X * dF + b", "not-judged"),
    ("", r"Y = \text{conv}(X, F, stride=d, padding=p, dilation=u)", "wrong"),
    ("", r"Y = \text{conv}(X, F, stride=P, padding=s)", "wrong"),
    ("strided", r"Y = \text{conv}(X, F, stride=1, padding=1)", "not-judged"),
    ("", r"dX = dY \underset{valid}{*} \text{rot180}(F)", "not-judged"),
    ("", r"dX = \text{correlate}(dY, F, \text{mode}='full')", "wrong"),
    ("", r"dX = \text{correlate}(dY, \text{rot180}(F), \text{mode=valid})", "wrong"),
    ("", r"dX = \text{conv}_{\text{valid}}(dY, F)", "wrong"),
    ("flipped", r"Y = \text{correlate}(X, F)", "wrong"),
    ("flipped", r"dX = \text{full cross-correlation}(dY, \text{rot180}(F))", "wrong"),
    ("flipped", r"dF = \text{correlate}(X, dY)", "wrong"),
    ("", r"dF = \text{conv}(X, dY, stride=s)", "wrong"),
    ("", r"Y = \text{conv}(X, F, stride=d)", "wrong"),
    ("", r"dX = \text{xcorr}(\text{zeropad}(dY, R), F^{180^\circ})", "wrong"),
    ("", r"dX = \text{conv}(\text{pad}(dY, (R-1, R)), \text{rot180}(F))", "wrong"),
    ("", r"dX = \text{conv}(\text{pad}(dY, (S-1, R-1)), \text{rot180}(F))", "wrong"),
    ("", r"dX = \text{conv}(\text{pad}(\text{dilate}(dY, u), (R-1, R-1 - (H-R) \bmod u)), "
         r"\text{rot180}(F))", "wrong"),
    ("", r"dX = \text{conv}(\text{pad}(dY, R-1-p), \text{rot180}(F)) = \text{conv}(dY, F)",
     "wrong"),
    ("", r"Y = F * dX", "not-judged"),
    ("plain", r"Y = \text{rot180}(F) \star \text{rot180}(X)", "wrong"),
    ("plain", rf"{DF} = {DY} * F", "wrong"),
    ("plain", rf"dX = F *_{{valid}} \text{{pad}}_{{R}}({DY})", "wrong"),
    ("plain", rf"dX = \text{{rot}}_{{180}}(F) *_{{valid}} \text{{pad}}_{{R}}({DY})", "wrong"),
    ("plain", rf"dX = \text{{pad}}_{{1}}({DY}) * \text{{rot}}_{{180}}(F)", "not-judged"),
    ("padded", r"dX = \text{crop}_{1}(\text{pad}_{R}(dY) * \text{rot}_{180}(F))", "not-judged"),
    ("plain", rf"{DF} = F * \delta", "wrong"),
    ("plain", rf"dX = \text{{pad}}({DY}) * \text{{rot}}_{{180}}(F)", "not-judged"),
    ("plain", r"dX = dY * \text{rot180}(F) \odot f'(X)", "not-judged"),
]  # fmt: skip


@pytest.mark.parametrize(("beside", "formula"), RIGHT)
def test_a_right_operator_formula_agrees(beside, formula):
    assert judged(formula, beside)[:2] == ("agree", "")


@pytest.mark.parametrize(("beside", "formula", "verdict"), MUTANTS)
def test_a_mutated_operator_formula_does_not_agree(beside, formula, verdict):
    code = "SC230" if verdict == "wrong" else ""
    assert judged(formula, beside)[:2] == (verdict, code)


@pytest.mark.parametrize(
    ("beside", "formula", "reason"),
    [
        ("padded", r"Y = X * F", "right without padding; the example here is with padding 1"),
        ("strided", r"Y = conv(pad(X, p), F)",
         "right with stride 1; the example here is with stride 2"),
        ("dilated", r"dX = \text{full conv}(dY, F)",
         "right with dilation 1; the example here is with dilation 2"),
        ("", r"Y = \text{pad}(X, 1) * F",
         "numbers, where no sizes are known; say --input, --filter"),
    ],
)  # fmt: skip
def test_what_is_right_elsewhere_is_not_judged(beside, formula, reason):
    assert judged(formula, beside) == ("not-judged", "", reason)


def test_tensors_may_be_written_in_another_case():
    names = {"x_": r"\mathit{in}_", "f_": r"\mathit{ker}_", "y_": r"\mathit{out}_"}
    words = re.sub("[xfy]_", lambda found: names[found[0]], EXAMPLES["plain"])
    for formula, verdict in (
        (r"\mathit{OUT} = \operatorname{correlate}(\mathit{IN}, \mathit{KER})", "agree"),
        (r"\mathit{OUT} = \operatorname{correlate}(\mathit{KER}, \mathit{IN})", "wrong"),
    ):
        found = check(Document("notes", "markdown", f"{words}\n\n$$ {formula} $$\n"))
        assert found.judgements[-1].verdict == verdict


ONE = "\n\n".join(f"$$y_{{{i}{j}}} = x_{{{i}{j}}}f_{{00}}$$" for i in range(3) for j in range(3))
SMALL = "<!-- symconv: input=3x3 filter=3x3 stride=1 padding=0 names=x,f,y -->\n\n" + (
    "$$y_{00} = "
    + " + ".join(f"x_{{{i}{j}}}f_{{{i}{j}}}" for i in range(3) for j in range(3))
    + "$$"
)
FULL = example(4, 3, pad=2)
"""Padded by R - 1, so that the gradient of the input needs no padding."""


@pytest.mark.parametrize(
    ("shown", "formula", "verdict"),
    [
        (FULL, r"\text{cross-correlation}(dY, \text{rot180}(F))", "agree"),
        (FULL, r"\text{cross-correlation}(dY, F)", "wrong"),
        (FULL, r"\text{cross-correlation}(\text{pad}(dY, R - 1), \text{rot180}(F))", "not-judged"),
        (FULL, r"\text{cross-correlation}(\text{pad}(dY, R - 2), \text{rot180}(F))", "wrong"),
        (FULL, r"\text{cross-correlation}(\text{pad}(X, p), \text{rot180}(F))", "wrong"),
        (ONE, r"\text{cross-correlation}(dY, \text{rot180}(F))", "agree"),
        (ONE, r"\text{cross-correlation}(X, \text{rot180}(F))", "wrong"),
        (SMALL, r"\text{cross-correlation}(\text{pad}(dY, 2), \text{rot180}(F))", "agree"),
        (SMALL, r"\text{cross-correlation}(\text{pad}(dY, 2), F)", "wrong"),
        (SMALL, r"\text{cross-correlation}(\text{pad}(dY, H - 1), \text{rot180}(F))", "not-judged"),
        (SMALL, r"\text{cross-correlation}(\text{pad}(dY, H - 2), \text{rot180}(F))", "wrong"),
    ],
)
def test_a_formula_is_held_to_the_example_beside_it(shown, formula, verdict):
    found = check(Document("notes", "markdown", f"{shown}\n\n$$ dX = {formula} $$"))
    assert found.judgements[-1].verdict == verdict


SIGNED = {
    "forward": r"$$Y = X * F$$",
    "right": rf"$${DF} = X * {DY}$$",
    "turned": rf"$${DF} = X * \text{{rot180}}({DY})$$",
}


def verdicts(*names):
    grid = "$$y_{11} = x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22}$$\n\n"
    grid += "$$y_{12} = x_{12}w_{11} + x_{13}w_{12} + x_{22}w_{21} + x_{23}w_{22}$$\n\n"
    text = grid.replace("x_", "X_").replace("w_", "F_").replace("y_", "Y_")
    found = check(Document("n", "markdown", text + "\n\n".join(SIGNED[n] for n in names)))
    return [j.verdict for j in found.judgements if j.kind == "operator"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["right"], ["agree"]),
        (["turned"], ["agree"]),
        (["forward", "right"], ["agree", "agree"]),
        (["forward", "turned"], ["agree", "not-judged"]),
        (["turned", "forward"], ["not-judged", "agree"]),
        (["right", "turned"], ["not-judged", "not-judged"]),
        (["right", "turned", "right"], ["agree", "not-judged", "agree"]),
    ],
)
def test_a_sign_means_one_thing_in_a_document(names, said):
    assert verdicts(*names) == said


@pytest.mark.parametrize(
    ("words", "formula", "verdict"),
    [
        ("a full convolution of both:", r"dY * \text{rot180}(F)", "agree"),
        ("it is computed so:", r"dY * \text{rot180}(F)", "not-judged"),
        ("a fully connected layer:", r"dY * \text{rot180}(F)", "not-judged"),
        ("a full convolution of both:", r"X * \text{rot180}(F)", "wrong"),
        ("a full convolution of both:", r"dY \otimes dY", "wrong"),
    ],
)
def test_words_beside_a_formula_say_that_its_sign_reaches_past_the_edges(words, formula, verdict):
    text = f"{EXAMPLES['plain']}\n\n{words}\n\n$$ dX = {formula} $$"
    assert check(Document("notes", "markdown", text)).judgements[-1].verdict == verdict


MENDS = [
    (r"dX = \text{corr}(dY, F, \text{full})", "F", "F has to be rotated by 180 degrees",
     r"\text{rot180}(F)"),
    (r"dF = \text{corr}(X, \text{rot180}(dY))", r"\text{rot180}(dY)",
     "dY must not be rotated here", "dY"),
    (r"dX = \text{conv}(\text{pad}(\text{dilate}(dY, u), R-1+p), \text{rot180}(F))", "R-1+p",
     "the padding has to be R - 1 - p", "R - 1 - p"),
    (r"dX = \text{conv}(\text{pad}(\text{dilate}(dY, s), s-1), \text{rot180}(F))", "s-1",
     "the padding has to be R - 1", "R - 1"),
    (r"dX = \text{conv}(\text{pad}(\text{dilate}(dY, u-1), R-1), \text{rot180}(F))", "u-1",
     "the step has to be the stride, u", "u"),
    (r"dF = \text{conv}(F, dY)", "F", "X is needed here, not F", "X"),
    (r"dX = \text{conv}(\text{pad}(Y, R-1), \text{rot180}(F))", "Y",
     r"\frac{\partial L}{\partial Y} is needed here, not Y", r"\frac{\partial L}{\partial Y}"),
    (r"dF = \text{corr}(dY, X)", r"\text{corr}(dY, X)",
     "the two operands have to be exchanged", ""),
    (r"dX = \text{corr}(dY, \text{rot180}(F), \text{valid})", None,
     "a full convolution is needed here", ""),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "under", "message", "fix"), MENDS)
def test_a_wrong_formula_says_which_operand_is_wrong(formula, under, message, fix):
    (found,) = check(Document("notes", "markdown", f"$$ {formula} $$\n")).judgements
    (finding,) = found.findings
    assert finding.message.startswith(f"{message}; as it stands, ")
    assert finding.fix == fix
    marked = formula[finding.place.start - 3 : finding.place.end - 3]
    assert marked == (formula.split(" = ", 1)[1] if under is None else under)
    if fix:
        mended = formula[: finding.place.start - 3] + fix + formula[finding.place.end - 3 :]
        (found,) = check(Document("notes", "markdown", f"$$ {mended} $$\n")).judgements
        assert found.verdict == "agree"


@pytest.mark.parametrize(
    ("formula", "made"),
    [
        (r"dX = F * F", "dX is made of dY and F, not of F and F"),
        (r"dF = \text{corr}(dY, dY)", "dF is made of X and dY, not of dY and dY"),
    ],
)
def test_a_result_is_not_made_of_other_tensors(formula, made):
    (found,) = check(Document("notes", "markdown", f"$$ {formula} $$\n")).judgements
    assert found.verdict == "wrong"
    assert made in found.findings[0].message


@pytest.mark.parametrize(
    ("formula", "made"),
    [
        (r"y_{ij} = \sum_{r,s} x_{i+r, j+s} x_{rs}", "y is made of x and f alone"),
        (r"\frac{\partial L}{\partial x_{mn}} = \sum_{i,j} y_{ij} f_{m-i, n-j}",
         "dL/dx is made of dL/dy and f alone"),
    ],
)  # fmt: skip
def test_a_sum_beside_an_example_is_not_made_of_other_tensors(formula, made):
    text = f"{EXAMPLES['plain']}\n\n$$ {formula} $$\n"
    found = check(Document("notes", "markdown", text)).judgements[-1]
    assert (found.verdict, found.findings[0].message) == ("wrong", made)


def test_a_remainder_of_the_example_is_named():
    formula = r"dX = \text{conv}(\text{pad}(\text{dilate}(dY, u), R-1), \text{rot180}(F))"
    document = Document("notes", "markdown", f"$$ {formula} $$\n")
    given = {"input": "6x6", "filter": "3x3", "stride": "2"}
    (found,) = check(document, hints(given)).judgements
    reason = "right where the stride divides H - R, as it does not in the example here; as "
    assert found.verdict == "wrong"
    assert found.findings[0].message.startswith(reason)
    (found,) = check(document, hints(given | {"input": "7x7"})).judgements
    assert found.verdict == "agree"
    behind = formula.replace("R-1)", r"(R-1, R-1 + (H-R) \bmod u))")
    document = Document("notes", "markdown", f"$$ {behind} $$\n")
    assert check(document, hints(given)).judgements[0].verdict == "agree"


def test_a_transpose_is_no_rotation():
    (found,) = check(Document("notes", "markdown", "$$ dX = dY *_{full} F^T $$\n")).judgements
    reason = "a transpose is no rotation by 180 degrees; write rot180(..) where that is meant"
    assert (found.verdict, found.reason) == ("not-judged", reason)


FORWARD = r"$$Y_{i,j} = \sum_{m=0}^{K-1}\sum_{n=0}^{K-1} X_{si+m,sj+n}\, W_{m,n}$$"


@pytest.mark.parametrize(
    ("step", "words", "verdict"),
    [
        ("s-1", "where dilate inserts $s-1$ zeros between neighbours.", "agree"),
        ("s-1", "with zeros between the elements.", "agree"),
        ("s-1", "which is a convolution.", "wrong"),
        ("s+1", "where dilate inserts zeros between neighbours.", "wrong"),
    ],
)
def test_a_number_of_zeros_may_stand_for_a_step_where_words_speak_of_zeros(step, words, verdict):
    formula = (
        r"$$\frac{\partial E}{\partial X} = \text{conv}(\text{pad}(\text{dilate}("
        rf"\frac{{\partial E}}{{\partial Y}}, {step}), K-1), \text{{rot180}}(W))$$"
    )
    found = check(Document("n.md", "markdown", f"{FORWARD}\n{formula}\n{words}\n"))
    assert [j.verdict for j in found.judgements] == ["agree", verdict]

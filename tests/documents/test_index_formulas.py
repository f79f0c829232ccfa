"""Index formulas with padding, dilation, a flipped filter, and every form of limits."""

from __future__ import annotations

from itertools import product

import pytest

from symconv.documents.check import check
from symconv.documents.notation.reading import Hints
from symconv.documents.source.text import Document

SUMS = r"\sum_{r=0}^{R-1}\sum_{s=0}^{S-1}"
DY = r"\frac{\partial L}{\partial y_{ij}}"
DX = r"\frac{\partial L}{\partial x_{mn}}"
DF = r"\frac{\partial L}{\partial f_{rs}}"


def example(H: int, R: int, *, stride=1, pad=0, dilation=1, flip=False, base=0) -> str:
    """Return the forward equations of an example, one formula for each output."""
    P = (H + 2 * pad - dilation * (R - 1) - 1) // stride + 1
    equations = []
    for p in product(range(P), repeat=2):
        terms = []
        for r in product(range(R), repeat=2):
            m = [a * stride + b * dilation - pad for a, b in zip(p, r, strict=True)]
            f = [R - 1 - b for b in r] if flip else r
            if all(0 <= k < H for k in m):
                terms.append(f"x_{{{_index(m, base)}}} f_{{{_index(f, base)}}}")
        equations.append(f"$$ y_{{{_index(p, base)}}} = {' + '.join(terms)} $$")
    return "\n\n".join(equations)


def _index(index, base: int) -> str:
    return ",".join(str(k + base) for k in index)


EXAMPLES = {
    "": "",
    "plain": example(5, 3),
    "padded": example(5, 3, pad=1),
    "strided": example(5, 3, stride=2, pad=1),
    "dilated": example(7, 3, dilation=2),
    "flipped": example(5, 3, flip=True),
    "full": example(4, 3, pad=2, flip=True),
    "one": example(5, 3, pad=1, base=1),
}


def judged(formula: str, beside: str = "") -> tuple[str, str, str]:
    before = EXAMPLES[beside] + "\n\n"
    found = check(Document("notes", "markdown", f"{before}$$ {formula} $$\n"))
    (last,) = [j for j in found.judgements if j.place.start >= len(before)]
    return last.verdict, last.findings[0].code if last.findings else "", last.reason


RIGHT = [
    ("plain", r"y_{ij} = \sum_{r=1}^{R}\sum_{s=1}^{S} x_{i+r-1, j+s-1} f_{rs}"),
    ("padded", rf"y_{{ij}} = {SUMS} x_{{i+r-1, j+s-1}} f_{{rs}}"),
    ("", rf"y_{{ij}} = {SUMS} x_{{iu+r-p, jv+s-p}} f_{{rs}}"),
    ("", rf"y_{{ij}} = {SUMS} x_{{iu + rd - p, jv + sd - p}} f_{{rs}}"),
    ("strided", rf"y_{{ij}} = {SUMS} x_{{2i+r-1, 2j+s-1}} f_{{rs}}"),
    ("strided", rf"y_{{ij}} = {SUMS} x_{{iu+r-P_h, jv+s-P_w}} f_{{rs}}"),
    ("strided", rf"{DF} = \sum_{{i,j}} {DY} x_{{2i+r-1, 2j+s-1}}"),
    ("padded", rf"{DX} = \sum_{{i,j}} {DY} f_{{m-i+1, n-j+1}}"),
    ("", rf"{DX} = \sum_{{i,j}} {DY} f_{{m-ui+p, n-vj+p}}"),
    ("dilated", rf"y_{{ij}} = {SUMS} x_{{i+2r, j+2s}} f_{{rs}}"),
    ("flipped", r"y_{ij} = \sum_{r,s} x_{i+R-1-r, j+S-1-s} f_{rs}"),
    ("full", r"y_{ij} = \sum_{r,s} x_{i-r, j-s} f_{rs}"),
    ("full", rf"{DF} = \sum_{{i,j}} {DY} x_{{i-r, j-s}}"),
    ("full", rf"{DX} = \sum_{{i,j}} {DY} f_{{i-m, j-n}}"),
    ("one", r"y_{ij} = \sum_{r=1}^{R}\sum_{s=1}^{S} x_{i+r-2, j+s-2} f_{rs}"),
    ("plain", rf"{DX} = \sum_{{i,j}} \delta_{{ij}} f_{{m-i, n-j}}"),
    ("", rf"{DF} = \sum_{{i=0}}^{{H-R}} \sum_{{j=0}}^{{W-S}} {DY} x_{{i+r, j+s}}"),
    ("", r"y_p = \sum_{r=0}^{R-1} x_{pu+rd-\ell} f_r"),
    ("strided", r"y_p = \sum_{r=0}^{R-1} x_{pu+rd-\ell} f_r"),
    ("plain", r"\frac{\partial L}{\partial x_m} = \sum_{(r,p)\,:\,m = pu+rd-\ell} "
              r"\frac{\partial L}{\partial y_p} f_r"),
    ("", r"y_{ij} = \sum_{a}\sum_{b} x_{iS+a-P, jS+b-P} f_{ab}"),
    ("", r"y_{ij} = \sum_{\substack{0 \le r < R \\ 0 \le s < S}} x_{i+r, j+s} f_{rs}"),
    ("", r"y_{ij} = \sum_{0 \le a,b < K} x_{i+a, j+b} f_{ab}"),
    ("", r"y_{ij} = \sum\limits_{r \in [0,R)} \sum\nolimits_{s \in \{0,\dots,S-1\}} "
         r"x_{i+r,j+s} f_{rs}"),
    ("", r"y_{ij} = \sum_{r=0,s=0}^{R-1,S-1} x_{i+r, j+s} f_{rs}"),
    ("", r"y_{ij} = \sum_{a,b=0}^{K-1} x_{i+a, j+b} f_{ab}"),
    ("", r"y_{ij} = \sum_{r=1}^{k_h}\sum_{s=1}^{k_w} x_{i+r-1, j+s-1} f_{rs}"),
    ("plain", r"y_{ij} = \sum_{r=0}^{2}\sum_{s=0}^{2} x_{i+r, j+s} f_{rs}"),
    ("", r"y_i = \sum_{a} x_{s(i-1)+a} f_a"),
    ("", r"y_{ij} = \sum_{a,b} x_{(i-1)s+a-P, (j-1)s+b-P} f_{ab}"),
]  # fmt: skip

MUTANTS = [
    ("padded", rf"y_{{ij}} = {SUMS} x_{{i+r-1, j+s}} f_{{rs}}", "SC220"),
    ("padded", rf"y_{{ij}} = {SUMS} x_{{i+r+1, j+s+1}} f_{{rs}}", "SC220"),
    ("padded", rf"y_{{ij}} = {SUMS} x_{{i+s-1, j+r-1}} f_{{rs}}", "SC220"),
    ("", rf"y_{{ij}} = {SUMS} x_{{iu+r+p, jv+s+p}} f_{{rs}}", "SC220"),
    ("", rf"y_{{ij}} = {SUMS} x_{{iu+r-p, jv+s}} f_{{rs}}", "SC220"),
    ("", rf"y_{{ij}} = {SUMS} x_{{iu+rd-p, jv+s-p}} f_{{rs}}", "SC220"),
    ("strided", rf"y_{{ij}} = {SUMS} x_{{2i+r-1, j+s-1}} f_{{rs}}", "SC220"),
    ("strided", rf"{DF} = \sum_{{i,j}} {DY} x_{{i+2r-1, j+2s-1}}", ""),
    ("padded", rf"{DX} = \sum_{{i,j}} {DY} f_{{m-i-1, n-j-1}}", "SC220"),
    ("", rf"{DX} = \sum_{{i,j}} {DY} f_{{m-ui+p, n-vj-p}}", "SC220"),
    ("dilated", rf"y_{{ij}} = {SUMS} x_{{i+2r, j+s}} f_{{rs}}", "SC220"),
    ("flipped", r"y_{ij} = \sum_{r,s} x_{i+R-1-r, j+S-s} f_{rs}", "SC220"),
    ("full", r"y_{ij} = \sum_{r,s} x_{i-r, j+s} f_{rs}", "SC220"),
    ("full", rf"{DX} = \sum_{{i,j}} {DY} f_{{i-m, n-j}}", "SC220"),
    ("one", r"y_{ij} = \sum_{r=1}^{R}\sum_{s=1}^{S} x_{i+r, j+s} f_{rs}", "SC220"),
    ("plain", rf"{DX} = \sum_{{i,j}} \delta_{{ij}} f_{{m+i, n-j}}", ""),
    ("", rf"{DF} = \sum_{{i=0}}^{{H-R+1}} \sum_{{j=0}}^{{W-S}} {DY} x_{{i+r, j+s}}", "SC221"),
    ("", rf"{DF} = \sum_{{i=0}}^{{H-1}} \sum_{{j=0}}^{{W-S}} {DY} x_{{i+r, j+s}}", ""),
    ("", rf"{DF} = \sum_{{i=0}}^{{H-R-1}} \sum_{{j=0}}^{{W-S}} {DY} x_{{i+r, j+s}}", "SC221"),
    ("", rf"{DX} = \sum_{{i,j}} \frac{{\partial E}}{{\partial y_{{ij}}}} f_{{m-i, n-j}}", ""),
    ("", r"y_p = \sum_{r=0}^{R} x_{pu+rd-\ell} f_r", "SC221"),
    ("strided", r"y_p = \sum_{r=0}^{R-2} x_{pu+rd-\ell} f_r", "SC221"),
    ("", r"y_p = \sum_{r=0}^{R-1} x_{pd+ru-\ell} f_r", "SC220"),
    ("plain", r"\frac{\partial L}{\partial x_m} = \sum_{(r,p)\,:\,m = pu+rd+\ell} "
              r"\frac{\partial L}{\partial y_p} f_r", "SC220"),
    ("", r"y_{ij} = \sum_{a}\sum_{b} x_{iS+a-P, jS+b} f_{ab}", ""),
    ("", r"y_{ij} = \sum_{a}\sum_{b} x_{iu+a, js+b} f_{ab}", ""),
    ("", r"y_{ij} = \sum_{\substack{0 \le r \le R \\ 0 \le s < S}} x_{i+r, j+s} f_{rs}", "SC221"),
    ("", r"y_{ij} = \sum_{0 < r < R} \sum_{0 \le s < S} x_{i+r, j+s} f_{rs}", "SC221"),
    ("", r"y_{ij} = \sum_{0 \le a,b \le K} x_{i+a, j+b} f_{ab}", ""),
    ("", r"y_{ij} = \sum_{r \in [0,R]} \sum_{s \in \{0,\dots,S-1\}} x_{i+r,j+s} f_{rs}", "SC221"),
    ("", r"y_{ij} = \sum_{r \in [0,R)} \sum_{s \in \{0,\dots,S-2\}} x_{i+r,j+s} f_{rs}", "SC221"),
    ("", r"y_{ij} = \sum_{r=0,s=0}^{R-1,S} x_{i+r, j+s} f_{rs}", "SC221"),
    ("", r"y_{ij} = \sum_{a,b=0}^{K} x_{i+a, j+b} f_{ab}", ""),
    ("", r"y_{ij} = \sum_{r=0}^{k_h}\sum_{s=0}^{k_w} x_{i+r, j+s} f_{rs}", ""),
    ("plain", r"y_{ij} = \sum_{r=0}^{2}\sum_{s=0}^{1} x_{i+r, j+s} f_{rs}", "SC221"),
    ("", r"y_i = \sum_{a} x_{s(i-2)+a} f_a", "SC220"),
    ("", r"y_i = \sum_{a} x_{si+a+s} f_a", "SC220"),
    ("", r"y_{ij} = \sum_{a,b} x_{(i-1)s+a+P, (j-1)s+b-P} f_{ab}", "SC220"),
    ("", r"\frac{\partial L}{\partial x_m} = \sum_{i} \frac{\partial L}{\partial y_i} f_{m-u(i-2)}",
     "SC220"),
]  # fmt: skip


@pytest.mark.parametrize(("beside", "formula"), RIGHT)
def test_a_right_index_formula_agrees(beside, formula):
    assert judged(formula, beside)[:2] == ("agree", "")


@pytest.mark.parametrize(("beside", "formula", "code"), MUTANTS)
def test_a_mutated_index_formula_does_not_agree(beside, formula, code):
    verdict, found, _ = judged(formula, beside)
    assert (verdict, found) == ("wrong" if code else "not-judged", code)


@pytest.mark.parametrize(
    ("beside", "formula", "reason"),
    [
        ("", rf"y_{{ij}} = {SUMS} x_{{i+r-1, j+s-1}} f_{{rs}}",
         "right with padding 1, which nothing here shows; say --padding 1"),
        ("padded", rf"y_{{ij}} = {SUMS} x_{{i+r, j+s}} f_{{rs}}",
         "right without padding; the example here is with padding 1"),
        ("strided", rf"y_{{ij}} = {SUMS} x_{{i+r-1, j+s-1}} f_{{rs}}",
         "right with stride 1; the example here is with stride 2"),
        ("", r"y_{ij} = \sum_{r,s} x_{i-r, j-s} f_{rs}",
         "right with padding R - 1 and S - 1, with a flipped filter, which nothing here shows; "
         "say --forward convolution"),
        ("plain", r"y_{ij} = \sum_{r,s} x_{i-r, j-s} f_{rs}",
         "right with padding R - 1 and S - 1, with a flipped filter; "
         "the example here is without padding, without flipping"),
        ("", r"y_{ij} = \sum_{r,s} x_{iu-r+p, jv-s+p} f_{rs}",
         "this needs a flipped filter, which nothing here shows; say --forward convolution"),
        ("", r"y_{ij} = \sum_{r=0}^{2}\sum_{s=0}^{2} x_{i+r, j+s} f_{rs}",
         "right with a filter of 3 x 3 elements, which nothing here shows; say --filter 3x3"),
        ("flipped", r"y_{ij} = \sum_{r,s} x_{i+R-r, j+S-s} f_{rs}",
         "right where indices count from 1; here they count from 0; say --index-base 1"),
        ("", r"y_{ij} = \sum_{r=-1}^{1}\sum_{s=-1}^{1} x_{i+r, j+s} f_{rs}",
         "right with padding 1, with a filter of 3 x 3 elements, which nothing here shows; "
         "say --padding 1, --filter 3x3"),
        ("", r"y_{ij} = \sum_{a,b=0}^{K-1} x_{i+K-1-a, j+K-1-b} f_{ab}",
         "right with a flipped filter, which nothing here shows; say --forward convolution"),
        ("", r"y_{ij} = \sum_{k} x_{ik} f_{kj}",
         "this is no sum over the windows of a convolution"),
        ("plain", r"y_k = \sum_{i} f_{ki} x_i", "a product of two indices in an index"),
    ],
)  # fmt: skip
def test_what_is_right_elsewhere_is_not_judged(beside, formula, reason):
    assert judged(formula, beside) == ("not-judged", "", reason)


@pytest.mark.parametrize(
    ("limit", "verdict"), [("K-1", "agree"), ("K", "SC221"), ("K-2", "SC221"), ("M-1", "")]
)
def test_a_formula_that_agrees_shows_what_its_letters_mean(limit, verdict):
    right = r"\sum_{a=0}^{K-1}\sum_{b=0}^{K-1} x_{i+a, j+b} f_{ab}"
    other = rf"\sum_{{c=0}}^{{{limit}}}\sum_{{d=0}}^{{K-1}} x_{{ui+c, uj+d}} f_{{cd}}"
    words = f"$$ y_{{ij}} = {other} $$\n\n$$ y_{{ij}} = {right} $$\n"
    first, second = check(Document("notes", "markdown", words)).judgements
    assert second.verdict == "agree"
    assert verdict == (first.findings[0].code if first.findings else verdict and first.verdict)


def test_the_left_side_may_count_from_another_number():
    formula = r"y_{ij} = \sum_{r=1}^{R}\sum_{s=1}^{S} x_{i+r, j+s} f_{rs}"
    for beside in ("", "plain"):
        reason = "right where the left side counts from 0, and the sums from 1"
        assert judged(formula, beside) == ("not-judged", "", reason)


def test_other_names_for_the_tensors_are_not_judged():
    gradients = r"\frac{\partial E}{\partial w_{ab}}", r"\frac{\partial E}{\partial x_{ij}}"
    formula = rf"{gradients[0]} = \sum_{{ij}} {gradients[1]} y_{{i+b, j+a}}"
    reason = (
        "nothing else here shows that y is the input, w the filter and x the output; say --names"
    )
    assert judged(formula) == ("not-judged", "", reason)


@pytest.mark.parametrize(
    ("index", "verdict"),
    [("pu + r - p", "not-judged"), ("pu + r", "agree"), ("pu - r", "not-judged")],
)
def test_an_index_that_also_stands_for_the_padding_is_not_called_wrong(index, verdict):
    example = "$$y_{0} = x_{0}f_{0} + x_{1}f_{1}$$ $$y_{1} = x_{2}f_{0} + x_{3}f_{1}$$\n\n"
    formula = rf"$$ y_p = \sum_{{r=0}}^{{R-1}} x_{{{index}}} f_r $$"
    found = check(Document("notes", "markdown", example + formula))
    assert found.judgements[-1].verdict == verdict


def test_two_letters_of_a_filter_are_one_name():
    sums = r"\sum_{a=0}^{HH-1}\sum_{b=0}^{WW-1}"
    assert judged(rf"y_{{ij}} = {sums} x_{{is+a, js+b}} f_{{ab}}")[0] == "agree"
    assert judged(rf"y_{{ij}} = {sums} x_{{is-a, js+b}} f_{{ab}}")[0] == "wrong"
    assert (
        judged(rf"y_{{ij}} = {sums.replace('HH-1', 'HH')} x_{{is+a, js+b}} f_{{ab}}")[1] == "SC221"
    )


def test_numbers_of_an_example_on_other_axes_are_not_held_against_a_formula():
    text = (
        "$$ y_1 = w_1 x_1 + w_2 x_2 $$\n\n$$ y_2 = w_1 x_2 + w_2 x_3 $$\n\n"
        r"$$ y_{ij} = \sum_{k=1}^{2}\sum_{l=1}^{2} w_{kl} x_{i+k-1,j+l-1} $$"
        "\n\n"
        r"$$ db = \sum_{i=1}^{3}\sum_{j=1}^{3} dy_{ij} $$"
    )
    found = check(Document("notes", "markdown", text)).judgements
    assert [j.verdict for j in found] == ["agree", "agree", "not-judged", "not-judged"]


def test_indices_in_brackets_side_by_side_are_two():
    up = r"\frac{\partial L}{\partial y_{(m-r)(n-s)}}"
    assert judged(rf"{DX} = \sum_{{r,s}} {up} f_{{rs}}", "plain")[0] == "agree"
    assert (
        judged(rf"{DX} = \sum_{{r,s}} {up.replace('n-s', 'n+s')} f_{{rs}}", "plain")[0] == "wrong"
    )
    assert judged(r"y_{ij} = \sum_{r,s} x_{(i+r)(j+s)} f_{rs}", "plain")[0] == "agree"
    assert (
        judged(r"y_{ij} = \sum_{r=0}^{H_f-1}\sum_{s=0}^{W_f-1} x_{(i+r)(j+s)} f_{rs}")[0] == "agree"
    )
    assert judged(r"y_{ij} = \sum_{r=0}^{H_f}\sum_{s=0}^{W_f-1} x_{i+r,j+s} f_{rs}")[1] == "SC221"


ONE_ROW = "\n\n".join(
    f"$$ y_{{0{q}}} = "
    + " + ".join(f"x_{{{r}{3 * q + s}}} f_{{{r}{s}}}" for r, s in product(range(2), repeat=2))
    + " $$"
    for q in range(2)
)


@pytest.mark.parametrize(
    ("index", "verdict"),
    [("3i+r, 3j+s", "agree"), ("3i+r, 2j+s", "wrong"), ("3i+r+1, 3j+s", "wrong")],
)
def test_one_output_shows_no_stride(index, verdict):
    text = ONE_ROW + rf"{chr(10) * 2}$$ y_{{ij}} = \sum_{{r,s}} x_{{{index}}} f_{{rs}} $$" + "\n"
    alone = check(Document("notes", "markdown", text)).judgements[-1]
    said = check(Document("notes", "markdown", text), Hints(stride=(3, 3))).judgements[-1]
    assert said.verdict == verdict
    if verdict == "agree":
        reason = "right with stride 3, which nothing here shows; say --stride 3"
        assert (alone.verdict, alone.reason) == ("not-judged", reason)


def test_a_filter_that_is_not_seen_whole_has_no_known_extent():
    shown = [
        f"y_{{{p}}} = " + " + ".join(f"x_{{{m}}} f_{{{m - p + 2}}}" for m in range(2))
        for p in range(2)
    ]
    formula = r"y_i = \sum_{r=-2}^{2} x_{i+r} f_{r+2}"
    text = "\n\n".join(f"$$ {line} $$" for line in [*shown, formula]) + "\n"
    assert check(Document("notes", "markdown", text)).judgements[-1].verdict == "not-judged"


LIMITS = [
    (r"y_{ij} = \sum_{r=0}^{%s}\sum_{s=0}^{S-1} x_{i+r, j+s} f_{rs}", "R", "R - 1",
     "this sum runs past the tensor that it reads: the last r is R - 1"),
    (r"y_{ij} = \sum_{r=0}^{R-1}\sum_{s=0}^{%s} x_{i+r, j+s} f_{rs}", "S-2", "S - 1",
     "s has to run to S - 1; as it stands, "),
    (r"y_{ij} = \sum_{r=%s}^{R-1}\sum_{s=0}^{S-1} x_{i+r, j+s} f_{rs}", "1", "0",
     "r has to begin at 0; as it stands, "),
    (r"y_{ij} = \sum_{r=0}^{R-1}\sum_{s=0}^{%s} x_{i+r, j+s} f_{rs}", "R-1", "S - 1",
     "s has to run to S - 1; as it stands, "),
    (r"y_i = \sum_{r=1}^{%s} x_{i+r-1} f_r", "R-1", "R", "r has to run to R; as it stands, "),
    (rf"{DF} = \sum_{{i=0}}^{{%s}} \sum_{{j=0}}^{{W-S}} {DY} x_{{i+r, j+s}}", "H-R+1", "H - R",
     "this sum runs past the tensor that it reads: the last i is H - R"),
    (r"y_i = \sum_{0 \le r \le %s} x_{i+r} f_r", "R", "R - 1",
     "this sum runs past the tensor that it reads: the last r is R - 1"),
    (r"y_i = \sum_{0 \le r < %s} x_{i+r} f_r", "R-1", "",
     "r has to run to R - 1; as it stands, "),
    (r"\frac{\partial L}{\partial x_m} = \sum_{i=0}^{%s} \frac{\partial L}{\partial y_i} f_{m-i}",
     "m-1", "", "this bound leaves elements out: "),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "limit", "fix", "message"), LIMITS)
def test_a_wrong_limit_is_named_and_underlined(formula, limit, fix, message):
    text = f"$$ {formula % limit} $$\n"
    (found,) = check(Document("notes", "markdown", text)).judgements
    (finding,) = found.findings
    assert (finding.code, text[slice(*finding.place)], finding.fix) == ("SC221", limit, fix)
    assert finding.message.startswith(message)
    if fix:
        (found,) = check(Document("notes", "markdown", f"$$ {formula % fix} $$\n")).judgements
        assert found.verdict == "agree"

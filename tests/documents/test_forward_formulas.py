r"""Gradients are held to the forward formula of their document, in letters and in numbers.

What it says of stride, padding, dilation, flip and first index counts for all that follows: a
gradient that forgets one of them does not agree, and none that has them is called wrong.
"""

from __future__ import annotations

import re

import pytest
from documents.layers import (
    DIVIDING,
    RIGHT,
    WRONG,
    forward,
    forward_operator,
    makers,
    notes,
    truth,
)

from symconv.documents.check import check
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import Document


def judgements(text: str, **given: str):
    options = {name.replace("_", "-"): value for name, value in given.items()}
    return check(Document("notes", "markdown", text), hints(options)).judgements


def verdicts(*lines: str, between: str = "\n\n", **given: str) -> list[str]:
    text = between.join(f"$$ {line} $$" for line in lines) + "\n"
    return [j.verdict for j in judgements(text, **given)]


def D(name: str, below: str = "") -> str:
    return rf"\frac{{\partial L}}{{\partial {name}{below and f'_{{{below}}}'}}}"


# A forward formula, a gradient that is right behind it, and the same with its slip.
TWINS = {
    "stride": (
        r"p_{a,b} = \sum_r\sum_t g_{sa+r,sb+t}\, c_{r,t}",
        rf"{D('c', 'r,t')} = \sum_a\sum_b {D('p', 'a,b')}\, g_{{sa+r,sb+t}}",
        rf"{D('c', 'r,t')} = \sum_a\sum_b {D('p', 'a,b')}\, g_{{a+r,b+t}}",
    ),
    "stride of the input's gradient": (
        r"z_{i,j} = \sum_m\sum_n v_{qi+m,qj+n}\, k_{m,n}",
        rf"{D('v', 'a,b')} = \sum_i\sum_j {D('z', 'i,j')}\, k_{{a-qi,b-qj}}",
        rf"{D('v', 'a,b')} = \sum_i\sum_j {D('z', 'i,j')}\, k_{{a-i,b-j}}",
    ),
    "stride, one axis": (
        r"z_t = \sum_{r=0}^{K-1} v_{\tau t + r} w_r",
        rf"{D('w', 'r')} = \sum_t {D('z', 't')} v_{{\tau t + r}}",
        rf"{D('w', 'r')} = \sum_t {D('z', 't')} v_{{t + r}}",
    ),
    "padding": (
        r"p_{a,b} = \sum_{r=0}^{K-1}\sum_{t=0}^{K-1} g_{a+r-p,b+t-p}\, c_{r,t}",
        rf"{D('c', 'r,t')} = \sum_a\sum_b {D('p', 'a,b')}\, g_{{a+r-p,b+t-p}}",
        rf"{D('c', 'r,t')} = \sum_a\sum_b {D('p', 'a,b')}\, g_{{a+r,b+t}}",
    ),
    "padding of an operator": (
        r"P_{a,b} = \sum_{r=0}^{K-1}\sum_{t=0}^{K-1} G_{a+r-p,b+t-p}\, C_{r,t}",
        rf"{D('G')} = \text{{conv}}(\text{{pad}}({D('P')}, K-1-p), \text{{rot180}}(C))",
        rf"{D('G')} = \text{{conv}}(\text{{pad}}({D('P')}, K-1), \text{{rot180}}(C))",
    ),
    "padding of the input": (
        r"P_{a,b} = \sum_{r=0}^{K-1}\sum_{t=0}^{K-1} G_{a+r-z,b+t-z}\, C_{r,t}",
        rf"{D('C')} = \text{{conv}}(\text{{pad}}(G, z), {D('P')})",
        rf"{D('C')} = \text{{conv}}(G, {D('P')})",
    ),
    "stride of an operator": (
        r"y_{i,j} = \sum_m\sum_n x_{si+m,sj+n}\, w_{m,n}",
        rf"{D('W')} = \text{{conv}}(X, \text{{dilate}}({D('Y')}, s))",
        rf"{D('W')} = \text{{conv}}(X, {D('Y')})",
    ),
    "stride of an operator forward": (
        r"Y = \text{conv}(X, W, stride=s)",
        rf"{D('W', 'm,n')} = \sum_i\sum_j {D('Y', 'i,j')} X_{{si+m,sj+n}}",
        rf"{D('W', 'm,n')} = \sum_i\sum_j {D('Y', 'i,j')} X_{{i+m,j+n}}",
    ),
    "dilation": (
        r"y_i = \sum_m x_{i+dm} w_m",
        rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+dm}}",
        rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m}}",
    ),
    "channels": (
        r"p_{f,a,b} = \sum_k\sum_r\sum_t g_{k,sa+r,sb+t}\, c_{f,k,r,t}",
        rf"{D('c', 'f,k,r,t')} = \sum_a\sum_b {D('p', 'f,a,b')}\, g_{{k,sa+r,sb+t}}",
        rf"{D('c', 'f,k,r,t')} = \sum_a\sum_b {D('p', 'f,a,b')}\, g_{{k,a+r,b+t}}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("twins", TWINS.values(), ids=TWINS)
def test_a_gradient_that_forgets_what_the_forward_formula_has_is_wrong(twins):
    ahead, right, slip = twins
    assert verdicts(ahead, right) == ["agree", "agree"]
    assert verdicts(ahead, slip) == ["agree", "wrong"]
    assert verdicts(slip)[0] != "wrong"  # alone it may be about another convolution


NUMBERED = {
    "stride": (
        r"P_{a,b} = \sum_r\sum_t G_{2a+r,2b+t}\, C_{r,t}",
        rf"{D('C', 'r,t')} = \sum_a\sum_b {D('P', 'a,b')}\, G_{{2a+r,2b+t}}",
        rf"{D('C', 'r,t')} = \sum_a\sum_b {D('P', 'a,b')}\, G_{{a+r,b+t}}",
    ),
    "dilation": (
        r"p_a = \sum_{r=0}^{K-1} c_r\, g_{a+2r}",
        rf"{D('c', 'r')} = \sum_a {D('p', 'a')} g_{{a+2r}}",
        rf"{D('c', 'r')} = \sum_a {D('p', 'a')} g_{{a+r}}",
    ),
    "base": (
        r"p_{a,b} = \sum_{r=1}^{K}\sum_{t=1}^{K} g_{a+r-1,b+t-1}\, c_{r,t}",
        rf"{D('c', 'r,t')} = \sum_a\sum_b {D('p', 'a,b')}\, g_{{a+r-1,b+t-1}}",
        rf"{D('c', 'r,t')} = \sum_a\sum_b {D('p', 'a,b')}\, g_{{a+r,b+t}}",
    ),
    "base of a stride": (
        r"z_i = \sum_{m=1}^{M} v_{s(i-1)+m} k_m",
        rf"{D('k', 'm')} = \sum_i {D('z', 'i')} v_{{s(i-1)+m}}",
        rf"{D('k', 'm')} = \sum_i {D('z', 'i')} v_{{si+m}}",
    ),
    "flip": (
        r"y_{i,j} = \sum_{m,n} x_{i-m,j-n} w_{m,n}",
        rf"{D('w', 'm,n')} = \sum_{{i,j}} {D('y', 'i,j')} x_{{i-m,j-n}}",
        rf"{D('w', 'm,n')} = \sum_{{i,j}} {D('y', 'i,j')} x_{{i+m,j+n}}",
    ),
    "flip of an operator": (
        r"Y_{i,j} = \sum_{m,n} X_{i-m,j-n} W_{m,n}",
        rf"{D('X')} = \text{{corr}}({D('Y')}, W)",
        rf"{D('X')} = \text{{corr}}({D('Y')}, \text{{rot180}}(W))",
    ),
    "no flip": (
        r"Y_{i,j} = \sum_{m=0}^{K-1}\sum_{n=0}^{K-1} X_{i+m,j+n} W_{m,n}",
        rf"{D('X')} = \text{{conv}}(\text{{pad}}({D('Y')}, K-1), \text{{rot180}}(W))",
        rf"{D('X')} = \text{{conv}}(\text{{pad}}({D('Y')}, K-1), W)",
    ),
    "operator": (
        r"P_{a,b} = \sum_r\sum_t G_{2a+r,2b+t}\, C_{r,t}",
        rf"{D('C', 'r,t')} = \sum_a\sum_b {D('P', 'a,b')}\, G_{{2a+r,2b+t}}",
        rf"{D('G')} = \text{{conv}}(\text{{pad}}({D('P')}, R-1), \text{{rot180}}(C))",
    ),
    "input and filter by what is done to them": (
        r"P = \text{corr}(\text{pad}(G, K-1), \text{rot180}(C))",
        rf"{D('G', 'a,b')} = \sum_{{x,y}} {D('P', 'a+x,b+y')} C_{{x,y}}",
        rf"{D('G', 'a,b')} = \sum_{{x,y}} {D('P', 'x-a,y-b')} C_{{x,y}}",
    ),
    "an operator's dilation": (
        r"Y = \text{conv}(X, W, dilation=2)",
        rf"{D('W', 'm,n')} = \sum_{{i,j}} {D('Y', 'i,j')} X_{{i+2m,j+2n}}",
        rf"{D('W')} = \text{{conv}}(X, {D('Y')})",
    ),
}  # fmt: skip


@pytest.mark.parametrize("twins", NUMBERED.values(), ids=NUMBERED)
def test_a_gradient_of_another_convolution_does_not_agree(twins):
    ahead, right, slip = twins
    assert verdicts(ahead, right)[1] == "agree"
    held = verdicts(ahead, slip)
    assert held[1] in ("wrong", "not-judged")
    assert "wrong" not in held[:1]


def test_most_gradients_do_not_outvote_the_forward_formula():
    ahead = r"p_a = \sum_{r=0}^{K-1} c_r\, g_{a+2r}"
    slips = [
        rf"{D('c', 'r')} = \sum_a {D('p', 'a')} g_{{a+r}}",
        rf"{D('g', 'a')} = \sum_r {D('p', 'a-r')} c_r",
    ]
    assert verdicts(ahead, *slips)[1:] == ["wrong"] * 2
    found = judgements("\n\n".join(f"$$ {x} $$" for x in (ahead, *slips)))[1:]
    held = "right with dilation 1; the forward formula here is with dilation 2"
    assert all(one.findings[0].message.startswith(held) for one in found)
    assert [one.edits[0].text for one in found] == ["a+2r", "a-2r"]


@pytest.mark.parametrize("twins", TWINS.values(), ids=TWINS)
@pytest.mark.parametrize(
    "words",
    [
        "For simplicity the stride is 1 below.", "With unit stride and no padding:",
        "Without dilation:", "Assume that s = 1 and p = 0.", "In the special case of stride 1",
    ],
)  # fmt: skip
def test_words_of_a_special_case_keep_a_gradient_from_being_wrong(twins, words):
    ahead, right, slip = twins
    assert verdicts(ahead, slip, between=f"\n\n{words}\n\n")[-1] == "not-judged"
    assert verdicts(ahead, right, between=f"\n\n{words}\n\n")[-1] == "agree"


def test_a_letter_with_a_number_keeps_a_gradient_from_being_wrong():
    ahead, _, slip = TWINS["stride"]
    assert verdicts(ahead, slip, between="\n\nLet now $s = 1$.\n\n")[-1] == "not-judged"
    assert verdicts(ahead, slip, between="\n\nLet now $s = 2$.\n\n")[-1] == "wrong"


def test_the_forward_formula_that_stands_last_before_counts_first():
    plain = r"p_{a,b} = \sum_r\sum_t g_{a+r,b+t}\, c_{r,t}"
    ahead, right, slip = TWINS["stride"]
    text = "\n\n".join(f"$$ {line} $$" for line in (plain, ahead, right, slip))
    *_, last = judgements(text)
    assert (last.verdict, last.scope) == ("agree", "with stride 1, as another formula here")


def test_a_gradient_before_the_forward_formula_is_not_called_wrong():
    ahead, _, slip = TWINS["stride"]
    assert verdicts(slip, ahead) == ["not-judged", "agree"]


@pytest.mark.parametrize(
    ("letter", "place"),
    [("q", "stride"), (r"\tau ", "stride"), ("v", "stride"), ("D", "stride"), ("H", "stride"),
     ("e", "dilation"), ("h", "dilation"), ("z", "padding"), ("u", "padding"), ("d", "padding")],
)  # fmt: skip
def test_a_letter_means_what_its_place_makes_of_it(letter, place):
    index = {"stride": "{0}i+m", "dilation": "i+{0}m", "padding": "i+m-{0}"}[place].format(letter)
    both = f"{index},{index.replace('i', 'j').replace('m', 'n')}"
    ahead = rf"y_{{i,j}} = \sum_m\sum_n x_{{{both}}} w_{{m,n}}"
    right = rf"{D('w', 'm,n')} = \sum_i\sum_j {D('y', 'i,j')} x_{{{both}}}"
    slip = rf"{D('w', 'm,n')} = \sum_i\sum_j {D('y', 'i,j')} x_{{i+m,j+n}}"
    assert verdicts(ahead, right) == ["agree", "agree"]
    assert verdicts(ahead, slip) == ["agree", "wrong"]


@pytest.mark.parametrize("sign", [r"\pi", r"\hbar", r"\lfloor p \rfloor"])
def test_what_is_not_understood_of_a_forward_formula_is_not_taken_for_nothing(sign):
    ahead = rf"y_{{i,j}} = \sum_a\sum_b x_{{i+a-{sign},j+b-{sign}}} w_{{a,b}}"
    plain = rf"{D('w', 'a,b')} = \sum_i\sum_j {D('y', 'i,j')} x_{{i+a,j+b}}"
    assert "agree" not in verdicts(ahead, plain)
    assert verdicts(plain) == ["agree"]


@pytest.mark.parametrize("letter", ["s", "v", "q"])
def test_one_letter_of_a_keyword_stands_for_both_axes(letter):
    ahead = rf"Y = \text{{corr}}(X, W, stride={letter})"
    right = rf"{D('W')} = \text{{corr}}(X, \text{{dilate}}({D('Y')}, {letter}))"
    assert verdicts(ahead, right) == ["agree", "agree"]
    assert verdicts(ahead, right.replace("dilate", "pad"))[-1] != "agree"


@pytest.mark.parametrize("letter", ["d", "e", "g"])
def test_on_one_axis_any_letter_stands_for_its_step(letter):
    ahead = rf"y_t = \sum_{{k=0}}^{{R-1}} x_{{t+{letter}k-p}} w_k"
    right = rf"{D('w')} = \text{{corr}}(\text{{pad}}(x, p), {D('y')}, stride={letter})"
    assert verdicts(ahead, right) == ["agree", "agree"]
    assert verdicts(ahead, right.replace(f", stride={letter}", ""))[-1] == "wrong"


@pytest.mark.parametrize("size", ["R", "K", "W", "M"])
def test_windows_side_by_side_are_not_called_wrong(size):
    patches = rf"y_i = \sum_{{j=0}}^{{{size}-1}} x_{{i{size}+j}} w_j"
    assert verdicts(patches) == ["not-judged"]
    slip = rf"{D('w', 'j')} = \sum_i {D('y', 'i')} x_{{i+j}}"
    assert verdicts(patches, slip) == ["agree", "wrong"]


def test_two_letters_that_are_exchanged_are_a_slip():
    assert verdicts(r"y_p = \sum_{r=0}^{R-1} x_{pd+ru} f_r") == ["wrong"]
    assert verdicts(r"y_p = \sum_{r=0}^{R-1} x_{pd+r} f_r") == ["agree"]


@pytest.mark.parametrize("letters", [("D", "e"), ("d", "e"), ("u", "v"), ("v", "u"), ("d", "p")])
def test_letters_of_one_family_may_stand_for_two_steps(letters):
    step, spread = letters
    index = f"{step}i+{spread}m,{step}j+{spread}n"
    ahead = rf"y_{{i,j}} = \sum_m\sum_n x_{{{index}}} w_{{m,n}}"
    right, slip = (
        rf"{D('w', 'm,n')} = \sum_i\sum_j {D('y', 'i,j')} x_{{{own}}}"
        for own in (index, index.replace(spread, ""))
    )
    assert verdicts(ahead, right, slip) == ["agree", "agree", "wrong"]


@pytest.mark.parametrize("padded", ["X", r"\text{pad}(X, p)"])
def test_the_stride_may_be_the_dilation_of_what_slides_over_the_input(padded):
    low = "-p" * (padded != "X")
    ahead = rf"y_{{i,j}} = \sum_m\sum_n x_{{si+dm{low},sj+dn{low}}} w_{{m,n}}"
    right = rf"{D('W')} = \text{{corr}}({padded}, {D('Y')}, dilation=s, stride=d)"
    slip = rf"{D('W')} = \text{{corr}}({padded}, {D('Y')}, dilation=d, stride=s)"
    text = "\n\n".join(f"$$ {line} $$" for line in (ahead, right, slip))
    _, first, second = judgements(text)
    assert (first.verdict, second.verdict) == ("agree", "wrong")
    assert first.scope.startswith("where the stride divides H")


STEPS_ON_ONE_AXIS = ["si+a,j+b", "i+a,uj+b", "i+a,vj+b", "i+da,j+b", "i+a,j+b-p"]


@pytest.mark.parametrize("index", STEPS_ON_ONE_AXIS)
def test_a_step_on_one_axis_alone_is_not_called_wrong(index):
    ahead = rf"y_{{i,j}} = \sum_a\sum_b x_{{{index}}} w_{{a,b}}"
    gradient = rf"{D('w', 'a,b')} = \sum_i\sum_j {D('y', 'i,j')} x_{{{index}}}"
    assert verdicts(ahead, gradient) == ["not-judged", "not-judged"]
    assert "stands on one axis alone" in judgements(f"$$ {ahead} $$")[0].reason
    alike = r"y_{i,j} = \sum_a\sum_b x_{ui+da-p,uj+db-p} w_{a,b}"
    assert verdicts(alike, gradient)[1] == "wrong"


def test_an_example_that_treats_its_axes_alike_shows_a_step_on_one_to_be_wrong():
    shown = [
        f"y_{{{i}{j}}} = x_{{{k * i}{j}}}f_{{00}} + x_{{{k * i}{j + 1}}}f_{{01}}"
        for k in (1, 2) for i in range(2) for j in range(2)
    ]  # fmt: skip
    one_axis = r"y_{i,j} = \sum_a\sum_b x_{si+a,j+b} f_{a,b}"
    assert verdicts(*shown[:4], one_axis)[-1] == "wrong"
    assert verdicts(*shown[4:], one_axis)[-1] == "not-judged"


def test_one_letter_for_both_extents_is_a_square_filter():
    for extent in "RKM":
        last = f"{extent}-1"
        sums = rf"\sum_{{a=0}}^{{{last}}}\sum_{{b=0}}^{{{last}}}"
        assert verdicts(rf"y_{{i,j}} = {sums} x_{{i+a,j+b}} w_{{a,b}}") == ["agree"]
    rows = r"\sum_{r=0}^{R-1}\sum_{s=0}^{R-1}"
    assert verdicts(rf"y_{{i,j}} = {rows} x_{{i+r,j+s}} w_{{r,s}}") == ["wrong"]


def test_a_forward_formula_that_is_not_understood_shows_no_plain_convolution():
    ahead = r"y_{i} = \sum_m x_{si-m+2} w_{m}"
    plain = rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m}}"
    assert verdicts(ahead, plain)[-1] == "not-judged"


@pytest.mark.parametrize(
    ("statement", "scope"),
    [
        (rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m}}",
         "without stride, padding and dilation"),
        (rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{si+m-p}}", "without dilation"),
        (rf"{D('X')} = \text{{corr}}(\text{{pad}}({D('Y')}, R-1), \text{{rot180}}(F))",
         "without stride, padding and dilation"),
        (r"y_i = \sum_m x_{i+m} w_m", ""),
    ],
)  # fmt: skip
def test_a_verdict_that_rests_on_an_assumption_says_which(statement, scope):
    (found,) = judgements(f"$$ {statement} $$\n")
    assert (found.verdict, found.scope) == ("agree", scope)
    (found,) = judgements(f"$$ {statement} $$\n", stride="1", padding="0", dilation="1")
    assert (found.verdict, found.scope) == ("agree", "")


SIZES = [
    ("si+m", "P = H - R + 1", "right with stride 1; the forward formula here is with stride s"),
    ("i+m-p", "P = H - R + 1",
     "right without padding; the forward formula here is with padding p"),
    ("i+2m", "P = H - R + 1",
     "right without dilation; the forward formula here is with dilation 2"),
    ("si+m", r"P = \lfloor (H - R)/s \rfloor + 1", ""),
    ("i+m-p", "P = H + 2p - R + 1", ""),
    ("i+m", "P = H - R + 1", ""),
]  # fmt: skip


@pytest.mark.parametrize(("index", "size", "reason"), SIZES)
def test_a_size_is_held_to_the_forward_formula(index, size, reason):
    text = rf"$$ y_i = \sum_m x_{{{index}}} w_m $$" + f"\n\nThen ${size}$.\n"
    found = judgements(text)[-1]
    assert (found.verdict, found.reason) == ("not-judged" if reason else "agree", reason)
    spared = judgements(text.replace("Then", "With stride 1, without padding and dilation,"))[-1]
    assert spared.verdict == "agree"


SAID = [
    ("With stride 2,", "$Y = X * W$", rf"{D('W')} = X * {D('Y')}"),
    ("A convolution of stride 3.", "$Y = X * W$",
     rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m}}"),
    ("The dilation is 2.", "", rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m}}"),
    ("A stride of two.", "", rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m}}"),
    ("The stride $s = 2$", "", rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m}}"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "ahead", "gradient"), SAID)
def test_what_words_say_of_stride_and_dilation_is_not_argued_against(words, ahead, gradient):
    text = f"{words} {ahead}\n\n$$ {gradient} $$\n"
    assert judgements(text)[-1].verdict == "not-judged"
    assert "the words beside it say" in judgements(text)[-1].reason
    plain = re.sub(r"\d|two", "1", text)
    assert judgements(plain)[-1].verdict == "agree"


@pytest.mark.parametrize(
    ("words", "index", "scope"),
    [
        ("With stride 2", "2i+m", "with stride 2, as the words beside it say; without padding and "
         "dilation"),
        ("A stride of two and $p = 1$, a padding of $p = 1$", "2i+m-1",
         "with stride 2, with padding 1, as the words beside it say; without dilation"),
    ],
)  # fmt: skip
def test_what_words_say_is_not_assumed_otherwise(words, index, scope):
    line = rf"$$ {D('w', 'm')} = \sum_i {D('y', 'i')} x_{{{index}}} $$"
    assert judgements(f"{words}\n\n{line}\n")[-1].scope == scope
    assert judgements(f"With 3 channels\n\n{line}\n")[-1].verdict == "not-judged"


SIZES_HINTED = [
    ({"stride": "2"}, r"\lfloor (H - R)/2 \rfloor + 1", "H - R + 1",
     r"\lfloor (H - R)/3 \rfloor + 1"),
    ({"padding": "1"}, "H + 2 - R + 1", "H - R + 1", "H + 1 - R + 1"),
    ({"dilation": "2"}, "H - 2(R - 1)", "H - R + 1", "H - 3(R - 1)"),
    ({"stride": "2", "padding": "1"}, r"\lfloor (H + 2 - R)/2 \rfloor + 1", "H + 2 - R + 1",
     r"\lfloor (H - R)/2 \rfloor + 1"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "right", "other", "slip"), SIZES_HINTED)
def test_a_size_is_held_to_hints(given, right, other, slip):
    (found,) = judgements(f"$P = {right}$", **given)
    said = " and ".join(f"{name} {value}" for name, value in given.items())
    assert (found.verdict, found.scope) == ("agree", f"with {said}, as is said here")
    for size in (other, slip):
        assert judgements(f"$P = {size}$", **given)[0].verdict != "agree"
    assert judgements(f"$P = {right}$")[0].verdict != "agree"  # alone it may be about another


def test_a_size_with_the_number_of_the_forward_formula_agrees():
    text = r"$$ y_i = \sum_m x_{2i+m} w_m $$" + "\n\nThen $P = (H - R)/2 + 1$.\n"
    found = judgements(text)[-1]
    scope = "with stride 2, as is said here; where the stride divides H - R"
    assert (found.verdict, found.scope) == ("agree", scope)
    assert judgements(text.replace("/2", "/3"))[-1].verdict != "agree"


HINTED = [
    (r"Y_{a,b} = \sum_r\sum_t X_{sa+r,sb+t}\, W_{r,t}", {"stride": "2"},
     rf"{D('W', 'r,t')} = \sum_a\sum_b {D('Y', 'a,b')}\, X_{{2a+r,2b+t}}",
     rf"{D('W', 'r,t')} = \sum_a\sum_b {D('Y', 'a,b')}\, X_{{a+r,b+t}}"),
    (r"y_i = \sum_m x_{i+m-p} w_m", {"padding": "1"},
     rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m-1}}",
     rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m}}"),
    (r"y_i = \sum_m x_{i+3m} w_m", {"dilation": "3"},
     rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+3m}}",
     rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m}}"),
    (r"y_i = \sum_m x_{i+m} w_m", {"forward": "correlation"},
     rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m}}",
     rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i-m}}"),
    (r"y_i = \sum_{m=1}^{M} x_{i+m-1} w_m", {"index_base": "1"},
     rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m-1}}",
     rf"{D('w', 'm')} = \sum_i {D('y', 'i')} x_{{i+m}}"),
]  # fmt: skip


@pytest.mark.parametrize(("ahead", "given", "right", "slip"), HINTED)
def test_a_hint_is_not_argued_against(ahead, given, right, slip):
    assert verdicts(ahead, right, **given) == ["agree", "agree"]
    assert verdicts(ahead, slip, **given) == ["agree", "wrong"]
    assert verdicts(slip, **given) == ["wrong"]


OPTIONS = {
    "--stride": {"stride": "2"}, "--padding": {"padding": "1"}, "--dilation": {"dilation": "2"},
    "--input": {"input": "7"}, "--filter": {"filter": "3"}, "--names": {"names": "v,k,q"},
    "--index-base": {"index_base": "1"}, "--forward": {"forward": "convolution"},
}  # fmt: skip
ASKING = [
    r"$$Z_{i,j} = \sum_{m,n} V_{3i+m,3j+n} K_{m,n}$$",
    r"$$y_{i,j} = \sum_{m,n} x_{i-m,j-n} f_{m,n}$$",
    r"$$y_{i,j} = \sum_{m,n} x_{i+3m-2,j+3n-2} f_{m,n}$$",
    r"$$y_{i,j} = \sum_{m=0}^{3}\sum_{n=0}^3 x_{i+m,j+n} f_{m,n}$$",
    r"$$K_{i,j} = \sum_{m,n} x_{i+m,j+n} V_{m,n}$$",
    r"$$Z = V * K$$ $$Y = \text{pad}(X, 2) * F$$ $$y_{i} = \sum_{m} x_{i+m} x_{m}$$",
    r"$$y_{i} = \sum_{m} x_{si-m+p} w_{m}$$ $$y_{i} = \sum_{m=1} x_{i+m-1} w_{m}$$",
    r"$$h_n = \sum_k u_{n-k} v_k$$ $$y_{11} = \sum_{r,s} x_{1+r,1+s} f_{r,s}$$",
    r"$$y_{00} = x_{00}f_{00} + x_{01}f_{01}$$",
    r"$$y_0 = x_0 f_0 + x_1 f_1$$ $$y_1 = x_1 f_0 + x_2 f_1$$ $$y_2 = x_2 f_0 + x_3 f_1$$ "
    r"$$\frac{\partial L}{\partial x_9} = 0$$ $$y_i = \sum_m x_{2i+m} f_m$$",
    r"$$y_i = \sum_{m=-1}^{1} x_{i+m} f_{m}$$ $$\text{OUT} = \text{IN} * \text{KER}$$",
]  # fmt: skip


@pytest.mark.parametrize("option", OPTIONS)
def test_no_reason_asks_for_a_hint_that_is_given(option):
    asked = 0
    for text in ASKING:
        asked += any(option in j.reason for j in judgements(text))
        said = [j.reason for j in judgements(text, **OPTIONS[option])]
        assert not any(re.search(rf"{option}\b", reason) for reason in said), said
    assert asked or option in ("--index-base",)


SEEDS = 10


def test_what_is_right_in_the_generator_is_so_by_loops():
    seen = set()
    for seed in range(60):
        layer = notes(seed).layer
        ahead = forward(layer)
        lines = [ahead, *(line for make in makers(layer) if (line := make(layer)) is not None)]
        if not layer.channels:
            lines.append(forward_operator(layer))
        found = {truth(line, layer, ahead) for line in lines}
        assert WRONG not in found, layer
        seen |= found
    assert seen == {RIGHT, DIVIDING}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_wrong_gradient_agrees_and_no_right_one_is_called_wrong(seed):
    document = notes(seed)
    found = {j.place.start: j for j in judgements(document.text)}
    for line in document.lines:
        at = document.text.index(line.text)
        judged = next(j for start, j in found.items() if 0 <= start - at < len(line.text))
        said = (line.what, document.text, judged)
        if line.truth == WRONG:
            assert judged.verdict != "agree", said
        else:
            assert judged.verdict != "wrong", said
        if line.truth == DIVIDING and judged.verdict == "agree":
            assert "divides" in judged.scope, said

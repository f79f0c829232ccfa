"""Formulas without element equations: names, first index, stride and flip read off themselves."""

from __future__ import annotations

import re

import pytest

from symconv.documents.check import check
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import Document


def D(name: str, index: str) -> str:
    return rf"\frac{{\partial L}}{{\partial {name}_{{{index}}}}}"


PLAIN = [
    r"Z_{i,j} = \sum_{m,n} V_{i+m,j+n} K_{m,n}",
    rf"{D('K', 'm,n')} = \sum_{{i,j}} {D('Z', 'i,j')} V_{{i+m,j+n}}",
    rf"{D('V', 'm,n')} = \sum_{{i,j}} {D('Z', 'i,j')} K_{{m-i,n-j}}",
]
STRIDED = [
    r"C_{ij} = \sum_{m,n} A_{2i+m,2j+n} B_{mn}",
    rf"{D('B', 'mn')} = \sum_{{i,j}} {D('C', 'ij')} A_{{2i+m,2j+n}}",
    rf"{D('A', 'mn')} = \sum_{{i,j}} {D('C', 'ij')} B_{{m-2i,n-2j}}",
]
PADDED = [
    r"C_{ij} = \sum_{m,n} A_{i+m-2,j+n-2} B_{mn}",
    rf"{D('B', 'mn')} = \sum_{{i,j}} {D('C', 'ij')} A_{{i+m-2,j+n-2}}",
    rf"{D('A', 'mn')} = \sum_{{i,j}} {D('C', 'ij')} B_{{m-i+2,n-j+2}}",
]
LETTERED = [
    r"Z_{i,j} = \sum_{m=0}^{R-1}\sum_{n=0}^{S-1} V_{si+m,sj+n} K_{m,n} + b",
    rf"{D('K', 'm,n')} = \sum_{{i,j}} {D('Z', 'i,j')} V_{{si+m,sj+n}}",
    rf"{D('V', 'm,n')} = \sum_{{i,j}} {D('Z', 'i,j')} K_{{m-si,n-sj}}",
]
TURNED = [
    r"S_{i,j} = \sum_{m,n} I_{i-m,j-n} K_{m,n}",
    rf"{D('K', 'm,n')} = \sum_{{i,j}} {D('S', 'i,j')} I_{{i-m,j-n}}",
    rf"{D('I', 'm,n')} = \sum_{{i,j}} {D('S', 'i,j')} K_{{i-m,j-n}}",
]
FROM_ONE = [
    r"S_{i,j} = \sum_{m,n} I_{i+m-1,j+n-1} K_{m,n}",
    rf"{D('K', 'm,n')} = \sum_{{i,j}} {D('S', 'i,j')} I_{{i+m-1,j+n-1}}",
    rf"{D('I', 'm,n')} = \sum_{{i,j}} {D('S', 'i,j')} K_{{m-i+1,n-j+1}}",
]
LAYERS = [
    r"x^{l}_{i,j} = \sum_{m,n} w^{l}_{m,n} o^{l-1}_{i+m,j+n} + b^{l}",
    rf"{D('w^{l}', 'm,n')} = \sum_{{i,j}} {D('x^{l}', 'i,j')} o^{{l-1}}_{{i+m,j+n}}",
    rf"{D('o^{l-1}', 'm,n')} = \sum_{{i,j}} {D('x^{l}', 'i,j')} w^{{l}}_{{m-i,n-j}}",
]
OWN = [
    r"Z_{i,j} = \sum_{m,n} V_{i+m,j+n} K_{m,n}",
    rf"{D('K', 'm,n')} = \sum_{{i,j}} G_{{i,j}} V_{{i+m,j+n}}",
    rf"{D('V', 'm,n')} = \sum_{{i,j}} G_{{i,j}} K_{{m-i,n-j}}",
]
STRIDED_FROM_ONE = [
    r"z_t = \sum_{k=1}^{R} a_{3t+k-3} c_k",
    r"\frac{\partial L}{\partial c_k} = \sum_{t=1}^{P} \frac{\partial L}{\partial z_t} a_{3t+k-3}",
    r"\frac{\partial L}{\partial a_m} = \sum_{t=1}^{P} \frac{\partial L}{\partial z_t} c_{m-3t+3}",
]
PRIMED = [
    r"x_{i,j}^{l} = \sum_{m}\sum_{n} w_{m,n}^{l} o_{i+m,j+n}^{l-1} + b^{l}",
    D("w^{l}", "m',n'") + r" = \sum_{i=0}^{H-k_1}\sum_{j=0}^{W-k_2} "
    + D("x^{l}", "i,j") + r" o^{l-1}_{i+m',j+n'}",
    D("o^{l-1}", "i',j'") + r" = \sum_{m,n} " + D("x^{l}", "i'-m,j'-n") + r" w^{l}_{m,n}",
]  # fmt: skip
ONE_AXIS = [
    r"z_t = \sum_k a_{t+k} c_k",
    r"\frac{\partial L}{\partial c_k} = \sum_t \frac{\partial L}{\partial z_t} a_{t+k}",
    r"\frac{\partial L}{\partial a_m} = \sum_t \frac{\partial L}{\partial z_t} c_{m-t}",
]
DOCUMENTS = {
    "plain": PLAIN, "strided": STRIDED, "padded": PADDED, "lettered": LETTERED,
    "turned": TURNED, "from one": FROM_ONE, "layers": LAYERS, "own gradient": OWN,
    "one axis": ONE_AXIS, "strided from one": STRIDED_FROM_ONE,
    "primed": PRIMED,
}  # fmt: skip


def report(lines, given=None, before=""):
    text = before + "\n\n".join(f"$$ {line} $$" for line in lines) + "\n"
    return check(Document("notes", "markdown", text), hints(given or {}))


def verdicts(lines, given=None, before=""):
    return [j.verdict for j in report(lines, given, before).judgements]


def reasons(lines, given=None, before=""):
    return [j.reason for j in report(lines, given, before).judgements]


@pytest.mark.parametrize("lines", DOCUMENTS.values(), ids=DOCUMENTS)
def test_formulas_that_show_their_own_notation_agree(lines):
    assert verdicts(lines) == ["agree"] * 3


def mutants(line: str):
    """Yield a line with one sign, letter, number or name changed."""
    left, right = line.split(" = ", 1)
    for found in re.finditer(r"(?<=[a-z0-9])[+-](?=[a-z0-9])", right):
        sign = "-" if found.group() == "+" else "+"
        yield f"{left} = {right[: found.start()]}{sign}{right[found.end() :]}"
    for found in re.finditer(r"_\{?([a-z0-9+-]+,?[a-z0-9+-]*)\}?(?= |$)", right):
        index = found.group(1)
        for k, letter in enumerate(index):
            for other in {"m": "n", "n": "m", "i": "j", "j": "i", "k": "t", "t": "k", "2": "3",
                          "1": "2"}.get(letter, ""):  # fmt: skip
                start = found.start(1) + k
                yield f"{left} = {right[:start]}{other}{right[start + 1 :]}"
    for found in re.finditer(r"(?<![a-z\\{])[A-Zac](?=_|\^)", right):
        yield f"{left} = {right[: found.start()]}Q{right[found.end() :]}"
    if "-1}^" in right or "R-1" in right:
        yield f"{left} = {right.replace('R-1', 'R', 1)}"
        yield f"{left} = {right.replace('R-1', 'R-2', 1)}"


@pytest.mark.parametrize("lines", DOCUMENTS.values(), ids=DOCUMENTS)
def test_no_mutant_agrees_and_no_right_formula_is_called_wrong(lines):
    for k, line in enumerate(lines):
        for mutant in sorted({*mutants(line)} - {line})[::2]:
            found = verdicts([*lines[:k], mutant, *lines[k + 1 :]])
            assert found[k] != "agree", mutant
            assert "wrong" not in found[:k] + found[k + 1 :], mutant


@pytest.mark.parametrize("lines", [PLAIN, STRIDED, FROM_ONE, ONE_AXIS])
def test_the_output_is_no_name_of_its_own_gradient(lines):
    output = lines[0][:1]
    for k in (1, 2):
        derivative = re.search(rf"\\frac{{\\partial L}}{{\\partial ({output}_.*?)}}(?= )", lines[k])
        mutant = lines[k].replace(derivative[0], derivative[1])
        assert verdicts([*lines[:k], mutant, *lines[k + 1 :]])[k] != "agree"


ALONE = [
    (r"Z_{i,j} = \sum_{m,n} V_{2i+m,2j+n} K_{m,n}", "--stride 2", {"stride": "2"}),
    (r"Z_{i,j} = \sum_{m,n} V_{2i+m,3j+n} K_{m,n}", "--stride 2x3", {"stride": "2x3"}),
    (r"y_{i,j} = \sum_{m,n} x_{i-m,j-n} f_{m,n}", "--forward convolution",
     {"forward": "convolution"}),
    (r"y_{i,j} = \sum_{m,n} x_{i+R-1-m,j+S-1-n} f_{m,n}", "--forward convolution",
     {"forward": "convolution"}),
    (r"y_{i,j} = \sum_{m,n} x_{i+2m-1,j+2n-1} f_{m,n}", "--padding 1, --dilation 2",
     {"padding": "1", "dilation": "2"}),
    (r"y_{i,j} = \sum_{m=0}^{2}\sum_{n=0}^2 x_{i+m,j+n} f_{m,n}", "--filter 3x3",
     {"filter": "3x3"}),
    (rf"{D('x', 'm,n')} = \sum_{{i,j}} {D('y', 'i,j')} f_{{m-2i+1,n-2j+1}}",
     "--stride 2, --padding 1", {"stride": "2", "padding": "1"}),
    (r"K_{i,j} = \sum_{m,n} x_{i+m,j+n} V_{m,n}", "--names", {"names": "x,V,K"}),
    (r"Z = V * K", "--names", {"names": "V,K,Z"}),
    (rf"{D('w', 'ab')} = \sum_{{ij}} {D('x', 'ij')} y_{{i+a, j+b}}", "--names",
     {"names": "y,w,x"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "option", "given"), ALONE)
def test_a_reason_says_which_hint_settles_it(line, option, given):
    (found,) = report([line]).judgements
    assert found.verdict == "not-judged"
    assert found.reason.endswith(f"say {option}")
    assert verdicts([line], given) == ["agree"]
    comment = " ".join(f"{k}={v}" for k, v in given.items())
    assert verdicts([line], before=f"<!-- symconv: {comment} -->\n\n") == ["agree"]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"stride": "2"}, r"Z_{i,j} = \sum_{m,n} V_{i+m,j+n} K_{m,n}"),
        ({"stride": "2"}, r"Z_{i,j} = \sum_{m,n} V_{2i+m,j+n} K_{m,n}"),
        ({"padding": "1"}, r"Z_{i,j} = \sum_{m,n} V_{i+m+1,j+n+1} K_{m,n}"),
        ({"forward": "correlation"}, r"Z_{i,j} = \sum_{m,n} V_{i-m,j-n} K_{m,n}"),
        ({"filter": "3x3"}, r"y_{i,j} = \sum_{m=0}^{2}\sum_{n=0}^3 x_{i+m,j+n} f_{m,n}"),
        ({"filter": "3x3"}, r"y_{i,j} = \sum_{m=0}^{1}\sum_{n=0}^2 x_{i+m,j+n} f_{m,n}"),
        ({"names": "K,V,Z"}, r"Z_{i,j} = \sum_{m,n} V_{i+m,j+n} K_{m,n}"),
        ({"names": "V,K,Z"}, r"Z = V * Q"),
        ({"index-base": "1"}, r"Z_{i,j} = \sum_{m,n} V_{i+m,j+n} K_{m,n}"),
    ],
)
def test_what_a_hint_denies_does_not_agree(given, line):
    assert "agree" not in verdicts([line], given)


def test_the_output_stands_for_its_gradient_nowhere():
    reason = "Y is the output by its name, not its gradient; write dL/dY, or say --names"
    wrt_input = r"$$ \frac{\partial L}{\partial X_{mn}} = \sum_{i,j} G_{ij} F_{m-i, n-j} $$"
    wrt_filter = r"$$ \frac{\partial L}{\partial F_{rs}} = \sum_{i,j} G_{ij} X_{i+r, j+s} $$"
    for text in (wrt_input, wrt_filter, f"{wrt_input}\n\n{wrt_filter}"):
        own = check(Document("notes", "markdown", text + "\n")).judgements
        assert {j.verdict for j in own} == {"agree"}
        slip = check(Document("notes", "markdown", text.replace("G", "Y") + "\n")).judgements
        assert {(j.verdict, j.reason) for j in slip} == {("not-judged", reason)}


@pytest.mark.parametrize(
    ("formula", "slips"),
    [
        (rf"{D('x', 'm,n')} = \sum_{{r,s}} \delta_{{m-r,n-s}} f_{{r,s}}",
         [("m-r", "m+r"), ("f_{r,s}", "f_{s,r}")]),
        (rf"{D('x', 'm')} = \sum_{{r=0}}^{{R-1}} z_{{m-r}} w_r",
         [("m-r", "m-r-1"), ("R-1", "R-2")]),
        (rf"{D('a', 'm')} = \sum_r {D('z', 'm-r')} k_r", [("{m-r}", "{m+r}"), ("k_r", "k_{r+1}")]),
    ],
)  # fmt: skip
def test_the_gradient_may_slide_over_the_filter(formula, slips):
    assert verdicts([formula]) == ["agree"]
    for old, new in slips:
        assert old in formula
        assert verdicts([formula.replace(old, new, 1)]) != ["agree"]


def test_two_readings_are_named():
    forward, gradient = STRIDED[0], PADDED[1].replace("-2", "")
    assert verdicts([forward, gradient]) == ["agree", "wrong"]
    assert verdicts([forward, gradient], {"stride": "2"}) == ["agree", "wrong"]
    turned = [r"C_{ij} = \sum_{m,n} A_{i+m,j+n} B_{mn}",
              rf"{D('B', 'mn')} = \sum_{{i,j}} {D('Q', 'ij')} A_{{i+m,j+n}}"]  # fmt: skip
    reason = "two readings fit: C or Q is the output; say --names"
    assert reasons(turned) == [reason] * 2
    assert verdicts(turned, {"names": "A,B,C"}) == ["agree", "not-judged"]


EXAMPLE = (
    "$$ y_0 = x_0 f_0 + x_1 f_1 + x_2 f_2 $$\n\n$$ y_1 = x_2 f_0 + x_3 f_1 + x_4 f_2 $$\n\n"
    "$$ y_2 = x_4 f_0 + x_5 f_1 + x_6 f_2 $$\n\n"
)


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"z_t = \sum_k a_{2t+k} c_k", "agree"),
        (r"z_t = \sum_k a_{t+k} c_k", "not-judged"),
        (r"z_t = \sum_k a_{2t-k} c_k", "not-judged"),
        (r"Y_t = \sum_k X_{2t+k} F_k", "agree"),
        (r"Y_t = \sum_k X_{t+2k} F_k", "not-judged"),
        (r"y_t = \sum_k x_{2t+k} q_k", "not-judged"),
    ],
)
def test_formulas_in_other_letters_are_held_to_the_example(line, verdict):
    assert verdicts([line], before=EXAMPLE)[-1] == verdict


def test_a_comment_reaches_formulas_behind_an_example():
    line = r"Z_{i,j} = \sum_{m,n} V_{3i+m,3j+n} K_{m,n}"
    comment = "<!-- symconv: stride=3 names=V,K,Z -->\n\n"
    assert verdicts([line], before=EXAMPLE + comment)[-1] == "agree"
    assert verdicts([line], before=EXAMPLE)[-1] == "not-judged"
    wrong = line.replace("3j+n", "3j-n")
    assert verdicts([wrong], before=EXAMPLE + comment)[-1] == "wrong"


@pytest.mark.parametrize("name", [r"\delta", "g"])
def test_a_gradient_that_slides_over_the_filter_does_not_tell_them_apart(name):
    forward = r"y_{ij} = \sum_{m,n} x_{i+m,j+n} w_{mn}"
    back = rf"\frac{{\partial L}}{{\partial x_{{ij}}}} = \sum_{{m,n}} {name}_{{i-m,j-n}} w_{{mn}}"
    assert verdicts([forward, back]) == ["agree", "agree"]
    assert verdicts([forward.replace("j+n", "j+m"), back])[0] == "wrong"
    assert verdicts([forward, back.replace("j-n", "j+n")])[1] != "agree"


def test_the_chain_rule_over_the_filter_is_held_to_the_stride_beside_it():
    forward = r"y_{ij} = \sum_{m,n} x_{i+m,j+n} w_{mn}"
    local = r"\frac{\partial y_{i-m,j-n}}{\partial x_{ij}}"
    right = rf"{D('x', 'ij')} = \sum_{{m,n=0}}^{{K-1}} {D('y', 'i-m,j-n')} {local}"
    assert verdicts([forward, right]) == ["agree", "agree"]
    for old, new in (("i-m", "i+m"), ("j-n", "j+n"), ("K-1", "K-2")):
        assert verdicts([forward, right.replace(old, new)])[1] != "agree"
    strided = [r"y_{ij} = \sum_{m,n} x_{2i+m,2j+n} w_{mn}",
               rf"{D('w', 'mn')} = \sum_{{i,j}} {D('y', 'ij')} x_{{2i+m,2j+n}}"]  # fmt: skip
    assert verdicts([*strided, right])[2] != "agree"

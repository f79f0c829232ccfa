r"""Gradients in letters under the hypothesis of their forward formula, in any letters."""

from __future__ import annotations

from itertools import islice

import pytest

from benchmarks.formulas import Outcome, cases, judged
from symconv.documents.check import check
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import Document


def judgements(*lines: str, **given: str):
    text = "\n\n".join(line if "$" in line else f"$${line}$$" for line in lines) + "\n"
    options = {name.replace("_", "-"): value for name, value in given.items()}
    return check(Document("notes", "markdown", text), hints(options)).judgements


def D(name: str, below: str = "") -> str:
    return rf"\frac{{\partial J}}{{\partial {name}{below and f'_{{{below}}}'}}}"


STRIDED = r"v_{k,l} = \sum_{i}\sum_{j} h_{qk+i,ql+j}\, e_{i,j}"
DILATED = r"v_k = \sum_{i=0}^{T-1} h_{k+3i}\, e_i"
FROM_ONE = r"v_{k,l} = \sum_{i=1}^{T}\sum_{j=1}^{T} h_{k+i-1,l+j-1}\, e_{i,j}"
CENTRED = r"v_k = \sum_{i=-B}^{B} h_{k+i}\, e_{i+B}"
CHANNELS = r"v_{c,k} = \sum_{a}\sum_{i} h_{a,qk+i}\, e_{c,a,i}"
LAYERED = r"v^{l}_{k} = \sum_{i=0}^{T^l-1} e^{l}_{i}\, h^{l-1}_{Zk+i}"

CASES = {
    "stride forgotten": (
        STRIDED,
        rf"{D('e', 'i,j')} = \sum_k\sum_l {D('v', 'k,l')}\, h_{{qk+i,ql+j}}",
        rf"{D('e', 'i,j')} = \sum_k\sum_l {D('v', 'k,l')}\, h_{{k+i,l+j}}",
        "qk+i,ql+j",
    ),
    "stride forgotten in the filter": (
        STRIDED,
        rf"{D('h', 'a,b')} = \sum_k\sum_l {D('v', 'k,l')}\, e_{{a-qk,b-ql}}",
        rf"{D('h', 'a,b')} = \sum_k\sum_l {D('v', 'k,l')}\, e_{{a-k,b-ql}}",
        "a-qk,b-ql",
    ),
    "one index twice": (
        STRIDED,
        rf"{D('e', 'i,j')} = \sum_{{k,l}} {D('v', 'k,l')}\, h_{{qk+i,ql+j}}",
        rf"{D('e', 'i,j')} = \sum_{{k,l}} {D('v', 'k,l')}\, h_{{qk+i,qk+j}}",
        "qk+i,ql+j",
    ),
    "dilation in numbers": (
        DILATED,
        rf"{D('h', 'a')} = \sum_i {D('v', 'a-3i')}\, e_i",
        rf"{D('h', 'a')} = \sum_i {D('v', 'a-i')}\, e_i",
        "a-3i",
    ),
    "another base": (
        FROM_ONE,
        rf"{D('e', 'i,j')} = \sum_k\sum_l {D('v', 'k,l')}\, h_{{k+i-1,l+j-1}}",
        rf"{D('e', 'i,j')} = \sum_k\sum_l {D('v', 'k,l')}\, h_{{k+i,l+j}}",
        "k+i-1,l+j-1",
    ),
    "centred": (
        CENTRED,
        rf"{D('e', 'i')} = \sum_{{k=0}}^{{U-1}} {D('v', 'k')}\, h_{{k+i-B}}",
        rf"{D('e', 'i')} = \sum_{{k=0}}^{{U-1}} {D('v', 'k')}\, h_{{k+i+B}}",
        "k+i-B",
    ),
    "channels": (
        CHANNELS,
        rf"{D('h', 'a,m')} = \sum_c\sum_k {D('v', 'c,k')}\, e_{{c,a,m-qk}}",
        rf"{D('h', 'a,m')} = \sum_c\sum_k {D('v', 'c,k')}\, e_{{a,c,m-qk}}",
        "c,a,m-qk",
    ),
    "layers": (
        LAYERED,
        rf"{D('e^l', 'i')} = \sum_{{k=0}}^{{U^l-1}} {D('v^l', 'k')}\, h^{{l-1}}_{{Zk+i}}",
        rf"{D('e^l', 'i')} = \sum_{{k=0}}^{{U^l-1}} {D('v^l', 'k')}\, h^{{l-1}}_{{k+Zi}}",
        "Zk+i",
    ),
    "errors that pass an activation": (
        r"v^{l}_{k} = \sum_{i} e^{l}_{i}\, h^{l-1}_{k+i}",
        r"\delta^{l}_{k} = \sum_{i} \delta^{l+1}_{k-i}\, e^{l+1}_{i}\, f'(v^{l}_{k})",
        r"\delta^{l}_{k} = \sum_{i} \delta^{l+1}_{k+i}\, e^{l+1}_{i}\, f'(v^{l}_{k})",
        "k-i",
    ),
}


SPELLINGS = {
    "a delta": (
        r"z^{l}_{a,b} = \sum_{r,t} c^{l}_{r,t} o^{l-1}_{a+r,b+t}",
        r"\delta^{l}_{a,b} = \sum_{r,t} \delta^{l+1}_{a+r,b+t} c^{l+1}_{r,t} f'(z^{l}_{a,b})",
        r"\delta^{l+1}_{a-r,b-t}",
    ),
    "brackets": (
        STRIDED,
        r"\frac{\partial J}{\partial h[a,b]}"
        r" = \sum_{k,l} \frac{\partial J}{\partial v[k,l]} e[a-k,b-ql]",
        "e[a-qk,b-ql]",
    ),
    "a tensor of its own": (
        STRIDED,
        r"\mathrm{d}e_{i,j} = \sum_{k,l} \mathrm{d}v_{k,l}\, \mathbf{h}_{k+i,ql+j}",
        r"\mathbf{h}_{qk+i,ql+j}",
    ),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_what_to_write_is_said_as_the_document_spells_it(spelling):
    forward, wrong, fix = SPELLINGS[spelling]
    _, found = judgements(forward, wrong)
    assert (found.verdict, [each.fix for each in found.findings]) == ("wrong", [fix])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_gradient_is_held_to_the_forward_formula_and_mended(case):
    ahead, right, slip, mend = case
    assert judgements(ahead, right)[-1].verdict == "agree"
    found = judgements(ahead, slip)[-1]
    assert found.verdict == "wrong"
    assert found.edits[0].text == mend
    assert "belongs to" in found.findings[0].message


NUMBERED = r"V_{k,l} = \sum_{i=0}^{T-1}\sum_{j=0}^{T-1} H_{2k+i-1,2l+j-1}\, E_{i,j}"
ONE_AXIS = r"V_k = \sum_{i=0}^{T-1} H_{k+zi}\, E_i"
OPERATORS = {
    "padding": (
        NUMBERED,
        rf"{D('E')} = \text{{conv}}(\text{{pad}}(H, 1), \text{{dilate}}({D('V')}, 2))",
        rf"{D('E')} = \text{{conv}}(H, \text{{dilate}}({D('V')}, 2))",
        "where the stride divides H + 2p - R",
    ),
    "stride": (
        NUMBERED,
        rf"{D('H')} = \text{{conv}}(\text{{pad}}(\text{{dilate}}({D('V')}, 2), T-2),"
        r" \text{rot180}(E))",
        rf"{D('H')} = \text{{conv}}(\text{{pad}}({D('V')}, T-2), \text{{rot180}}(E))",
        "where the stride divides H + 2p - R",
    ),
    "dilation": (
        ONE_AXIS,
        rf"{D('E')} = \text{{corr}}(H, {D('V')}, stride=z)",
        rf"{D('E')} = \text{{corr}}(H, {D('V')})",
        "",
    ),
    "the filter turned": (
        ONE_AXIS,
        rf"{D('H')} = \text{{corr}}(\text{{pad}}({D('V')}, z(T-1)),"
        r" \text{rot180}(\text{dilate}(E, z)))",
        rf"{D('H')} = \text{{corr}}(\text{{pad}}({D('V')}, z(T-1)), \text{{dilate}}(E, z))",
        "",
    ),
    "a scatter": (
        ONE_AXIS.replace("k+zi", "zk+i"),
        rf"{D('H')} = \text{{conv\_transpose}}({D('V')}, E, stride=z)",
        rf"{D('H')} = \text{{conv\_transpose}}({D('V')}, E)",
        "where the stride divides H - R",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OPERATORS.values(), ids=OPERATORS)
def test_operators_are_held_to_the_forward_formula(case):
    ahead, right, slip, scope = case
    found = judgements(ahead, right)[-1]
    assert (found.verdict, found.scope) == ("agree", scope)
    found = judgements(ahead, slip)[-1]
    assert found.verdict == "wrong"
    assert "belongs to" in found.findings[0].message or "come out" in found.findings[0].message


UNBOUND = {
    "not summed": rf"{D('h', 'a,m')} = \sum_k {D('v', 'c,k')}\, e_{{c,a,m-qk}}",
    "on the left": rf"{D('h', 'a,m')} = \sum_{{a,c,k}} {D('v', 'c,k')}\, e_{{c,a,m-qk}}",
    "summed twice": rf"{D('h', 'a,m')} = \sum_c\sum_c\sum_k {D('v', 'c,k')}\, e_{{c,a,m-qk}}",
}  # fmt: skip


@pytest.mark.parametrize("slip", UNBOUND.values(), ids=UNBOUND)
def test_a_letter_that_is_not_bound_once_is_wrong(slip):
    assert judgements(CHANNELS, slip)[-1].verdict == "wrong"


def test_a_gradient_for_one_sample_of_a_batch_is_not_wrong():
    ahead = r"v_{n,k} = \sum_{i} h_{n,k+i}\, e_{i}"
    one = rf"{D('e', 'i')} = \sum_k {D('v', 'n,k')}\, h_{{n,k+i}}"
    assert judgements(ahead, one)[-1].verdict == "not-judged"
    assert judgements(ahead, one.replace(r"\sum_k", r"\sum_{n,k}"))[-1].verdict == "agree"


def test_a_hint_is_a_number_for_a_letter_of_the_forward_formula():
    ahead, right, slip, _ = CASES["stride forgotten"]
    assert judgements(ahead, right, stride="2")[-1].verdict == "agree"
    assert judgements(ahead, slip, stride="2")[-1].verdict == "wrong"
    assert judgements(ahead, slip, stride="1")[-1].verdict != "wrong"


@pytest.mark.parametrize("number", ["2", "3"])
def test_a_number_for_a_letter_is_a_special_case_and_not_wrong(number):
    ahead, right, *_ = CASES["stride forgotten"]
    special = right.replace("q", number)
    assert judgements(ahead, special)[-1].verdict == "not-judged"
    assert judgements(ahead, special, stride=number)[-1].verdict == "agree"
    assert judgements(ahead, special.replace("+i", "-i"))[-1].verdict == "wrong"
    call = rf"{D('E')} = \text{{conv}}(H, \text{{dilate}}({D('V')}, {number}))"
    forward = r"V_k = \sum_{i=0}^{T-1} H_{qk+i}\, E_i"
    assert judgements(forward, call)[-1].verdict == "not-judged"


def test_a_corpus_of_gradients_and_their_mutants():
    found = [(case, *judged(case.text)) for case in islice(cases(), 3, None, 53)]
    for case, first, last in found:
        assert first is not Outcome.WRONG, case.text
        assert last is not (Outcome.WRONG if case.right else Outcome.AGREE), case.text
    told = [last is not Outcome.SILENT for _, _, last in found]
    assert sum(told) >= 0.9 * len(told)


DOCUMENTS = {
    "names from a sign": (
        r"Put $V = H \star E$ and $\delta = \partial J/\partial V$.",
        rf"{D('E', 'i,j')} = \sum_{{k,l}} \delta_{{k,l}}\, H_{{k+i,l+j}}",
        rf"{D('E')} = H \star \delta",
        ["agree", "agree", "agree"],
    ),
    "names from a sign, a slip": (
        r"Put $V = H \star E$ and $\delta = \partial J/\partial V$.",
        rf"{D('E', 'i,j')} = \sum_{{k,l}} \delta_{{k,l}}\, H_{{k+i,l+j}}",
        rf"{D('E')} = \text{{rot180}}(H) \star \delta",
        ["agree", "agree", "not-judged"],
    ),
    "a gradient's name with its tensor": (
        r"V(k,l) = \sum_{i=0}^{T-1}\sum_{j=0}^{T-1} H(k+i,l+j)\, E(i,j)",
        rf"With $\delta_V = {D('V')}$:",
        rf"{D('E')}(i,j) = \sum_{{k,l}} \delta_V(k,l)\, H(k+i,l+j)",
        ["agree", "agree"],
    ),
    "Delta for the gradient": (
        "V = H * E",
        r"\Delta H = \Delta V * \text{rot180}(E)",
        r"\Delta E = H * \Delta V",
        ["agree", "agree", "agree"],
    ),
    "two gradients without a forward formula": (
        rf"{D('E')} = H * {D('V')}",
        rf"{D('H')} = {D('V')} * E_{{\text{{rot180}}}}",
        ["agree", "agree"],
    ),
    "two gradients, one a slip": (
        rf"{D('E')} = H * {D('V')}",
        rf"{D('H')} = {D('V')} * H_{{\text{{rot180}}}}",
        ["not-judged", "not-judged"],
    ),
    "a scatter alone": (
        rf"{D('H')} = \text{{conv\_transpose}}({D('V')}, E, \text{{stride}}=s)",
        ["agree"],
    ),
    "counted from one without limits": (
        r"v_{k,l} = \sum_i\sum_j h_{k+i-1,l+j-1}\, e_{i,j}",
        ["agree"],
    ),
    "any letter counts the filter": (
        r"v_k = \sum_{i=0}^{U-1} e_i\, h_{k+i}",
        rf"{D('e', 'i')} = \sum_k {D('v', 'k')}\, h_{{k+i}}",
        ["agree", "agree"],
    ),
    "a centred filter": (CENTRED, CASES["centred"][1], ["agree", "agree"]),
    "a stride in numbers": (
        r"v_k = \sum_i h_{3k+i}\, e_i",
        rf"{D('h', 'a')} = \sum_k {D('v', 'k')}\, e_{{a-k}}",
        ["agree", "wrong"],
    ),
    "transposed": (
        "The transposed convolution:",
        r"v_m = \sum_k h_k\, e_{m-sk}",
        rf"{D('h', 'k')} = \sum_i {D('v', 'sk+i')}\, e_i",
        rf"{D('h', 'k')} = \sum_i {D('v', 'k+i')}\, e_i",
        ["agree", "agree", "wrong"],
    ),
}


@pytest.mark.parametrize("case", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_is_judged_without_hints(case):
    *lines, expected = case
    words = [line for line in lines if line.endswith(":")]
    text = [line if line not in words or "$" in line else f"{line} $ $" for line in lines]
    assert [j.verdict for j in judgements(*text)] == expected


LAYER_MARKS = [
    ("l", "l-1"),
    ("(l)", "(l-1)"),
    ("[l]", "[l-1]"),
    ("[2]", "[1]"),
    (r"\ell", r"\ell-1"),
]


@pytest.mark.parametrize(("here", "below"), LAYER_MARKS)
@pytest.mark.parametrize("forward", ["W^{@} * A^{#} + b^{@}", "A^{#} * W^{@} + b^{@}"])
def test_layers_with_a_bias_are_judged_whichever_tensor_comes_first(here, below, forward):
    def written(text):
        return text.replace("@", here).replace("#", below)

    found = judgements(
        written("Z^{@} = " + forward),
        written("dW^{@} = A^{#} * dZ^{@}"),
        written(r"dA^{#} = dZ^{@} *_{full} \mathrm{rot}_{180}(W^{@})"),
        written(r"db^{@} = \sum_{i,j} dZ^{@}_{ij}"),
        written("dA^{#} = dZ^{@} *_{full} W^{@}"),
    )
    assert [each.verdict for each in found[:4]] == ["agree"] * 4
    assert found[4].reason.startswith("right only if * means convolution")


CONVOLVED = {
    "signs": (r"C = A * B", r"dB = \text{rot180}(A) * dC", r"dA = dC *_{full} \text{rot180}(B)"),
    "words": (
        r"C = \text{conv}(A, B)",
        r"\nabla B = \text{conv}(\text{rot180}(A), \nabla C)",
        r"\nabla A = \text{full\_conv}(\nabla C, \text{rot180}(B))",
    ),
}


@pytest.mark.parametrize("lines", CONVOLVED.values(), ids=CONVOLVED)
def test_a_sign_means_the_convolution_where_gradients_are_right_with_it(lines):
    """As in conv2 of MATLAB: the gradient of the filter slides over the rotated input."""
    forward, of_filter, of_input = judgements(*lines)
    assert {each.verdict for each in (forward, of_filter, of_input)} == {"agree"}
    assert forward.note == of_filter.note == "as convolution"
    mutant = lines[1].replace(r"\text{rot180}(A)", "A")
    assert judgements(lines[0], lines[1], mutant, lines[1], lines[2])[2].verdict != "agree"


def test_a_gradient_alone_is_not_wrong_where_a_flipped_filter_makes_it_right():
    alone = rf"{D('W')} = \text{{conv}}(\text{{rot180}}(X), {D('Y')})"
    assert judgements(alone)[0].reason.endswith("say --forward convolution")
    assert judgements(alone, forward="convolution")[0].verdict == "agree"
    assert judgements(alone, forward="correlation")[0].verdict == "wrong"
    assert judgements(rf"{D('X')} = \text{{conv}}({D('Y')}, W)")[0].verdict == "wrong"


DEEP = r"x_{i,j}^l = \sum_m \sum_n w_{m,n}^l o_{i+m,j+n}^{l-1} + b^l"
RECURSIONS = {
    "a delta": (
        rf"{D('x_{a,b}^l')} = \sum_{{m,n}} \delta_{{a-m,b-n}}^{{l+1}}"
        r" w_{m,n}^{l+1} f'(x_{a,b}^l)"
    ),
    "its own name": (
        rf"{D('x_{a,b}^l')} = \sum_{{m,n}} {D('x_{a-m,b-n}^{l+1}')}"
        r" w_{m,n}^{l+1} f'(x_{a,b}^l)"
    ),
    "the activation first": (
        rf"{D('x_{a,b}^{l-1}')} = f'(x_{{a,b}}^{{l-1}})"
        rf" \sum_{{m,n}} {D('x_{a-m,b-n}^l')} w_{{m,n}}^l"
    ),
}


@pytest.mark.parametrize("line", RECURSIONS.values(), ids=RECURSIONS)
def test_the_gradient_of_a_layer_is_made_of_that_of_the_next(line):
    forward, found = judgements(DEEP, line)
    assert (forward.verdict, found.verdict) == ("agree", "agree")
    assert "activation" in found.scope
    assert judgements(DEEP, line.replace("a-m", "a+m"))[1].verdict == "wrong"


def test_a_layer_of_another_filter_is_not_right():
    line = RECURSIONS["a delta"].replace("w_{m,n}^{l+1}", "w_{m,n}^{l}")
    assert judgements(DEEP, line)[1].verdict != "agree"


def test_an_activation_at_another_tensor_is_none_of_this_gradient():
    line = rf"{D('o_{a,b}^{l-1}')} = \sum_{{m,n}} \delta_{{a-m,b-n}}^l w_{{m,n}}^l"
    assert judgements(DEEP, line)[1].verdict == "agree"
    assert judgements(DEEP, line + r" f'(x_{a,b}^{l-1})")[1].verdict != "agree"


def test_indices_side_by_side_are_read():
    forward = r"y_{nkpq} = \sum_{crs} x_{nc(up+r)(vq+s)} w_{kcrs}"
    right = rf"{D('w_{kcrs}')} = \sum_{{npq}} {D('y_{nkpq}')} x_{{nc(up+r)(vq+s)}}"
    assert [each.verdict for each in judgements(forward, right)] == ["agree", "agree"]
    assert judgements(forward, right.replace("(up+r)", "(p+r)"))[1].verdict == "wrong"


def test_a_filter_that_stands_first_is_no_input():
    forward = r"z_{k,i,j} = \sum_{u=1}^{F}\sum_{v=1}^{F} w_{k,u,v} a_{s(i-1)+u-p,s(j-1)+v-p}"
    wrong = rf"{D('w_{k,u,v}')} = \sum_{{i,j}} {D('z_{k,i,j}')} a_{{s(i-1)+u,s(j-1)+v}}"
    (finding,) = judgements(forward, wrong)[1].findings
    assert "the forward formula here is with padding p;" in finding.message


BATCH = r"v_{n,k} = \sum_{i} h_{n,k+i} e_{i}"
OF_FILTER = rf"\sum_{{n,k}} {D('v', 'n,k')} h_{{n,k+i}}"


@pytest.mark.parametrize("before", ["-", "2", "-2 ", r"\frac{1}{2}", r"-\frac{2}{3} "])
def test_a_number_before_a_right_sum_is_wrong_and_taken_away(before):
    (finding,) = judgements(BATCH, f"{D('e', 'i')} = {before}{OF_FILTER}")[1].findings
    assert (finding.code, finding.fix) == ("SC205", OF_FILTER)
    both = OF_FILTER.replace("k+i", "k-i")
    (finding,) = judgements(BATCH, f"{D('e', 'i')} = {before}{both}")[1].findings
    assert (finding.code, finding.fix) == ("SC220", "")  # one edit does not mend it


@pytest.mark.parametrize(
    "line",
    [
        rf"{D('e', 'i')} = -\sum_{{n,k}} \delta_{{n,k}} h_{{n,k+i}}",
        rf"\Delta e_{{i}} = -{OF_FILTER}",
        rf"{D('e', 'i')} = \frac{{1}}{{N}} {OF_FILTER}",
        rf"\frac{{\partial Q}}{{\partial e_i}} = -{OF_FILTER}",
    ],
)
def test_a_factor_that_may_belong_to_another_loss_is_not_judged(line):
    assert judgements(BATCH, line)[1].verdict == "not-judged"


@pytest.mark.parametrize("stride", ["2", "3", "s"])
def test_operators_that_forget_the_stride_are_wrong(stride):
    forward = rf"Y = \text{{conv}}(X, W, \text{{stride}}={stride})"
    filter_ = rf"{D('W')} = \text{{conv}}(X, \text{{dilate}}({D('Y')}, {stride}))"
    input_ = (
        rf"{D('X')} = \text{{conv}}(\text{{pad}}(\text{{dilate}}({D('Y')}, {stride}), R-1),"
        r" \text{rot180}(W))"
    )
    assert [each.verdict for each in judgements(forward, filter_, input_)] == ["agree"] * 3
    for line in (filter_, input_):
        without = line.replace(r"\text{dilate}", "").replace(f"({D('Y')}, {stride})", D("Y"))
        found = judgements(forward, without)[1]
        assert found.verdict == "wrong"
        assert f"stride {stride}" in found.findings[0].message
        assert judgements(forward, f"For stride 1: $${without}$$")[1].verdict == "not-judged"


PLAIN = r"y_{k,i,j} = \sum_{c,m,n} x_{c,qi+m,qj+n} w_{k,c,m,n}"
LOCAL = {
    "the filter": (
        r"\frac{\partial y_{k,i,j}}{\partial w_{k,c,m,n}} = x_{c,qi+m,qj+n}",
        ("x_{c,qi+m,qj+n}", "x_{c,i+m,qj+n}"),
    ),
    "the input": (
        r"\frac{\partial y_{k,i,j}}{\partial x_{c,a,b}} = w_{k,c,a-qi,b-qj}",
        ("a-qi", "qi-a"),
    ),
    "channels": (
        r"\frac{\partial y_{k,i,j}}{\partial x_{c,a,b}} = w_{k,c,a-qi,b-qj}",
        ("w_{k,c", "w_{c,k"),
    ),
}


@pytest.mark.parametrize(("line", "slip"), LOCAL.values(), ids=LOCAL)
def test_a_local_derivative_is_held_to_the_forward_formula(line, slip):
    assert judgements(PLAIN, line)[1].verdict == "agree"
    assert judgements(PLAIN, line.replace(*slip))[1].verdict == "wrong"


def test_a_slip_behind_the_chain_rule_is_found():
    forward = r"y_{ij} = \sum_{m,n} x_{i+m,j+n} w_{mn}"
    chain = (
        rf"{D('w_{mn}')} = \sum_{{i,j}} {D('y_{ij}')} \frac{{\partial y_{{ij}}}}"
        rf"{{\partial w_{{mn}}}} = \sum_{{i,j}} {D('y_{ij}')} x_{{i+m,j+n}}"
    )
    assert judgements(forward, chain)[1].verdict == "agree"
    (finding,) = judgements(forward, chain.replace("i+m", "i-m"))[1].findings
    assert (finding.code, finding.fix) == ("SC220", "x_{i+m,j+n}")


@pytest.mark.parametrize("number", ["0", "1"])
def test_the_gradient_of_one_element_is_not_called_wrong(number):
    line = rf"{D('w', number)} = \sum_i {D('y', 'i')} x_{{2i+{number}}}"
    for said in (line, line.replace("+0", "")):
        assert judgements(r"y_i = \sum_m x_{2i+m} w_m", said)[1].verdict != "wrong"


@pytest.mark.parametrize(
    ("last", "right"),
    [("N-m", True), ("Q-1", True), ("N-m+1", False), ("N-1-m", False), ("2N-m", False)],
)
def test_the_output_of_plain_windows_may_be_counted_by_the_input(last, right):
    forward = r"x_{ij} = \sum_{a=0}^{m-1}\sum_{b=0}^{m-1} \omega_{ab} y_{(i + a)(j + b)}"
    sums = rf"\sum_{{i=0}}^{{{last}}}\sum_{{j=0}}^{{{last}}}"
    omega = r"\frac{\partial J}{\partial \omega_{ab}}"
    line = rf"{omega} = {sums} {D('x_{ij}')} y_{{(i + a)(j + b)}}"
    assert (judgements(forward, line)[1].verdict == "agree") == right
    if right:
        assert judgements(forward, line.replace("(i + a)", "(i - a)"))[1].verdict == "wrong"

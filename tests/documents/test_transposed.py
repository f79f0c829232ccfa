r"""Transposed convolutions, named in words or shown by the filter's index n - sk."""

from __future__ import annotations

import random
from itertools import product

import pytest

from symconv.documents.check import check
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import Document


def verdicts(*lines: str, before: str = "", **given: str) -> list[str]:
    text = before + "\n\n" + "\n\n".join(f"$$ {line} $$" for line in lines) + "\n"
    return [j.verdict for j in check(Document("notes", "markdown", text), hints(given)).judgements]


def D(element: str) -> str:
    return rf"\frac{{\partial L}}{{\partial {element}}}"


FORWARD = [
    (r"P_{m,n} = \sum_a\sum_b G_{a,b} C_{m-sa,n-sb}", "PGC", "s", 2),
    (r"y_n = \sum_k x_k w_{n-sk}", "yxw", "s", 1),
    (r"y_n = \sum_k x_k w_{n-\sigma k}", "yxw", r"\sigma ", 1),
    (r"o_{i,j} = \sum_{m,n} a_{m,n} k_{i-um,j-un}", "oak", "u", 2),
    (r"y_n = \sum_k w_{n-qk} x_k", "yxw", "q", 1),
]


def gradients(names: str, step: str, rank: int) -> tuple[str, str]:
    """Return the gradients of input and filter, from x_{k}, w_{r} and y_{sk+r}."""
    y, x, w = names
    at = ",".join("pq"[:rank])
    inside = ",".join("kl"[:rank])
    reached = ",".join(f"{step}{a}+{b}" for a, b in zip("pq"[:rank], "kl", strict=False))
    of_input = (
        rf"{D(f'{x}_{{{at}}}')} = \sum_{{{inside}}} {D(f'{y}_{{{reached}}}')} {w}_{{{inside}}}"
    )
    of_filter = rf"{D(f'{w}_{{{inside}}}')} = \sum_{{{at}}} {x}_{{{at}}} {D(f'{y}_{{{reached}}}')}"
    return of_input, of_filter


def test_the_gradients_are_right_by_loops():
    rng = random.Random(1)
    for H, K, s in product((2, 3), (1, 2, 3), (1, 2, 3)):
        x, w = ([rng.randint(1, 9) for _ in range(n)] for n in (H, K))
        size = (H - 1) * s + K
        dy = [rng.randint(1, 9) for _ in range(size)]
        y = [sum(x[k] * w[n - s * k] for k in range(H) if 0 <= n - s * k < K) for n in range(size)]
        assert sum(y) == sum(x) * sum(w)
        dx, dw = [0] * H, [0] * K
        for n, k in product(range(size), range(H)):
            if 0 <= n - s * k < K:
                dx[k] += dy[n] * w[n - s * k]
                dw[n - s * k] += dy[n] * x[k]
        assert dx == [sum(dy[s * p + k] * w[k] for k in range(K)) for p in range(H)]
        assert dw == [sum(x[p] * dy[s * p + k] for p in range(H)) for k in range(K)]


@pytest.mark.parametrize(("forward", "names", "step", "rank"), FORWARD)
def test_a_transposed_convolution_and_its_gradients_agree(forward, names, step, rank):
    right = gradients(names, step, rank)
    assert verdicts(forward, *right) == ["agree"] * 3
    for line in right:
        for old, new in ((f"{step}p", "p"), ("+k", "-k"), ("+k", "+k+1")):
            slip = line.replace(old, new, 1)
            found = verdicts(forward, slip)
            assert found[0] == "agree"
            assert found[1] != "agree", slip
    plain = right[0].replace(f"{step}p", "p").replace(f"{step}q", "q")
    assert verdicts(forward, plain)[1] == "wrong"


@pytest.mark.parametrize("stride", [2, 3])
def test_a_stride_in_numbers_needs_a_word_or_a_hint(stride):
    line = rf"y_n = \sum_k x_k w_{{n-{stride}k}}"
    assert verdicts(line) == ["not-judged"]
    said = f"Transposed convolution, stride {stride}:"
    assert verdicts(line, before=said) == ["agree"]
    assert verdicts(line, stride=f"{stride}") == ["agree"]
    assert verdicts(line, before=said.replace(f"{stride}", "5")) == ["not-judged"]


@pytest.mark.parametrize(
    ("line", "words", "verdict"),
    [
        (r"y_n = \sum_k w_k x_{n-dk}", "", "not-judged"),  # a dilated, flipped one
        (r"P_m = \sum_a G_a C_{m-2a}", "", "not-judged"),
        (r"P_m = \sum_a G_a C_{m-2a}", "A deconvolution with stride 2:", "agree"),
        (r"Y = \text{conv}(\text{pad}(\text{dilate}(X, u), R-1), \text{rot180}(F))",
         "The transposed convolution is", "not-judged"),
        (r"Y = \text{conv}(\text{pad}(\text{dilate}(X, u), R-1), \text{rot180}(F))", "", "wrong"),
        (r"y_i = \sum_r x_{i+r} f_{r+1}", "A fractionally strided convolution", "not-judged"),
    ],
)  # fmt: skip
def test_what_may_be_another_layer_is_not_called_wrong(line, words, verdict):
    assert verdicts(line, before=words) == [verdict]


@pytest.mark.parametrize("step", ["s", "u"])
def test_the_size_of_a_convolution_does_not_agree_beside_a_transposed_one(step):
    forward = rf"Y_{{m,n}} = \sum_{{a,b}} X_{{a,b}} W_{{m-{step}a,n-{step}b}}"
    size = rf"P = \lfloor (H - R)/{step} \rfloor + 1"
    assert verdicts(forward, size) == ["agree", "not-judged"]
    assert verdicts(forward, rf"P = {step}(H - 1) + R") == ["agree", "agree"]


def test_a_size_agrees_beside_a_convolution_and_a_transposed_one():
    forward = r"Y_{m,n} = \sum_{a,b} X_{a,b} W_{m-ua,n-ub}"
    plain = r"Y_{m,n} = \sum_{a,b} X_{um+a,un+b} W_{a,b}"
    size = r"P = \lfloor (H - R)/u \rfloor + 1"
    assert verdicts(forward, plain, size) == ["agree"] * 3


def test_operators_of_a_transposed_convolution_are_not_judged():
    forward = r"Y_{m,n} = \sum_{a,b} X_{a,b} W_{m-sa,n-sb}"
    right = rf"{D('X')} = \text{{conv}}({D('Y')}, W, stride=s)"
    assert verdicts(forward, right) == ["agree", "not-judged"]


def test_local_derivatives_of_a_transposed_convolution_are_judged():
    forward = r"Y_{m,n} = \sum_{a,b} X_{a,b} W_{m-sa,n-sb}"
    local = r"\frac{\partial Y_{m,n}}{\partial X_{a,b}} = W_{m-sa,n-sb}"
    assert verdicts(forward, local) == ["agree", "agree"]
    assert verdicts(forward, local.replace("m-sa", "m-a")) == ["agree", "wrong"]

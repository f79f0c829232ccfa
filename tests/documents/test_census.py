"""Every equation is counted: what is said of a tensor, a gradient, a size is judged or listed."""

from __future__ import annotations

import json

import pytest
from documents.statement_shapes import NAMES, OTHERS, Written, documents, filled
from hypothesis import given, settings

from symconv.__main__ import main
from symconv.documents.check import check
from symconv.documents.source.text import Document

GX = r"\frac{\partial L}{\partial X}"
GY = r"\frac{\partial L}{\partial Y}"
FORWARD = "Y = X * F"


def report(*lines: str):
    text = "\n\n".join(f"$$ {line} $$" for line in lines)
    return check(Document("notes", "markdown", text + "\n"))


UNSEEN = {
    rf"\text{{unfold}}({GY}, F)": "'unfold' is no operator",
    rf"\operatorname{{unfold}}({GY}, F)": "'unfold' is no operator",
    rf"\text{{MaxUnpool2d}}({GY}, F)": "'MaxUnpool2d' is no operator",
    rf"\mathrm{{MaxUnpool2d}}({GY}, F)": "'MaxUnpool2d' is no operator",
    rf"\operatorname{{conv\_transpose}}({GY}, F, \text{{stride}}=2)": "'conv_transpose' is no",
    rf"\texttt{{conv2d\_input}}({GY}, F)": "'conv2d_input' is no operator",
    rf"\text{{col2im}}(F^T {GY})": "'col2im' is no operator",
    rf"\text{{ReLU}}({GY} * F)": "'ReLU' is no operator",
    rf"MaxUnpool2d({GY}, F)": "tensors side by side",
    rf"\text{{conv}}({GY}, F)/2": "a quotient of tensors",
    rf"\frac{{\text{{conv}}({GY}, F)}}{{2}}": "a quotient of tensors",
    rf"F^{{T}} {GY}": "a transpose is no rotation",
    rf"F^\top \cdot {GY}": "a transpose is no rotation",
    rf"{GY} F^T": "a transpose is no rotation",
    rf"F {GY}": "tensors side by side",
    rf"{GY} \frac{{\partial Y}}{{\partial X}}": "a chain rule of whole tensors",
    rf"{GY} \odot \sigma'(Y)": "an elementwise product",
    rf"F + {GY}": "a sum of whole tensors",
    rf"\begin{{bmatrix}} a & b \\ c & d \end{{bmatrix}} {GY}": "what these cells are",
    r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}": "no convolution that is known",
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}": "no convolution that is known",
    r"\text{full convolution of } F \text{ and the gradient}": "words are not read",
    r"\text{the full convolution}": "words are not read",
    rf"\mathcal{{F}}(\mathcal{{F}}({GY}) \cdot \mathcal{{F}}(F))": "tensors side by side",
    "0": "a gradient in numbers",
    "F": "that this gradient equals F is not judged",
    rf"\text{{unfold}}({GY}, F) > 0": "'unfold' is no operator",
    rf"\text{{unfold}}({GY}, F) \quad (3)": "'unfold' is no operator",
    rf"\text{{unfold}}({GY}, F), \quad \text{{where }} s = 2": "'unfold' is no operator",
    rf"\langle {GY}, F \rangle": r"'\langle' is not understood",
    rf"\tanh({GY})": r"'\tanh' is not understood",
}


@pytest.mark.parametrize("right", UNSEEN)
def test_a_gradient_of_any_shape_is_listed_with_the_reason(right):
    found = report(FORWARD, f"{GX} = {right}")
    assert found.counts == (1, 0, 1)
    (judgement,) = found.judgements[1:]
    assert UNSEEN[right] in judgement.reason


LEFTS = [
    GX,
    r"\nabla_X L",
    "dX",
    r"\nabla X",
    r"\delta_X",
    r"\delta",
    r"\delta^{l}",
    rf"\left({GX}\right)",
    rf"{GX}^T",
    rf"\text{{vec}}({GX})",
    rf"\left[{GX}\right]_{{ij}}",
    rf"{GX}[i,j]",
    rf"{GX}\Big|_{{i,j}}",
    r"\frac{\partial L}{\partial X_{ij}}",
    r"\partial L/\partial X",
    "L_X",
    r"\text{grad\_X}",
    r"\mathrm{grad}(X)",
    r"\bar{X}",
    r"\frac{dL}{dX}",
    rf"-{GX}",
    rf"\frac{{1}}{{N}}{GX}",
    r"\frac{\delta L}{\delta X}",
    r"\Delta X",
    rf"{GX} \text{{ (valid)}}",
    rf"{GX} \text{{, of the input,}}",
    r"\text{gradient of the input}",
    r"\frac{\partial Y}{\partial X}",
    r"\frac{\partial Y_{ij}}{\partial X_{mn}}",
    "Y",
    "Y_{ij}",
    "Y[i,j]",
    "Y(i,j)",
    "Y^T",
    "2 Y",
    "X",
    "F",
    r"\text{output}",
    r"\text{out}",
    r"\text{res}[i,j]",
]


@pytest.mark.parametrize("left", [left for left in LEFTS if "res" not in left])
def test_whatever_is_written_left_is_listed(left):
    found = report(FORWARD, rf"{left} = \text{{unfold}}({GY}, F)")
    assert found.counts == (1, 0, 1)
    assert found.judgements[1].reason


COUNTED = {
    "a chain whose first part is an element's": (
        r"\frac{\partial L}{\partial X_{00}} = \frac{\partial L}{\partial Y_{00}} F_{00} = a^T b",
        2,
    ),
    "two lines of a display": (
        rf"\begin{{align}} {GX} &= \text{{unfold}}({GY}, F) \\ -{GX} &= F^T {GY} \end{{align}} \\",
        2,
    ),
    "beside prose": (rf"\text{{So: }} \begin{{aligned}} {GX} &= F^T {GY} \end{{aligned}}.", 1),
    "behind a remark": (rf"\text{{(backwards)}} \quad {GX} = F^T {GY}", 1),
    "a size": (r"H_{out} = s H_{in}", 1),
    "sizes with layers": (r"n_H^{[l]} = \lfloor \frac{n_H^{[l-1]} - f^{[l]}}{s} \rfloor + 1", 1),
    "a pair of sizes": ("(H_o, W_o) = (H - K + 1, W - K + 1)", 1),
    "a size in words": (r"\text{Output height} = \frac{H - K}{S} + 1", 1),
    "an output as a function": (r"Y(t) = \sum_k X(t - k) F(k)", 1),
    "what an operator makes": (r"A = \text{ReLU}(X * F)", 1),
}


@pytest.mark.parametrize("what", COUNTED)
def test_every_statement_has_a_verdict(what):
    line, count = COUNTED[what]
    found = report(FORWARD, line)
    assert sum(found.counts) == 1 + count
    assert found.counts[1] == 0


@pytest.mark.parametrize("other", OTHERS)
def test_what_is_about_something_else_is_not_listed(other):
    for names in NAMES:
        line = filled(other, names)
        assert report(line).counts == (0, 0, 0)
        assert sum(report(f"{names.y} = {names.x} * {names.f}", line).counts) == 1


GIVEN = [
    r"X = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
    "H = 5",
    "X = A",
    "K = R",
    r"\delta = 0.1",
    rf"\delta = {GY}",
    r"\delta_{ij} = \frac{\partial L}{\partial Y_{ij}}",
    r"X = \text{the input}",
    rf"{GX} = G",
    rf"{GX} = \delta",
    r"D = \text{dilate}(Y, u)",
    r"X_{\text{pad}} = \text{pad}(X, p)",
    r"F_{rot} = \text{rot180}(F)",
]


@pytest.mark.parametrize("line", GIVEN)
def test_what_only_gives_a_name_or_a_value_states_nothing(line):
    assert report(FORWARD, line).counts == (1, 0, 0)


def test_a_name_of_a_tensor_is_told_from_the_same_letter_elsewhere():
    line = "A = b + c"
    assert report(line).counts == (0, 0, 0)
    assert report(line, r"\frac{\partial L}{\partial A} = G * A").counts[2] == 2


@settings(max_examples=60)
@given(documents())
def test_as_many_verdicts_come_out_as_equations_go_in(written: Written):
    found = check(Document("notes", "markdown", written.text))
    assert sum(found.counts) == len(written.statements)
    assert all(j.reason for j in found.judgements if j.verdict == "not-judged")


SEEN = {
    "marks as an index, an environment beside a line break": (
        r"""$$p_{11} = g_{11}c_{11} + g_{12}c_{12} + g_{21}c_{21} + g_{22}c_{22}$$
$$p_{12} = g_{12}c_{11} + g_{13}c_{12} + g_{22}c_{21} + g_{23}c_{22}$$
$$p_{21} = g_{21}c_{11} + g_{22}c_{12} + g_{31}c_{21} + g_{32}c_{22}$$
$$p_{22} = g_{22}c_{11} + g_{23}c_{12} + g_{32}c_{21} + g_{33}c_{22}$$

$$
\begin{align}
\frac{\partial E}{\partial g_{11}} &= (\delta_{i}^{k+1})_{11} c_{11} \\
\frac{\partial E}{\partial g_{13}} &= (\delta_{i}^{k+1})_{12} c_{12}
\end{align} \\
$$
""",
        (6, 0, 0),
    ),
    "its twin with a slip": (
        r"""$$p_{11} = g_{11}c_{11} + g_{12}c_{12}$$
$$p_{12} = g_{12}c_{11} + g_{13}c_{12}$$

$$\begin{align} \frac{\partial E}{\partial g_{12}} &=
(\delta_{i}^{k+1})_{11} c_{11} + (\delta_{i}^{k+1})_{12} c_{11} \end{align} \\$$
""",
        (2, 1, 0),
    ),
    "a name in words with brackets": (
        r"$$\text{res}[f, a, b] = \sum_{k,r,t} g[k, a+r, b+t]\, C[f, k, r, t]$$",
        (1, 0, 0),
    ),
    "its twin with a sum over too little": (
        r"$$\text{res}[f, a, b] = \sum_{k,r} g[k, a+r, b+t]\, C[f, k, r, t]$$",
        (0, 0, 1),
    ),
    "names of transposed convolutions": (
        rf"$${FORWARD}$$ $${GX} = \text{{deconv}}({GY}, F)$$"
        rf" $${GX} = \mathrm{{ConvTranspose2d}}({GY}, F)$$",
        (3, 0, 0),
    ),
    "a stride that the forward pass leaves unsaid": (
        rf"$${FORWARD}$$ $${GX} = \text{{conv\_transpose}}({GY}, F, \text{{stride}}=s)$$",
        (2, 0, 0),
    ),
    "a sign that has to mean the full one": (
        rf"$${FORWARD}$$ $${GX} = {GY} * F_{{\text{{rot180}}}}$$",
        (2, 0, 0),
    ),
    "a mark that turns a filter": (
        r"$$Y = \text{corr}(X, F)$$ $$\frac{\partial L}{\partial X} = "
        r"\text{full\_corr}(\frac{\partial L}{\partial Y}, F_{\text{rot180}})$$",
        (2, 0, 0),
    ),
    "its twin that turns nothing": (
        r"$$Y = \text{corr}(X, F)$$ $$\frac{\partial L}{\partial X} = "
        r"\text{full\_corr}(\frac{\partial L}{\partial Y}, F)$$",
        (1, 1, 0),
    ),
}


@pytest.mark.parametrize("what", SEEN)
def test_what_was_not_seen_is_judged(what):
    text, counts = SEEN[what]
    assert check(Document("notes", "markdown", text)).counts == counts


def test_every_view_lists_what_is_not_judged(tmp_path, capsys):
    path = tmp_path / "notes.md"
    path.write_text(
        f"$$ {FORWARD} $$\n\n$$ {GX} = \\text{{unfold}}({GY}, F) $$\n", encoding="utf-8"
    )
    assert main(["check", str(path)]) == 0
    assert "1 agree, 0 wrong, 1 not judged" in capsys.readouterr().out
    assert main(["check", "-v", str(path)]) == 0
    assert "'unfold' is no operator that is known" in capsys.readouterr().out
    assert main(["check", "--format", "json", str(path)]) == 0
    equations = json.loads(capsys.readouterr().out)["files"][0]["equations"]
    assert [(e["verdict"], e["line"]) for e in equations] == [("agree", 1), ("not-judged", 3)]
    assert equations[1]["message"].startswith("'unfold' is no operator")

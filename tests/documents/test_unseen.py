r"""Notes as other hands write them: every form right, and with one slip that may not pass.

``FORMS`` holds whole documents: four forward equations of a 3x3 input and a 2x2 filter, then one
line in another form, and the same line with a slip.
"""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.fix import mend
from symconv.documents.source.text import Document

FORWARD = r"""
$$y_{11} = x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22}$$

$$y_{12} = x_{12}w_{11} + x_{13}w_{12} + x_{22}w_{21} + x_{23}w_{22}$$

$$y_{21} = x_{21}w_{11} + x_{22}w_{12} + x_{31}w_{21} + x_{32}w_{22}$$

$$y_{22} = x_{22}w_{11} + x_{23}w_{12} + x_{32}w_{21} + x_{33}w_{22}$$

"""

FORMS = {
    "number behind a wide space": (
        r"$$y_{11} = x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22} \quad (2)$$",
        r"$$y_{11} = x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{23}w_{22} \quad (2)$$",
    ),
    "number before the equation": (
        r"$$(4)\qquad \frac{\partial L}{\partial x_{11}} = \frac{\partial L}{\partial y_{11}}w_{11}$$",
        r"$$(4)\qquad \frac{\partial L}{\partial x_{11}} = \frac{\partial L}{\partial y_{11}}w_{12}$$",
    ),
    "number behind dots": (
        r"$$y_{11} = x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22} \ \ldots (7)$$",
        r"$$y_{11} = x_{11}w_{11} + x_{13}w_{12} + x_{21}w_{21} + x_{22}w_{22} \ \ldots (7)$$",
    ),
    "number apart": (
        r"$$y_{11} = x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22} \; \; (7)$$",
        r"$$y_{11} = x_{11}w_{11} + x_{13}w_{12} + x_{21}w_{21} + x_{22}w_{22} \; \; (7)$$",
    ),
    "equals sign as a relation, lines set from the top": (
        r"$$\begin{aligned}[t] y_{11} &\mathrel{=} x_{11}w_{11} + x_{12}w_{12} \\ & + x_{21}w_{21} + x_{22}w_{22} \end{aligned}$$",
        r"$$\begin{aligned}[t] y_{11} &\mathrel{=} x_{11}w_{11} + x_{12}w_{12} \\ & + x_{21}w_{22} + x_{22}w_{21} \end{aligned}$$",
    ),
    "an output by the whole filter": (
        r"$$\frac{\partial y_{12}}{\partial w} = \begin{bmatrix} x_{12} & x_{13} \\ x_{22} & x_{23} \end{bmatrix}$$",
        r"$$\frac{\partial y_{12}}{\partial w} = \begin{bmatrix} x_{12} & x_{13} \\ x_{22} & x_{22} \end{bmatrix}$$",
    ),
    "an output by the whole input": (
        r"$$\frac{\partial y_{12}}{\partial X} = \begin{bmatrix} 0 & w_{11} & w_{12} \\ 0 & w_{21} & w_{22} \\ 0 & 0 & 0 \end{bmatrix}$$",
        r"$$\frac{\partial y_{12}}{\partial X} = \begin{bmatrix} 0 & w_{11} & w_{12} \\ 0 & w_{21} & w_{22} \\ 0 & 0 & w_{22} \end{bmatrix}$$",
    ),
    "dots for products": (
        r"$$y_{11} = x_{11}.w_{11} + x_{12}.w_{12} + x_{21}.w_{21} + x_{22}.w_{22}.$$",
        r"$$y_{11} = x_{11}.w_{11} + x_{12}.w_{12} + x_{21}.w_{22} + x_{22}.w_{21}.$$",
    ),
    "two sentences": (
        r"$$y_{11} = x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22}. \nabla x_{11} = \nabla y_{11} w_{11}$$",
        r"$$y_{11} = x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22}. \nabla x_{11} = \nabla y_{11} w_{22}$$",
    ),
    "remarks on the terms": (
        r"$$y_{11} = x_{11}w_{11} \text{ (left)} + x_{12}w_{12} \text{ (right)} + x_{21}w_{21} + x_{22}w_{22}$$",
        r"$$y_{11} = x_{11}w_{11} \text{ (left)} + x_{12}w_{11} \text{ (right)} + x_{21}w_{21} + x_{22}w_{22}$$",
    ),
    "a sum over two spans": (
        r"so $y_{11} = x_{11}w_{11} + x_{12}w_{12}$ + $x_{21}w_{21} + x_{22}w_{22}$ here",
        r"so $y_{11} = x_{11}w_{11} + x_{12}w_{12}$ + $x_{21}w_{22} + x_{22}w_{21}$ here",
    ),
    "two equations in one span": (
        r"$$\nabla x_{11} = \nabla y_{11} w_{11} \text{ and } \nabla x_{13} = \nabla y_{12} w_{12}$$",
        r"$$\nabla x_{11} = \nabla y_{11} w_{11} \text{ and } \nabla x_{13} = \nabla y_{12} w_{22}$$",
    ),
    "empty braces": (
        r"$$\begin{aligned}y_{21} {}={}& x_{21}w_{11} + x_{22}w_{12} \\ &{}+ x_{31}w_{21} {+} x_{32}w_{22}\end{aligned}$$",
        r"$$\begin{aligned}y_{21} {}={}& x_{21}w_{11} + x_{22}w_{12} \\ &{}+ x_{31}w_{22} {+} x_{32}w_{22}\end{aligned}$$",
    ),
    "loss with a word below": (
        r"$$\frac{\partial L_{total}}{\partial x_{13}} = \frac{\partial L_{total}}{\partial y_{12}} w_{12}$$",
        r"$$\frac{\partial L_{total}}{\partial x_{13}} = \frac{\partial L_{total}}{\partial y_{12}} w_{11}$$",
    ),
    "indices in brackets": (
        r"$$y_{(1,1)} = x_{(1,1)}w_{(1,1)} + x_{(1,2)}w_{(1,2)} + x_{(2,1)}w_{(2,1)} + x_{(2,2)}w_{(2,2)}$$",
        r"$$y_{(1,1)} = x_{(1,1)}w_{(1,1)} + x_{(1,2)}w_{(1,2)} + x_{(2,1)}w_{(2,2)} + x_{(2,2)}w_{(2,1)}$$",
    ),
    "letter of a list": (
        r"$$(a)\ \nabla x_{11} = \nabla y_{11} w_{11}, \quad \forall n$$",
        r"$$(a)\ \nabla x_{11} = \nabla y_{12} w_{11}, \quad \forall n$$",
    ),
    "remark on the equals sign": (
        r"$$\frac{\partial L}{\partial x_{11}} \overset{(1)}{=} \frac{\partial L}{\partial y_{11}}w_{11}$$",
        r"$$\frac{\partial L}{\partial x_{11}} \overset{(1)}{=} \frac{\partial L}{\partial y_{12}}w_{11}$$",
    ),
    "definition sign": (
        r"$$y_{11} := x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22}$$",
        r"$$y_{11} := x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{12}$$",
    ),
    "remark below a term": (
        r"$$y_{11} = x_{11}w_{11} + \underbrace{x_{12}w_{12}}_{\text{right}} + x_{21}w_{21}"
        r" + x_{22}w_{22}$$",
        r"$$y_{11} = x_{11}w_{11} + \underbrace{x_{12}w_{11}}_{\text{right}} + x_{21}w_{21}"
        r" + x_{22}w_{22}$$",
    ),
    "index outside of the derivative": (
        r"$$\left(\frac{\partial L}{\partial x}\right)_{11} = \frac{\partial L}{\partial y_{11}}w_{11}$$",
        r"$$\left(\frac{\partial L}{\partial x}\right)_{12} = \frac{\partial L}{\partial y_{11}}w_{11}$$",
    ),
    "wide punctuation": (
        "$$\\frac{\\partial L}{\\partial x_{11}} = \\frac{\\partial L}{\\partial y_{11}}w_{11}，$$",
        "$$\\frac{\\partial L}{\\partial x_{11}} = \\frac{\\partial L}{\\partial y_{22}}w_{11}，$$",
    ),
    "gradient without a loss": (
        r"$$\nabla x_{11} = \nabla y_{11} w_{11}$$",
        r"$$\nabla x_{11} = \nabla y_{11} w_{21}$$",
    ),
    "adjoints": (
        r"$$\bar x_{12} = \bar y_{11} w_{12} + \bar y_{12} w_{11}$$",
        r"$$\bar x_{12} = \bar y_{11} w_{11} + \bar y_{12} w_{12}$$",
    ),
    "dots above": (
        r"$$\dot{w}_{11} = \dot{y}_{11}x_{11} + \dot{y}_{12}x_{12} + \dot{y}_{21}x_{21}"
        r" + \dot{y}_{22}x_{22}$$",
        r"$$\dot{w}_{11} = \dot{y}_{11}x_{11} + \dot{y}_{12}x_{21} + \dot{y}_{21}x_{12}"
        r" + \dot{y}_{22}x_{22}$$",
    ),
    "gradient's name as in programs": (
        r"$$\text{dx}_{12} = \text{dout}_{11}w_{12} + \text{dout}_{12}w_{11}$$",
        r"$$\text{dx}_{12} = \text{dout}_{11}w_{11} + \text{dout}_{12}w_{12}$$",
    ),
    "own name g": (
        r"$$\frac{\partial L}{\partial x_{12}} = g_{11}w_{12} + g_{12}w_{11}$$",
        r"$$\frac{\partial L}{\partial x_{12}} = g_{11}w_{11} + g_{12}w_{12}$$",
    ),
    "matrix in a capital letter": (
        r"$$\frac{\partial L}{\partial X} = \begin{pmatrix} \delta_{11}w_{11} & \delta_{11}w_{12} +"
        r" \delta_{12}w_{11} & \delta_{12}w_{12} \end{pmatrix}$$",
        r"$$\frac{\partial L}{\partial X} = \begin{pmatrix} \delta_{11}w_{11} & \delta_{11}w_{11} +"
        r" \delta_{12}w_{12} & \delta_{12}w_{12} \end{pmatrix}$$",
    ),
    "Toeplitz matrix": (
        r"$$\begin{bmatrix} y_{11} \\ y_{12} \end{bmatrix} = \begin{bmatrix} w_{11} & w_{12} & 0 &"
        r" w_{21} & w_{22} & 0 \\ 0 & w_{11} & w_{12} & 0 & w_{21} & w_{22} \end{bmatrix}"
        r" \begin{bmatrix} x_{11} \\ x_{12} \\ x_{13} \\ x_{21} \\ x_{22} \\ x_{23} \end{bmatrix}$$",
        r"$$\begin{bmatrix} y_{11} \\ y_{12} \end{bmatrix} = \begin{bmatrix} w_{11} & w_{12} & 0 &"
        r" w_{21} & w_{22} & 0 \\ w_{11} & w_{12} & 0 & 0 & w_{21} & w_{22} \end{bmatrix}"
        r" \begin{bmatrix} x_{11} \\ x_{12} \\ x_{13} \\ x_{21} \\ x_{22} \\ x_{23} \end{bmatrix}$$",
    ),
    "product with a transposed matrix": (
        r"$$\begin{bmatrix} \nabla w_{11} \\ \nabla w_{12} \end{bmatrix} = \begin{bmatrix} x_{11} & x_{12} \\ x_{12} & x_{13}"
        r" \\ x_{21} & x_{22} \\ x_{22} & x_{23} \end{bmatrix}^{\mathsf{T}} \begin{bmatrix} \nabla y_{11} & \nabla y_{12}"
        r" & \nabla y_{21} & \nabla y_{22} \end{bmatrix}^\top$$",
        r"$$\begin{bmatrix} \nabla w_{11} \\ \nabla w_{12} \end{bmatrix} = \begin{bmatrix} x_{11} & x_{12} \\ x_{12} & x_{13}"
        r" \\ x_{21} & x_{22} \\ x_{22} & x_{33} \end{bmatrix}^{\mathsf{T}} \begin{bmatrix} \nabla y_{11} & \nabla y_{12}"
        r" & \nabla y_{21} & \nabla y_{22} \end{bmatrix}^\top$$",
    ),
    "rows of a table": (
        "| what | its sum |\n|---|---|\n"
        "| $y_{11}$ | $x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22}$ |\n"
        "| $y_{12}$ | $x_{12}w_{11} + x_{13}w_{12} + x_{22}w_{21} + x_{23}w_{22}$ |\n",
        "| what | its sum |\n|---|---|\n"
        "| $y_{11}$ | $x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22}$ |\n"
        "| $y_{12}$ | $x_{12}w_{11} + x_{13}w_{12} + x_{22}w_{21} + x_{32}w_{22}$ |\n",
    ),
    "equations in a brace": (
        r"$$\left\{ \begin{array}{l} \frac{\partial L}{\partial x_{11}} = \frac{\partial L}"
        r"{\partial y_{11}}w_{11} \\ \frac{\partial L}{\partial x_{13}} = \frac{\partial L}"
        r"{\partial y_{12}}w_{12} \end{array} \right.$$",
        r"$$\left\{ \begin{array}{l} \frac{\partial L}{\partial x_{11}} = \frac{\partial L}"
        r"{\partial y_{11}}w_{11} \\ \frac{\partial L}{\partial x_{13}} = \frac{\partial L}"
        r"{\partial y_{12}}w_{22} \end{array} \right.$$",
    ),
    "gradient of the bias": (
        r"$$\frac{\partial L}{\partial b} = \frac{\partial L}{\partial y_{11}} + \frac{\partial L}"
        r"{\partial y_{12}} + \frac{\partial L}{\partial y_{21}} + \frac{\partial L}{\partial y_{22}}$$",
        r"$$\frac{\partial L}{\partial b} = \frac{\partial L}{\partial y_{11}} + \frac{\partial L}"
        r"{\partial y_{12}} + \frac{\partial L}{\partial y_{12}} + \frac{\partial L}{\partial y_{22}}$$",
    ),
}  # fmt: skip


def report(text: str, language: str = "markdown"):
    return check(Document("notes", language, text))


def reasons(text: str) -> list[str]:
    return [j.reason for j in report(text).judgements if j.verdict == "not-judged"]


@pytest.mark.parametrize("form", FORMS)
def test_a_right_equation_agrees_in_this_form(form):
    found = report(FORWARD + FORMS[form][0])
    assert found.counts[0] > 4
    assert {j.verdict for j in found.judgements} == {"agree"}, found.judgements[-1]


@pytest.mark.parametrize("form", FORMS)
def test_a_slip_is_wrong_in_this_form(form):
    _, wrong = FORMS[form]
    found = report(FORWARD + wrong)
    places = [j.place for j in found.judgements if j.verdict == "wrong"]
    assert len(places) == 1, found.judgements
    assert places[0].start >= len(FORWARD)
    assert {j.verdict for j in found.judgements} == {"agree", "wrong"}


@pytest.mark.parametrize("form", FORMS)
def test_mending_a_slip_in_this_form_leaves_nothing_wrong(form):
    mended = mend(report(FORWARD + FORMS[form][1]))
    assert mended.report.counts[1] == 0 or not mended.equations


NOT_JUDGED = {
    "number that may be a factor": (
        r"$$\frac{\partial L}{\partial x_{11}} = \frac{\partial L}{\partial y_{11}}w_{11} (3)$$",
        r"\tag{3}",
    ),
    "dots": (r"$$y_{11} = x_{11}w_{11} + \cdots + x_{21}w_{21}$$", "write all of it"),
    "three points": (r"$$y_{11} = x_{11}w_{11} ... x_{22}w_{22}$$", "write all of them"),
    "sum in words": (
        r"$$y_{11} = x_{11}w_{11} + x_{12}w_{12} \text{ plus } x_{21}w_{21} + x_{22}w_{22}$$",
        "no side is one element",
    ),
    "indices above": (
        r"$$y_{1}^{1} = x_{1}^{1}w_{1}^{1} + x_{1}^{2}w_{1}^{2}$$",
        "no side is one element",
    ),
    "evaluated derivative": (
        r"$$\frac{\partial L}{\partial x_{13}} = \left.\frac{\partial L}{\partial y_{12}}\right|_{w=0} w_{12}$$",
        "a derivative at one index or at numbers is not read",
    ),
    "crossed out": (
        r"$$\nabla x_{13} = \cancel{\nabla y_{11} w_{12}} + \nabla y_{12} w_{12}$$",
        r"'\cancel' is not understood",
    ),
    "sum over a batch": (
        r"$$\frac{\partial L}{\partial x_{11}} = \sum_{n=1}^N \left( \frac{\partial L}"
        r"{\partial y_{11}} w_{11} \right)$$",
        "for one example",
    ),
    "activation": (r"$$y_{11} = \sigma(x_{11})$$", r"what '\sigma' stands for"),
    "output without an index": (
        r"$$y = x_{11}w_{11} + x_{12}w_{12} + x_{21}w_{21} + x_{22}w_{22}$$",
        "give it an index",
    ),
    "product of two grids": (
        r"$$\begin{pmatrix} x_{11} & x_{12} & x_{13} \\ x_{21} & x_{22} & x_{23} \\ x_{31} & x_{32}"
        r" & x_{33} \end{pmatrix} * \begin{pmatrix} w_{11} & w_{12} \\ w_{21} & w_{22}"
        r" \end{pmatrix} = \begin{pmatrix} x_{11}w_{11} + x_{12}w_{12} & 0 \\ 0 & 0"
        r" \end{pmatrix}$$",
        "write it left, as in Y",
    ),
    "letter that is no bias": (
        r"$$\frac{\partial L}{\partial q} = \frac{\partial L}{\partial y_{11}} + \frac{\partial L}"
        r"{\partial y_{22}}$$",
        "not known to be a bias",
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", NOT_JUDGED)
def test_what_is_not_judged_says_what_is_missing(form):
    text, said = NOT_JUDGED[form]
    assert report(FORWARD + text).counts[1] == 0
    found = reasons(FORWARD + text)
    assert len(found) == 1
    assert said in found[0]


def test_a_filter_of_bare_letters_is_named_as_the_obstacle():
    text = "$$y_{11} = a x_{11} + b x_{12}$$ $$y_{12} = a x_{12} + b x_{13}$$"
    assert report(text).counts == (0, 0, 2)
    assert reasons(text)[0].startswith("a, b have no index")


def test_equations_of_other_matters_say_nothing():
    assert report(FORWARD + "$$s = u_{1}v_{1} + u_{2}v_{2}$$ $$c = a + b$$").counts == (4, 0, 0)


def test_a_bias_in_half_of_the_equations_is_no_bias():
    lines = FORWARD.strip().split("\n\n")
    every = "\n\n".join(line.replace("= ", "= u + ") for line in lines)
    half = "\n\n".join([*every.split("\n\n")[:2], *lines[2:]])
    assert report(every).counts == (4, 0, 0)
    assert report(half).counts == (2, 0, 2)


GRADIENTS = {
    "programs": (r"\mathrm{dx}", r"\mathrm{dout}"),
    "adjoints": (r"\bar x", r"\bar y"),
    "variations": (r"\delta x", r"\delta y"),
    "one letter": (r"\nabla x", "g"),
}


@pytest.mark.parametrize("form", GRADIENTS)
def test_a_gradient_wrong_from_end_to_end_is_no_convolution_of_its_own(form):
    x, y = GRADIENTS[form]
    cells = [(i, j) for i in (1, 2, 3) for j in (1, 2, 3)]

    def lines(turned: bool) -> str:
        made = []
        for i, j in cells:
            products = []
            for p, q in [(1, 1), (1, 2), (2, 1), (2, 2)]:
                r, s = i - p + 1, j - q + 1
                if r in (1, 2) and s in (1, 2):
                    r, s = (3 - r, 3 - s) if turned else (r, s)
                    products.append(f"{y}_{{{p}{q}}} w_{{{r}{s}}}")
            made.append(f"$${x}_{{{i}{j}}} = {' + '.join(products)}$$")
        return "\n\n".join(made)

    forward = FORWARD.replace("y_", r"\mathrm{out}_") if form == "programs" else FORWARD
    assert report(forward + lines(turned=False)).counts == (13, 0, 0)
    found = report(forward + lines(turned=True))
    assert len(found.judgements) == 13
    assert "agree" not in {j.verdict for j in found.judgements if j.place.start > len(forward)}


def test_macros_of_packages_and_of_the_document_are_mended_where_they_stand():
    head = "\\newcommand{\\x}[2]{x_{#1#2}}\\newcommand{\\w}[2]{w_{#1,#2}}\n"
    right = (
        r"\[ y_{1} = \w{1}{1} \]" "\n"
        r"\[ y_{11} = \x{1}{1}\w{1}{1} + \x{1}{2}\w{1}{2} \] \[ y_{12} = \x{1}{2}\w{1}{1} + \x{1}{3}\w{1}{2} \]"
        r"\[ \pdv{L}{\w{1}{1}} = \pdv{L}{y_{11}}\x{1}{1} + \pdv{L}{y_{12}}\x{1}{2} \]"
        r"\[ \pdv{L}{\x{1}{2}} = \pdv{L}{y_{11}}\w{1}{2} + \pdv{L}{y_{12}}\w{1}{1} \]"
    ).split("\n", 1)[1]  # fmt: skip
    wrong = right.replace(r"\x{1}{3}", r"\x{1}{2}").replace(r"\pdv{L}{y_{11}}\w{1}{2} + ", "")
    assert report(head + right, "latex").counts == (4, 0, 0)
    mended = mend(report(head + wrong, "latex"))
    assert mended.report.counts == (4, 0, 0)
    assert r"\x{1}{3}" in mended.text


def test_a_mend_that_breaks_its_equation_keeps_no_other_from_being_made():
    text = FORWARD.replace("x_{23}w_{22}", "x_{22}w_{22}").replace("$$y_{11} =", "$$[y]_{11} =")
    found = report(text)
    assert found.counts == (3, 1, 0)
    assert mend(found).report.counts == (4, 0, 0)


HEAD = r"""
\newcommand{\p}{\partial}
\newcommand{\opt}[2][L]{\frac{\p #1}{\p #2}}
\def\be{\begin{equation}}
\def\ee{\end{equation}}
\newcommand{\eqn}[1]{\begin{equation*}#1\end{equation*}}
"""

OWN = {
    "delimiters": r"\be \opt{x_{12}} = \opt{y_{11}} w_{12} + \opt{y_{12}} w_{11} \ee",
    "delimiter with an argument": r"\eqn{\opt{x_{12}} = \opt{y_{11}} w_{12} + \opt{y_{12}} w_{11}}",
    "optional argument": r"\[ \opt{x_{12}} = \opt[L]{y_{11}} w_{12} + \opt{y_{12}} w_{11} \]",
    "lines behind the equals sign": (
        r"\[ \opt{x_{12}} = \begin{aligned}[t] & \opt{y_{11}} w_{12} \\ &+ \opt{y_{12}} w_{11} \end{aligned} \]"
    ),
}


@pytest.mark.parametrize("form", OWN)
def test_macros_of_an_author_are_read(form):
    start = HEAD + FORWARD
    assert report(start + OWN[form], "latex").counts == (5, 0, 0)
    wrong = OWN[form].replace("w_{11}", "w_{21}")
    assert report(start + wrong, "latex").counts == (4, 1, 0)
    assert report(start + "% " + OWN[form] + "\n", "latex").counts == (4, 0, 0)


def test_lines_that_are_no_sum_are_not_joined():
    lines = r"\[ y_{11} = \begin{aligned} x_{11}w_{11} + x_{12}w_{12} \\ x_{21}w_{21} + x_{22}w_{22} \end{aligned} \]"
    assert report(FORWARD + lines, "latex").counts == (4, 0, 1)


def test_many_dots_and_delimiters_end_soon():
    text = HEAD + r"\be " * 20_000 + "$$" + "a." * 50_000 + "$$" + r"$a = \text{+} " * 5_000
    assert report(text, "latex").counts[1] == 0


def test_a_left_side_outside_of_its_tensor_is_wrong_where_the_sum_is_another_elements():
    grid = r"$$X = \begin{bmatrix} x_{11} & x_{12} & x_{13} \\ x_{21} & x_{22} & x_{23} \\ x_{31} & x_{32} & x_{33} \end{bmatrix}$$"
    right = FORWARD + grid + "\n\n" + r"$$\nabla x_{33} = \nabla y_{22} w_{22}$$"
    assert report(right).counts[1:] == (0, 0)
    found = report(right.replace(r"\nabla x_{33}", r"\nabla x_{43}"))
    assert found.counts[1:] == (1, 0)
    assert mend(found).text == right


def test_no_mend_names_an_element_that_occurs_nowhere():
    # The sum may be another element's, or that of an output beyond those that are seen.
    wrong = FORWARD + r"$$\nabla x_{43} = \nabla y_{22} w_{22}$$"
    assert report(wrong).counts == (4, 1, 0)
    assert mend(report(wrong)).text == wrong


DELTAS = r"""$$\frac{\partial L}{\partial x_{11}} = \delta_{11}w_{11}$$

$$\frac{\partial L}{\partial x_{12}} = \delta_{11}w_{12} + \delta_{12}w_{11}$$

"""
OF_BIAS = [
    (r"\delta_{11} + \delta_{12} + \delta_{21} + \delta_{22}", "agree"),
    (r"\delta_{11} + \delta_{12} + \delta_{21} + \delta_{12}", "wrong"),
    (r"\delta_{11} + \delta_{12} + \delta_{21}", "wrong"),
    (r"\delta_{11} + \delta_{12} - \delta_{21} + \delta_{22}", "wrong"),
    (r"y_{11} + y_{12} + y_{21} + y_{22}", "not-judged"),
    (r"x_{11} + x_{12} + x_{21} + x_{22}", "not-judged"),
]


@pytest.mark.parametrize(("right", "verdict"), OF_BIAS)
def test_the_gradient_of_the_bias_in_the_gradients_own_name(right, verdict):
    found = report(FORWARD + DELTAS + rf"$$\frac{{\partial L}}{{\partial b^{{(l)}}}} = {right}$$")
    assert [j.verdict for j in found.judgements] == ["agree"] * 6 + [verdict]


NOTHING_SAID = [
    r"$$\mathbf{y}^\top = \begin{bmatrix} w_{11} & w_{12} \end{bmatrix} \begin{bmatrix} x_{11} & x_{12} \\ x_{12} & x_{13} \end{bmatrix}$$",
    r"$$y_{11} = w^T x_{patch}$$",
    r"$$y_{11} = \langle w, x \rangle$$",
    r"$$s_{m} = \left\| x_{m+r} \right\|^2$$",
]


@pytest.mark.parametrize("line", NOTHING_SAID)
def test_no_equation_of_an_element_is_passed_over(line):
    found = report(FORWARD + line)
    assert found.counts == (4, 0, 1)


MATRICES = [
    "y_{11} = x_{11}w_{11} + x_{12}w_{21}",
    "y_{12} = x_{11}w_{12} + x_{12}w_{22}",
    "y_{21} = x_{21}w_{11} + x_{22}w_{21}",
    "y_{22} = x_{21}w_{12} + x_{22}w_{22}",
    r"\frac{\partial L}{\partial x_{11}} = \frac{\partial L}{\partial y_{11}} w_{11} + \frac{\partial L}{\partial y_{12}} w_{12}",
    r"\frac{\partial L}{\partial w_{11}} = \frac{\partial L}{\partial y_{11}} x_{11} + \frac{\partial L}{\partial y_{21}} x_{21}",
]
CIRCULAR = [f"y_{p} = " + " + ".join(f"x_{(p - k) % 4} h_{k}" for k in range(4)) for p in range(4)]
DENSE = ["y_1 = w_{11}x_1 + w_{12}x_2", "y_2 = w_{21}x_1 + w_{22}x_2"]


@pytest.mark.parametrize(
    "lines", [MATRICES, CIRCULAR, DENSE], ids=["matrices", "circular", "dense"]
)
def test_sums_of_other_things_are_no_wrong_convolutions(lines):
    text = "\n\n".join(f"$${line}$$" for line in lines)
    assert report(text).counts == (0, 0, len(lines))
    other = FORWARD.replace("x_", "a_").replace("w_", "k_").replace("y_", "z_")
    assert report(text + "\n\n" + other).counts == (4, 0, len(lines))


def test_one_part_of_a_gradient_is_not_the_gradient_of_a_shared_input():
    other = FORWARD.replace("w_", "v_").replace("y_", "z_")
    both = r"$$\nabla x_{11} = \nabla y_{11} w_{11} + \nabla z_{11} v_{11}$$"
    part = r"$$\nabla x_{11} = \nabla y_{11} w_{11}$$"
    assert report(FORWARD + part).counts == (5, 0, 0)
    assert report(FORWARD + other + part).counts == (8, 0, 1)
    assert report(FORWARD + other + both).counts == (8, 0, 1)
    assert "feeds z" in reasons(FORWARD + other + part)[0]


QUESTIONS = [
    r"$$y_{11} \stackrel{?}{=} x_{11} w_{22}$$",
    r"$$y_{11} \overset{!}{=} 0$$",
    r"$$y_{11} \approx x_{11} w_{11}$$",
    r"$$y_{11} \neq x_{11} w_{11}$$",
    r"$$\nabla x_{22} \mathrel{+}= \nabla y_{11} w_{22}$$",
    r"$$\Delta w_{11} = -\eta \nabla y_{11} x_{11}$$",
    r"$$\nabla w_{11} = \frac{1}{N}(\nabla y_{11} x_{11} + \nabla y_{12} x_{12})$$",
    r"$$\nabla w_{11} = \nabla y_{11} x_{11} + \lambda w_{11}$$",
]


@pytest.mark.parametrize("line", QUESTIONS)
def test_what_states_no_equation_is_neither_right_nor_wrong(line):
    assert report(FORWARD + line).counts[:2] == (4, 0)


def test_numbers_behind_a_sum_say_nothing_of_it():
    lines = FORWARD.strip().replace("$$\n\n$$", " = 1 \\cdot 2 + 3 = 5 \\approx 4.9$$\n\n$$")
    assert report(lines).counts == (4, 0, 0)
    assert report(lines.replace("x_{23}w_{22}", "x_{22}w_{22}", 1)).counts == (3, 1, 0)


def test_equations_on_lines_of_their_own_need_no_other_sign():
    lines = "$$\n" + FORWARD.strip().replace("$$\n\n$$", "\n").strip("$") + "\n$$"
    assert report(lines).counts == (4, 0, 0)
    assert report(lines.replace("x_{23}w_{22}", "x_{22}w_{22}", 1)).counts == (3, 1, 0)
    broken = FORWARD.replace(" + x_{21}", "\n + x_{21}").replace("= x", "=\n x")
    assert report(broken).counts == (4, 0, 0)


def test_a_difference_with_the_output_is_no_name_of_its_gradient():
    line = r"$$\frac{\partial L}{\partial x_{11}} = (y_{11} - t_{11}) w_{11}$$"
    assert report(FORWARD + line).counts == (4, 0, 1)


ONE_AXIS = [
    "y_{1} = x_{1}w_{1} + x_{2}w_{2}",
    "y_{2} = x_{2}w_{1} + x_{3}w_{2}",
    "y_{3} = x_{3}w_{1} + x_{4}w_{2}",
]
LISTS = [
    r"(y_1, y_2) = (x_1 w_1 + x_2 w_2, x_2 w_1 + x_3 w_2)",
    r"\mathbf{y} = [x_1 w_1 + x_2 w_2, \; x_2 w_1 + x_3 w_2, \; x_3 w_1 + x_4 w_2]",
    r"\nabla_w L = \begin{bmatrix} \nabla y_1 x_1 + \nabla y_2 x_2 + \nabla y_3 x_3 \\ \nabla y_1 x_2 + \nabla y_2 x_3 + \nabla y_3 x_4 \end{bmatrix}",
]


@pytest.mark.parametrize("line", LISTS)
def test_a_list_of_sums_is_judged_element_by_element(line):
    text = "\n\n".join(f"$${one}$$" for one in [*ONE_AXIS, line])
    found = report(text)
    assert found.counts[0] > 4
    assert found.counts[1:] == (0, 0)
    wrong = report(text.replace("x_3 w_2", "x_2 w_2").replace(r"y_2 x_3", r"y_2 x_2"))
    assert wrong.counts == (found.counts[0] - 1, 1, 0)

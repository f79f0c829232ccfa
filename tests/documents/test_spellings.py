r"""How elements and gradients are spelled: x[0][1], x^{(0,1)}, a^{2}_{01}, D_{x_{01}} L, ..."""

from __future__ import annotations

from itertools import product

import pytest

from symconv.documents.check import check
from symconv.documents.source.text import Document

PLANE = {
    "digits": "_{%d%d}",
    "list below": "_{%d,%d}",
    "two subscripts": "_{%d}{}_{%d}",
    "bracket": "[%d,%d]",
    "two brackets": "[%d][%d]",
    "round": "(%d,%d)",
    "round below": "_{(%d,%d)}",
    "round above": "^{(%d,%d)}",
}
LINE = {
    "digit": "_%d",
    "braces": "_{%d}",
    "bracket": "[%d]",
    "round": "(%d)",
    "round below": "_{(%d)}",
}
NAMES = {
    "letters": ("x", "w", "y"),
    "bold": (r"\mathbf{x}", r"\mathbf{w}", r"\mathbf{y}"),
    "words": (r"\text{in}", r"\text{ker}", r"\text{out}"),
    "names": (r"\mathrm{in}", r"\mathrm{ker}", r"\mathrm{out}"),
    "layers": ("x^{(l-1)}", "w^{(l)}", "y^{(l)}"),
    "numbered layers": ("a^{1}", "W^{2}", "z^{2}"),
    "accents": ("x", r"\hat{w}", r"\tilde{y}"),
    "prime": ("h", "w", "h'"),
}
GRADIENTS = {
    "fraction": lambda name, index: rf"\frac{{\partial L}}{{\partial {name}{index}}}",
    "long loss": lambda name, index: rf"\frac{{\partial Cost}}{{\partial {name}{index}}}",
    "in a line": lambda name, index: rf"\partial Err/\partial {name}{index}",
    "plain below": lambda name, index: rf"\frac{{\partial L}}{{{name}{index}}}",
    "straight": lambda name, index: rf"\frac{{dL}}{{d{name}{index}}}",
    "nabla": lambda name, index: rf"\nabla {name}{index}",
    "nabla of the loss": lambda name, index: rf"\nabla_{{{name}{index}}} L",
    "operator": lambda name, index: rf"D_{{{name}{index}}} L",
    "subscript": lambda name, index: f"L_{{{name}{index}}}",
    "whole, bracketed": lambda name, index: (
        rf"\left(\frac{{\partial L}}{{\partial {name}}}\right)" + index
    ),
    "whole": lambda name, index: rf"\frac{{\partial L}}{{\partial {name}}}{index}",
    "whole nabla": lambda name, index: rf"(\nabla_{{{name}}} L){index}",
    "variation": lambda name, index: rf"\delta {name}{index}",
    "differential": lambda name, index: f"d{name}{index}",
}


def document(rank: int, index: str, names: tuple[str, str, str], gradient: str, slip: bool = False):
    """Return a forward pass and both gradients; with a slip in the last equation."""
    x, w, y = names

    def at(name, place):
        return name + index % tuple(place)

    def by(name, place):
        return GRADIENTS[gradient](name, index % tuple(place))

    outputs = list(product((1, 2), repeat=rank))
    lines = []
    for p in outputs:
        terms = [
            rf"{at(x, [a + b - 1 for a, b in zip(p, r, strict=True)])} \cdot {at(w, r)}"
            for r in outputs
        ]
        lines.append(f"{at(y, p)} = {' + '.join(terms)}")
    for wrt, other in ((x, w), (w, x)):
        terms = [
            rf"({by(y, p)}) \cdot "
            + at(other, [3 - a if wrt == x else 1 + a for a in p[:-1]] + [3 - p[-1]])
            if wrt == x
            else rf"({by(y, p)}) \cdot {at(other, [a + 1 for a in p])}"
            for p in outputs
        ]
        if slip and wrt == w:
            terms[0] = terms[1]
        lines.append(f"{by(wrt, [2] * rank)} = {' + '.join(terms)}")
    return "\n\n".join(f"$${line}$$" for line in lines), len(lines)


CASES = [
    *((2, PLANE[i], NAMES["letters"], g) for i in PLANE for g in GRADIENTS),
    *((1, LINE[i], NAMES["letters"], g) for i in LINE for g in GRADIENTS),
    *((2, PLANE[i], NAMES[n], "fraction") for i in list(PLANE)[:-1] for n in NAMES),
    *((1, LINE[i], NAMES[n], "fraction") for i in LINE for n in NAMES),
    *((2, PLANE["list below"], NAMES[n], g) for n in NAMES for g in GRADIENTS),
]
UNREAD = {
    (PLANE["round above"], "whole, bracketed"),
    (PLANE["round above"], "whole"),
    (PLANE["round above"], "whole nabla"),
}
"""dL/dx^{(0,1)} without a bracket may as well be a power."""


@pytest.mark.parametrize("case", [c for c in CASES if (c[1], c[3]) not in UNREAD], ids=str)
def test_every_spelling_is_read_and_a_slip_in_it_found(case):
    text, count = document(*case)
    found = check(Document("notes", "markdown", text))
    assert found.counts == (count, 0, 0), [j.reason for j in found.judgements]
    wrong = check(Document("notes", "markdown", document(*case, slip=True)[0]))
    assert wrong.counts == (count - 1, 1, 0)
    assert wrong.judgements[-1].verdict == "wrong"


def test_a_number_in_brackets_behind_an_element_is_no_index():
    text, count = document(2, "_{%d%d}", NAMES["letters"], "fraction")
    numbered = text.replace("$$\n", r" \quad (7)$$" + "\n")
    assert check(Document("notes", "markdown", numbered)).counts == (count, 0, 0)


def test_a_power_is_no_layer():
    text, count = document(2, "_{%d%d}", NAMES["letters"], "fraction")
    squared = text.replace("w_{11}", "w_{11}^2", 1)
    assert check(Document("notes", "markdown", squared)).counts[0] == count - 1
    other = text.replace("w_{11}", "w^2_{11}", 1)
    assert check(Document("notes", "markdown", other)).counts[0] == count - 1


def test_a_list_of_more_than_nine_elements_is_one_axis():
    forward = [f"y_{{{p}}} = x_{{{p}}}w_1 + x_{{{p + 1}}}w_2" for p in range(1, 12)]
    cells = [f"y_{{{p}}} = " for p in range(1, 12)]
    matrix = " & ".join(line.removeprefix(left) for line, left in zip(forward, cells, strict=True))
    text = "\n\n".join(f"$${line}$$" for line in forward)
    text += rf"$$ y = \begin{{bmatrix}} {matrix} \end{{bmatrix}} $$".join(["\n\n", ""])
    assert check(Document("notes", "markdown", text)).counts == (22, 0, 0)
    slip = text[::-1].replace("}11{_x", "}9{_x", 1)[::-1]
    assert check(Document("notes", "markdown", slip)).counts == (21, 1, 0)


GRADIENT_MATRIX = (
    r"$$\frac{\partial L}{\partial w} = \begin{bmatrix} %s & %s \\ %s & %s \end{bmatrix}$$"
)


def test_a_matrix_of_single_products_is_a_gradient_by_its_places():
    lines = [
        rf"y_{{{i}{j}}} = x_{{{i}{j}}}w_{{11}} + x_{{{i}{j + 1}}}w_{{12}}"
        rf" + x_{{{i + 1}{j}}}w_{{21}} + x_{{{i + 1}{j + 1}}}w_{{22}}"
        for i in (1, 2)
        for j in (1, 2)
    ]
    forward = "\n\n".join(f"$${line}$$" for line in lines)
    one = forward.split("\n\n")[0]
    cells = [rf"\delta_{{11}} x_{{{r}{s}}}" for r in (1, 2) for s in (1, 2)]
    hint = "<!-- symconv: input=2x2 filter=2x2 stride=1 padding=0 dilation=1 -->\n\n"
    text = hint + one + "\n\n" + GRADIENT_MATRIX
    assert check(Document("notes", "markdown", text % tuple(cells))).counts == (5, 0, 0)
    cells[1], cells[2] = cells[2], cells[1]
    assert check(Document("notes", "markdown", text % tuple(cells))).counts == (3, 2, 0)

"""Slips that another notation would explain: they make no example of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents.styles import STYLES, Style, equations, sizes

from symconv.documents.check import check
from symconv.documents.source.text import Document

PLAIN = replace(STYLES[0], names={"X": "x", "F": "w", "Y": "y"})
TALL = replace(PLAIN, sizes=sizes((4, 5), (2, 2), (3, 1)))


def verdicts(style: Style, lines: list[str]) -> list[str]:
    found = check(Document("notes", "markdown", style.document(lines)))
    return [j.verdict for j in found.judgements]


@pytest.mark.parametrize("slips", [1, 2])
def test_a_gradient_without_the_stride_begins_no_example(slips):
    without_stride = equations(sizes((4, 5), (2, 2), 1))
    lines = {key: TALL.equation(key, terms) for key, terms in TALL.truth().items()}
    forward = [line for (tensor, _), line in lines.items() if tensor == "Y"]
    keys = [("dF", (1, 0)), ("dF", (0, 1)), ("dF", (0, 0))]
    wrong = {keys[1]: TALL.equation(keys[1], without_stride[keys[1]])}
    if slips == 2:
        wrong["dX", (2, 3)] = TALL.equation(("dX", (2, 3)), [(("dY", (0, 3)), ("F", (1, 1)))])
    order = [*(key for key in lines if key[0] != "dF"), *keys]
    found = verdicts(TALL, [wrong.get(key, lines[key]) for key in order] + forward)
    assert [found[order.index(key)] for key in wrong] == ["wrong"] * slips
    assert found.count("agree") == len(order) + len(forward) - slips


def local(p: str, name: str, index: str) -> str:
    return rf"\frac{{\partial y_{{{p}}}}}{{\partial {name}_{{{index}}}}}"


def chain(name: str, index: str, outputs: str) -> str:
    terms = (rf"\frac{{\partial L}}{{\partial y_{{{p}}}}}{local(p, name, index)}"
             for p in outputs.split())  # fmt: skip
    return rf"\frac{{\partial L}}{{\partial {name}_{{{index}}}}} = {' + '.join(terms)}"


def window(p: tuple[int, int]) -> str:
    places = [(r, s) for r in range(3) for s in range(3)]
    return " + ".join(f"x_{{{p[0] + r}{p[1] + s}}}w_{{{r}{s}}}" for r, s in places)


def test_a_zero_and_a_sign_speak_for_no_padding():
    sums = equations(sizes((4, 4), (3, 3), 1))
    gradients = [PLAIN.equation(key, sums[key]) for key in (("dX", (1, 3)), ("dF", (0, 2)))]
    right = [
        f"y_{{11}} = {window((1, 1))}",
        f"y_{{01}} = {window((0, 1))}",
        f"{local('11', 'x', '22')} = w_{{11}}",
        f"{local('00', 'x', '30')} = 0",
        f"{local('10', 'w', '21')} = x_{{31}}",
        f"{local('10', 'w', '01')} = x_{{11}}",
        f"{local('10', 'x', '01')} = 0",
        f"{local('00', 'w', '02')} = x_{{02}}",
        chain("x", "02", "00 01"),
        chain("w", "21", "00 01 10 11"),
        *gradients,
    ]
    grid = r" \\ ".join(" & ".join(f"x_{{{i}{j}}}" for j in range(4)) for i in range(4))
    style = replace(PLAIN, head=rf"$$\begin{{bmatrix}} {grid} \end{{bmatrix}}$$")
    assert verdicts(style, right)[-len(right) :] == ["agree"] * len(right)
    slips = {4: right[4].replace("x_{31}", "0"),
             9: right[9].replace(r"+ \frac{\partial L}{\partial y_{10}}",
                                 r"- \frac{\partial L}{\partial y_{10}}")}  # fmt: skip
    found = verdicts(style, [slips.get(k, line) for k, line in enumerate(right)])[-len(right) :]
    assert all(found[k] != "agree" for k in slips)
    assert {verdict for k, verdict in enumerate(found) if k not in slips} == {"agree"}


@pytest.mark.parametrize("outputs", [2, 3])
def test_a_slip_in_one_of_few_forward_equations_does_not_outvote_all_gradients(outputs):
    style = replace(PLAIN, sizes=sizes((3 * outputs - 1,), (2,), 3))
    without_stride = equations(sizes((3 * outputs - 1,), (2,), 1))
    right = style.lines()
    assert verdicts(style, right) == ["agree"] * len(right)
    key = ("Y", (outputs - 1,))
    slip = style.equation(key, without_stride[key])
    found = verdicts(style, [slip if k == outputs - 1 else line for k, line in enumerate(right)])
    assert found.pop(outputs - 1) != "agree"
    assert "wrong" not in found


def test_a_slip_among_few_products_does_not_find_another_stride():
    taps = sizes((2, 2), (3, 3), 3, 3, 2)
    style = replace(PLAIN, sizes=taps)
    sums = equations(taps)
    gradients = [style.equation(key, terms) for key, terms in sums.items() if key[0] == "dF"]
    wrong = style.equation(("dF", (1, 0)), [(("dY", (0, 0)), ("X", (0, 1)))])
    locals_ = [
        f"{local('00', 'x', '10')} = 0",
        f"{local('10', 'x', '11')} = w_{{01}}",
        f"{local('10', 'x', '01')} = w_{{02}}",
        f"{local('00', 'w', '01')} = 0",
    ]
    target = wrong.split(" = ")[0]
    lines = [*locals_, *(wrong if line.startswith(target) else line for line in gradients)]
    found = verdicts(style, lines)
    slips = {1, lines.index(wrong)}
    assert all(found[k] != "agree" for k in slips)
    assert "wrong" not in [verdict for k, verdict in enumerate(found) if k not in slips]

"""What is written can be read: ASCII, LaTeX that compiles and KaTeX renders, JSON, Markdown."""

from __future__ import annotations

import io
import json
import re

import pytest
from reading_back import displays
from rich.console import Console
from symbolic_steps import GENERAL, derived, rewritings
from tools import compile_latex, katex_failures

from symconv.mathematics.latex import LATEX
from symconv.mathematics.lines import board_line, display, flat
from symconv.mathematics.text import ASCII, BOARD
from symconv.notation import Notation
from symconv.polynomial import Polynomial
from symconv.proof.prover import prove
from symconv.symbolic.amounts import polynomial, size
from symconv.symbolic.reading import BoardReading, sized
from symconv.telling.symbolic import tell
from symconv.views import document, plain, symbolic_json, terminal

every = pytest.mark.parametrize("general", GENERAL, ids=lambda g: "+".join(g) or "lecture")
USUAL = Notation()
NAMES = Notation(("image", r"\theta", "O"))


def text(general=(), notation=USUAL):
    return "\n".join(plain.lines(tell(derived(general)), notation))


def latex(general=(), notation=USUAL):
    return "".join(document.latex(tell(derived(general)), notation))


def on_terminal(general, width, encoding="utf-8"):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=stream, width=width, force_terminal=True, no_color=True)
    terminal.show(tell(derived(general)), Notation(), console)
    stream.flush()
    shown = stream.buffer.getvalue().decode(encoding)
    return re.sub(r"\x1b\[[0-9;]*m", "", shown)


def shown(rule, wrt="X", general=(), medium=ASCII, notation=USUAL):
    read = map(BoardReading(notation).statement, rewritings(general, wrt)[rule].statements)
    if medium is LATEX:
        return [display(one) for one in read]
    return [flat(board_line(one, medium)) for one in read]


def test_the_deltas_are_solved_as_on_the_board():
    (line,) = shown("solve the deltas")
    assert line == (
        "dL/dx[m,n] = sum_{r=0..R-1} sum_{s=0..S-1} dL/dy[(m - r)/u, (n - s)/v] f[r,s]"
        "  where u divides m - r, v divides n - s, 0 <= m - r <= u*(P - 1), "
        "0 <= n - s <= v*(Q - 1)"
    )


def test_padding_and_dilation_stand_in_the_index():
    (line,) = shown("forward sum", general=("padding", "dilation"))
    assert line == (
        "y[p,q] = sum_{r=0..R-1} sum_{s=0..S-1} x[p*u + r*d - pt, q*v + s*e - pl] f[r,s]"
    )


def test_a_notation_may_count_from_1():
    counting = {"notation": Notation(base=1), "general": ("padding", "dilation")}
    (line,) = shown("forward sum", **counting)
    assert line == (
        "y[p,q] = sum_{r=1..R} sum_{s=1..S} "
        "x[u*(p - 1) + d*(r - 1) + 1 - pt, v*(q - 1) + e*(s - 1) + 1 - pl] f[r,s]"
    )
    (line,) = shown("solve the deltas", notation=Notation(base=1))
    assert line == (
        "dL/dx[m,n] = sum_{r=1..R} sum_{s=1..S} dL/dy[(m - r)/u + 1, (n - s)/v + 1] f[r,s]"
        "  where u divides m - r, v divides n - s, 0 <= m - r <= u*(P - 1), "
        "0 <= n - s <= v*(Q - 1)"
    )
    (line,) = shown("one sum", wrt="F", **counting)
    assert line.endswith("delta(m, r) delta(n, s)")


def test_a_terminal_gets_unicode():
    (line,) = shown("local derivative", medium=BOARD)
    assert line.startswith("∂y[p,q]/∂x[m,n] = ")
    assert line.endswith("f[r,s] δ(m, p·u + r) δ(n, q·v + s)")


def test_latex_is_written_as_lecturers_do():
    (line,) = shown("chain rule", medium=LATEX)
    assert line == (
        r"\frac{\partial L}{\partial x_{mn}} = \sum_{p=0}^{P - 1} \sum_{q=0}^{Q - 1} "
        r"\frac{\partial L}{\partial y_{pq}} \frac{\partial y_{pq}}{\partial x_{mn}}"
    )


@every
def test_the_text_is_ascii_with_every_step_and_verdict(general):
    told = text(general)
    assert told.isascii()
    steps = sum(len(one.steps) for one in derived(general).gradients) - 1
    assert len(re.findall(r"^\d+\. ", told, re.M)) == steps
    assert len(re.findall(r"^   PROVED at \d+ small sizes", told, re.M)) == steps
    assert told.count("PROVED for every size, by other means") == 2
    assert "REFUTED" not in told
    assert "NOT JUDGED" not in told
    assert "{}" not in told


def test_the_closed_forms_can_be_pasted_into_a_claim():
    for line in text().splitlines():
        found = re.fullmatch(r" +(dX|dF) = (correlate\(pad.*)", line)
        if found:
            assert prove(f"{found[1]} == {found[2]}").proved
            break
    else:
        pytest.fail("no closed form in the text")


@every
def test_latex_is_comments_and_displays(general):
    told = latex(general)
    assert told.isascii()
    inside = False
    for line in told.splitlines():
        if line in (r"\[", r"\]"):
            inside = line == r"\["
        else:
            assert inside or not line or line.startswith("%")
    assert len(displays(told)) > 20


@pytest.mark.tex
@pytest.mark.parametrize("notation", [USUAL, NAMES], ids=["usual", "long"])
def test_latex_compiles_and_fits_a_page(tmp_path, notation):
    log = compile_latex(latex(("padding", "dilation"), notation), tmp_path)
    assert "Overfull" not in log
    assert "Missing" not in log


@pytest.mark.tex
@every
def test_latex_fits_the_text_width_of_an_article(tmp_path, general):
    """345 points is how wide the text of a plain article is."""
    narrow = r"\usepackage{geometry}\AtBeginDocument{\newgeometry{textwidth=345pt}}"
    log = compile_latex(latex(general), tmp_path, narrow)
    assert "Overfull" not in log


@pytest.mark.katex
@every
def test_katex_renders_every_display_and_every_name(general):
    markdown = "".join(document.markdown(tell(derived(general)), NAMES))
    bodies = re.findall(r"^\$\$\n(.*?)\n\$\$$", markdown, re.M | re.S)
    inline = re.findall(r"(?<!\$)\$([^$\n]+)\$(?!\$)", markdown)
    assert len(bodies) > 20
    assert len(inline) > 40
    assert katex_failures([*bodies, *inline, *displays(latex(general))]) == []


@every
def test_a_terminal_shows_every_line_whole(general):
    for width in (80, 200):
        told = on_terminal(general, width)
        assert max(map(len, told.splitlines())) <= width
        assert "…" not in told
        assert "Σ" in told
        assert "R−1" in told


def test_an_ascii_terminal_gets_ascii():
    told = on_terminal((), 80, "ascii")
    assert told.isascii()
    assert "sum" in told


def test_wide_terminals_need_no_breaks():
    lines = on_terminal((), 200).splitlines()
    assert any("Σ   Σ   Σ   Σ  ∂L/∂y[p,q] f[r,s] δ(m, p·u + r) δ(n, q·v + s)" in x for x in lines)


def test_json_has_rule_statement_conditions_and_verdict():
    data = json.loads("".join(symbolic_json.chunks(derived(("padding", "dilation")))))
    assert data["schema"] == "symconv.symbolic/1"
    assert data["general"] == ["padding", "dilation"]
    assert data["proved"] is True
    assert [one["gradient"] for one in data["gradients"]] == ["dX", "dF"]
    for one in data["gradients"]:
        assert one["proof"]["verdict"] == "proved"
        assert one["proof"]["scope"] == "every size"
        assert one["closed_form"].startswith("correlate(")
        assert [step["verdict"] for step in one["steps"]] == ["proved"] * len(one["steps"])
        for step in one["steps"]:
            assert step["rule"]
            assert all(one["text"].isascii() and one["latex"] for one in step["statements"])
            assert all(condition["because"] for condition in step["conditions"])
            assert step["sizes"] > 50


def test_two_gradients_have_no_step_number_twice():
    numbers = re.findall(r"^(\d+)\. ", text(), re.M)
    sections = text().split("Gradient with respect to")
    assert len(sections) == 3
    for section in sections:
        own = re.findall(r"^(\d+)\. ", section, re.M)
        assert own == sorted(own, key=int)
    assert numbers.count("1") == 1


POLYNOMIALS = {
    "R - 1": "R - 1",
    "k + m - R + 1": "m + k - (R - 1)",
    "R*d + rem_H - d - pb": "d*(R - 1) - pb + rem_H",
    "-R*d + H + d + pb + pt - 1": "H + pt + pb - d*(R - 1) - 1",
    "P*u - u": "u*(P - 1)",
    "0": "0",
    "-pt": "-pt",
    "2*m - 3": "2*m - 3",
}


@pytest.mark.parametrize(("written", "said"), POLYNOMIALS.items())
def test_polynomials_are_written_as_people_do(written, said):
    of = Polynomial.read(written)
    assert ASCII.write(sized(of)) == said
    assert polynomial(size(of)) == of

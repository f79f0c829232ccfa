r"""Forms of TeX: {a \over b}, bars, empheq, rules, primes, J(W, b), and the rows of a tabular."""

from __future__ import annotations

import pytest
from documents.test_index_formulas import example

from symconv.documents.check import check
from symconv.documents.source.text import Document

SHOWN = example(3, 2)


def verdicts(text: str, language: str = "latex") -> list[str]:
    before = SHOWN + "\n\n"
    found = check(Document("notes", language, before + text))
    return [j.verdict for j in found.judgements if j.place.start >= len(before)]


def reason(text: str) -> str:
    return check(Document("notes", "latex", SHOWN + "\n\n" + text)).judgements[-1].reason


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"$${\partial L \over \partial x_{mn}} = \sum_{ij} {\partial L \over \partial y_{ij}} "
         r"f_{m-i,n-j}$$", "agree"),
        (r"$${\partial L \over \partial x_{mn}} = \sum_{ij} {\partial L \over \partial y_{ij}} "
         r"f_{m+i,n-j}$$", "wrong"),
        (r"$${\partial L\over\partial x_{00}} = {\partial L\over\partial y_{00}} "
         r"f_{00}$$", "agree"),
        (r"$${\partial L\over\partial x_{00}} = {\partial L\over\partial y_{00}} "
         r"f_{01}$$", "wrong"),
        (r"$$P = {H - R \over u} + 1$$", "agree"),
        (r"$$P = {H - R \over u} - 1$$", "wrong"),
        (r"$$\left.\frac{\partial L}{\partial f_{rs}}\right|_{f=f^{(0)}} = "
         r"\sum_{ij} \frac{\partial L}{\partial y_{ij}} x_{i+r,j+s}$$", "agree"),
        (r"$$\frac{\partial L}{\partial f_{rs}}\bigg|_{f} = "
         r"\sum_{ij} \frac{\partial L}{\partial y_{ij}} x_{i+r,j+r}$$", "wrong"),
        (r"$$\left.\frac{\partial L}{\partial x_{00}}\right\rvert_{x=x_0} = "
         r"\frac{\partial L}{\partial y_{00}} f_{00}$$", "agree"),
        (r"$$\left.\frac{\partial L}{\partial x_{mn}}\right|_{m=0,n=0} = "
         r"\frac{\partial L}{\partial y_{00}} f_{00}$$", "not-judged"),
        (r"$$\left.\frac{\partial y_{00}}{\partial x_{00}}\right|_{f_{00}=0} = f_{00}$$",
         "not-judged"),
        (r"\begin{empheq}[box=\fbox]{align} y_{00} &= x_{00}f_{00} + x_{01}f_{01} + "
         r"x_{10}f_{10} + x_{11}f_{11} \end{empheq}", "agree"),
        (r"\begin{empheq}[left=\empheqlbrace]{align*} y_{00} &= x_{00}f_{00} + x_{01}f_{01} + "
         r"x_{11}f_{10} + x_{11}f_{11} \end{empheq}", "wrong"),
        (r"$$\rule{0mm}{7mm} y_{00} = x_{00}f_{00} + x_{01}f_{01} + x_{10}f_{10} + x_{11}f_{11}$$",
         "agree"),
        (r"$$\rule{0mm}{7mm} y_{00} = x_{00}f_{00} + x_{01}f_{01} + x_{10}f_{10} + x_{10}f_{11}$$",
         "wrong"),
        (r"$$\frac{\partial L}{\partial x_{m^{\prime},n^\prime}} = \sum_{i,j} "
         r"\frac{\partial L}{\partial y_{ij}} f_{m' - i, n^{\prime} - j}$$", "agree"),
        (r"$$\frac{\partial L}{\partial x_{m^{\prime},n^\prime}} = \sum_{i,j} "
         r"\frac{\partial L}{\partial y_{ij}} f_{m' - i, m^{\prime} - j}$$", "wrong"),
        (r"$$y^{out}_{00} = x^{in}_{00}f_{00} + x^{in}_{01}f_{01} + x^{in}_{10}f_{10} + "
         r"x^{in}_{12}f_{11}$$", "wrong"),
        (r"$$\frac{\partial J(W,b)}{\partial f_{01}} = \sum_{i,j} "
         r"\frac{\partial J(W,b)}{\partial y_{ij}} x_{i,j+1}$$", "agree"),
        (r"$$\frac{\partial J(W,b)}{\partial f_{01}} = \sum_{i,j} "
         r"\frac{\partial J(W,b)}{\partial y_{ij}} x_{i+1,j}$$", "wrong"),
        (r"$$\frac{\partial}{\partial f_{01}} J(W,b) = \sum_{i,j} "
         r"\frac{\partial J(W,b)}{\partial y_{ij}} x_{i,j+1}$$", "agree"),
        (r"$$\frac{\partial}{\partial f_{01}} J(W,b) = \sum_{i,j} "
         r"\frac{\partial J(W,b)}{\partial y_{ij}} x_{i,j+2}$$", "wrong"),
        (r"$$\frac{\partial L}{\partial F} = conv2(X, \frac{\partial L}{\partial Y}, 'valid')$$",
         "agree"),
        (r"$$\frac{\partial L}{\partial X} = conv2(\frac{\partial L}{\partial Y}, F, 'full')$$",
         "agree"),
        (r"$$\frac{\partial L}{\partial X} = conv2(\frac{\partial L}{\partial Y}, F, 'valid')$$",
         "wrong"),
    ],
)  # fmt: skip
def test_a_form_of_tex_is_read(text, verdict):
    assert verdicts(text) == [verdict]


def test_a_bar_that_fixes_an_index_says_so():
    text = r"$$\frac{\partial L}{\partial x_{mn}}|_{m=0,n=0} = \frac{\partial L}{\partial y_{00}}$$"
    assert reason(text) == "a derivative at one index or at numbers is not read"


ROWS = r"""\begin{tabular}{ll}
\toprule element & sum \\ \midrule
$y_{00}$ & $x_{00}f_{00} + x_{01}f_{01} + x_{10}f_{10} + x_{11}f_{11}$ \\ \hline
$y_{01}$ & $x_{01}f_{00} + x_{02}f_{01} + x_{11}f_{10} + x_{12}f_{11}$ \\[2pt]
$\frac{\partial L}{\partial x_{00}}$ & $\frac{\partial L}{\partial y_{00}} f_{00}$ \\ \bottomrule
\end{tabular}
"""


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("", "", ["agree"] * 3),
        ("x_{02}", "x_{20}", ["agree", "wrong", "agree"]),
        ("} f_{00}$ \\\\ \\b", "} f_{10}$ \\\\ \\b", ["agree", "agree", "wrong"]),
    ],
)
def test_the_rows_of_a_tabular_are_equations(old, new, wanted):
    assert old in ROWS
    assert verdicts(ROWS.replace(old, new, 1)) == wanted


def test_a_tabular_of_cells_is_a_grid():
    cells = [[f"$x_{{{i}{j}}}$" for j in range(3)] for i in range(3)]
    body = " \\\\ \\hline\n".join(" & ".join(row) for row in cells)
    table = f"\\begin{{tabular}}{{|c|c|c|}}\n\\hline {body} \\\\ \\hline\n\\end{{tabular}}\n"
    assert verdicts(table) == ["agree"] * 9
    assert verdicts(table.replace("x_{12}", "x_{21}")).count("wrong") == 1
    assert verdicts(table.replace("\\end{tabular}", "")) == []

from __future__ import annotations

import re

import loops
import pytest
from reading_back import displays, latex_equations
from strategies import CASES, cases, derived
from tools import compile_latex, katex_failures

from symconv.equation import Element
from symconv.geometry import Geometry
from symconv.notation import Notation
from symconv.telling.exposition import tell
from symconv.views import document, notebook

USUAL = Notation()

GREEK = Notation((r"\delta", r"\Theta", r"\gamma"))
LONG = Notation(("image", "w1", "out"), base=1)


def stories(sizes):
    corners = {"X": sizes.input, "F": sizes.filter, "Y": sizes.output}
    return [
        Element(t, i) for t, shape in corners.items() for i in ((0, 0), tuple(n - 1 for n in shape))
    ]


def written(sizes, notation=USUAL, style=document.latex, **options):
    return "".join(style(tell(derived(sizes), **options), notation))


DOCUMENTS = {
    "lecture": (CASES["H5R3u2"], Notation(), {}),
    "lecture-single": (CASES["H3R2u1"], Notation(("X", "F", "O"), 1), {}),
    "remainder": (CASES["H6R3u2"], Notation(), {}),
    "two-digit-indices": (Geometry.of((3, 13), (2, 3)), Notation(), {"everything": True}),
    "base-1-two-digits": (Geometry.of((10, 3), 2), Notation(base=1), {"everything": True}),
    "greek": (CASES["H5R3u2p1"], GREEK, {}),
    "long-names": (CASES["H5R3u2p1"], LONG, {}),
    "dilation-and-padding": (CASES["H9R3u3d2p1"], Notation(), {}),
    "crop": (CASES["H8R3u2crop"], Notation(), {}),
    "crop-beyond": (CASES["H1R1u3p20"], Notation(), {}),
    "cut-short": (Geometry.of(40, 9), Notation(), {}),
    "grids-of-16-columns": (Geometry.of(14, 3, 1, 0), Notation(), {}),
    "one-axis": (Geometry.of((6,), (3,), (2,)), Notation(), {}),
} | {
    f"stories-{name}": (CASES[name], notation, {"elements": stories(CASES[name])})
    for name, notation in (
        ("H5R3u2", Notation()), ("H6R3u2", GREEK), ("H9R3u3d2p1", LONG), ("H4R3u2p4", Notation()),
    )
}  # fmt: skip

every = pytest.mark.parametrize("given", DOCUMENTS.values(), ids=DOCUMENTS.keys())


@every
def test_latex_is_comments_and_displays_and_nothing_else(given):
    sizes, notation, options = given
    text = written(sizes, notation, **options)
    assert text.isascii()
    inside = False
    for line in text.splitlines():
        if line in (r"\[", r"\]"):
            assert inside == (line == r"\]")
            inside = not inside
        elif not inside:
            assert not line or line.startswith("%")
        else:
            assert line.strip(), "an empty line ends a display"
    assert not inside
    assert len(displays(text)) > 5


@every
def test_latex_uses_plain_fractions_and_no_alien_macro(given):
    sizes, notation, options = given
    for body in displays(written(sizes, notation, **options)):
        assert "dfrac" not in body
        macros = set(re.findall(r"\\([A-Za-z]+)", body))
        assert macros <= {
            "frac", "partial", "sum", "begin", "end", "quad", "hline", "boldsymbol", "cdot",
            "cdots", "text", "operatorname", "left", "right", "mathit", "delta", "Theta", "gamma",
            "def", "arraystretch",
        }  # fmt: skip


@cases
def test_latex_holds_every_element_as_the_loops_say(sizes):
    shown = latex_equations(written(sizes, everything=True))
    letters = {"X": "x", "F": "f", "dY": "dL/dy"}
    for tensor, target, shape in (
        ("Y", "y", sizes.output), ("dX", "dL/dx", sizes.input), ("dF", "dL/df", sizes.filter),
    ):  # fmt: skip
        expected = {f"{target}[{i},{j}]": [] for i, j in loops.indices(shape)}
        for ((i, j), term), count in loops.terms(sizes)[tensor].items():
            spelt = [f"{letters[t]}[{m},{n}]" for t, (m, n) in term]
            expected[f"{target}[{i},{j}]"] += [spelt] * count
        assert {name: sorted(shown[name]) for name in expected} == {
            name: sorted(terms) for name, terms in expected.items()
        }


def test_terms_are_written_as_on_the_slides():
    text = written(CASES["H5R3u2"])
    assert "x_{21}f_{21}" in text
    assert (
        r"\frac{\partial L}{\partial x_{22}} = \frac{\partial L}{\partial y_{00}} f_{22} + "
        r"\frac{\partial L}{\partial y_{01}} f_{20} + \frac{\partial L}{\partial y_{10}} f_{02} + "
        r"\frac{\partial L}{\partial y_{11}} f_{00}"
    ) in text
    assert (
        r"\frac{\partial L}{\partial x_{mn}} = \sum_{ij} \frac{\partial L}{\partial y_{ij}} "
        r"\frac{\partial y_{ij}}{\partial x_{mn}}"
    ) in text


def test_long_sums_are_broken_one_filter_row_a_line():
    text = written(CASES["H5R3u2"])
    assert (
        "\\begin{aligned}\n"
        "y_{00} &= x_{00}f_{00} + x_{01}f_{01} + x_{02}f_{02} \\\\\n"
        "&\\quad + x_{10}f_{10} + x_{11}f_{11} + x_{12}f_{12} \\\\\n"
        "&\\quad + x_{20}f_{20} + x_{21}f_{21} + x_{22}f_{22}\n"
        "\\end{aligned}"
    ) in text


def test_a_long_row_is_broken_within_and_loses_nothing():
    shown = written(Geometry.of((1, 11), (1, 3)), everything=True)
    assert latex_equations(shown)["dL/df[0,2]"] == [
        [f"dL/dy[0,{q}]", f"x[0,{q + 2}]"] for q in range(9)
    ]
    broken = [line for line in shown.splitlines() if line.startswith("&\\quad")]
    assert broken
    assert max(line.count("\\frac") for line in broken) <= 4


def test_a_grid_has_lines_between_its_rows():
    assert (
        "\\begin{array}{|c|c|c|} \\hline\n"
        "f_{22} & f_{21} & f_{20} \\\\ \\hline\n"
        "f_{12} & f_{11} & f_{10} \\\\ \\hline\n"
        "f_{02} & f_{01} & f_{00} \\\\ \\hline\n"
        "\\end{array}"
    ) in written(CASES["H5R3u2"])


def test_a_sum_that_is_cut_says_how_many_terms_follow():
    assert "(75 more terms)" in written(Geometry.of(40, 9))


def test_the_marked_term_is_bold():
    text = written(CASES["H5R3u2"], elements=[Element("X", (2, 2))])
    assert r"\boldsymbol{x_{22}f_{22}}" in text
    assert text.count(r"\boldsymbol") == 4


@every
def test_markdown_opens_and_closes_every_display(given):
    sizes, notation, options = given
    text = written(sizes, notation, document.markdown, **options)
    assert text.splitlines().count("$$") % 2 == 0
    latex = written(sizes, notation, **options)
    assert displays(text, "$$", "$$") == displays(latex)
    assert text.startswith("## Geometry")


def test_markdown_has_tables_and_inline_math():
    text = written(CASES["H5R3u2"], style=document.markdown, elements=[Element("X", (0, 2))])
    assert "| axis | input | filter | stride | padding | dilation | output | remainder |" in text
    assert "$x_{02}$ contributes to 2 of 4 outputs: $y_{00}$, $y_{01}$." in text


@pytest.mark.katex
def test_katex_renders_every_display():
    bodies = {b for s, n, o in DOCUMENTS.values() for b in displays(written(s, n, **o))}
    assert len(bodies) > 300
    assert katex_failures(sorted(bodies)) == []


@pytest.mark.katex
def test_katex_renders_what_a_notebook_shows():
    bodies = [notebook.latex(derived(sizes)).strip("$") for sizes in CASES.values()]
    assert katex_failures(bodies) == []


@pytest.mark.katex
def test_katex_refuses_what_is_wrong():
    """The check can fail."""
    assert len(katex_failures([r"\frac{1}", r"x_{1}", r"\dfoo"])) == 2


@pytest.mark.tex
def test_tex_compiles_the_fragments_as_they_stand(tmp_path):
    fragments = [written(s, n, **o) for s, n, o in DOCUMENTS.values()]
    log = compile_latex("\n\n".join(fragments), tmp_path)
    assert "Undefined control sequence" not in log
    assert "Overfull" not in log


@pytest.mark.tex
def test_the_lecture_fits_an_ordinary_page(tmp_path):
    """No display of the worked examples is wider than a page of article."""
    preamble = "\\geometry{a4paper,portrait,margin=2cm}\n"
    for name in ("lecture", "lecture-single", "stories-H5R3u2"):
        sizes, notation, options = DOCUMENTS[name]
        log = compile_latex(written(sizes, notation, **options), tmp_path, preamble)
        assert "Overfull" not in log


@pytest.mark.tex
def test_tex_refuses_what_is_wrong(tmp_path):
    """The check can fail."""
    with pytest.raises(AssertionError):
        compile_latex(r"\[ \nonsense \]", tmp_path)


def test_an_unknown_block_is_an_error():
    with pytest.raises(TypeError, match="cannot show"):
        list(document.latex(["block"], Notation()))

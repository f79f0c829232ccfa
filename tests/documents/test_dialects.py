r"""The same equations in the dialects of Markdown and LaTeX: right, and mended."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.fix import mend
from symconv.documents.source.text import Document

Y1, Y2, Y3 = (f"y_{{{i}}} = x_{{{i}}}w_{{1}} + x_{{{i + 1}}}w_{{2}}" for i in (1, 2, 3))
W1, W2 = (
    rf"\frac{{\partial L}}{{\partial w_{{{r}}}}} = "
    + " + ".join(rf"\frac{{\partial L}}{{\partial y_{{{i}}}}}x_{{{i + r - 1}}}" for i in (1, 2, 3))
    for r in (1, 2)
)
LINES = [Y1, Y2, Y3, W1, W2]
SLIPS = [("x_{2}w_{1}", "x_{3}w_{1}"), ("x_{4}w_{2}", "x_{4}w_{1}"), ("y_{2}}x_{2}", "y_{2}}x_{1}")]


def report(text: str):
    return check(Document("notes", "markdown", text))


def each(before: str, behind: str):
    return lambda lines: "\n\n".join(f"{before}{line}{behind}" for line in lines)


def rows(before: str, behind: str, equals: str = "&=", end: str = r" \\"):
    def layout(lines: list[str]) -> str:
        return before + f"{end}\n".join(line.replace("=", equals) for line in lines) + behind

    return layout


def spelled(before: str, behind: str, *changes: tuple[str, str]):
    def layout(lines: list[str]) -> str:
        text = each("@", "!")(lines)
        for a, b in changes:
            text = text.replace(a, b)
        return text.replace("@", before).replace("!", behind)

    return layout


SMALL = [(f"_{{{n}}}", "₁₂₃₄"[n - 1]) for n in (1, 2, 3, 4)]
MARKDOWN = {
    "MyST fence": each("```{math}\n:label: a\n\n", "\n```"),
    "MyST role": each("So {math}`", "`."),
    "colon fence": each(":::{math}\n:label: b\n", "\n:::"),
    "reStructuredText block": each(".. math::\n   :label: c\n\n   ", "\n\nbecause"),
    "reStructuredText in one line": each(".. math:: ", "\n"),
    "paragraphs of a block": lambda lines: ".. math::\n\n   " + "\n\n   ".join(lines) + "\n\nSo.",
    "reStructuredText role": each("so :math:`", "`,"),
    "AsciiDoc block": each("[latexmath]\n++++\n", "\n++++"),
    "AsciiDoc block with brackets": each("[stem]\n++++\n\\[", "\\]\n++++"),
    "AsciiDoc role": each("thus stem:[", "] and"),
    "wiki": each(':<math display="block">', ".</math>"),
    "entities": rows(
        "<p>$$\\begin{aligned}", "\\end{aligned}$$</p>", "&amp;=", "&nbsp;" + r"\\" + "<br>"
    ),
    "protected underlines": spelled("$$", "$$", ("_", r"\_")),
    "rows for Hugo": rows("$$\\begin{aligned}", "\\end{aligned}$$", end=r"\\\\"),
    "spans around signs": spelled("$", "$", (" = ", "$ = $"), (" + ", "$ + $")),
    "small characters": spelled("$", "$", *SMALL),
    "pandoc": each("$$", "$$ {#eq:a}"),
}
LATEX = {
    "starred rows": rows(r"\begin{align}", r"\end{align}", end=r"\\*"),
    "plain TeX's rows": rows(r"\begin{eqnarray}", r"\end{eqnarray}", "&=&", r"\cr"),
    "overlays": each(r"\[\onslide<2->{", r"} \pause\]"),
    "boxes": each(r"\[\boxed{", r"}\tag{2}\]"),
    "a box behind an arrow": each(r"\[\Rightarrow \boxed{", r"}\]"),
    "a box around the right side": spelled(r"\[", r"}\]", (" = ", r" \boxed{= ")),
    "an equation in dollars": each(r"$$\begin{equation}", r"\tag{2.1*}\end{equation}$$"),
    "a brace": rows(r"\[\begin{dcases}", r"\end{dcases}\]"),
    "struts": each(r"\[\mathstrut ", r"\strut\hfill\]"),
    "classes of KaTeX": each(r"\[\htmlClass{big}{", r"}\]"),
}
FORMS = {form: ("markdown", layout) for form, layout in MARKDOWN.items()}
FORMS |= {form: ("latex", layout) for form, layout in LATEX.items()}


@pytest.mark.parametrize("form", FORMS)
def test_a_dialect_is_read_whole(form):
    language, layout = FORMS[form]
    found = check(Document("notes", language, layout(LINES)))
    assert found.counts == (5, 0, 0), found.judgements


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("form", FORMS)
def test_a_slip_in_a_dialect_is_found_and_mended(form, slip):
    language, layout = FORMS[form]
    wrong = [line.replace(*slip) for line in LINES]
    assert wrong != LINES
    found = check(Document("notes", language, layout(wrong)))
    assert found.counts == (4, 1, 0), found.judgements
    assert mend(found).text == layout(LINES)


SUMS = [
    r"\[ y_{1} = x_{1}w_{1} \textcolor{red}{+ x_{2}w_{2}} \]",
    r"\[ y_{1} = x_{1}w_{1} {\color{red} + x_{2}w_{2}} \]",
    r"\[ y_{1} = {x_{1}w_{1} +} {x_{2}w_{2}} \]",
    r"\[ y_{1} = {x_{1}w_{1}} + {x_{2}}{w_{2}} \]",
    r"\[ \uncover<2->{y_{1}} \uncover<3->{&= x_{1}w_{1}} \\ \uncover<4->{&+ x_{2}w_{2}} \]",
]


@pytest.mark.parametrize("line", SUMS)
def test_braces_that_only_group_are_none(line):
    rest = each(r"\[", r"\]")(LINES[1:])
    assert check(Document("n", "latex", line + rest)).counts == (5, 0, 0)
    wrong = line.replace("x_{2}", "x_{3}")
    assert check(Document("n", "latex", wrong + rest)).counts == (4, 1, 0)


def test_a_sign_below_a_brace_parts_no_product():
    line = r"\[ y_{1} = x_{1}w_{1} \underbrace{+ x_{2}w_{2}}_{\text{right}} \]"
    assert check(Document("n", "latex", line + each(r"\[", r"\]")(LINES[1:]))).counts == (4, 0, 1)


WORDS = {"x": "img", "w": "ker", "y": "out"}


@pytest.mark.parametrize("index", ["_{%s}", "[%s]", "_{[%s,1]}"])
def test_names_of_several_letters_need_no_font(index):
    def named(line: str) -> str:
        for letter, word in WORDS.items():
            for n in "1234":
                line = line.replace(f"{letter}_{{{n}}}", f" {word}{index % n}")
        return line

    def text(lines: list[str]) -> str:
        return each("$$", "$$")([named(line) for line in lines])

    assert check(Document("n", "markdown", text(LINES))).counts == (5, 0, 0)
    wrong = [line.replace("x_{4}", "x_{3}") for line in LINES]
    assert check(Document("n", "markdown", text(wrong))).counts == (3, 2, 0)


def test_markup_of_other_languages_ends_soon():
    for opening in (".. math::\n ", "{math}`", ":::{math}\n", "[stem]\n++++\n", "<math>", "stem:[",
                    "```{math}\n:a:\n", r"\boxed{" * 30 + "\n\n", "&amp;<br>"):  # fmt: skip
        check(Document("n", "markdown", opening * 5_000))


FULL = [
    "(f*g)[0] = f[0] g[0]",
    "(f*g)[1] = f[0] g[1] + f[1] g[0]",
    "(f*g)[2] = f[1] g[1] + f[2] g[0]",
    "(f*g)[3] = f[2] g[1]",
]


def test_an_output_may_be_named_after_its_convolution():
    assert report(each("$$", "$$")(FULL)).counts == (4, 0, 0)
    wrong = [line.replace("f[2] g[0]", "f[2] g[1]") for line in FULL]
    assert report(each("$$", "$$")(wrong)).counts == (3, 1, 0)


@pytest.mark.parametrize("index", ["(%s, %s)", "[%s, %s]", "_{%s,%s}"])
def test_round_brackets_hold_indices(index):
    def text(m: str, name: str = "") -> str:
        y, x, w = index % ("i", "j"), index % (f"i{m}m", "j+n"), index % ("m", "n")
        return rf"$$S{y} = {name}\sum_m \sum_n I{x} K{w}$$"

    assert report(text("+")).counts == (1, 0, 0)
    assert report(text("-")).counts[0] == 0
    named = f"(I*K){index % ('i', 'j')} = "
    assert report(text("+", named)).counts == (1, 0, 0)
    assert report(text("-", named)).counts[0] == 0


def test_functions_and_intervals_are_no_elements():
    assert report(r"$$y = f(x, w)$$ $$L(y, t) = y - t$$ $$s = a(b, c)$$").counts == (0, 0, 0)

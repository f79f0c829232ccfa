"""Notations of our own, and the equations of a convolution written in each by plain loops.

Nothing here uses the package: what a window covers is counted element by element, so that the
corpus is a road of its own to what `symconv check` finds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

Index = tuple[int, ...]
Term = tuple[tuple[str, Index], ...]


@dataclass(frozen=True)
class Sizes:
    """One convolution; every entry has one number for each axis."""

    input: Index
    filter: Index
    stride: Index
    padding: Index
    dilation: Index

    @property
    def output(self) -> Index:
        return tuple(
            (h + 2 * p - d * (r - 1) - 1) // u + 1
            for h, r, u, p, d in zip(
                self.input, self.filter, self.stride, self.padding, self.dilation, strict=True
            )
        )


def sizes(input, filter, stride=1, padding=0, dilation=1):
    rank = len(input)

    def each(value):
        return value if isinstance(value, tuple) else (value,) * rank

    return Sizes(input, filter, each(stride), each(padding), each(dilation))


def equations(s: Sizes, flipped: bool = False) -> dict[tuple[str, Index], list[Term]]:
    """Every element of Y, dX and dF with the products it is the sum of, by plain loops."""
    found = {("Y", p): [] for p in cells(s.output)}
    found |= {("dX", m): [] for m in cells(s.input)}
    found |= {("dF", r): [] for r in cells(s.filter)}
    for p in cells(s.output):
        for r in cells(s.filter):
            m = tuple(
                i * u + k * d - lo
                for i, k, u, d, lo in zip(p, r, s.stride, s.dilation, s.padding, strict=True)
            )
            if all(0 <= i < h for i, h in zip(m, s.input, strict=True)):
                f = tuple(n - 1 - k for k, n in zip(r, s.filter, strict=True)) if flipped else r
                found["Y", p].append((("X", m), ("F", f)))
                found["dX", m].append((("dY", p), ("F", f)))
                found["dF", f].append((("dY", p), ("X", m)))
    return found


def cells(shape: Index):
    return list(product(*(range(n) for n in shape)))


@dataclass(frozen=True)
class Style:
    """How one author writes."""

    name: str
    language: str
    sizes: Sizes
    names: dict[str, str]
    base: int = 0
    index: Callable[[Index], str] = lambda i: "_{" + "".join(map(str, i)) + "}"
    gradient: Callable[[str], str] = lambda e: rf"\frac{{\partial L}}{{\partial {e}}}"
    own_gradient: str = ""
    times: str = ""
    plus: str = " + "
    equals: str = " = "
    display: str = "$$ {} $$"
    flipped: bool = False
    head: str = ""
    tail: str = ""
    value: Callable[[str], str] = lambda e: e
    wrt: tuple[str, ...] = field(default=("Y", "dX", "dF"))

    def element(self, tensor: str, index: Index) -> str:
        shown = self.index(tuple(i + self.base for i in index))
        if tensor == "dY" and self.own_gradient:
            return self.own_gradient + shown
        if tensor.startswith("d"):
            return self.gradient(self.names[tensor[1:]] + shown)
        return self.value(self.names[tensor] + shown)

    def product(self, term: Term) -> str:
        return self.times.join(self.element(*e) for e in term)

    def equation(self, target: tuple[str, Index], terms: list[Term]) -> str:
        right = self.plus.join(map(self.product, terms)) or "0"
        return self.element(*target) + self.equals + right

    def truth(self):
        return {k: v for k, v in equations(self.sizes, self.flipped).items() if k[0] in self.wrt}

    def document(self, lines: list[str]) -> str:
        parts = [self.head]
        for k, line in enumerate(lines):
            if k % 5 == 0:
                parts.append(f"Step {k // 5 + 1} of the worked example:")
            parts.append(self.display.format(line))
        return "\n\n".join([*parts, self.tail]) + "\n"

    def lines(self) -> list[str]:
        return [self.equation(k, v) for k, v in self.truth().items()]


def comma(i: Index) -> str:
    return "_{" + ",".join(map(str, i)) + "}"


def bracket(i: Index) -> str:
    return "[" + ", ".join(map(str, i)) + "]"


def semicolon(i: Index) -> str:
    return "_{" + ";".join(map(str, i)) + "}"


def spaced(i: Index) -> str:
    return "_{" + " ".join(map(str, i)) + "}"


def in_words(element: str) -> str:
    r"""The gradient as programs call it: \mathrm{dout}[0, 1] of \mathrm{out}[0, 1]."""
    name, rest = element.split("[")
    return rf"\mathrm{{d{name.removeprefix(chr(92) + 'mathrm').strip('{}')}}}[{rest}"


def doubled(i: Index) -> str:
    return "{}".join(f"_{{{n}}}" for n in i)


TEX = "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}"
END = "\\end{document}"
XFY = {"X": "x", "F": "f", "Y": "y"}

STYLES = [
    Style("plain", "markdown", sizes((5, 5), (3, 3), 2), XFY),
    Style(
        "capitals-from-one", "markdown", sizes((3, 3), (2, 2)),
        {"X": "X", "F": "F", "Y": "O"}, base=1, times=" * ",
    ),
    Style(
        "tex-commas", "latex", sizes((5, 4), (2, 2), (2, 1)),
        {"X": "a", "F": "w", "Y": "z"}, base=1, index=comma, times=r" \cdot ",
        display="\\begin{{equation}}\n  {}\n\\end{{equation}}", head=TEX, tail=END,
    ),
    Style(
        "delta", "latex", sizes((4, 3), (2, 2)),
        {"X": "x", "F": "w", "Y": "y"}, own_gradient=r"\delta",
        gradient=lambda e: rf"\dfrac{{\partial E}}{{\partial {e}}}", times=r"\,",
        display="\\[ {} \\]", head=TEX, tail=END,
    ),
    Style(
        "differentials", "markdown", sizes((4, 4), (2, 3)),
        {"X": "x", "F": "k", "Y": "y"}, gradient=lambda e: "d" + e, times=" ",
        display="- ${}$",
    ),
    Style(
        "one-axis", "markdown", sizes((8,), (3,), 2), {"X": "x", "F": "w", "Y": "y"},
        gradient=lambda e: f"dL/d{e}", times=" ", display="so \\({}\\) holds",
    ),
    Style(
        "one-axis-from-one", "latex", sizes((6,), (3,)), {"X": "u", "F": "h", "Y": "v"},
        base=1, gradient=lambda e: rf"\partial J / \partial {e}", times=r" \times ",
        display="\\begin{{align}}\n{} \\nonumber\n\\end{{align}}", equals=" &= ",
        head=TEX, tail=END,
    ),
    Style(
        "same-padding", "markdown", sizes((4, 4), (3, 3), 1, 1), {"X": "X", "F": "K", "Y": "Y"},
        index=comma, gradient=lambda e: rf"\frac{{dL}}{{d{e}}}", times=r"\cdot ",
    ),
    Style(
        "dilated", "markdown", sizes((9,), (3,), 1, 0, 2), {"X": "s", "F": "g", "Y": "t"},
        gradient=lambda e: rf"\nabla_{{{e}}} \mathcal{{L}}", times=r"\, ",
    ),
    Style(
        "dressed", "latex", sizes((4, 5), (2, 3), (2, 1)),
        {"X": r"\mathbf{x}", "F": r"\mathbf{w}", "Y": r"\mathbf{y}"}, index=comma,
        gradient=lambda e: rf"\cfrac{{\partial{{\mathcal{{L}}}}}}{{\partial{{{e}}}}}",
        times=r" \cdot ", plus="\n    \\\\ &\\quad + ", equals=" &= ",
        display="\\begin{{align*}}\n    {}\n\\end{{align*}}", head=TEX, tail=END,
    ),
    Style(
        "brackets", "markdown", sizes((4, 4), (3, 2), (1, 2)),
        {"X": "I", "F": "W", "Y": "O"}, index=bracket, times=" ",
        gradient=lambda e: rf"\tfrac{{\partial E}}{{\partial {e}}}",
    ),
    Style(
        "flipped", "latex", sizes((4, 4), (2, 2)), {"X": "x", "F": "h", "Y": "y"}, index=comma,
        flipped=True, times=" ", display="$$ {} $$", head=TEX, tail=END,
    ),
    Style(
        "layers", "latex", sizes((4, 4), (3, 3)),
        {"X": "a^{(l-1)}", "F": "w^{(l)}", "Y": "z^{(l)}"}, index=comma, times=" ",
        gradient=lambda e: rf"\frac{{\partial C}}{{\partial {e}}}",
        display="\\begin{{gather}}\n{}\n\\end{{gather}}", head=TEX, tail=END,
    ),
    Style(
        "wide", "markdown", sizes((2, 13), (1, 3), (1, 2)), {"X": "x", "F": "f", "Y": "y"},
        index=comma, times="", gradient=lambda e: rf"\frac{{\partial L}}{{\partial {e}}}",
    ),
    Style(
        "doubled", "markdown", sizes((3, 4), (2, 2)), {"X": "x", "F": "w", "Y": "o"},
        index=doubled, times=" * ", base=1, value=lambda e: e,
    ),
    Style(
        "accents", "markdown", sizes((4, 3), (2, 2)),
        {"X": r"\hat{x}", "F": r"\tilde w", "Y": "y'"}, index=spaced, times=r"\,",
    ),
    Style(
        "adjoints", "markdown", sizes((3, 4), (2, 2)), {"X": "x", "F": "w", "Y": "y"}, base=1,
        gradient=lambda e: rf"\bar {e}", times=" ",
    ),
    Style(
        "variations", "latex", sizes((5, 3), (2, 2), (1, 1)), {"X": "u", "F": "w", "Y": "z"},
        base=1, gradient=lambda e: rf"\delta {e}", times=r"\, ", head=TEX, tail=END,
    ),
    Style(
        "programs", "markdown", sizes((4, 4), (3, 3)), {"X": "x", "F": "w", "Y": r"\mathrm{out}"},
        index=bracket, gradient=in_words, times=" * ",
    ),
    Style(
        "loss-with-index", "markdown", sizes((3, 3), (2, 2)), {"X": "x", "F": "w", "Y": "y"},
        gradient=lambda e: rf"E_{{{e}}}", base=1,
    ),
    Style(
        "sign-with-index", "markdown", sizes((5, 3), (3, 2), (2, 1)),
        {"X": "x", "F": "k", "Y": "z"},
        gradient=lambda e: rf"\partial_{{{e}}} J", times=r"\,",
    ),
    Style(
        "packages", "latex", sizes((4, 3), (2, 2)), {"X": "x", "F": "w", "Y": "y"}, base=1,
        gradient=lambda e: rf"\pdv{{L}}{{{e}}}", index=comma,
        plus=" \\IEEEnonumber \\\\ && +\\: ",
        equals=" & = & ", times=r"\cdot ", tail=END,
        display="\\begin{{IEEEeqnarray}}{{rCl}}\n{}\n\\end{{IEEEeqnarray}}", head=TEX,
    ),
    Style(
        "semicolons", "latex", sizes((3, 3), (2, 2)), {"X": "e", "F": "w", "Y": "a"}, base=1,
        gradient=lambda e: rf"\frac{{\text{{d}} F}}{{\text{{d}} {e}}}", index=semicolon,
        times=r" \cdot ",
        display="\\begin{{equation*}}{} \\text{{;}}\\end{{equation*}}", head=TEX, tail=END,
    ),
]  # fmt: skip

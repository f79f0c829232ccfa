r"""Shows blocks as a .tex file of its own that LaTeX turns into one tight page.

It is the fragment of `symconv.views.document` with its prose set as prose; class ``standalone``,
amsmath, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symconv.equation import Element
from symconv.mathematics.latex import escaped
from symconv.mathematics.tree import Mathematics
from symconv.notation import Notation
from symconv.telling.blocks import Block
from symconv.views.document import Fragment, pieces

# As wide as what is on it: nothing is broken, nothing sticks out.
HEAD = r"""\documentclass[border=8pt,varwidth=\maxdimen]{standalone}
\usepackage{amsmath}
\setlength{\parindent}{0pt}
\setcounter{MaxMatrixCols}{40}
\begin{document}
"""


class _Page(Fragment):
    """The forms of a page: prose as prose, each display in brackets."""

    def heading(self, text: str) -> str:
        return rf"\textbf{{{text}}}\par"

    def subheading(self, text: str) -> str:
        return rf"\textit{{{text}}}\par"

    def item(self, said: str, states: str, because: Iterable[str]) -> str:
        words = f"{', '.join(filter(None, (said, states)))}; {'; '.join(because)}"
        return escaped(words) + r"\par"

    def code(self, text: str) -> str:
        return rf"\texttt{{{escaped(text)}}}"

    def inline(self, prose: str, latex: str) -> str:
        return f"${latex}$"

    def sentence(self, text: str) -> str:
        return text + r"\par"

    def table(self, rows: list[tuple[str, ...]]) -> str:
        columns = "l" * len(rows[0])
        body = " \\\\\n".join(" & ".join(map(escaped, row)) for row in rows)
        return f"\\begin{{tabular}}{{{columns}}}\n{body}\n\\end{{tabular}}\\par"

    def display(self, body: str) -> str:
        # A display is centred on the line, and there is none: the page is as wide as it needs.
        return f"\\smallskip $\\displaystyle\n{body}\n$\\par\\smallskip"

    def name(self, thing: Element | str | Mathematics) -> str:
        return f"${self.write.name(thing)}$"


def page(told: Iterable[Block], notation: Notation, comments: Sequence[str] = ()) -> Iterator[str]:
    """Yield a .tex file, piece by piece, with its comments."""
    yield from (f"% {comment}\n" for comment in comments)
    yield HEAD
    yield from pieces(told, _Page(notation))
    yield "\\end{document}\n"

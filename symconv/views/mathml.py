"""Shows blocks as a web page with MathML, which Word, PowerPoint and Keynote take by paste."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from symconv.equation import Element
from symconv.errors import SymconvError, to_install
from symconv.mathematics.tree import Mathematics
from symconv.notation import Notation
from symconv.telling.blocks import Block
from symconv.views.document import Fragment, pieces

HEAD = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>symconv</title>
<style>
math[display="block"] { margin: 0.8em 0; }
mtd { padding: 0.3em 0.4em; }
</style></head>
<body>
"""


class _Page(Fragment):
    """The forms of a web page."""

    def heading(self, text: str) -> str:
        return f"<h2>{text}</h2>"

    def subheading(self, text: str) -> str:
        return f"<h3>{text}</h3>"

    def item(self, said: str, states: str, because: Iterable[str]) -> str:
        words = f"{', '.join(filter(None, (said, states)))}; {'; '.join(because)}"
        return f"<p>{escape(words)}</p>"

    def code(self, text: str) -> str:
        return f"<code>{escape(text)}</code>"

    def inline(self, prose: str, latex: str) -> str:
        return _converted(latex, "inline")

    def sentence(self, text: str) -> str:
        return f"<p>{text}</p>"

    def table(self, rows: list[tuple[str, ...]]) -> str:
        lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
        return "<table>\n" + "\n".join(f"<tr>{line}</tr>" for line in lines) + "\n</table>"

    def display(self, body: str) -> str:
        return _converted(body, "block")

    def name(self, thing: Element | str | Mathematics) -> str:
        return _converted(self.write.name(thing), "inline")


def page(told: Iterable[Block], notation: Notation, comments: Sequence[str] = ()) -> Iterator[str]:
    """Yield a web page, piece by piece, with its comments.

    Raises:
        SymconvError: latex2mathml is not installed.
    """
    _converted("x", "inline")  # before anything is written: can it be?
    yield HEAD
    yield from (f"<!-- {comment} -->\n" for comment in comments)
    yield from pieces(told, _Page(notation))
    yield "</body>\n</html>\n"


def _converted(latex: str, display: str) -> str:
    try:
        from latex2mathml.converter import convert
    except ImportError:
        raise SymconvError(
            f"MathML needs latex2mathml, or write LaTeX; {to_install('figures')}"
        ) from None
    # latex2mathml knows split, which is the same, but not aligned.
    mathml: str = convert(latex.replace("{aligned}", "{split}"), display=display)
    return mathml

"""Where the mathematics of a document stands: spans, tables, comments, macros.

Two scanners, one for Markdown (code left alone, a dollar in prose is no mathematics) and one for
LaTeX (comments and verbatim text left alone).  Each walks over the text once; a search that found
nothing, or found something further on, is remembered, so that hostile text stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from symconv.documents.source.dialects import BLOCK, ROLE, block, role, without_options
from symconv.documents.source.place import Place
from symconv.documents.source.searches import Searches
from symconv.documents.source.text import Document

ENVIRONMENTS = [
    "equation",
    "align",
    "alignat",
    "flalign",
    "gather",
    "multline",
    "eqnarray",
    "displaymath",
    "math",
    "dmath",
    "dgroup",
    "darray",
    "IEEEeqnarray",
    "subequations",
    "empheq",
]


@dataclass(frozen=True, slots=True)
class Span:
    """Mathematics between its delimiters: its range, and the environment that delimits it."""

    start: int
    end: int
    environment: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a scanner finds in a document.

    Attributes:
        spans: mathematics, in order.
        comments: the texts of comments with their ranges.
        tables: rows of cells, each cell a range; a table is a run of neighbouring lines.
    """

    spans: list[Span] = field(default_factory=list)
    comments: list[tuple[Place, str]] = field(default_factory=list)
    tables: list[list[list[Place]]] = field(default_factory=list)


_ENVIRONMENT = r"\\begin[ ]*\{(?P<environment>" + "|".join(ENVIRONMENTS) + r")(?P<star>\*?)\}"
_MARKDOWN = (
    r"""^(?P<fence>[ \t]*(?:>[ ]?|[-*+][ ]+|\d+\.[ ]+)*(?P<marks>`{3,}|~{3,})(?P<info>[^\n]*))$
      |(?P<comment><!--)
      |(?P<role>"""
    + ROLE
    + r""")|(?P<block>"""
    + BLOCK
    + r""")
      |(?P<github>\$`)
      |(?P<code>`+)
      |(?P<bracket>\\{1,2}[\[(])
      |(?P<environments>"""
    + _ENVIRONMENT
    + r""")
      |(?P<escape>\\[\s\S])
      |(?P<dollars>\$+)"""
)
_LATEX = (
    r"""(?P<comment>%[^\n]*)
      |\\verb\*?(?P<verb>[^\sA-Za-z*])
      |\\begin\{(?P<verbatim>verbatim|Verbatim|lstlisting|minted|comment|filecontents)(?P<vstar>\*?)\}
      |(?P<definition>\\(?:(?:re)?newcommand|providecommand|(?:New|Renew|Provide)DocumentCommand)\*?
          |\\def(?=\\)|\\DeclareMathOperator\*?)
      |(?P<environments>"""
    + _ENVIRONMENT
    + r""")
      |(?P<bracket>\\[\[(])
      |(?P<escape>\\[\s\S])
      |(?P<dollars>\$+)"""
)
_EMPHEQ = re.compile(r"\s*(?:\[[^\]\n]{0,200}\])?\s*\{(?P<environment>[A-Za-z]+)\*?(?:=\d+)?\}")
_UNESCAPED_DOLLAR = re.compile(r"\\[\s\S]|(?P<end>\$)")
_BAR = re.compile(r"[|\t]")
_CLOSING = {"[": "]", "(": ")"}


def layout(document: Document) -> Layout:
    """Return spans, comments and tables of a document."""
    if document.language == "latex":
        return _latex(document.text)
    result = _markdown(document.text)
    _tables(document, result)
    return result


def _markdown(text: str) -> Layout:
    result, searches, position = Layout(), Searches(text), 0
    marks = re.compile(_MARKDOWN, re.VERBOSE | re.MULTILINE)
    while found := marks.search(text, position):
        kind, position = found.lastgroup, found.end()
        if found["fence"] is not None:
            position = _fence(found, searches, result)
        elif kind == "comment":
            start, end = searches.after("-->", position)
            if start >= 0:
                result.comments.append((Place(found.start(), end), text[position:start]))
                position = end
        elif kind in ("role", "block"):
            inside, position = (role if kind == "role" else block)(found, searches)
            result.spans.extend(Span(start, end) for start, end in inside)
        elif kind == "github":
            start, end = searches.within_paragraph(r"`\$", position)
            if start >= 0:
                result.spans.append(Span(position, start))
                position = end
        elif kind == "code":
            ticks = found.group()
            _, end = searches.within_paragraph(rf"(?<!`){ticks}(?!`)", position)
            position = max(position, end) if len(ticks) < 64 else position
        elif found["environments"] is not None:
            position = _environment(found, searches, result)
        elif kind == "bracket":
            position = _bracket(found.group(), position, searches, result)
        elif kind == "dollars":
            position = _dollars(text, found.start(), found.group(), searches, result, strict=True)
    return result


def _latex(text: str) -> Layout:
    result, searches, position = Layout(), Searches(text), 0
    marks = re.compile(_LATEX, re.VERBOSE)
    while found := marks.search(text, position):
        kind, position = found.lastgroup, found.end()
        if kind == "comment":
            result.comments.append((Place(*found.span()), found.group()[1:]))
        elif found["verb"] is not None:
            end = text.find(found["verb"], position, position + 400)
            position = end + 1 if end >= 0 else position
        elif found["verbatim"] is not None:
            _, end = searches.after(
                r"\\end\{" + found["verbatim"] + re.escape(found["vstar"]) + r"\}", position
            )
            position = max(position, end)
        elif kind == "definition":
            _, end = searches.after(r"\n", position)
            position = max(position, end)
        elif found["environments"] is not None:
            position = _environment(found, searches, result)
        elif kind == "bracket":
            position = _bracket(found.group(), position, searches, result)
        elif kind == "dollars":
            position = _dollars(text, found.start(), found.group(), searches, result, strict=False)
    return result


def _fence(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Skip a code block; one that says ``math`` is mathematics."""
    marks = found["marks"]
    info = found["info"].strip().lower()
    if marks[0] == "`" and "`" in info:  # a code span of three ticks
        return found.end("marks")
    start, end = searches.after(
        rf"^[ \t>]*{marks[0]}{{{min(len(marks), 64)},}}[ \t]*$", found.end()
    )
    if start < 0:
        return len(searches.text)
    if info in ("math", "{math}", "latex math"):
        result.spans.append(Span(without_options(searches.text, found.end()), start, "math"))
    return end


def _environment(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Take the inside of \\begin{align} .. \\end{align}."""
    name = found["environment"]
    start, end = searches.after(
        r"\\end[ ]*\{" + name + re.escape(found["star"]) + r"\}", found.end()
    )
    if start < 0:
        return found.end()
    first = found.end()
    if name == "empheq" and (inner := _EMPHEQ.match(searches.text, first)):
        first, name = inner.end(), inner["environment"]
    if name in ("alignat", "IEEEeqnarray"):  # their argument tells of columns
        first = max(first, searches.text.find("}", first, first + 40) + 1)
    result.spans.append(Span(first, start, name))
    return end


def _bracket(opening: str, position: int, searches: Searches, result: Layout) -> int:
    """Take the inside of \\( .. \\) or \\[ .. \\]."""
    closing = re.escape(opening[:-1] + _CLOSING[opening[-1]])
    start, end = searches.after(rf"(?<!\\){closing}", position)
    if start < 0 or start > searches.paragraph_end(position):
        return position
    result.spans.append(Span(position, start, "display" if opening[-1] == "[" else ""))
    return end


def _dollars(
    text: str, opening: int, sign: str, searches: Searches, result: Layout, strict: bool
) -> int:
    """Take the inside of $ .. $ or $$ .. $$, or step over a dollar that is money."""
    position = opening + len(sign)
    if len(sign) > 2:
        return position
    limit = searches.paragraph_end(position)
    if sign == "$" and text.startswith("latex ", position):  # $latex x_1$, as blogs want it
        position += len("latex ")
    if sign == "$$":
        start, end = searches.after(r"(?<!\\)\$\$", position)
        alone = _begins_line(text, opening)
        if start < 0 or (start > limit and not (alone and text[position : position + 1] in "\r\n")):
            return position
        result.spans.append(Span(position, start, "display"))
        return end
    for found in _UNESCAPED_DOLLAR.finditer(text, position, limit):
        if found["end"]:
            close = found.start()
            if strict and not _may_be_inline(text, position, close):
                return position
            result.spans.append(Span(position, close))
            return close + 1
    return position


def _begins_line(text: str, position: int) -> bool:
    """Whether only spaces and marks of quotation stand before a place on its line."""
    while position > 0 and text[position - 1] in " \t>":
        position -= 1
    return position == 0 or text[position - 1] == "\n"


def _may_be_inline(text: str, start: int, end: int) -> bool:
    """Whether $ .. $ is mathematics: no space inside the dollars, no digit behind them."""
    if start == end:
        return False
    spaced = text[start].isspace(), text[end - 1].isspace()
    if any(spaced):
        inside = text[start:end]
        return all(spaced) and "\n" not in inside and ("_" in inside or "\\" in inside)
    return not text[end + 1 : end + 2].isdigit()


def _tables(document: Document, result: Layout) -> None:
    """Add tables to ``result``: neighbouring lines whose cells are parted by bars or tabs."""
    table: list[list[Place]] = []
    previous = 0
    text = document.text
    for number, cuts in _bars(document, result.spans).items():
        start = document.starts[number - 1]
        end = document.starts[number] if number < len(document.starts) else len(text)
        bars = text[cuts[0]]
        cuts = [k for k in cuts if text[k] == bars]
        row = [
            Place(a, b) for a, b in zip([start, *(k + 1 for k in cuts)], [*cuts, end], strict=True)
        ]
        if bars == "|" and not text[row[0].start : row[0].end].strip():
            row = row[1:]
        if table and number > previous + 1:
            result.tables.append(table)
            table = []
        if not set(text[start:end].strip()) <= set("|-: +"):
            table.append(row)
        previous = number
    if table:
        result.tables.append(table)


def _bars(document: Document, spans: Sequence[Span]) -> dict[int, list[int]]:
    """Return where bars and tabs stand outside of mathematics, by the number of the line."""
    inside = iter(spans)
    span = next(inside, None)
    found: dict[int, list[int]] = {}
    for bar in _BAR.finditer(document.text):
        k = bar.start()
        while span and span.end <= k:
            span = next(inside, None)
        if not (span and span.start <= k):
            found.setdefault(document.line(k), []).append(k)
    return found

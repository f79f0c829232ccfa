"""Where the mathematics of a document stands: spans, tables, comments, macros.

One scanner with a table of marks for each language: in Markdown code is left alone, and a dollar in
prose is no mathematics; in LaTeX comments and verbatim text are left alone.  It walks over the text
once; a search that found nothing, or found something further on, is remembered, so that hostile
text stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from symconv.documents.source.dialects import (
    BLOCK,
    DOXYGEN,
    LITERAL,
    ROLE,
    block,
    closing,
    literal,
    role,
    without_options,
)
from symconv.documents.source.place import Place
from symconv.documents.source.searches import Searches
from symconv.documents.source.text import Document, Language

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
        code: what is set as it is typed, and no prose.
    """

    spans: list[Span] = field(default_factory=list)
    comments: list[tuple[Place, str]] = field(default_factory=list)
    tables: list[list[list[Place]]] = field(default_factory=list)
    code: list[Place] = field(default_factory=list)


_ENVIRONMENT = (
    r"(?P<environment>\\begin[ ]*\{(?P<name>" + "|".join(ENVIRONMENTS) + r")(?P<star>\*?)\})"
)
_HTML = r"(?P<html><!--)"
_ROLES = rf"(?P<role>{ROLE})|(?P<block>{BLOCK})"
_BRACKET, _ESCAPE = r"(?P<bracket>\\{1,2}[\[(])", r"(?P<escape>\\[\s\S])"
_MARKS = {
    Language.MARKDOWN: (
        r"^(?P<fence>[ \t]*(?:>[ ]?|[-*+][ ]+|\d+\.[ ]+)*(?P<marks>`{3,}|~{3,})(?P<info>[^\n]*))$",
        _HTML,
        _ROLES,
        r"(?P<github>\$`)",
        r"(?P<code>`+)",
        DOXYGEN,
        _BRACKET,
        _ENVIRONMENT,
        _ESCAPE,
        r"(?P<dollars>\$+)",
    ),
    Language.LATEX: (
        r"(?P<line>%(?P<said>[^\n]*))",
        r"\\verb\*?(?P<verb>[^\sA-Za-z*])",
        r"(?P<verbatim>\\begin\{(?P<listing>verbatim|Verbatim|lstlisting|minted|comment|filecontents)"
        r"(?P<starred>\*?)\})",
        r"(?P<definition>\\(?:(?:re)?newcommand|providecommand|(?:New|Renew|Provide)DocumentCommand)"
        r"\*?|\\def(?=\\)|\\DeclareMathOperator\*?)",
        _ENVIRONMENT,
        r"(?P<bracket>\\[\[(])",
        _ESCAPE,
        r"(?P<any_dollars>\$+)",
    ),
    Language.RST: (
        r"(?P<line>^\.\.[ ](?P<said>symconv:[^\n]*))",
        _ROLES,
        LITERAL,
        r"(?P<code>``)",
    ),
    Language.DOXYGEN: (_HTML, r"(?P<line>//[/!]?[ \t]*(?P<said>symconv:[^\n]*))", DOXYGEN),
}
_MARKS[Language.NOTEBOOK] = _MARKS[Language.MARKDOWN]
"""What begins something in each language, the first that fits; the name says who reads on."""
_EMPHEQ = re.compile(r"\s*(?:\[[^\]\n]{0,200}\])?\s*\{(?P<environment>[A-Za-z]+)\*?(?:=\d+)?\}")
_UNESCAPED_DOLLAR = re.compile(r"\\[\s\S]|(?P<end>\$)")
_BAR = re.compile(r"[|\t]")
_CLOSING = {"[": "]", "(": ")"}


def layout(document: Document) -> Layout:
    """Return spans, comments and tables of a document."""
    text = document.text
    result, searches, position = Layout(), Searches(text), 0
    marks = re.compile("|".join(_MARKS[Language(document.language)]), re.MULTILINE)
    while found := marks.search(text, position):
        position = _READERS[found.lastgroup or ""](found, searches, result)
    if document.language in (Language.MARKDOWN, Language.RST, Language.NOTEBOOK):
        _tables(document, result)
    return result


def _line_comment(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Take a comment that ends with its line."""
    result.comments.append((Place(*found.span()), found["said"]))
    return found.end()


def _html(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Take <!-- a comment -->."""
    start, end = searches.after("-->", found.end())
    if start < 0:
        return found.end()
    result.comments.append((Place(found.start(), end), searches.text[found.end() : start]))
    return end


def _dialect(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Take mathematics in a role or a block."""
    inside, end = (role if found.lastgroup == "role" else block)(found, searches)
    result.spans.extend(Span(*between) for between in inside)
    return end


def _github(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Take $` mathematics `$."""
    start, end = searches.within_paragraph(r"`\$", found.end())
    if start < 0:
        return found.end()
    result.spans.append(Span(found.end(), start))
    return end


def _code(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Skip code in a line."""
    ticks = found.group()
    if len(ticks) >= 64:
        return found.end()
    _, end = searches.within_paragraph(rf"(?<!`){ticks}(?!`)", found.end())
    return max(found.end(), end)


def _literal(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Skip a block that reStructuredText does not read."""
    end = literal(found, searches.text)
    result.code.append(Place(found.end(), end))
    return end


def _doxygen(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Take what stands between the commands of Doxygen."""
    start, end = searches.after(closing(found), found.end())
    if start < 0 or (found["sign"] in "$(" and start > searches.paragraph_end(found.end())):
        return found.end()
    kind = found["doxygen_environment"] or ("display" if found["sign"] == "[" else "")
    result.spans.append(Span(found.end(), start, kind))
    return end


def _skip(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Skip a mark that opens nothing."""
    return found.end()


def _verb(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Skip \\verb|..|."""
    end = searches.text.find(found["verb"], found.end(), found.end() + 400)
    return end + 1 if end >= 0 else found.end()


def _verbatim(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Skip an environment of code."""
    _, end = searches.after(
        r"\\end\{" + found["listing"] + re.escape(found["starred"]) + r"\}", found.end()
    )
    result.code.append(Place(found.end(), max(found.end(), end)))
    return max(found.end(), end)


def _definition(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Skip the line of a definition."""
    _, end = searches.after(r"\n", found.end())
    return max(found.end(), end)


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
        start = end = len(searches.text)
    if info in ("math", "{math}", "latex math"):
        result.spans.append(Span(without_options(searches.text, found.end()), start, "math"))
    else:
        result.code.append(Place(found.end(), start))
    return end


def _environment(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Take the inside of \\begin{align} .. \\end{align}."""
    name = found["name"]
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


def _bracket(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Take the inside of \\( .. \\) or \\[ .. \\]."""
    opening, position = found.group(), found.end()
    closing = re.escape(opening[:-1] + _CLOSING[opening[-1]])
    start, end = searches.after(rf"(?<!\\){closing}", position)
    if start < 0 or start > searches.paragraph_end(position):
        return position
    result.spans.append(Span(position, start, "display" if opening[-1] == "[" else ""))
    return end


def _dollars(found: re.Match[str], searches: Searches, result: Layout) -> int:
    """Take the inside of $ .. $ or $$ .. $$, or step over a dollar that is money."""
    text, sign, position = searches.text, found.group(), found.end()
    if len(sign) > 2:
        return position
    limit = searches.paragraph_end(position)
    if sign == "$" and text.startswith("latex ", position):  # $latex x_1$, as blogs want it
        position += len("latex ")
    if sign == "$$":
        start, end = searches.after(r"(?<!\\)\$\$", position)
        alone = _begins_line(text, found.start())
        if start < 0 or (start > limit and not (alone and text[position : position + 1] in "\r\n")):
            return position
        result.spans.append(Span(position, start, "display"))
        return end
    for end_ in _UNESCAPED_DOLLAR.finditer(text, position, limit):
        if end_["end"]:
            close = end_.start()
            if found.lastgroup == "dollars" and not _may_be_inline(text, position, close):
                return position
            result.spans.append(Span(position, close))
            return close + 1
    return position


_READERS: dict[str, Callable[[re.Match[str], Searches, Layout], int]] = {
    "fence": _fence, "html": _html, "line": _line_comment, "role": _dialect, "block": _dialect,
    "github": _github, "code": _code, "doxygen": _doxygen, "bracket": _bracket,
    "environment": _environment, "escape": _skip, "dollars": _dollars, "any_dollars": _dollars,
    "literal": _literal, "verb": _verb, "verbatim": _verbatim, "definition": _definition,
}  # fmt: skip


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

r"""Mathematics in the dialects of Markdown, and in pages that were something else before.

{math}`x_{00}`   :math:`x_{00}`   stem:[x_{00}]   <math>x_{00}</math>   \f$ x_{00} \f$
:::{math}        .. math::        [stem]                                \f[ x_{00} \f]
:label: first       x_{00}        ++++
"""

from __future__ import annotations

import re

from symconv.documents.source.searches import Searches

Range = tuple[int, int]

ROLE = r"(?:\{math\}|:math:)`|(?:stem|latexmath):\[|\[math\]|<math(?:[ ][^>\n]{0,200})?>(?![ \n]*<)"
"""What opens mathematics in a line."""
BLOCK = (
    r"^[ \t]*(?:\[(?:stem|latexmath)\][ \t\r]*\n\+{4}(?![+\s]*(?:\\\[|\$))"
    r"|:{3,}[ ]?\{math\}|\.\.[ ]math::)"
)
"""What opens mathematics that stands by itself."""
LITERAL = (
    r"(?P<literal>^[ \t]*\.\.[ ](?:code|code-block|sourcecode|parsed-literal|highlight|raw)::"
    r"|::(?=[ \t\r]*$))"
)
"""What opens a block that reStructuredText leaves alone: the lines that stand further in."""
DOXYGEN = r"(?P<doxygen>[\\@]f(?P<sign>[$\[(]|\{(?P<doxygen_environment>[A-Za-z]+)\*?\}\{?))"
"""What opens mathematics in the comments of Doxygen."""
_DOXYGEN = {"$": r"[\\@]f\$", "[": r"[\\@]f\]", "(": r"[\\@]f\)", "{": r"[\\@]f\}"}
_CLOSING = {
    "]": r"\[/math\]",
    "`": "`",
    "[": r"(?<!\\)\]",
    ">": "</math>",
    "+": r"^\+{4}",
    "}": r"^[ \t]*:{3,}[ \t\r]*$",
}
_OPTIONS = re.compile(r"(?:[ \t\r]*\n[ \t>]*:[A-Za-z-]+:[^\n]*)+")
_LINE = re.compile(r"\n(?P<indent>[ \t]*)(?=[^ \t\r\n])")
_PARAGRAPHS = re.compile(r"(?:[^\n]|\n(?![ \t\r]*\n))+")


def without_options(text: str, position: int) -> int:
    """Return where the mathematics begins behind lines such as :label: first."""
    found = _OPTIONS.match(text, position)
    return found.end() if found else position


def role(found: re.Match[str], searches: Searches) -> tuple[list[Range], int]:
    """Return the ranges that an opening in a line gives, and where to go on."""
    start, end = searches.within_paragraph(_CLOSING[found.group()[-1]], found.end())
    return ([(found.end(), start)], end) if start >= 0 else ([], found.end())


def block(found: re.Match[str], searches: Searches) -> tuple[list[Range], int]:
    """Return the ranges that an opening of a block gives, and where to go on."""
    first = without_options(searches.text, found.end())
    if found.group().endswith("::"):
        end = _outdented(found.group(), found.end(), searches.text)
        paragraphs = _PARAGRAPHS.finditer(searches.text, first, end)
        return [inside.span() for inside in paragraphs if inside.group().strip()], end
    start, end = searches.after(_CLOSING[found.group()[-1]], found.end())
    return ([(first, start)], end) if start >= first else ([], found.end())


def closing(found: re.Match[str]) -> str:
    r"""Return what closes the mathematics that \f$, \f[, \f( or \f{align}{ opens."""
    return _DOXYGEN[found["sign"][0]]


def literal(found: re.Match[str], text: str) -> int:
    """Return where a block ends that reStructuredText leaves alone, if one begins here."""
    line = text[text.rfind("\n", 0, found.start()) + 1 : found.end()]
    if found.group() == "::" and line.lstrip().startswith(".."):
        return found.end()  # a directive, whose content is read
    return _outdented(line, found.end(), text)


def _outdented(line: str, position: int, text: str) -> int:
    """Return where the lines behind a line end that stand further in."""
    margin = len(line) - len(line.lstrip())
    for each in _LINE.finditer(text, position):
        if len(each["indent"]) <= margin:
            return each.start()
    return len(text)

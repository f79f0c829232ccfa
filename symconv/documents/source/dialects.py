r"""Mathematics in the dialects of Markdown, and in pages that were something else before.

{math}`x_{00}`   :math:`x_{00}`   stem:[x_{00}]   <math>x_{00}</math>
:::{math}        .. math::        [stem]
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
        end = _outdented(found, searches.text)
        paragraphs = _PARAGRAPHS.finditer(searches.text, first, end)
        return [inside.span() for inside in paragraphs if inside.group().strip()], end
    start, end = searches.after(_CLOSING[found.group()[-1]], found.end())
    return ([(first, start)], end) if start >= first else ([], found.end())


def _outdented(found: re.Match[str], text: str) -> int:
    """Return where the lines end that stand further in than the opening."""
    opening = found.group()
    margin = len(opening) - len(opening.lstrip())
    for line in _LINE.finditer(text, found.end()):
        if len(line["indent"]) <= margin:
            return line.start()
    return len(text)

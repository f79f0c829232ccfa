"""What `check` finds, for Python: the verdicts on one document, or on several."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from symconv.documents.check import Report
from symconv.documents.check import check as check_document
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import READ, DocumentError, document, load
from symconv.documents.source.text import Language as Languages
from symconv.documents.sources import named
from symconv.documents.verdicts.verdict import AGREE, NOT_JUDGED, WRONG, Ruling
from symconv.geometry import Padding, Sizes

Language = Literal["markdown", "latex", "rst", "notebook", "doxygen"]

TYPED = "<text>"
"""What a text is called that is no file."""


@dataclass(frozen=True)
class Findings:
    """The verdicts on the equations of one document, or of several.

    Attributes:
        reports: what was found in each document, in order.
    """

    reports: tuple[Report, ...]

    text: ClassVar[Callable[[Findings], str]] = object.__repr__
    brief: ClassVar[Callable[[Findings], str]] = object.__repr__
    html: ClassVar[Callable[[Findings], str]] = object.__repr__
    markdown: ClassVar[Callable[[Findings], str]] = object.__repr__
    to_json: ClassVar[Callable[[Findings], str]] = object.__repr__
    """How findings are shown, all of them or the first; the view of notebooks registers itself
    here."""

    @property
    def agree(self) -> int:
        """How many equations agree."""
        return self._count(AGREE)

    @property
    def wrong(self) -> int:
        """How many equations are wrong."""
        return self._count(WRONG)

    @property
    def not_judged(self) -> int:
        """How many equations are not judged."""
        return self._count(NOT_JUDGED)

    @property
    def counts(self) -> str:
        """How many agree, are wrong, are not judged, in words."""
        return f"{self.agree} agree, {self.wrong} wrong, {self.not_judged} not judged"

    @property
    def silent(self) -> bool:
        """Whether a document has equations and none that agrees or is wrong, or none has any."""
        judged = [report for report in self.reports if report.judgements]
        return not judged or any(r.count(NOT_JUDGED) == len(r.judgements) for r in judged)

    def assert_agrees(self) -> None:
        """Raise an AssertionError if anything is wrong, or nothing in a document was judged."""
        if self.wrong or self.silent or any(report.sentences for report in self.reports):
            raise AssertionError(self.brief())

    def assert_wrong(self) -> None:
        """Raise an AssertionError, unless some equation is wrong."""
        if not self.wrong:
            raise AssertionError(f"nothing is wrong: {self.counts}")

    def _count(self, verdict: Ruling) -> int:
        return sum(report.count(verdict) for report in self.reports)

    def __bool__(self) -> bool:
        raise TypeError(
            "Findings are neither true nor false: ask for .wrong, or call .assert_agrees()"
        )

    def __repr__(self) -> str:
        return self.brief()

    def _repr_html_(self) -> str:
        return self.html()


def check(
    source: str | os.PathLike[str],
    *,
    language: Language | None = None,
    input: str | Sizes | None = None,
    filter: str | Sizes | None = None,
    stride: str | Sizes | None = None,
    padding: Padding | None = None,
    dilation: str | Sizes | None = None,
    names: str | Sequence[str] | None = None,
    index_base: int | None = None,
    forward: Literal["correlation", "convolution"] | None = None,
) -> Findings:
    r"""Judge every equation about a convolution in a document.

    Args:
        source: a file or a folder, whose pyproject.toml is heeded; or a text: what has a line
            break, a dollar or a backslash and is no file that exists.
        language: ``markdown``, ``latex``, ``rst``, ``notebook`` or ``doxygen``; of a file by its
            name, of a text Markdown.
        input: hint: the input's size, as 5, (5, 4) or "5x4".
        filter: hint: the filter's size.
        stride: hint: the step between windows.
        padding: hint: as in `derive`, a number, one or a (before, after) pair for each axis, or
            "top,bottom,left,right".
        dilation: hint: the step between filter elements.
        names: hint: names of input, filter and output, as "x,w,y" or three of them.
        index_base: hint: 0 or 1, where indices begin.
        forward: hint: whether the forward pass slides the filter as it is, or flipped.

    Raises:
        DocumentError: there is no such file, nothing in it, it cannot be read, or a hint cannot.

    >>> check("$y_1 = x_1 w_1 + x_2 w_2$\n\n$y_2 = x_2 w_1 + x_4 w_2$", input=3, filter=2, stride=1)
    1 agree, 1 wrong, 0 not judged
    <text>:3:18: error SC201: x_4 should be x_3: the window of this output begins at (2)
      |
    3 | $y_2 = x_2 w_1 + x_4 w_2$
      |                  ^^^^^^^
      = help: write x_3
    """
    given = {
        "input": input, "filter": filter, "stride": stride, "padding": padding,
        "dilation": dilation, "names": names, "index_base": index_base, "forward": forward,
    }  # fmt: skip
    told = hints({key: _written(value) for key, value in given.items() if value is not None})
    if isinstance(source, str) and not source.strip():
        raise DocumentError("the source is empty; give a file, a folder or a text")
    if isinstance(source, str) and _is_text(source):
        typed = document(TYPED, source, _known(language) or Languages.MARKDOWN)
        return Findings((check_document(typed, told),))
    files = list(named([os.fspath(source)], told))
    if not files:
        raise DocumentError(f"no document in {os.fspath(source)}: {READ} are read")
    language = _known(language)
    return Findings(tuple(check_document(load(file, language), own) for file, own in files))


def _written(value: object) -> str:
    """Return a hint as it is typed: (5, 4) is 5x4, pairs and names have commas between them."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return str(value)
    if any(isinstance(each, Sequence) and not isinstance(each, str) for each in value):
        pairs = (each if isinstance(each, Sequence) else (each, each) for each in value)
        return ",".join(str(n) for pair in pairs for n in pair)
    return ("," if any(isinstance(each, str) for each in value) else "x").join(map(str, value))


def _is_text(source: str) -> bool:
    """Whether a string is a document itself, and no name of one."""
    if not any(sign in source for sign in "\n$\\"):
        return False
    try:
        return not Path(source).exists()
    except (OSError, ValueError):  # longer than any name may be
        return True


def _known(language: Language | None) -> Language | None:
    if language is not None and language not in [*Languages]:
        raise DocumentError(f"language is {language!r}; it is one of {', '.join(Languages)}")
    return language

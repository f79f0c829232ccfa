"""A document as text, with the line and column of every place in it."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

from symconv.errors import SymconvError

LANGUAGES = {
    ".md": "markdown", ".markdown": "markdown", ".mkd": "markdown", ".mdx": "markdown",
    ".qmd": "markdown", ".rmd": "markdown", ".tex": "latex", ".latex": "latex", ".ltx": "latex",
}  # fmt: skip
"""The language of a file, by the end of its name."""

LARGEST = 64_000_000
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NEWLINE = re.compile(r"\r\n|\n|\r")


class DocumentError(SymconvError):
    """A document cannot be read, or nothing in it can be checked."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document: where it comes from, its language and its text.

    Attributes:
        path: what to call it in messages.
        language: ``markdown`` or ``latex``.
        text: the decoded text, line ends as they are.
        encoding: how to write it back.
    """

    path: str
    language: str
    text: str
    encoding: str = "utf-8"
    starts: tuple[int, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = (0, *(found.end() for found in _NEWLINE.finditer(self.text)))
        object.__setattr__(self, "starts", starts)

    def line(self, offset: int) -> int:
        """Return the line of a place, counted from 1."""
        return bisect_right(self.starts, offset)

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of a place, both counted from 1, in characters."""
        line = self.line(offset)
        return line, offset - self.starts[line - 1] + 1

    def line_range(self, line: int) -> tuple[int, int]:
        """Return where a line begins and where it ends, its end left out."""
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def source_line(self, line: int) -> str:
        """Return a line without its end."""
        return self.text[slice(*self.line_range(line))]


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and its encoding: UTF-8, UTF-16 with a mark, else Latin-1."""
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                break
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def load(path: Path, language: str | None = None) -> Document:
    """Return the document in a file.

    Raises:
        DocumentError: it cannot be read, is too large, or its language is not known.
    """
    language = language or LANGUAGES.get(path.suffix.lower())
    if language is None:
        raise DocumentError(
            f"{path}: neither Markdown nor LaTeX by its name; say --language markdown or latex"
        )
    try:
        if path.stat().st_size > LARGEST:
            raise DocumentError(f"{path}: larger than {LARGEST // 1_000_000} MB; split it")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror or error}") from None
    text, encoding = decode(data)
    return Document(str(path), language, text, encoding)


def documents_in(folder: Path) -> list[Path]:
    """Return every Markdown and LaTeX file below a folder, hidden folders left out, sorted."""
    found = []
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.suffix.lower() in LANGUAGES and path.is_file():
            found.append(path)
    return found

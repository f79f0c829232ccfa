"""A document as text, with the line and column of every place in it."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from symconv.errors import SymconvError


class Language(StrEnum):
    """What a document is written in."""

    MARKDOWN = "markdown"
    LATEX = "latex"
    RST = "rst"
    NOTEBOOK = "notebook"
    DOXYGEN = "doxygen"


LANGUAGES = {
    **dict.fromkeys((".md", ".markdown", ".mkd", ".mdx", ".qmd", ".rmd"), Language.MARKDOWN),
    **dict.fromkeys((".tex", ".latex", ".ltx"), Language.LATEX),
    **dict.fromkeys((".rst", ".rest"), Language.RST),
    **dict.fromkeys((".ipynb",), Language.NOTEBOOK),
    **dict.fromkeys(
        (".h", ".hh", ".hpp", ".hxx", ".inl", ".ipp", ".tpp", ".c", ".cc", ".cpp", ".cxx", ".cu",
         ".cuh", ".dox"),
        Language.DOXYGEN,
    ),
}  # fmt: skip
"""The language of a file, by the end of its name."""
READ = "Markdown, LaTeX, reStructuredText, notebooks and the comments of C and C++"
"""What is read, in words."""

LARGEST = 64_000_000
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
BETWEEN_CELLS = "\n\n\f\n\n"
"""What parts the cells of a notebook in its text."""
_NEWLINE = re.compile(r"\r\n|\n|\r")


class DocumentError(SymconvError):
    """A document cannot be read, or nothing in it can be checked."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document: where it comes from, its language and its text.

    Attributes:
        path: what to call it in messages.
        language: one of `Language`.
        text: the decoded text, line ends as they are; of a notebook its Markdown
            (`symconv.documents.source.notebooks`).
        encoding: how to write it back.
        raw: what the file holds, where that is not the text.
    """

    path: str
    language: str
    text: str
    encoding: str = "utf-8"
    raw: str = field(default="", repr=False)
    starts: tuple[int, ...] = field(default=(), repr=False, compare=False)
    cells: tuple[int, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = (0, *(found.end() for found in _NEWLINE.finditer(self.text)))
        object.__setattr__(self, "starts", starts)
        if self.language == Language.NOTEBOOK:
            between = re.finditer(re.escape(BETWEEN_CELLS), self.text)
            object.__setattr__(self, "cells", (0, *(found.end() for found in between)))

    def line(self, offset: int) -> int:
        """Return the line of a place in the text, counted from 1."""
        return bisect_right(self.starts, offset)

    def cell(self, offset: int) -> int:
        """Return the cell of a place, counted from 1; 0 where there are no cells."""
        return bisect_right(self.cells, offset)

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of a place, both counted from 1, in characters.

        Lines of a notebook are counted in each cell.
        """
        line, cell = self.line(offset), self.cell(offset)
        first = self.line(self.cells[cell - 1]) if cell else 1
        return line - first + 1, offset - self.starts[line - 1] + 1

    def where(self, offset: int, column: bool = True) -> str:
        """Return a place as messages name it: ``notes.md:3:24``, ``notes.ipynb:cell 2:3:24``."""
        cell, (line, at) = self.cell(offset), self.place(offset)
        parts = [self.path, *([f"cell {cell}"] if cell else []), line, *([at] if column else [])]
        return ":".join(map(str, parts))

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


def language_of(path: str) -> Language:
    """Return what the end of a name says that a document is written in.

    Raises:
        DocumentError: it says nothing.
    """
    language = LANGUAGES.get(Path(path).suffix.lower())
    if language is None:
        raise DocumentError(
            f"{path}: its name does not say what it is written in; say --language, one of "
            f"{', '.join(Language)}"
        )
    return language


def document(
    path: str, text: str, language: str | None = None, encoding: str = "utf-8"
) -> Document:
    """Return a document.

    Args:
        path: what to call it.
        text: what its file holds.
        language: one of `Language`; by default what the end of its name says.
        encoding: how to write it back.

    Raises:
        DocumentError: its language is not known, or it is a notebook that cannot be read.
    """
    language = language or language_of(path)
    if language != Language.NOTEBOOK:
        return Document(path, language, text, encoding)
    from symconv.documents.source.notebooks import NotebookError, cells

    try:
        return Document(path, language, BETWEEN_CELLS.join(cells(text)), encoding, text)
    except NotebookError as error:
        raise DocumentError(f"{path}: {error}") from None


def load(path: Path, language: str | None = None) -> Document:
    """Return the document in a file.

    Raises:
        DocumentError: it cannot be read, is too large, or its language is not known.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise DocumentError(f"{path}: larger than {LARGEST // 1_000_000} MB; split it")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror or error}") from None
    text, encoding = decode(data)
    return document(str(path), text, language, encoding)


def documents_in(folder: Path) -> list[Path]:
    """Return every document below a folder, hidden folders left out, sorted."""
    found = []
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.suffix.lower() in LANGUAGES and path.is_file():
            found.append(path)
    return found

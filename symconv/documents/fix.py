"""Mending a document: wrong terms replaced in place, nothing else touched.

A mend counts only if the document, read again, then agrees there.
"""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from symconv.documents.check import Report, check
from symconv.documents.notation.reading import Hints
from symconv.documents.source.notebooks import rewritten
from symconv.documents.source.text import BETWEEN_CELLS, Document, DocumentError
from symconv.documents.verdicts.verdict import AGREE, WRONG, Edit

_ROUNDS = 4
_MOST_ALONE = 50
"""So many mends are tried one by one where all of them together break the document."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A document with its mends.

    Attributes:
        text: the mended text.
        equations: how many equations were mended.
        report: what the mended document is judged to be.
    """

    text: str
    equations: int
    report: Report


def mend(report: Report, hints: Hints | None = None) -> Mended:
    """Return a report's document with every wrong equation mended whose mend is certain.

    An equation is mended whole or not at all: one in which a slip is ignored stays as it is.
    """
    chosen = {
        k: judgement.edits
        for k, judgement in enumerate(report.judgements)
        if judgement.verdict == WRONG and judgement.edits
    }
    for _ in range(_ROUNDS):
        again = _checked(report, chosen, hints)
        if not _spared(report, again):  # some mend breaks its equation, or another
            chosen = {
                k: edits
                for k, edits in list(chosen.items())[:_MOST_ALONE]
                if _spared(report, _checked(report, {k: edits}, hints))
            }
            continue
        failed = [k for k in chosen if again.judgements[k].verdict != AGREE]
        if not failed:
            return Mended(again.document.text, len(chosen), again)
        for k in failed:
            del chosen[k]
    return Mended(report.document.text, 0, report)


def _checked(report: Report, chosen: Mapping[int, Sequence[Edit]], hints: Hints | None) -> Report:
    """Return the report on a document with some mends made."""
    text = applied(report.document.text, [e for edits in chosen.values() for e in edits])
    return check(replace(report.document, text=text), hints)


def _spared(report: Report, again: Report) -> bool:
    """Whether every equation is still there, and what agreed still agrees."""
    return len(again.judgements) == len(report.judgements) and all(
        after.verdict == AGREE
        for before, after in zip(report.judgements, again.judgements, strict=True)
        if before.verdict == AGREE
    )


def applied(text: str, edits: Sequence[Edit]) -> str:
    """Return a text with edits made; of two that overlap the first is made."""
    parts = []
    position = 0
    for edit in sorted(edits, key=lambda e: (e.place.start, e.place.end)):
        if edit.place.start < position:
            continue
        parts += [text[position : edit.place.start], edit.text]
        position = edit.place.end
    parts.append(text[position:])
    return "".join(parts)


def diff(document: Document, mended: str) -> Iterator[str]:
    """Yield the lines of a unified diff from a document to its mended text."""
    lines = difflib.unified_diff(
        (document.raw or document.text).splitlines(keepends=True),
        _whole(document, mended).splitlines(keepends=True),
        f"a/{document.path}",
        f"b/{document.path}",
    )
    for line in lines:
        yield line if line.endswith(("\n", "\r")) else line + "\n\\ No newline at end of file\n"


def _whole(document: Document, mended: str) -> str:
    """Return what the file of a document holds with its text mended."""
    if not document.raw:
        return mended
    return rewritten(document.raw, mended.split(BETWEEN_CELLS))


def save(document: Document, text: str) -> None:
    """Write a mended document in its own encoding, whole or not at all.

    Raises:
        DocumentError: it cannot be written.
    """
    path = Path(os.path.realpath(document.path))
    temporary = ""
    try:
        mode = path.stat().st_mode & 0o7777
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with open(handle, "wb") as stream:
            stream.write(_whole(document, text).encode(document.encoding))
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise DocumentError(f"{document.path}: cannot be written: {error.strerror}") from None

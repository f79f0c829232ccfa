"""The documents that names of files and folders stand for, each with the hints that hold there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from symconv.documents.notation.config import config
from symconv.documents.notation.reading import Hints
from symconv.documents.source.text import DocumentError, documents_in


def named(names: Iterable[str], told: Hints) -> Iterator[tuple[Path, Hints]]:
    """Yield the files that are to be checked, a folder's in order, and the hints for each.

    Args:
        names: files and folders; what pyproject.toml excludes is left out of a folder.
        told: hints that are given; those of pyproject.toml add to them.

    Raises:
        DocumentError: there is no such file or folder, or a pyproject.toml cannot be read.
    """
    for name in names:
        path = Path(name)
        if not path.exists():
            raise DocumentError(f"{name}: there is no such file or folder")
        settings = config((path if path.is_dir() else path.parent).resolve())
        hints = told.over(settings.hints)
        if not path.is_dir():
            yield path, hints
            continue
        for file in documents_in(path):
            if not any(fnmatch(str(file), pattern) for pattern in settings.exclude):
                yield file, hints

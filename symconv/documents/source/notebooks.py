"""Notebooks: the Markdown of their cells, and the same file with some of it mended."""

from __future__ import annotations

import json
from collections.abc import Sequence

from symconv.errors import SymconvError


class NotebookError(SymconvError):
    """A text is no notebook."""


def cells(raw: str) -> list[str]:
    """Return the Markdown of every cell of a notebook, "" for a cell of code.

    Raises:
        NotebookError: the text is no notebook.
    """
    return [_markdown(cell) for cell in _cells(_parsed(raw))]


def rewritten(raw: str, markdown: Sequence[str]) -> str:
    """Return a notebook with other Markdown in its cells, all else as it was.

    Args:
        raw: the notebook.
        markdown: what `cells` returns, mended.

    Raises:
        NotebookError: the cells are not as many.
    """
    notebook = _parsed(raw)
    for cell, text in zip(found := _cells(notebook), markdown, strict=False):
        if text != _markdown(cell):
            whole = isinstance(cell["source"], str)
            cell["source"] = text if whole else text.splitlines(keepends=True)
    if len(found) != len(markdown):
        raise NotebookError("its cells cannot be told apart")
    second = raw[raw.find("\n") + 1 :] if "\n" in raw else ""
    indent = len(second) - len(second.lstrip(" ")) or None
    shown = json.dumps(notebook, indent=indent, ensure_ascii=raw.isascii())
    return shown + raw[len(raw.rstrip()) :]


def _parsed(raw: str) -> dict[str, object]:
    try:
        notebook = json.loads(raw)
    except (ValueError, RecursionError):
        raise NotebookError("this is no notebook: its JSON cannot be read") from None
    if not isinstance(notebook, dict):
        raise NotebookError("this is no notebook: it has no cells")
    return notebook


def _cells(notebook: dict[str, object]) -> list[dict[str, object]]:
    found = notebook.get("cells")
    if not isinstance(found, list) or not all(isinstance(cell, dict) for cell in found):
        raise NotebookError("this is no notebook: it has no cells")
    return found


def _markdown(cell: dict[str, object]) -> str:
    source = cell.get("source")
    if cell.get("cell_type") != "markdown":
        return ""
    return "".join(map(str, source)) if isinstance(source, list) else str(source or "")

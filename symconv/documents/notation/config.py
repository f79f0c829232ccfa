"""``[tool.symconv.check]`` in the nearest pyproject.toml: hints, and files to leave alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from symconv.documents.notation.hints import KEYS, hints
from symconv.documents.notation.reading import Hints
from symconv.documents.source.text import DocumentError


@dataclass(frozen=True, slots=True)
class Config:
    """What a project says to `symconv check`.

    Attributes:
        hints: of the notation.
        exclude: patterns of files and folders that a folder's search leaves out.
    """

    hints: Hints = field(default_factory=Hints)
    exclude: tuple[str, ...] = ()


def config(folder: Path) -> Config:
    """Return the configuration that holds in a folder, an empty one where there is none.

    Raises:
        DocumentError: a pyproject.toml that cannot be read, or an unknown key in the section.
    """
    for place in (folder, *folder.parents):
        path = place / "pyproject.toml"
        if path.is_file():
            return _config(path)
    return Config()


def _config(path: Path) -> Config:
    import tomllib

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DocumentError(f"{path}: {' '.join(str(error).split())}") from None
    section = data
    for key in ("tool", "symconv", "check"):
        section = section.get(key, {})
        if not isinstance(section, dict):
            raise DocumentError(f"{path}: tool.symconv.check is no table")
    exclude = section.pop("exclude", [])
    if not isinstance(exclude, list) or not all(isinstance(e, str) for e in exclude):
        raise DocumentError(f"{path}: exclude in tool.symconv.check is no list of patterns")
    try:
        return Config(hints({k: _text(v) for k, v in section.items()}), tuple(exclude))
    except DocumentError as error:
        raise DocumentError(
            f"{path}: tool.symconv.check: {error}; the keys are {', '.join((*KEYS, 'exclude'))}"
        ) from None


def _text(value: object) -> object:
    """Return a list as the text that options use: [5, 4] is 5x4, names are joined by commas."""
    if isinstance(value, list):
        between = "," if any(isinstance(v, str) for v in value) else "x"
        return between.join(map(str, value))
    return value

"""Where output goes: a terminal, a pipe, or a file that is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from symconv.errors import SymconvError

if TYPE_CHECKING:
    from rich.console import Console

EXTENSIONS = {".tex": "latex", ".md": "markdown", ".markdown": "markdown", ".json": "json",
              ".txt": "text", "": "text"}  # fmt: skip


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add -o, --color and --quiet to a command."""
    for option in (
        click.option(
            "-q", "--quiet", is_flag=True, help="No text on the screen; the exit status tells."
        ),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            help="Colours; auto heeds NO_COLOR and FORCE_COLOR.",
        ),
        click.option(
            "-o",
            "--output",
            "target",
            default="-",
            metavar="FILE",
            help="Write there; - is stdout.",
        ),
    ):
        command = option(command)
    return command


def chosen_format(
    asked: str | None, output: str, extensions: Mapping[str, str] = EXTENSIONS
) -> str:
    """Return the format: the one asked for, else the one of the extension, else text.

    Raises:
        SymconvError: an extension that is unknown, or that contradicts what was asked for.
    """
    if output == "-":
        return asked or "text"
    extension = Path(output).suffix.lower()
    known = extensions.get(extension)
    if asked is None and known is None:
        endings = ", ".join(e for e in extensions if e)
        raise SymconvError(
            f"-o {output!r}: the extension tells no format; use {endings}, or say --format"
        )
    if asked and extension and known not in (None, asked):
        raise SymconvError(f"-o {output!r} would be {known}, but --format says {asked}; drop one")
    return asked or known or "text"


def console(color: str) -> Console | None:
    """Return a console for a terminal on standard output, or None where lines are to be plain.

    ``auto`` heeds NO_COLOR and FORCE_COLOR; ``always`` treats a pipe as a terminal.
    """
    environment = os.environ
    forced = color == "always" or (color == "auto" and bool(environment.get("FORCE_COLOR")))
    if not forced and not sys.stdout.isatty():
        return None
    from rich.console import Console

    colourless = color == "never" or (color == "auto" and bool(environment.get("NO_COLOR")))
    return Console(
        file=sys.stdout,
        force_terminal=forced or None,
        no_color=colourless,
        color_system=None if colourless else "standard" if forced else "auto",
        highlight=False,
    )


def write(pieces: Iterable[str], output: str) -> None:
    """Write text to a file, whole or not at all; ``-`` is standard output.

    Raises:
        SymconvError: the file cannot be written.
    """
    with _opened(output) as stream:
        for piece in pieces:
            stream.write(piece)


@contextlib.contextmanager
def _opened(output: str) -> Iterator[TextIO]:
    if output == "-":
        yield sys.stdout
        return
    path = Path(os.path.realpath(output))
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            with path.open("w", encoding="utf-8") as stream:  # a device or a pipe has no half
                yield stream
            return
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise SymconvError(
            f"cannot write {output!r}: {error.strerror}; choose another -o"
        ) from None
    try:
        with open(handle, "w", encoding="utf-8") as stream:
            yield stream
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except OSError as error:
        raise SymconvError(
            f"cannot write {output!r}: {error.strerror}; choose another -o"
        ) from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _mode(path: Path) -> int:
    """Return the permissions a file has, or those a new one would get."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask

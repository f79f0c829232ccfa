"""Output to a terminal, a pipe, or a file that is written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from symconv.commands import completion
from symconv.errors import SymconvError

if TYPE_CHECKING:
    from rich.console import Console

EXTENSIONS = {".tex": "latex", ".md": "markdown", ".markdown": "markdown", ".json": "json",
              ".txt": "text", ".html": "mathml", "": "text"}  # fmt: skip


def ready(ctx: click.Context, parameter: click.Parameter, target: str | None) -> str | None:
    """Return the file that is to be written, once it is certain, before any work, that it can be.

    Raises:
        SymconvError: as `check_writable`.
    """
    if target not in (None, "-") and not ctx.resilient_parsing:
        check_writable(target, parameter.opts[0])
    return target


def check_writable(target: str, flag: str, folders: bool = False) -> None:
    """Refuse a file that cannot be written, or whose folder cannot.

    Args:
        target: the file, or with ``folders`` also a folder.
        flag: the option that says it.
        folders: whether folders that are missing will be made.

    Raises:
        SymconvError: it is a folder, or its folder is missing or cannot be written to.
    """
    path = Path(os.path.realpath(target))
    try:
        if path.is_dir() and not folders:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if path.exists() and not path.is_file() and not path.is_dir():  # a device or a pipe
            return
        folder = path if path.is_dir() else path.parent
        while folders and not folder.exists():
            folder = folder.parent
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError as error:
        why = f"{error.strerror}; choose another {flag}"
        raise SymconvError(f"cannot write {target!r}: {why}") from None


color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours; auto heeds NO_COLOR and FORCE_COLOR.",
)


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add -o, --color and --quiet to a command."""
    for option in (
        click.option(
            "-q", "--quiet", is_flag=True, help="No text on the screen; the exit status tells."
        ),
        color_option,
        click.option(
            "-o",
            "--output",
            "target",
            default="-",
            metavar="FILE",
            callback=ready,
            shell_complete=completion.files,
            help="Write there; - is stdout.",
        ),
    ):
        command = option(command)
    return command


ALIKE = {"standalone": "latex"}
"""Formats without an extension of their own, by the format whose extension they share."""


def chosen_format(
    asked: str | None,
    output: str,
    extensions: Mapping[str, str] = EXTENSIONS,
    default: str = "text",
    alike: Mapping[str, str] = ALIKE,
) -> str:
    """Return the format: the one asked for, else the one of the extension, else the default.

    Args:
        asked: what --format says.
        output: the file, or ``-``.
        extensions: the format that each extension stands for.
        default: the format of standard output.
        alike: for a format without an extension of its own, the one whose extension it shares.

    Raises:
        SymconvError: an extension that is unknown, or that contradicts what was asked for.
    """
    if output == "-":
        return asked or default
    extension = Path(output).suffix.lower()
    known = extensions.get(extension)
    if asked is None and known is None:
        endings = ", ".join(e for e in extensions if e)
        raise SymconvError(
            f"-o {output!r}: the extension tells no format; use {endings}, or say --format"
        )
    if asked and extension and known not in (None, asked, alike.get(asked)):
        raise SymconvError(f"-o {output!r} would be {known}, but --format says {asked}; drop one")
    return asked or known or default


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
        color_system=None if colourless else "256" if forced else "auto",
        highlight=False,
    )


@contextlib.contextmanager
def paged(console: Console, long: bool) -> Iterator[None]:
    """Send what a console prints through the user's pager, where it is long and a person reads it.

    The pager is that of PAGER, else less with colours.
    """
    if not (long and console.is_terminal and sys.stdin.isatty() and sys.stdout.isatty()):
        yield
        return
    os.environ.setdefault("LESS", "-FRX")
    with console.pager(styles=not console.no_color):
        yield


def write(pieces: Iterable[str], output: str) -> None:
    """Write text to a file, whole or not at all; ``-`` is standard output.

    What standard output has no letters for is escaped.

    Raises:
        SymconvError: the file cannot be written.
    """
    if output == "-":
        encoding = sys.stdout.encoding or "utf-8"
        for piece in pieces:
            sys.stdout.write(piece.encode(encoding, "backslashreplace").decode(encoding))
        return
    with _opened(output) as stream:
        stream.writelines(piece.encode("utf-8", "backslashreplace") for piece in pieces)


def write_bytes(data: bytes, output: str) -> None:
    """Write an image to a file, whole or not at all; ``-`` is standard output.

    Raises:
        SymconvError: the file cannot be written, or standard output is a terminal.
    """
    if output != "-":
        with _opened(output) as stream:
            stream.write(data)
        return
    if sys.stdout.isatty():
        raise SymconvError("a terminal shows no images; write one to a file with -o FILE")
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files that belong together, each whole or not at all, their folders made as needed.

    Raises:
        SymconvError: a folder cannot be made, or a file not be written.
    """
    for path, data in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SymconvError(f"cannot write {str(path)!r}: {error.strerror}") from None
        write_bytes(data, str(path))


@contextlib.contextmanager
def _opened(output: str) -> Iterator[BinaryIO]:
    path = Path(os.path.realpath(output))
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            with path.open("wb") as stream:  # a device or a pipe has no half
                yield stream
            return
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise SymconvError(
            f"cannot write {output!r}: {error.strerror}; choose another -o"
        ) from None
    try:
        with open(handle, "wb") as stream:
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

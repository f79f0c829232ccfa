"""symconv as a process of its own: in a pipe, and on a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from pathlib import Path

ROOT = Path(__file__).parents[1]
QUIET = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PYTHONIOENCODING", "PYTHONUTF8"}
"""Variables that change what is printed; a test says which of them it wants."""


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if name not in QUIET}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def command(*arguments):
    return [sys.executable, "-m", "symconv", *arguments]


def process(*arguments, **more):
    return subprocess.run(
        command(*arguments), env=environment(**more), capture_output=True, timeout=60, check=False
    )


def on_a_terminal(columns, *arguments, **more):
    """Run symconv on a pseudo-terminal and return what it prints there, and its status."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    child = subprocess.Popen(
        command(*arguments),
        env=environment(TERM="xterm-256color", **more),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        close_fds=True,
    )
    os.close(theirs)
    pieces = []
    while select.select([ours], [], [], 60)[0]:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux reports the end of a pseudo-terminal so
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(ours)
    return b"".join(pieces).decode("utf-8"), child.wait(timeout=60)

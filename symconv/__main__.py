"""The command line's way in, and its ways out: exit codes, interrupts, closed pipes.

Exit status 0: all judged as expected.  1: something is not as expected.  2: bad usage, unreadable
input, nothing judged, or an error of symconv itself (SYMCONV_DEBUG=1 shows where it arose).
130: interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

import click

from symconv.commands import symconv
from symconv.commands.streams import silence, stand_ins
from symconv.errors import SymconvError, described, traced

BAD_USAGE = 2
INTERRUPTED = 130
CLOSED_PIPE = 141

COMPLETION = "_SYMCONV_COMPLETE"
"""The environment variable by which a shell asks for completions, or for the script that asks."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; no error leaves a traceback."""
    # sympy makes half a million objects that stay: collecting among them costs a tenth of a second.
    gc.set_threshold(100_000, 20, 20)
    with stand_ins():
        return _run(arguments)


def run() -> NoReturn:
    """Run the command line as a process of its own, which ends with its status.

    It ends at once: to take the half million objects of sympy apart one by one, as Python does in
    the end, would take a tenth of a second.
    """
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # closed, or nobody listens any more
            if stream is not None:
                stream.flush()
    os._exit(status)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        status = symconv.main(arguments, prog_name="symconv", standalone_mode=False)
        sys.stdout.flush()
        return int(status or 0)
    except click.ClickException as error:
        return _refuse(_usage(error))
    except SymconvError as error:
        return _refuse(str(error))
    except (KeyboardInterrupt, click.Abort):
        print("symconv: interrupted", file=sys.stderr)
        return INTERRUPTED
    except SystemExit as done:
        if COMPLETION in os.environ:  # click exits by itself after it has answered the shell
            return int(done.code or 0)
        # Nobody listens any more (click exits by itself then, too): flush into nothing.
        silence(sys.stdout)
        return CLOSED_PIPE
    except BrokenPipeError:
        silence(sys.stdout)
        return CLOSED_PIPE
    except MemoryError:
        return _refuse("out of memory; use a smaller input or filter")
    except OSError as error:
        return _refuse(f"{error.strerror or error}: {error.filename or 'standard output'}")
    except Exception as error:
        return _refuse(described(traced(error)))


def _refuse(message: str) -> int:
    print(f"symconv: error: {' '.join(message.split())}", file=sys.stderr)
    return BAD_USAGE


def _usage(error: click.ClickException) -> str:
    message = error.format_message()
    context = getattr(error, "ctx", None)
    if context is None:
        return message
    stop = " See" if message.endswith("?") else "; see"
    return f"{message.rstrip('.')}{stop} {context.command_path} --help"


if __name__ == "__main__":
    run()

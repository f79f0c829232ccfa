"""``symconv recheck``: check certificates again, without any search."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from symconv.commands import StrictCommand, completion, output
from symconv.errors import SymconvError

if TYPE_CHECKING:
    from symconv.views.judgements import Line

LARGEST = 20_000_000
"""The most characters that a certificate file may have."""


@click.command(
    "recheck",
    cls=StrictCommand,
    epilog="Exit status: 0 all hold, 1 one does not, 2 unreadable input.",
)
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", shell_complete=completion.files
)
@click.option("-q", "--quiet", is_flag=True, help="Name only what does not hold.")
@output.color_option
def command(files: tuple[str, ...], quiet: bool, color: str) -> int:
    """Check the certificates that `symconv prove --certificate FILE` wrote.

    Every obligation is rebuilt from the claim: its text is parsed, both sides are read as
    relations, and summation indices are eliminated.  That is what has to be trusted.  Only
    multipliers and lemmas come from the file, and expanding the products decides.  The claim is
    evaluated at the sizes that the file names for it, so that it is not about nothing.
    """
    from symconv.proof.certificate_file import read_claim
    from symconv.proof.recheck import recheck
    from symconv.views import certificates

    hold = rejections = 0
    for file in files:
        for nth, data in enumerate(_claims(file), start=1):
            try:
                claim = read_claim(data, nth)
                obligations = sum(len(case.obligations) for case in recheck(claim))
            except SymconvError as error:
                rejections += 1
                _print([certificates.rejected(file, str(error))], color)
                continue
            hold += 1
            if not quiet:
                _print(certificates.holding(claim, obligations), color)
    if not quiet:
        _print(certificates.count(hold, rejections), color)
    return 1 if rejections else 0


def _print(lines: Iterable[Line], color: str) -> None:
    from symconv.views.judgements import print_lines

    console = output.console(color)
    if console is None:
        output.write((f"{line}\n" for _, line in lines), "-")
    else:
        print_lines(lines, console)


def _claims(file: str) -> tuple[object, ...]:
    from symconv.proof.certificate import CertificateError
    from symconv.proof.certificate_file import claims_of

    try:
        return claims_of(_text(file))
    except CertificateError as error:
        raise SymconvError(f"{file}: {error}") from None


def _text(file: str) -> str:
    try:
        if file == "-":
            text = sys.stdin.read(LARGEST + 1)
        else:
            with open(file, encoding="utf-8") as stream:
                text = stream.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SymconvError(f"cannot read {file!r}: {why}") from None
    if len(text) > LARGEST:
        raise SymconvError(f"{file}: more than {LARGEST:,} characters; split it into several files")
    return text

"""``symconv recheck``: check certificates again, without any search."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from symconv.commands import StrictCommand
from symconv.errors import SymconvError, how_many

if TYPE_CHECKING:
    from symconv.proof.certificate_claims import CertifiedClaim


@click.command(
    "recheck",
    cls=StrictCommand,
    epilog="Exit status: 0 all hold, 1 one does not, 2 unreadable input.",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("-q", "--quiet", is_flag=True, help="Name only what does not hold.")
def command(files: tuple[str, ...], quiet: bool) -> int:
    """Check the certificates that `symconv prove --certificate FILE` wrote.

    Every obligation is rebuilt from the claim: its text is parsed, both sides are read as
    relations, and summation indices are eliminated.  That is what has to be trusted.  Only
    multipliers and lemmas come from the file, and expanding the products decides.
    """
    from symconv.proof.recheck import recheck

    rejected = total = 0
    for file in files:
        for claim in _claims(file):
            total += 1
            try:
                obligations = sum(len(case.obligations) for case in recheck(claim))
            except SymconvError as error:
                rejected += 1
                print(f"REJECTED {file}: {error}")
                continue
            if not quiet:
                held = how_many(obligations, "obligation")
                print(f"PROVED for every size  {claim.stated.id}: {held} hold")
    if not quiet and total > 1:
        print(f"{how_many(total, 'claim')}: {total - rejected} hold, {rejected} rejected")
    return 1 if rejected else 0


def _claims(file: str) -> tuple[CertifiedClaim, ...]:
    try:
        if file == "-":
            return _read(sys.stdin.read(), file)
        with open(file, encoding="utf-8") as stream:
            text = stream.read()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SymconvError(f"cannot read {file!r}: {why}") from None
    return _read(text, file)


def _read(text: str, file: str) -> tuple[CertifiedClaim, ...]:
    from symconv.proof.certificate_file import read

    try:
        return read(text)
    except SymconvError as error:
        raise SymconvError(f"{file}: {error}") from None

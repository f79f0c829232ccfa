"""``symconv explain``: codes of ``symconv check``, words of claims, and verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from symconv.commands import StrictCommand, completion, output

if TYPE_CHECKING:
    from symconv.claims.language import ExplainedWord
    from symconv.documents.codes import Code
    from symconv.implementations.codes import FaultCode

TOPICS = {"claims", "codes"}
"""What is listed, or written as a page, as a whole."""

EXTENSIONS = {".md": "markdown", ".json": "json", ".txt": "text", "": "text"}


@click.command(
    "explain", cls=StrictCommand, epilog="Exit status: 0, or 2 for a word that is not known."
)
@click.argument("words", nargs=-1, metavar="[WORD]...", shell_complete=completion.explained)
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]),
    help="Form of the output; markdown is the whole reference, of claims or codes.  [by -o's "
    "extension, else text]",
)  # fmt: skip
@click.option(
    "-o",
    "--output",
    "target",
    default="-",
    metavar="FILE",
    callback=output.ready,
    shell_complete=completion.files,
    help="Write there; - is stdout.",
)
def command(words: tuple[str, ...], form: str | None, target: str) -> int:
    """Explain codes of check and verify, words of claims, and verdicts; without any, list them all.

    The words claims and codes stand for all of a kind.

    \b
    symconv explain SC201
    symconv explain pad
    symconv explain NOT-JUDGED
    symconv explain claims --format markdown -o claims.md
    """
    form = output.chosen_format(form, target, EXTENSIONS)
    if form == "markdown":
        output.write((f"{line}\n" for line in _page(words)), target)
    elif form == "json":
        output.write([json.dumps(_data(words), indent=1, ensure_ascii=False) + "\n"], target)
    else:
        lines = _text(words) if {*words} - TOPICS else _list(words)
        output.write((f"{line}\n" for line in lines), target)
    return 0


def _found(word: str) -> tuple[Code | FaultCode | ExplainedWord, ...]:
    """Return all that a word stands for.

    Raises:
        SymconvError: it is neither a code nor a word of ours, or of others.
    """
    from symconv.claims.language import find, unknown
    from symconv.documents.codes import CODES, explain
    from symconv.implementations.codes import FAULTS

    if known := find(word):
        return known
    if word.strip()[:2].upper() == "SC":
        return (explain(word),)
    if (fault := FAULTS.get(word.strip().upper())) is not None:
        return (fault,)
    raise unknown(word, [*CODES, *FAULTS])


def _text(words: Sequence[str]) -> Iterator[str]:
    from symconv.documents.codes import Code
    from symconv.implementations.codes import FaultCode
    from symconv.views import language

    for number, found in enumerate(each for word in words for each in _found(word)):
        if number:
            yield ""
        if isinstance(found, (Code, FaultCode)):
            yield from (f"{found.code}: {found.name}", "", found.meaning, "", f"  {found.example}")
        else:
            yield from language.text(found)


def _page(topics: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a whole reference: of claims, or of codes."""
    from symconv.views import codes, language

    pages = {"claims": language.page, "codes": codes.page}
    match topics:
        case () | ("claims",) | ("codes",):
            return pages[topics[0] if topics else "claims"]()
    raise click.UsageError("--format markdown is a whole reference: say claims or codes")


def _list(topics: Sequence[str]) -> Iterator[str]:
    """Yield the names of all that can be explained, or of the topics that are given."""
    from symconv.documents.codes import CODES
    from symconv.implementations.codes import FAULTS
    from symconv.views import language

    if not topics or "codes" in topics:
        yield from (f"{code.code}  {code.name}" for code in CODES.values())
        yield from (f"{code.code}  {code.name}" for code in FAULTS.values())
    if len({*topics}) != 1:
        yield ""
    if not topics or "claims" in topics:
        yield from language.listed()


def _data(words: Sequence[str]) -> list[dict[str, object]]:
    from symconv.claims.language import LANGUAGE
    from symconv.documents.codes import CODES, Code
    from symconv.implementations.codes import FAULTS, FaultCode
    from symconv.views import language

    asked = [found for word in words for found in _found(word)]
    chosen = asked or [*CODES.values(), *FAULTS.values(), *LANGUAGE]
    return [
        {"code": c.code, "name": c.name, "meaning": c.meaning, "example": c.example}
        if isinstance(c, (Code, FaultCode))
        else language.data(c)
        for c in chosen
    ]

"""What a shell completes where click does not know: files, figures, words, codes, claims, targets.

A shell asks while somebody types: whatever goes wrong here, nothing is suggested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def files(ctx: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return that the shell completes names of files itself."""
    return [CompletionItem(typed, type="file")]


def folders(ctx: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return that the shell completes names of folders itself."""
    return [CompletionItem(typed, type="dir")]


def completer(words: Callable[[click.Context], Iterable[tuple[str, str]]]) -> Completer:
    """Return what completes words; ``words`` gives each with what it is, in a few words."""

    def complete(
        ctx: click.Context, parameter: click.Parameter, typed: str
    ) -> list[CompletionItem]:
        try:
            known = list(words(ctx))
        except Exception:
            return []
        begun, comma, last = typed.rpartition(",")
        return [
            CompletionItem(f"{begun}{comma}{word}", help=said)
            for word, said in known
            if word.startswith(last) and word not in begun.split(",")
        ]

    return complete


def _kinds(ctx: click.Context) -> Iterable[tuple[str, str]]:
    from symconv.figures.kinds import KINDS, SHEET

    yield from ((name, kind.shows) for name, kind in KINDS.items())
    yield SHEET, "all frames on one page"


def _explained(ctx: click.Context) -> Iterable[tuple[str, str]]:
    from symconv.claims.language import LANGUAGE
    from symconv.documents.codes import CODES
    from symconv.implementations.codes import FAULTS

    yield from (("claims", "all words of claims"), ("codes", "all codes of check"))
    yield from ((code.code, code.name) for code in CODES.values())
    yield from ((code.code, code.name) for code in FAULTS.values())
    yield from ((each.word.replace(" ", "-"), each.kind.value) for each in LANGUAGE)


def _codes(ctx: click.Context) -> Iterable[tuple[str, str]]:
    from symconv.documents.codes import CODES

    return ((code.code, code.name) for code in CODES.values())


def _claim_ids(ctx: click.Context) -> Iterable[tuple[str, str]]:
    from symconv.claims.catalogue import load
    from symconv.claims.theorems import theorems

    # After an option that still lacks its value click leaves the arguments where it found them.
    given = [each for each in (ctx.params.get("claims") or ctx.args) if "==" not in each]
    entries = load(given) if given else theorems()
    return ((entry.stated.id, entry.stated.statement) for entry in entries)


def _general(ctx: click.Context) -> Iterable[tuple[str, str]]:
    from symconv.formula.vocabulary import GENERAL

    return ((word, "") for word in GENERAL)


def _targets(ctx: click.Context) -> Iterable[tuple[str, str]]:
    from symconv.targets.modules import TARGETS

    return ((name, target.title) for name, target in TARGETS.items())


kinds, explained, codes, claim_ids, general, targets = map(
    completer, (_kinds, _explained, _codes, _claim_ids, _general, _targets)
)

"""Shows what words of the claim language mean: on a screen, as a page of Markdown, as data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from symconv.claims.language import LANGUAGE, ExplainedWord, Kind
from symconv.claims.statement import StatedClaim
from symconv.formula.words import LEADING, LETTERS, SIZES
from symconv.proof.prover import Judgement, judge
from symconv.telling.words import VERDICTS

_KINDS = {
    Kind.OPERATOR: "an operator",
    Kind.TENSOR: "a tensor",
    Kind.SIZE: "a size",
    Kind.GENERAL: "a word of --general",
    Kind.VERDICT: "a verdict",
}

WIDTH = 100
INDENT = "  "

INTRODUCTION = """\
# The language of claims

A claim is an equation, written as a Python expression that is read and never run:

    symconv prove 'dX == correlate(pad(dY, (R-1, S-1)), rotate(F))' --where 'u == 1 and v == 1'

On both sides stands a tensor, an element of one (`dX[m,n]`, with free indices), a shape or a size.
It is judged for all sizes at once, or with `--sizes H=4..9,u=1..3` for those that are listed. What
it takes for granted is printed with the verdict: that sizes are at least 1, that the filter fits.
`symconv explain WORD` tells the same of each word; [prove.md](prove.md) tells of hypotheses,
declarations and claim files. The verdicts on this page are those of the examples, judged when the
page was made by `symconv explain claims --format markdown`.
"""


def text(word: ExplainedWord) -> Iterator[str]:
    """Yield the lines that explain a word, with the verdicts on its examples."""
    yield f"{word.word}: {_KINDS[word.kind]}"
    yield ""
    if word.usage:
        yield f"{INDENT}{word.usage}"
        yield ""
    yield from textwrap.wrap(word.meaning, WIDTH)
    if word.shape:
        yield f"Shape: {word.shape}."
    if word.synonyms:
        yield from textwrap.wrap(f"Others say {', '.join(word.synonyms)}.", WIDTH)
    for stated in word.examples:
        yield ""
        yield f"{INDENT}{stated.statement}"
        for hypothesis in stated.where:
            yield f"{INDENT}where {hypothesis}"
        yield from textwrap.wrap(
            _verdict(judge(stated)), WIDTH, initial_indent=INDENT, subsequent_indent=2 * INDENT
        )


def listed(kinds: Iterable[Kind] = Kind) -> Iterator[str]:
    """Yield the words of each kind, below its name."""
    for kind in kinds:
        yield kind.value
        names = "  ".join(word.word for word in _of(kind))
        yield from textwrap.wrap(names, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)


def data(word: ExplainedWord) -> dict[str, Any]:
    """Return what is known of a word as JSON data."""
    return {
        "word": word.word,
        "kind": word.kind.name.lower(),
        "meaning": word.meaning,
        "usage": word.usage or None,
        "shape": word.shape or None,
        "synonyms": list(word.synonyms),
        "examples": [
            {
                "statement": stated.statement,
                "where": list(stated.where),
                "verdict": judge(stated).verdict.value,
            }
            for stated in word.examples
        ],
    }


def page() -> Iterator[str]:
    """Yield the lines of the reference in Markdown: every word, every example judged."""
    yield from INTRODUCTION.splitlines()
    for kind in (Kind.OPERATOR, Kind.TENSOR):
        yield from ("", f"## {kind.value}")
        for word in _of(kind):
            yield from _section(word)
    yield from ("", f"## {Kind.SIZE.value}", "", *_sizes())
    yield from ("", f"## {Kind.GENERAL.value}", "")
    yield from _wrapped("Each is a word of `--general`; commas join several.")
    yield from ("", "| word | meaning |", "| --- | --- |")
    yield from (f"| `{word.word}` | {word.meaning} |" for word in _of(Kind.GENERAL))
    yield from ("", f"## {Kind.VERDICT.value}")
    for word in _of(Kind.VERDICT):
        yield from _section(word)


def _of(kind: Kind) -> list[ExplainedWord]:
    return [word for word in LANGUAGE if word.kind is kind]


def _section(word: ExplainedWord) -> Iterator[str]:
    title = word.word if word.kind is Kind.VERDICT else f"`{word.word}`"
    yield from ("", f"### {title}", "")
    if word.usage:
        yield from (f"    {word.usage}", "")
    yield from _wrapped(word.meaning)
    if word.shape:
        yield from ("", f"Shape: {_escaped(word.shape)}.")
    if word.synonyms:
        yield from ("", *_wrapped(f"Others say {', '.join(f'`{s}`' for s in word.synonyms)}."))
    if word.examples:
        yield from ("", "| example | verdict |", "| --- | --- |")
    for stated in word.examples:
        yield f"| {_stated(stated)} | {_verdict(judge(stated))} |"


def _stated(stated: StatedClaim) -> str:
    where = "".join(f"<br>where `{hypothesis}`" for hypothesis in stated.where)
    return f"`{stated.statement}`{where}"


def _sizes() -> Iterator[str]:
    """Yield the table of the letters, and what is taken for granted of each."""
    sizes = {word.word: word.meaning for word in _of(Kind.SIZE)}
    yield from _wrapped(
        "One axis has the letters of the height, two have height and width, three depth, height "
        "and width, as `--rank` says."
    )
    yield from ("", "| letter of | height | width | depth | on the height |")
    yield "| --- | --- | --- | --- | --- |"
    for role in SIZES:
        letters = " | ".join(f"`{letter}`" for letter in LETTERS[role])
        first = sizes[LETTERS[role][0]]
        granted = first.partition("; ")[2].removesuffix(".")
        yield f"| {role.value} | {letters} | {_escaped(granted)} |"
    yield from ("", "| letter | index | meaning |", "| --- | --- | --- |")
    for axis in LEADING:
        yield f"| `{axis.size}` | `{axis.index}` | {sizes[axis.size]} |"


def _wrapped(text: str) -> list[str]:
    wrapped = textwrap.wrap(text, WIDTH, break_on_hyphens=False, break_long_words=False)
    return [*map(_escaped, wrapped)]


def _escaped(text: str) -> str:
    """Return text in which a star is a star."""
    return text.replace("*", r"\*")


def _verdict(judgement: Judgement) -> str:
    """Return a verdict in one line: PROVED for every size, REFUTED at H=1, R=2."""
    said = VERDICTS[judgement.verdict]
    return f"{said}{judgement.summary[len(said) :]}"

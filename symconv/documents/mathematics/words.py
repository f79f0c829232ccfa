"""A walk over the words of a formula: look ahead, take, complain at a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symconv.documents.mathematics.relations import relation
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.mathematics.tokens import Token
from symconv.documents.source.place import Place

CLOSING = {"(": ")", "[": "]", "{": "}"}
_DEEPEST = 40
_NAMING = frozenset({"letter", "word", "text", "number"})
_LONGEST_NAME = 12
"""So many words at most put a name below a letter."""


class Words:
    """The words of a formula and how far they have been read."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def kind(self, ahead: int = 0) -> str:
        """Return the kind of a word still to come, or nothing at the end."""
        k = self.at + ahead
        return self.tokens[k].kind if k < len(self.tokens) else ""

    def next(self) -> Token:
        """Take a word."""
        if self.at >= len(self.tokens):
            end = self.tokens[-1].end if self.tokens else 0
            raise UnreadableError("the formula breaks off", max(end - 1, 0), end)
        self.at += 1
        return self.tokens[self.at - 1]

    def command(self, *names: str) -> bool:
        """Whether the next word is one of these commands."""
        return self.kind() == "command" and self.tokens[self.at].text in names

    def expect(self, kind: str) -> Token:
        """Take a word of this kind."""
        if self.kind() != kind:
            raise self.unknown(f"expected {kind}")
        return self.next()

    def unknown(self, wish: str = "") -> UnreadableError:
        """Return the complaint about the next word."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None:
            end = self.tokens[-1].end if self.tokens else 0
            return UnreadableError("the formula breaks off", max(end - 1, 0), end)
        if token.kind == "label":
            return UnreadableError(
                f"whether {token.text} is a factor or the equation's number is not known; "
                f"write \\tag{{{token.text[1:-1]}}}", token.start, token.end,
            )  # fmt: skip
        shown = "\\" + token.text if token.kind == "command" else token.text
        shown = " ".join(shown.split())[:40]
        return UnreadableError(
            f"'{shown}' is not understood here" + (f" ({wish})" if wish else ""),
            token.start,
            token.end,
        )

    def place(self, first: int) -> Place:
        """Return the range of the words from ``first`` up to here."""
        return Place(self.tokens[first].start, self.tokens[self.at - 1].end)

    def deeper(self) -> None:
        """Count one more level of nesting, or one more script or divisor of the same factor."""
        self.depth += 1
        if self.depth > _DEEPEST + 1:  # the formula itself is no nesting
            raise UnreadableError(
                f"nested more than {_DEEPEST} deep", self.tokens[self.at - 1].start
            )

    def place_from(self, start: int) -> Place:
        """Return the range from ``start`` up to here."""
        return Place(start, self.tokens[self.at - 1].end)

    def script(self) -> tuple[Token, ...]:
        """Read a braced group, or one word, as words."""
        if self.kind() != "{":
            return (self.next(),)
        self.next()
        return self.until("}")

    def relates(self, closing: str) -> bool:
        """Whether a relation stands in the bracket that is open, and in none within it."""
        depth = 0
        for token in self.tokens[self.at :]:
            if depth == 0 and (token.kind == closing or relation(token)):
                return token.kind != closing
            depth += (token.kind in CLOSING) - (token.kind in CLOSING.values())
        return False

    def until(self, closing: str) -> tuple[Token, ...]:
        """Take words up to the bracket that closes this level; m' is one letter there."""
        opening = {")": "(", "]": "[", "}": "{"}[closing]
        first, depth = self.at, 1
        while True:
            kind = self.next().kind
            depth += (kind == opening) - (kind == closing)
            if depth == 0:
                return tuple(primed(self.tokens[first : self.at - 1]))


def lowered(words: Sequence[Token]) -> Iterator[Token]:
    """Yield words, a letter and the name below it as one: c_{in}, k_1."""
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        below = _below(words, at) if word.kind == "letter" else 0
        if below:
            name = "".join(t.text for t in words[at : at + below] if t.kind not in "{_}")
            name = name.strip("_{}")
            word = word._replace(text=f"{word.text}_{name}", end=words[at + below - 1].end)
            at += below
        yield word


def _below(words: Sequence[Token], at: int) -> int:
    """Return how many words from here on put a name below a letter, 0 where none does."""
    kinds = [t.kind for t in words[at : at + _LONGEST_NAME]]
    if kinds[:1] == ["index"]:
        return 1
    if kinds[:1] != ["_"] or len(kinds) < 2:
        return 0
    if kinds[1] in _NAMING:
        return 2
    if kinds[1] != "{" or "}" not in kinds:
        return 0
    end = kinds.index("}")
    return end + 1 if end > 2 and all(kind in _NAMING for kind in kinds[2:end]) else 0


def primed(words: Iterable[Token]) -> Iterator[Token]:
    """Yield words, each letter with the primes behind it."""
    letter: Token | None = None
    for word in words:
        if letter is not None and word.kind == "'":
            letter = letter._replace(text=letter.text + "'", end=word.end)
            continue
        if letter is not None:
            yield letter
        letter = word if word.kind == "letter" else None
        if letter is None:
            yield word
    if letter is not None:
        yield letter

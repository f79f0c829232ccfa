r"""Sum signs as they stand: which letters run, between which limits, and the sign without some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from symconv.documents.index_formulas.guards import split
from symconv.documents.index_formulas.limits import Words, parts, unwrapped
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.relations import relation
from symconv.documents.mathematics.syntax import (
    BigSum,
    Expression,
    Number,
    Symbol,
    UnreadableError,
    WrittenSum,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.mathematics.walk import walk
from symconv.documents.source.place import Place


@dataclass(frozen=True, slots=True)
class LetterRun:
    """Letters that run between the same limits.

    Attributes:
        names: the letters; none where the words below are a condition.
        below: the words below the sign that say so.
        above: what stands above the sign for them; empty where the limits stand below, or nowhere.
        place: the sum.
    """

    names: tuple[str, ...]
    below: tuple[Token, ...]
    above: tuple[Token, ...]
    place: Place

    @property
    def letters(self) -> frozenset[str]:
        """Return the letters in its limits."""
        words = (*self.below, *self.above)
        return frozenset(t.text for t in words if t.kind == "letter") - {*self.names}

    @property
    def whole(self) -> bool:
        """Whether it plainly runs over all there is: 1 .. C, 0 .. C-1, 0 <= c < C, or no limits."""
        signs = [k for k, t in enumerate(self.below) if relation(t)]
        match [relation(self.below[k]) for k in signs]:
            case []:
                return True
            case ["in"]:
                return len(self.below) == signs[0] + 2
            case ["="]:
                return _is_whole(self.below[signs[0] + 1 :], self.above, False)
            case ["<=", "<" | "<=" as last]:
                first, second = signs
                return _is_whole(self.below[:first], self.below[second + 1 :], last == "<")
        return False


def _is_whole(low: Words, high: Words, strict: bool) -> bool:
    """Whether limits are 1 .. C or 0 .. C-1, or numbers."""
    try:
        first, last = read(low), read(high)
    except UnreadableError:
        return False
    if not isinstance(first, Number) or first.value not in (0, 1):
        return False
    match last:
        case Number():
            return True
        case Symbol():
            return (first.value == 0) == strict
        case WrittenSum(((1, Symbol()), (-1, Number(value)))):
            return first.value == 0 and value == 1 and not strict
    return False


def ranges_in(expression: Expression) -> Iterator[LetterRun]:
    """Yield what runs below the sum signs of an expression.

    Raises:
        UnreadableError: a sum sign that is not understood.
    """
    for node in walk(expression):
        if isinstance(node, BigSum):
            yield from runs(node)


def runs(sign: BigSum) -> list[LetterRun]:
    """Return what runs below one sum sign."""
    if any(t.kind == ":" or t.text == "mid" for t in sign.below):
        raise UnreadableError("this condition is not understood", *sign.place[:1])
    above = list(split(sign.above, ",")) if sign.above else []
    found = []
    for words, is_condition in parts(unwrapped(sign.below), bool(above)):
        if is_condition:
            found.append(LetterRun((), tuple(words), (), sign.place))
            continue
        part = list(words)
        signs = [k for k, t in enumerate(part) if relation(t)]
        kinds = [relation(part[k]) for k in signs]
        letters = part[signs[0] + 1 : signs[1]] if len(signs) == 2 else part[: (*signs, None)[0]]
        if kinds == ["="] and not above:
            raise UnreadableError("this sum has one limit only", *sign.place[:1])
        top = tuple(above.pop(0)) if kinds == ["="] else ()
        names = tuple(t.text for t in letters if t.kind == "letter")
        found.append(LetterRun(names, tuple(part), top, sign.place))
    return found


def without(sign: BigSum, labels: AbstractSet[str]) -> BigSum | None:
    """Return a sum sign over what is no label, None where nothing is left below it.

    Raises:
        UnreadableError: a label shares its limits with another index.
    """
    found = runs(sign)
    if not any(labels & {*run.names} for run in found):
        return sign
    below: list[Sequence[Token]] = []
    above: list[Sequence[Token]] = []
    for run in found:
        if labels.isdisjoint(run.names):
            below.append(run.below)
            above += [run.above] if run.above else []
        elif not labels >= {*run.names}:
            if any(map(relation, run.below)):
                raise UnreadableError("this sum is not understood", *sign.place[:1])
            below.append([t for t in run.below if t.text not in labels and t.kind == "letter"])
    if not below:
        return None
    return replace(sign, below=tuple(joined(below)), above=tuple(joined(above)))


def joined(lists: Sequence[Sequence[Token]]) -> Iterator[Token]:
    """Yield words with commas between the lists."""
    for k, words in enumerate(lists):
        if k:
            yield Token(",", ",", words[0].start, words[0].start)
        yield from words

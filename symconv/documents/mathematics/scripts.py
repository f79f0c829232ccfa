"""Names with what is written below and above them: x_{00}, x^{(1)}_{i+r,j}, out[0, 1]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from symconv.documents.mathematics.relations import relation
from symconv.documents.mathematics.syntax import (
    Condition,
    Derivative,
    Expression,
    Number,
    Power,
    Symbol,
    UnreadableError,
)
from symconv.documents.mathematics.tokens import GRADIENT, Token
from symconv.documents.mathematics.words import CLOSING, Words
from symconv.documents.source.place import Place

ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar",
    "overline": "bar", "dot": "dot", "ddot": "ddot", "check": "check", "breve": "breve",
    "acute": "acute", "grave": "grave", "mathring": "mathring", 
}  # fmt: skip
"""Accents that make another name of a letter, with their common spelling."""
VARIATIONS = frozenset({"\\delta", "\\Delta"})
_INDICES = frozenset("abchijklmnpqrstuv")
_COUNTING = frozenset({"number", "+", "-", "*", ",", "'"})
_SCRIPTS = frozenset({"_", "^", "'", "[", "(", "index"})


class Names(Words):
    """The part of the grammar that reads a name and its scripts."""

    def symbol(self, token: Token, indexed: bool = True) -> Symbol:
        """Return a name with its index; the commonest shape, x_{00}, is taken in one step."""
        if token.kind not in ("letter", "word", "text"):
            self.at -= 1
            raise self.unknown("expected a name")
        if indexed and self.kind() == "index":
            index = self.next()
            place = Place(index.start + 2, index.end - 1)
            return Symbol(token.text, digits(index), Place(token.start, index.end), place)
        return Symbol(token.text, None, Place(token.start, token.end))

    def scripted(self, base: Expression) -> Expression:
        """Attach indices and what is written above."""
        depth = self.depth
        while (kind := self.kind()) in _SCRIPTS or (kind == "{" and self.kind(1) == "}"):
            self.deeper()
            if kind == "{":  # x_{0}{}_{1}
                self.at += 2
                if self.kind() not in ("_", "^", "index"):
                    break
            elif (
                kind == "_" or kind == "index" or (kind in ("[", "(") and self.bracket_index(base))
            ):
                if isinstance(base, Derivative) and base.of.index is base.wrt.index is None:
                    wrt = self.indexed(base.wrt)  # (dL/dW)_{00}
                    base = Derivative(base.of, wrt, self.place_from(base.place.start))
                    continue
                if isinstance(base, Number) and base.value == 1 and kind == "_":
                    base = self.indicated(base)
                    continue
                if not isinstance(base, Symbol):
                    raise self.unknown("an index needs a name")
                base = self.indexed(base)
            elif kind == "^":
                base = self.raised(base)
            elif kind == "'" and isinstance(base, Symbol):
                token = self.next()
                base = Symbol(
                    base.name + "'",
                    base.index,
                    Place(base.place.start, token.end),
                    base.index_place,
                )
            else:
                break
        self.depth = depth
        return base

    def indicated(self, one: Number) -> Condition:
        r"""Read \mathbb{1}_{m = pu + r}."""
        self.next()
        words = self.script()
        if words and words[0].kind == "(" and words[-1].kind == ")":
            words = words[1:-1]
        if not any(map(relation, words)):
            raise self.unknown("an index needs a name")
        return Condition(words, self.place_from(one.place.start))

    def evaluated(self, base: Expression) -> Expression:
        """Read the bar behind a derivative that says where it is taken: it is the same formula."""
        if not isinstance(base, Derivative) or not (
            self.kind() == "|" or self.command("vert", "rvert")
        ):
            return base
        if self.kind(1) not in ("_", "index"):
            return base
        first = self.at
        self.next()
        fixed = self.next().kind == "index"
        words = () if fixed else self.script()
        indices = {t.text for s in (base.of, base.wrt) for part in s.index or () for t in part}
        after = [b for a, b in pairwise(words) if a.kind == "="]
        if fixed or any(t.text in indices or t.kind == "number" for t in [*words[:1], *after]):
            reason = "a derivative at one index or at numbers is not read"
            raise UnreadableError(reason, *self.place(first))
        return base

    def accented(self) -> Symbol:
        r"""Read \hat{x}: a name of its own."""
        first = self.at
        accent = ACCENTS[self.next().text]
        braces = 0
        while self.kind() == "{":
            self.next()
            braces += 1
        inside = self.scripted(self.symbol(self.next(), False))
        for _ in range(braces):
            self.expect("}")
        if not isinstance(inside, Symbol):
            raise UnreadableError(f"\\{accent} of more than a name", *self.place(first))
        name = f"\\{accent}{{{inside.name}}}"
        return Symbol(name, inside.index, self.place(first), inside.index_place)

    def variation_follows(self) -> bool:
        r"""Say whether this delta is the one of \delta x_{00}: an element stands behind it."""
        return self.kind(1) == "letter" and self.kind(2) in ("index", "_")

    def variation(self) -> Symbol:
        r"""Read \delta x_{00}: a name of its own, which may be that of a gradient."""
        first = self.at
        sign = self.next().text
        of = self.symbol(self.next())
        return Symbol(f"{sign} {of.name}", of.index, self.place(first), of.index_place)

    def bracket_index(self, base: Expression) -> bool:
        """Say whether the bracket that follows is an index: x[0, 1], or x(0, 1) with numbers."""
        if not isinstance(base, Symbol):
            return False
        if self.kind() == "[":
            own = base.index is None or self.tokens[self.at - 1].kind == "]"  # x[0][1]
            return own and self.tokens[self.at].start == base.place.end
        return base.index is None and self.is_index_list()

    def is_index_list(self) -> bool:
        """Say whether the round bracket that follows holds indices: (0, 1), (i + m, j + n)."""
        commas, k = 0, 1
        while (kind := self.kind(k)) and kind != ")":
            index = kind in _COUNTING or (
                kind == "letter" and self.tokens[self.at + k].text in _INDICES
            )
            if not index:
                return False
            commas += kind == ","
            k += 1
        return bool(kind) and commas == 1 and k > 3

    def indexed(self, base: Symbol) -> Symbol:
        """Read an index and add it to those that are there."""
        bracket = self.next()
        first = self.at
        if bracket.kind == "index":
            words = []
            place = Place(bracket.start + 2, bracket.end - 1)
        elif bracket.kind == "_":
            words = list(self.script())
            inner = self.tokens[first : self.at]
            if len(inner) == 1 and inner[0].kind == "number" and len(inner[0].text) > 1:
                raise UnreadableError(
                    f"only the first digit of '{inner[0].text}' is lowered without braces",
                    *inner[0][2:],
                )
            if len(inner) > 2:
                inner = inner[1:-1]
            place = Place(inner[0].start, inner[-1].end)
        else:
            words = list(self.until(CLOSING[bracket.kind]))
            place = Place(words[0].start, words[-1].end) if words else self.place(first - 1)
        if not words and bracket.kind != "index":
            raise UnreadableError("an empty index", bracket.start, bracket.end)
        added = _split(words) if words else digits(bracket)
        parts = (base.index or ()) + added
        if base.index_place is not None:
            place = Place(base.index_place.start, place.end)
        return Symbol(base.name, parts, self.place_from(base.place.start), place)

    def raised(self, base: Expression) -> Expression:
        """Read what is written above: a layer, which is part of the name, or an operator."""
        self.next()
        words = self.script()
        if not words:
            return base
        place = self.place_from(base.place.start)
        if isinstance(base, Symbol) and all(t.text == "prime" for t in words):
            return Symbol(base.name + "'" * len(words), base.index, place, base.index_place)
        if isinstance(base, Symbol) and _is_layer(words):
            name = base.name + "^" + "".join(t.text for t in words)
            return Symbol(name, base.index, place, base.index_place)
        return Power(base, words, place)


def gradient(token: Token) -> Derivative:
    """Return the derivative that is one word."""
    found = GRADIENT.fullmatch(token.text)
    if found is None:
        raise UnreadableError("this derivative is not understood", token.start, token.end)
    of, wrt = (_inside(found, name, token.start) for name in ("of", "wrt"))
    return Derivative(of, wrt, Place(token.start, token.end))


def _inside(found: re.Match[str], name: str, offset: int) -> Symbol:
    start, end = (offset + k for k in found.span(name))
    written = found[name + "_index"]
    if written is None:
        return Symbol(found[name], None, Place(start, end))
    index = Token("index", written, end, end + len(written))
    place = Place(index.start + 2, index.end - 1)
    return Symbol(found[name], digits(index), Place(start, index.end), place)


def digits(index: Token) -> tuple[tuple[Token, ...], ...]:
    """Return the parts of an index that is all digits."""
    start = index.start + 2
    inside = index.text[2:-1]
    if "," not in inside:
        return ((Token("number", inside, start, start + len(inside)),),)
    parts = []
    for raw in inside.split(","):
        number = raw.strip(" ")
        first = start + len(raw) - len(number)
        parts.append((Token("number", number, first, first + len(number)),))
        start += len(raw) + 1
    return tuple(parts)


@lru_cache(maxsize=65536)
def index_parts(index: str) -> tuple[str, ...]:
    """Return the numbers of an index that is all digits: 0 and 12 of ``_{0, 12}``."""
    return tuple(part.strip(" ") for part in index[2:-1].split(","))


def _split(words: Sequence[Token]) -> tuple[tuple[Token, ...], ...]:
    """Return the parts of an index between its commas."""
    parts: list[list[Token]] = [[]]
    depth = 0
    edges = words[0].kind, words[-1].kind
    if edges in (("(", ")"), ("[", "]")) and any(t.kind == "," for t in words):
        words = words[1:-1]  # x_{(0,1)}, x_{[0,1]}
    for token in words:
        depth += (token.kind in CLOSING) - (token.kind in CLOSING.values())
        if token.kind in (",", ";") and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    if len(parts) == 1 and all(t.kind == "number" for t in words):
        parts = [[token] for token in words]  # x_{0 1}, or digits that a macro puts together
    if not all(parts):
        raise UnreadableError("an index with a part missing", words[0].start, words[-1].end)
    return tuple(map(tuple, parts))


def _is_layer(words: Sequence[Token]) -> bool:
    """Say whether an exponent names a layer: (1), [l], l, l-1."""
    if words[0].kind in ("(", "["):
        return all(t.kind not in ("word", "text") for t in words)
    return words[0].text in ("l", "L", "\\ell") and len(words) in (1, 3)

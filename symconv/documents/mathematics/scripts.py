"""Names with what is written below and above them: x_{00}, x^{(1)}_{i+r,j}, out[0, 1]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from symconv.documents.mathematics.relations import relation
from symconv.documents.mathematics.syntax import (
    Derivative,
    Expression,
    Indicator,
    Number,
    Power,
    Symbol,
    UnreadableError,
)
from symconv.documents.mathematics.tokens import GRADIENT, Token
from symconv.documents.mathematics.words import CLOSING, Words, lowered
from symconv.documents.source.place import Place
from symconv.formula.words import ROTATE

ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar",
    "overline": "bar", "dot": "dot", "ddot": "ddot", "check": "check", "breve": "breve",
    "acute": "acute", "grave": "grave", "mathring": "mathring", 
}  # fmt: skip
"""Accents that make another name of a letter, with their common spelling."""
_INDICES = frozenset("abchijklmnpqrstuv")
_WIDER = _INDICES | frozenset("fow")
_LOSSES = frozenset("CEJL")
_SIDES = frozenset({"in", "out", "prev"})
_OPERATES = re.compile(rf"T|H|top|intercal|dagger|ast|star|[-+*]|\d+|({ROTATE.spellings}).*")
"""What stands above a name and is no mark, but is done to it."""
_TURNED = re.compile(rf"({ROTATE.spellings})[ _-]*(180)?")
_MOST_PARTS = 4
_COUNTING = frozenset({"number", "+", "-", "*", ",", "'"})
_SCRIPTS = frozenset({"_", "^", "'", "[", "(", "index"})


class ScriptGrammar(Words):
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
        whole = _is_of_wholes(base)
        while (kind := self.kind()) in _SCRIPTS or (kind == "{" and self.kind(1) == "}"):
            self.deeper()
            named = base.wrt if whole and isinstance(base, Derivative) else base  # (dL/dW)_{00}
            if kind == "{":  # x_{0}{}_{1}
                self.at += 2
                if self.kind() not in ("_", "^", "index"):
                    break
            elif (
                kind == "_" or kind == "index" or (kind in ("[", "(") and self.bracket_index(named))
            ):
                if isinstance(base, Number) and base.value == 1 and kind == "_":
                    base = self.indicated(base)
                    continue
                if kind == "_" and (turned := self.turned()):
                    base = Power(base, turned, self.place_from(base.place.start))
                    continue
                if not isinstance(named, Symbol):
                    raise self.unknown("an index needs a name")
                element = self.indexed(named)
                if isinstance(base, Derivative):
                    base = Derivative(base.of, element, self.place_from(base.place.start))
                else:
                    base = element
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

    def turned(self) -> tuple[Token, ...]:
        r"""Read the rot180 of F_{\text{rot180}}: what is done to a tensor, and no index."""
        first = self.at
        self.next()
        words = self.script()
        said = "".join(token.text for token in words).strip().lower()
        if not _TURNED.fullmatch(said):
            self.at = first
            return ()
        return tuple(token._replace(text=token.text.strip()) for token in words)

    def indicated(self, one: Number) -> Indicator:
        r"""Read \mathbb{1}_{m = pu + r}."""
        self.next()
        words = self.script()
        if words and words[0].kind == "(" and words[-1].kind == ")":
            words = words[1:-1]
        if not any(map(relation, words)):
            raise self.unknown("an index needs a name")
        return Indicator(words, self.place_from(one.place.start))

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

    def parameters(self, loss: Symbol) -> None:
        """Read past the (W, b) of a loss J(W, b)."""
        if self.kind() != "(" or loss.index is not None or loss.name not in _LOSSES:
            return
        self.next()
        for token in self.until(")"):
            if token.kind not in ("letter", ",", ";"):
                raise UnreadableError("a derivative of what is not understood", *token[2:])

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

    def name(self) -> Expression:
        """Read a name, bare, accented or in braces, with its scripts."""
        if self.kind() == "{":
            self.next()
            inside = self.symbol(self.next())
            self.expect("}")
            return self.scripted(inside)
        return self.scripted(
            self.accented() if self.command(*ACCENTS) else self.symbol(self.next())
        )

    def bracket_index(self, base: Expression) -> bool:
        """Whether the bracket that follows is an index: x[0, 1], or x(0, 1) with numbers."""
        if not isinstance(base, Symbol):
            return False
        if self.kind() == "[":
            own = base.index is None or self.tokens[self.at - 1].kind == "]"  # x[0][1]
            return own and self.adjoins()
        named = all(t.kind == "letter" for part in base.index or () for t in part)
        if named and self.is_index_list():
            return True
        return base.index is None and self.is_numbered()

    def adjoins(self, ahead: int = 0) -> bool:
        """Whether a word still to come stands right behind the one before it."""
        return self.tokens[self.at + ahead - 1].end == self.tokens[self.at + ahead].start

    def is_numbered(self) -> bool:
        """Whether numbers stand in the round bracket right behind a name: x(2), x(0, 1)."""
        if self.kind(1) != "number" or not self.adjoins():
            return False
        return self.kind(2) == ")" or (self.kind(3), self.kind(4)) == ("number", ")")

    def is_index_list(self) -> bool:
        """Whether the round bracket that follows holds indices: (0, 1), (c, i + m, j + n)."""
        commas, k, below = 0, 1, 0
        letters: set[str] = set()
        while (kind := self.kind(k)) and (kind != ")" or below):
            below += (kind == "{" and self.kind(k - 1) == "_") - (kind == "}")
            if kind == "letter" and not below:
                letters.add(self.tokens[self.at + k].text)
            elif not below and kind not in _COUNTING and kind not in ("_", "}"):
                return False
            commas += kind == ","
            k += 1
        known = _INDICES if commas == 1 else _WIDER
        return bool(kind) and 0 < commas < _MOST_PARTS and k > 3 and letters <= known

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
                inner = _bare(inner[1:-1])
            place = Place(inner[0].start, inner[-1].end)
        else:
            words = list(self.until(CLOSING[bracket.kind]))
            place = Place(words[0].start, words[-1].end) if words else self.place(first - 1)
        if not words and bracket.kind != "index":
            raise UnreadableError("an empty index", bracket.start, bracket.end)
        added = _split(words) if words else digits(bracket)
        if len(added) > 1:  # of x_{h_{in},w_{in}}, and not of E_{x_{ij}}
            added = tuple(tuple(lowered(part)) for part in added)
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
        if isinstance(base, Symbol) and base.index is None and self.is_raised_index(words):
            inner = words[1:-1]
            return Symbol(base.name, _split(inner), place, Place(inner[0].start, inner[-1].end))
        if isinstance(base, Symbol) and all(t.text == "prime" for t in words):
            return Symbol(base.name + "'" * len(words), base.index, place, base.index_place)
        if isinstance(base, Symbol) and (_is_layer(words) or self.is_numbered_layer(base, words)):
            name = base.name + "^" + "".join(t.text for t in words)
            return Symbol(name, base.index, place, base.index_place)
        return Power(base, words, place)

    def is_raised_index(self, words: Sequence[Token]) -> bool:
        """Whether x^{(0,1)} is an element: two numbers above, and nothing below."""
        kinds = [t.kind for t in words]
        return kinds == ["(", "number", ",", "number", ")"] and self.kind() not in ("_", "index")

    def is_numbered_layer(self, base: Symbol, words: Sequence[Token]) -> bool:
        """Whether a number above names a layer, as in a^{2}_{00}: the index comes behind."""
        if base.index is not None or [t.kind for t in words] != ["number"]:
            return False
        kind = self.kind()
        return kind in ("_", "index") or (kind in ("[", "(") and self.bracket_index(base))


def layered(expression: Expression) -> Expression:
    """Return a^{2} as a name, where only a name makes sense, anything else as it is."""
    match expression:
        case Power(Symbol(name, None), (number,), place) if number.kind == "number":
            return Symbol(f"{name}^{number.text}", None, place)
    return expression


def marked(expression: Expression) -> str:
    r"""Return the name (\delta_i^{k+1}) with all its marks, "" for what is no name with marks.

    Its index stands behind the brackets.
    """
    match expression:
        case Power(Symbol(name, index), exponent) if not _OPERATES.fullmatch(exponent[0].text):
            above = "".join(token.text for token in exponent)
            below = "".join(token.text for part in index or () for token in part)
            return f"{name}^{above}" + (f"_{below}" if below else "")
    return ""


def _is_of_wholes(expression: Expression) -> bool:
    """Whether this is dL/dW, a derivative without any index."""
    return isinstance(expression, Derivative) and (
        expression.of.index is expression.wrt.index is None
    )


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


def index_parts(index: str) -> tuple[str, ...]:
    """Return the numbers of an index that is all digits: 0 and 12 of ``_{0, 12}``."""
    return tuple(part.strip(" ") for part in index[2:-1].split(","))


def _bare(words: Sequence[Token]) -> Sequence[Token]:
    """Return the words of an index without the bracket around all of it: x_{(0,1)}, x_{[0]}."""
    inner = words[1:-1]
    edges = words[0].kind, words[-1].kind
    if not inner or edges not in (("(", ")"), ("[", "]")):
        return words
    return words if any(t.kind in ("(", ")", "[", "]") for t in inner) else inner


def _split(words: Sequence[Token]) -> tuple[tuple[Token, ...], ...]:
    """Return the parts of an index between its commas."""
    parts: list[list[Token]] = [[]]
    depth = 0
    words = _bare(words)
    for token in words:
        depth += (token.kind in CLOSING) - (token.kind in CLOSING.values())
        if token.kind in (",", ";") and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    if len(parts) == 1 and (groups := _groups(words)):
        parts = groups
    if len(parts) == 1 and all(t.kind == "number" for t in words):
        parts = [[token] for token in words]  # x_{0 1}, or digits that a macro puts together
    if not all(parts):
        raise UnreadableError("an index with a part missing", words[0].start, words[-1].end)
    return tuple(map(tuple, parts))


def _groups(words: Sequence[Token]) -> list[list[Token]]:
    """Return what stands in brackets side by side, as in x_{(i+m)(j+n)}; nothing for others."""
    groups: list[list[Token]] = []
    depth = 0
    for token in words:
        if token.kind == "(":
            depth += 1
            if depth == 1:
                groups.append([])
                continue
        depth -= token.kind == ")"
        if depth < 0 or (depth == 0 and token.kind != ")"):
            return []
        if depth or token.kind != ")":
            groups[-1].append(token)
    return groups if len(groups) > 1 else []


def _is_layer(words: Sequence[Token]) -> bool:
    """Whether an exponent names a layer: (1), [l], l, l-1."""
    if words[0].kind in ("(", "["):
        return all(t.kind not in ("word", "text") for t in words)
    if "".join(t.text for t in words) in _SIDES:
        return True
    return words[0].text in ("l", "L", "\\ell") and len(words) in (1, 3)

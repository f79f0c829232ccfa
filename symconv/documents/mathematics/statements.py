"""The words of a span -> statements: equations, parted where prose, commas and lines part them.

``\\text{Thus, }`` parts, a full stop parts, a new line parts unless it goes on with ``=`` or
``+``; ``a = b = c`` stays together, and so does ``a &= b \\\\ &+ c``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from symconv.documents.mathematics.dots import is_count
from symconv.documents.mathematics.enclosed import MATRICES
from symconv.documents.mathematics.groups import ungrouped
from symconv.documents.mathematics.numbering import ENDS_FACTOR, without_number
from symconv.documents.mathematics.reader import RELATIONS
from symconv.documents.mathematics.size_words import with_joined_names, with_size_names
from symconv.documents.mathematics.tokens import Token
from symconv.documents.source.place import Place

_PARTS = frozenset(
    [
        "Rightarrow",
        "Longrightarrow",
        "implies",
        "iff",
        "Leftrightarrow",
        "therefore",
        "because",
        "to",
        "rightarrow",
        "longrightarrow",
        "quadquad",
        "leadsto",
        "mapsto",
        "forall",
    ]
)
_CONTINUES = frozenset({"=", "+", "-", "*", "/"})
_OPERATOR = (
    "conv",
    "corr",
    "pad",
    "rot",
    "dilat",
    "flip",
    "upsamp",
    "full",
    "same",
    "valid",
    "stride",
    "cross",
    "xcorr",
    "zero",
)
_MAY_PART = frozenset({"row", "&", "text", "quad", ".", ",", ";", ":", "begin"})
_PUNCTUATION = frozenset({".", ",", ";"})
_APART = frozenset({"row", "text", "quad", "end", ".", ",", ";"})
_MAY_PART_LINE = frozenset({*_PUNCTUATION, ":", "text", "quad"})
_NESTS = {"(": 1, "[": 1, "{": 1, "begin": 1, ")": -1, "]": -1, "}": -1, "end": -1}
"""How much deeper a word leads."""
_FACTORS = frozenset({"letter", "word", "gradient", "command", "number", "("})
_SAID = frozenset({"+", "-", "plus", "minus", "times", "and", "\u2212", "\u00b7", "\u00d7"})
_NAME = re.compile(r"[A-Za-z](?:[\w.-]|\\_)*")
"""What may be the name of a tensor or an operator, written upright."""
_JOINS = frozenset([
    "and", "as", "because", "for", "from", "if", "iff", "or", "see", "since", "so", "then", "thus",
    "when", "where", "with",
])  # fmt: skip
"""Words that stand before a bracket and are no operators."""
_OPEN = frozenset({"(", "[", "{"})
_SHUT = frozenset({")", "]", "}"})
_LINES = frozenset([
    "aligned", "align", "split", "gathered", "alignedat", "cases", "multlined", "eqnarray",
    "dcases", "rcases", "drcases", "equation", "gather", "multline", "alignat", "flalign",
    "displaymath", "math", "IEEEeqnarray", "subequations",
])  # fmt: skip
_TAKING = frozenset({"array", "alignedat", "alignat", "IEEEeqnarray"})
"""Environments that take an argument about their columns."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Words between two partings.

    Attributes:
        sides: what stands left and right of each relation sign, in order.
        relations: those signs; empty for a lone expression.
        place: all of it.
    """

    sides: tuple[tuple[Token, ...], ...]
    relations: tuple[Token, ...]
    place: Place


class _Line(NamedTuple):
    """A line of a display.

    Attributes:
        words: its words.
        related: whether a relation stands in it.
        anew: whether its first cell is the left side of an equation, even if it begins with a -.
    """

    words: list[Token]
    related: bool
    anew: bool = False


def statements(tokens: Sequence[Token], environment: str = "") -> Iterator[Statement]:
    """Yield the statements of a span, in order."""
    tokens = ungrouped(tokens, _PARTS) if any(t.kind == "{" for t in tokens) else tokens
    if tokens and not _may_part(tokens, _MAY_PART):
        yield _statement(without_number(list(_unbraced(tokens))) or tokens)
        return
    tokens = _opened(_flattened(_unwrapped(_unbraced(with_size_names(tokens)))))
    for words in _joined(_lines(tokens, environment)):
        for part in _parts(words):
            if part:
                yield _statement(part)


def _may_part(tokens: Sequence[Token], at: Set[str]) -> bool:
    """Whether a word of these kinds, or a command that parts, stands anywhere."""
    kinds = {token.kind for token in tokens}
    if "command" in kinds and not _PARTS.isdisjoint([token.text for token in tokens]):
        return True
    return not at.isdisjoint(kinds)


def _unbraced(tokens: Sequence[Token]) -> Sequence[Token]:
    r"""Take off a brace that gathers equations, as \left\{ .. \right. does."""
    braces = [t.kind for t in tokens if t.kind in ("(", ")") and t.text in "{}"]
    if braces.count("(") == braces.count(")"):
        return tokens
    return [t for t in tokens if t.kind not in ("(", ")") or t.text not in "{}"]


def _flattened(tokens: Sequence[Token]) -> Sequence[Token]:
    r"""Take the lines of a sum that \begin{aligned} breaks, behind an equals sign, for one."""
    if all(token.kind != "begin" for token in tokens):
        return tokens
    result: list[Token] = []
    k = 0
    while k < len(tokens):
        inside = _broken_sum(tokens, k) if result and result[-1].kind in RELATIONS else None
        if inside is not None:
            result += [t for t in tokens[slice(*inside)] if t.kind not in ("&", "row", "quad")]
            k = inside[1]
        else:
            result.append(tokens[k])
        k += 1
    return result


def _broken_sum(tokens: Sequence[Token], k: int) -> tuple[int, int] | None:
    """Return the range of the lines that begin here and are one sum, None if they are no sum."""
    if tokens[k].kind != "begin" or tokens[k].text not in _LINES:
        return None
    first = k + 4 if k + 3 < len(tokens) and tokens[k + 1].kind == "[" else k + 1
    for j in range(first, len(tokens)):
        kind = tokens[j].kind
        if kind == "end":
            return first, j
        if kind in RELATIONS or kind == "begin":
            return None
        if kind == "row":
            rest = (tokens[i].kind for i in range(j + 1, len(tokens)))
            after = next((kind for kind in rest if kind not in ("&", "quad")), "")
            if after not in ("+", "-") and tokens[j - 1].kind not in ("+", "-"):
                return None
    return None


def _unwrapped(tokens: Sequence[Token]) -> Sequence[Token]:
    """Take off environments that only lay out lines: aligned, split, an array of equations."""
    for _ in range(4):
        body = list(tokens)
        while body and body[-1].kind in (".", ",", ";"):
            body.pop()
        wrapped = len(body) > 1 and body[0].kind == "begin" and body[-1].kind == "end"
        if not wrapped or not _is_layout(body):
            return tokens
        tokens = body[_first(body, 0, len(body)) : -1]
    return tokens


def _first(tokens: Sequence[Token], k: int, end: int) -> int:
    """Return where the lines begin of the environment from ``k`` to ``end``."""
    kinds = [token.kind for token in tokens[k + 1 : k + 4]]
    if len(kinds) == 3 and (kinds[0], kinds[2]) == ("[", "]"):  # aligned[t]
        return k + 4
    if tokens[k].text in _TAKING and kinds[:1] == ["{"]:
        return next((j for j in range(k, end) if tokens[j].kind == "}"), k) + 1
    return k + 1


def _opened(tokens: Sequence[Token]) -> Sequence[Token]:
    r"""Take the lines of environments that stand beside other things for lines of the display."""
    for _ in range(4):
        ends = dict(_layouts(tokens))
        if not ends:
            return tokens
        result: list[Token] = []
        k = 0
        while k < len(tokens):
            if k in ends:
                row = tokens[k]._replace(kind="row")
                result += [row, *tokens[_first(tokens, k, ends[k]) : ends[k]], row]
                k = ends[k]
            else:
                result.append(tokens[k])
            k += 1
        tokens = result
    return tokens


def _layouts(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield where environments of lines begin and end, outermost ones that are no side."""
    if all(token.kind != "begin" for token in tokens):
        return
    begun: list[int] = []
    depth, related = 0, False
    for k, token in enumerate(tokens):
        if token.kind == "begin":
            begun.append(k)
            related &= len(begun) > 1
        elif token.kind == "end" and begun:
            first = begun.pop()
            lines = tokens[first].text in _LINES or tokens[first].text in MATRICES
            if not begun and depth == 0 and lines and related and _is_apart(tokens, first):
                yield first, k
        elif len(begun) == 1 and token.kind in RELATIONS:
            related = True
        elif not begun:
            depth += _NESTS.get(token.kind, 0)


def _is_apart(tokens: Sequence[Token], k: int) -> bool:
    """Whether nothing stands before a word that it could be a side or a factor of."""
    before = tokens[k - 1] if k else None
    return before is None or before.kind in _APART or before.text in _PARTS


def _is_layout(body: Sequence[Token]) -> bool:
    """Whether the first environment spans everything and lays out lines."""
    depth = 0
    has_relation = False
    for k, token in enumerate(body):
        kind = token.kind
        if kind in ("begin", "end"):
            depth += _NESTS[kind]
            if depth == 0 and k < len(body) - 1:
                return False
        elif depth == 1 and kind in RELATIONS:
            has_relation = True
    return body[0].text in _LINES or (body[0].text in MATRICES and has_relation)


def _lines(tokens: Sequence[Token], environment: str) -> Iterator[_Line]:
    """Yield the lines of a display; columns of equations become lines of their own."""
    depth = 0
    cells: list[list[Token]] = [[]]
    lines: list[_Line] = []
    for token in _rejoined(tokens):
        kind = token.kind
        if depth <= 0 and kind == "row":
            yield from _ended(lines, cells, environment)
            cells = [[]]
        elif depth <= 0 and kind == "&":
            cells.append([])
        else:
            depth += _NESTS.get(kind, 0)
            cells[-1].append(token)
    yield from _ended(lines, cells, environment)
    yield from lines


def _ended(lines: list[_Line], cells: list[list[Token]], environment: str) -> Iterator[_Line]:
    """Keep the lines of a row back, and yield those before unless the row goes on with them.

    A row that begins with & and holds factors only goes on with the product above it.
    """
    row = without_number([token for cell in cells for token in cell])
    goes_on = not cells[0] and row and not _has_relation(row) and row[0].kind != "text"
    if lines and goes_on and lines[-1].related:
        lines[-1].words.extend(row)
        return
    yield from lines
    lines[:] = _columns(cells, environment)


def _rejoined(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return words without the line breaks inside round brackets: pad(X, \\\\ & (1, 1))."""
    if all(token.kind != "(" for token in tokens):
        return tokens
    result: list[Token] = []
    opened: list[str] = []
    for token in tokens:
        kind = token.kind
        if _NESTS.get(kind, 0) > 0:
            opened.append(kind)
        elif _NESTS.get(kind, 0) < 0 and opened:
            opened.pop()
        if kind not in ("row", "&") or not opened or opened[-1] != "(":
            result.append(token)
    return result


def _columns(cells: list[list[Token]], environment: str) -> Iterator[_Line]:
    """Join the cells of one line: ``a & = b`` is one equation, ``a & = b & c & = d`` are two."""
    words: list[Token] = []
    related = anew = False
    for cell, following in zip(cells, [*cells[1:], []], strict=True):
        left = _is_left(cell, following)
        begins = related and cell and (cell[0].kind not in _CONTINUES or left)
        if begins and words[-1].kind not in _CONTINUES and environment != "eqnarray":
            yield _Line(words, related, anew)
            words, related = [], False
        anew = left if not words else anew
        words += cell
        related = related or _has_relation(cell)
    yield _Line(words, related, anew)


def _is_left(cell: Sequence[Token], following: Sequence[Token]) -> bool:
    """Whether a cell that begins with a - is a left side: the next cell begins with a relation."""
    if not cell or cell[0].kind != "-" or _has_relation(cell):
        return False
    return bool(following) and following[0].kind in RELATIONS


def _has_relation(words: Sequence[Token]) -> bool:
    return any(token.kind in RELATIONS for token in words)


def _joined(lines: Iterator[_Line]) -> Iterator[list[Token]]:
    """Join a line that goes on with = or + to the one before it."""
    current: list[Token] = []
    for line in lines:
        words = without_number(line.words)
        if not words:
            continue
        first = 1 if len(words) > 1 and _is_remark(words, 0) else 0
        goes_on = (words[first].kind in _CONTINUES and not line.anew) or (
            bool(current) and current[-1].kind in _CONTINUES
        )
        if current and not goes_on:
            yield current
            current = []
        current += words
    if current:
        yield current


def _parts(words: Sequence[Token]) -> Iterator[list[Token]]:
    """Part a line at prose, at full stops and commas, and at wide spaces between equations."""
    if not _may_part(words, _MAY_PART_LINE):
        yield list(words)
        return
    part: list[Token] = []
    depth, begun = 0, 0
    before = list(accumulate((token.kind in RELATIONS for token in words), initial=0))
    ahead = _relations_ahead(words)
    angles = _angles(words)
    for k, token in enumerate(words):
        kind = token.kind
        nests = _NESTS.get(kind, 0) + (angles.get(token.text, 0) if kind == "command" else 0)
        depth += nests
        if depth > 0 or nests < 0:
            if kind != "quad":
                part.append(token)
        elif is_count(part[-1] if part else None, token):
            part.append(token)
        elif kind == "." and _multiplies(words, k, ahead):
            part.append(token._replace(kind="command", text="cdot"))
        elif kind == "text" and part and _is_remark(words, k):
            continue
        elif kind == "text" and _is_side(words, k, before[begun] < before[k]):
            number = token.text.strip()
            part.append(token._replace(kind="number", text=number) if number.isdecimal() else token)
        elif kind == "text" and before[begun] < before[k] and _goes_on(words, k, ahead):
            if token.text.strip().lower() in _SAID:
                part.append(token)  # a sum in words is not read
            # A remark on one term: the sum goes on behind it.
        elif _is_parting(words, k):
            yield part
            part, begun = [], k
        elif kind == "quad":
            if before[begun] < before[k] < before[-1] and _begins_anew(words, k + 1):
                yield part
                part, begun = [], k
        else:
            part.append(token)
    yield part


def _angles(words: Sequence[Token]) -> Mapping[str, int]:
    r"""Return how much deeper the \langle and \rangle of a line lead, if each has its other."""
    commands = [token.text for token in words if token.kind == "command"]
    paired = commands.count("langle") == commands.count("rangle")
    return {"langle": 1, "rangle": -1} if paired else {}


def _multiplies(words: Sequence[Token], k: int, ahead: Sequence[bool]) -> bool:
    """Whether a dot is a product's: more factors follow, and no other equation."""
    if k == 0 or k + 1 >= len(words) or ahead[k]:
        return False
    return words[k + 1].kind in _FACTORS and words[k - 1].kind in ENDS_FACTOR


def _goes_on(words: Sequence[Token], k: int, ahead: Sequence[bool]) -> bool:
    """Whether a sum goes on behind a remark in prose, or with a sign in words."""
    if words[k].text.strip().lower() in _SAID:
        return k + 1 < len(words) and not ahead[k + 1]
    return k + 1 < len(words) and words[k + 1].kind in ("+", "-")


def _relations_ahead(words: Sequence[Token]) -> list[bool]:
    """Return for every word whether a relation comes before prose, a comma or a wide space."""
    ahead = False
    found = []
    for token in reversed(words):
        if token.kind in (",", ";", "text", "quad"):
            ahead = False
        elif token.kind in RELATIONS:
            ahead = True
        found.append(ahead)
    return found[::-1]


def _begins_anew(words: Sequence[Token], k: int) -> bool:
    return k < len(words) and words[k].kind not in _CONTINUES


def _is_parting(words: Sequence[Token], k: int) -> bool:
    token = words[k]
    if token.kind in (".", ",", ";", ":"):
        return True
    if token.kind == "command":
        return token.text in _PARTS
    if token.kind != "text":
        return False
    following = words[k + 1].kind if k + 1 < len(words) else ""
    if following in ("[", "(", "^") and _is_name(words, k):
        return False
    if following in ("_", "(", "index"):
        return not token.text.strip().lower().startswith(_OPERATOR) and following == "("
    return True


def _is_name(words: Sequence[Token], k: int) -> bool:
    r"""Whether prose is a name, its index or arguments right behind it: \text{in}[0, 1]."""
    token, bracket = words[k], words[k + 1]
    named = _NAME.fullmatch(token.text) is not None and token.text.lower() not in _JOINS
    return named and token.end == bracket.start


def _is_side(words: Sequence[Token], k: int, related: bool) -> bool:
    r"""Whether prose stands for one side of an equation: Y = \text{deconv}(X, F).

    ``related`` says whether a relation stands before it.
    """
    if k and words[k - 1].kind in RELATIONS:
        return True
    return not related and k + 1 < len(words) and words[k + 1].kind in RELATIONS


def _is_remark(words: Sequence[Token], k: int) -> bool:
    r"""Whether prose in brackets is a remark before a relation: Y \text{ (valid)} = .."""
    token, text = words[k], words[k].text.strip()
    bracketed = token.kind == "text" and text.startswith("(") and text.endswith(")")
    return bracketed and k + 1 < len(words) and words[k + 1].kind in RELATIONS


def _statement(words: Sequence[Token]) -> Statement:
    words = with_joined_names(words)
    cuts: list[int] = []
    depth = 0
    for k, token in enumerate(words):
        kind = token.kind
        if kind in _NESTS:
            depth += _NESTS[kind]
        elif depth <= 0 and kind in RELATIONS:
            cuts.append(k)
    sides = tuple(
        tuple(words[a + 1 : b]) for a, b in zip([-1, *cuts], [*cuts, len(words)], strict=True)
    )
    return Statement(sides, tuple(words[k] for k in cuts), Place(words[0].start, words[-1].end))

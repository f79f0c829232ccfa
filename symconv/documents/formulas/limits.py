r"""What stands below and above a sum sign, in every common form.

\sum_{ij}   \sum_{i=0}^{P-1}   \sum_{i,j=0}^{K-1}   \sum_{i=0,j=0}^{P-1,Q-1}
\sum_{0 \le i < P}   \sum_{i \in \{0,\dots,P-1\}}   \sum_{i \in [0,P)}
\sum_{\substack{0 \le i < P \\ 0 \le j < Q}}   \sum_{(r,p)\,:\,m = pu + rd}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symconv.documents.formulas import affine
from symconv.documents.formulas.affine import Polynomial
from symconv.documents.formulas.index_words import written
from symconv.documents.formulas.letters import Formula, Range
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.syntax import BigSum, Symbol, UnreadableError
from symconv.documents.mathematics.tokens import Token
from symconv.documents.source.place import Place

Words = Sequence[Token]
_AT_MOST = frozenset({"le", "leq", "leqslant"})
_DOTS = frozenset({"dots", "ldots", "cdots", "dotsc"})
_OPEN, _SHUT = frozenset("([{"), frozenset(")]}")


def limits(sum_: BigSum, formula: Formula) -> None:
    """Read the limits of a sum into ``formula``.

    Raises:
        UnreadableError: a form that is not known, a letter that is used twice, or an index that
            begins below the tensor.
    """
    below = unwrapped(sum_.below)
    above = list(split(sum_.above, ",")) if sum_.above else []
    colon = next((k for k, t in enumerate(below) if t.kind == ":" or _is(t, "mid")), None)
    condition: Words = ()
    if colon is not None:
        below, condition = below[:colon], below[colon + 1 :]
        if len(below) > 2 and below[0].kind == "(" and below[-1].kind == ")":
            below = below[1:-1]
    found = parts(below)
    if not found:
        raise UnreadableError("the index of this sum is not understood", *sum_.place[:1])
    for part in found:
        _range(part, above, sum_, formula)
    if above:
        raise UnreadableError("this sum has one limit only", *sum_.place[:1])
    if condition:
        _condition(condition, formula)


def unwrapped(below: Words) -> Words:
    r"""Take off \substack{..}."""
    if below and _is(below[0], "substack") and len(below) > 2:
        return below[2:-1]
    return below


def parts(below: Words) -> list[Words]:
    """Part what stands below at commas and lines; letters before a limit share it."""
    result: list[Words] = []
    waiting: list[Token] = []
    for part in split(below, ",", "row"):
        signs = [sign for t in part if (sign := relation(t))]
        if all(t.kind == "letter" for t in part) or (signs in (["<"], ["<="]) and not waiting):
            waiting += part
        else:
            result.append([*waiting, *part])
            waiting = []
    return [*result, waiting] if waiting else result


def split(words: Words, *kinds: str) -> Iterator[Words]:
    """Yield the words between signs of these kinds, outside of brackets."""
    part: list[Token] = []
    depth = 0
    for token in words:
        depth += (token.kind in _OPEN) - (token.kind in _SHUT)
        if depth == 0 and token.kind in kinds:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _range(part: Words, above: list[Words], sum_: BigSum, formula: Formula) -> None:
    """Read one part: ``ij``, ``i = 0`` (with what stands above), ``0 <= i < P`` or ``i in ..``."""
    relations = [k for k, t in enumerate(part) if relation(t)]
    low = high = None
    letters = list(part)
    match [relation(part[k]) for k in relations]:
        case []:
            end = part[-1].end if part else sum_.place.end
        case ["="]:
            k = relations[0]
            letters = list(part[:k])
            if not above:
                raise UnreadableError("this sum has one limit only", *sum_.place[:1])
            top = above.pop(0)
            if half := _half(part[k + 1 :], top):
                formula.halves.add(half)
            low, high = _bound(part[k + 1 :], sum_, formula), _bound(top, sum_, formula)
            end = top[-1].end
        case [("<" | "<=") as first, ("<" | "<=") as second]:
            a, b = relations
            letters = [t for t in part[a + 1 : b] if t.kind != ","]
            low = _bound(part[:a], sum_, formula)
            high = _bound(part[b + 1 :], sum_, formula)
            low = affine.plus(low, affine.constant(first == "<"))
            high = affine.plus(high, affine.constant(second == "<"), -1)
            end = part[-1].end
        case ["in"]:
            k = relations[0]
            letters = list(part[:k])
            low, high = _interval(part[k + 1 :], sum_, formula)
            end = part[-1].end
        case _:
            raise UnreadableError("the index of this sum is not understood", *sum_.place[:1])
    _declare(letters, low, high, end, sum_, formula)


def _declare(
    letters: Words,
    low: Polynomial | None,
    high: Polynomial | None,
    end: int,
    sum_: BigSum,
    formula: Formula,
) -> None:
    if not letters or any(t.kind != "letter" for t in letters):
        raise UnreadableError("the index of this sum is not understood", *sum_.place[:1])
    for letter in letters:
        if letter.text in formula.names:
            raise UnreadableError(
                f"the index {letter.text} is used twice", letter.start, letter.end
            )
        name = formula.declare(letter.text)
        place = Place(letters[0].start, max(end, letters[-1].end))
        formula.ranges.append(Range(name, place, low, high))


def _interval(words: Words, sum_: BigSum, formula: Formula) -> tuple[Polynomial, Polynomial]:
    r"""Read [0, P), [0, P-1] or \{0, \dots, P-1\}."""
    if len(words) < 4 or words[0].kind not in _OPEN or words[-1].kind not in _SHUT:
        raise UnreadableError("the limits of this sum are not understood", *sum_.place[:1])
    shown = list(split(words[1:-1], ","))
    dots = [k for k, part in enumerate(shown) if len(part) == 1 and part[0].text in _DOTS]
    is_set = words[0].text in ("{", "\\{") and words[-1].text in ("}", "\\}")
    if is_set and dots == [len(shown) - 2] and len(shown) in (3, 4):
        bounds = [_bound(part, sum_, formula) for k, part in enumerate(shown) if k not in dots]
        if len(bounds) == 3 and affine.plus(bounds[1], bounds[0], -1) != affine.constant(1):
            raise UnreadableError("the limits of this sum are not understood", *sum_.place[:1])
        return bounds[0], bounds[-1]
    if is_set or len(shown) != 2 or words[0].text != "[" or words[-1].text not in (")", "]"):
        raise UnreadableError("the limits of this sum are not understood", *sum_.place[:1])
    low, high = (_bound(part, sum_, formula) for part in shown)
    return low, affine.plus(high, affine.constant(words[-1].text == ")"), -1)


def _bound(words: Words, sum_: BigSum, formula: Formula) -> Polynomial:
    if not words:
        raise UnreadableError("this sum has one limit only", *sum_.place[:1])
    return formula.polynomial(read(words))


def _half(low: Words, high: Words) -> str:
    """Return the letter k of -k .. k, "" where the limits are others."""
    if not low or low[0].kind != "-" or [t[:2] for t in low[1:]] != [t[:2] for t in high]:
        return ""
    top = read(high)
    return written(top) if isinstance(top, Symbol) else ""


def _condition(words: Words, formula: Formula) -> None:
    """Read the relation that the indices of a sum obey: m = pu + rd."""
    sides = list(split(words, "="))
    if len(sides) != 2 or formula.rank != 1:
        raise UnreadableError("this condition is not understood", words[0].start, words[-1].end)
    left, right = (affine.polynomial(read(side), formula.symbol) for side in sides)
    formula.conditions.append(affine.plus(left, right, -1))


def relation(token: Token) -> str:
    """Return =, <, <= or in for a sign that says where an index runs."""
    if token.kind in ("=", "<"):
        return token.kind
    if token.kind != "command":
        return ">" if token.kind == ">" else ""
    if token.text in _AT_MOST:
        return "<="
    return {"in": "in", "lt": "<"}.get(token.text, "")


def _is(token: Token, command: str) -> bool:
    return token.kind == "command" and token.text == command

r"""What stands below and above a sum sign, in every common form.

\sum_{ij}   \sum_{i=0}^{P-1}   \sum_{i,j=0}^{K-1}   \sum_{i=0,j=0}^{P-1,Q-1}
\sum_{0 \le i < P}   \sum_{i \in \{0,\dots,P-1\}}   \sum_{i \in [0,P)}
\sum_{\substack{0 \le i < P \\ 0 \le j < Q}}   \sum_{(r,p)\,:\,m = pu + rd}
\sum_{i = \max(0, m-R+1)}^{\min(m, P-1)}   \sum_{\substack{i \\ 0 \le m - ui < R}}

Bounds that move with other indices say where the sum has terms
(`symconv.documents.index_formulas.guards`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.index_words import written
from symconv.documents.formulas.parts import StatedRange
from symconv.documents.index_formulas.guards import (
    GREATEST,
    LEAST,
    GuardSide,
    between,
    hold,
    sides,
    split,
)
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.relations import relation
from symconv.documents.mathematics.syntax import (
    BigSum,
    Expression,
    Symbol,
    UnreadableError,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.source.place import Place
from symconv.polynomial import ONE, Polynomial

Words = Sequence[Token]
_DOTS = frozenset({"dots", "ldots", "cdots", "dotsc"})


def limits(sum_: BigSum, formula: GatheredFormula) -> None:
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
    found = list(parts(below, bool(above)))
    if all(part.condition for part in found):
        raise UnreadableError("the index of this sum is not understood", *sum_.place[:1])
    for part in found:
        if not part.condition:
            _range(part.words, above, sum_, formula)
    if above:
        raise UnreadableError("this sum has one limit only", *sum_.place[:1])
    conditions = [part.words for part in found if part.condition]
    for words in [*conditions, condition] if condition else conditions:
        hold(words, formula)


class Part(NamedTuple):
    """What stands below a sum between commas: an index with its limits, or a condition."""

    words: Words
    condition: bool = False


def unwrapped(below: Words) -> Words:
    r"""Take off \substack{..}."""
    if below and _is(below[0], "substack") and len(below) > 2:
        return below[2:-1]
    return below


def parts(below: Words, above: bool) -> Iterator[Part]:
    """Part what stands below at commas and lines; letters before a limit share it."""
    waiting: list[Token] = []
    for part in split(below, ",", "row"):
        signs = [sign for t in part if (sign := relation(t))]
        begun = any(map(relation, waiting))  # 0 <= i, j < P
        if not begun and _is_condition(part, above):
            if waiting:
                yield Part(waiting)
            yield Part(part, condition=True)
            waiting = []
        elif all(t.kind == "letter" for t in part) or (signs in (["<"], ["<="]) and not waiting):
            waiting += part
        else:
            yield Part([*waiting, *part])
            waiting = []
    if waiting:
        yield Part(waiting)


def _is_condition(part: Words, above: bool) -> bool:
    r"""Whether a part below a sum only says what holds of indices: 0 \le m - ui < R."""
    at = [k for k, token in enumerate(part) if relation(token)]
    match [relation(part[k]) for k in at]:
        case [] | ["in"]:
            return False
        case ["="]:
            return not above
        case [_]:
            return any(token.kind in ("+", "-") for token in part)
        case [_, _]:
            return any(token.kind not in ("letter", ",") for token in part[at[0] + 1 : at[1]])
    return True


class _Limits(NamedTuple):
    """The two limits of an index, as words, and whether it stays between them."""

    low: Words
    high: Words
    above: bool = False
    below: bool = False


def _range(part: Words, above: list[Words], sum_: BigSum, formula: GatheredFormula) -> None:
    """Read one part: ``ij``, ``i = 0`` (with what stands above), ``0 <= i < P`` or ``i in ..``."""
    at = [k for k, t in enumerate(part) if relation(t)]
    letters, limits_, last = part, None, part[-1:]
    match [relation(part[k]) for k in at]:
        case []:
            pass
        case ["="]:
            letters = part[: at[0]]
            if not above:
                raise UnreadableError("this sum has one limit only", *sum_.place[:1])
            limits_ = _Limits(part[at[0] + 1 :], above.pop(0))
            last = limits_.high[-1:]
            if half := _half(*limits_[:2]):
                formula.halves.add(half)
        case [("<" | "<=") as first, ("<" | "<=") as second]:
            letters = [t for t in part[at[0] + 1 : at[1]] if t.kind != ","]
            limits_ = _Limits(part[: at[0]], part[at[1] + 1 :], first == "<", second == "<")
        case ["in"]:
            letters = part[: at[0]]
            limits_ = _interval(part[at[0] + 1 :], sum_, formula)
        case _:
            raise UnreadableError("the index of this sum is not understood", *sum_.place[:1])
    _declare(letters, limits_, last[0].end if last else sum_.place.end, sum_, formula)


def _declare(
    letters: Words, limits_: _Limits | None, end: int, sum_: BigSum, formula: GatheredFormula
) -> None:
    if not letters or any(t.kind != "letter" for t in letters):
        raise UnreadableError("the index of this sum is not understood", *sum_.place[:1])
    if limits_ is not None and not (limits_.low and limits_.high):
        raise UnreadableError("this sum has one limit only", *sum_.place[:1])
    low, high = (read(limits_.low), read(limits_.high)) if limits_ else (None, None)
    for letter in letters:
        if letter.text in formula.names:
            raise UnreadableError(
                f"the index {letter.text} is used twice", letter.start, letter.end
            )
        place = Place(letters[0].start, max(end, letters[-1].end))
        range_ = StatedRange(formula.declare(letter.text), place)
        formula.ranges.append(range_)
        if limits_ is not None and low is not None and high is not None:
            range_.low_place, range_.high_place = low.place, high.place
            range_.closed = not (limits_.above or limits_.below)
            formula.beside([*limits_.low, *limits_.high])
            range_.low = _bound(low, LEAST, limits_.above, range_, formula)
            range_.high = _bound(high, GREATEST, limits_.below, range_, formula)
            formula.axis = None


def _bound(
    limit: Expression, extreme: str, strict: bool, range_: StatedRange, formula: GatheredFormula
) -> Polynomial | None:
    """Return a limit that no other index moves, None where there is none; note those that do."""
    fixed: Polynomial | None = None
    index = GuardSide(Polynomial.name(range_.name), ONE)
    is_low = extreme == LEAST
    for side in sides(limit, extreme, formula):
        moves = not side.above.names.isdisjoint(formula.names.values())
        if fixed is None and not moves and side.below == ONE:
            fixed = side.above + strict if is_low else side.above - strict
            continue
        pair = (side, index) if is_low else (index, side)
        formula.guards.append(between(*pair, strict, limit.place))
    return fixed


def _interval(words: Words, sum_: BigSum, formula: GatheredFormula) -> _Limits:
    r"""Read [0, P), [0, P-1] or \{0, \dots, P-1\}."""
    unknown = UnreadableError("the limits of this sum are not understood", *sum_.place[:1])
    if len(words) < 4 or words[0].kind not in "([{" or words[-1].kind not in ")]}":
        raise unknown
    parts = list(split(words[1:-1], ","))
    dots = [k for k, part in enumerate(parts) if len(part) == 1 and part[0].text in _DOTS]
    is_set = words[0].text in ("{", "\\{") and words[-1].text in ("}", "\\}")
    if not all(parts):
        raise unknown
    if is_set and dots == [len(parts) - 2] and len(parts) in (3, 4):
        if len(parts) == 4:
            first, second = (formula.polynomial(read(part)) for part in parts[:2])
            if second - first != ONE:
                raise unknown
        return _Limits(parts[0], parts[-1])
    if is_set or len(parts) != 2 or words[0].text != "[" or words[-1].text not in (")", "]"):
        raise unknown
    return _Limits(parts[0], parts[1], below=words[-1].text == ")")


def _half(low: Words, high: Words) -> str:
    """Return the letter k of -k .. k, "" where the limits are others."""
    if not low or low[0].kind != "-" or [t[:2] for t in low[1:]] != [t[:2] for t in high]:
        return ""
    top = read(high)
    return written(top) if isinstance(top, Symbol) else ""


def _is(token: Token, command: str) -> bool:
    return token.kind == "command" and token.text == command

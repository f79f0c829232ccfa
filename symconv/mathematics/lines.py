"""A statement as a line that may be broken: its left side, parts of its right side, conditions.

Sum signs are parts of their own, so that a terminal can set their limits above and below.  A call
is broken after the commas between its arguments; brackets that may be broken do not grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from symconv.mathematics.latex import LATEX, LatexMedium, aligned
from symconv.mathematics.text import TextMedium
from symconv.mathematics.tree import (
    Addition,
    Application,
    Below,
    Comparison,
    Juxtaposition,
    Mathematics,
    Over,
    Restricted,
    Series,
    Summation,
    Through,
    last_below,
)

WIDEST = 70
"""Up to this width, as `display` counts it, an indented row fits a page."""


@dataclass(frozen=True, slots=True)
class SumSign:
    """The sign of a sum.

    Attributes:
        flat: the sign with its limits beside it.
        sign: the sign alone.
        below: what a terminal sets below the sign.
        above: what it sets above.
    """

    flat: str
    sign: str
    below: str
    above: str


@dataclass(frozen=True, slots=True)
class BoardLine:
    """``left`` = the parts, where the conditions hold.

    Attributes:
        left: what is said to be equal.
        parts: sum signs and factors, or an operator and its arguments.
        where: what the sum is restricted to.
    """

    left: str
    parts: tuple[str | SumSign, ...]
    where: tuple[str, ...] = ()


def board_line(
    statement: Mathematics, medium: TextMedium | LatexMedium, *, fine: bool = False
) -> BoardLine:
    """Return an equation, restricted or not, as a line.

    Args:
        statement: the equation.
        medium: how it is written.
        fine: whether the line may be broken within pairs of amounts, too.

    Raises:
        TypeError: it is no equation between two sides.
    """
    match statement:
        case Restricted(of, conditions):
            whole = board_line(of, medium, fine=fine)
            return BoardLine(whole.left, whole.parts, tuple(map(medium.write, conditions)))
        case Comparison((left, right), _):
            return BoardLine(medium.write(left), tuple(_parts(right, medium, fine)))
    raise TypeError(f"{type(statement).__name__} is no equation")


def _parts(
    tree: Mathematics, medium: TextMedium | LatexMedium, fine: bool
) -> Iterator[str | SumSign]:
    match tree:
        case Summation(over, body):
            yield from (_sign(index, medium) for index in over)
            yield from _parts(body, medium, fine)
        case Addition((first, *others)):
            yield from _parts(first, medium, fine)
            for other in others:
                yield "+"
                yield from _parts(other, medium, fine)
        case Juxtaposition(factors):
            for factor in factors:
                match factor:
                    case Summation():
                        yield from _parts(factor, medium, fine)
                    case Juxtaposition(together):
                        yield " ".join(map(medium.write, together))
                    case _:
                        yield medium.write(factor)
        case _:
            yield from _broken(tree, medium, fine)


def _sign(over: Through | Below | Over, medium: TextMedium | LatexMedium) -> SumSign:
    flat = medium.sum_sign(over)
    match over:
        case Below(index, start, stop):
            return _sign(Through(index, start, last_below(stop)), medium)
        case Through(index, first, last):
            below = f"{medium.write(index)}={medium.write(first)}".replace(" ", "")
            return SumSign(flat, medium.total, below, medium.write(last).replace(" ", ""))
        case Over(indices):
            return SumSign(flat, medium.total, ",".join(map(medium.write, indices)), "")


def _broken(tree: Mathematics, medium: TextMedium | LatexMedium, fine: bool) -> list[str]:
    """Return what is written, in pieces between which a line may end."""
    match tree:
        case Application(_, arguments):
            items = [_broken(argument, medium, fine) for argument in arguments]
            items += [[option] for option in medium.options(tree)]
            return _enclosed(f"{medium.operator(tree)}(", items, ")")
        case Series(entries) if len(entries) > 1 and isinstance(entries[0], Series):
            return _enclosed("(", [_broken(entry, medium, fine) for entry in entries], ")")
        case Series(entries) if fine and len(entries) > 1:
            return _enclosed("(", [[medium.write(entry)] for entry in entries], ")")
        case _:
            return [medium.write(tree)]


def _enclosed(opening: str, items: list[list[str]], closing: str) -> list[str]:
    """Return the pieces of all items, a comma after each but the last, in brackets."""
    pieces: list[str] = []
    for n, (*firsts, last) in enumerate(items):
        pieces += [*firsts, last + ("," if n < len(items) - 1 else closing)]
    return [opening + pieces[0], *pieces[1:]]


def flat(of: BoardLine) -> str:
    """Return a line as plain text, the limits of sums beside their signs."""
    parts = (part.flat if isinstance(part, SumSign) else part for part in of.parts)
    where = f"  where {', '.join(of.where)}" if of.where else ""
    return f"{of.left} = {' '.join(parts)}{where}"


def display(statement: Mathematics, widest: int = 58) -> str:
    """Return the body of a LaTeX display; a long line is broken between its parts."""
    of = board_line(statement, LATEX)
    factors = [part for part in of.parts if isinstance(part, str)]
    if _width(of.left) + max(map(_width, factors), default=0) > WIDEST:
        of = board_line(statement, LATEX, fine=True)
    parts = [part.flat if isinstance(part, SumSign) else part for part in of.parts]
    signs = sum(isinstance(part, SumSign) for part in of.parts)
    together = " ".join(parts[: signs + 1])
    if _width(together) <= widest:  # the sums of a layer are too many for one row
        parts = [together, *parts[signs + 1 :]]
    rows = list(_filled(parts, widest - _width(of.left)))
    *firsts, last = of.where or ("",)
    where = list(_filled([f"{one},\\ " for one in firsts] + [last], widest)) if of.where else []
    if where:
        where[0] = rf"\text{{where }} {where[0]}"
    if len(rows) == 1 and not where:
        return f"{of.left} = {rows[0]}"
    if len(rows) == 1 and sum(map(_width, (of.left, *rows, *where))) <= widest:
        return f"{of.left} = " + r" \quad ".join([*rows, *where])
    lines = [f"{of.left} &= {rows[0]}", *(rf"&\quad {row}" for row in (*rows[1:], *where))]
    return aligned(lines)


def _filled(parts: Iterable[str], widest: int) -> Iterator[str]:
    row = ""
    for part in parts:
        if row and _width(row) + _width(part) > widest:
            yield row
            row = ""
        row = f"{row} {part}".strip()
    yield row


_SCRIPT = re.compile(r"_\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")


def _width(latex: str) -> int:
    """Return about how wide LaTeX is set, in letters: scripts are small, fractions as one half."""
    bare = re.sub(r"\\sum_\{.*?\}\^\{.*?\} ?", "xxxx", latex)
    bare = re.sub(r"\\frac\{\\partial [A-Za-z](_\{[^{}]*\})?\}", "", bare)
    bare = re.sub(r"\\(mathrm|operatorname|text)\b", "", bare)
    bare = _SCRIPT.sub(lambda script: "0" * round(0.7 * _width(script[1])), bare)
    bare = re.sub(r"\\(le|mid|bmod)\b", "+", bare)
    bare = re.sub(r"\\[A-Za-z]+", "x", bare)
    bare = re.sub(r"[\\{}_^ ]", "", bare)
    return len(bare) + 2 * len(re.findall(r"[-+=]", bare))

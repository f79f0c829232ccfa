r"""Writes what stands on the board: ASCII, Unicode for a terminal, or amsmath that KaTeX renders.

A line comes in parts between which it may be broken; sum signs are parts of their own, so that a
terminal can set their limits above and below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import sympy

from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Pad, Rotate
from symconv.formula.sizes import Difference, Name, Product, Remainder, Size
from symconv.formula.sizes import Sum as SizeSum
from symconv.notation import LOSS as LOSS_NAME
from symconv.polynomial import ONE, Polynomial
from symconv.symbolic.amounts import Piece, pieces
from symconv.symbolic.board import BoardEquation, Definition, Division, Statement
from symconv.symbolic.expressions import (
    LOSS,
    Between,
    Divides,
    Expr,
    is_element,
    polynomial,
    quotient,
)

FACTORS = ("dY", "D", "D'", "X", "X'", "Y", "F", "F'")
"""The order of the factors of a product: as a lecturer writes them."""


class NameWriter(Protocol):
    """What a writer of `symconv.telling.writers` knows of names."""

    def letter(self, tensor: str) -> str:
        """Return the name of a tensor's elements."""

    def tensor(self, tensor: str) -> str:
        """Return the name of a whole tensor."""

    def fraction(self, above: str, below: str) -> str:
        """Return a derivative."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """How one alphabet writes what has no name."""

    times: str
    minus: str
    at_most: str
    divides: str
    delta: str
    modulo: str
    comma: str
    prime: str = "'"


ASCII = Alphabet("*", "-", "<=", " divides ", "delta({}, {})", "mod", ", ")
UNICODE = Alphabet("·", "−", "≤", " ∣ ", "δ({}, {})", "mod", ", ")
LATEX = Alphabet(" ", "-", r"\le", r" \mid ", r"\delta_{{{},\,{}}}", r"\bmod", r",\,")


@dataclass(frozen=True, slots=True)
class SumSign:
    """The sign of a sum with its limits."""

    index: str
    first: str
    last: str


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


class Writing:
    """Writes statements in one alphabet, with the names of one notation."""

    def __init__(self, names: NameWriter, signs: Alphabet) -> None:
        self.names = names
        self.signs = signs
        self.latex = signs is LATEX

    def line(self, statement: Statement) -> BoardLine:
        """Return a statement as a line."""
        match statement:
            case BoardEquation(left, right):
                parts, where = self._side(right)
                return BoardLine(self._factor(left), tuple(parts), tuple(where))
            case Definition(name, node):
                return BoardLine(self.tensor(name), tuple(self.node(node).split(_BREAK)))
            case Division(axis):
                rest = self._remainder(axis.room, axis.u)
                known = self.polynomial(axis.room - axis.rem)
                left = f"{self.polynomial(axis.rem)}"
                reached = self.polynomial((axis.P - 1) * axis.u)
                return BoardLine(reached, (known,), (f"{left} = {rest}",))

    def name(self, thing: object) -> str:
        """Return what stands for a brace in a sentence."""
        match thing:
            case str():
                return self.tensor(thing)
            case Polynomial():
                return self.polynomial(thing)
            case _:
                return self._factor(thing)

    def tensor(self, name: str) -> str:
        """Return the name of a whole tensor: X, dY, D, F'."""
        base, prime = name.removesuffix("'"), "'" if name.endswith("'") else ""
        return ("D" if base == "D" else self.names.tensor(base)) + prime

    def polynomial(self, of: Polynomial) -> str:
        """Return a polynomial as a lecturer writes it."""
        text = ""
        for piece in pieces(of):
            sign = self.signs.minus if piece.factor < 0 else "+"
            text += f" {sign} {self._piece(piece, alone=not text or piece.factor > 0)}"
        if text.startswith(f" {self.signs.minus} "):
            return self.signs.minus + text[3:]
        return text.removeprefix(" + ") or "0"

    def _piece(self, piece: Piece, alone: bool) -> str:
        factors = [str(abs(piece.factor))] if abs(piece.factor) != 1 else []
        factors += map(self._size_name, piece.names)
        if piece.last:
            last = f"{piece.last} {self.signs.minus} 1"
            bare = alone and not factors and piece.factor > 0
            factors.append(last if bare else f"({last})")
        return self.signs.times.join(factors) or "1"

    def _size_name(self, name: str) -> str:
        if not self.latex or len(name) == 1:
            return name
        if name.startswith("rem_"):
            return rf"\mathrm{{rem}}_{{{name[4:]}}}"
        return f"{name[0]}_{{\\mathrm{{{name[1:]}}}}}"

    def _index(self, of: Expr) -> str:
        above, below = quotient(of)
        number = self.polynomial(above)
        if below == ONE:
            return number
        return f"{self._bracketed(above)}/{self._bracketed(below)}"

    def _bracketed(self, of: Polynomial) -> str:
        text = self.polynomial(of)
        return f"({text})" if " " in text.strip() and len(of.terms) > 1 else text

    def _element(self, of: Expr) -> str:
        base = of.base.name.removesuffix("'")
        prime = "'" if of.base.name.endswith("'") else ""
        letter = ("D" if base == "D" else self.names.letter(base)) + prime
        index = [self._index(entry) for entry in of.indices]
        if self.latex:
            short = all(len(entry) == 1 for entry in index)
            return f"{letter}_{{{('' if short else self.signs.comma).join(index)}}}"
        simple = all(len(entry) == 1 for entry in index)
        return f"{letter}[{(',' if simple else ', ').join(index)}]"

    def _factor(self, of: Expr) -> str:
        match of:
            case _ if of == LOSS:
                return LOSS_NAME
            case sympy.Indexed() if is_element(of, "dY"):
                return self.names.fraction(LOSS_NAME, self._element(of))
            case sympy.Indexed():
                return self._element(of)
            case Between() | Divides():
                return self._bracket(of)
            case sympy.Derivative():
                return self.names.fraction(self._factor(of.expr), self._element(of.variables[0]))
            case sympy.KroneckerDelta():
                sides = sorted(of.args, key=lambda side: (not side.is_Symbol, str(side)))
                return self.signs.delta.format(*(self._index(side) for side in sides))
            case _:
                return self._index(of)

    def _side(self, of: Expr) -> tuple[list[str | SumSign], list[str]]:
        parts: list[str | SumSign] = []
        where: list[str] = []
        if isinstance(of, sympy.Sum):
            for index, first, last in of.limits:
                limits = self.polynomial(polynomial(first)), self.polynomial(polynomial(last))
                parts.append(SumSign(str(index), *limits))
            of = of.function
        factors = sorted(sympy.Mul.make_args(of), key=_place)
        deltas = [factor for factor in factors if isinstance(factor, sympy.KroneckerDelta)]
        for factor in factors:
            if isinstance(factor, Between | Divides):
                where.append(self._bracket(factor))
            elif factor in deltas[:1]:
                parts.append(" ".join(map(self._factor, deltas)))
            elif factor in deltas:
                continue
            elif isinstance(factor, sympy.Sum):
                inner, more = self._side(factor)
                parts += inner
                where += more
            else:
                parts.append(self._factor(factor))
        return parts, where

    def _bracket(self, of: Expr) -> str:
        sides = [self.polynomial(polynomial(side)) for side in of.args]
        return (self.signs.divides if isinstance(of, Divides) else f" {self.signs.at_most} ").join(
            sides
        )

    def _remainder(self, number: Polynomial, divisor: Polynomial) -> str:
        return f"{self._bracketed(number)} {self.signs.modulo} {self.polynomial(divisor)}"

    def node(self, of: Node) -> str:
        """Return a formula; where it may be broken stands a mark."""
        match of:
            case Leaf(name):
                return self.tensor(name)
            case Rotate(inner):
                return self._call("rotate", [self.node(inner)])
            case Dilate(inner, steps):
                return self._call("dilate", [self.node(inner), self._pair(steps)])
            case Pad(inner, sides):
                amounts = self._tuple([self._pair(side) for side in sides])
                return self._call("pad", [self.node(inner), amounts])
            case Correlate(inner, by, stride, dilation):
                given = {"stride": stride, "dilation": dilation}
                options = [
                    f"{self._word(word)}={self._pair(steps)}"
                    for word, steps in given.items()
                    if any(step != 1 for step in steps)
                ]
                return self._call("correlate", [self.node(inner), self.node(by), *options])
            case _:
                raise TypeError(f"{type(of).__name__} is made by no rule")

    def _call(self, operator: str, arguments: Iterable[str]) -> str:
        word = rf"\operatorname{{{operator}}}" if self.latex else operator
        return f"{word}({f',{_BREAK}'.join(arguments)})"

    def _word(self, word: str) -> str:
        return rf"\text{{{word}}}" if self.latex else word

    def _pair(self, sizes: Iterable[Size]) -> str:
        return f"({', '.join(map(self._size, sizes))})"

    def _tuple(self, entries: Iterable[str]) -> str:
        return f"({f',{_BREAK}'.join(entries)})"

    def _size(self, of: Size) -> str:
        """Return a size in a formula: ASCII as the claim language writes it."""
        match of:
            case int():
                return str(of).replace("-", self.signs.minus)
            case Name(name):
                return self._size_name(name)
            case SizeSum(left, right):
                return f"{self._size(left)} + {self._size(right)}"
            case Difference(0, right):
                return f"{self.signs.minus}{self._atom(right)}"
            case Difference(left, right):
                return f"{self._size(left)} {self.signs.minus} {self._term(right)}"
            case Product(left, right):
                return f"{self._atom(left)}{self.signs.times}{self._atom(right)}"
            case Remainder(left, right):
                sign = "%" if self.signs is ASCII else self.signs.modulo
                return f"{self._atom(left)} {sign} {self._atom(right)}"
            case _:
                raise TypeError(f"{type(of).__name__} is made by no rule")

    def _atom(self, of: Size) -> str:
        text = self._size(of)
        return text if isinstance(of, int | Name) else f"({text})"

    def _term(self, of: Size) -> str:
        sums = SizeSum | Difference | (Remainder if self.signs is not ASCII else SizeSum)
        return f"({self._size(of)})" if isinstance(of, sums) else self._size(of)


_BREAK = "\N{ZERO WIDTH SPACE}"


def flat(line: BoardLine) -> str:
    """Return a line as plain text, the limits of sums beside their signs."""
    parts = (_flat_sum(part) if isinstance(part, SumSign) else part for part in line.parts)
    where = f"  where {', '.join(line.where)}" if line.where else ""
    return f"{line.left} = {' '.join(parts)}{where}"


def _flat_sum(sign: SumSign) -> str:
    return f"sum_{{{sign.index}={sign.first}..{sign.last}}}".replace(" ", "")


def _latex_sum(part: str | SumSign) -> str:
    if isinstance(part, str):
        return part
    return rf"\sum_{{{part.index}={part.first}}}^{{{part.last}}}"


def latex_line(line: BoardLine, widest: int = 58) -> str:
    """Return the body of a display; a long line is broken between its parts."""
    parts = [_latex_sum(part) for part in line.parts]
    signs = sum(isinstance(part, SumSign) for part in line.parts)
    parts = [" ".join(parts[: signs + 1]), *parts[signs + 1 :]]
    rows = list(_filled(parts, widest - _width(line.left)))
    *firsts, last = line.where or ("",)
    where = list(_filled([f"{one},\\ " for one in firsts] + [last], widest)) if line.where else []
    if where:
        where[0] = rf"\text{{where }} {where[0]}"
    if len(rows) == 1 and not where:
        return f"{line.left} = {rows[0]}"
    if len(rows) == 1 and sum(map(_width, (line.left, *rows, *where))) <= widest:
        return f"{line.left} = " + r" \quad ".join([*rows, *where])
    lines = [f"{line.left} &= {rows[0]}", *(rf"&\quad {row}" for row in (*rows[1:], *where))]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


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
    bare = _SCRIPT.sub(lambda script: "x" * round(0.7 * _width(script[1])), bare)
    bare = re.sub(r"\\(le|mid|bmod)\b", "+", bare)
    bare = re.sub(r"\\[A-Za-z]+", "x", bare)
    bare = re.sub(r"[\\{}_^ ]", "", bare)
    return len(bare) + 2 * len(re.findall(r"[-+=]", bare))


def _place(factor: Expr) -> tuple[int, str]:
    match factor:
        case sympy.Indexed():
            return FACTORS.index(factor.base.name) if factor.base.name in FACTORS else 9, ""
        case sympy.Derivative():
            return 1, ""
        case sympy.Sum():
            return 10, ""
        case sympy.KroneckerDelta():
            return 11, _axis(factor)
        case Divides():
            return 12, _axis(factor)
        case _:
            return 13, _axis(factor)


def _axis(factor: Expr) -> str:
    """Return a key that puts the first axis before the second: m before n."""
    return "".join(sorted(s.name for s in factor.free_symbols if s.name in "mnpq"))


__all__ = ["ASCII", "LATEX", "UNICODE", "BoardLine", "SumSign", "Writing", "flat", "latex_line"]

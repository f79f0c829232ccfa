r"""Reads arithmetic as a person reads it, from Unicode and from LaTeX, and evaluates it.

A product binds tighter than a sum, what stands side by side is multiplied, and ``mod`` takes what
is next to it on both sides: whoever means more has to set brackets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction

_TOKEN = re.compile(
    r"\\left\\lfloor|\\right\\rfloor|\\left\(|\\right\)|\\frac|\\bmod|\\cdot|\\min|\\max"
    r"|mod|min|max|\d+|[A-Za-z]|[-+·−()/⌊⌋,{}]"
)
_SAME = {
    "\\left\\lfloor": "⌊", "\\right\\rfloor": "⌋", "\\left(": "(", "\\right)": ")", "−": "-",
    "\\bmod": "mod", "\\cdot": "·", "\\min": "min", "\\max": "max",
}  # fmt: skip


def value(text: str, at: Mapping[str, int]) -> int:
    """Return the value of arithmetic, where names are as ``at`` says.

    Raises:
        ZeroDivisionError: a divisor is 0.
    """
    reader = _Reader(text, at)
    found = reader.sum()
    assert reader.next is None, reader.left
    assert found.denominator == 1
    return int(found)


class _Reader:
    def __init__(self, text: str, at: Mapping[str, int]) -> None:
        assert not _TOKEN.sub("", text).replace("\\ ", "").strip(), text
        self.left = [_SAME.get(token, token) for token in _TOKEN.findall(text)]
        self.at = at

    @property
    def next(self) -> str | None:
        return self.left[0] if self.left else None

    def take(self, wanted: str | None = None) -> str:
        token = self.left.pop(0)
        assert wanted in (None, token), (wanted, token)
        return token

    def sum(self) -> Fraction:
        negative = self.next == "-"
        if negative:
            self.take()
        total = -self.product() if negative else self.product()
        while self.next in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            total += sign * self.product()
        return total

    def product(self) -> Fraction:
        total = self.remainder()
        while self.next not in (None, "+", "-", ")", "⌋", ",", "}", "/"):
            if self.next == "·":
                self.take()
            total *= self.remainder()
        if self.next == "/":
            self.take()
            total /= self.remainder()
        return total

    def remainder(self) -> Fraction:
        left = self.whole()
        if self.next == "mod":
            self.take()
            right = self.whole()
            return left - right * math.floor(left / right)
        return left

    def whole(self) -> Fraction:
        token = self.take()
        if token.isdigit():
            return Fraction(int(token))
        if token == "(":
            return self.closed(")")
        if token == "⌊":
            return Fraction(math.floor(self.closed("⌋")))
        if token == "\\frac":
            self.take("{")
            above = self.closed("}")
            self.take("{")
            return above / self.closed("}")
        if token in ("min", "max"):
            self.take("(")
            first = self.sum()
            self.take(",")
            pair = first, self.closed(")")
            return min(pair) if token == "min" else max(pair)
        return Fraction(self.at[token])

    def closed(self, end: str) -> Fraction:
        total = self.sum()
        self.take(end)
        return total

"""Tensors of numbers that a claim gives: ``AT = [[1, 1, 1, 0], [0, 1, -1, -1]]``, ``"1/2"`` a half.

The numbers are exact: integers, or fractions as texts.  Rows are nested as in Python, one level for
each axis, all rows of an axis of one length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from symconv.errors import ParseError
from symconv.formula.nodes import Constant
from symconv.formula.parse import LARGEST
from symconv.formula.syntax import shown

if TYPE_CHECKING:
    from fractions import Fraction

    from symconv.formula.vocabulary import Vocabulary

MOST = 1_000
"""The most numbers that one tensor may have."""

DEEPEST = 6
"""The most axes that one may have."""

Rows = int | str | tuple["Rows", ...]
"""A number as it is written, or rows of them."""


def rows(given: object) -> Rows:
    """Return what a file or a caller gives, lists as tuples.

    Raises:
        ParseError: something else than integers, texts and lists of them.
    """
    return _rows(given, DEEPEST)


def _rows(given: object, depth: int) -> Rows:
    if isinstance(given, str) or (isinstance(given, int) and not isinstance(given, bool)):
        return given
    if isinstance(given, list | tuple) and depth:
        return tuple(_rows(each, depth - 1) for each in given)
    if isinstance(given, list | tuple):
        raise ParseError(f"more than {DEEPEST} axes")
    what = shown(repr(given))
    raise ParseError(f"{what} is no exact number; write integers, and fractions as texts: '1/2'")


def with_constants(words: Vocabulary, given: Mapping[str, Rows]) -> Vocabulary:
    """Return the vocabulary with tensors of these numbers.

    Raises:
        ParseError: a name that is taken, or rows that are no tensor.
    """
    for name, entries in given.items():
        try:
            node = _constant(name, entries)
        except ParseError as error:
            raise ParseError(f"constant {shown(name)}: {error}") from None
        words.declare(tensors={name: node.shape})  # the name has to be new
        words = replace(words, tensors={**words.tensors, name: node})
    return words


def in_brief(entries: Rows) -> str:
    """Return rows as they are written in Python, in one line."""
    if isinstance(entries, tuple):
        return f"[{', '.join(map(in_brief, entries))}]"
    return str(entries)


def _constant(name: str, entries: Rows) -> Constant:
    shape = _shape(entries)
    if not shape:
        raise ParseError("a number alone; write a list of numbers, or rows of them")
    numbers = tuple(map(_number, _flat([entries])))
    if len(numbers) > MOST:
        raise ParseError(f"{len(numbers)} numbers; at most {MOST} are looked at")
    return Constant(name, shape, numbers)


def _shape(entries: Rows) -> tuple[int, ...]:
    if not isinstance(entries, tuple):
        return ()
    shapes = {_shape(each) for each in entries}
    if len(shapes) > 1:
        raise ParseError("its rows are of different lengths")
    if not shapes:
        raise ParseError("a row without a number")
    return (len(entries), *shapes.pop())


def _flat(entries: Iterable[Rows]) -> Iterator[int | str]:
    for each in entries:
        if isinstance(each, tuple):
            yield from _flat(each)
        else:
            yield each


def _number(written: int | str) -> int | Fraction:
    from fractions import Fraction  # most claims hold no fraction

    match = re.fullmatch(r"\s*([-+]?\d{1,10})\s*(?:/\s*(\d{1,10})\s*)?", str(written))
    if match is None:
        raise ParseError(f"{shown(repr(written))} is no exact number; write 3, -1 or '1/2'")
    above, below = int(match[1]), int(match[2] or 1)
    if not below or max(abs(above), below) > LARGEST:
        raise ParseError(f"{shown(str(written))}: it is divided by 0, or beyond {LARGEST}")
    number = Fraction(above, below)
    return number.numerator if number.denominator == 1 else number

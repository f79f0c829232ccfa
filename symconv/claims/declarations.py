"""What a claim declares: more tensors with their shapes, and more integers with their ranges.

A shape is written ``R2 x S2``, ``R2xS2``, ``R2, S2`` or ``(R2, S2)``.  An x stands between two
extents, blanks around it or not, and is part of a name only where the name is known: a new name
that holds an x needs the blanks (``Nx x 2``), or a comma (``Nx,`` for one axis).
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from symconv.claims.claim import Condition
from symconv.errors import ParseError
from symconv.formula.parse import LARGEST, FormulaReader
from symconv.formula.sizes import Name, Size
from symconv.formula.syntax import shown, syntax_tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from symconv.formula.vocabulary import Vocabulary

_TOKEN = re.compile(r"[A-Za-z_]\w*|\d+|\s+|.", re.DOTALL)
_CALLED = "max"
"""The one operator of sizes that has an x in its name."""


def declared(
    words: Vocabulary, tensors: Mapping[str, str], integers: Mapping[str, str | int]
) -> tuple[Vocabulary, tuple[Condition, ...]]:
    """Return the vocabulary with what a claim declares, and upper bounds of its integers.

    A new name in a shape is an integer of at least 1, and known to the shapes that follow.

    Raises:
        ParseError: a name that is taken, a shape or a range that is none.
    """
    free: dict[str, int | None] = {}
    bounds = []
    for name, bound in integers.items():
        least, most = _range(name, bound)
        free[name] = least
        if most is not None:
            bounds.append(Condition(Name(name), "<=", most))
    words = words.declare(integers=free)
    for name, text in tensors.items():
        words = words.declare(tensors={name: _shape(name, text, words)})
    return words, tuple(bounds)


def _range(name: str, bound: str | int) -> tuple[int | None, int | None]:
    """Return the least and the greatest value of an integer, None where there is none."""
    if isinstance(bound, int) and not isinstance(bound, bool) and abs(bound) <= LARGEST:
        return bound, None
    text = bound.strip() if isinstance(bound, str) else ""
    if match := re.fullmatch(r">=\s*(-?\d{1,9})", text):
        return int(match[1]), None
    if match := re.fullmatch(r"(-?\d{1,9})\s*\.\.\s*(-?\d{1,9})", text):
        least, most = int(match[1]), int(match[2])
        if least > most:
            raise ParseError(f"integer {shown(name)}: {text} holds no value")
        return least, most
    if text in ("any", "integer"):
        return None, None
    raise ParseError(f"integer {shown(name)}: {bound!r} is no range; write '>= 1', '0..3' or 'any'")


def _shape(name: str, text: str, words: Vocabulary) -> tuple[Size, ...]:
    """Return the extents in ``text``; a new name stands for itself."""
    try:
        trees = list(_extents(text, words.names()))
        known = words.declare(integers=dict.fromkeys(_new_names(trees, words), 1))
        sizes = tuple(map(FormulaReader(known).size, trees))
        for size in sizes:
            if isinstance(size, int) and size < 1:
                raise ParseError(f"an extent is {size}; a tensor has at least 1 element on an axis")
    except ParseError as error:
        raise ParseError(f"tensor {shown(name)} = {shown(text)!r}: {error}") from None
    return sizes


def _new_names(trees: list[ast.expr], words: Vocabulary) -> Iterator[str]:
    """Yield the extents that are new names by themselves, each once."""
    names = dict.fromkeys(tree.id for tree in trees if isinstance(tree, ast.Name))
    yield from (name for name in names if name not in words.names())


def _extents(text: str, known: Collection[str]) -> Iterator[ast.expr]:
    """Yield the extents of a shape as syntax trees."""
    pieces = _pieces(text, known)
    if len(pieces) > 1:
        yield from map(syntax_tree, pieces)
        return
    tree = syntax_tree(text)
    if isinstance(tree, ast.Tuple):
        yield from tree.elts
    else:
        yield tree


def _pieces(text: str, known: Collection[str]) -> list[str]:
    """Return what an x outside of brackets separates: one with blanks around it, else any.

    Where a comma outside of brackets separates, it is left to the syntax of tuples.
    """
    tokens = _TOKEN.findall(text.strip())
    outside = [depth == 0 for depth in _depths(tokens)]
    if any(token == "," for n, token in enumerate(tokens) if outside[n]):
        return [text]
    alone = {n for n, token in enumerate(tokens) if outside[n] and _stands_alone(tokens, n)}
    pieces = [""]
    for n, token in enumerate(tokens):
        if alone:
            parts = ["", ""] if n in alone else [token]
        elif token in known or not outside[n]:
            parts = [token]
        else:
            called = _CALLED if tokens[n + 1 : n + 2] == ["("] and token.endswith(_CALLED) else ""
            parts = token.removesuffix(called).split("x")
            parts[-1] += called
        pieces[-1] += parts[0]
        pieces += parts[1:]
    if len(pieces) > 1 and not all(map(str.strip, pieces)):
        raise ParseError(
            "an extent is missing beside an x; a name that holds an x needs blanks around the x "
            "between two extents, or a comma, as in 'Nx x 2' and 'Nx,'"
        )
    return pieces


def _stands_alone(tokens: list[str], n: int) -> bool:
    """Whether a token is an x with blanks on both sides."""
    around = "".join(tokens[max(n - 1, 0) : n] + tokens[n + 1 : n + 2])
    return tokens[n] == "x" and 0 < n < len(tokens) - 1 and around.isspace()


def _depths(tokens: list[str]) -> Iterator[int]:
    """Yield how many brackets are open around each token."""
    depth = 0
    for token in tokens:
        depth -= token == ")"
        yield depth
        depth += token == "("

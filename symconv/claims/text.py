"""Writes the parts of a claim in the claim language, defined tensors by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symconv.claims.claim import Condition, ShapeOf, Side
from symconv.formula.nodes import IndexSum
from symconv.formula.sizes import Name
from symconv.formula.text import Words, size_text, text

if TYPE_CHECKING:
    from symconv.formula.sizes import Size
    from symconv.formula.vocabulary import Vocabulary


def claim_text(left: Side, right: Side, vocabulary: Vocabulary) -> str:
    """Return the statement ``left == right``; reading it gives these sides again."""
    words = {node: name for name, node in vocabulary.tensors.items()}
    sides = [_side(side, words) for side in (left, right)]
    for k, side in enumerate((left, right)):
        if isinstance(side, IndexSum):  # the other side names the element that is summed
            sides[1 - k] += f"[{', '.join(side.indices)}]"
    return " == ".join(sides)


def condition_text(condition: Condition) -> str:
    """Return a hypothesis as it is written: ``H >= R``."""
    return f"{size_text(condition.left)} {condition.relation} {size_text(condition.right)}"


def shape_text(extents: tuple[Size, ...]) -> str:
    """Return a declared shape as it is written: ``R2 x S2``, or ``(H - 1, W - 1)``."""
    texts = list(map(size_text, extents))
    if all(isinstance(extent, int | Name) for extent in extents):
        return " x ".join(texts)
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _side(side: Side, words: Words) -> str:
    if isinstance(side, ShapeOf):
        return f"shape({_side(side.of, words)})"
    if isinstance(side, tuple):
        return _sizes(side)
    return words[side] if side in words else text(side, words)


def _sizes(sizes: tuple[Size, ...]) -> str:
    entries = ", ".join(map(size_text, sizes))
    return entries if len(sizes) == 1 else f"({entries})"

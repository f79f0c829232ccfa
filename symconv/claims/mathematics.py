"""Reads a claim as mathematics to be shown: defined tensors by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from symconv.claims.claim import Claim, Condition, ShapeOf, Side
from symconv.formula.nodes import Added, IndexSum, Leaf, Node, multiple
from symconv.formula.sizes import Name
from symconv.formula.walk import parts
from symconv.formula.words import SHAPE
from symconv.mathematics.text import ASCII
from symconv.mathematics.tree import Application, Comparison, Mathematics, RelationSign, Series
from symconv.readings import mathematics, text
from symconv.readings.mathematics import Lettering

if TYPE_CHECKING:
    from symconv.formula.sizes import Size
    from symconv.formula.vocabulary import Vocabulary


def claim(of: Claim, vocabulary: Vocabulary) -> Comparison:
    """Return what a claim states, without its hypotheses."""
    if of.order:
        sides = (of.order[0].left, *(each.right for each in of.order))
        signs = tuple(RelationSign(each.relation) for each in of.order)
        return Comparison(tuple(map(mathematics.size, sides)), signs)
    return statement(of.left, of.right, vocabulary)


def definitions(claim: Claim, names: Iterable[str], words: Vocabulary) -> Iterator[Comparison]:
    """Yield what those of ``names`` are that occur in ``claim``, by their elements."""
    occurring = set(filter(_is_node, parts((claim.left, claim.right))))
    for name in names:
        node = words.tensors.get(name)
        if node is not None and node in occurring:
            others = {key: value for key, value in words.tensors.items() if key != name}
            yield statement(Leaf(name), node, replace(words, tensors=others))


def _is_node(part: object) -> bool:
    return isinstance(part, Node)


def statement(left: Side, right: Side, vocabulary: Vocabulary) -> Comparison:
    """Return ``left == right``; in ASCII it can be read again, and gives these sides."""
    names = Lettering(
        defined={node: mathematics.tensor(name) for name, node in vocabulary.tensors.items()}
    )
    sides = [_side(side, names) for side in (left, right)]
    summed = {
        k: indices
        for k, side in enumerate((left, right))
        if side not in names.defined and (indices := _indices(side))
    }
    if len(summed) == 1:  # the other side names the element that is summed
        ((k, indices),) = summed.items()
        sides[1 - k] = mathematics.element(sides[1 - k], map(Name, indices))
    return Comparison(tuple(sides), (RelationSign.EQUAL,))


def _indices(side: Side) -> tuple[str, ...]:
    """Return the indices of the element that a side writes out, none if it is a whole tensor."""
    match side:
        case IndexSum():
            return () if multiple(side) else side.indices
        case Added(terms):
            return _indices(terms[0])
        case _:
            return ()


def condition(of: Condition) -> Comparison:
    """Return a hypothesis, or a bound."""
    sides = mathematics.size(of.left), mathematics.size(of.right)
    return Comparison(sides, (RelationSign(of.relation),))


def claim_text(left: Side, right: Side, vocabulary: Vocabulary) -> str:
    """Return ``left == right`` in the claim language."""
    return ASCII.write(statement(left, right, vocabulary))


def condition_text(of: Condition) -> str:
    """Return a hypothesis in the claim language: ``H >= R``."""
    return ASCII.write(condition(of))


def shape_text(extents: tuple[Size, ...]) -> str:
    """Return a declared shape as it is written: ``R2 x S2``, or ``(H - 1, W - 1)``."""
    if all(isinstance(extent, int | Name) for extent in extents):
        return " x ".join(map(text.size, extents))
    return ASCII.write(_sizes(extents))


def _sizes(sizes: tuple[Size, ...]) -> Mathematics:
    entries = tuple(map(mathematics.size, sizes))
    return entries[0] if len(entries) == 1 else Series(entries)


def _side(side: Side, names: Lettering) -> Mathematics:
    if isinstance(side, ShapeOf):
        return Application(SHAPE.name, (mathematics.read(side.of, names),))
    if isinstance(side, tuple):
        return _sizes(side)
    return mathematics.read(side, names)

r"""Channels, filters, batches and groups: indices that only say which convolution is meant.

    Y_{n,k,i,j} = b_k + \sum_c \sum_{r,s} X_{n,c,i+r,j+s} F_{k,c,r,s}

is a convolution for each n, k and c, added over c.  Such an index, a *label*, stands by itself and
never slides.  It is shared by two of the three tensors (by all three where convolutions are
grouped), and it is summed exactly where the left side lacks it.  Then the formula holds for all
labels if and only if it holds without them: take one value of each, or add over them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from symconv.documents.formulas.index_words import names_in, written
from symconv.documents.formulas.roles import LOCAL, LetteredElement, element, factors_of
from symconv.documents.index_formulas.signs import ranges_in, without
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.syntax import (
    BigSum,
    Derivative,
    Differential,
    Expression,
    Symbol,
    UnreadableError,
    WrittenSum,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.mathematics.walk import mapped
from symconv.documents.source.place import Place
from symconv.errors import how_many

_MOST_PARTS = 8
SPATIAL = ""
"""What stands for the name of a part that slides."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """An element with the parts of its index.

    Attributes:
        symbol: the element.
        parts: the words of each part.
        names: the letter that a part is, "" where it is a sum or a number.
        inside: the letters in parts that are sums.
    """

    symbol: Symbol
    parts: tuple[tuple[Token, ...], ...]
    names: tuple[str, ...]
    inside: frozenset[str]


@dataclass(frozen=True, slots=True)
class LabelledEquation:
    """A formula's left side with one of its right sides, labels and sliding indices told apart.

    Attributes:
        tensors: the elements of each tensor, first those that the left side computes.
        given: how many of the tensors stand on the left.
        summed: the letters below the sum signs.
    """

    tensors: tuple[tuple[Indexed, ...], ...]
    given: int
    summed: frozenset[str]

    @property
    def inside(self) -> frozenset[str]:
        """Return the letters that stand in a sum of indices."""
        return frozenset().union(*(e.inside for elements in self.tensors for e in elements))

    def labels(self, spatial: AbstractSet[str]) -> list[tuple[str, ...]]:
        """Return the name of each part of each tensor's index, `SPATIAL` where it slides.

        Raises:
            UnreadableError: a tensor is written with other labels in another place.
        """
        found = []
        for elements in self.tensors:
            written_ = [
                tuple(SPATIAL if not name or name in spatial else name for name in e.names)
                for e in elements
            ]
            if any(other != written_[0] for other in written_):
                raise UnreadableError(
                    "the same element has other indices here", *elements[-1].symbol.place
                )
            found.append(written_[0])
        return found


def equation(left: Expression, right: Expression) -> LabelledEquation | None:
    """Return a formula with the indices of its elements, None where it is no product of two."""
    target = element(left)
    others = [element(factor) for factor in factors_of(right)]
    found = [other for other in others if other is not None]
    if target is None or len(found) < len(others) or any(map(_is_numbered, [target, *found])):
        return None
    local = next((other for other in found if other.kind == LOCAL), None)
    tensors: list[tuple[Symbol, ...]]
    if target.of is not None and len(found) == 1 and local is None:
        tensors = [(target.of,), (target.symbol,), (found[0].symbol,)]
    elif target.of is None and len(found) == 2 and local is not None and local.of is not None:
        (upstream,) = (other for other in found if other is not local)
        tensors = [(target.symbol, local.symbol), (upstream.symbol, local.of)]
    elif target.of is None and len(found) == 2 and local is None:
        tensors = [(target.symbol,), *((other.symbol,) for other in found)]
    else:
        return None
    try:
        elements = tuple(tuple(map(indexed, symbols)) for symbols in tensors)
        summed = frozenset(name for range_ in ranges_in(right) for name in range_.names)
    except UnreadableError:
        return None
    return LabelledEquation(elements, 1 + (target.of is not None), summed)


def _is_numbered(found: LetteredElement) -> bool:
    symbols = (found.symbol, found.of)
    parts = [part for symbol in symbols if symbol for part in symbol.index or ()]
    return any(t.kind == "number" for part in parts if len(part) == 1 for t in part)


def indexed(symbol: Symbol) -> Indexed:
    """Return an element with the parts of its index; ``kij`` has three."""
    parts = symbol.index or ()
    if len(parts) == 1 and len(parts[0]) > 1 and all(t.kind == "letter" for t in parts[0]):
        parts = tuple((token,) for token in parts[0])
    if len(parts) > _MOST_PARTS:
        raise UnreadableError(f"an index with {how_many(len(parts), 'part')}", *symbol.place)
    names, inside = [], set()
    for part in parts:
        tree = read(part)
        names.append(written(tree) if isinstance(tree, Symbol) else SPATIAL)
        if not isinstance(tree, Symbol):
            inside |= set(names_in(tree))
    return Indexed(symbol, parts, tuple(names), frozenset(inside))


def checked(stated: LabelledEquation, labels: Sequence[tuple[str, ...]]) -> None:
    """Check that every label stands where sums over channels and batches have it.

    Raises:
        UnreadableError: one does not.
    """
    for elements, own in zip(stated.tensors, labels, strict=True):
        for name in own:
            if name and own.count(name) > 1:
                raise UnreadableError(f"the index {name} stands here twice", *_place(elements[0]))
    free = {name for own in labels[: stated.given] for name in own} - {SPATIAL}
    for elements, own in zip(stated.tensors, labels, strict=True):
        for name in filter(None, own):
            others = sum(name in other for other in labels)
            if len(labels) > 2 and others < 2:
                reason = f"the index {name} stands in {elements[0].symbol.name} alone"
                raise UnreadableError(reason, *_place(elements[0]))
            if name not in free and name not in stated.summed:
                raise UnreadableError(f"{name} is not summed", *_place(elements[0]))
            if name in free and name in stated.summed:
                raise UnreadableError(f"{name} is summed, and free", *_place(elements[0]))


def _place(one: Indexed) -> Place:
    return one.symbol.index_place or one.symbol.place


def stripped(tree: Expression, labels: AbstractSet[str]) -> Expression:
    """Return a side without labels: in its elements, below its sum signs, at its bias.

    Raises:
        UnreadableError: the limits of a sum over a label are none of a channel's.
    """
    match tree:
        case Symbol(_, index) if index is not None:
            return _element(tree, labels)
        case Derivative(of, wrt):
            of, wrt = (_element(s, labels) if s.index is not None else s for s in (of, wrt))
            return replace(tree, of=of, wrt=wrt)
        case Differential(Symbol() as of) if of.index is not None:
            return replace(tree, of=_element(of, labels))
        case BigSum():
            inside = stripped(tree.of, labels)
            kept = without(tree, labels)
            return inside if kept is None else replace(kept, of=inside)
        case _:
            return mapped(tree, lambda part: stripped(part, labels))


def _element(symbol: Symbol, labels: AbstractSet[str]) -> Symbol:
    found = indexed(symbol)
    kept = tuple(
        part for part, name in zip(found.parts, found.names, strict=True) if name not in labels
    )
    return replace(symbol, index=kept or None) if len(kept) < len(found.parts) else symbol


def biases(tree: Expression) -> Iterator[Symbol]:
    """Yield what is added to a formula's sum with an index."""
    if isinstance(tree, WrittenSum):
        yield from (t for _, t in tree.terms if isinstance(t, Symbol) and t.index is not None)

"""Elements of arrays as sums of products of the elements of given arrays, under conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from symconv.formula.nodes import Added, IndexSum, Leaf, Node, Ones, Range, Read, scaled
from symconv.formula.sizes import Greatest, Name, Size, minus, names, substitute


@dataclass(frozen=True, slots=True)
class Within:
    """0 <= place < extent; with extent 1, place is 0, and with None, it is 0 or more."""

    place: Size
    extent: Size | None

    def changed(self, change: Callable[[Size], Size]) -> Within:
        """Return the condition with its sizes changed."""
        return Within(change(self.place), None if self.extent is None else change(self.extent))

    @property
    def names(self) -> frozenset[str]:
        """The names in it."""
        return names(self.place) | (names(self.extent) if self.extent is not None else frozenset())

    @property
    def is_decided(self) -> bool | None:
        """Whether it holds, if that is seen; sizes are in their usual form."""
        if not isinstance(self.place, int):
            return None
        if self.place < 0 or self.extent is None:
            return self.place >= 0
        return self.place < self.extent if isinstance(self.extent, int) else None

    def read(self) -> Read:
        """Return a factor that is 1 where it holds and 0 elsewhere."""
        if self.extent is None:
            return Read(Ones((1,)), (Greatest(minus(0, self.place), 0),))
        return Read(Ones((self.extent,)), (self.place,))


@dataclass(frozen=True, slots=True)
class ProductTerm:
    """A product that is added up, over all values of its indices at which its conditions hold.

    Attributes:
        factor: a number.
        sums: each index, from 0 on, with the number of its values, which earlier ones may decide.
        reads: the elements that are multiplied: the array, and the index in it.
        conditions: where it is not 0.
        over: the sizes that it is divided by, in order of their text.
    """

    factor: Fraction = Fraction(1)
    sums: tuple[tuple[str, Size], ...] = ()
    reads: tuple[tuple[str, tuple[Size, ...]], ...] = ()
    conditions: tuple[Within, ...] = ()
    over: tuple[Size, ...] = ()

    def substituted(self, at: Mapping[str, Size], fresh: Callable[[str, Size], str]) -> ProductTerm:
        """Return the term with names replaced, and new names for its own indices."""
        at, sums = dict(at), []
        for name, extent in self.sums:
            extent = substitute(extent, at)
            new = fresh(name.rstrip("0123456789") or "k", extent)
            sums.append((new, extent))
            at[name] = Name(new)
        return ProductTerm(
            self.factor,
            tuple(sums),
            tuple((leaf, tuple(substitute(i, at) for i in index)) for leaf, index in self.reads),
            tuple(c.changed(lambda size: substitute(size, at)) for c in self.conditions),
            tuple(substitute(size, at) for size in self.over),
        )

    def __mul__(self, other: ProductTerm) -> ProductTerm:
        return ProductTerm(
            self.factor * other.factor,
            self.sums + other.sums,
            self.reads + other.reads,
            tuple(dict.fromkeys(self.conditions + other.conditions)),
            tuple(sorted(self.over + other.over, key=repr)),
        )

    def tidied(self, tidy: Callable[[Size], Size]) -> ProductTerm:
        """Return the term with sizes in their usual form, without conditions that say nothing."""
        conditions = (condition.changed(tidy) for condition in self.conditions)
        return ProductTerm(
            self.factor,
            tuple((name, tidy(extent)) for name, extent in self.sums),
            tuple((leaf, tuple(map(tidy, index))) for leaf, index in self.reads),
            tuple(dict.fromkeys(c for c in conditions if c.is_decided is not True)),
            tuple(sorted(map(tidy, self.over), key=repr)),
        )

    @property
    def impossible(self) -> bool:
        """Whether a condition is seen to hold nowhere; sizes are in their usual form."""
        return any(condition.is_decided is False for condition in self.conditions)

    @property
    def leaves(self) -> tuple[str, ...]:
        """The arrays that it multiplies, in order of their names."""
        return tuple(sorted(leaf for leaf, _ in self.reads))


def collected(terms: Iterable[ProductTerm]) -> list[ProductTerm]:
    """Return terms, those that are alike added up, and those that cancel left out."""
    counts: dict[ProductTerm, Fraction] = {}
    kept: dict[ProductTerm, ProductTerm] = {}
    for term in terms:
        form = _form(term)
        counts[form] = counts.get(form, Fraction(0)) + term.factor
        kept.setdefault(form, term)
    return [replace(kept[form], factor=factor) for form, factor in counts.items() if factor]


def _form(term: ProductTerm) -> ProductTerm:
    """Return a term with factor 1 and its indices numbered."""
    numbers = iter(range(len(term.sums)))
    plain = term.substituted({}, lambda *_: f"#{next(numbers)}")
    return replace(plain, factor=Fraction(1))


def node(terms: Iterable[ProductTerm], at: tuple[str, ...], shape: tuple[Size, ...]) -> Node:
    """Return the tensor whose element ``at`` is the sum of ``terms``.

    Raises:
        ValueError: there is no term.
    """
    made = [scaled(_index_sum(term, at, shape), term.factor) for term in terms]
    if not made:
        raise ValueError("a sum of no terms")
    return made[0] if len(made) == 1 else Added(tuple(made))


def _index_sum(term: ProductTerm, at: tuple[str, ...], shape: tuple[Size, ...]) -> IndexSum:
    reads = [Read(Leaf(leaf), index) for leaf, index in term.reads]
    reads += [condition.read() for condition in term.conditions]
    ranges = tuple(Range(name, 0, extent) for name, extent in term.sums)
    return IndexSum(shape, at, ranges, tuple(reads))

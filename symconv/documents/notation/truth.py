"""What an element of a convolution is under a notation: the products of the relation J.

Here the document's names and indices become canonical (X F Y dX dF dY, counted from 0, the filter
as correlation reads it), and an equation becomes a target with counted products, so that it can
be compared with what the relation says.  J is written out once more, one axis at a time and in
plain Python: a document asks for a few elements of tensors of any size, and waits for no numpy.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import product as combinations
from typing import NamedTuple

from symconv.documents.elements.equations import (
    GRADIENT,
    LOCAL,
    SCALAR,
    VALUE,
    ElementEquation,
    WrittenFactor,
    WrittenTerm,
    read_index,
)
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.notation.names import is_bias
from symconv.documents.notation.reading import NotationReading
from symconv.documents.notation.written_padding import is_padding
from symconv.equation import Element, factor_order
from symconv.equation import Term as Product
from symconv.errors import how_many
from symconv.geometry import Axis

ELEMENT, LOCAL_KIND, CHAIN = "element", "local", "chain"


_FACTORS = {"Y": ("X", "F"), "dX": ("dY", "F"), "dF": ("dY", "X")}
"""The tensors that meet in the products of a sum, in the order of a product."""

Pair = tuple[int, int]


class Truth:
    """The elements of one geometry, worked out as they are asked for.

    Attributes:
        reading: the notation.
        shapes: the extents of the tensors.
        elements: what the document's elements mean, as far as they were met (`element`).
        equations: what its equations mean, likewise (`canonical`).
    """

    def __init__(self, reading: NotationReading) -> None:
        g = reading.geometry
        self.reading = reading
        self.shapes = {"X": g.input, "F": g.filter, "Y": g.output, "dX": g.input, "dF": g.filter}
        self.elements: dict[tuple[str, str, tuple[str, ...]], Element] = {}
        self.equations: dict[ElementEquation, Canonical] = {}
        self._known: dict[Element, frozenset[Product]] = {}

    def terms(self, element: Element) -> frozenset[Product]:
        """Return the products that add up to an element of Y, dX, dF or dB.

        Raises:
            IndexError: the element lies outside of its tensor.
        """
        known = self._known.get(element)
        if known is None:
            known = self._known[element] = frozenset(self._terms(element))
        return known

    def _terms(self, element: Element) -> Iterator[Product]:
        """Yield every product of the relation J that the element sums, axis by axis."""
        if element.tensor == "dB":
            extents = self.reading.geometry.output
            yield from ((Element("dY", p),) for p in combinations(*map(range, extents)))
            return
        a, b = _FACTORS[element.tensor]
        if not _inside(element.index, self.shapes[element.tensor]):
            raise IndexError(f"{element} lies outside of its tensor")
        axes = zip(self.reading.geometry.axes, element.index, strict=True)
        meeting = [_meeting(axis, element.tensor, i) for axis, i in axes]
        for pairs in combinations(*meeting):
            first, second = zip(*pairs, strict=True)
            yield Element(a, first), Element(b, second)

    def local(self, output: Element, wrt: Element) -> Element | None:
        """Return dy/dx (an element of F) or dy/df (one of X); None where it is 0."""
        other = "F" if wrt.tensor == "X" else "X"
        for product in self.terms(output):
            if wrt in product:
                return next(e for e in product if e.tensor == other)
        return None

    def element_with(self, tensor: str, products: frozenset[Product]) -> Element | None:
        """Return the element of a tensor that is exactly this sum, if there is one.

        One product tells which: two of the indices of J determine the third.
        """
        product = next(iter(products), ())
        if tuple(e.tensor for e in product) != _FACTORS.get(tensor):
            return None
        pairs = zip(*(e.index for e in product), strict=True)
        axes = zip(self.reading.geometry.axes, pairs, strict=True)
        index = tuple(_summed_at(axis, tensor, pair) for axis, pair in axes)
        if not _inside(index, self.shapes[tensor]):
            return None
        found = Element(tensor, index)
        return found if self.terms(found) == products else None


def _meeting(axis: Axis, tensor: str, i: int) -> list[Pair]:
    """Return J on one axis at one element: the pairs of indices that are summed there."""
    u, d, lo = axis.stride, axis.dilation, axis.padding[0]
    if tensor == "Y":
        pairs = ((i * u + r * d - lo, r) for r in range(axis.filter))
        return [(m, r) for m, r in pairs if 0 <= m < axis.input]
    if tensor == "dX":
        windows = ((i + lo - r * d, r) for r in range(axis.filter))
        return [(pu // u, r) for pu, r in windows if pu % u == 0 and 0 <= pu // u < axis.output]
    pairs = ((p, p * u + i * d - lo) for p in range(axis.output))
    return [(p, m) for p, m in pairs if 0 <= m < axis.input]


def _summed_at(axis: Axis, tensor: str, pair: Pair) -> int:
    """Return the one element at which a pair of indices can meet."""
    u, d, lo = axis.stride, axis.dilation, axis.padding[0]
    a, b = pair
    if tensor == "Y":
        return (a + lo - b * d) // u
    return a * u + b * d - lo if tensor == "dX" else (b + lo - a * u) // d


@lru_cache(maxsize=64)
def truth(reading: NotationReading) -> Truth:
    """Return the truth under a reading."""
    return Truth(reading)


class FoundTerm(NamedTuple):
    """One product of an equation in canonical names.

    Attributes:
        coefficient: with its sign.
        product: its elements in order, a chain-rule factor replaced by its value; None where
            that value is 0.
        term: as the document writes it.
        mismatch: the chain-rule factor whose indices do not meet the rest, if any.
    """

    coefficient: int | Fraction
    product: Product | None
    term: WrittenTerm
    mismatch: WrittenFactor | None = None


class Canonical(NamedTuple):
    """An equation in canonical names; ``wrt`` is what a local derivative is by."""

    kind: str
    target: Element
    found: tuple[FoundTerm, ...]
    wrt: Element | None = None

    def counted(self) -> dict[Product, int | Fraction]:
        """Return how often each product stands there, cancelled ones left out."""
        counts: dict[Product, int | Fraction] = {}
        for found in self.found:
            if found.product is not None and found.coefficient:
                counts[found.product] = counts.get(found.product, 0) + found.coefficient
        return {product: n for product, n in counts.items() if n}


def element(factor: WrittenFactor, known: Truth) -> Element:
    """Return the canonical element of a value or a gradient.

    Raises:
        UnreadableError: a name without a role, or an index that does not fit the number of axes.
    """
    written = factor.kind, factor.name, factor.index
    found = known.elements.get(written)
    if found is None:
        found = known.elements[written] = _element(factor, known.reading)
    return found


def _element(factor: WrittenFactor, reading: NotationReading) -> Element:
    name = factor.name
    if factor.kind == VALUE and name in reading.gradients:
        return Element("dY", _index(factor, factor.index, reading, "Y"))
    role = reading.role(name)
    if role is None:
        raise UnreadableError(
            f"'{name}' is not a name of input, filter or output here", *factor.place
        )
    index = _index(factor, factor.index, reading, role)
    return Element("d" + role if factor.kind == GRADIENT else role, index)


def _index(
    factor: WrittenFactor, parts: tuple[str, ...], reading: NotationReading, role: str
) -> tuple[int, ...]:
    index = read_index(parts, reading.rank)
    if index is None:
        raise UnreadableError(
            f"{how_many(len(parts), 'index')} for {how_many(reading.rank, 'axis')} "
            f"('{','.join(parts)}')",
            *factor.index_place,
        )
    return canonical_index(index, role, reading)


def canonical_index(index: tuple[int, ...], role: str, reading: NotationReading) -> tuple[int, ...]:
    """Return an index counted from 0, the filter's turned where the forward pass flips it."""
    if role == "F" and reading.flipped:
        extents = reading.geometry.filter
        return tuple(R - 1 - (i - reading.base) for i, R in zip(index, extents, strict=True))
    return tuple(i - reading.base for i in index)


def document_index(element: Element, reading: NotationReading) -> tuple[int, ...]:
    """Return a canonical element's index as the document counts."""
    if element.tensor.endswith("F") and reading.flipped:
        extents = reading.geometry.filter
        return tuple(R - 1 - i + reading.base for i, R in zip(element.index, extents, strict=True))
    return tuple(i + reading.base for i in element.index)


def canonical(equation: ElementEquation, known: Truth) -> Canonical:
    """Return an equation in canonical names.

    Raises:
        UnreadableError: a name, an index or a product that has no meaning under this reading.
    """
    found = known.equations.get(equation)
    if found is None:
        found = known.equations[equation] = _canonical(equation, known)
    return found


def _canonical(equation: ElementEquation, known: Truth) -> Canonical:
    reading = known.reading
    kinds = _one_notation(equation, reading)
    if equation.target.kind == LOCAL:
        return _local_equation(equation, known)
    target = _target(equation.target, known)
    kind = CHAIN if LOCAL in kinds else ELEMENT
    found = []
    biases = 0
    for term in equation.terms:
        coefficient, factors, place = term
        if len(factors) == 1 and target.tensor == "Y" and _is_added_bias(factors[0], known):
            biases += 1
            if coefficient != 1 or biases > 1:
                raise UnreadableError("a bias that is not added once", *place)
        elif kind == CHAIN and any(f.kind == LOCAL for f in factors):
            found.append(_chain_term(term, target, known))
        else:
            product = _product(term, known)
            is_zero = is_padding((target, *(product or ())), reading)
            found.append(FoundTerm(coefficient, None if is_zero else product, term))
    return Canonical(kind, target, tuple(found))


def _is_added_bias(factor: WrittenFactor, known: Truth) -> bool:
    """Whether a term of one factor is a bias: b, or b_0 where no tensor b has that element."""
    role = known.reading.role(factor.name)
    if not is_bias(factor) or role is None:
        return is_bias(factor)
    index = read_index(factor.index, known.reading.rank)
    return index is None or not _inside(
        canonical_index(index, role, known.reading), known.shapes[role]
    )


def _target(target: WrittenFactor, known: Truth) -> Element:
    if target.kind == GRADIENT and not target.index:
        if not is_bias(target) or known.reading.role(target.name) is not None:
            raise UnreadableError(f"'{target.name}' is not known to be a bias", *target.place)
        return Element("dB", ())
    found = element(target, known)
    if found.tensor not in _FACTORS:
        raise UnreadableError("the left side is given, not computed", *target.place)
    return found


def _inside(index: tuple[int, ...], extents: tuple[int, ...]) -> bool:
    return all(0 <= i < extent for i, extent in zip(index, extents, strict=True))


def _one_notation(equation: ElementEquation, reading: NotationReading) -> set[str]:
    """Return the kinds of an equation's elements; refuse one that mixes o with O, or two losses."""
    names = {(f.kind, f.name, f.of) for f in equation.elements()}
    losses = {of for kind, _, of in names if kind == GRADIENT and of}
    outputs = {of if kind == LOCAL else name for kind, name, of in names if kind != SCALAR}
    for several, what in ((losses, "losses"), (outputs & set(reading.outputs), "outputs")):
        if len(several) > 1:
            raise UnreadableError(
                f"two {what} in one equation: {' and '.join(sorted(several))}",
                *equation.target.place,
            )
    return {kind for kind, _, _ in names}


def _product(term: WrittenTerm, known: Truth) -> Product | None:
    if not term.factors:
        if not term.coefficient:
            return None
        raise UnreadableError("a number alone is not a product of elements", *term.place)
    elements = []
    for factor in term.factors:
        if factor.kind == SCALAR:
            lone = "; a bias that one equation adds is called b" if len(term.factors) == 1 else ""
            raise UnreadableError(f"'{factor.name}' is not known here{lone}", *factor.place)
        elements.append(element(factor, known))
    return tuple(sorted(elements, key=_order))


def _order(element: Element) -> tuple[object, ...]:
    return (*factor_order(element.tensor), element.index)


def local_parts(factor: WrittenFactor, known: Truth) -> tuple[Element, Element]:
    """Return y and x of dy/dx; what is no element of its tensor is an `UnreadableError`."""
    reading = known.reading
    if factor.of not in reading.outputs:
        raise UnreadableError(f"'{factor.of}' is not the output here", *factor.place)
    output = Element("Y", _index(factor, factor.of_index, reading, "Y"))
    role = reading.role(factor.name)
    if role not in ("X", "F"):
        raise UnreadableError(f"'{factor.name}' is neither input nor filter here", *factor.place)
    wrt = Element(role, _index(factor, factor.index, reading, role))
    for e in (output, wrt):
        if not _inside(e.index, known.shapes[e.tensor]):
            raise UnreadableError("this element lies outside of its tensor", *factor.place)
    return output, wrt


def _local_equation(equation: ElementEquation, known: Truth) -> Canonical:
    output, wrt = local_parts(equation.target, known)
    found = []
    for term in equation.terms:
        product = _product(term, known)
        is_zero = is_padding((output, wrt, *(product or ())), known.reading)
        found.append(FoundTerm(term.coefficient, None if is_zero else product, term))
    return Canonical(LOCAL_KIND, output, tuple(found), wrt)


def _chain_term(term: WrittenTerm, target: Element, known: Truth) -> FoundTerm:
    """Return dL/dy * dy/dx with the value of the second factor put in."""
    upstream = [f for f in term.factors if f.kind != LOCAL]
    locals_ = [f for f in term.factors if f.kind == LOCAL]
    if len(upstream) != 1 or len(locals_) != 1:
        raise UnreadableError("this product of derivatives is not understood", *term.place)
    above = element(upstream[0], known)
    if above.tensor != "dY":
        raise UnreadableError("the chain rule goes through the output", *upstream[0].place)
    output, wrt = local_parts(locals_[0], known)
    wanted = Element(target.tensor[1:], target.index)
    if output.index != above.index or wrt != wanted:
        return FoundTerm(term.coefficient, None, term, locals_[0])
    value = known.local(output, wrt)
    product = None if value is None else (above, value)
    return FoundTerm(term.coefficient, product, term)


def expected(equation: Canonical, known: Truth) -> frozenset[Product]:
    """Return the products that the right side should hold.

    Raises:
        IndexError: the left side lies outside of its tensor.
    """
    if equation.wrt is not None:
        value = known.local(equation.target, equation.wrt)
        return frozenset() if value is None else frozenset({(value,)})
    return known.terms(equation.target)


def agrees(equation: ElementEquation, reading: NotationReading) -> bool:
    """Whether an equation holds under a reading; one that cannot be read does not."""
    known = truth(reading)
    try:
        read = canonical(equation, known)
        return holds(read, expected(read, known))
    except (UnreadableError, IndexError):
        return False


def holds(equation: Canonical, wanted: frozenset[Product]) -> bool:
    """Whether exactly the wanted products stand there, each once."""
    if any(found.mismatch for found in equation.found):
        return False
    if len(equation.found) == len(wanted) and all(f.coefficient == 1 for f in equation.found):
        return {f.product for f in equation.found} == wanted
    counts = equation.counted()
    return counts.keys() == wanted and all(n == 1 for n in counts.values())

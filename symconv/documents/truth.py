"""What an element of a convolution is under a notation: the products of the relation J.

Here the document's names and indices become canonical (X F Y dX dF dY, counted from 0, the filter
as correlation reads it), and an equation becomes a target with counted products, so that it can
be compared with `symconv.contributions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from symconv.contributions import contributions
from symconv.documents.elements import (
    GRADIENT,
    LOCAL,
    SCALAR,
    VALUE,
    ElementEquation,
    Factor,
    Term,
    read_index,
)
from symconv.documents.names import is_bias
from symconv.documents.reading import Reading
from symconv.documents.syntax import UnreadableError
from symconv.equation import Element, factor_order
from symconv.equation import Term as Product
from symconv.table import SortedTable

ELEMENT, LOCAL_KIND, CHAIN = "element", "local", "chain"


class Truth:
    """The elements of one geometry, looked up as they are needed."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        relation = contributions(reading.geometry)
        self._tables: dict[str, SortedTable] = {
            "Y": relation.forward().sorted(),
            "dX": relation.input_gradient().sorted(),
            "dF": relation.filter_gradient().sorted(),
        }
        self._known: dict[Element, frozenset[Product]] = {}
        self._targets: dict[str, dict[frozenset[Product], Element]] = {}

    def terms(self, element: Element) -> frozenset[Product]:
        """Return the products that add up to an element of Y, dX, dF or dB.

        Raises:
            IndexError: the element lies outside of its tensor.
        """
        known = self._known.get(element)
        if known is None:
            known = self._known[element] = frozenset(self._terms(element))
        return known

    def _terms(self, element: Element) -> tuple[Product, ...]:
        if element.tensor == "dB":
            return tuple((Element("dY", p),) for p in _indices(self.reading.geometry.output))
        return self._tables[element.tensor].terms(element.index)

    def local(self, output: Element, wrt: Element) -> Element | None:
        """Return dy/dx (an element of F) or dy/df (one of X); None where it is 0."""
        other = "F" if wrt.tensor == "X" else "X"
        for product in self.terms(output):
            if wrt in product:
                return next(e for e in product if e.tensor == other)
        return None

    def element_with(self, tensor: str, products: frozenset[Product]) -> Element | None:
        """Return the element of a tensor that is exactly this sum, if there is one."""
        if tensor not in self._targets:
            shape = self._tables[tensor].shape
            self._targets[tensor] = {
                self.terms(Element(tensor, i)): Element(tensor, i) for i in _indices(shape)
            }
        return self._targets[tensor].get(products)


def _indices(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    indices: list[tuple[int, ...]] = [()]
    for extent in shape:
        indices = [(*index, i) for index in indices for i in range(extent)]
    return indices


@lru_cache(maxsize=64)
def truth(reading: Reading) -> Truth:
    """Return the truth under a reading."""
    return Truth(reading)


@dataclass(frozen=True, slots=True)
class FoundTerm:
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
    term: Term
    mismatch: Factor | None = None


@dataclass(frozen=True, slots=True)
class Canonical:
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


def element(factor: Factor, reading: Reading) -> Element:
    """Return the canonical element of a value or a gradient.

    Raises:
        UnreadableError: a name without a role, or an index that does not fit the number of axes.
    """
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


def _index(factor: Factor, parts: tuple[str, ...], reading: Reading, role: str) -> tuple[int, ...]:
    index = read_index(parts, reading.rank)
    if index is None:
        count = "one index" if len(parts) == 1 else f"{len(parts)} indices"
        raise UnreadableError(
            f"{count} where {reading.rank} axes are read ('{','.join(parts)}')",
            *factor.index_place,
        )
    return canonical_index(index, role, reading)


def canonical_index(index: tuple[int, ...], role: str, reading: Reading) -> tuple[int, ...]:
    """Return an index counted from 0, the filter's turned where the forward pass flips it."""
    if role == "F" and reading.flipped:
        extents = reading.geometry.filter
        return tuple(R - 1 - (i - reading.base) for i, R in zip(index, extents, strict=True))
    return tuple(i - reading.base for i in index)


def document_index(element: Element, reading: Reading) -> tuple[int, ...]:
    """Return a canonical element's index as the document counts."""
    if element.tensor.endswith("F") and reading.flipped:
        extents = reading.geometry.filter
        return tuple(R - 1 - i + reading.base for i, R in zip(element.index, extents, strict=True))
    return tuple(i + reading.base for i in element.index)


@lru_cache(maxsize=8192)
def canonical(equation: ElementEquation, reading: Reading) -> Canonical:
    """Return an equation in canonical names.

    Raises:
        UnreadableError: a name, an index or a product that has no meaning under this reading.
    """
    _one_notation(equation, reading)
    if equation.target.kind == LOCAL:
        return _local_equation(equation, reading)
    target = _target(equation, reading)
    kind = ELEMENT
    found = []
    biases = 0
    for term in equation.terms:
        if target.tensor == "Y" and _is_added_bias(term, reading):
            biases += 1
            if term.coefficient != 1 or biases > 1:
                raise UnreadableError("a bias that is not added once", *term.place)
            continue
        if any(f.kind == LOCAL for f in term.factors):
            kind = CHAIN
            found.append(_chain_term(term, target, reading))
        else:
            found.append(FoundTerm(term.coefficient, _product(term, reading), term))
    return Canonical(kind, target, tuple(found))


def _is_added_bias(term: Term, reading: Reading) -> bool:
    """Say whether a term is a bias: b, or b_0 where b is no tensor."""
    return (
        len(term.factors) == 1
        and is_bias(term.factors[0])
        and reading.role(term.factors[0].name) is None
    )


def _target(equation: ElementEquation, reading: Reading) -> Element:
    target = equation.target
    if target.kind == GRADIENT and not target.index:
        if not is_bias(target) or reading.role(target.name) is not None:
            raise UnreadableError(f"'{target.name}' is not known to be a bias", *target.place)
        return Element("dB", ())
    element_ = element(target, reading)
    if element_.tensor not in ("Y", "dX", "dF"):
        raise UnreadableError("the left side is given, not computed", *target.place)
    role = "Y" if element_.tensor == "Y" else element_.tensor[1:]
    if not _inside(element_.index, reading.extents(role)):
        raise UnreadableError(
            f"this element lies outside of the {_by(reading.extents(role))} tensor",
            *target.place,
        )
    return element_


def _inside(index: tuple[int, ...], extents: tuple[int, ...]) -> bool:
    return all(0 <= i < extent for i, extent in zip(index, extents, strict=True))


def _by(extents: tuple[int, ...]) -> str:
    return "x".join(map(str, extents))


def _one_notation(equation: ElementEquation, reading: Reading) -> None:
    """Refuse an equation that mixes o with O, or two losses."""
    factors = [equation.target, *(f for t in equation.terms for f in t.factors)]
    losses = {f.of for f in factors if f.kind == GRADIENT and f.of}
    outputs = {f.name for f in factors if f.kind in (VALUE, GRADIENT)} & set(reading.outputs)
    outputs |= {f.of for f in factors if f.kind == LOCAL} & set(reading.outputs)
    for names, what in ((losses, "losses"), (outputs, "outputs")):
        if len(names) > 1:
            raise UnreadableError(
                f"two {what} in one equation: {' and '.join(sorted(names))}", *equation.target.place
            )


def _product(term: Term, reading: Reading) -> Product | None:
    if not term.coefficient and not term.factors:
        return None
    elements = []
    for factor in term.factors:
        if factor.kind == SCALAR:
            raise UnreadableError(f"'{factor.name}' is not known here", *factor.place)
        elements.append(element(factor, reading))
    if not elements:
        raise UnreadableError("a number alone is not a product of elements", *term.place)
    return tuple(sorted(elements, key=lambda e: (*factor_order(e.tensor), e.index)))


def _local_parts(factor: Factor, reading: Reading) -> tuple[Element, Element]:
    if factor.of not in reading.outputs:
        raise UnreadableError(f"'{factor.of}' is not the output here", *factor.place)
    output = Element("Y", _index(factor, factor.of_index, reading, "Y"))
    role = reading.role(factor.name)
    if role not in ("X", "F"):
        raise UnreadableError(f"'{factor.name}' is neither input nor filter here", *factor.place)
    wrt = Element(role, _index(factor, factor.index, reading, role))
    for e in (output, wrt):
        if not _inside(e.index, reading.extents(e.tensor)):
            raise UnreadableError("this element lies outside of its tensor", *factor.place)
    return output, wrt


def _local_equation(equation: ElementEquation, reading: Reading) -> Canonical:
    output, wrt = _local_parts(equation.target, reading)
    found = tuple(FoundTerm(t.coefficient, _product(t, reading), t) for t in equation.terms)
    return Canonical(LOCAL_KIND, output, found, wrt)


def _chain_term(term: Term, target: Element, reading: Reading) -> FoundTerm:
    """Return dL/dy * dy/dx with the value of the second factor put in."""
    upstream = [f for f in term.factors if f.kind != LOCAL]
    locals_ = [f for f in term.factors if f.kind == LOCAL]
    if len(upstream) != 1 or len(locals_) != 1:
        raise UnreadableError("this product of derivatives is not understood", *term.place)
    above = element(upstream[0], reading)
    if above.tensor != "dY":
        raise UnreadableError("the chain rule goes through the output", *upstream[0].place)
    output, wrt = _local_parts(locals_[0], reading)
    wanted = Element(target.tensor[1:], target.index)
    if output.index != above.index or wrt != wanted:
        return FoundTerm(term.coefficient, None, term, locals_[0])
    value = truth(reading).local(output, wrt)
    product = None if value is None else (above, value)
    return FoundTerm(term.coefficient, product, term)


def expected(equation: Canonical, reading: Reading) -> frozenset[Product]:
    """Return the products that the right side should hold."""
    known = truth(reading)
    if equation.wrt is not None:
        value = known.local(equation.target, equation.wrt)
        return frozenset() if value is None else frozenset({(value,)})
    return known.terms(equation.target)


def agrees(equation: ElementEquation, reading: Reading) -> bool:
    """Say whether an equation holds under a reading; one that cannot be read does not."""
    try:
        read = canonical(equation, reading)
        return holds(read, expected(read, reading))
    except (UnreadableError, IndexError):
        return False


def holds(equation: Canonical, wanted: frozenset[Product]) -> bool:
    """Say whether exactly the wanted products stand there, each once."""
    if any(found.mismatch for found in equation.found):
        return False
    counts = equation.counted()
    return counts.keys() == wanted and all(n == 1 for n in counts.values())

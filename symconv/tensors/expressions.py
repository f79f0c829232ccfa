"""A tensor as sympy expressions, one for each element: what people see, and the ground truth.

Every element of a leaf is a real symbol of its own, ``x_22``, so that sympy's ``diff`` and
``expand`` apply as they are.  `Expressions` reads results back as canonical terms.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy

from symconv.equation import Element, Equation, Term, factor_order
from symconv.tensors.places import Place, in_brief, place

Array = np.ndarray[Any, Any]


@functools.cache
def symbol(element: Element) -> sympy.Symbol:
    """Return the symbol of an element: ``x_22``; ``x_1,12`` as soon as an index has two digits.

    On one axis that is ``x_{12}``, since ``x_12`` is an element on two.
    """
    letters = {"X": "x", "F": "f", "Y": "y", "dY": "dy"}
    long = max(element.index, default=0) > 9
    index = ("," if long else "").join(map(str, element.index))
    if long and len(element.index) == 1:
        index = f"{{{index}}}"
    name = f"{letters[element.tensor]}_{index}"
    made = sympy.Symbol(name, real=True)
    _ELEMENTS[made] = element
    return made


_ELEMENTS: dict[sympy.Symbol, Element] = {}


def leaf(name: str, shape: Sequence[int]) -> Array:
    """Return the tensor ``name`` of this shape, a symbol for each element."""
    array = np.empty(tuple(shape), dtype=object)
    for index in np.ndindex(*shape):
        array[index] = symbol(Element(name, index))
    return array


def total(products: Iterable[sympy.Expr]) -> sympy.Expr:
    """Return the sum of ``products``: what ``sympy.Add`` returns, without its detours.

    Different products of symbols in sympy's own order are a finished sum; Add would look at each
    once more, and import the tensor package to do so, a tenth of a second.
    """
    kept = [product for product in products if product is not sympy.S.Zero]
    if len(set(kept)) < len(kept) or not all(map(_is_product, kept)):
        return sympy.Add(*kept)
    return sympy.Add(*sorted(kept, key=_CANONICAL), evaluate=False)


_CANONICAL = functools.cmp_to_key(sympy.Basic.compare)


def _is_product(expression: sympy.Expr) -> bool:
    """Whether an expression is a product of symbols, without a coefficient or a power."""
    return all(factor.is_Symbol for factor in sympy.Mul.make_args(expression))


def terms(expression: sympy.Expr) -> tuple[Term, ...]:
    """Return the products that ``expression`` is a sum of, in order, a repeated one repeated.

    Raises:
        ValueError: something that is no sum of products of symbols with coefficients 1, 2, ..
    """
    found: list[Term] = []
    for product in sympy.Add.make_args(expression):
        coefficient, factors = product.as_coeff_mul()
        if not (coefficient.is_Integer and coefficient >= 0 and _ELEMENTS.keys() >= {*factors}):
            raise ValueError(f"{product} is no product of elements")
        term = [_ELEMENTS[factor] for factor in factors]
        term.sort(key=lambda element: (factor_order(element.tensor), element.index))
        found += [tuple(term)] * int(coefficient)
    return tuple(sorted(found, key=lambda term: [element.index for element in term]))


def expression(products: Iterable[Term]) -> sympy.Expr:
    """Return the sum of products of elements: what `terms` reads back."""
    return total([sympy.Mul(*map(symbol, product)) for product in products])


@dataclass(frozen=True, eq=False, repr=False)
class Expressions:
    """A tensor of sympy expressions in the symbols of the leaves.

    Attributes:
        array: an object array of the tensor's shape.
    """

    array: Array

    def __len__(self) -> int:
        return sum(len(self.terms(index)) for index in np.ndindex(*self.shape))

    def __repr__(self) -> str:
        return in_brief(self.shape, len(self))

    def __getitem__(self, index: Place) -> sympy.Expr:
        return self.array[place(index, self.shape)]

    @property
    def shape(self) -> tuple[int, ...]:
        """The tensor's extents."""
        return tuple(self.array.shape)

    @functools.cached_property
    def _terms(self) -> dict[tuple[int, ...], tuple[Term, ...]]:
        return {index: terms(self.array[index]) for index in np.ndindex(*self.shape)}

    def count(self, index: Sequence[int]) -> int:
        """Return how many products add up to the element at ``index``."""
        return len(self._terms[tuple(index)])

    def terms(self, index: Sequence[int], most: int | None = None) -> tuple[Term, ...]:
        """Return the first ``most`` products, or all, that add up to the element at ``index``."""
        return self._terms[tuple(index)][:most]

    def equations(self, tensor: str) -> Iterator[Equation]:
        """Yield one equation for each element of the tensor, row-major, zeros included."""
        for index in np.ndindex(*self.shape):
            yield Equation(Element(tensor, index), self.terms(index))


def first_difference(left: Expressions, right: Expressions) -> tuple[int, ...] | None:
    """Return the first index, row-major, at which two tensors of one shape differ, or None."""
    for index in np.ndindex(*left.shape):
        if not _equal(left[index], right[index]):
            return index
    return None


def _equal(left: sympy.Expr, right: sympy.Expr) -> bool:
    """Whether two sums are equal: the same summands, or a difference that expands to 0."""
    return bool(left == right or sympy.expand(left - right) == 0)

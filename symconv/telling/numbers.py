"""The derivation with numbers put in: every product, every sum, and the arrays that they make."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from symconv.derivation import Derivation
from symconv.engines.engine import leaf_shapes
from symconv.equation import Element
from symconv.errors import SymconvError, how_many
from symconv.geometry import Geometry
from symconv.readings import values
from symconv.readings.values import Array, Number, zeros
from symconv.telling import blocks, overview
from symconv.telling.blocks import Block
from symconv.telling.exposition import FIRST_EQUATIONS, FULL_LISTING

MOST_PRODUCTS = 100_000
"""Of more products than this none is written out."""

DRAWN = (-2, -1, 1, 2, 3)
"""What is drawn for an element: small, and never 0, which would hide mistakes."""


@dataclass(frozen=True)
class Numbers:
    """What X, F and dY are.

    Attributes:
        arrays: X, F and dY by name, of exact numbers.
        source: where they come from, in words.
    """

    arrays: Mapping[str, Array]
    source: str


def drawn(geometry: Geometry, seed: int, given: Mapping[str, Array] | None = None) -> Numbers:
    """Return small whole numbers, the same for the same seed, beside the arrays that are given.

    Raises:
        SymconvError: there would be too many products.
    """
    _check(geometry)
    own, draw = dict(given or {}), random.Random(seed)
    arrays = dict[str, Array]()
    for name, shape in leaf_shapes(geometry).items():
        made = zeros(shape)
        for index in np.ndindex(*shape):
            made[index] = DRAWN[int(draw.random() * len(DRAWN))]
        arrays[name] = own.get(name, made)
    rest = [name for name in arrays if name not in own]
    source = f"drawn with --seed {seed}" if rest else ""
    return Numbers(arrays, source)


def _check(geometry: Geometry) -> None:
    if len(geometry.axes) > 2:
        raise SymconvError("--numbers is for one axis or two, and this convolution has three")
    products = math.prod(geometry.output) * math.prod(geometry.filter)
    if products > MOST_PRODUCTS:
        raise SymconvError(
            f"--numbers would write {how_many(products, 'product')}, more than {MOST_PRODUCTS:,}; "
            "choose smaller sizes"
        )


@dataclass(frozen=True)
class Computation:
    """All tensors of a derivation, computed.

    Attributes:
        derivation: the derivation.
        numbers: what was given.
        results: Y, dX and dF, each element the sum of its products.
        agrees: whether the closed forms give the same numbers.
    """

    derivation: Derivation
    numbers: Numbers
    results: Mapping[str, Array]
    agrees: bool


def compute(derivation: Derivation, numbers: Numbers) -> Computation:
    """Return Y, dX and dF by their sums of products, and compare them with the closed forms."""
    results = dict[str, Array]()
    for name in ("Y", "dX", "dF"):
        tensor = derivation.tensor(name)
        results[name] = zeros(tensor.shape)
        for index in np.ndindex(*tensor.shape):
            products = _products(tensor.terms(index), numbers)
            results[name][index] = sum(math.prod(product) for product in products)
    forms = {
        "dX": derivation.closed_forms["input_gradient"],
        "dF": derivation.closed_forms["filter_gradient"],
    }
    agrees = all(
        np.array_equal(values.read(form, numbers.arrays), results[name])
        for name, form in forms.items()
    )
    return Computation(derivation, numbers, results, agrees)


def _products(
    terms: tuple[tuple[Element, ...], ...], numbers: Numbers
) -> tuple[tuple[Number, ...], ...]:
    return tuple(
        tuple(numbers.arrays[element.tensor][element.index] for element in term) for term in terms
    )


def tell(done: Computation, wrt: str = "all", everything: bool = False) -> Iterator[Block]:
    """Yield the blocks of a computation.

    Args:
        done: what was computed.
        wrt: ``input``, ``filter`` or ``all``: which gradients.
        everything: whether long listings are shown whole.
    """
    yield blocks.Heading("Numbers")
    yield blocks.Sizes(done.derivation.geometry)
    source = f", {done.numbers.source}" if done.numbers.source else ""
    exact = all(isinstance(n, int) for each in done.numbers.arrays.values() for n in each.flat)
    rounded = "" if exact else "; numbers are shown with six digits, and added up exactly"
    yield blocks.Remark(f"What is given{source}{rounded}:")
    yield blocks.Arrays(tuple(done.numbers.arrays.items()))
    yield blocks.Heading("Forward pass")
    yield from _computed(done, "Y", everything)
    for gradient in overview.gradients(done.derivation, wrt):
        of = {"dX": "input", "dF": "filter"}[gradient]
        yield blocks.Heading(f"Gradient with respect to the {of}")
        yield blocks.ChainRule(gradient[1], len(done.derivation.geometry.axes))
        yield from _computed(done, gradient, everything)
    yield blocks.Heading("Closed forms")
    for gradient in overview.gradients(done.derivation, wrt):
        claim = {name: claim for claim, name in overview.FORMS.items()}[gradient]
        yield blocks.ClosedForm(gradient, done.derivation.closed_forms[claim.replace("-", "_")])
    same = "the same numbers" if done.agrees else "OTHER NUMBERS"
    yield blocks.Remark(f"Computed from their operators, they give {same}.")


def _computed(done: Computation, name: str, everything: bool) -> Iterator[Block]:
    tensor, result = done.derivation.tensor(name), done.results[name]
    total = math.prod(tensor.shape)
    shown = total if total <= FULL_LISTING or everything else FIRST_EQUATIONS
    for index in itertools.islice(np.ndindex(*tensor.shape), shown):
        equation = done.derivation.equation(Element(name, index))
        products = _products(equation.terms, done.numbers)
        yield blocks.Computed(equation, products, result.item(index))
    if shown < total:
        yield blocks.Remark(f"{how_many(total - shown, 'more equation')}; --all shows them.")
    yield blocks.Arrays(((name, result),))

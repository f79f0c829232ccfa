r"""Which tensor is which, read off the indices of a formula.

In Z_{i,j} = \sum_{m,n} V_{i+m,j+n} K_{m,n} the left side is the output; the factor whose index
mixes i and m is the input, the one with m alone the filter.  In a gradient the factor with the
summed index alone is the output's gradient; the other mixes both, by a sum where it is the input,
by a difference where it is the filter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from symconv.documents.formulas import affine
from symconv.documents.formulas.convention import Roles
from symconv.documents.formulas.index_words import index_parts, written
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.syntax import (
    BigSum,
    Derivative,
    Differential,
    Expression,
    Symbol,
    UnreadableError,
    WrittenProduct,
    WrittenSum,
)
from symconv.documents.mathematics.walk import walk
from symconv.documents.notation.names import conventional
from symconv.polynomial import Polynomial

VALUE, GRADIENT, LOCAL = "value", "gradient", "local"


class LetteredElement(NamedTuple):
    """An element with letters for indices: a tensor's, a gradient's, or a local derivative's."""

    kind: str
    symbol: Symbol
    of: Symbol | None = None


def roles(left: Expression, right: Expression) -> tuple[Roles, ...]:
    """Return what a formula's indices allow: no reading, one, or two."""
    target = element(left)
    if target is None:
        return ()
    factors = [found for factor in factors_of(right) if (found := element(factor))]
    try:
        return tuple(_roles(target, factors, _summed(right)))
    except UnreadableError:
        return ()


def is_forward(left: Expression) -> bool:
    """Whether a formula computes an output, and no gradient."""
    target = element(left)
    return target is not None and target.kind == VALUE


def is_odd(found: Roles) -> bool:
    """Whether roles contradict what the letters mean by convention."""
    meant = [conventional(name) for name in found[:3]]
    if conventional(found.gradient) in ("X", "F") or is_gradient(found.filter):
        return True
    return any(own is not None and own != role for own, role in zip(meant, "XFY", strict=True))


def is_gradient(name: str) -> bool:
    """Whether a name is by custom that of a gradient."""
    return name.split("^")[0] == "\\delta"


def is_output(gradient: str) -> bool:
    """Whether what would have to be the output's gradient is the output by its name."""
    return conventional(gradient) == "Y"


def element(expression: Expression) -> LetteredElement | None:
    """Return the element that an expression is."""
    match expression:
        case Symbol(_, index) if index is not None:
            return LetteredElement(VALUE, expression)
        case Derivative(Symbol(_, None), wrt) if wrt.index is not None:
            return LetteredElement(GRADIENT, wrt)
        case Differential(Symbol(_, index) as wrt, "d") if index is not None:
            return LetteredElement(GRADIENT, wrt)
        case Derivative(of, wrt) if of.index is not None and wrt.index is not None:
            return LetteredElement(LOCAL, wrt, of)
    return None


def factors_of(expression: Expression) -> Iterator[Expression]:
    """Yield the factors of a formula's one sum; a bias beside it is none."""
    match expression:
        case WrittenSum(terms):
            sums = [term for sign, term in terms if sign == 1 and _is_sum(term)]
            if len(sums) == 1:
                yield from factors_of(sums[0])
        case BigSum(of=inside):
            yield from factors_of(inside)
        case WrittenProduct(factors):
            for factor in factors:
                yield from factors_of(factor)
        case _:
            yield expression


def _is_sum(expression: Expression) -> bool:
    return isinstance(expression, (BigSum, WrittenProduct))


def _summed(expression: Expression) -> frozenset[str]:
    """Return the letters below sum signs: the summed indices, and sizes that bound them."""
    below = (node.below for node in walk(expression) if isinstance(node, BigSum))
    return frozenset(token.text for words in below for token in words if token.kind == "letter")


def _roles(
    target: LetteredElement, factors: Sequence[LetteredElement], summed: frozenset[str]
) -> Iterator[Roles]:
    """Yield what may be input, filter and output."""
    kinds = sorted(factor.kind for factor in factors)
    rank = axes_of_index(target.symbol)
    name = target.symbol.name
    free = _letters(target.symbol, rank)
    if target.kind == LOCAL and kinds == [VALUE] and target.of is not None:
        other = factors[0].symbol
        for role in _mixing(other, _letters(target.of, rank), free, rank):
            yield _placed(name, other.name, target.of.name, role)
        return
    if len(factors) != 2 or LOCAL in kinds:
        return
    pure = [f for f in factors if not _letters(f.symbol, rank) & free]
    mixed = [f for f in factors if _letters(f.symbol, rank) & free]
    if len(pure) != 1 or len(mixed) != 1 or mixed[0].kind == pure[0].kind == GRADIENT:
        return
    alone, other = pure[0].symbol, mixed[0].symbol
    if len({alone.name, other.name, name}) < 3:
        return
    ways = list(_mixing(other, _letters(alone, rank) & summed, free, rank))
    if target.kind == VALUE and pure[0].kind == VALUE and len(ways) == 1:
        yield Roles(other.name, alone.name, name)
        if ways == ["F"]:  # x_{p-r} f_r: a true convolution commutes
            yield Roles(alone.name, other.name, name)
    elif mixed[0].kind == GRADIENT and target.kind == GRADIENT:
        if ways in (["F"], ["X"]):  # dL/dy_{m-r} f_r
            yield Roles(name, alone.name, other.name)
        if ways in (["F", "X"], ["X"]):  # dL/dy_{m-r} x_m
            yield Roles(alone.name, name, other.name)
    elif target.kind == GRADIENT and mixed[0].kind == VALUE:
        for role in ways:
            found = _placed(name, other.name, alone.name, role)
            own = pure[0].kind == VALUE
            yield found._replace(output="", gradient=alone.name) if own else found
            if own and role == "F":  # delta_{m-r} f_r: which of them is the filter it does not tell
                yield Roles(name, alone.name, "", other.name)


def _placed(target: str, other: str, output: str, role: str) -> Roles:
    """Return roles where ``other`` is input or filter."""
    return Roles(other, target, output) if role == "X" else Roles(target, other, output)


def _mixing(
    symbol: Symbol, summed: AbstractSet[str], free: AbstractSet[str], rank: int
) -> Iterator[str]:
    """Yield X and F, as far as a factor whose index mixes a summed and a free index may be.

    In a gradient x_{up+dr-lo} adds them, and f_{m-up+lo} takes the summed p from m; p - m is a
    flipped filter, or the input of one.
    """
    indices = indices_of(symbol, rank)
    if any(
        summed & set(monomial) and free & set(monomial) for i in indices for monomial in i.terms
    ):
        return  # w_{ij} of a dense layer has one index for each letter: nothing slides
    signs = {(_sign(part, summed), _sign(part, free)) for part in indices}
    if signs == {(1, 1)}:
        yield "X"
    elif signs == {(-1, 1)}:
        yield "F"
    elif signs == {(1, -1)}:
        yield from "FX"


def _sign(index: Polynomial, letters: AbstractSet[str]) -> int:
    """Return the sign of the one monomial with such a letter, 0 where there is another number."""
    found = [n for monomial, n in index.terms.items() if letters & set(monomial)]
    return (found[0] > 0) - (found[0] < 0) if len(found) == 1 else 0


def one_letter(index: Polynomial) -> str:
    """Return the one letter that an index is, "" for another index."""
    return next((name for name in index.names if index == Polynomial.name(name)), "")


def _letters(symbol: Symbol, rank: int) -> frozenset[str]:
    """Return the names in an index."""
    return frozenset(name for part in indices_of(symbol, rank) for name in part.names)


def indices_of(symbol: Symbol, rank: int) -> list[Polynomial]:
    """Return the index of an element on each axis, its letters as they are written.

    Raises:
        UnreadableError: an index that is not understood.
    """
    return [affine.polynomial(read(part), written) for part in index_parts(symbol, rank)]


def axes_of_index(symbol: Symbol) -> int:
    """Return on how many axes an element stands: two letters side by side are two indices."""
    parts = symbol.index or ()
    return len(parts) if len(parts) > 1 else 1 + (bool(parts) and len(parts[0]) == 2)

r"""Sums over products of elements, as they are written: who is read at which index.

    \frac{\partial L}{\partial w_r} = \sum_{i=0}^{P-1} \frac{\partial L}{\partial y_i} x_{si+r}

has the target dw[r], the summed letter i with its limits, and the reads dy[i] and x[s*i + r].
Nothing is known here of what letters and names stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction

from symconv.documents.formulas import affine
from symconv.documents.formulas.index_words import written
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.syntax import (
    BigSum,
    Derivative,
    Differential,
    Expression,
    Number,
    Symbol,
    UnreadableError,
    WrittenProduct,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.notation.names import is_bias_name
from symconv.documents.source.place import Place
from symconv.polynomial import ONE, ZERO, Polynomial

_LAYER = re.compile(r"\^(?:[(\[]?(?:[lLn]|\\ell)?(?:[+-]?\d+)?[)\]]?)\Z")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One entry of an index: ``above / below``, which stands where that is a whole number."""

    above: Polynomial
    below: Polynomial = ONE


@dataclass(frozen=True, slots=True)
class ElementRead:
    """An element of a tensor, or of its gradient.

    Attributes:
        tensor: the tensor's name, without its layer.
        gradient: whether the element is the loss differentiated by the tensor's.
        index: its entries, in the letters of the document.
        layer: what stands above the name, "" for nothing.
        place: all of it.
        index_place: its entries, where they can be replaced.
    """

    tensor: str
    gradient: bool
    index: tuple[IndexEntry, ...]
    layer: str
    place: Place
    index_place: Place | None = None


@dataclass(frozen=True, slots=True)
class SummedLetter:
    """A letter below a sum sign with its limits, None where they are not written."""

    letter: str
    low: Polynomial | None
    high: Polynomial | None
    place: Place


@dataclass(frozen=True, slots=True)
class IndexedSum:
    """An element as the sum of products of elements.

    Attributes:
        target: what is computed.
        reads: what is multiplied.
        summed: what is summed over.
        place: the right side.
        activated: whether a factor f'(z) of the target's own element stands beside, left out.
        times: the number that the sum is multiplied by.
        times_place: where that stands, before the sum.
    """

    target: ElementRead
    reads: tuple[ElementRead, ...]
    summed: tuple[SummedLetter, ...]
    place: Place
    activated: bool = False
    times: Fraction = Fraction(1)
    times_place: Place | None = None

    @property
    def general(self) -> bool:
        """Whether it is said of every element: no index is a number, as in dw_0."""
        entries = (entry for one in (self.target, *self.reads) for entry in one.index)
        return all(entry.above.names for entry in entries)


def indexed_sum(
    left: Expression,
    right: Expression,
    own: Mapping[str, str],
    below: Mapping[str, str] | None = None,
) -> IndexedSum:
    """Return an equation as a sum of products.

    Args:
        left: one element.
        right: sum signs before a product of elements, perhaps with a bias beside it.
        own: the names that gradients have of their own, each with its tensor.
        below: the same for the left side, where it is of another layer.

    Raises:
        UnreadableError: it is something else, or holds something that is not understood.
    """
    target = element(left, own if below is None else below)
    runs: list[SummedLetter] = []
    times, plain = _times(right)
    plain = _without_bias(plain, left)
    before = None if times == 1 else Place(right.place.start, plain.place.start)
    factors = list(_factors(plain, runs))
    if times != 1 and not _of_one_loss(left, factors):
        raise UnreadableError("whether this factor belongs here is not known", *right.place)
    kept = _without_activation(factors, left)
    reads = tuple(element(factor, own) for factor in kept)
    return IndexedSum(
        target, reads, tuple(runs), right.place, len(kept) < len(factors), times, before
    )


def local_derivative(left: Derivative, right: Expression) -> IndexedSum:
    r"""Return \partial y_i / \partial x_a = w_{a-i} as the sum that it puts into a gradient.

    Raises:
        UnreadableError: it is something else, or holds something that is not understood.
    """
    target = _read(stem(left.wrt.name), True, left.wrt, left.place)
    upstream = replace(element(left.of, {}), gradient=True)
    own = {name for entry in target.index for name in entry.above.names}
    letters = dict.fromkeys(
        name for entry in upstream.index for name in sorted(entry.above.names) if name not in own
    )
    runs = tuple(SummedLetter(name, None, None, left.of.place) for name in letters)
    return IndexedSum(target, (upstream, element(right, {})), runs, right.place)


def _times(right: Expression) -> tuple[Fraction, Expression]:
    """Return the number before a sum, with its sign, and the sum."""
    match right:
        case WrittenSum(((sign, one),)):
            times, plain = _times(one)
            return sign * times, plain
        case WrittenProduct((Number(value), one), ("",)):
            times, plain = _times(one)
            return value * times, plain
        case WrittenProduct((WrittenQuotient(Number(above), Number(below)), one), ("",)) if below:
            times, plain = _times(one)
            return above / below * times, plain
    return Fraction(1), right


def _of_one_loss(left: Expression, factors: Sequence[Expression]) -> bool:
    """Whether all gradients are written out, of one loss: a delta may have a sign of its own."""
    gradients = [one for one in (left, *factors) if isinstance(one, Derivative)]
    losses = {one.of.name for one in gradients if one.of.index is None}
    return len(gradients) == 2 and gradients[0] is left and len(losses) == 1


def element(expression: Expression, own: Mapping[str, str]) -> ElementRead:
    """Return the element that an expression is.

    Raises:
        UnreadableError: it is none, or its index is not understood.
    """
    match expression:
        case Derivative(Symbol(_, None), Symbol(_, tuple()) as symbol):
            return _read(stem(symbol.name), True, symbol, expression.place)
        case Differential(Symbol(_, tuple()) as symbol, "d"):
            return _read(stem(symbol.name), True, symbol, expression.place)
        case Symbol(name, tuple() as parts, place):
            below = f"{name}_{''.join(t.text for t in parts[0])}" if parts else ""
            if len(parts) > 1 and below in own:
                return _read(own[below], True, Symbol(name, parts[1:], place), place)
            plain = stem(name)
            return _read(own.get(plain, plain), plain in own, expression, place)
    raise UnreadableError("this is no element of a tensor", *expression.place)


def stem(name: str) -> str:
    """Return a name without the layer above it."""
    return _LAYER.sub("", name)


def _read(tensor: str, gradient: bool, symbol: Symbol, place: Place) -> ElementRead:
    index = tuple(map(_entry, _parts(symbol)))
    whole = len(index) == len(symbol.index or ())
    layer = symbol.name.partition("^")[2]
    return ElementRead(tensor, gradient, index, layer, place, symbol.index_place if whole else None)


def _parts(symbol: Symbol) -> tuple[tuple[Token, ...], ...]:
    """Return the words of each entry; letters side by side, nc(up+r)(vq+s), are one entry each."""
    parts = symbol.index or ()
    if len(parts) != 1 or len(parts[0]) < 2:
        return parts
    entries = list(_side_by_side(parts[0]))
    letters = all(len(entry) == 1 for entry in entries)
    sums = sum(len(entry) > 1 for entry in entries)
    alone = all(entry[0].kind == "letter" for entry in entries if len(entry) == 1)
    return tuple(entries) if alone and (letters or sums > 1) else parts


def _side_by_side(words: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """Yield words one by one, but what stands in brackets together, without them."""
    depth, start = 0, 0
    for k, word in enumerate(words):
        depth += (word.text == "(") - (word.text == ")")
        if depth == 0:
            whole = words[start : k + 1]
            yield whole[1:-1] if len(whole) > 2 else whole
            start = k + 1
    if start < len(words):
        yield words[start:]


def _entry(words: tuple[Token, ...]) -> IndexEntry:
    match read(words):
        case WrittenSum(((1, WrittenQuotient(above, below)), *rest), place):
            divisor = polynomial(below)
            others = polynomial(WrittenSum(tuple(rest), place)) if rest else ZERO
            return IndexEntry(polynomial(above) + divisor * others, divisor)
        case WrittenQuotient(above, below):
            return IndexEntry(polynomial(above), polynomial(below))
        case expression:
            return IndexEntry(polynomial(expression))


def polynomial(expression: Expression) -> Polynomial:
    """Return a size or an index in the letters of the document.

    Raises:
        UnreadableError: it is no polynomial.
    """
    return affine.polynomial(expression, lambda symbol: stem(written(symbol)))


def _without_bias(right: Expression, left: Expression) -> Expression:
    """Return the one sum of products beside a bias, whose index is the output's, or a part of it.

    Raises:
        UnreadableError: something else stands beside it.
    """
    if not isinstance(right, WrittenSum):
        return right
    sums = [term for _, term in right.terms if isinstance(term, (BigSum, WrittenProduct))]
    rest = [term for _, term in right.terms if term not in sums]
    own = {token.text for part in getattr(left, "index", None) or () for token in part}
    plain = all(sign == 1 for sign, _ in right.terms)
    if len(sums) != 1 or not plain or not all(_is_bias(term, own) for term in rest):
        raise UnreadableError("a formula of several sums", *right.place)
    return sums[0]


def _is_bias(term: Expression, letters: AbstractSet[str]) -> bool:
    if not isinstance(term, Symbol) or not is_bias_name(term.name):
        return False
    return {token.text for part in term.index or () for token in part} <= letters


def _factors(expression: Expression, runs: list[SummedLetter]) -> Iterator[Expression]:
    match expression:
        case BigSum(below, above, of, place):
            runs.extend(_runs(below, above, place))
            yield from _factors(of, runs)
        case WrittenProduct(factors):
            for factor in factors:
                yield from _factors(factor, runs)
        case _:
            yield expression


def _runs(below: Sequence[Token], above: Sequence[Token], place: Place) -> Iterator[SummedLetter]:
    """Yield the letters below a sum sign: a, b or i = 0 with its end above."""
    ends = [k for k, token in enumerate(below) if token.kind == "="]
    if not ends:
        if above or not all(token.kind in ("letter", ",") for token in below) or not below:
            raise UnreadableError("what is summed over is not understood", *place)
        yield from (SummedLetter(t.text, None, None, place) for t in below if t.kind == "letter")
        return
    if ends != [1] or below[0].kind != "letter":
        raise UnreadableError("what is summed over is not understood", *place)
    low = polynomial(read(tuple(below[2:])))
    high = polynomial(read(tuple(above))) if above else None
    yield SummedLetter(below[0].text, low, high, place)


def _without_activation(factors: list[Expression], left: Expression) -> list[Expression]:
    """Return factors without f'(z_ij), where z_ij has the index of the left side, dE/dz_ij."""
    index = left.index if isinstance(left, Symbol) else None
    if isinstance(left, Derivative) and left.of.index is None:
        index = left.wrt.index
    for k, factor in enumerate(factors[:-1]):
        after = factors[k + 1]
        named = isinstance(factor, Symbol) and factor.index is None and factor.name.endswith("'")
        if isinstance(left, Derivative) and isinstance(after, Symbol):
            named = named and after.name == left.wrt.name
        if named and isinstance(after, Symbol) and index and after.index:
            words = [[[t.text for t in part] for part in parts] for parts in (index, after.index)]
            if words[0] == words[1]:
                return factors[:k] + factors[k + 2 :]
    return factors

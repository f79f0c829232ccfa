r"""Operator formulas, read axis by axis: \text{conv}(\text{pad}(dY, K-1), \text{rot180}(W)).

What an author calls a convolution is a correlation, or one with the filter turned; a bare sign may
also mean the full one, or that the second tensor is slid over.  Every such reading is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from symconv.documents.formulas import affine
from symconv.documents.formulas.index_words import written
from symconv.documents.hypothesis.indexed_sums import stem
from symconv.documents.hypothesis.rows import PlacedRow, RowMeeting, divided, scattered, slid
from symconv.documents.mathematics.syntax import (
    Call,
    Derivative,
    Differential,
    Expression,
    Number,
    Power,
    Symbol,
    UnreadableError,
    WordsNode,
    WrittenProduct,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.operators.formula import (
    CONVOLUTION,
    CORRELATION,
    CROP,
    DILATE,
    PAD,
    ROTATION,
    SIGNS,
    SLIDES,
    bound,
    is_correlation,
    is_keyword,
    mode,
    parted,
)
from symconv.polynomial import ONE, ZERO, Polynomial

_TURNED = re.compile(r"\(?(?:rot\w*|flip\w*)?[_{]*(?:180)?[}]*(?:\^?\\circ)?\)?")
_TRANSPOSED = re.compile(r"conv_?transpose(_?[12]d)?|transposed[ _-]conv\w*|deconv\w*")
_DELTAS = ("\\Delta", "\\nabla", "\\delta")


@dataclass(frozen=True, slots=True)
class SlideReading:
    """One reading of a sign or a word.

    Attributes:
        meaning: correlation or convolution.
        full: whether it reaches past the edges.
        swapped: whether the second tensor is slid over.
        fixed: whether the word leaves no choice.
        met: where elements meet on an axis.
    """

    meaning: str
    full: bool
    swapped: bool
    fixed: bool
    met: RowMeeting

    def words(self) -> str:
        """Return it as it is told: a full correlation."""
        return f"a full {self.meaning}" if self.full else self.meaning


@dataclass(slots=True)
class SlideReader:
    """Reads one axis of an operator formula.

    Attributes:
        parts: the names of tensors, each with its part.
        own: the names of gradients, each with its tensor.
        size: what a letter of a size is.
        axis: which axis is read, of how many; None where all are alike.
        zeros: whether the number in dilate counts zeros.
        remainders: names that stand for what is left of one size by another.
    """

    parts: Mapping[str, str]
    own: Mapping[str, str]
    size: Callable[[str], Polynomial | None]
    axis: int = 0
    axes: int = 1
    zeros: bool = False
    remainders: dict[str, tuple[Polynomial, Polynomial]] = field(default_factory=dict)

    def readings(self, right: Expression) -> Iterator[SlideReading]:
        """Yield every reading of what slides over what.

        Raises:
            UnreadableError: something is not understood.
        """
        match right:
            case Call(name, arguments) if _TRANSPOSED.fullmatch(_plain(name)):
                a, b = self._two(arguments, right)
                steps = [self._keyword(arguments, word, plain) for word, plain in _KEYWORDS]
                met = scattered(a, b, *steps)
                yield SlideReading(CORRELATION, False, False, True, met)
            case Call(name, arguments) if SLIDES.match(_plain(name)):
                a, b = self._two(arguments, right)
                stride, dilation, padding = (
                    self._keyword(arguments, word, plain) for word, plain in _KEYWORDS
                )
                a = a.padded(padding, padding)
                edges = {found for one in arguments if (found := mode(one))}
                full = "full" in edges or _plain(name).startswith("full")
                if "same" in edges or _plain(name).startswith("same"):
                    raise UnreadableError("'same' is not read here", *right.place)
                fixed = is_correlation(_plain(name))
                for meaning in (CORRELATION,) if fixed else (CORRELATION, CONVOLUTION):
                    met = _met(a, b, meaning, full, stride, dilation)
                    yield SlideReading(meaning, full, False, fixed, met)
            case WrittenProduct():
                yield from self._signed(right)
            case _:
                raise UnreadableError("nothing slides here", *right.place)

    def _signed(self, right: WrittenProduct) -> Iterator[SlideReading]:
        left, sign, other = _parted(right)
        word, edge = parted(sign)
        if word not in SIGNS or edge == "same":
            raise UnreadableError("this sign is not understood", *right.place)
        rows = self.row(left), self.row(other)
        for full, swapped, meaning in product(
            (True,) if edge == "full" else (False, True), (False, True), (CORRELATION, CONVOLUTION)
        ):
            if full and swapped:
                continue
            a, b = reversed(rows) if swapped else rows
            yield SlideReading(meaning, full, swapped, False, _met(a, b, meaning, full, ONE, ONE))

    def _two(
        self, arguments: Sequence[Expression], call: Expression
    ) -> tuple[PlacedRow, PlacedRow]:
        tensors = [one for one in arguments if not is_keyword(one)]
        if len(tensors) != 2:
            raise UnreadableError("two tensors are expected here", *call.place)
        return self.row(tensors[0]), self.row(tensors[1])

    def _keyword(self, arguments: Sequence[Expression], word: str, plain: Polynomial) -> Polynomial:
        for one in arguments:
            if isinstance(one, Call) and one.name == f"{word}=" and mode(one) is None:
                return self._amount(one.arguments)
        return plain

    def row(self, tree: Expression) -> PlacedRow:
        """Return a tensor's elements on the axis.

        Raises:
            UnreadableError: it is no tensor that is known.
        """
        match tree:
            case Symbol() | Derivative() | Differential():
                return PlacedRow.whole(self.part(tree))
            case Power(base, exponent):
                text = "".join(t.text for t in exponent)
                if text and _TURNED.fullmatch(text.lower()) and text != "\\circ":
                    return self.row(base).turned()
            case Call(name, (inside, *amounts)):
                plain = _plain(name)
                if ROTATION.match(plain) and not amounts:
                    return self.row(inside).turned()
                if PAD.match(plain) and amounts:
                    return self.row(inside).padded(*self._margins(amounts))
                if CROP.match(plain) and amounts:
                    before, after = self._margins(amounts)
                    return self.row(inside).padded(-before, -after)
                if DILATE.match(plain) and amounts:
                    step = self._amount(amounts)
                    return self.row(inside).dilated(step + 1 if self.zeros else step)
            case WrittenProduct((Symbol(name, None), Symbol()), ("",)) if name in _DELTAS:
                return PlacedRow.whole(self.part(tree))
        raise UnreadableError("this is no tensor that is known", *tree.place)

    def part(self, tree: Expression) -> str:
        """Return the part of a tensor; of a gradient, that of the tensor it belongs to.

        Raises:
            UnreadableError: it is none, or a gradient where a value is due.
        """
        name, gradient = tensor_of(tree, self.own)
        part = self.parts.get(name)
        if part is None:
            raise UnreadableError(f"'{name}' is no tensor here", *tree.place)
        if gradient != (part == "Y"):
            raise UnreadableError("this is not what gradients are made of", *tree.place)
        return part

    def _margins(self, amounts: Sequence[Expression]) -> tuple[Polynomial, Polynomial]:
        if len(amounts) == 1 and isinstance(amounts[0], Call) and not amounts[0].name:
            amounts = amounts[0].arguments
        pairs = [a for a in amounts if isinstance(a, Call) and not a.name]
        if pairs:
            amounts = pairs[min(self.axis, len(pairs) - 1)].arguments
        elif len(amounts) == 2 and self.axes > 1:
            amounts = [amounts[self.axis]]
        sizes = [self.polynomial(amount) for amount in amounts]
        if len(sizes) not in (1, 2):
            raise UnreadableError("this padding is not understood", *amounts[0].place)
        return sizes[0], sizes[-1]

    def _amount(self, amounts: Sequence[Expression]) -> Polynomial:
        if len(amounts) == 1 and isinstance(amounts[0], Call) and not amounts[0].name:
            amounts = amounts[0].arguments
        if len(amounts) > max(1, self.axes):
            raise UnreadableError("there are fewer axes than these", *amounts[0].place)
        return self.polynomial(amounts[min(self.axis, len(amounts) - 1)])

    def polynomial(self, tree: Expression) -> Polynomial:
        """Return an amount.

        Raises:
            UnreadableError: a letter is not known, or it is no polynomial.
        """
        match tree:
            case Call("\\bmod", (a, b)):
                pair = self.polynomial(a), self.polynomial(b)
                name = f"mod {pair[0]} by {pair[1]}"
                self.remainders[name] = pair
                return Polynomial.name(name)
            case WrittenSum(terms):
                return sum((self.polynomial(term) * sign for sign, term in terms), start=ZERO)
            case WrittenQuotient(above, Number() as below):
                halved = divided(self.polynomial(above), self.polynomial(below))
                if halved is not None:
                    return halved
        known = affine.polynomial(tree, lambda symbol: stem(written(symbol)))
        values = {name: value for name in known.names if (value := self.size(name)) is not None}
        if values.keys() < known.names:
            raise UnreadableError("a letter is not known", *tree.place)
        return known.substitute(values)


_KEYWORDS = (("stride", ONE), ("dilation", ONE), ("padding", ZERO))


def tensor_of(tree: Expression, own: Mapping[str, str]) -> tuple[str, bool]:
    """Return the name of a whole tensor, and whether its gradient is meant.

    Raises:
        UnreadableError: it is no whole tensor.
    """
    match tree:
        case Symbol(name, None):
            plain = stem(name)
            return own.get(plain, plain), plain in own
        case Symbol(name, ((letter,),)) if f"{name}_{letter.text}" in own:
            return own[f"{name}_{letter.text}"], True
        case Derivative(Symbol(_, None), Symbol(name, None)):
            return stem(name), True
        case Differential(Symbol(name, None), "d"):
            return stem(name), True
        case WrittenProduct((Symbol(delta, None), Symbol(name, None)), ("",)) if delta in _DELTAS:
            return stem(name), True
    raise UnreadableError("this is no whole tensor", *tree.place)


def _met(
    a: PlacedRow, b: PlacedRow, meaning: str, full: bool, stride: Polynomial, dilation: Polynomial
) -> RowMeeting:
    if full:
        a = a.padded(b.extent - 1, b.extent - 1)
    return slid(a, b.turned() if meaning == CONVOLUTION else b, stride, dilation)


def _parted(right: WrittenProduct) -> tuple[Expression, str, Expression]:
    r"""Return what stands left and right of the one sign: \Delta P * rot180(C)."""
    factors, signs = bound(right)
    at = [k for k, sign in enumerate(signs) if sign]
    if len(at) != 1 or any(isinstance(factor, WordsNode) for factor in factors):
        raise UnreadableError("this product is not understood", *right.place)
    k = at[0]
    sides = (factors[: k + 1], signs[:k]), (factors[k + 1 :], signs[k + 1 :])
    left, other = (
        own[0] if len(own) == 1 else WrittenProduct(own, between, right.place)
        for own, between in sides
    )
    return left, signs[k], other


def _plain(name: str) -> str:
    return name.lower().strip()

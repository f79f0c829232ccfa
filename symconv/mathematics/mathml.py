"""MathML Core, which browsers set by themselves: no script, no style sheet, no font to fetch.

What is written is a row of elements, each of them text; in an index or a limit fractions lie on
the line, as in LaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from symconv.errors import how_many
from symconv.mathematics.medium import Binding, Medium
from symconv.mathematics.tree import (
    AllOnes,
    Application,
    Below,
    BinarySign,
    Comparison,
    Component,
    IndexGroup,
    Letter,
    LossGradient,
    Mathematics,
    Numeral,
    Over,
    Ratio,
    RelationSign,
    Summation,
    Through,
    last_below,
)
from symconv.notation import GREEK, LOSS

Elements = tuple[str, ...]
"""A row of MathML elements."""

INVISIBLE_TIMES, FUNCTION, BLANK = "\u2062", "\u2061", "\u00a0"

_WIDE = 'lspace="0.22em" rspace="0.22em"'
_SPACES = {"mod": _WIDE, "*": _WIDE, "·": _WIDE, ",": 'lspace="0" rspace="0.17em"'}
"""The room beside signs, where that of the browsers' tables would not do."""


class MathmlMedium(Medium[Elements]):
    """Writes MathML.

    Attributes:
        small: whether it stands in an index or a limit, where fractions lie.
    """

    signs: Mapping[BinarySign, str] = {
        BinarySign.PLUS: " + ",
        BinarySign.MINUS: " − ",
        BinarySign.TIMES: INVISIBLE_TIMES,
        BinarySign.DOT: " · ",
        BinarySign.MODULO: " mod ",
        BinarySign.SPATIAL: " * ",
    }
    relations: Mapping[RelationSign, str] = {
        RelationSign.IS: " = ",
        RelationSign.EQUAL: " = ",
        RelationSign.UNEQUAL: " ≠ ",
        RelationSign.BELOW: " < ",
        RelationSign.AT_MOST: " ≤ ",
        RelationSign.ABOVE: " > ",
        RelationSign.AT_LEAST: " ≥ ",
        RelationSign.DIVIDES: " ∣ ",
        RelationSign.MEANS: " ⟺ ",
    }
    minus = "−"
    comma = ","

    def __init__(self, small: bool = False) -> None:
        self.small = small

    def _join(self, *parts: Elements | str) -> Elements:
        joined: list[str] = []
        for part in parts:
            if isinstance(part, tuple):
                joined += part
            elif part == self.minus:  # between operands there are spaces around it
                joined.append(f'<mo form="prefix" lspace="0" rspace="0">{part}</mo>')
            elif part.isdigit():
                joined.append(f"<mn>{part}</mn>")
            elif sign := part.strip():
                joined.append(operator(sign))
        return tuple(joined)

    def _binding(self, tree: Mathematics) -> Binding:
        match tree:
            case Ratio():
                return Binding.PRODUCT if self.small else Binding.WHOLE
            case AllOnes():
                return Binding.PRODUCT  # it has an index already
            case _:
                return super()._binding(tree)

    def _letter(self, of: Letter) -> Elements:
        return _primed(_name(of.name), of.primes)

    def _quantity(self, name: str) -> Elements:
        if name.endswith("'"):
            return _primed("".join(self._quantity(name[:-1])), 1)
        head, _, tail = name.partition("_")
        if tail:
            return _lowered(_upright(head), (_upright(tail),))
        if re.fullmatch(r"[A-Za-z]\d+", name):
            return _lowered(_name(name[0]), (f"<mn>{name[1:]}</mn>",))
        if re.fullmatch(r"[A-Za-z]{2}", name):
            return _lowered(_name(name[0]), (f'<mi mathvariant="normal">{name[1]}</mi>',))
        return (_name(name),)

    def _loss_gradient(self, of: Letter) -> Elements:
        return self._partial(Letter(LOSS), of)

    def _partial(self, above: Mathematics, below: Mathematics) -> Elements:
        d = '<mo form="prefix" lspace="0" rspace="0">∂</mo>'
        return _fraction((d, *self.write(above)), (d, *self.write(below)))

    def _component(self, of: Component) -> Elements:
        if isinstance(of.of, LossGradient):
            return self._partial(Letter(LOSS), Component(of.of.of, of.groups))
        tensor = _row(self.bracketed(of.of, Binding.WHOLE))
        raised = self._scripts(group for group in of.groups if group.raised)
        lowered = self._scripts(group for group in of.groups if not group.raised)
        match bool(lowered), bool(raised):
            case True, True:
                return (f"<msubsup>{tensor}{_row(lowered)}{_row(raised)}</msubsup>",)
            case True, False:
                return _lowered(tensor, lowered)
            case False, True:
                return (f"<msup>{tensor}{_row(raised)}</msup>",)
        return (tensor,)

    def _scripts(self, groups: Iterable[IndexGroup]) -> Elements:
        return self._listed((self._indices(group.entries) for group in groups), ";")

    def _indices(self, entries: Sequence[Mathematics]) -> Elements:
        if all(isinstance(entry, Numeral) and 0 <= entry.value <= 9 for entry in entries):
            digits = "".join(str(e.value) for e in entries if isinstance(e, Numeral))
            return (f"<mn>{digits}</mn>",)  # as one number, without gaps
        written = [SMALL.write(entry) for entry in entries]
        short = all(len(entry) == 1 and len(_text(entry)) == 1 for entry in written)
        return self._listed(written, "" if short else ",")

    def _operated(self, left: Elements, sign: BinarySign, right: Elements) -> Elements:
        is_word = re.compile("<mi[^>]*>[a-zA-Z]{2,}</mi>").fullmatch
        if sign is BinarySign.TIMES and (
            right[0].startswith("<mn>") or is_word(left[-1]) or is_word(right[0])
        ):
            sign = BinarySign.DOT
        return super()._operated(left, sign, right)

    def juxtaposed(self, factors: Sequence[Elements]) -> Elements:
        """Return the product of written factors, 1 where there are none."""
        return self._listed(factors, INVISIBLE_TIMES) or self._join("1")

    def _ratio(self, above: Mathematics, below: Mathematics) -> Elements:
        if self.small:
            divisor = self.bracketed(below, Binding.WHOLE)
            return self._join(self.bracketed(above, Binding.PRODUCT), "/", divisor)
        return _fraction(self.write(above), self.write(below))

    def _floor_ratio(self, above: Mathematics, below: Mathematics) -> Elements:
        return _fenced("⌊", self._ratio(above, below), "⌋")

    def _enclosed(self, entries: Sequence[Elements]) -> Elements:
        return _fenced("(", self._listed(entries), ")")

    def _series(self, entries: Sequence[Elements]) -> Elements:
        """Return written entries in brackets; a single one needs none."""
        return self._enclosed(entries) if len(entries) != 1 else entries[0]

    def _summation(self, of: Summation) -> Elements:
        signs = tuple(map(self._sum_sign, of.over))
        return (*signs, *self.bracketed(of.body, Binding.PRODUCT))

    def _sum_sign(self, over: Through | Below | Over) -> str:
        sign = '<mo movablelimits="false">∑</mo>'
        match over:
            case Over(indices, None):
                return _under(sign, self._listed(map(SMALL.write, indices), ""))
            case Over(indices, where):
                assert where is not None
                written = [SMALL.write(index) for index in indices]
                listed = self._enclosed(written) if len(written) > 1 else written[0]
                return _under(sign, self._join(listed, ":", SMALL.write(where)))
            case Through(index, first, last):
                start = _row(self._join(SMALL.write(index), "=", SMALL.write(first)))
                return f"<munderover>{sign}{start}{_row(SMALL.write(last))}</munderover>"
            case Below(index, start, stop):
                return self._sum_sign(Through(index, start, last_below(stop)))

    def _application(self, of: Application) -> Elements:
        options = (
            self._join((f"<mtext>{word}</mtext>",), "=", self.write(value))
            for word, value in of.options
        )
        entries = [*map(self.write, of.arguments), *options]
        return (f"<mi>{of.operator}</mi>", operator(FUNCTION), *self._enclosed(entries))

    def _all_ones(self, shape: Sequence[Mathematics]) -> Elements:
        sizes = self._listed([SMALL.bracketed(n, Binding.WHOLE) for n in shape], " × ")
        return _lowered('<mn style="font-weight: bold">1</mn>', sizes)

    def _kronecker(self, left: Mathematics, right: Mathematics) -> Elements:
        return _lowered("<mi>δ</mi>", self._listed([SMALL.write(left), SMALL.write(right)]))

    def _restricted(self, of: Mathematics, conditions: Sequence[Mathematics]) -> Elements:
        where = '<mspace width="1em"/>', "<mtext>where\u00a0</mtext>"
        return (*self.write(of), *where, *self._listed(map(self.write, conditions)))

    def omitted(self, count: int) -> Elements:
        """Return dots for that many terms, with their number."""
        return operator("⋯"), f"<mtext>\u00a0({how_many(count, 'more term')})</mtext>"

    def _emphasis(self, of: Mathematics) -> Elements:
        return (f'<mrow style="font-weight: bold">{"".join(self.write(of))}</mrow>',)

    def _phrase(self, text: str) -> Elements:
        return (phrase(text),)


def operator(sign: str) -> str:
    """Return a sign as an element, with the room beside it."""
    space = f" {_SPACES[sign]}" if sign in _SPACES else ""
    return f"<mo{space}>{escape(sign)}</mo>"


def phrase(text: str) -> str:
    """Return words as an element; their spaces stay."""
    return f"<mtext>{escape(text).replace(' ', BLANK)}</mtext>"


def inline(elements: Elements) -> str:
    """Return a formula in a line of text; its fractions are as large as in a display."""
    return f'<math displaystyle="true">{_row(elements)}</math>'


def display(lines: Sequence[Elements]) -> str:
    """Return a formula, set off."""
    if len(lines) == 1:
        return f'<math display="block">{_row(lines[0])}</math>'
    cells = "".join(f"<mtr><mtd>{_row(line)}</mtd></mtr>" for line in lines)
    return f'<math display="block"><mtable displaystyle="true">{cells}</mtable></math>'


def aligned(rows: Sequence[tuple[Elements, Elements]]) -> str:
    """Return a display of several lines: what stands left of the sign, and it with the rest."""
    cells = "".join(
        f'<mtr><mtd class="left">{_row(left)}</mtd><mtd class="right">{_row(right)}</mtd></mtr>'
        for left, right in rows
    )
    return f'<math display="block"><mtable displaystyle="true">{cells}</mtable></math>'


def comparison(of: Comparison) -> tuple[Elements, Elements]:
    """Return a comparison as a row of `aligned`."""
    first, *others = of.sides
    rest: Elements = ()
    for sign, side in zip(of.signs, others, strict=True):
        rest += (operator(MATHML.relations[sign].strip()), *MATHML.write(side))
    return MATHML.write(first), rest


def _row(elements: Elements) -> str:
    return elements[0] if len(elements) == 1 else f"<mrow>{''.join(elements)}</mrow>"


def _text(elements: Elements) -> str:
    return re.sub("<[^>]*>", "", "".join(elements))


def _name(name: str) -> str:
    if name.startswith("\\"):
        return f"<mi>{GREEK[name[1:]]}</mi>"
    slanted = ' style="font-style: italic"' if len(name) > 1 else ""
    return f"<mi{slanted}>{escape(name)}</mi>"


def _upright(name: str) -> str:
    return f"<mi>{escape(name)}</mi>"  # upright if it is a word


def _primed(name: str, primes: int) -> Elements:
    return (f"<msup>{name}<mo>{'′' * primes}</mo></msup>",) if primes else (name,)


def _lowered(base: str, index: Elements) -> Elements:
    return (f"<msub>{base}{_row(index)}</msub>",)


def _under(sign: str, limits: Elements) -> str:
    return f"<munder>{sign}{_row(limits)}</munder>"


def _fraction(above: Elements, below: Elements) -> Elements:
    return (f"<mfrac>{_row(above)}{_row(below)}</mfrac>",)


def _fenced(left: str, within: Elements, right: str) -> Elements:
    return (f"<mrow>{operator(left)}{''.join(within)}{operator(right)}</mrow>",)


SMALL = MathmlMedium(small=True)
MATHML = MathmlMedium()

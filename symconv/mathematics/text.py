"""Text on one line: the claim language in ASCII, and Unicode for a terminal.

A formula in ASCII can be read again by `symconv.formula.parse`, and is the same formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from symconv.errors import how_many
from symconv.mathematics.medium import Binding, Medium
from symconv.mathematics.tree import (
    Application,
    Below,
    BinarySign,
    Component,
    IndexGroup,
    Letter,
    Mathematics,
    Over,
    RelationSign,
    Summation,
    Through,
    last_below,
)
from symconv.notation import GREEK, LOSS

_LOWERED = dict(zip("0123456789-ijkmno", "₀₁₂₃₄₅₆₇₈₉₋ᵢⱼₖₘₙₒ", strict=True))


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The characters of a kind of text.

    Attributes:
        typed: whether it is the claim language.
        greek: whether Greek names are letters, not words.
        minus: before a negated operand, and between two operands.
        times: between the factors of a product of sizes.
        modulo: between two operands.
        at_most: between two sides; ``at_least`` and ``unequal`` likewise.
        divides: between a divisor and what it divides.
        means: between two statements that say the same.
        partial: what a derivative begins with.
        total: the sign of a sum.
        dots: in place of terms that are not shown.
        gap: between factors; where it is empty, factors with a ``/`` are set off by a space.
        lowered: what may stand below the line as an index; other indices are in brackets.
        short: whether a derivative of the loss is written as dx, without the loss.
    """

    typed: bool
    greek: bool
    minus: str
    times: str
    modulo: str
    at_most: str
    at_least: str
    unequal: str
    divides: str
    means: str
    delta: str
    partial: str
    total: str
    dots: str
    gap: str
    lowered: frozenset[str] = frozenset()
    short: bool = False


class TextMedium(Medium[str]):
    """Writes text in one alphabet."""

    def __init__(self, alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        self.typed = alphabet.typed
        self.minus = alphabet.minus
        self.total = alphabet.total
        self.signs: Mapping[BinarySign, str] = {
            BinarySign.PLUS: " + ",
            BinarySign.MINUS: f" {alphabet.minus} ",
            BinarySign.TIMES: alphabet.times,
            BinarySign.DOT: alphabet.times,
            BinarySign.MODULO: f" {alphabet.modulo} ",
            BinarySign.SPATIAL: " * ",
        }
        changed = {
            RelationSign.AT_MOST: alphabet.at_most,
            RelationSign.AT_LEAST: alphabet.at_least,
            RelationSign.UNEQUAL: alphabet.unequal,
            RelationSign.DIVIDES: alphabet.divides,
            RelationSign.MEANS: alphabet.means,
        }
        self.relations = {sign: f" {changed.get(sign, sign.value)} " for sign in RelationSign}

    def _join(self, *parts: str) -> str:
        return "".join(parts)

    def _letter(self, of: Letter) -> str:
        return self._named(of.name) + "'" * of.primes

    def _named(self, name: str) -> str:
        if not name.startswith("\\"):
            return name
        return GREEK[name[1:]] if self.alphabet.greek else name[1:]

    def _quantity(self, name: str) -> str:
        return self._named(name)

    def _loss_gradient(self, of: Letter) -> str:
        return f"d{self._letter(of)}"

    def _partial(self, above: Mathematics, below: Mathematics) -> str:
        if self.alphabet.short and above == Letter(LOSS):
            return f"d{self.write(below)}"
        d = self.alphabet.partial
        return f"{d}{self.write(above)}/{d}{self.write(below)}"

    def _component(self, of: Component) -> str:
        tensor = self.bracketed(of.of, Binding.WHOLE)
        raised = [group for group in of.groups if group.raised]
        if raised:  # channels in brackets of their own, before the indices in space
            tensor += "".join(self._bracketed_index(self._entries([group])) for group in raised)
        entries = self._entries([group for group in of.groups if not group.raised])
        if not entries:
            return tensor
        plain = [entry.replace(self.minus, "-") for entry in entries]
        if all(self.alphabet.lowered.issuperset(entry) for entry in plain):
            between = "" if all(len(entry) == 1 for entry in plain) else ","
            return tensor + "".join(_LOWERED.get(c, c) for c in between.join(plain))
        return tensor + self._bracketed_index(entries)

    def _entries(self, groups: Sequence[IndexGroup]) -> list[str]:
        return [self.write(entry) for group in groups for entry in group.entries]

    def _bracketed_index(self, entries: Sequence[str]) -> str:
        short = all(len(entry.rstrip("'")) == 1 or entry.lstrip("-").isdigit() for entry in entries)
        return f"[{(',' if short else ', ').join(entries)}]"

    def juxtaposed(self, factors: Sequence[str]) -> str:
        """Return the product of written factors, 1 where there are none."""
        return self.gap(factors).join(factors) or "1"

    def gap(self, factors: Sequence[str]) -> str:
        """Return what stands between these written factors."""
        return self.alphabet.gap or (" " if any("/" in factor for factor in factors) else "")

    def _ratio(self, above: Mathematics, below: Mathematics) -> str:
        return self._over(above, "/", below)

    def _over(self, above: Mathematics, sign: str, below: Mathematics) -> str:
        divisor = self.bracketed(below, Binding.WHOLE)
        return f"{self.bracketed(above, Binding.PRODUCT)}{sign}{divisor}"

    def _floor_ratio(self, above: Mathematics, below: Mathematics) -> str:
        if self.alphabet.typed:
            return self._over(above, "//", below)
        return f"⌊{self._over(above, '/', below)}⌋"

    def _summation(self, of: Summation) -> str:
        if self.alphabet.typed and of.over and all(isinstance(i, Below) for i in of.over):
            loops = " ".join(self._loop(index) for index in of.over if isinstance(index, Below))
            return f"sum({self.write(of.body)} {loops})"
        return " ".join([*map(self.sum_sign, of.over), self.bracketed(of.body, Binding.PRODUCT)])

    def _loop(self, of: Below) -> str:
        start = self.write(of.start)
        bounds = self.write(of.stop) if start == "0" else f"{start}, {self.write(of.stop)}"
        return f"for {self.write(of.index)} in range({bounds})"

    def sum_sign(self, over: Through | Below | Over) -> str:
        """Return the sign of a sum with its limits beside it."""
        match over:
            case Over(indices, None):
                letters = "".join(map(self.write, indices))
                if self.alphabet.lowered.issuperset(letters):
                    return self.total + "".join(_LOWERED[c] for c in letters)
                return f"{self.total}_{letters}"
            case Over(indices, where):
                assert where is not None
                said = f"({', '.join(map(self.write, indices))}): {self.write(where)}"
                return f"{self.total}_{{{said}}}"
            case Through(index, first, last):
                limits = f"{self.write(index)}={self.write(first)}..{self.write(last)}"
                return f"{self.total}_{{{limits.replace(' ', '')}}}"
            case Below(index, start, stop):
                return self.sum_sign(Through(index, start, last_below(stop)))

    def _application(self, of: Application) -> str:
        entries = [*map(self.write, of.arguments), *self.options(of)]
        return f"{self.operator(of)}({', '.join(entries)})"

    def operator(self, of: Application) -> str:
        """Return the name of an operator."""
        return of.operator

    def options(self, of: Application) -> list[str]:
        """Return the options of an operator with their names."""
        return [f"{word}={self.write(value)}" for word, value in of.options]

    def _enclosed(self, entries: Sequence[str]) -> str:
        return f"({', '.join(entries)})"

    def _series(self, entries: Sequence[str]) -> str:
        """Return written entries in brackets, a single one as Python writes it."""
        return self._enclosed(entries) if len(entries) != 1 else f"({entries[0]},)"

    def _all_ones(self, shape: Sequence[Mathematics]) -> str:
        return f"ones{self._enclosed([*map(self.write, shape)])}"

    def _kronecker(self, left: Mathematics, right: Mathematics) -> str:
        return f"{self.alphabet.delta}({self.write(left)}, {self.write(right)})"

    def _restricted(self, of: Mathematics, conditions: Sequence[Mathematics]) -> str:
        return f"{self.write(of)}  where {', '.join(map(self.write, conditions))}"

    def omitted(self, count: int) -> str:
        """Return dots for that many terms, with their number."""
        return f"{self.alphabet.dots} ({how_many(count, 'more term')})"

    def _emphasis(self, of: Mathematics) -> str:
        return f"[{self.write(of)}]"

    def _phrase(self, text: str) -> str:
        return text


_ASCII = Alphabet(
    typed=True, greek=False, minus="-", times="*", modulo="%", at_most="<=", at_least=">=",
    unequal="!=", divides="divides", means="<=>", delta="delta", partial="d", total="sum",
    dots="...", gap=" ",
)  # fmt: skip
_UNICODE = Alphabet(
    typed=False, greek=True, minus="−", times="·", modulo="mod", at_most="≤", at_least="≥",
    unequal="≠", divides="∣", means="⟺", delta="δ", partial="∂", total="Σ", dots="…", gap="",
    lowered=frozenset(_LOWERED),
)  # fmt: skip

ASCII = TextMedium(_ASCII)
UNICODE = TextMedium(_UNICODE)
SHORT = TextMedium(replace(_UNICODE, short=True))
"""Unicode with derivatives as ``dy₀₀``, for grids that would not fit otherwise."""

BOARD = TextMedium(replace(_UNICODE, lowered=frozenset()))
"""Unicode with indices in brackets, as what stands there is more than numbers."""

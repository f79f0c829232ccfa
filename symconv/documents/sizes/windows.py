"""A stated size as floor(N/u), and what it has to be.

It is right iff N is the polynomial H + lo + hi - D + u, with D = d*(R - 1) + 1, or where a
transposed convolution makes the size (P - 1)*u + D - lo - hi and what is added at its end.  Two
polynomials are equal or they are not, and where they are not, small sizes show it.  A statement
that leaves the filter out is about something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from symconv.documents.formulas import affine
from symconv.documents.formulas.index_words import written
from symconv.documents.mathematics.syntax import (
    Expression,
    Floor,
    Symbol,
    UnreadableError,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.mathematics.walk import walk
from symconv.documents.sizes.examples import ShownParts
from symconv.documents.sizes.letters import SizeName, namer
from symconv.documents.sizes.numbers import SIZE
from symconv.documents.source.place import Place
from symconv.documents.verdicts.scopes import dividing
from symconv.documents.verdicts.verdict import AGREE, WRONG, EquationVerdict, Finding, not_judged
from symconv.errors import how_many
from symconv.polynomial import ONE, ZERO, Polynomial

SMALL = {
    "X": range(3, 9), "Y": range(1, 6), "R": range(1, 4), "u": range(1, 4), "p": range(2),
    "d": range(1, 3), "D": range(1, 4), "l": range(2), "h": range(2), "a": range(2),
}  # fmt: skip
"""The values of the canonical letters with which a wrong size is shown to be wrong."""
_X, _U, _A = map(Polynomial.name, "Xua")


@dataclass(frozen=True, slots=True)
class WindowCount:
    """A size that is stated, read with one meaning of its letters.

    Attributes:
        right: what the size is said to be.
        above, below: N and u, in canonical letters (`symconv.documents.sizes.letters`).
        stated: the size that is stated.
        spelled: the letters of the document by the canonical ones.
        target: the name of the size.
        place: the whole statement.
    """

    right: Expression
    above: Polynomial
    below: Polynomial
    stated: SizeName
    spelled: Mapping[str, str]
    target: str
    place: Place

    @classmethod
    def of(
        cls,
        left: Symbol,
        right: Expression,
        stated: SizeName,
        table: Mapping[str, str],
        place: Place,
    ) -> WindowCount:
        """Return what is stated, with a table of letters.

        Raises:
            UnreadableError: two quotients, or a letter that is not in the table.
        """
        above, below = quotient(right, table)
        letters = (written(part) for part in walk(right) if isinstance(part, Symbol))
        spelled = {table[letter]: letter for letter in letters if letter in table}
        return cls(right, above, below, stated, spelled, written(left), place)

    @property
    def used(self) -> frozenset[str]:
        """The canonical letters that the statement holds."""
        return self.above.names | self.below.names

    @property
    def spread(self) -> Polynomial:
        """D - 1 with the letters that are used."""
        if "D" in self.used:
            return Polynomial.name("D") - 1
        filter_ = Polynomial.name("R") - 1
        return filter_ * Polynomial.name("d") if "d" in self.used else filter_

    @property
    def padding(self) -> Polynomial:
        """Return lo + hi with the letters that are used."""
        if self.used & {"l", "h"}:
            return Polynomial.name("l") + Polynomial.name("h")
        return Polynomial.name("p") * 2 if "p" in self.used else ZERO

    @property
    def step(self) -> Polynomial:
        """The stride, 1 where no letter says one."""
        return _U if "u" in self.used else ONE

    @property
    def windows(self) -> Polynomial:
        """X + lo + hi - D + u."""
        return _windows(self.spread, self.padding, self.below)

    @property
    def full(self) -> Polynomial:
        """N of a full convolution, which pads by D - 1 on either side."""
        return _windows(self.spread, self.spread * 2, self.below)

    @property
    def transposed(self) -> Polynomial:
        """(X - 1)*u + D - lo - hi, and what is added at the end."""
        total = (_X - 1) * self.step + self.spread + 1 - self.padding
        return total + _A if "a" in self.used else total

    @property
    def is_whole(self) -> bool:
        """Whether nothing is divided, or the quotient is rounded."""
        return self.below == ONE or any(isinstance(part, Floor) for part in walk(self.right))

    @property
    def is_rounded_up(self) -> bool:
        """Whether the quotient is rounded up."""
        return any(isinstance(part, Floor) and part.up for part in walk(self.right))

    @property
    def would_be_ceiled(self) -> bool:
        """Whether it is right but for its rounding: windows may begin inside and end outside."""
        return self.above == self.windows + self.below - 1

    def agreed(self, note: str = "") -> EquationVerdict:
        """Return that the statement is right."""
        return EquationVerdict(AGREE, SIZE, self.place, self.target.lower(), note=note)

    def holds(self, right: Expression) -> bool:
        """Whether another right side, in the same letters, would be right."""
        table = {letter: name for name, letter in self.spelled.items()}
        try:
            above, below = quotient(right, table)
        except UnreadableError:
            return False
        other = replace(self, right=right, above=above, below=below)
        return other.used == self.used and other.verdict().verdict == AGREE

    def where_whole(self, used: frozenset[str]) -> str:
        """Return where a quotient that is not rounded is a whole number, in words."""
        general = ["padding"] * bool(used & set("plh")) + ["dilation"] * bool(used & {"d", "D"})
        return dividing(general, "p" in used, self.stated.axis % 2, self.spelled)

    def numbers_shown(self, beside: ShownParts) -> str:
        """Return the numbers beside it with which it is right: ``with stride 2``, "" for none."""
        step, spread, padding, parts = self.step, self.spread, self.padding, []
        if beside.stride.isdecimal() and "u" not in self.used:
            step = Polynomial.constant(int(beside.stride))
            parts.append(f"stride {beside.stride}")
        if beside.padding.isdecimal() and not self.used & set("plh"):
            padding = Polynomial.constant(2 * int(beside.padding))
            parts.append(f"padding {beside.padding}")
        if beside.dilation.isdecimal() and not self.used & set("dD"):
            spread = spread * int(beside.dilation)
            parts.append(f"dilation {beside.dilation}")
        right = self.below == step and self.above == _windows(spread, padding, step)
        return f"with {' and '.join(parts)}" if right and parts else ""

    def verdict(self) -> EquationVerdict:
        """Return the verdict, by itself: nothing beside it limits it."""
        if self.below not in (_U, ONE):
            return self._open("this divisor is not understood")
        is_full = self.target.endswith("_full")
        if self.stated.forward and self.above == self.windows and not is_full:
            if self.stated.primed:
                return self._open("right, but not of a transposed convolution")
            return self.agreed()
        if self.below == ONE and self.above == self.transposed and self._may_be_transposed:
            found = self.agreed("of a transposed convolution")
            exact = "a" in self.used or "u" not in self.used
            whole = replace(self, spelled={**self.spelled, "X": self.target})
            return found if exact else replace(found, scope=whole.where_whole(self.used))
        if self.above == self.full and self.stated.primed:
            return self.agreed("of a full convolution")
        if self.above in (self.full, self.transposed):
            reason = "right for a full convolution, which nothing here says"
            return not_judged(SIZE, self.place, reason)
        if not self.used & {"R", "D"} or "X" not in self.used:
            return self._open("no filter or no other extent stands in this size")
        if is_full:
            return self._counted(self.full)
        if "a" in self.used and self.below == ONE:
            return self._counted(self.transposed)
        scaled = self.below == ONE and any({"X", "u"} <= set(m) for m in self.above.terms)
        if scaled or not self.stated.forward:
            return self._inverted()
        return self._counted(self.windows)

    @property
    def _may_be_transposed(self) -> bool:
        return "u" in self.used or not self.stated.forward

    def _counted(self, wanted: Polynomial) -> EquationVerdict:
        """Return the verdict wrong with the smallest sizes that show it, if any do."""
        noun = "window" if wanted == self.windows else "element"
        for sizes in self._choices(self.above, self.below, wanted):
            if wanted.evaluate(sizes) - self.below.evaluate(sizes) < 0:
                continue
            said = self.above.evaluate(sizes) // self.below.evaluate(sizes)
            true = wanted.evaluate(sizes) // self.below.evaluate(sizes)
            if said != true:
                return self._wrong(f"{how_many(true, noun)} would be right, not {said}", sizes)
        return self._open("no small size decides this")

    def _inverted(self) -> EquationVerdict:
        """Return the verdict wrong where the stated size does not have X windows."""
        if self.below != ONE:
            return self._open("a quotient in a transposed size is not read")
        for sizes in self._choices(self.above, self.spread, self.padding, _U):
            said = self.above.evaluate(sizes)
            room = said + self.padding.evaluate(sizes) - self.spread.evaluate(sizes) - 1
            windows = room // sizes["u"] + 1
            if windows != sizes["X"]:
                return self._wrong(
                    f"an extent of {said} has {how_many(windows, 'window')}, not {sizes['X']}",
                    sizes,
                )
        return self._open("right for some remainder of the stride")

    def _choices(self, *polynomials: Polynomial) -> Iterator[dict[str, int]]:
        """Yield small values of every name in polynomials, in the order of the document."""
        names = {name for polynomial in polynomials for name in polynomial.names}
        order = [*(name for name in self.spelled if name in names)]
        order += sorted(names.difference(order))
        for values in product(*(SMALL[name] for name in order)):
            sizes = dict(zip(order, values, strict=True))
            if sizes.get("a", 0) < max(sizes.get("u", 1), sizes.get("d", 1)):
                yield sizes

    def _wrong(self, reason: str, sizes: Mapping[str, int]) -> EquationVerdict:
        known = ((self.spelled[name], n) for name, n in sizes.items() if name in self.spelled)
        shown = ", ".join(f"{letter}={n}" for letter, n in known)
        finding = Finding("SC240", self.right.place, f"at {shown}: {reason}")
        target = self.target.lower()
        return EquationVerdict(WRONG, SIZE, self.place, target, findings=(finding,))

    def _open(self, reason: str) -> EquationVerdict:
        return not_judged(SIZE, self.place, reason, self.right.place)


def _windows(spread: Polynomial, padding: Polynomial, below: Polynomial) -> Polynomial:
    return _X + padding - (spread + 1) + below


def quotient(expression: Expression, table: Mapping[str, str]) -> tuple[Polynomial, Polynomial]:
    """Return N and u of floor(N/u), for sums of a quotient and a rest, with or without the floor.

    Raises:
        UnreadableError: two quotients, or a letter that is not in the table.
    """
    name = namer(table)
    terms = expression.terms if isinstance(expression, WrittenSum) else ((1, expression),)
    above, below, rest = ZERO, ONE, ZERO
    quotients = 0
    for sign, term in terms:
        inside: Expression = term.of if isinstance(term, Floor) else term
        if isinstance(inside, WrittenQuotient) and sign == 1:
            quotients += 1
            above = affine.polynomial(inside.above, name)
            below = affine.polynomial(inside.below, name)
        elif inside is not term and sign == 1:
            above, below = quotient(inside, table)
            quotients += 1
        else:
            rest = rest + affine.polynomial(term, name) * sign
        if isinstance(term, Floor) and term.up:
            above = above + below - 1
    if quotients > 1:
        raise UnreadableError("two quotients in one size", *expression.place)
    return above + rest * below, below

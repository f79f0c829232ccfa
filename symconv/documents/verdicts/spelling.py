"""Canonical elements in the notation of a document, and the edits that put them there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symconv.documents.elements.equations import (
    GRADIENT,
    LOCAL,
    VALUE,
    ElementEquation,
    WrittenFactor,
)
from symconv.documents.mathematics.tokens import LOWERED, RAISED
from symconv.documents.notation.reading import NotationReading
from symconv.documents.notation.truth import FoundTerm, document_index, element, truth
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import Edit, Finding
from symconv.equation import Element
from symconv.equation import Term as Product
from symconv.errors import how_many

_LINE = re.compile(r"\\\\(?:\[[^]\n]*\])?\s*[&\s]*(?:\\q?quad\s*)?$")
"""The beginning of a line that goes on with a sum."""
_LINE_ENDS = re.compile(r"\s*(?:\\\\|\\end|\$|$)")
_PARTED = re.compile(r"\s*\d+(\D+)\d+\s*")
_CLOSING = {"_{(": ")}", "^{(": ")}", "_{[": "]}", "_{": "}", "_": "", "[": "]", "(": ")"}
"""What stands around an index."""
_BEGINS = re.compile(r"(?:[=&({[$|]|\\\\|\\begin\{[a-z*]+\}(?:\{[^{}]*\})?)$")
"""What a sum stands behind."""


class Speller:
    """Writes canonical elements in the notation of the document."""

    def __init__(self, equation: ElementEquation, reading: NotationReading, text: str) -> None:
        self.equation = equation
        self.reading = reading
        self.text = text
        self.samples: dict[str, WrittenFactor] = {}
        for factor in (equation.target, *(f for t in equation.terms for f in t.factors)):
            role = reading.role(factor.name)
            if factor.name in reading.gradients:
                role = "dY"
            elif role and factor.kind == GRADIENT:
                role = "d" + role
            if role and factor.kind in (VALUE, GRADIENT):
                self.samples.setdefault(role, factor)

    def source(self, place: Place) -> str:
        """Return what stands in a place."""
        return " ".join(self.text[place.start : place.end].split())

    def name(self, role: str) -> str:
        """Return the document's name for X, F or Y."""
        r = self.reading
        return {"X": r.input, "F": r.filter, "Y": r.outputs[0] if r.outputs else "y"}[role]

    def digits(self, factor: WrittenFactor, element: Element) -> str:
        """Return an index in the manner of a sample: 01, 0,1 or 0}{}_{1."""
        index = document_index(element, self.reading)
        shown = self.text[factor.index_place.start : factor.index_place.end]
        if shown.translate(RAISED) != shown:
            return joined(index).translate(LOWERED)
        if len(index) == 2 and (parted := _PARTED.fullmatch(shown)):
            return parted.group(1).join(map(str, index))
        if len(factor.index) > 1 and len(index) > 1:
            comma = ", " if ", " in shown else ","
            return comma.join(map(str, index))
        return joined(index)

    def instead(self, factor: WrittenFactor, element: Element) -> str:
        """Return a factor with another index."""
        start, end = factor.place
        a, b = factor.index_place
        if not _shows_index(factor):
            return self.plain(element)
        return (
            self.source(Place(start, a)) + self.digits(factor, element) + self.source(Place(b, end))
        )

    def plain(self, element: Element) -> str:
        """Return an element without a sample."""
        if element.tensor.startswith("d"):
            loss = next(
                (f.of for f in self.equation.elements() if f.kind == GRADIENT and f.of), "L"
            )
            value = self.value(element)
            return rf"\frac{{\partial {loss}}}{{\partial {value}}}"
        return self.value(element)

    def value(self, element: Element) -> str:
        """Return the element of X, F or Y itself, its index in the manner of the equation."""
        role = element.tensor.removeprefix("d")
        for sample in (self.samples.get(role), self.reading.samples.get(self.name(role))):
            if sample is not None and sample.kind == VALUE and _shows_index(sample):
                return self.instead(sample, element)
        opening, closing = self._around(self.equation.target)
        name, _, layer = self.name(role).partition("^")
        raised = f"^{{{layer}}}" if layer else ""
        digits = self.digits(self.equation.target, element)
        return f"{name}{raised}{opening}{digits}{closing}"

    def _around(self, factor: WrittenFactor) -> tuple[str, str]:
        """Return what stands around the index of a factor: _{ and }, [ and ], ..."""
        start, end = factor.index_place
        if _shows_index(factor):
            for opening, closing in _CLOSING.items():
                if self.text.endswith(opening, 0, start) and self.text.startswith(closing, end):
                    return opening, closing
        return "_{", "}"

    def element(self, element: Element) -> str:
        """Return an element in the manner of the equation."""
        sample = self.samples.get(element.tensor)
        return self.instead(sample, element) if sample else self.plain(element)

    def edit(self, factor: WrittenFactor, element: Element) -> Edit | None:
        """Return the edit that gives a factor another index."""
        if not _shows_index(factor):
            return None
        return Edit(factor.index_place, self.digits(factor, element))

    def factor_of(self, found: FoundTerm, element: Element) -> WrittenFactor | None:
        """Return the factor of a term that is this element."""
        role = element.tensor.removeprefix("d")
        for factor in found.term.factors:
            if factor.kind == LOCAL:
                continue
            own = "Y" if factor.name in self.reading.gradients else self.reading.role(factor.name)
            gradient = factor.kind == GRADIENT or factor.name in self.reading.gradients
            if own == role and gradient == element.tensor.startswith("d"):
                return factor
        return None

    def product(self, product: Product) -> str:
        """Return a product in the order and with the sign of the equation's first term."""
        first = next((t.factors for t in self.equation.terms if len(t.factors) == 2), ())
        roles = [r for f in first if (r := self._role(f))]
        elements = sorted(product, key=lambda e: roles.index(e.tensor) if e.tensor in roles else 9)
        between = ""
        if first:
            a, b = first
            if a.place.end <= b.place.start:
                between = self.text[a.place.end : b.place.start]
        return (between if not set(between) & set("{}&") else " ").join(map(self.element, elements))

    @property
    def is_chain(self) -> bool:
        """Whether the equation adds products with a local derivative in them."""
        factors = [f for t in self.equation.terms for f in t.factors]
        return self.equation.target.kind != LOCAL and any(f.kind == LOCAL for f in factors)

    def chained(self, product: Product) -> str:
        """Return a product of a gradient as the chain rule has it, with a local derivative."""
        above = next(e for e in product if e.tensor == "dY")
        wrt = self.value(element(self.equation.target, truth(self.reading)))
        output = self.value(above)
        return rf"{self.element(above)} \frac{{\partial {output}}}{{\partial {wrt}}}"

    def _role(self, factor: WrittenFactor) -> str:
        if factor.name in self.reading.gradients:
            return "dY"
        role = self.reading.role(factor.name) or ""
        return "d" + role if factor.kind == GRADIENT else role

    def rewrite(self, found: FoundTerm, product: Product) -> Edit | None:
        """Return the edit that writes another product in the place of a term."""
        if any(f.kind == LOCAL for f in found.term.factors):
            return None
        places = [factor.place for factor in found.term.factors]
        whole = Place(min(p.start for p in places), max(p.end for p in places))
        return Edit(whole, self.product(product))  # what is around it, colour or brace, stays

    def nothing(self, found: FoundTerm, code: str, why: str) -> Finding:
        """Return the finding about a product where 0 should stand."""
        place = found.term.place
        message = f"{self.source(place)} should be 0: {why}"
        edit = Edit(place, "0") if found.coefficient == 1 else None
        return Finding(code, place, message, "0", edit)

    def remove(self, found: FoundTerm, code: str, why: str) -> Finding:
        """Return the finding about a product too many, with the edit that takes it out."""
        place = found.term.place
        return Finding(code, place, f"{self.source(place)} does not belong here: {why}",
                       "", self._removal(place))  # fmt: skip

    def _removal(self, place: Place) -> Edit | None:
        """Take out a term with the sign before it, or behind it where it is the first."""
        start = place.start
        while start > 0 and self.text[start - 1] in " \t":
            start -= 1
        if start > 0 and self.text[start - 1] in "+-":
            start -= 1
            while start > 0 and self.text[start - 1] == " ":
                start -= 1
            line = _LINE.search(self.text, max(0, start - 80), start)
            if line and _LINE_ENDS.match(self.text, place.end):
                start = line.start()  # nothing else stands on this line
            return Edit(Place(start, place.end), "")
        end = place.end
        while end < len(self.text) and self.text[end] in " \t":
            end += 1
        if self.text[end : end + 1] != "+":
            return None
        end += 1
        while self.text[end : end + 1] == " ":
            end += 1
        return Edit(Place(place.start, end), "")

    def plus(self, found: FoundTerm) -> Edit | None:
        """Turn the minus before a term into a plus, or take it off where no term is before it."""
        start = found.term.place.start
        while start > 0 and self.text[start - 1] in " \t\n":
            start -= 1
        if start == 0 or self.text[start - 1] != "-":
            return None
        before = self.text[max(0, start - 200) : start - 1].rstrip(" \t\n")
        is_first = before.rstrip(" \t\n&{}").endswith("=") or _BEGINS.search(before)
        return Edit(Place(start - 1, start), "" if is_first else "+")

    def missing(self, products: Sequence[Product], equation: ElementEquation) -> Finding:
        """Return the finding about products that are not there."""
        written = [self.chained(p) if self.is_chain else self.product(p) for p in products]
        first, *others = written
        fix = " + ".join(written)
        if equation.terms:
            end = equation.terms[-1].place.end
            place = equation.terms[-1].place
        else:
            place, end = equation.place, equation.place.end
        zero = next((t for t in equation.terms if not t.factors), None)
        edit = None
        if zero is not None:
            place = zero.place  # a number is never mended: it may be a value
        elif equation.terms:
            whole = equation.place.end == end
            edit = Edit(Place(end, end), " + " + fix) if whole else None
        lacking = f"{how_many(len(written), 'product')} are missing; the first is {first}"
        message = lacking if others else f"the product {fix} is missing"
        return Finding("SC202", place, message, fix if zero else "+ " + fix, edit)


def _shows_index(factor: WrittenFactor) -> bool:
    """Whether a factor's index stands in it, and is not said by a cell's place or a macro."""
    place = factor.index_place
    inside = factor.place.start <= place.start < place.end <= factor.place.end
    return inside and factor.place != place


def joined(index: tuple[int, ...]) -> str:
    """Return an index as digits, with commas as soon as one has two."""
    return ("" if max(index) < 10 else ",").join(map(str, index))
